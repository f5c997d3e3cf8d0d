"""/移交 全程：要码、接任人看职责、确认换人、三方通知、收回，经过真正的 WebSocket。"""

from __future__ import annotations

import re

import pytest

from bot.domain.registration import BAD_CODE
from storage.words import Role
from tests.chat.asking import spoken
from tests.stage import (
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    Stage,
)

CODE = re.compile(r"[A-Z2-9]{5}-[A-Z2-9]{5}")


async def _code(stage: Stage, command: str = "/移交 信息管理员") -> str:
    done = await stage.confirm(THIRD_ADMIN, command)
    found = CODE.search(done.body)
    assert found is not None, done.body
    return found[0]


def _roles(stage: Stage, qq: int) -> set[tuple[str, str]]:
    directory = stage.services.context.directory
    return {(seat.unit_code, seat.role.value) for seat in directory.seats_held(qq)}


async def test_the_whole_handover(stage: Stage) -> None:
    prompt = await stage.tell(THIRD_ADMIN, "/移交 信息管理员")
    assert prompt.body.splitlines()[0] == "将生成一张移交码，交给 岳阳县第三中学 信息管理员 的接任人。"
    offered = await stage.tell(THIRD_ADMIN, "确认")
    assert offered.body.startswith("移交码：")
    assert "2月23日（周四）08:00 前有效，用一次作废" in offered.body
    code = (CODE.search(offered.body) or [""])[0]
    duties = await stage.tell(TEACHER, f"/注册 {code} 周样例 13800000006")
    first = duties.body.splitlines()[0]
    assert first.startswith("你将从 QQ 10003 手里接任 岳阳县第三中学 的信息管理员")
    for duty in stage.services.context.plan.role_duties[Role.INFO_ADMIN].duties:
        assert duty in duties.body
    assert "已接受移交人或相关部门的培训" in duties.body
    assert _roles(stage, THIRD_ADMIN) == {(THIRD.code, "info_admin")}
    assert (await stage.tell(TEACHER, "确认")).body.startswith("登记成功：岳阳县第三中学 信息管理员。")
    assert _roles(stage, TEACHER) == {(THIRD.code, "info_admin")}
    assert _roles(stage, THIRD_ADMIN) == set()


async def test_the_giver_and_the_county_hear_of_it(stage: Stage) -> None:
    code = await _code(stage)
    await stage.confirm(TEACHER, f"/注册 {code} 周样例 13800000006")
    await stage.office.sweep.run()
    assert spoken(stage, private=THIRD_ADMIN)[-1].startswith(
        "移交完成：岳阳县第三中学 信息管理员 已由 QQ 10006 接任"
    )
    told = spoken(stage, private=COUNTY_ADMIN)[-1]
    assert told.startswith("岳阳县第三中学 信息管理员 换人了：QQ 10003 移交给 QQ 10006")
    assert "周样例" not in told


async def test_the_giver_is_out_at_once(stage: Stage) -> None:
    code = await _code(stage)
    await stage.confirm(TEACHER, f"/注册 {code} 周样例 13800000006")
    refused = await stage.tell(THIRD_ADMIN, "/上报 初审 应采集52 已录入52 已审52")
    assert refused.body.startswith("你还没有登记为管理员")
    assert (await stage.tell(TEACHER, "/上报 培训")).body.startswith("已上报")


async def test_something_waiting_for_confirmation_dies_with_the_seat(stage: Stage) -> None:
    code = await _code(stage)
    await stage.tell(THIRD_ADMIN, "/登记表")
    await stage.confirm(TEACHER, f"/注册 {code} 周样例 13800000006")
    assert (await stage.tell(THIRD_ADMIN, "确认")).body.startswith("你担任的角色变了")


async def test_cancelling_makes_the_code_worthless(stage: Stage) -> None:
    code = await _code(stage)
    cancelled = await stage.tell(THIRD_ADMIN, "/移交 取消")
    assert cancelled.body == "已收回 1 张移交码，你照常在任。"
    assert (await stage.tell(TEACHER, f"/注册 {code} 周样例 13800000006")).body == BAD_CODE
    again = await stage.tell(THIRD_ADMIN, "/移交 取消")
    assert again.body.startswith("没有等人接的移交码")


async def test_a_code_works_once(stage: Stage) -> None:
    code = await _code(stage)
    await stage.confirm(TEACHER, f"/注册 {code} 周样例 13800000006")
    assert (await stage.tell(10009, f"/注册 {code} 吴样例 13800000009")).body == BAD_CODE


async def test_a_bare_command_lists_ones_own_roles(stage: Stage) -> None:
    await stage.enlist(THIRD_ADMIN, FIRST, Role.SYSTEM_ADMIN)
    usage = await stage.tell(THIRD_ADMIN, "/移交")
    assert "/移交 信息管理员 岳阳县第三中学" in usage.body
    assert "/移交 系统管理员 岳阳县第一中学" in usage.body


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/移交 系统管理员", "你没有登记为系统管理员"),
        ("/移交 信息管理员 岳阳县第一中学", "你不是岳阳县第一中学的信息管理员"),
    ],
)
async def test_only_ones_own_seat(stage: Stage, typed: str, says: str) -> None:
    assert (await stage.tell(THIRD_ADMIN, typed)).body.startswith(says)


async def test_a_stranger_has_nothing_to_hand_over(stage: Stage) -> None:
    assert (await stage.tell(TEACHER, "/移交 信息管理员")).body.startswith("你还没有登记为管理员")


async def test_in_a_group_it_is_sent_to_the_private_chat(stage: Stage) -> None:
    reply = await stage.post(THIRD_ADMIN, "/移交 信息管理员", group=COUNTY_GROUP)
    assert "请私聊我办理" in reply.body
