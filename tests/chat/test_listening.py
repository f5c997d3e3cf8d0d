"""没被点名时（自动答问的群）：连发合读、有人接话不抢、冷却、别的机器人、刚答过的只指一指、追问。"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import Shell
from bot.chat.listening import Listening
from bot.chat.manners import Line, Manners
from bot.sandbox import Message, segments
from tests.chat.asking import spoken
from tests.stage import (
    CITY_GROUP,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    MUNICIPAL_ADMIN,
    START,
    TEACHER,
    THIRD_ADMIN,
    Stage,
)

QUESTION = "更新登记表有哪些栏目？"
ANSWER = "编号 forms.a3.columns"
POINTER = "上面刚答过：更新登记表有哪些栏目？（编号 forms.a3.columns）"
OTHER_QUESTION = "附件2的填表说明写了哪几条承诺？"
OTHER_ANSWER = "编号 forms.a2.notes"
QUIET = 0.5
ROBOT = {"status": "ok", "retcode": 0, "data": {"user_id": TEACHER, "is_robot": True}}


@pytest.fixture
async def auto(stage: Stage, shell: tuple[Shell, str]) -> Stage:
    """自动答问的县群；等人安静半秒。"""
    await stage.post(COUNTY_ADMIN, "/设置 回答 auto")
    await stage.services.answering.warm()
    router = shell[0].entrance.router
    assert router is not None
    router.listening.manners = replace(router.listening.manners, quiet_seconds=QUIET)
    return stage


async def say(stage: Stage, qq: int, text: str, **more: object) -> Message:
    return await stage.world.say(qq, text, group=COUNTY_GROUP, **more)  # type: ignore[arg-type]


async def answered(stage: Stage) -> Message:
    return await stage.world.next_reply(group=COUNTY_GROUP)


async def silent(stage: Stage) -> None:
    await stage.world.quiet(QUIET + 0.6, group=COUNTY_GROUP)


def later(stage: Stage, **time: float) -> None:
    stage.clock.set(stage.clock.now() + timedelta(**time))


# ---- 等他说完


async def test_a_sure_question_is_answered_after_the_asker_is_quiet(auto: Stage) -> None:
    asked = await say(auto, TEACHER, QUESTION)
    await auto.world.quiet(QUIET / 2, group=COUNTY_GROUP)
    reply = await answered(auto)
    assert reply.body.splitlines()[-1].endswith(ANSWER)
    assert reply.quoted_id == asked.message_id


async def test_a_burst_is_answered_once_and_quotes_its_last_line(auto: Stage) -> None:
    await say(auto, TEACHER, "问一下")
    await say(auto, TEACHER, QUESTION)
    last = await say(auto, TEACHER, "急")
    reply = await answered(auto)
    assert reply.quoted_id == last.message_id
    assert ANSWER in reply.body
    await silent(auto)


async def test_lines_that_only_together_make_a_question_are_read_together(auto: Stage) -> None:
    await say(auto, TEACHER, "更新登记表")
    await say(auto, TEACHER, "有哪些栏目？")
    assert ANSWER in (await answered(auto)).body


async def test_waiting_holds_nobody_up(auto: Stage) -> None:
    await say(auto, TEACHER, QUESTION)
    started = asyncio.get_running_loop().time()
    assert (await auto.tell(TEACHER, OTHER_QUESTION)).body.endswith(OTHER_ANSWER)
    assert asyncio.get_running_loop().time() - started < QUIET
    assert ANSWER in (await answered(auto)).body


async def test_naming_the_bot_meanwhile_leaves_one_answer(auto: Stage) -> None:
    await say(auto, TEACHER, QUESTION)
    await say(auto, TEACHER, QUESTION, at_bot=True)
    assert ANSWER in (await answered(auto)).body
    await silent(auto)


async def test_closing_time_wakes_everyone_and_says_nothing() -> None:
    listening = Listening(Manners(quiet_seconds=60))
    waiting = []
    for qq in (1, 2, 3):
        burst = listening.hear(COUNTY_GROUP, Line(qq, str(qq), QUESTION, START))
        waiting.append(asyncio.create_task(listening.settle(burst)))
    await asyncio.sleep(0)
    listening.close()
    assert await asyncio.wait_for(asyncio.gather(*waiting), 1) == [False, False, False]
    late = listening.hear(COUNTY_GROUP, Line(4, "4", QUESTION, START))
    assert not await asyncio.wait_for(listening.settle(late), 1)


async def test_who_never_stops_is_read_after_five_lines() -> None:
    listening = Listening(Manners(quiet_seconds=0.05))
    bursts = [listening.hear(COUNTY_GROUP, Line(1, str(n), f"第{n}句", START)) for n in range(6)]
    assert all(burst is bursts[0] for burst in bursts[:5])
    assert bursts[5] is not bursts[0]
    assert await listening.settle(bursts[0])
    assert bursts[0].texts == ("第0句", "第1句", "第2句", "第3句", "第4句")


# ---- 有人接话、说给别人听的


@pytest.mark.parametrize("said", ["不用盖章，签字就行", "要的"])
async def test_somebody_who_answers_meanwhile_has_the_word(auto: Stage, said: str) -> None:
    await say(auto, TEACHER, QUESTION)
    await say(auto, THIRD_ADMIN, said)
    await silent(auto)


async def test_an_acknowledgement_meanwhile_changes_nothing(auto: Stage) -> None:
    await say(auto, TEACHER, QUESTION)
    await say(auto, THIRD_ADMIN, "收到")
    assert ANSWER in (await answered(auto)).body


async def test_an_answer_that_quotes_the_question_has_the_word(auto: Stage) -> None:
    asked = await say(auto, TEACHER, QUESTION)
    await say(auto, THIRD_ADMIN, "你说的是附件3吗？", quote=asked)
    await silent(auto)


@pytest.mark.parametrize(
    "parts",
    [
        [segments.at(THIRD_ADMIN), f" {QUESTION}"],
        [f"王老师，{QUESTION}"],
    ],
    ids=["mention", "form of address"],
)
async def test_a_question_to_somebody_is_his(auto: Stage, parts: list) -> None:
    await auto.world.say(TEACHER, parts, group=COUNTY_GROUP)
    await silent(auto)


async def test_the_line_after_calling_somebody_is_his_too(auto: Stage) -> None:
    await auto.world.say(TEACHER, [segments.at(THIRD_ADMIN), " 在不在"], group=COUNTY_GROUP)
    await say(auto, TEACHER, QUESTION)
    await silent(auto)


async def test_a_talk_that_just_went_on_is_not_interrupted(auto: Stage) -> None:
    await auto.world.say(THIRD_ADMIN, [segments.at(TEACHER), " 表交了吗"], group=COUNTY_GROUP)
    await asyncio.sleep(QUIET + 0.2)
    await say(auto, TEACHER, QUESTION)
    await silent(auto)
    later(auto, minutes=2)
    await say(auto, TEACHER, QUESTION)
    assert ANSWER in (await answered(auto)).body


async def test_unsure_means_silent_no_choices_no_open_question(auto: Stage) -> None:
    await say(auto, TEACHER, "第五步呢")
    await silent(auto)
    async with auto.services.context.database.read() as stores:
        assert await stores.questions.open_questions() == []


# ---- 冷却、别的机器人


async def test_one_person_is_answered_again_after_the_pause(auto: Stage) -> None:
    await say(auto, TEACHER, QUESTION)
    await answered(auto)
    later(auto, seconds=25)
    await say(auto, TEACHER, OTHER_QUESTION)
    await silent(auto)
    later(auto, seconds=10)
    await say(auto, TEACHER, OTHER_QUESTION)
    assert OTHER_ANSWER in (await answered(auto)).body


async def test_the_group_has_its_own_pause(auto: Stage) -> None:
    await say(auto, TEACHER, QUESTION)
    await answered(auto)
    later(auto, seconds=10)
    await say(auto, THIRD_ADMIN, OTHER_QUESTION)
    await silent(auto)
    later(auto, seconds=15)
    await say(auto, THIRD_ADMIN, OTHER_QUESTION)
    assert OTHER_ANSWER in (await answered(auto)).body


async def test_named_questions_know_no_pause(auto: Stage) -> None:
    await say(auto, TEACHER, QUESTION)
    await answered(auto)
    assert OTHER_ANSWER in (await auto.post(TEACHER, OTHER_QUESTION, at_bot=True)).body


async def test_a_member_that_is_a_robot_is_not_answered(auto: Stage) -> None:
    auto.world.faults.answer("get_group_member_info", ROBOT)
    await say(auto, TEACHER, QUESTION)
    await silent(auto)
    later(auto, minutes=1)
    await say(auto, TEACHER, QUESTION)
    await silent(auto)


async def test_a_robot_that_quotes_the_bot_is_not_answered(auto: Stage) -> None:
    answer = await auto.post(FIRST_ADMIN, QUESTION, at_bot=True)
    auto.world.faults.answer("get_group_member_info", ROBOT)
    await say(auto, TEACHER, OTHER_QUESTION, quote=answer)
    await silent(auto)


@asynccontextmanager
async def ignoring(shell: tuple[Shell, str], qq: int) -> AsyncIterator[None]:
    router = shell[0].entrance.router
    assert router is not None
    router.listening.manners = replace(router.listening.manners, ignored=frozenset({qq}))
    yield


async def test_ignored_numbers_get_no_word_but_may_answer(auto: Stage, shell: tuple[Shell, str]) -> None:
    async with ignoring(shell, MUNICIPAL_ADMIN):
        await say(auto, MUNICIPAL_ADMIN, QUESTION, at_bot=True)
        await silent(auto)
        await say(auto, TEACHER, QUESTION)
        await say(auto, MUNICIPAL_ADMIN, "栏目在表头里，照着填。")
        await silent(auto)


async def test_two_bots_that_quote_each_other_come_to_an_end(auto: Stage) -> None:
    said = await auto.post(TEACHER, QUESTION, at_bot=True)
    for _ in range(3):
        await say(auto, TEACHER, OTHER_QUESTION, quote=said)
        said = await answered(auto)
    await say(auto, TEACHER, OTHER_QUESTION, quote=said)
    await silent(auto)
    later(auto, minutes=5)
    await say(auto, TEACHER, OTHER_QUESTION, quote=said)
    await silent(auto)
    assert OTHER_ANSWER in (await auto.post(TEACHER, OTHER_QUESTION, at_bot=True)).body
    later(auto, minutes=6)
    await say(auto, TEACHER, QUESTION, quote=said)
    assert ANSWER in (await answered(auto)).body


# ---- 刚答过


async def test_the_same_question_minutes_later_gets_a_pointer(auto: Stage) -> None:
    await say(auto, TEACHER, QUESTION)
    first = await answered(auto)
    later(auto, minutes=3)
    await say(auto, THIRD_ADMIN, QUESTION)
    pointer = await answered(auto)
    assert pointer.body.endswith(f" {POINTER}")
    assert pointer.quoted_id == first.message_id
    assert pointer.mentions == (THIRD_ADMIN,)
    later(auto, minutes=8)
    await say(auto, FIRST_ADMIN, QUESTION)
    assert ANSWER in (await answered(auto)).body


async def test_naming_the_bot_twice_with_the_same_question_gets_a_pointer(stage: Stage) -> None:
    await stage.post(TEACHER, QUESTION, at_bot=True)
    assert (await stage.post(TEACHER, QUESTION, at_bot=True)).body.endswith(f" {POINTER}")
    assert ANSWER in (await stage.post(THIRD_ADMIN, QUESTION, at_bot=True)).body
    stage.clock.set(stage.clock.now() + timedelta(minutes=4))
    assert ANSWER in (await stage.post(TEACHER, QUESTION, at_bot=True)).body


async def test_groups_do_not_point_into_each_other(stage: Stage) -> None:
    await stage.post(TEACHER, QUESTION, at_bot=True)
    assert ANSWER in (await stage.post(TEACHER, QUESTION, group=CITY_GROUP, at_bot=True)).body


async def test_private_questions_always_get_the_text(stage: Stage) -> None:
    await stage.tell(TEACHER, QUESTION)
    assert ANSWER in (await stage.tell(TEACHER, QUESTION)).body


# ---- 追问

FIRST, FOLLOW_UP, FOLLOWED = (
    "教师的自助系统账号怎么来？",
    "那初始密码呢",
    "编号 accounts.teacher.initial_password",
)


async def test_a_follow_up_is_understood_after_the_question(stage: Stage) -> None:
    assert "编号 accounts.teacher.obtain" in (await stage.tell(TEACHER, FIRST)).body
    assert FOLLOWED in (await stage.tell(TEACHER, FOLLOW_UP)).body


async def test_a_follow_up_in_the_group_needs_the_same_person(stage: Stage) -> None:
    await stage.post(TEACHER, FIRST, at_bot=True)
    assert FOLLOWED in (await stage.post(TEACHER, FOLLOW_UP, at_bot=True)).body
    assert FOLLOWED not in (await stage.post(THIRD_ADMIN, FOLLOW_UP, at_bot=True)).body


async def test_a_follow_up_does_not_cross_places_or_ten_minutes(stage: Stage) -> None:
    await stage.tell(TEACHER, FIRST)
    assert FOLLOWED not in (await stage.post(TEACHER, FOLLOW_UP, at_bot=True)).body
    await stage.tell(THIRD_ADMIN, FIRST)
    stage.clock.set(stage.clock.now() + timedelta(minutes=11))
    assert FOLLOWED not in (await stage.tell(THIRD_ADMIN, FOLLOW_UP)).body


async def test_another_subject_is_not_bent_by_the_one_before(stage: Stage) -> None:
    await stage.tell(TEACHER, FIRST)
    assert (await stage.tell(TEACHER, OTHER_QUESTION)).body.endswith(OTHER_ANSWER)


async def test_an_unnamed_follow_up_is_answered_where_the_bot_listens(auto: Stage) -> None:
    await auto.post(TEACHER, FIRST, at_bot=True)
    await say(auto, TEACHER, FOLLOW_UP)
    assert FOLLOWED in (await answered(auto)).body


async def test_an_unnamed_follow_up_of_somebody_else_or_too_late_is_left(auto: Stage) -> None:
    await auto.post(TEACHER, FIRST, at_bot=True)
    await say(auto, THIRD_ADMIN, FOLLOW_UP)
    await silent(auto)
    later(auto, minutes=3)
    await say(auto, TEACHER, FOLLOW_UP)
    await silent(auto)


async def test_an_unnamed_follow_up_is_left_where_the_bot_waits_to_be_named(stage: Stage) -> None:
    await stage.post(TEACHER, FIRST, at_bot=True)
    before = spoken(stage, group=COUNTY_GROUP)
    await stage.world.say(TEACHER, FOLLOW_UP, group=COUNTY_GROUP)
    await stage.silent()
    assert spoken(stage, group=COUNTY_GROUP) == before
