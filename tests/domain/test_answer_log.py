"""答问记录：攒着一次写库、号码遮住、一人一票、到期只留次数；撤回、统计、坏例的规矩。"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.actor import Actor
from bot.domain.answer_log import MOST_UNSAVED, AnswerLog, Spoken, new_answer_id
from bot.domain.clock import SimulatedClock
from bot.domain.errors import BadInput, Denied, NotFound, WrongState
from bot.domain.services import Services
from storage.answers import AnswerRecord
from storage.database import Database
from storage.words import AnswerKind, Channel, Feedback, Role
from tests.domain import desk
from tests.stage import (
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    OPERATOR,
    OTHER_COUNTY,
    OTHER_COUNTY_ADMIN,
    TEACHER,
    THIRD_ADMIN,
)

ENTRY = "scope.people.rehired_retiree"
QUESTION = "退休返聘的老师要不要录"
OTHER_GROUP = 700099


def note(
    services: Services,
    actor: Actor,
    *,
    kind: AnswerKind = AnswerKind.ANSWER,
    question: str = QUESTION,
    message_id: str = "501",
    entry_id: str = ENTRY,
    instead_of: str = "",
) -> str:
    """他问了一句，机器人说了。"""
    found = entry_id if kind is AnswerKind.ANSWER else ""
    now = services.context.now()
    spoken = Spoken(new_answer_id(), kind, question, message_id, now, entry_id=found, instead_of=instead_of)
    return services.answer_log.note(actor, spoken)


async def saved(services: Services, answer_id: str) -> AnswerRecord | None:
    """库里这一次是什么样。"""
    async with services.context.database.read() as stores:
        return await stores.answers.get(answer_id)


# ---- 攒着，一次写库


async def test_answer_reaches_the_database_only_when_saved(staffed: Services) -> None:
    answer_id = note(staffed, desk.in_group(staffed, TEACHER))
    assert await saved(staffed, answer_id) is None
    await staffed.answer_log.save()
    record = await saved(staffed, answer_id)
    assert record is not None
    assert (record.kind, record.entry_id, record.question) == (AnswerKind.ANSWER, ENTRY, QUESTION)
    assert (record.asked_by, record.group_id, record.message_id) == (TEACHER, COUNTY_GROUP, "501")


async def test_numbers_are_hidden_and_long_questions_are_cut(staffed: Services) -> None:
    answer_id = note(staffed, desk.privately(staffed, TEACHER), question="13800000000" + "打不通" * 200)
    await staffed.answer_log.save()
    record = await saved(staffed, answer_id)
    assert record is not None
    assert record.question.startswith("〔号码〕打不通")
    assert len(record.question) == 300


async def test_failed_save_keeps_the_records_for_the_next_one(
    staffed: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_id = note(staffed, desk.in_group(staffed, TEACHER))

    def broken(_database: Database) -> None:
        raise SQLAlchemyError("样例故障")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", broken)
        with pytest.raises(SQLAlchemyError):
            await staffed.answer_log.save()
    await staffed.answer_log.save()
    assert await saved(staffed, answer_id) is not None


async def test_unsaved_records_have_a_limit(staffed: Services) -> None:
    actor = desk.in_group(staffed, TEACHER)
    first = note(staffed, actor)
    others = [note(staffed, actor, message_id=str(number)) for number in range(MOST_UNSAVED)]
    await staffed.answer_log.save()
    assert await saved(staffed, first) is None
    assert await saved(staffed, others[0]) is not None


async def test_answers_before_a_restart_can_still_be_quoted(staffed: Services) -> None:
    actor = desk.in_group(staffed, TEACHER)
    answer_id = note(staffed, actor)
    await staffed.answer_log.save()
    fresh = AnswerLog(staffed.context, 180)
    assert fresh.quoted(actor, "501") is None
    await fresh.load()
    known = fresh.quoted(actor, "501")
    assert known is not None
    assert known.id == answer_id
    assert fresh.rate(known, TEACHER, Feedback.GOOD)


# ---- 哪一次


async def test_choosing_a_suggestion_is_the_same_question(staffed: Services) -> None:
    actor = desk.in_group(staffed, TEACHER)
    offered = note(staffed, actor, kind=AnswerKind.SUGGEST, question="老师填错了")
    chosen = note(staffed, actor, question=QUESTION, message_id="502", instead_of=offered)
    await staffed.answer_log.save()
    assert chosen == offered
    record = await saved(staffed, offered)
    assert record is not None
    assert (record.kind, record.question, record.entry_id) == (AnswerKind.ANSWER, "老师填错了", ENTRY)
    both = [staffed.answer_log.quoted(actor, number) for number in ("501", "502")]
    assert {one.id for one in both if one} == {offered}


async def test_message_is_looked_up_in_its_own_place(staffed: Services) -> None:
    note(staffed, desk.in_group(staffed, TEACHER))
    await staffed.answer_log.save()
    log = staffed.answer_log
    assert await log.find(desk.in_group(staffed, FIRST_ADMIN), "501") is not None
    assert await log.find(desk.in_group(staffed, FIRST_ADMIN, OTHER_GROUP), "501") is None
    assert await log.find(desk.privately(staffed, TEACHER), "501") is None
    note(staffed, desk.privately(staffed, TEACHER), message_id="777")
    assert await log.find(desk.privately(staffed, TEACHER), "777") is not None
    assert await log.find(desk.privately(staffed, FIRST_ADMIN), "777") is None


async def test_latest_answer_is_meant_for_ten_minutes(staffed: Services, clock: SimulatedClock) -> None:
    actor = desk.in_group(staffed, TEACHER)
    answer_id = note(staffed, actor)
    start = staffed.context.now()
    nearly = staffed.answer_log.latest(actor, start + timedelta(minutes=9))
    assert nearly is not None
    assert nearly.id == answer_id
    assert staffed.answer_log.latest(actor, start + timedelta(minutes=11)) is None
    assert staffed.answer_log.latest(desk.in_group(staffed, FIRST_ADMIN), start) is None


# ---- 有用、没用


async def _opinion(services: Services, answer_id: str) -> Feedback:
    await services.answer_log.save()
    record = await saved(services, answer_id)
    assert record is not None
    return record.feedback


async def test_each_person_counts_once_and_may_change_their_mind(staffed: Services) -> None:
    actor = desk.in_group(staffed, TEACHER)
    answer_id = note(staffed, actor)
    record, log = staffed.answer_log.latest(actor, staffed.context.now()), staffed.answer_log
    assert record is not None
    assert log.rate(record, TEACHER, Feedback.BAD)
    assert not log.rate(record, TEACHER, Feedback.BAD)
    assert await _opinion(staffed, answer_id) is Feedback.BAD
    assert log.rate(record, TEACHER, Feedback.GOOD)
    assert await _opinion(staffed, answer_id) is Feedback.GOOD


async def test_one_bad_opinion_outweighs_anothers_praise(staffed: Services) -> None:
    actor = desk.in_group(staffed, TEACHER)
    answer_id = note(staffed, actor)
    record = staffed.answer_log.latest(actor, staffed.context.now())
    assert record is not None
    staffed.answer_log.rate(record, FIRST_ADMIN, Feedback.BAD)
    staffed.answer_log.rate(record, TEACHER, Feedback.GOOD)
    assert await _opinion(staffed, answer_id) is Feedback.BAD


# ---- 到期


async def test_old_questions_and_askers_are_forgotten_but_counted(
    staffed: Services, clock: SimulatedClock
) -> None:
    old = note(staffed, desk.in_group(staffed, TEACHER))
    await staffed.answer_log.save()
    clock.set(clock.now() + timedelta(days=179))
    fresh = note(staffed, desk.in_group(staffed, TEACHER), message_id="502")
    await staffed.answer_log.save()
    assert await staffed.answer_log.forget_old() == 0
    clock.set(clock.now() + timedelta(days=2))
    assert await staffed.answer_log.forget_old() == 1
    assert await staffed.answer_log.forget_old() == 0
    gone, kept = await saved(staffed, old), await saved(staffed, fresh)
    assert gone is not None
    assert (gone.question, gone.asked_by, gone.entry_id) == ("", 0, ENTRY)
    assert kept is not None
    assert kept.question == QUESTION
    assert ("forget old answers", "answers", "done") in await desk.audit_actions(staffed)
    counts = (await staffed.statistics.over(desk.privately(staffed, CITY_ADMIN), 365)).counts
    assert counts.asked == 2


# ---- 撤回答复


async def test_withdrawing_marks_reopens_tells_and_is_audited(staffed: Services) -> None:
    answer_id = note(staffed, desk.in_group(staffed, TEACHER))
    done = await staffed.withdrawal.withdraw(desk.in_group(staffed, COUNTY_ADMIN), "501")
    record = await saved(staffed, answer_id)
    assert record is not None
    assert (record.withdrawn_by, record.feedback) == (COUNTY_ADMIN, Feedback.BAD)
    assert record.withdrawn_at is not None
    async with staffed.context.database.read() as stores:
        (question,) = await stores.questions.open_questions()
    assert (question.id, question.text, question.asked_by) == (done.question_number, QUESTION, TEACHER)
    (notice,) = await desk.outbox(staffed)
    assert (notice.kind, notice.channel, notice.target) == ("answer_withdrawn", Channel.GROUP, COUNTY_GROUP)
    assert notice.payload == {"question": QUESTION, "asked_by": TEACHER}
    assert (await desk.audit_actions(staffed))[-1] == (
        "withdraw a wrong answer of the bot",
        f"answer {answer_id}",
        "done",
    )


async def test_later_saves_do_not_undo_the_withdrawal(staffed: Services) -> None:
    answer_id = note(staffed, desk.in_group(staffed, TEACHER))
    await staffed.withdrawal.withdraw(desk.in_group(staffed, COUNTY_ADMIN), "501")
    record = staffed.answer_log.quoted(desk.in_group(staffed, TEACHER), "501")
    assert record is not None
    staffed.answer_log.rate(record, TEACHER, Feedback.GOOD)
    assert await _opinion(staffed, answer_id) is Feedback.BAD
    kept = await saved(staffed, answer_id)
    assert kept is not None
    assert kept.withdrawn_by == COUNTY_ADMIN


async def test_second_withdrawal_changes_nothing(staffed: Services) -> None:
    note(staffed, desk.in_group(staffed, TEACHER))
    await staffed.withdrawal.withdraw(desk.in_group(staffed, COUNTY_ADMIN), "501")
    with pytest.raises(WrongState, match="已经撤回过了"):
        await staffed.withdrawal.withdraw(desk.in_group(staffed, CITY_ADMIN), "501")
    assert len(await desk.outbox(staffed)) == 1


async def test_own_question_needs_no_notice(staffed: Services) -> None:
    note(staffed, desk.in_group(staffed, COUNTY_ADMIN))
    done = await staffed.withdrawal.withdraw(desk.in_group(staffed, COUNTY_ADMIN), "501")
    assert not done.told
    assert await desk.outbox(staffed) == []


@pytest.mark.parametrize("qq", [TEACHER, THIRD_ADMIN])
async def test_schools_and_teachers_may_not_withdraw(staffed: Services, qq: int) -> None:
    answer_id = note(staffed, desk.in_group(staffed, TEACHER))
    await staffed.answer_log.save()
    with pytest.raises(Denied):
        await staffed.withdrawal.withdraw(desk.in_group(staffed, qq), "501")
    record = await saved(staffed, answer_id)
    assert record is not None
    assert record.withdrawn_at is None


async def test_operator_may_withdraw(staffed: Services) -> None:
    note(staffed, desk.in_group(staffed, TEACHER))
    done = await staffed.withdrawal.withdraw(desk.in_group(staffed, OPERATOR), "501")
    assert done.record.withdrawn_by == OPERATOR


async def test_only_answers_of_the_bot_can_be_withdrawn(staffed: Services) -> None:
    actor = desk.in_group(staffed, COUNTY_ADMIN)
    with pytest.raises(NotFound, match="不是我给的答复"):
        await staffed.withdrawal.withdraw(actor, "12345")
    note(staffed, desk.in_group(staffed, TEACHER), kind=AnswerKind.UNKNOWN, message_id="502")
    with pytest.raises(BadInput, match="没有给出答案"):
        await staffed.withdrawal.withdraw(actor, "502")


# ---- 统计


async def test_statistics_count_and_rank(staffed: Services) -> None:
    actor = desk.in_group(staffed, TEACHER)
    for number in range(3):
        note(staffed, actor, message_id=str(number))
    note(staffed, actor, message_id="10", entry_id="accounts.teacher.obtain")
    note(staffed, actor, kind=AnswerKind.SUGGEST, message_id="11")
    for number, text in enumerate(("火箭怎么发射", "火箭怎么发射呀", "食堂几点开门")):
        note(staffed, actor, kind=AnswerKind.UNKNOWN, question=text, message_id=f"2{number}")
    record = staffed.answer_log.quoted(actor, "10")
    assert record is not None
    staffed.answer_log.rate(record, TEACHER, Feedback.GOOD)
    found = await staffed.statistics.over(desk.privately(staffed, CITY_ADMIN), 30)
    counts = found.counts
    assert (counts.asked, counts.answered, counts.suggested, counts.unknown) == (8, 4, 1, 3)
    assert (counts.good, counts.bad, counts.withdrawn) == (1, 0, 0)
    entries = staffed.answering.knowledge.entries
    assert [(one.text, one.count) for one in found.most] == [
        (entries[ENTRY].question, 3),
        (entries["accounts.teacher.obtain"].question, 1),
    ]
    assert [(one.text, one.count) for one in found.failed] == [("火箭怎么发射", 2), ("食堂几点开门", 1)]


async def test_statistics_look_back_the_given_days(staffed: Services, clock: SimulatedClock) -> None:
    note(staffed, desk.in_group(staffed, TEACHER))
    clock.set(clock.now() + timedelta(days=8))
    city = desk.privately(staffed, CITY_ADMIN)
    assert (await staffed.statistics.over(city, 7)).counts.asked == 0
    assert (await staffed.statistics.over(city, 9)).counts.asked == 1


async def test_county_sees_its_own_groups_and_people_only(staffed: Services) -> None:
    await desk.bind(staffed, COUNTY_GROUP, COUNTY)
    await desk.bind(staffed, OTHER_GROUP, OTHER_COUNTY)
    note(staffed, desk.in_group(staffed, TEACHER))
    note(staffed, desk.privately(staffed, THIRD_ADMIN), message_id="502")
    note(staffed, desk.privately(staffed, TEACHER), message_id="503")
    note(staffed, desk.in_group(staffed, TEACHER, OTHER_GROUP), message_id="504")
    counted = {}
    for qq in (COUNTY_ADMIN, OTHER_COUNTY_ADMIN, CITY_ADMIN):
        counted[qq] = (await staffed.statistics.over(desk.privately(staffed, qq), 30)).counts.asked
    assert counted == {COUNTY_ADMIN: 2, OTHER_COUNTY_ADMIN: 1, CITY_ADMIN: 4}


@pytest.mark.parametrize("qq", [TEACHER, THIRD_ADMIN])
async def test_schools_and_teachers_see_no_statistics(staffed: Services, qq: int) -> None:
    with pytest.raises(Denied):
        await staffed.statistics.over(desk.privately(staffed, qq), 30)


async def test_county_viewer_sees_statistics(staffed: Services) -> None:
    await desk.enlist(staffed, TEACHER, COUNTY, Role.INFO_VIEWER)
    found = await staffed.statistics.over(desk.privately(staffed, TEACHER), 30)
    assert found.unit == COUNTY


async def test_operator_sees_counts_without_questions(staffed: Services) -> None:
    note(staffed, desk.in_group(staffed, TEACHER))
    found = await staffed.statistics.over(desk.privately(staffed, OPERATOR), 30)
    assert (found.counts.asked, found.most, found.failed) == (1, (), ())


@pytest.mark.parametrize("days", [0, 367])
async def test_days_out_of_range_are_refused(staffed: Services, days: int) -> None:
    with pytest.raises(BadInput, match="1 到 366"):
        await staffed.statistics.over(desk.privately(staffed, CITY_ADMIN), days)


# ---- 坏例


async def test_bad_cases_are_lines_for_the_evaluation(staffed: Services) -> None:
    actor = desk.in_group(staffed, TEACHER)
    note(staffed, actor)
    note(staffed, actor, question="13800000000不用了怎么换", message_id="502", entry_id="change.phone")
    note(staffed, actor, message_id="503", question="好答案")
    note(staffed, actor, kind=AnswerKind.UNKNOWN, message_id="504", question="不知道的")
    for number in ("502", "504"):
        record = staffed.answer_log.quoted(actor, number)
        assert record is not None
        staffed.answer_log.rate(record, TEACHER, Feedback.BAD)
    await staffed.withdrawal.withdraw(desk.in_group(staffed, COUNTY_ADMIN), "501")
    text = await staffed.statistics.bad_cases(desk.privately(staffed, CITY_ADMIN))
    assert [json.loads(line) for line in text.splitlines()] == [
        {"q": QUESTION, "wrong": ENTRY, "reason": "withdrawn"},
        {"q": "〔号码〕不用了怎么换", "wrong": "change.phone", "reason": "bad"},
    ]


async def test_bad_cases_are_for_the_city(staffed: Services) -> None:
    with pytest.raises(Denied):
        await staffed.statistics.bad_cases(desk.privately(staffed, COUNTY_ADMIN))
