"""没写单位指的是谁：只有一个就是他自己的，有几个就请他写明，重名先认自己管的。"""

from __future__ import annotations

import pytest

from bot.domain.errors import Ambiguous, BadInput, Denied, NotFound
from bot.domain.services import Services
from bot.domain.targets import target_unit
from storage.words import Role
from tests.domain.desk import enlist, privately
from tests.stage import (
    CITY_ADMIN,
    COUNTY_ADMIN,
    FIRST,
    OTHER_COUNTY_ADMIN,
    OTHER_SCHOOL,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
)

REPORT = "report first review and quarter"
FILE = "file a change notice"


async def test_without_a_name_ones_only_unit_is_meant(staffed: Services) -> None:
    assert target_unit(staffed.context, privately(staffed, THIRD_ADMIN), REPORT, "") == THIRD
    assert target_unit(staffed.context, privately(staffed, THIRD_ADMIN), REPORT, "  ") == THIRD


async def test_of_several_units_the_one_where_it_is_allowed_is_meant(staffed: Services) -> None:
    await enlist(staffed, THIRD_ADMIN, FIRST, Role.INFO_VIEWER)
    assert target_unit(staffed.context, privately(staffed, THIRD_ADMIN), FILE, "") == THIRD


async def test_with_several_such_units_one_is_asked_to_name_it(staffed: Services) -> None:
    await enlist(staffed, THIRD_ADMIN, FIRST)
    with pytest.raises(BadInput, match="请写明单位：岳阳县第三中学、岳阳县第一中学"):
        target_unit(staffed.context, privately(staffed, THIRD_ADMIN), REPORT, "")


async def test_two_roles_at_one_school_are_one_unit(staffed: Services) -> None:
    await enlist(staffed, THIRD_ADMIN, THIRD, Role.SYSTEM_ADMIN)
    assert target_unit(staffed.context, privately(staffed, THIRD_ADMIN), REPORT, "") == THIRD


async def test_a_short_name_means_the_school_of_ones_own_county(staffed: Services) -> None:
    assert target_unit(staffed.context, privately(staffed, COUNTY_ADMIN), REPORT, "县三中") == THIRD
    other = privately(staffed, OTHER_COUNTY_ADMIN)
    assert target_unit(staffed.context, other, REPORT, "县三中") == OTHER_SCHOOL
    with pytest.raises(Ambiguous):
        target_unit(staffed.context, privately(staffed, CITY_ADMIN), REPORT, "县三中")


async def test_who_may_not_do_it_at_all_hears_that_and_not_whether_a_unit_exists(staffed: Services) -> None:
    for text in ("", "岳阳县第三中学", "没有的学校"):
        with pytest.raises(Denied, match="还没有登记"):
            target_unit(staffed.context, privately(staffed, TEACHER), REPORT, text)


async def test_an_unknown_name_is_answered_with_the_nearest(staffed: Services) -> None:
    with pytest.raises(NotFound, match="是不是"):
        target_unit(staffed.context, privately(staffed, COUNTY_ADMIN), REPORT, "岳阳县第三中雪")
