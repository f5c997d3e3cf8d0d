from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.obligations import Duty, duties_of, history_of
from bot.plan import load_plan
from storage.units import Unit
from storage.words import UnitKind

PLAN = load_plan()
CITY = Unit("430600", "岳阳市", UnitKind.CITY)
COUNTY = Unit("430621", "岳阳县", UnitKind.COUNTY, parent_code="430600")
MUNICIPAL = Unit("430600001", "岳阳市第一中学", UnitKind.MUNICIPAL_SCHOOL, parent_code="430600")
SCHOOL = Unit("430621001", "岳阳县第三中学", UnitKind.SCHOOL, parent_code="430621")
BEGINNING = date(2016, 12, 1)
DEMO = date(2017, 2, 20)


def owed(unit: Unit, starts_on: date = BEGINNING, until: date = date(2017, 3, 31)) -> list[tuple[str, str]]:
    return [
        (duty.deliverable, duty.period) for duty in duties_of(unit, PLAN, starts_on=starts_on, until=until)
    ]


def quarterly(unit: Unit, starts_on: date, until: date, county_day: int | None = None) -> list[Duty]:
    duties = duties_of(unit, PLAN, starts_on=starts_on, until=until, county_day=county_day)
    return [duty for duty in duties if duty.deliverable == "quarterly"]


def test_the_city_reports_for_itself_and_owes_no_quarter() -> None:
    assert owed(CITY) == [("training", "once"), ("bureau_review", "once"), ("finish", "once")]


def test_a_county_owes_its_review_and_the_quarter() -> None:
    assert owed(COUNTY) == [
        ("training", "once"),
        ("bureau_review", "once"),
        ("finish", "once"),
        ("quarterly", "2017Q1"),
        ("quarterly", "2017Q2"),
        ("work_plan", "once"),
    ]


def test_a_municipal_school_owes_everything_of_a_school() -> None:
    assert [key for key, _ in owed(MUNICIPAL, until=date(2017, 3, 1))] == [
        "training",
        "launch",
        "first_review",
        "finish",
        "quarterly",
        "work_plan",
        "responsibility_letter",
        "commitment",
    ]


def test_a_county_school_owes_no_work_plan_and_no_commitment_form() -> None:
    assert [key for key, _ in owed(SCHOOL, until=date(2017, 3, 1))] == [
        "training",
        "launch",
        "first_review",
        "finish",
        "quarterly",
        "responsibility_letter",
    ]


def test_dates_before_going_live_are_history_and_no_duty() -> None:
    assert [key for key, _ in owed(SCHOOL, DEMO, DEMO)] == [
        "first_review",
        "finish",
        "quarterly",
        "responsibility_letter",
    ]
    past = history_of(SCHOOL, PLAN, DEMO)
    assert [(duty.deliverable, duty.due_on) for duty in past] == [
        ("training", date(2016, 12, 30)),
        ("launch", date(2017, 1, 10)),
    ]


def test_what_is_due_on_the_very_first_day_is_owed() -> None:
    assert ("first_review", "once") in owed(SCHOOL, date(2017, 2, 28))
    assert ("first_review", "once") not in owed(SCHOOL, date(2017, 3, 1))


@pytest.mark.parametrize(
    ("unit", "receiver"), [(CITY, None), (COUNTY, "430600"), (MUNICIPAL, "430600"), (SCHOOL, "430621")]
)
def test_the_receiver_is_the_unit_above(unit: Unit, receiver: str | None) -> None:
    duties = duties_of(unit, PLAN, starts_on=BEGINNING, until=DEMO)
    assert {duty.receiver_code for duty in duties} == {receiver}


def test_undated_deliverables_have_no_day() -> None:
    duties = duties_of(MUNICIPAL, PLAN, starts_on=DEMO, until=DEMO)
    undated = {duty.deliverable for duty in duties if duty.due_on is None and duty.final_due_on is None}
    assert undated == {"work_plan", "responsibility_letter", "commitment"}


@pytest.mark.parametrize("unit", [COUNTY, MUNICIPAL])
def test_who_reports_to_the_city_has_the_25th_only(unit: Unit) -> None:
    (duty,) = quarterly(unit, DEMO, DEMO, county_day=15)
    assert (duty.due_on, duty.final_due_on) == (date(2017, 3, 25), date(2017, 3, 25))


