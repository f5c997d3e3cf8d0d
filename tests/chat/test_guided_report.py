"""一问一答的 /上报：一次一问、答错再问、取消和别的命令离开、过时会说；群里没点名的闲聊不打扰。"""

from __future__ import annotations

import pytest

from storage.obligations import ONCE, Obligation
from storage.words import ObligationState
from tests.stage import (
    CITY_ADMIN,
    COUNTY_ADMIN,
    FIRST,
    OPERATOR,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    Stage,
)

WHICH = "岳阳县第三中学报哪一项？回编号（只列还欠的）：\n1. 初审\n2. 季报\n3. 责任书\n（发“取消”不办了）"
HOW_MANY = "初审：应采集多少人？（也可以一条写全应采集、已录入、已审，如 52 52 52）\n（发“取消”不办了）"
CONFIRM = "\n回复“确认”执行，“取消”放弃（120 秒内有效）。"


async def _obligation(stage: Stage, item: str = "first_review") -> Obligation:
    async with stage.services.context.database.read() as stores:
        found = await stores.obligations.find(THIRD.code, item, ONCE)
    assert found is not None
    return found


async def test_all_numbers_in_one_answer(stage: Stage) -> None:
    assert (await stage.tell(THIRD_ADMIN, "/上报")).body == WHICH
    assert (await stage.tell(THIRD_ADMIN, "1")).body == HOW_MANY
    prompt = await stage.tell(THIRD_ADMIN, "52 52 50")
    assert prompt.body == "将上报：岳阳县第三中学 信息采集初审\n应采集52 已录入52 已审50" + CONFIRM
    assert (await _obligation(stage)).state is ObligationState.OWING
    assert (await stage.tell(THIRD_ADMIN, "确认")).body.startswith("已上报：岳阳县第三中学 信息采集初审")
    assert (await _obligation(stage)).numbers == {"expected": 52, "entered": 52, "reviewed": 50}


async def test_one_number_at_a_time(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "/上报")
    await stage.tell(THIRD_ADMIN, "初审")
    assert (await stage.tell(THIRD_ADMIN, "５２人")).body.startswith("初审：已录入多少人？")
    assert (await stage.tell(THIRD_ADMIN, "52")).body == "初审：已审多少人？\n（发“取消”不办了）"
    assert (await stage.tell(THIRD_ADMIN, "50")).body.startswith("将上报：")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("9", "没看懂“9”，请回编号 1 到 3，或任务名。"),
        ("怎么报", "没看懂“怎么报”，请回编号 1 到 3，或任务名。"),
        ("０", "没看懂“0”，请回编号 1 到 3，或任务名。"),
    ],
)
async def test_wrong_choice_is_explained_and_asked_again(stage: Stage, answer: str, says: str) -> None:
    await stage.tell(THIRD_ADMIN, "/上报")
    assert (await stage.tell(THIRD_ADMIN, answer)).body == f"{says}\n{WHICH}"
    assert (await stage.tell(THIRD_ADMIN, "1")).body == HOW_MANY


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("五十二", "没看懂“五十二”，请回一个数（如 52），或 3 个数（如 52 52 52）。"),
        ("52 52", "没看懂“52 52”，请回一个数（如 52），或 3 个数（如 52 52 52）。"),
        ("52 53 50", "已录入53 比应采集52 还多，请核对。"),
        ("9000", "应采集9000 不像一所学校的人数，请核对。"),
    ],
)
async def test_wrong_numbers_are_explained_and_asked_again(stage: Stage, answer: str, says: str) -> None:
    await stage.tell(THIRD_ADMIN, "/上报")
    await stage.tell(THIRD_ADMIN, "1")
    assert (await stage.tell(THIRD_ADMIN, answer)).body == f"{says}\n{HOW_MANY}"
    assert (await stage.tell(THIRD_ADMIN, "52 52 52")).body.startswith("将上报：")


async def test_cancel_leaves(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "/上报")
    assert (await stage.tell(THIRD_ADMIN, "取消")).body == "已取消。"
    assert not (await stage.tell(THIRD_ADMIN, "1")).body.startswith("初审")


