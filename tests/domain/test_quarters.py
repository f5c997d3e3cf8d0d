from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quarters import Quarter, parse_quarter, quarter_of

MARCH = date(2017, 3, 2)
quarters = st.builds(Quarter, st.integers(2017, 2056), st.integers(1, 4))
days = st.dates(date(2017, 1, 1), date(2056, 12, 31))


def test_a_quarter_is_written_for_the_database_and_for_people() -> None:
    assert Quarter(2017, 1).key == "2017Q1"
    assert Quarter(2017, 4).label == "2017年第四季度"


@pytest.mark.parametrize(
    ("number", "due"),
    [(1, date(2017, 3, 25)), (2, date(2017, 6, 25)), (3, date(2017, 9, 25)), (4, date(2017, 12, 25))],
)
def test_the_report_is_due_on_the_25th_of_the_last_month(number: int, due: date) -> None:
    assert Quarter(2017, number).due_on() == due


def test_a_county_may_set_its_own_day() -> None:
    assert Quarter(2017, 2).due_on(20) == date(2017, 6, 20)


def test_the_window_runs_from_the_26th_to_the_25th() -> None:
    assert Quarter(2017, 1).window == (date(2016, 12, 26), date(2017, 3, 25))
    assert Quarter(2017, 3).window == (date(2017, 6, 26), date(2017, 9, 25))


def test_there_is_no_fifth_quarter() -> None:
    with pytest.raises(ValueError, match="季度只有 1 到 4"):
        Quarter(2017, 5)


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (date(2017, 3, 25), "2017Q1"),
        (date(2017, 3, 26), "2017Q2"),
        (date(2017, 1, 1), "2017Q1"),
        (date(2016, 12, 26), "2017Q1"),
        (date(2017, 12, 25), "2017Q4"),
        (date(2017, 12, 31), "2018Q1"),
    ],
)
def test_changes_after_the_25th_count_in_the_next_quarter(day: date, key: str) -> None:
    assert quarter_of(day).key == key


def test_a_plan_with_another_day_moves_the_window() -> None:
    assert quarter_of(date(2017, 3, 28), 28) == Quarter(2017, 1)
    assert Quarter(2017, 2).window_until(28) == (date(2017, 3, 29), date(2017, 6, 28))


@given(days)
def test_every_day_lies_in_the_window_of_its_own_quarter(day: date) -> None:
    first, last = quarter_of(day).window
    assert first <= day <= last


@given(quarters)
def test_windows_follow_each_other_without_gap(quarter: Quarter) -> None:
    assert quarter.window[1] + timedelta(days=1) == quarter.next().window[0]
    assert quarter < quarter.next()
    assert quarter.next().previous() == quarter


@given(quarters, days)
def test_what_is_written_can_be_read_back(quarter: Quarter, today: date) -> None:
    assert parse_quarter(quarter.key, today) == quarter
    assert parse_quarter(quarter.label, today) == quarter


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2017Q1", "2017Q1"),
        ("2017q3", "2017Q3"),
        ("２０１７Ｑ１", "2017Q1"),
        ("2017年第一季度", "2017Q1"),
        ("2017年1季度", "2017Q1"),
        (" 2017 年 第 1 季度 ", "2017Q1"),
        ("17年二季度", "2017Q2"),
        ("一季度", "2017Q1"),
        ("第1季度", "2017Q1"),
        ("第１季度", "2017Q1"),
        ("本季度", "2017Q1"),
        ("上季度", "2016Q4"),
        ("下季度", "2017Q2"),
        ("去年四季度", "2016Q4"),
        ("今年三季度", "2017Q3"),
        ("四季度", "2016Q4"),
    ],
)
def test_quarters_as_people_write_them(text: str, key: str) -> None:
    quarter = parse_quarter(text, MARCH)
    assert quarter is not None
    assert quarter.key == key


@pytest.mark.parametrize(
    "text", ["", "2017", "1", "五季度", "2017Q5", "2017Q0", "第一学期", "2017年13季度", "季度"]
)
def test_what_is_no_quarter_is_none(text: str) -> None:
    assert parse_quarter(text, MARCH) is None


def test_this_quarter_after_the_25th_is_already_the_next_one() -> None:
    assert parse_quarter("本季度", date(2017, 3, 26)) == Quarter(2017, 2)


def test_a_quarter_without_year_follows_the_window_and_a_named_year_the_calendar() -> None:
    new_year_is_near = date(2016, 12, 27)
    assert parse_quarter("一季度", new_year_is_near) == Quarter(2017, 1)
    assert parse_quarter("四季度", new_year_is_near) == Quarter(2016, 4)
    assert parse_quarter("今年四季度", new_year_is_near) == Quarter(2016, 4)
