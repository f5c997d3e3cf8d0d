"""县里的季报日：县给自己的学校定，不晚于全市的 25 日；定了以后还没过的季报跟着改。"""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.clock import SimulatedClock
from bot.domain.errors import BadInput, Denied, WrongPlace
from bot.domain.services import Services
from storage.units import Unit
from storage.words import Role
from tests.domain.desk import enlist, in_group, move, privately, standing
from tests.stage import (
    CITY,
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    OTHER_COUNTY_ADMIN,
    OTHER_SCHOOL,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
)


async def due(services: Services, unit: Unit, period: str = "2017Q1") -> tuple[date | None, date | None]:
    found = await standing(services, unit, "quarterly", period)
    return found.due_on, found.final_due_on


async def test_the_county_sets_its_own_day_and_the_citys_day_stays(staffed: Services) -> None:
    await staffed.milestones.set_county_day(privately(staffed, COUNTY_ADMIN), COUNTY, 15)
    assert await due(staffed, THIRD) == (date(2017, 3, 15), date(2017, 3, 25))
    assert await due(staffed, COUNTY) == (date(2017, 3, 25), date(2017, 3, 25))
    assert await due(staffed, OTHER_SCHOOL) == (date(2017, 3, 20), date(2017, 3, 25))


async def test_the_city_may_set_it_for_a_county(staffed: Services) -> None:
    await staffed.milestones.set_county_day(privately(staffed, CITY_ADMIN), COUNTY, 25)
    assert await due(staffed, THIRD) == (date(2017, 3, 25), date(2017, 3, 25))


@pytest.mark.parametrize("qq", [OTHER_COUNTY_ADMIN, THIRD_ADMIN, TEACHER])
async def test_nobody_else_sets_it(staffed: Services, qq: int) -> None:
    with pytest.raises(Denied):
        await staffed.milestones.set_county_day(privately(staffed, qq), COUNTY, 15)
    assert await due(staffed, THIRD) == (date(2017, 3, 20), date(2017, 3, 25))


async def test_a_viewer_of_the_county_does_not_set_it(staffed: Services) -> None:
    await enlist(staffed, TEACHER, COUNTY, Role.INFO_VIEWER)
    with pytest.raises(Denied):
        await staffed.milestones.set_county_day(privately(staffed, TEACHER), COUNTY, 15)


@pytest.mark.parametrize("day", [0, 26, 31, -1])
async def test_a_day_after_the_25th_or_no_day_is_refused(staffed: Services, day: int) -> None:
    with pytest.raises(BadInput, match="1 到 25 之间"):
        await staffed.milestones.set_county_day(privately(staffed, COUNTY_ADMIN), COUNTY, day)


@pytest.mark.parametrize("unit", [CITY, THIRD])
async def test_only_counties_have_such_a_day(staffed: Services, unit: Unit) -> None:
    with pytest.raises(BadInput, match="不是县市区"):
        await staffed.milestones.set_county_day(privately(staffed, CITY_ADMIN), unit, 15)


async def test_it_is_set_privately(staffed: Services) -> None:
    with pytest.raises(WrongPlace):
        await staffed.milestones.set_county_day(in_group(staffed, COUNTY_ADMIN), COUNTY, 15)


async def test_a_quarter_that_is_over_keeps_its_day(staffed: Services, clock: SimulatedClock) -> None:
    move(clock, 4, 3)
    await staffed.duties.refresh()
    await staffed.milestones.set_county_day(privately(staffed, COUNTY_ADMIN), COUNTY, 15)
    assert await due(staffed, THIRD, "2017Q1") == (date(2017, 3, 20), date(2017, 3, 25))
    assert await due(staffed, THIRD, "2017Q2") == (date(2017, 6, 15), date(2017, 6, 25))


async def test_reminders_follow_the_countys_day(staffed: Services) -> None:
    await staffed.milestones.set_county_day(privately(staffed, COUNTY_ADMIN), COUNTY, 15)
    foreseen = await staffed.reminder_control.foresee(date(2017, 3, 1), date(2017, 3, 15))
    dates = {
        one.at.date().isoformat()
        for one in foreseen
        if one.unit == THIRD and one.duty.deliverable == "quarterly"
    }
    assert dates == {"2017-03-03", "2017-03-10", "2017-03-14", "2017-03-15"}
