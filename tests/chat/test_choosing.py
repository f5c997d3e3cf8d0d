"""重名的单位：列出编号，回一个数就接着办原来的事；绝不猜，也不越权。"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.sandbox.segments import at
from tests.stage import (
    CITY_ADMIN,
    CITY_GROUP,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    Stage,
)

REPORT = "应采集9 已录入9 已审9"
LISTED = (
    "叫“县三中”的有 2 个单位，回复编号选一个：\n"
    "1. 岳阳县第三中学（岳阳县，YY04-0001）\n2. 华容县第三中学（华容县，YY05-0001）"
)


async def test_a_number_carries_the_command_on(stage: Stage) -> None:
    assert (await stage.tell(CITY_ADMIN, f"/上报 县三中 初审 {REPORT}")).body == LISTED
    reply = await stage.tell(CITY_ADMIN, "2")
    assert reply.body.splitlines()[0] == "已上报：华容县第三中学 信息采集初审"


async def test_it_works_in_a_group_and_for_the_asker_only(stage: Stage) -> None:
    await stage.post(CITY_ADMIN, "/进度 县三中", group=CITY_GROUP)
    await stage.world.say(THIRD_ADMIN, "1", group=CITY_GROUP)
    await stage.silent(CITY_GROUP)
    reply = await stage.post(CITY_ADMIN, "1", group=CITY_GROUP)
    assert "初审" in reply.body


async def test_the_choice_leads_on_to_the_confirmation_of_the_command(stage: Stage) -> None:
    await stage.tell(CITY_ADMIN, "/提醒 立即 初审 县三中")
    prompt = await stage.tell(CITY_ADMIN, "1")
    assert "确认" in prompt.body


async def test_the_nearest_three_can_be_chosen_too(stage: Stage) -> None:
    listed = await stage.tell(COUNTY_ADMIN, "/进度 岳阳县第二中学")
    lines = listed.body.splitlines()
    assert lines[:2] == ["没有找到单位“岳阳县第二中学”。", "是不是："]
    assert [line[:2] for line in lines[2:5]] == ["1.", "2.", "3."]
    assert lines[-1] == "是就回复编号；都不是，请写全名或代码。"
    assert (await stage.tell(COUNTY_ADMIN, "1")).body.startswith("岳阳县第三中学")


async def test_what_one_may_not_do_stays_forbidden_after_the_choice(stage: Stage) -> None:
    await stage.tell(COUNTY_ADMIN, "/邀请 华容县第三中雪 信息管理员")
    reply = await stage.tell(COUNTY_ADMIN, "1")
    assert "没有权限" in reply.body


async def test_an_old_list_is_void(stage: Stage) -> None:
    await stage.tell(CITY_ADMIN, "/进度 县三中")
    stage.clock.set(stage.clock.now() + timedelta(minutes=11))
    reply = await stage.tell(CITY_ADMIN, "1")
    assert "岳阳县第三中学" not in reply.body


@pytest.mark.parametrize("leaving", ["取消", "/帮助"])
async def test_the_list_is_left_by_cancelling_or_another_command(stage: Stage, leaving: str) -> None:
    await stage.tell(CITY_ADMIN, "/进度 县三中")
    await stage.tell(CITY_ADMIN, leaving)
    reply = await stage.tell(CITY_ADMIN, "1")
    assert "岳阳县第三中学" not in reply.body


@pytest.mark.parametrize(
    "written", ["岳陽縣第三中學", "岳阳县第\u200b三中学", "岳阳县第３中学", "ＹＹ０４－０００１"]
)
async def test_names_that_look_alike_mean_the_same_unit(stage: Stage, written: str) -> None:
    reply = await stage.tell(COUNTY_ADMIN, f"/进度 {written}")
    assert reply.body.startswith(THIRD.name)


async def test_a_stranger_learns_no_unit_names(stage: Stage) -> None:
    reply = await stage.tell(TEACHER, "/进度 县三中")
    assert "第三中学" not in reply.body


@pytest.mark.parametrize(
    "written",
    [
        "岳" * 10_000,
        "[CQ:at,qq=all]",
        "../../../etc/passwd",
        "=HYPERLINK(1)",
        "%s%n{0}",
        "'; DROP TABLE units;--",
    ],
    ids=["ten thousand", "cq", "path", "formula", "format", "sql"],
)
async def test_hostile_names_get_one_short_answer(stage: Stage, written: str) -> None:
    reply = await stage.tell(COUNTY_ADMIN, f"/进度 {written}")
    assert len(reply.body) < 400
    assert not reply.mentions_everyone


async def test_five_hundred_mentions_beside_a_command_do_no_harm(stage: Stage) -> None:
    parts = ["/进度 县三中 ", *(at(30000 + number) for number in range(500))]
    await stage.world.say(COUNTY_ADMIN, parts, group=COUNTY_GROUP)
    reply = await stage.world.next_reply(group=COUNTY_GROUP)
    assert "初审" in reply.body
    assert len(reply.mentions) <= 1
