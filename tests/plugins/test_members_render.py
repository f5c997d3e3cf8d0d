"""登记、我的、群设置的文字。"""

from __future__ import annotations

from datetime import time
from types import ModuleType

import pytest
from inline_snapshot import snapshot

from bot.app import Shell
from bot.domain.actor import Actor, Assignment, Place, PlaceKind
from bot.domain.progress import SchoolProgress
from bot.domain.registration import Enrolment, IssuedInvite
from storage.groups import Group
from storage.words import AnswerMode, ObligationState, Role
from tests.plugins.values import NOON, PLAN, TODAY, item
from tests.stage import COUNTY, THIRD

ENROLMENT = Enrolment("i", THIRD, Role.SYSTEM_ADMIN, "王样例", "13800000003", ("保管帐号。", "重置密码。"))
FRIEND = Place(PlaceKind.FRIEND)


@pytest.fixture(scope="module")
def render(shell: tuple[Shell, str]) -> ModuleType:
    """插件由 NoneBot 先装好，这里才能引用。"""
    from plugins.members import render

    return render


def test_duties_and_registered(render: ModuleType) -> None:
    assert render.duties(ENROLMENT) == snapshot("""\
你将登记为 岳阳县第三中学 的系统管理员。职责（方案附件1）：
1. 保管帐号。
2. 重置密码。
请核对：姓名 王样例，电话尾号 0003\
""")
    assert render.registered(ENROLMENT) == snapshot("""\
登记成功：岳阳县第三中学 系统管理员。
发 /我的 看要报什么，发 /帮助 看能用的命令。\
""")


def test_every_role_has_duties_that_fit_one_message(render: ModuleType) -> None:
    for role in Role:
        duties = (*PLAN.role_duties[role].duties, *PLAN.common_duties.duties)
        text = render.duties(Enrolment("i", THIRD, role, "王样例", "13800000003", duties))
        assert len(text) < 700, role


def test_invite(render: ModuleType) -> None:
    issued = IssuedInvite("ABCDE-FGHJK", THIRD, Role.INFO_ADMIN, NOON)
    assert render.invite(issued) == snapshot("""\
邀请码：ABCDE-FGHJK
岳阳县第三中学 信息管理员，2月24日（周五）12:00 前有效，用一次作废。
请单独转给本人（不要发群里），让他私聊我发：
/注册 ABCDE-FGHJK 姓名 手机号\
""")


def test_usages(render: ModuleType) -> None:
    assert render.register_usage() == snapshot("""\
请写全邀请码、姓名、手机号，例如：
/注册 ABCDE-FGHJK 王样例 13800000000\
""")
    assert render.invite_usage() == snapshot("""\
请写单位和角色，例如：
/邀请 岳阳县第三中学 信息管理员
下级每个单位一张：/邀请 批量 信息管理员
角色：系统管理员、信息管理员、信息查询员、培训管理员\
""")
    assert render.bind_usage() == snapshot("请写本群属于哪个县市区（或市），例如：/绑定 岳阳县")
    assert render.settings_usage() == snapshot("""\
请这样写：
/设置 回答 auto（自动）| mention（被@）| off（关闭）
/设置 免打扰 22:00-07:30\
""")


def test_nobody(render: ModuleType) -> None:
    assert render.nobody(Actor(1, (), FRIEND)) == snapshot("""\
你还没有登记。向本单位或上级要邀请码后，私聊我发：
/注册 邀请码 姓名 手机号\
""")
    assert render.nobody(Actor(1, (), FRIEND, operator=True)) == snapshot("你是运维，没有业务角色。")


def test_mine(render: ModuleType) -> None:
    actor = Actor(1, (Assignment(THIRD, Role.INFO_ADMIN), Assignment(THIRD, Role.SYSTEM_ADMIN)), FRIEND)
    progress = [
        SchoolProgress(
            THIRD,
            (
                item("first_review", ObligationState.RETURNED, reason="缺照片"),
                item("responsibility_letter"),
                item("quarterly", ObligationState.REPORTED),
            ),
            (),
            TODAY,
        )
    ]
    assert render.mine(actor, progress) == snapshot("""\
岳阳县第三中学（信息管理员、系统管理员）：还有 2 项没报
· 初审：2月28日（周二）截止，还有4天
  被退回：缺照片
  /上报 初审 应采集52 已录入52 已审52
· 责任书：方案没定日期
  /上报 责任书
· 待审核：季报\
""")
    assert render.mine_in_group(actor, progress) == snapshot("""\
你登记在 1 个单位，还有 2 项没报。
最近一项：初审：2月28日（周二）截止，还有4天
详情私聊我发 /我的\
""")


def test_mine_without_debts(render: ModuleType) -> None:
    actor = Actor(1, (Assignment(THIRD, Role.INFO_ADMIN),), FRIEND)
    progress = [SchoolProgress(THIRD, (item("first_review", ObligationState.DONE),), (), TODAY)]
    assert render.mine(actor, progress) == snapshot("岳阳县第三中学（信息管理员）：没有欠报的")
    assert render.mine_in_group(actor, progress) == snapshot("""\
你登记在 1 个单位，没有欠报的。
详情私聊我发 /我的\
""")


def test_group_settings(render: ModuleType) -> None:
    assert render.bound(COUNTY, AnswerMode.MENTION) == snapshot("""\
本群已绑定到岳阳县，答问方式：被@时。
要改发：/设置 回答 auto（自动）| mention（被@）| off（关闭）\
""")
    said = [render.answer_mode_set(Group(1, "YY04", mode, None, None, 1, NOON)) for mode in AnswerMode]
    assert said == snapshot(
        ["本群不再答问，命令照常可用。", "本群 @ 我或发 /问 才答。", "本群不用 @，有把握的问题我会直接答。"]
    )
    assert render.quiet_hours_set(time(22), time(7, 30)) == snapshot(
        "本群 22:00 到 07:30 不发提醒，过后补发。"
    )
