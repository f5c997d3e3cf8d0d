"""进度与未报：各看各管的那一层，数得对；还欠着的就是没报和被退回的。"""

from __future__ import annotations

import pytest

from bot.domain.clock import SimulatedClock
from bot.domain.errors import Denied, NotFound
from bot.domain.progress import CityProgress, CountyProgress, SchoolProgress, Tally, tally_of
from bot.domain.services import Services
from storage.words import ObligationState, Role
from tests.domain.desk import approve, enlist, in_group, item, move, privately, report, standing
from tests.stage import (
    CITY,
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    FIRST,
    FIRST_ADMIN,
    MUNICIPAL,
    NURSERY,
    OTHER_COUNTY,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
)


async def one_of_each(services: Services) -> None:
    """三中通过，一中被退回，幼儿园没报。"""
    await report(services, THIRD_ADMIN, THIRD)
    await approve(services, COUNTY_ADMIN, THIRD)
    await report(services, FIRST_ADMIN, FIRST)
    await services.reviewing.review(
        privately(services, COUNTY_ADMIN),
        FIRST,
        item(services, "first_review"),
        approve=False,
        reason="缺照片",
    )


async def test_a_school_sees_its_own_items_in_order_of_their_dates_and_the_history(staffed: Services) -> None:
    seen = await staffed.progress.of(privately(staffed, THIRD_ADMIN), THIRD, None)
    assert isinstance(seen, SchoolProgress)
    assert [(one.deliverable.key, one.period) for one in seen.items] == [
        ("first_review", "once"),
        ("quarterly", "2017Q1"),
        ("finish", "once"),
        ("responsibility_letter", "once"),
    ]
    assert [one.key for one in seen.history] == ["training", "launch"]


async def test_a_historical_item_reported_late_is_no_history_any_more(staffed: Services) -> None:
    await staffed.reporting.report(privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "launch"), {}, "")
    seen = await staffed.progress.of(privately(staffed, THIRD_ADMIN), THIRD, None)
    assert isinstance(seen, SchoolProgress)
    assert [one.key for one in seen.history] == ["training"]
    assert "launch" in [one.deliverable.key for one in seen.items]


async def test_asking_for_one_item_shows_that_one_only(staffed: Services) -> None:
    seen = await staffed.progress.of(privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "finish"))
    assert isinstance(seen, SchoolProgress)
    assert [one.deliverable.key for one in seen.items] == ["finish"]
    with pytest.raises(NotFound, match="岳阳县第三中学没有“工作方案”这一项。"):
        await staffed.progress.of(privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "work_plan"))


async def test_a_county_sees_its_own_items_and_the_tallies_of_its_schools(staffed: Services) -> None:
    await one_of_each(staffed)
    seen = await staffed.progress.of(in_group(staffed, COUNTY_ADMIN), COUNTY, None)
    assert isinstance(seen, CountyProgress)
    tallies = {known.key: tally for known, _, tally in seen.tallies}
    assert tallies["first_review"] == Tally(total=3, done=1, waiting=0, returned=1, owing=1, late=0)
    assert tallies["finish"] == Tally(total=3, done=1, owing=2)
    assert "training" not in tallies
    assert seen.own[0].deliverable.key == "bureau_review"


async def test_waiting_and_late_reports_are_counted(staffed: Services, clock: SimulatedClock) -> None:
    move(clock, 3, 1)
    await report(staffed, THIRD_ADMIN, THIRD)
    seen = await staffed.progress.of(privately(staffed, COUNTY_ADMIN), COUNTY, item(staffed, "first_review"))
    assert isinstance(seen, CountyProgress)
    [(_, _, tally)] = seen.tallies
    assert tally == Tally(total=3, waiting=1, owing=2, late=1)


async def test_the_city_sees_one_line_for_each_county_and_itself(staffed: Services) -> None:
    await one_of_each(staffed)
    seen = await staffed.progress.of(privately(staffed, CITY_ADMIN), CITY, item(staffed, "first_review"))
    assert isinstance(seen, CityProgress)
    assert [(unit.name, tally.total, tally.done) for unit, tally in seen.rows] == [
        ("岳阳市", 1, 0),
        ("岳阳县", 3, 1),
        ("华容县", 1, 0),
    ]
    assert seen.total == Tally(total=5, done=1, returned=1, owing=3)


