"""全项目共用的词：单位类别、角色、状态……代码名与中文名只在这里对应一次。

这里不引用任何自家模块，谁都可以引用它。
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """带中文名的枚举：值写进数据库，``label`` 给人看。"""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """成员写作 ``名字 = 值, 中文名``。"""
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word

    @classmethod
    def named(cls, text: str) -> Self | None:
        """按代码名或中文名找词，找不到返回 None。"""
        for word in cls:
            if text in (word.value, word.label):
                return word
        return None


class UnitKind(Word):
    """单位类别。"""

    CITY = "city", "市"
    COUNTY = "county", "县市区"
    MUNICIPAL_SCHOOL = "municipal_school", "市直学校"
    SCHOOL = "school", "学校"

    @property
    def is_school(self) -> bool:
        """市直学校和县属学校都是学校。"""
        return self in (UnitKind.MUNICIPAL_SCHOOL, UnitKind.SCHOOL)


class SchoolType(Word):
    """办学类型。"""

    KINDERGARTEN = "kindergarten", "幼儿园"
    PRIMARY = "primary", "小学"
    TEACHING_POINT = "teaching_point", "教学点"
    JUNIOR = "junior", "初级中学"
    NINE_YEAR = "nine_year", "九年一贯制学校"
    SENIOR = "senior", "高级中学"
    COMPLETE = "complete", "完全中学"
    TWELVE_YEAR = "twelve_year", "十二年一贯制学校"
    VOCATIONAL = "vocational", "中等职业学校"
    SPECIAL = "special", "特殊教育学校"


class Ownership(Word):
    """举办者。"""

    PUBLIC = "public", "公办"
    PRIVATE = "private", "民办"


class Role(Word):
    """方案附件1 的四种管理员，每一种都在某个单位担任。"""

    SYSTEM_ADMIN = "system_admin", "系统管理员"
    INFO_ADMIN = "info_admin", "信息管理员"
    INFO_VIEWER = "info_viewer", "信息查询员"
    TRAINING_ADMIN = "training_admin", "培训管理员"


class AdministratorState(Word):
    """管理员登记的状态。"""

    ACTIVE = "active", "在任"
    FROZEN = "frozen", "停用"
    REVOKED = "revoked", "已移交"


class ObligationState(Word):
    """一个单位的一项待办走到哪一步。"""

    OWING = "owing", "未报"
    REPORTED = "reported", "待审核"
    RETURNED = "returned", "已退回"
    DONE = "done", "已完成"
    CANCELLED = "cancelled", "已取消"

    @property
    def still_owes(self) -> bool:
        """本单位还欠着：没报，或者被退回。"""
        return self in (ObligationState.OWING, ObligationState.RETURNED)


class SubmissionAction(Word):
    """报送历史里的一步。"""

    REPORT = "report", "上报"
    APPROVE = "approve", "通过"
    RETURN = "return", "退回"
    WITHDRAW = "withdraw", "撤回"
    DERIVE = "derive", "自动汇总"
    CLOSE = "close", "单位撤并"
    REOPEN = "reopen", "单位恢复"


class NoticeState(Word):
    """一条变更登记的状态。"""

    ACTIVE = "active", "有效"
    WITHDRAWN = "withdrawn", "已撤回"


class ReminderState(Word):
    """一条提醒的状态；只有拿到消息编号才算 sent。"""

    SCHEDULED = "scheduled", "待发"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发"
    UNKNOWN = "unknown", "结果未知"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"
    MISSED = "missed", "错过"


class Channel(Word):
    """消息发到哪里。"""

    GROUP = "group", "群"
    PRIVATE = "private", "私聊"


class AnswerMode(Word):
    """一个群里机器人什么时候答问。"""

    OFF = "off", "关闭"
    MENTION = "mention", "被@时"
    AUTO = "auto", "自动"


class QuestionState(Word):
    """待答问题的状态。"""

    OPEN = "open", "待答"
    ANSWERED = "answered", "已答"
    DISMISSED = "dismissed", "不答"


class ProposalKind(Word):
    """知识提案的种类。"""

    ENTRY = "entry", "新条目"
    ALIAS = "alias", "新问法"
    EDIT = "edit", "改条目"


class ProposalState(Word):
    """知识提案的状态。"""

    WAITING = "waiting", "待确认"
    ACCEPTED = "accepted", "已采纳"
    REJECTED = "rejected", "未采纳"


class ResetState(Word):
    """一个密码重置请求走到哪一步。"""

    OPEN = "open", "待办"
    DONE = "done", "已完成"
    LAPSED = "lapsed", "过期作废"


class KnowledgeChange(Word):
    """知识条目的一个版本是怎么来的。"""

    NEW = "new", "新增"
    EDIT = "edit", "修改"
    ALIAS = "alias", "加问法"
    IMPORT = "import", "导入"
    ROLL_BACK = "roll_back", "回滚"
    DELETE = "delete", "删除"


class AnswerKind(Word):
    """一次答问的下场。"""

    ANSWER = "answer", "答了"
    SUGGEST = "suggest", "给了候选"
    UNKNOWN = "unknown", "不知道"


class Feedback(Word):
    """对一次答复的反馈。"""

    NONE = "none", "没有"
    GOOD = "good", "有用"
    BAD = "bad", "没用"
