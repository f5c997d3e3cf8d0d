import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.clock import SHANGHAI
from bot.domain.ladder import Step, current_step, next_step, steps_for
from bot.domain.workdays import WorkCalendar
from bot.plan import Ladder

CALENDAR = WorkCalendar()
LADDER = Ladder()
FIRST_REVIEW = steps_for(date(2017, 2, 28), LADDER, CALENDAR)


def days(steps: tuple[Step, ...]) -> list[tuple[str, str]]:
    return [(step.key, f"{step.at:%m-%d}") for step in steps]


def test_first_review_2017() -> None:
    assert days(FIRST_REVIEW) == [
        ("before10", "02-17"),
        ("before3", "02-24"),
        ("before1", "02-27"),
        ("due", "02-28"),
        ("overdue1", "03-01"),
        ("overdue3", "03-03"),
        ("overdue7", "03-09"),
    ]


def test_labels_count_from_the_day_the_message_really_goes_out() -> None:
    assert [step.label for step in FIRST_REVIEW] == [
        "还有11天",
        "还有4天",
        "还有1天",
        "今天截止",
        "已逾期1个工作日",
        "已逾期3个工作日",
        "已逾期7个工作日",
    ]


def test_a_quarter_due_on_saturday_merges_into_friday() -> None:
    steps = steps_for(date(2017, 3, 25), LADDER, CALENDAR)
    assert days(steps) == [
        ("before10", "03-15"),
        ("before3", "03-22"),
        ("due", "03-24"),
        ("overdue1", "03-27"),
        ("overdue3", "03-29"),
        ("overdue7", "04-05"),
    ]
    assert steps[2].label == "还有1天"


def test_spring_festival_is_left_in_peace() -> None:
    assert days(steps_for(date(2017, 1, 31), LADDER, CALENDAR)) == [
        ("before10", "01-20"),
        ("due", "01-26"),
        ("overdue1", "02-03"),
        ("overdue3", "02-06"),
        ("overdue7", "02-10"),
    ]


def test_a_worked_saturday_takes_a_reminder() -> None:
    assert ("due", "02-04") in days(steps_for(date(2017, 2, 5), LADDER, CALENDAR))


def test_reminders_go_out_at_nine_in_beijing() -> None:
    assert FIRST_REVIEW[0].at == datetime(2017, 2, 17, 1, 0, tzinfo=UTC)


def test_the_plan_sets_the_hour_and_the_steps() -> None:
    ladder = Ladder(before=(5,), on_day=False, overdue=(2,), at=clock(14, 30))
    steps = steps_for(date(2017, 2, 28), ladder, CALENDAR)
    assert [(step.key, f"{step.at:%m-%d %H:%M}") for step in steps] == [
        ("before5", "02-23 14:30"),
        ("overdue2", "03-02 14:30"),
    ]


def test_days_tell_before_on_and_after() -> None:
    assert [step.days for step in FIRST_REVIEW] == [10, 3, 1, 0, -1, -3, -7]


def test_before_the_first_step_nothing_is_current() -> None:
    now = datetime(2017, 2, 17, 8, 59, tzinfo=SHANGHAI)
    following = next_step(FIRST_REVIEW, now)
    assert current_step(FIRST_REVIEW, now) is None
    assert following is not None
    assert following.key == "before10"


def test_a_step_is_current_from_its_very_moment() -> None:
    now = datetime(2017, 2, 24, 9, 0, tzinfo=SHANGHAI)
    current, following = current_step(FIRST_REVIEW, now), next_step(FIRST_REVIEW, now)
    assert current is not None
    assert following is not None
    assert (current.key, following.key) == ("before3", "before1")


def test_after_the_last_step_nothing_follows() -> None:
    now = datetime(2017, 4, 1, tzinfo=UTC)
    current = current_step(FIRST_REVIEW, now)
    assert current is not None
    assert current.key == "overdue7"
    assert next_step(FIRST_REVIEW, now) is None


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York"])
def process_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_the_time_zone_of_the_process_does_not_matter(process_zone: str) -> None:
    steps = steps_for(date(2017, 2, 28), LADDER, CALENDAR)
    assert [step.at.isoformat() for step in steps][:2] == [
        "2017-02-17T09:00:00+08:00",
        "2017-02-24T09:00:00+08:00",
    ], process_zone


due_days = st.dates(date(2017, 1, 1), date(2056, 12, 31))


@given(due_days)
def test_steps_fall_on_different_working_days_in_order(due_on: date) -> None:
    sent = [step.at.date() for step in steps_for(due_on, LADDER, CALENDAR)]
    assert sent == sorted(set(sent))
    assert all(map(CALENDAR.is_working, sent))


@given(due_days)
def test_the_due_step_always_survives_and_is_never_late(due_on: date) -> None:
    steps = {step.key: step for step in steps_for(due_on, LADDER, CALENDAR)}
    assert steps["due"].at.date() == CALENDAR.previous_or_same(due_on)
    assert all(step.at.date() > due_on for step in steps.values() if step.days < 0)


@given(due_days)
def test_a_label_names_the_calendar_days_that_are_left(due_on: date) -> None:
    for step in steps_for(due_on, LADDER, CALENDAR):
        left = (due_on - step.at.date()).days
        ahead = f"还有{left}天" if left else "今天截止"
        assert step.label == (ahead if step.days >= 0 else f"已逾期{-step.days}个工作日")


@given(st.dates(date(2027, 2, 1), date(2056, 12, 1)))
def test_beyond_the_published_calendar_only_weekends_move_a_step(due_on: date) -> None:
    def friday_before(day: date) -> date:
        past_friday = (day - date(2000, 1, 1)).days % 7 + 1  # 2000-01-01 是星期六
        return day - timedelta(days=past_friday) if past_friday < 3 else day

    expected = {friday_before(due_on - timedelta(days=number)) for number in (10, 3, 1, 0)}
    steps = steps_for(due_on, LADDER, CALENDAR)
    assert {step.at.date() for step in steps if step.days >= 0} == expected
