"""待办登记员：从方案补齐每个单位的待办，做过的不动，过去的不补，季度到了就添。"""

from __future__ import annotations

from datetime import date

from bot.domain.clock import SimulatedClock
from bot.domain.services import Services
from storage.obligations import Obligation
from storage.units import Unit
from storage.words import ObligationState
from tests.domain.desk import approve, move, report, standing
from tests.stage import CITY, COUNTY, COUNTY_ADMIN, MUNICIPAL, THIRD, THIRD_ADMIN, UNITS


async def owed(services: Services, unit: Unit) -> list[tuple[str, str, date | None]]:
    async with services.context.database.read() as stores:
        found = await stores.obligations.of_unit(unit.code)
    return [(one.deliverable, one.period, one.due_on) for one in found]


async def everything(services: Services) -> list[Obligation]:
    async with services.context.database.read() as stores:
        return [one for unit in UNITS for one in await stores.obligations.of_unit(unit.code)]


async def test_a_school_owes_what_the_plan_says_and_no_history(services: Services) -> None:
    assert await owed(services, THIRD) == [
        ("first_review", "once", date(2017, 2, 28)),
        ("quarterly", "2017Q1", date(2017, 3, 20)),
        ("finish", "once", date(2017, 3, 31)),
        ("responsibility_letter", "once", None),
    ]


async def test_a_municipal_school_a_county_and_the_city_owe_their_own(services: Services) -> None:
    assert {key for key, _, _ in await owed(services, MUNICIPAL)} == {
        "first_review",
        "quarterly",
        "finish",
        "work_plan",
        "responsibility_letter",
        "commitment",
    }
    assert {key for key, _, _ in await owed(services, COUNTY)} == {
        "bureau_review",
        "quarterly",
        "finish",
        "work_plan",
    }
    assert {key for key, _, _ in await owed(services, CITY)} == {"bureau_review", "finish"}


async def test_the_quarter_is_due_on_the_25th_at_the_city_and_earlier_at_the_county(
    services: Services,
) -> None:
    school = await standing(services, THIRD, "quarterly", "2017Q1")
    county = await standing(services, COUNTY, "quarterly", "2017Q1")
    assert (school.due_on, school.final_due_on, school.receiver_code) == (
        date(2017, 3, 20),
        date(2017, 3, 25),
        "YY04",
    )
    assert (county.due_on, county.final_due_on, county.receiver_code) == (
        date(2017, 3, 25),
        date(2017, 3, 25),
        "YY",
    )


async def test_refreshing_again_adds_nothing_and_changes_nothing(services: Services) -> None:
    before = await everything(services)
    assert await services.duties.refresh() == 0
    assert await everything(services) == before


async def test_what_is_done_stays_done(staffed: Services, clock: SimulatedClock) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    await approve(staffed, COUNTY_ADMIN, THIRD)
    move(clock, 6, 1)
    await staffed.duties.refresh()
    done = await standing(staffed, THIRD, "first_review")
    assert (done.state, done.reported_by) == (ObligationState.DONE, THIRD_ADMIN)


async def test_the_next_quarter_appears_on_the_26th(services: Services, clock: SimulatedClock) -> None:
    owing_quarter = sum(unit not in (CITY,) for unit in UNITS)
    move(clock, 3, 25, 23, 59)
    assert await services.duties.refresh() == 0
    move(clock, 3, 26, 0, 0)
    assert await services.duties.refresh() == owing_quarter
    assert [period for key, period, _ in await owed(services, THIRD) if key == "quarterly"] == [
        "2017Q1",
        "2017Q2",
    ]


async def test_after_a_long_stop_every_quarter_in_between_is_there(
    services: Services, clock: SimulatedClock
) -> None:
    move(clock, 12, 31)
    await services.duties.refresh()
    assert [period for key, period, _ in await owed(services, THIRD) if key == "quarterly"] == [
        "2017Q1",
        "2017Q2",
        "2017Q3",
        "2017Q4",
        "2018Q1",
    ]


async def test_no_unit_owes_one_thing_twice(services: Services, clock: SimulatedClock) -> None:
    move(clock, 9, 1)
    await services.duties.refresh()
    keys = [(one.unit_code, one.deliverable, one.period) for one in await everything(services)]
    assert len(keys) == len(set(keys))
