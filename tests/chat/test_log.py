"""/日志：各看各的，一页一页看，不出现个人信息。"""

from __future__ import annotations

import pytest

from bot.domain.actor import Place, PlaceKind
from bot.domain.permissions import load_rules
from tests.chat.asking import audit
from tests.stage import (
    CITY_ADMIN,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    OPERATOR,
    TEACHER,
    THIRD_ADMIN,
    Stage,
)


async def test_ones_own_deeds(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "/上报 培训")
    await stage.tell(FIRST_ADMIN, "/上报 培训")
    reply = await stage.tell(THIRD_ADMIN, "/日志")
    assert reply.body.splitlines() == [
        "你能看的最近 7 天的操作日志 1 条（第1/1页）：",
        "02-20 08:00 QQ 10003 上报培训 岳阳县第三中学（培训）",
    ]


async def test_a_county_sees_its_schools_and_denials(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "/上报 培训")
    await stage.tell(THIRD_ADMIN, "/审核 岳阳县第一中学 培训 通过")
    await stage.tell(COUNTY_ADMIN, "/停用 10004 调离")
    await stage.tell(COUNTY_ADMIN, "确认")
    lines = (await stage.tell(COUNTY_ADMIN, "/日志")).body.splitlines()
    assert lines[0].startswith("岳阳县最近 7 天的操作日志")
    assert lines[1] == "02-20 08:00 岳阳县 QQ 10002 停用管理员 岳阳县第一中学（信息管理员，QQ 10004）"
    assert "02-20 08:00 岳阳县第三中学 QQ 10003 /审核 被拒绝" in lines
    assert "02-20 08:00 QQ 10003 上报培训 岳阳县第三中学（培训）" in lines


async def test_one_unit_and_some_days(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "/上报 培训")
    await stage.tell(FIRST_ADMIN, "/上报 培训")
    reply = await stage.tell(COUNTY_ADMIN, "/日志 岳阳县第三中学 30")
    assert reply.body.splitlines()[0] == "岳阳县第三中学最近 30 天的操作日志 1 条（第1/1页）："
    assert "第一中学" not in reply.body


async def test_turning_the_page(stage: Stage) -> None:
    for _ in range(15):
        await stage.tell(THIRD_ADMIN, "/在任")
    first = await stage.tell(THIRD_ADMIN, "/日志")
    assert "15 条（第1/2页）" in first.body
    assert first.body.endswith("回复“下一页”接着看")
    second = await stage.tell(THIRD_ADMIN, "下一页")
    assert "（第2/2页）" in second.body
    assert len(second.body.splitlines()) == 4
    assert (await stage.tell(THIRD_ADMIN, "/日志 7天 第2页")).body == second.body


async def test_nothing_personal_is_in_it(stage: Stage) -> None:
    await stage.tell(TEACHER, "/重置密码 岳阳县第三中学 周样例")
    giver = stage.services.context.directory.actor(THIRD_ADMIN, Place(PlaceKind.FRIEND))
    issued = await stage.services.handover.offer(giver, giver.assignments[0])
    await stage.confirm(TEACHER, f"/注册 {issued.code} 周样例 13800000006")
    reply = await stage.tell(CITY_ADMIN, "/日志")
    assert "请求重置密码 1 号重置请求" in reply.body
    assert "移交自 QQ 10003" in reply.body
    for secret in ("周样例", "13800000006", issued.code):
        assert secret not in reply.body


async def test_the_operator_sees_technical_matters(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "/上报 培训")
    await stage.post(COUNTY_ADMIN, "/设置 回答 auto")
    reply = await stage.tell(OPERATOR, "/日志")
    assert "群设置" in reply.body
    assert "上报" not in reply.body
    assert (await stage.tell(OPERATOR, "/日志 岳阳县")).body == "你只能看自己的操作日志，发 /日志 就行。"


@pytest.mark.parametrize(
    ("who", "typed"),
    [
        (COUNTY_ADMIN, "/日志 华容县"),
        (THIRD_ADMIN, "/日志 岳阳县第一中学"),
        (TEACHER, "/日志 岳阳县第三中学"),
    ],
)
async def test_other_peoples_logs_are_refused_and_that_is_logged(stage: Stage, who: int, typed: str) -> None:
    assert (await stage.tell(who, typed)).body.startswith("你只能看自己的操作日志")
    (entry,) = await audit(stage, 1)
    assert (entry.action, entry.outcome) == ("/日志", "denied")


async def test_an_empty_log_is_said(stage: Stage) -> None:
    assert (await stage.tell(TEACHER, "/日志")).body == "你能看的最近 7 天没有操作日志。"


async def test_it_is_private(stage: Stage) -> None:
    reply = await stage.post(COUNTY_ADMIN, "/日志", group=COUNTY_GROUP)
    assert "请私聊我办理" in reply.body


@pytest.mark.usefixtures("shell")
def test_every_action_has_a_name() -> None:
    from plugins.members.render_log import ACTIONS

    assert set(load_rules()) <= set(ACTIONS)
