"""清点台阶：此刻该发哪一级、哪些算错过、启用日以前的一概不存在。"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.clock import SHANGHAI
from bot.domain.ladder import steps_for
from bot.domain.ladder_runs import USEFUL_FOR, Agenda, agenda_of, horizon
from bot.domain.workdays import WorkCalendar
from bot.plan import Ladder
from storage.obligations import ONCE, Obligation
from storage.reminders import Run
from storage.words import ObligationState

LADDER, CALENDAR = Ladder(), WorkCalendar()
DUE, START = date(2017, 2, 28), date(2017, 2, 20)


def owing(number: int = 1, due_on: date | None = DUE, deliverable: str = "first_review") -> Obligation:
    return Obligation(
        id=number,
        unit_code=f"YY04-000{number}",
        deliverable=deliverable,
        period=ONCE,
        due_on=due_on,
        final_due_on=due_on,
        receiver_code="YY04",
        state=ObligationState.OWING,
        late=False,
        numbers={},
        reported_by=None,
        reported_at=None,
        reason="",
    )


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2017, month, day, hour, minute, tzinfo=SHANGHAI)


def agenda(
    now: datetime, *obligations: Obligation, done: set[Run] | None = None, starts_on: date = START
) -> Agenda:
    return agenda_of(obligations or (owing(),), done or set(), LADDER, CALENDAR, starts_on=starts_on, now=now)


def steps(found: Agenda) -> tuple[list[str], list[str]]:
    return [one.run.step for one in found.due], [run.step for run in found.missed]


@pytest.mark.parametrize(
    ("now", "due", "missed"),
    [
        (at(2, 20), [], []),
        (at(2, 24, 8, 59), [], []),
        (at(2, 24), ["before3"], []),
        (at(2, 26, 20), ["before3"], []),
        (at(2, 27), ["before1"], ["before3"]),
        (at(2, 28, 12), ["due"], ["before3", "before1"]),
        (at(3, 9), ["overdue7"], ["before3", "before1", "due", "overdue1", "overdue3"]),
        (at(3, 12, 8, 59), ["overdue7"], ["before3", "before1", "due", "overdue1", "overdue3"]),
        (at(3, 12), [], ["before3", "before1", "due", "overdue1", "overdue3", "overdue7"]),
    ],
)
def test_only_the_latest_step_goes_out_and_the_ones_before_are_missed(
    now: datetime, due: list[str], missed: list[str]
) -> None:
    assert steps(agenda(now)) == (due, missed)


def test_steps_before_going_live_do_not_exist_not_even_as_missed() -> None:
    found = agenda(at(2, 28, 12), starts_on=date(2017, 2, 27))
    assert steps(found) == (["due"], ["before1"])


def test_on_the_day_of_going_live_the_step_of_that_morning_still_counts() -> None:
    assert steps(agenda(at(2, 24, 15), starts_on=date(2017, 2, 24))) == (["before3"], [])


def test_what_was_planned_is_neither_sent_nor_missed_again() -> None:
    done = {Run("first_review", ONCE, DUE, "before3")}
    assert steps(agenda(at(2, 24, 12), done=done)) == ([], [])
    assert steps(agenda(at(2, 28), done=done)) == (["due"], ["before1"])


def test_a_moved_date_starts_a_ladder_of_its_own() -> None:
    done = {Run("first_review", ONCE, DUE, "before3")}
    moved = agenda(at(3, 3), owing(due_on=date(2017, 3, 6)), done=done)
    assert [(one.run.due_on, one.run.step) for one in moved.due] == [(date(2017, 3, 6), "before1")]


def test_units_with_the_same_item_and_date_go_together() -> None:
    found = agenda(at(2, 24), owing(1), owing(2), owing(3, date(2017, 2, 27)), owing(4, deliverable="launch"))
    groups = [(one.run.deliverable, one.run.due_on, [o.id for o in one.obligations]) for one in found.due]
    assert groups == [
        ("first_review", DUE, [1, 2]),
        ("first_review", date(2017, 2, 27), [3]),
        ("launch", DUE, [4]),
    ]


def test_what_has_no_date_is_never_reminded() -> None:
    assert agenda(at(2, 24), owing(due_on=None)) == Agenda((), ())


def test_a_reminder_is_of_use_until_the_next_step_but_three_days_at_most() -> None:
    [before1] = agenda(at(2, 27)).due
    [before3] = agenda(at(2, 24)).due
    [overdue7] = agenda(at(3, 9)).due
    assert before1.expires_at == at(2, 28)
    assert before3.expires_at == at(2, 27)
    assert overdue7.expires_at == at(3, 9) + USEFUL_FOR


@given(due_on=st.dates(date(2017, 1, 1), date(2026, 12, 31)))
def test_the_first_step_of_whatever_lies_beyond_the_horizon_is_still_to_come(due_on: date) -> None:
    first = steps_for(due_on, LADDER, CALENDAR)[0].at.astimezone(SHANGHAI).date()
    assert due_on <= horizon(LADDER, first)


@given(
    due_on=st.dates(date(2017, 1, 1), date(2017, 12, 31)),
    hours=st.integers(min_value=0, max_value=24 * 60),
    starts=st.dates(date(2017, 1, 1), date(2017, 12, 31)),
)
def test_sweeping_again_at_once_finds_nothing_new(due_on: date, hours: int, starts: date) -> None:
    now = datetime(2017, 1, 1, tzinfo=SHANGHAI) + timedelta(hours=hours * 6)
    first = agenda(now, owing(due_on=due_on), starts_on=starts)
    done = {one.run for one in first.due} | set(first.missed)
    assert len(first.due) <= 1
    assert agenda(now, owing(due_on=due_on), done=done, starts_on=starts) == Agenda((), ())
