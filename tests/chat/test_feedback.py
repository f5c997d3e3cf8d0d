"""对答复说没用、有用、👍；管理员引用答错的那条撤回；统计的文字与图；坏例文件。全程走真的连接。"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.sandbox import Message, segments
from bot.sandbox.values import Segment
from storage.answers import AnswerRecord
from storage.questions import OpenQuestion
from storage.words import AnswerKind, Feedback
from tests.chat.asking import audit, spoken
from tests.stage import (
    BOT,
    CITY_ADMIN,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    OPERATOR,
    TEACHER,
    THIRD_ADMIN,
    Stage,
)

KNOWN = "mima 忘了怎么办"
ENTRY = "accounts.teacher.forgot_password"
UNKNOWN = "火箭怎么发射"
SORRY = "抱歉，已记下。换个说法再问，或发 /转人工"
PNG = b"\x89PNG\r\n\x1a\n"


async def in_database(stage: Stage) -> list[AnswerRecord]:
    """库里的全部答问记录。"""
    context = stage.services.context
    async with context.database.read() as stores:
        return await stores.answers.recent(context.now().replace(year=2016), 100)


async def records(stage: Stage, count: int = 1) -> list[AnswerRecord]:
    """等记下 ``count`` 次，写库以后的全部答问记录（回话看得见时，机器人可能还没拿到消息编号）。"""
    async with asyncio.timeout(3):
        while True:
            await stage.services.answer_log.save()
            found = await in_database(stage)
            if len(found) >= count:
                return found
            await asyncio.sleep(0.02)


async def opinions(stage: Stage) -> list[Feedback]:
    """每次答问得到的看法。"""
    return [record.feedback for record in await records(stage)]


async def questions(stage: Stage) -> list[OpenQuestion]:
    """待答问题。"""
    async with stage.services.context.database.read() as stores:
        return await stores.questions.open_questions()


async def quoting(stage: Stage, qq: int, text: str, quoted: Message) -> Message:
    """群里引用一条说话，等一句回话。"""
    await stage.world.say(qq, text, group=COUNTY_GROUP, quote=quoted)
    return await stage.world.next_reply(group=COUNTY_GROUP)


# ---- 记录


async def test_every_answer_is_recorded_with_the_bots_message(stage: Stage) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    await stage.tell(THIRD_ADMIN, UNKNOWN)
    first, second = await records(stage, 2)
    assert (first.kind, first.entry_id, first.question) == (AnswerKind.ANSWER, ENTRY, KNOWN)
    assert (first.asked_by, first.group_id, first.message_id) == (
        TEACHER,
        COUNTY_GROUP,
        str(answer.message_id),
    )
    assert not first.overheard
    assert (second.kind, second.entry_id, second.group_id) == (AnswerKind.UNKNOWN, "", None)


async def test_chatter_and_courtesy_leave_no_record(stage: Stage) -> None:
    await stage.post(COUNTY_ADMIN, "/设置 回答 auto")
    await stage.world.say(TEACHER, "大家早上好，今天降温了", group=COUNTY_GROUP)
    await stage.silent()
    await stage.tell(TEACHER, "谢谢")
    assert await records(stage, 0) == []


async def test_unmentioned_answer_is_recorded_as_overheard(stage: Stage) -> None:
    await stage.post(COUNTY_ADMIN, "/设置 回答 auto")
    await stage.post(TEACHER, "更新登记表有哪些栏目？")
    (record,) = await records(stage)
    assert record.overheard


async def test_answer_that_never_reached_qq_is_not_recorded(stage: Stage) -> None:
    stage.world.faults.fail("send")
    await stage.world.say(TEACHER, KNOWN, group=COUNTY_GROUP, at_bot=True)
    await stage.silent()
    assert await records(stage, 0) == []


async def test_sweep_saves_what_was_recorded(stage: Stage) -> None:
    await stage.tell(TEACHER, KNOWN)
    await stage.tell(TEACHER, "/帮助")
    assert await in_database(stage) == []
    await stage.office.sweep.run()
    assert len(await in_database(stage)) == 1


# ---- 没用、有用


@pytest.mark.parametrize("said", ["没用", "不对", "👎", "没有用啊"])
async def test_bad_opinion_gets_a_sorry_and_two_other_entries(stage: Stage, said: str) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    reply = await quoting(stage, TEACHER, said, answer)
    lines = reply.body.splitlines()
    assert lines[0] == SORRY
    assert [line[:3] for line in lines[2:]] == ["1. ", "2. "]
    assert await opinions(stage) == [Feedback.BAD]


async def test_the_offered_number_gives_the_other_answer(stage: Stage) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    offered = await quoting(stage, TEACHER, "没用", answer)
    wanted = offered.body.splitlines()[2].removeprefix("1. ")
    chosen = await stage.post(TEACHER, "1")
    assert "依据：" in chosen.body
    _first, second = await records(stage, 2)
    entry = stage.services.answering.knowledge.entry(second.entry_id)
    assert (entry.question, second.question) == (wanted, KNOWN)
    assert second.entry_id != ENTRY


async def test_who_was_just_answered_need_not_quote(stage: Stage) -> None:
    await stage.post(TEACHER, KNOWN, at_bot=True)
    reply = await stage.post(TEACHER, "没用")
    assert reply.body.startswith(SORRY)


async def test_others_must_quote_the_answer(stage: Stage) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    await stage.world.say(FIRST_ADMIN, "没用", group=COUNTY_GROUP)
    await stage.silent()
    assert await opinions(stage) == [Feedback.NONE]
    assert (await quoting(stage, FIRST_ADMIN, "没用", answer)).body.startswith(SORRY)
    assert await opinions(stage) == [Feedback.BAD]


async def test_no_quote_after_ten_minutes_means_something_else(stage: Stage) -> None:
    await stage.post(TEACHER, KNOWN, at_bot=True)
    await stage.move(2017, 2, 20, 8, 30)
    await stage.world.say(TEACHER, "没用", group=COUNTY_GROUP)
    await stage.silent()
    assert await opinions(stage) == [Feedback.NONE]


async def test_quoting_a_colleague_is_no_opinion_on_the_bot(stage: Stage) -> None:
    asked = await stage.world.say(FIRST_ADMIN, "我觉得要录", group=COUNTY_GROUP)
    await stage.post(TEACHER, KNOWN, at_bot=True)
    await stage.world.say(TEACHER, "不对", group=COUNTY_GROUP, quote=asked)
    await stage.world.say(TEACHER, [segments.at(FIRST_ADMIN), " 不对"], group=COUNTY_GROUP)
    await stage.silent()
    assert await opinions(stage) == [Feedback.NONE]


@pytest.mark.parametrize("said", ["👍", "有用", "赞", Segment("face", {"id": "76"})])
async def test_praise_is_recorded_silently_in_a_group(stage: Stage, said: str | Segment) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    await stage.world.say(FIRST_ADMIN, [said], group=COUNTY_GROUP, quote=answer)
    await stage.silent()
    assert await opinions(stage) == [Feedback.GOOD]


@pytest.mark.parametrize(
    ("notice", "fields"),
    [
        ("group_msg_emoji_like", {"user_id": FIRST_ADMIN, "likes": [{"emoji_id": "76", "count": 1}]}),
        (
            "group_msg_emoji_like",
            {"user_id": FIRST_ADMIN, "likes": [{"emoji_id": "128077", "count": 1}], "is_add": True},
        ),
        ("reaction", {"operator_id": FIRST_ADMIN, "code": "76", "sub_type": "add", "count": 1}),
    ],
    ids=["napcat", "unicode", "lagrange"],
)
async def test_thumb_stuck_on_the_answer_is_praise(stage: Stage, notice: str, fields: dict[str, Any]) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    await stage.world.emit_notice(notice, group_id=COUNTY_GROUP, message_id=answer.message_id, **fields)
    await stage.silent()
    assert await opinions(stage) == [Feedback.GOOD]


@pytest.mark.parametrize(
    "fields",
    [
        {"user_id": FIRST_ADMIN, "likes": [{"emoji_id": "66", "count": 1}]},
        {"user_id": FIRST_ADMIN, "likes": [{"emoji_id": "76", "count": 1}], "is_add": False},
        {"user_id": BOT, "likes": [{"emoji_id": "76", "count": 1}]},
        {"user_id": None, "likes": [{"emoji_id": "76", "count": 1}]},
        {"user_id": FIRST_ADMIN, "likes": []},
        {"user_id": FIRST_ADMIN, "likes": None},
    ],
    ids=["other", "removed", "own", "nobody", "empty", "nothing"],
)
async def test_other_reactions_are_not_counted(stage: Stage, fields: dict[str, Any]) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    await stage.world.emit_notice(
        "group_msg_emoji_like", group_id=COUNTY_GROUP, message_id=answer.message_id, **fields
    )
    await stage.silent()
    assert await opinions(stage) == [Feedback.NONE]


async def test_praise_in_private_gets_a_word(stage: Stage) -> None:
    await stage.tell(TEACHER, KNOWN)
    assert (await stage.tell(TEACHER, "👍")).body == "谢谢反馈。"
    assert await opinions(stage) == [Feedback.GOOD]


async def test_same_opinion_twice_is_counted_and_answered_once(stage: Stage) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    await quoting(stage, FIRST_ADMIN, "没用", answer)
    second = await quoting(stage, FIRST_ADMIN, "没用", answer)
    assert second.body.startswith("抱歉没帮上")
    assert await opinions(stage) == [Feedback.BAD]


async def test_unknown_question_has_no_other_entries_to_offer(stage: Stage) -> None:
    await stage.tell(TEACHER, UNKNOWN)
    assert (await stage.tell(TEACHER, "没用")).body == SORRY
    assert await opinions(stage) == [Feedback.BAD]


# ---- 撤回答复


async def test_withdrawal_takes_the_message_back_and_tells_the_asker(stage: Stage) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    reply = await quoting(stage, COUNTY_ADMIN, "/知识 撤回答复", answer)
    assert answer.recalled
    assert reply.body == (
        "已撤回，记为坏例。\n问的人会收到说明，问题已记为待答 1 号，答复请发：/知识 回答 1 答案"
    )
    await stage.office.sweep.run()
    told = await stage.world.next_reply(group=COUNTY_GROUP)
    assert told.mentions == (TEACHER,)
    assert told.body.endswith(f"刚才对“{KNOWN}”的答复有误，已撤回，请以管理员的答复为准。")
    (question,) = await questions(stage)
    assert (question.text, question.asked_by, question.group_id) == (KNOWN, TEACHER, COUNTY_GROUP)
    (record,) = await records(stage)
    assert (record.withdrawn_by, record.feedback) == (COUNTY_ADMIN, Feedback.BAD)
    assert "withdraw a wrong answer of the bot" in [entry.action for entry in await audit(stage)]


async def test_withdrawn_answer_is_not_pointed_at_again(stage: Stage) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    await quoting(stage, COUNTY_ADMIN, "/知识 撤回答复", answer)
    again = await stage.post(TEACHER, KNOWN, at_bot=True)
    assert "上面刚答过" not in again.body


async def test_city_is_shown_how_to_change_the_entry(stage: Stage) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    reply = await quoting(stage, CITY_ADMIN, "/知识 撤回答复", answer)
    assert reply.body.splitlines()[-1] == f"要改这一条请发：/知识 修改 {ENTRY} 答：新答案"


async def test_message_that_cannot_be_recalled_is_corrected(stage: Stage) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    stage.world.faults.fail("delete_msg", wording="Recall failed")
    reply = await quoting(stage, COUNTY_ADMIN, "/知识 撤回答复", answer)
    assert not answer.recalled
    assert reply.quoted_id == answer.message_id
    lines = reply.body.splitlines()
    assert lines[0].endswith("更正：这条答复有误，请不要照着办，以管理员的答复为准。")
    assert lines[1] == "消息本身没能撤回（超过两分钟，或我没有权限），已记为坏例。"
    (record,) = await records(stage)
    assert record.withdrawn_by == COUNTY_ADMIN


async def test_withdrawal_without_a_quote_says_how(stage: Stage) -> None:
    reply = await stage.post(COUNTY_ADMIN, "/知识 撤回答复")
    assert reply.body == "请长按我答错的那条，选“引用”，再发：/知识 撤回答复"


async def test_quoting_a_person_cannot_be_withdrawn(stage: Stage) -> None:
    asked = await stage.world.say(FIRST_ADMIN, "我觉得要录", group=COUNTY_GROUP)
    reply = await quoting(stage, COUNTY_ADMIN, "/知识 撤回答复", asked)
    assert reply.body.startswith("引用的这条不是我给的答复，没法撤回。")
    assert not asked.recalled


@pytest.mark.parametrize("qq", [TEACHER, THIRD_ADMIN])
async def test_teachers_and_schools_may_not_withdraw(stage: Stage, qq: int) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    await quoting(stage, qq, "/知识 撤回答复", answer)
    assert not answer.recalled
    assert [(entry.outcome, entry.target) for entry in await audit(stage, 1)] == [("denied", "")]
    assert (await records(stage))[0].withdrawn_at is None


async def test_operator_may_withdraw(stage: Stage) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    await quoting(stage, OPERATOR, "/知识 撤回答复", answer)
    assert answer.recalled


# ---- 统计、坏例


async def test_statistics_in_private_come_with_a_picture(stage: Stage) -> None:
    await stage.post(TEACHER, KNOWN, at_bot=True)
    await stage.post(THIRD_ADMIN, UNKNOWN, at_bot=True)
    reply = await stage.tell(COUNTY_ADMIN, "/知识 统计")
    known = stage.services.answering.knowledge.entry(ENTRY).question
    assert reply.body.removesuffix("[图片]") == (
        "岳阳县近30天问了 2 次，答上 1 次\n"
        "给候选 0，不知道 1；有用 0，没用 0，撤回 0\n"
        f"问得最多：\n1. {known} 1次\n"
        f"最常答不上：\n1. {UNKNOWN} 1次"
    )
    (picture,) = reply.pictures
    assert picture.content.startswith(PNG)


async def test_statistics_in_a_group_hide_peoples_own_words(stage: Stage) -> None:
    await stage.post(TEACHER, KNOWN, at_bot=True)
    await stage.post(THIRD_ADMIN, UNKNOWN, at_bot=True)
    reply = await stage.post(COUNTY_ADMIN, "/知识 统计 7天")
    assert reply.body.startswith("岳阳县近7天问了 2 次")
    assert UNKNOWN not in reply.body
    assert "最常答不上的请私聊我看。" in reply.body
    assert len(reply.pictures) == 1


async def test_picture_that_qq_refuses_leaves_the_text(stage: Stage) -> None:
    await stage.post(TEACHER, KNOWN, at_bot=True)
    stage.world.faults.fail("send_private_msg", wording="rich media transfer failed")
    reply = await stage.tell(COUNTY_ADMIN, "/知识 统计")
    assert reply.body.startswith("岳阳县近30天问了 1 次")
    assert reply.body.endswith("（图没有发成功，请稍后再发一次命令）")
    assert reply.pictures == ()


async def test_statistics_of_nothing_need_no_picture(stage: Stage) -> None:
    reply = await stage.tell(CITY_ADMIN, "/知识 统计 7")
    assert reply.body.splitlines()[0] == "岳阳市近7天问了 0 次，答上 0 次"
    assert reply.pictures == ()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/知识 统计 很多", "请这样写：/知识 统计 [天数]"),
        ("/知识 统计 0", "天数写 1 到 366，例如：/知识 统计 30"),
    ],
)
async def test_wrong_days_say_how_to_write(stage: Stage, typed: str, says: str) -> None:
    assert (await stage.tell(COUNTY_ADMIN, typed)).body.splitlines()[0] == says


async def test_schools_see_no_statistics(stage: Stage) -> None:
    assert (await stage.tell(THIRD_ADMIN, "/知识 统计")).body == "答问统计只给县市区和市里看。"


async def test_bad_cases_come_as_a_file(stage: Stage) -> None:
    assert (await stage.tell(CITY_ADMIN, "/知识 坏例")).body.startswith("还没有坏例")
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    await quoting(stage, COUNTY_ADMIN, "/知识 撤回答复", answer)
    assert "文件发给你了" in (await stage.tell(CITY_ADMIN, "/知识 坏例")).body
    sent = await stage.world.next_reply(private=CITY_ADMIN)
    assert sent.files[0].name == "坏例-20170220.jsonl"
    assert json.loads(sent.files[0].content) == {"q": KNOWN, "wrong": ENTRY, "reason": "withdrawn"}


async def test_bad_cases_are_not_given_in_a_group(stage: Stage) -> None:
    reply = await stage.post(CITY_ADMIN, "/知识 坏例")
    assert reply.body == "坏例里有大家的问法，请私聊我发：/知识 坏例"
    assert spoken(stage, private=CITY_ADMIN) == []
