"""操作日志的文字：谁在什么时候对哪个单位做了什么；只写编号、数量，不写个人信息。"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.audit_reading import LogPage
from bot.domain.clock import SHANGHAI
from bot.plan.values import Plan
from storage.audit import AuditEntry
from storage.words import Role

NEXT = "下一页"
# 权限表里的动作和机器人自己做的事，各叫什么
ACTIONS: Mapping[str, str] = {
    "ask a question": "提问",
    "ask for a human": "转人工",
    "redeem an invite code": "登记",
    "see own registration and obligations": "在任复核",
    "issue an invite code": "发邀请码",
    "hand over own role": "移交",
    "freeze or revoke a role": "停用管理员",
    "list administrators": "管理员通讯录",
    "see the roster of units": "看名册",
    "import or edit the roster": "改名册",
    "report launch and account progress": "上报启动",
    "report training": "上报培训",
    "report first review and quarter": "上报",
    "review a submission (approve or return)": "审核",
    "query status and who still owes": "看进度",
    "export status lists": "导出进度",
    "file a change notice": "变更登记",
    "correct or withdraw a change notice": "改变更登记",
    "read change notices (masked)": "看变更登记",
    "official register with full values": "要完整登记表",
    "archive or return a register": "季报备案",
    "show a full ID or phone number in a chat": "显示号码",
    "request a password reset for oneself": "请求重置密码",
    "record a password reset as done": "重置密码完成",
    "send or ask for or store a password": "索要密码",
    "preview pause or send reminders": "提醒",
    "set milestones and dates": "改节点",
    "announce and collect receipts": "发通知",
    "answer open questions and propose knowledge": "答复问题",
    "publish change or roll back knowledge": "改知识库",
    "withdraw a wrong answer of the bot": "撤回答复",
    "group settings (answer mode and quiet hours)": "群设置",
    "read the audit log": "看日志",
    "request or carry out deletion of personal data": "清除个人信息",
    "backup restore keys and configuration": "备份与设置",
    "report the plan's undated deliverables (工作方案 责任书 承诺表)": "上报材料",
    "get blank or filled forms 附件1 附件2 附件3": "要附件",
    "why was I reminded": "问提醒",
    "snooze own unit before the deadline": "稍后提醒",
    "grant a unit leave from reminders": "请假",
    "acknowledge an announcement": "收到通知",
    "give feedback on an answer": "评价答复",
    "follow up a hand-off": "催转人工",
    "leave the work group": "退出工作群",
    "ask whether still in office": "季度复核",
    "forget old password resets": "清掉旧的重置请求",
}
OUTCOMES: Mapping[str, str] = {
    "denied": "被拒绝",
    "refused": "没有成",
    "voided": "作废",
    "withdrawn": "撤回",
    "offered": "要了移交码",
    "cancelled": "取消",
    "frozen": "停用",
    "restored": "恢复",
    "exported": "导出",
    "confirmed": "确认在任",
    "asked": "问在任",
    "silent": "报未回复的",
    "accepted": "采纳",
    "rejected": "驳回",
    "approve": "通过",
    "approved": "通过",
    "return": "退回",
    "returned": "退回",
    "bot": "机器人离开",
}
NUMBERED: Mapping[str, str] = {"question": "号问题", "proposal": "号提案", "reset": "号重置请求"}
COUNTED: Mapping[str, str] = {
    "rows": "条",
    "units": "个单位",
    "messages": "条消息",
    "people": "人",
    "count": "条",
    "codes": "张码",
    "seats": "个席位",
}


def page(found: LogPage, plan: Plan) -> str:
    """一页日志。"""
    whose = found.unit.name if found.unit else "你能看的"
    if not found.entries:
        return f"{whose}最近 {found.days} 天没有操作日志。"
    lines = [f"{whose}最近 {found.days} 天的操作日志 {found.total} 条（第{found.page}/{found.pages}页）："]
    lines += [_line(entry, found.names, plan) for entry in found.entries]
    if found.page < found.pages:
        lines.append(f"回复“{NEXT}”接着看")
    return "\n".join(lines)


def _line(entry: AuditEntry, names: Mapping[str, str], plan: Plan) -> str:
    """02-20 08:30 岳阳县 QQ 10002 审核 通过 岳阳县第三中学（初审）。"""
    at = f"{entry.at.astimezone(SHANGHAI):%m-%d %H:%M}"
    who = f"QQ {entry.actor_qq}" if entry.actor_qq is not None else "机器人"
    unit = names.get(entry.actor_unit, "")
    target = _target(entry.target, names)
    parts = [at, "" if unit == target else unit, who, _action(entry), target]
    detail = "，".join(_details(entry.detail, names, plan))
    return " ".join(part for part in parts if part) + (f"（{detail}）" if detail else "")


def _action(entry: AuditEntry) -> str:
    label = ACTIONS.get(entry.action) or (entry.action if entry.action.startswith("/") else "其他操作")
    outcome = OUTCOMES.get(entry.outcome, "")
    return f"{label} {outcome}" if outcome and outcome not in label else label


def _target(target: str, names: Mapping[str, str]) -> str:
    kind, _, number = target.partition(" ")
    if kind in NUMBERED and number.isdigit():
        return f"{number} {NUMBERED[kind]}"
    return names.get(target, "")


def _details(detail: Mapping[str, str | int], names: Mapping[str, str], plan: Plan) -> list[str]:
    """只写认得的几项，别的一律不写。"""
    found: list[str] = []
    for key, value in detail.items():
        role = Role.named(str(value)) if key == "role" else None
        item = plan.deliverable(str(value)) if key == "deliverable" else None
        if role is not None:
            found.append(role.label)
        elif item is not None:
            found.append(item.short)
        elif key == "unit" and str(value) in names:
            found.append(names[str(value)])
        elif key in COUNTED and isinstance(value, int):
            found.append(f"{value} {COUNTED[key]}")
        elif key in ("qq", "handed_from"):
            found.append(f"{'移交自 ' if key == 'handed_from' else ''}QQ {value}")
        elif key in ("period", "number", "group"):
            found.append({"period": "", "number": "第", "group": "群 "}[key] + str(value))
    return found