@pytest.mark.parametrize(
    ("day", "key"),
    [((2, 20), "first_review"), ((2, 28), "first_review"), ((3, 1), "finish"), ((4, 1), "quarterly")],
)
def test_without_a_name_the_nearest_date_to_come_is_meant(
    staffed: Services, clock: SimulatedClock, day: tuple[int, int], key: str
) -> None:
    move(clock, *day)
    assert staffed.progress.current_item().key == key


@pytest.mark.parametrize(
    ("day", "period"), [((3, 25), "2017Q1"), ((3, 26), "2017Q2"), ((6, 25), "2017Q2"), ((12, 26), "2018Q1")]
)
def test_the_quarter_after_the_25th_is_the_next_one(
    staffed: Services, clock: SimulatedClock, day: tuple[int, int], period: str
) -> None:
    move(clock, *day)
    assert staffed.progress.period_of(item(staffed, "quarterly")) == period
    assert staffed.progress.period_of(item(staffed, "first_review")) == "once"


async def test_owing_lists_those_that_have_not_reported_or_were_returned(staffed: Services) -> None:
    await one_of_each(staffed)
    owing = await staffed.progress.owing(
        privately(staffed, COUNTY_ADMIN), COUNTY, item(staffed, "first_review")
    )
    assert [unit for unit, _ in owing.units] == [FIRST, NURSERY]
    assert owing.due_on == item(staffed, "first_review").due
    assert owing.unassigned == {NURSERY.code}


async def test_a_report_waiting_for_review_is_not_owing(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    owing = await staffed.progress.owing(
        privately(staffed, COUNTY_ADMIN), COUNTY, item(staffed, "first_review")
    )
    assert THIRD not in [unit for unit, _ in owing.units]


async def test_the_city_counts_the_owing_by_county(staffed: Services) -> None:
    await one_of_each(staffed)
    owing = await staffed.progress.owing(privately(staffed, CITY_ADMIN), CITY, item(staffed, "first_review"))
    assert [(unit, number) for unit, number in owing.by_county] == [(CITY, 1), (COUNTY, 2), (OTHER_COUNTY, 1)]
    assert (MUNICIPAL in [unit for unit, _ in owing.units]) is True


async def test_nobody_owing_is_an_empty_list(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    owing = await staffed.progress.owing(
        privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "first_review")
    )
    assert owing.units == ()


async def test_status_follows_the_table(staffed: Services) -> None:
    await enlist(staffed, 20001, COUNTY, Role.INFO_VIEWER)
    await staffed.progress.of(privately(staffed, 20001), THIRD, None)
    for qq, unit in ((THIRD_ADMIN, FIRST), (THIRD_ADMIN, COUNTY), (TEACHER, THIRD), (COUNTY_ADMIN, CITY)):
        with pytest.raises(Denied):
            await staffed.progress.of(privately(staffed, qq), unit, None)
        with pytest.raises(Denied):
            await staffed.progress.owing(privately(staffed, qq), unit, None)


async def test_mine_shows_each_of_my_units_once(staffed: Services) -> None:
    await enlist(staffed, THIRD_ADMIN, THIRD, Role.SYSTEM_ADMIN)
    await enlist(staffed, THIRD_ADMIN, FIRST)
    seen = await staffed.progress.mine(privately(staffed, THIRD_ADMIN))
    assert [one.unit for one in seen] == [THIRD, FIRST]
    assert await staffed.progress.mine(privately(staffed, TEACHER)) == []


async def test_cancelled_items_are_no_part_of_the_total(staffed: Services) -> None:
    from dataclasses import replace

    owed = await standing(staffed, THIRD, "first_review")
    states = (ObligationState.DONE, ObligationState.CANCELLED, ObligationState.OWING)
    assert tally_of([replace(owed, state=state) for state in states]) == Tally(total=2, done=1, owing=1)