async def test_another_command_leaves(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "/上报")
    await stage.tell(THIRD_ADMIN, "/进度")
    assert not (await stage.tell(THIRD_ADMIN, "1")).body.startswith("初审")


async def test_expiry_is_said_to_what_looks_like_an_answer(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "/上报")
    await stage.move(2017, 2, 20, 8, 11)
    assert (await stage.tell(THIRD_ADMIN, "1")).body == (
        "刚才问到一半，过了 10 分钟已经作废。还要办请重新发命令。"
    )


async def test_a_question_long_afterwards_is_answered_not_swallowed(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "/上报")
    await stage.move(2017, 2, 20, 9, 30)
    assert "作废" not in (await stage.tell(THIRD_ADMIN, "怎么重置密码")).body


async def test_a_sudden_jump_is_shown_before_confirming(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "/上报 初审 应采集52 已录入52 已审52")
    await stage.tell(COUNTY_ADMIN, "/审核 县三中 初审 退回 核对人数")
    await stage.tell(THIRD_ADMIN, "/上报")
    await stage.tell(THIRD_ADMIN, "1")
    prompt = await stage.tell(THIRD_ADMIN, "90 90 90")
    assert "和上一次报的差得多：应采集 52→90，已录入 52→90，已审 52→90，请看准。" in prompt.body


async def test_items_without_numbers_and_the_quarter(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "/上报")
    assert (await stage.tell(THIRD_ADMIN, "责任书")).body == ("将上报：岳阳县第三中学 人员责任书" + CONFIRM)
    assert (await stage.tell(THIRD_ADMIN, "确认")).body.startswith("已上报：岳阳县第三中学 人员责任书")
    await stage.tell(THIRD_ADMIN, "/上报")
    assert (await stage.tell(THIRD_ADMIN, "2")).body == ("季报请私聊我发 /季报 报送；没有变更发 /零报告")


async def test_in_a_group_chatter_is_left_alone_and_the_school_is_not_named(stage: Stage) -> None:
    asked = await stage.post(THIRD_ADMIN, "/上报")
    assert asked.body == WHICH.replace("岳阳县第三中学", "你的单位")
    await stage.world.say(THIRD_ADMIN, "大家早上好", group=700001)
    await stage.silent()
    wrong = await stage.post(THIRD_ADMIN, "早上好", at_bot=True)
    assert wrong.body.startswith("没看懂“早上好”")
    assert (await stage.post(THIRD_ADMIN, "1")).body == HOW_MANY
    prompt = await stage.post(THIRD_ADMIN, "52 52 52")
    assert THIRD.name not in prompt.body


async def test_somebody_else_is_not_taken_for_the_one_asked(stage: Stage) -> None:
    await stage.post(THIRD_ADMIN, "/上报")
    await stage.world.say(COUNTY_ADMIN, "1", group=700001)
    await stage.silent()


async def test_with_several_units_the_unit_is_asked_first(stage: Stage) -> None:
    await stage.enlist(THIRD_ADMIN, FIRST)
    first = await stage.tell(THIRD_ADMIN, "/上报")
    assert first.body.startswith("替哪个单位报？回编号：\n1. 岳阳县第三中学\n2. 岳阳县第一中学")
    assert (await stage.tell(THIRD_ADMIN, "2")).body.startswith("岳阳县第一中学报哪一项？")
    assert "请私聊我发 /上报" in (await stage.post(THIRD_ADMIN, "/上报")).body


@pytest.mark.parametrize(("who", "says"), [(TEACHER, "你还没有登记为管理员"), (OPERATOR, "你登记的是运维")])
async def test_who_has_nothing_to_report_is_told_why(stage: Stage, who: int, says: str) -> None:
    assert (await stage.tell(who, "/上报")).body.startswith(says)


async def test_nothing_owed_says_how_to_correct(stage: Stage) -> None:
    reply = await stage.tell(CITY_ADMIN, "/上报")
    assert reply.body.startswith("岳阳市报哪一项？")
    await stage.tell(CITY_ADMIN, "1")
    await stage.tell(CITY_ADMIN, "确认")
    assert (await stage.tell(CITY_ADMIN, "/上报")).body.startswith("岳阳市没有欠报的。要更正或补报请写全")