def test_a_county_school_has_the_day_of_its_county_and_the_25th() -> None:
    (default,) = quarterly(SCHOOL, DEMO, DEMO)
    (own,) = quarterly(SCHOOL, DEMO, DEMO, county_day=15)
    assert (default.due_on, default.final_due_on) == (date(2017, 3, 20), date(2017, 3, 25))
    assert (own.due_on, own.final_due_on) == (date(2017, 3, 15), date(2017, 3, 25))


def test_going_live_between_both_days_owes_the_quarter_by_the_citys_day() -> None:
    (duty,) = quarterly(SCHOOL, date(2017, 3, 22), date(2017, 3, 22))
    assert (duty.period, duty.due_on, duty.final_due_on) == ("2017Q1", date(2017, 3, 25), date(2017, 3, 25))


def test_going_live_after_the_25th_starts_with_the_next_quarter() -> None:
    assert [duty.period for duty in quarterly(SCHOOL, date(2017, 3, 26), date(2017, 3, 26))] == ["2017Q2"]


def test_the_first_quarter_is_the_first_of_2017() -> None:
    assert [duty.period for duty in quarterly(COUNTY, date(2016, 1, 1), date(2017, 1, 5))] == ["2017Q1"]
    assert quarterly(COUNTY, date(2016, 1, 1), date(2016, 12, 25)) == []


def test_a_new_quarter_begins_on_the_26th() -> None:
    assert [duty.period for duty in quarterly(COUNTY, DEMO, date(2017, 3, 25))] == ["2017Q1"]
    assert [duty.period for duty in quarterly(COUNTY, DEMO, date(2017, 3, 26))] == ["2017Q1", "2017Q2"]


@pytest.mark.parametrize("day", [0, 26])
def test_a_county_day_after_the_25th_is_refused(day: int) -> None:
    with pytest.raises(ValueError, match="1 到 25 日"):
        quarterly(SCHOOL, DEMO, DEMO, county_day=day)


def test_a_closed_school_owes_nothing_after_it_closed() -> None:
    closed = replace(SCHOOL, closed_on=date(2017, 2, 27))
    assert duties_of(closed, PLAN, starts_on=DEMO, until=date(2017, 12, 31)) == ()


def test_a_school_that_closes_later_owes_until_then() -> None:
    closing = replace(SCHOOL, closed_on=date(2017, 6, 30))
    duties = duties_of(closing, PLAN, starts_on=DEMO, until=date(2017, 12, 31))
    assert [(duty.deliverable, duty.period) for duty in duties] == [
        ("first_review", "once"),
        ("finish", "once"),
        ("quarterly", "2017Q1"),
        ("quarterly", "2017Q2"),
    ]


def test_a_closed_school_has_no_history_after_it_closed() -> None:
    closed = replace(SCHOOL, closed_on=date(2017, 1, 5))
    assert [duty.deliverable for duty in history_of(closed, PLAN, DEMO)] == ["training"]


dates = st.dates(date(2016, 1, 1), date(2056, 12, 31))


@given(st.sampled_from([CITY, COUNTY, MUNICIPAL, SCHOOL]), dates, st.integers(0, 800), st.integers(1, 25))
def test_duties_are_unique_and_never_older_than_the_start(
    unit: Unit, start: date, span: int, day: int
) -> None:
    until = date.fromordinal(start.toordinal() + span)
    duties = duties_of(unit, PLAN, starts_on=start, until=until, county_day=day)
    assert len({(duty.deliverable, duty.period) for duty in duties}) == len(duties)
    assert all(duty.final_due_on is None or duty.final_due_on >= start for duty in duties)
    past = {duty.deliverable for duty in history_of(unit, PLAN, start)}
    assert past.isdisjoint(duty.deliverable for duty in duties)


@given(st.sampled_from([COUNTY, MUNICIPAL, SCHOOL]), st.dates(date(2017, 1, 1), date(2056, 12, 31)))
def test_on_any_day_exactly_one_quarter_is_being_collected(unit: Unit, today: date) -> None:
    assert len(quarterly(unit, today, today)) == 1
