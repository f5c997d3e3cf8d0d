"""各仓库的规矩：编号不重用、一张码一人得、认领只有一个、提醒不重、历史不丢。"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from storage.changes import ChangeRow
from storage.database import Database
from storage.deliveries import Delivery
from storage.obligations import ONCE, Duty, Obligation, PriorState
from storage.people import Invite
from storage.reminders import Reminder, Run
from storage.submissions import Submission
from storage.words import Channel, ObligationState, ReminderState, Role, SubmissionAction
from tests.stage import CITY, COUNTY, FIRST, MUNICIPAL, OTHER_SCHOOL, THIRD

NOON = datetime(2017, 2, 20, 4, 0, tzinfo=UTC)
DUE = date(2017, 2, 28)
SCHEDULED, SENDING, SENT = ReminderState.SCHEDULED, ReminderState.SENDING, ReminderState.SENT


def change(name: str = "王样例", field: str = "政治面貌") -> ChangeRow:
    return ChangeRow(name, field, "入党", "群众", "中共党员", date(2017, 2, 10), by_teacher=True)


def delivery(number: int, due_at: datetime = NOON) -> Delivery:
    return Delivery(
        id=f"delivery-{number}",
        kind="reminder_private",
        channel=Channel.PRIVATE,
        target=10003,
        payload={"deliverable": "first_review"},
        code=f"CODE{number}",
        state=SCHEDULED,
        due_at=due_at,
    )


async def duty(
    database: Database, unit_code: str = THIRD.code, parent: str | None = COUNTY.code
) -> Obligation:
    async with database.write() as stores:
        await stores.obligations.ensure([Duty(unit_code, "first_review", ONCE, DUE, DUE, parent)])
        found = await stores.obligations.find(unit_code, "first_review")
    assert found is not None
    return found


async def test_change_numbers_go_on_after_a_withdrawal(database: Database) -> None:
    async with database.write() as stores:
        first = await stores.changes.add(THIRD.code, "2017Q1", [change(), change("李样例")], 10003, NOON)
        assert [notice.number for notice in first] == [1, 2]
        assert await stores.changes.withdraw(first[1].id, NOON)
        assert not await stores.changes.withdraw(first[1].id, NOON)
    async with database.write() as stores:
        [third] = await stores.changes.add(THIRD.code, "2017Q1", [change("赵样例")], 10003, NOON)
        assert third.number == 3
        assert await stores.changes.count([THIRD.code], "2017Q1") == {THIRD.code: 2}


async def test_change_numbers_start_anew_in_each_unit_and_quarter(database: Database) -> None:
    async with database.write() as stores:
        await stores.changes.add(THIRD.code, "2017Q1", [change()], 10003, NOON)
        [other_unit] = await stores.changes.add(FIRST.code, "2017Q1", [change()], 10004, NOON)
        [other_quarter] = await stores.changes.add(THIRD.code, "2017Q2", [change()], 10003, NOON)
    assert (other_unit.number, other_quarter.number) == (1, 1)


async def test_the_same_person_and_field_is_found_without_decrypting(database: Database) -> None:
    async with database.write() as stores:
        [one, _] = await stores.changes.add(
            THIRD.code, "2017Q1", [change(), change(field="学历")], 10003, NOON
        )
        await stores.changes.add(FIRST.code, "2017Q1", [change()], 10004, NOON)
        assert await stores.changes.same_person_and_field(THIRD.code, "2017Q1", change()) == [1]
        assert await stores.changes.same_person_and_field(THIRD.code, "2017Q2", change()) == []
        assert await stores.changes.same_person_and_field(THIRD.code, "2017Q1", change("李样例")) == []
        await stores.changes.withdraw(one.id, NOON)
        assert await stores.changes.same_person_and_field(THIRD.code, "2017Q1", change()) == []


async def test_of_two_people_racing_for_one_invite_one_wins(database: Database) -> None:
    async with database.write() as stores:
        index = stores.people.code_index("ABCDEFGHJK")
        invite = Invite("one", index, THIRD.code, Role.INFO_ADMIN, 10002, NOON, NOON + timedelta(hours=72))
        await stores.people.add_invites([invite])

    async def use(qq: int) -> bool:
        async with database.write() as stores:
            return await stores.people.use_invite("one", qq, NOON)

    assert sorted(await asyncio.gather(*(use(qq) for qq in range(10001, 10009)))) == [False] * 7 + [True]
    async with database.read() as stores:
        used = await stores.people.invite(index)
    assert used == replace(invite, used_at=NOON)


async def test_registering_again_updates_instead_of_doubling(database: Database) -> None:
    async with database.write() as stores:
        await stores.people.enlist(10003, THIRD.code, Role.INFO_ADMIN, "王样例", "13800000001", NOON)
        await stores.people.enlist(10003, THIRD.code, Role.INFO_ADMIN, "王样例", "13800000002", NOON)
        await stores.people.enlist(10003, THIRD.code, Role.SYSTEM_ADMIN, "王样例", "13800000002", NOON)
    async with database.read() as stores:
        people = await stores.people.of_units([THIRD.code])
        assert sorted(seat.role for seat in await stores.people.seats()) == ["info_admin", "system_admin"]
    assert [person.phone for person in people] == ["13800000002"] * 2


async def test_only_one_of_two_processes_claims_a_message(database: Database) -> None:
    async with database.write() as stores:
        await stores.deliveries.add([delivery(1)], NOON)

    async def claim() -> bool:
        async with database.write() as stores:
            return await stores.deliveries.move("delivery-1", SCHEDULED, SENDING, NOON)

    assert sorted(await asyncio.gather(*(claim() for _ in range(8)))) == [False] * 7 + [True]


async def test_a_message_moves_only_from_the_state_it_is_in(database: Database) -> None:
    async with database.write() as stores:
        await stores.deliveries.add([delivery(1)], NOON)
        assert not await stores.deliveries.move("delivery-1", SENDING, SENT, NOON, message_id="5")
        assert await stores.deliveries.move("delivery-1", SCHEDULED, SENDING, NOON)
        assert await stores.deliveries.move("delivery-1", SENDING, SENT, NOON, message_id="5")
        [sent] = await stores.deliveries.in_state(SENT)
    assert sent.message_id == "5"


async def test_due_messages_come_in_order_and_future_ones_wait(database: Database) -> None:
    minute = timedelta(minutes=1)
    async with database.write() as stores:
        waiting = [delivery(1, NOON), delivery(2, NOON - minute), delivery(3, NOON + minute)]
        await stores.deliveries.add(waiting, NOON)
        due = await stores.deliveries.due(NOON, 200)
        assert [one.id for one in due] == ["delivery-2", "delivery-1"]
        assert [one.id for one in await stores.deliveries.due(NOON, limit=1)] == ["delivery-2"]


async def test_an_awaited_answer_goes_before_a_mass_of_reminders(database: Database) -> None:
    answer = replace(delivery(9, NOON + timedelta(minutes=5)), kind="review_result")
    async with database.write() as stores:
        await stores.deliveries.add([delivery(1), delivery(2), answer], NOON)
        due = await stores.deliveries.due(NOON + timedelta(hours=1), 2)
    assert [one.id for one in due] == ["delivery-9", "delivery-1"]


async def test_one_reminder_of_one_step_to_one_place_exists_once(database: Database) -> None:
    owed = await duty(database)
    reminder = Reminder(owed.id, THIRD.code, DUE, "before3", Channel.PRIVATE, 10003, "delivery-1", SCHEDULED)

    async def plan(again: Reminder) -> None:
        async with database.write() as stores:
            await stores.reminders.add([again], NOON)

    async with database.write() as stores:
        await stores.deliveries.add([delivery(1), delivery(2)], NOON)
    await plan(reminder)
    with pytest.raises(IntegrityError, match="UNIQUE"):
        await plan(replace(reminder, delivery_id="delivery-2"))
    await plan(replace(reminder, step="before1"))
    await plan(replace(reminder, channel=Channel.GROUP, target=700001))
    await plan(replace(reminder, target=10008))
    await plan(replace(reminder, due_on=date(2017, 3, 5)))
    async with database.read() as stores:
        assert len(await stores.reminders.of_unit(THIRD.code)) == 5


async def test_a_step_of_the_ladder_is_planned_once(database: Database) -> None:
    run = Run("first_review", ONCE, DUE, "before3")

    async def plan() -> None:
        async with database.write() as stores:
            await stores.reminders.add_runs([run], NOON)

    await plan()
    with pytest.raises(IntegrityError):
        await plan()
    async with database.read() as stores:
        assert await stores.reminders.runs() == {run}


async def test_a_cancelled_reminder_stays_cancelled_when_its_message_is_sent(database: Database) -> None:
    one, other = await duty(database), await duty(database, FIRST.code)
    rows = [
        Reminder(owed.id, owed.unit_code, DUE, "before3", Channel.GROUP, 700001, "delivery-1", SCHEDULED)
        for owed in (one, other)
    ]
    async with database.write() as stores:
        await stores.deliveries.add([delivery(1)], NOON)
        await stores.reminders.add(rows, NOON)
        await stores.reminders.settle("delivery-1", ReminderState.CANCELLED, [one.id])
        await stores.reminders.settle("delivery-1", SENT)
        states = {row.unit_code: row.state for row in await stores.reminders.of_delivery("delivery-1")}
    assert states == {THIRD.code: ReminderState.CANCELLED, FIRST.code: SENT}


async def test_a_moved_date_reaches_the_duty_and_leaves_its_state(database: Database) -> None:
    owed = await duty(database)
    step = Submission(owed.id, SubmissionAction.REPORT, 10003, THIRD.code, NOON, numbers={"expected": 52})
    async with database.write() as stores:
        await stores.obligations.record(step, ObligationState.REPORTED)
        later = date(2017, 3, 5)
        await stores.obligations.ensure([Duty(THIRD.code, "first_review", ONCE, later, later, COUNTY.code)])
        moved = await stores.obligations.find(THIRD.code, "first_review")
    assert moved is not None
    assert (moved.due_on, moved.state, moved.numbers) == (later, ObligationState.REPORTED, {"expected": 52})


async def test_history_keeps_every_step_in_order(database: Database) -> None:
    owed = await duty(database)
    steps = [
        (SubmissionAction.REPORT, ObligationState.REPORTED, ""),
        (SubmissionAction.RETURN, ObligationState.RETURNED, "缺照片"),
        (SubmissionAction.REPORT, ObligationState.REPORTED, "补齐了"),
        (SubmissionAction.APPROVE, ObligationState.DONE, ""),
    ]
    for minute, (action, state, note) in enumerate(steps):
        async with database.write() as stores:
            at = NOON + timedelta(minutes=minute)
            await stores.obligations.record(
                Submission(owed.id, action, 10003, THIRD.code, at, note=note), state
            )
    async with database.read() as stores:
        kept = await stores.submissions.history(owed.id)
    assert [(step.action, step.note) for step in kept] == [(action, note) for action, _, note in steps]


async def test_a_withdrawal_clears_what_the_report_left(database: Database) -> None:
    owed = await duty(database)
    reported = Submission(
        owed.id, SubmissionAction.REPORT, 10003, THIRD.code, NOON, late=True, numbers={"expected": 52}
    )
    taken_back = Submission(owed.id, SubmissionAction.WITHDRAW, 10003, THIRD.code, NOON)
    async with database.write() as stores:
        await stores.obligations.record(reported, ObligationState.REPORTED)
        await stores.obligations.withdraw(taken_back, PriorState())
        assert await stores.obligations.find(THIRD.code, "first_review") == owed


async def test_below_a_county_are_its_own_schools_only(database: Database) -> None:
    for unit in (THIRD, FIRST, OTHER_SCHOOL, MUNICIPAL):
        await duty(database, unit.code, unit.parent_code)
    async with database.read() as stores:
        county = await stores.obligations.below(COUNTY.code, "first_review")
        city = await stores.obligations.below(CITY.code, "first_review")
        everything = await stores.obligations.below(None, "first_review")
    assert [one.unit_code for one in county] == [THIRD.code, FIRST.code]
    assert [one.unit_code for one in city] == [MUNICIPAL.code]
    assert len(everything) == 4


async def test_counts_are_grouped_by_the_reviewing_unit(database: Database) -> None:
    for unit in (THIRD, FIRST, OTHER_SCHOOL, MUNICIPAL):
        await duty(database, unit.code, unit.parent_code)
    async with database.write() as stores:
        found = await stores.obligations.find(THIRD.code, "first_review")
        assert found is not None
        await stores.obligations.record(
            Submission(found.id, SubmissionAction.REPORT, 10003, THIRD.code, NOON, late=True),
            ObligationState.REPORTED,
        )
        counts = await stores.rollups.by_reviewer("first_review")
    assert sorted((c.group_code, c.state, c.late, c.units) for c in counts) == [
        ("YY", ObligationState.OWING, False, 1),
        ("YY04", ObligationState.OWING, False, 1),
        ("YY04", ObligationState.REPORTED, True, 1),
        ("YY05", ObligationState.OWING, False, 1),
    ]


async def test_owing_means_owing_or_returned_and_has_a_date(database: Database) -> None:
    returned = await duty(database)
    await duty(database, FIRST.code)
    async with database.write() as stores:
        await stores.obligations.ensure([Duty(FIRST.code, "work_plan", ONCE, None, None, COUNTY.code)])
        done = await stores.obligations.find(FIRST.code, "first_review")
        assert done is not None
        for owed, action, state in (
            (returned, SubmissionAction.RETURN, ObligationState.RETURNED),
            (done, SubmissionAction.APPROVE, ObligationState.DONE),
        ):
            await stores.obligations.record(Submission(owed.id, action, 10002, COUNTY.code, NOON), state)
        assert [one.unit_code for one in await stores.obligations.owing(DUE)] == [THIRD.code]
        assert await stores.obligations.owing(DUE - timedelta(days=1)) == []
        assert await stores.obligations.settled() == {(FIRST.code, "first_review", ONCE)}


async def test_the_same_open_question_of_one_person_is_kept_once(database: Database) -> None:
    async with database.write() as stores:
        first = await stores.questions.ask("校车司机要录吗", 10006, 700001, NOON)
        assert await stores.questions.ask("校车司机要录吗", 10006, 700001, NOON) == first
        other = await stores.questions.ask("校车司机要录吗", 10003, None, NOON)
        assert other != first
        assert await stores.questions.answer(first, "不用", 10001, NOON)
        assert not await stores.questions.answer(first, "要", 10001, NOON)
        assert await stores.questions.ask("校车司机要录吗", 10006, 700001, NOON) not in (first, other)
        answered = await stores.questions.question(first)
    assert answered is not None
    assert answered.answer == "不用"
