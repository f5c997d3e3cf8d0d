from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.workdays import WorkCalendar

CALENDAR = WorkCalendar()
# 国务院办公厅关于 2017 年部分节假日安排的通知，手抄
HOLIDAYS_2017 = [
    (date(2017, 1, 1), date(2017, 1, 2)),
    (date(2017, 1, 27), date(2017, 2, 2)),
    (date(2017, 4, 2), date(2017, 4, 4)),
    (date(2017, 4, 29), date(2017, 5, 1)),
    (date(2017, 5, 28), date(2017, 5, 30)),
    (date(2017, 10, 1), date(2017, 10, 8)),
]
WORKING_WEEKENDS_2017 = {
    date(2017, 1, 22),
    date(2017, 2, 4),
    date(2017, 4, 1),
    date(2017, 5, 27),
    date(2017, 9, 30),
}
days = st.dates(date(2017, 1, 1), date(2056, 12, 31))
unpublished_days = st.dates(date(2027, 1, 1), date(2056, 12, 31))


def weekend_by_counting(day: date) -> bool:
    """2000-01-01 是星期六，由它数起，不用 weekday()。"""
    return (day - date(2000, 1, 1)).days % 7 in (0, 1)


def test_all_of_2017_follows_the_official_notice() -> None:
    for number in range(365):
        day = date(2017, 1, 1) + timedelta(days=number)
        holiday = any(first <= day <= last for first, last in HOLIDAYS_2017)
        expected = day in WORKING_WEEKENDS_2017 or not (holiday or weekend_by_counting(day))
        assert CALENDAR.is_working(day) == expected, day


def test_the_saturday_after_spring_festival_is_worked() -> None:
    assert CALENDAR.is_working(date(2017, 2, 4))
    assert not CALENDAR.is_working(date(2017, 2, 2))


@given(unpublished_days)
def test_years_without_a_published_calendar_know_weekends_only(day: date) -> None:
    assert CALENDAR.is_working(day) == (not weekend_by_counting(day))
    assert not CALENDAR.published(day.year)


@pytest.mark.parametrize("year", [2004, 2017, 2026])
def test_published_years_say_so(year: int) -> None:
    assert CALENDAR.published(year)


def test_years_before_the_first_calendar_are_not_published() -> None:
    assert not CALENDAR.published(2003)


def test_a_local_day_off_wins_over_the_calendar() -> None:
    local = WorkCalendar({date(2017, 3, 1): False, date(2017, 3, 5): True})
    assert not local.is_working(date(2017, 3, 1))
    assert local.is_working(date(2017, 3, 5))
    assert local.previous_or_same(date(2017, 3, 1)) == date(2017, 2, 28)


def test_the_whole_spring_festival_moves_back_to_the_last_day_of_work() -> None:
    for number in range(7):
        assert CALENDAR.previous_or_same(date(2017, 1, 27) + timedelta(days=number)) == date(2017, 1, 26)


def test_working_days_are_counted_across_the_festival() -> None:
    assert CALENDAR.nth_after(date(2017, 1, 26), 1) == date(2017, 2, 3)
    assert CALENDAR.nth_after(date(2017, 1, 26), 2) == date(2017, 2, 4)
    assert CALENDAR.nth_after(date(2017, 1, 26), 3) == date(2017, 2, 6)


def test_counting_starts_at_one() -> None:
    with pytest.raises(ValueError, match="从 1 数起"):
        CALENDAR.nth_after(date(2017, 3, 1), 0)


@given(days)
def test_previous_or_same_skips_days_off_only(day: date) -> None:
    found = CALENDAR.previous_or_same(day)
    assert CALENDAR.is_working(found)
    skipped = [found + timedelta(days=number) for number in range(1, (day - found).days + 1)]
    assert not any(map(CALENDAR.is_working, skipped))


@given(days, st.integers(1, 12))
def test_nth_after_has_n_working_days_in_between(day: date, n: int) -> None:
    found = CALENDAR.nth_after(day, n)
    between = [day + timedelta(days=number) for number in range(1, (found - day).days + 1)]
    assert CALENDAR.is_working(found)
    assert sum(map(CALENDAR.is_working, between)) == n
