"""教学点挂靠中心校：中心校的信息管理员可以替它报、看得到它欠什么、收它的提醒；别的学校不行，审核不变。"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import Denied
from bot.domain.progress_views import SchoolProgress
from bot.domain.responsible import responsible_seats
from bot.domain.services import Services
from storage.units import Unit
from storage.words import ObligationState, Role, SchoolType, UnitKind
from tests.domain.desk import NUMBERS, approve, enlist, history, item, privately, report, standing
from tests.stage import (
    COUNTY,
    COUNTY_ADMIN,
    FIRST,
    FIRST_ADMIN,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    THIRD_SYSTEM,
    UNITS,
)

POINT = Unit(
    "YY04-0009",
    "岳阳县样例教学点",
    UnitKind.SCHOOL,
    "YY04",
    SchoolType.TEACHING_POINT,
    central_school_code=THIRD.code,
)


@pytest.fixture
async def attached(staffed: Services) -> Services:
    """样例教学点挂靠县三中，自己没有管理员。"""
    await staffed.roster.save((*UNITS, POINT))
    await staffed.duties.refresh()
    return staffed


async def test_the_central_school_reports_for_it_under_its_own_seat(attached: Services) -> None:
    await report(attached, THIRD_ADMIN, POINT)
    stored = await standing(attached, POINT, "first_review")
    assert (stored.state, stored.numbers) == (ObligationState.REPORTED, NUMBERS)
    [step] = await history(attached, POINT, "first_review")
    assert (step.actor_qq, step.actor_unit) == (THIRD_ADMIN, THIRD.code)
    assert (await standing(attached, THIRD, "first_review")).state is ObligationState.OWING


async def test_the_county_still_reviews_it(attached: Services) -> None:
    await report(attached, THIRD_ADMIN, POINT)
    with pytest.raises(Denied):
        await approve(attached, THIRD_ADMIN, POINT)
    await approve(attached, COUNTY_ADMIN, POINT)
    assert (await standing(attached, POINT, "first_review")).state is ObligationState.DONE


async def test_it_may_be_withdrawn_by_the_central_school(attached: Services) -> None:
    await report(attached, THIRD_ADMIN, POINT)
    first_review = item(attached, "first_review")
    await attached.reporting.withdraw(privately(attached, THIRD_ADMIN), POINT, first_review)
    assert (await standing(attached, POINT, "first_review")).state is ObligationState.OWING


async def test_no_other_school_and_no_other_role_may(attached: Services) -> None:
    await enlist(attached, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    for qq in (FIRST_ADMIN, TEACHER, THIRD_SYSTEM):
        with pytest.raises(Denied):
            await report(attached, qq, POINT)


async def test_the_point_does_not_report_for_the_central_school(attached: Services) -> None:
    await enlist(attached, TEACHER, POINT)
    with pytest.raises(Denied):
        await report(attached, TEACHER, THIRD)


async def test_changes_of_its_teachers_stay_its_own(attached: Services) -> None:
    with pytest.raises(Denied):
        attached.context.require(privately(attached, THIRD_ADMIN), "file a change notice", POINT)


async def test_the_central_school_sees_what_its_points_owe(attached: Services) -> None:
    seen = await attached.progress.of(privately(attached, THIRD_ADMIN), THIRD, None)
    assert isinstance(seen, SchoolProgress)
    assert seen.points == ((POINT, 3),)
    other = await attached.progress.of(privately(attached, FIRST_ADMIN), FIRST, None)
    assert isinstance(other, SchoolProgress)
    assert other.points == ()
    assert isinstance(
        await attached.progress.of(privately(attached, THIRD_ADMIN), POINT, None), SchoolProgress
    )


async def test_it_is_not_without_anyone_as_long_as_its_central_school_has_somebody(
    attached: Services,
) -> None:
    seats = responsible_seats(attached.context, POINT.code, "first_review")
    assert [(seat.qq, seat.unit_code) for seat in seats] == [(THIRD_ADMIN, THIRD.code)]
    owing = await attached.progress.owing(
        privately(attached, COUNTY_ADMIN), COUNTY, item(attached, "first_review")
    )
    assert POINT.code not in owing.unassigned
    await enlist(attached, TEACHER, POINT)
    [own] = responsible_seats(attached.context, POINT.code, "first_review")
    assert own.qq == TEACHER


async def test_places_to_report_for_name_the_points_that_owe(attached: Services) -> None:
    assert await attached.reporting.places(privately(attached, THIRD_ADMIN)) == [THIRD, POINT]
    assert await attached.reporting.places(privately(attached, FIRST_ADMIN)) == [FIRST]


async def test_attached_elsewhere_it_is_reported_from_there(attached: Services) -> None:
    moved = replace(POINT, central_school_code=FIRST.code)
    await attached.roster.save((*UNITS, moved))
    await report(attached, FIRST_ADMIN, moved)
    with pytest.raises(Denied):
        await report(attached, THIRD_ADMIN, moved)
