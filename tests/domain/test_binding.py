"""绑定群：县绑自己的县，市哪里都能绑，运维只能绑；免打扰可以跨夜。"""

from __future__ import annotations

from datetime import time

import pytest

from bot.domain.binding import is_quiet
from bot.domain.errors import BadInput, Denied, WrongPlace, WrongState
from bot.domain.services import Services
from storage.groups import Group
from storage.units import Unit
from storage.words import AnswerMode, Role
from tests.domain.desk import bind, enlist, in_group, privately
from tests.stage import (
    CITY,
    CITY_ADMIN,
    CITY_GROUP,
    COUNTY,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    OPERATOR,
    OTHER_COUNTY,
    OTHER_COUNTY_ADMIN,
    START,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
)


def group(start: time | None, end: time | None) -> Group:
    return Group(COUNTY_GROUP, COUNTY.code, AnswerMode.MENTION, start, end, CITY_ADMIN, START)


async def test_a_county_binds_its_own_county_and_the_group_answers_when_mentioned(staffed: Services) -> None:
    bound = await staffed.binding.bind(in_group(staffed, COUNTY_ADMIN), COUNTY)
    assert (bound.unit_code, bound.answer_mode) == (COUNTY.code, AnswerMode.MENTION)
    assert in_group(staffed, TEACHER).group == bound
    assert staffed.context.directory.groups_of(COUNTY.code) == [bound]


@pytest.mark.parametrize("unit", [OTHER_COUNTY, CITY])
async def test_a_county_cannot_bind_another_county_or_the_city(staffed: Services, unit: Unit) -> None:
    with pytest.raises(Denied, match="你是岳阳县的管理员，只能绑定到岳阳县。"):
        await staffed.binding.bind(in_group(staffed, COUNTY_ADMIN), unit)
    assert staffed.context.directory.groups == {}


@pytest.mark.parametrize("qq", [CITY_ADMIN, OPERATOR])
async def test_the_city_and_the_operator_bind_any_county(staffed: Services, qq: int) -> None:
    assert (await staffed.binding.bind(in_group(staffed, qq), COUNTY)).unit_code == COUNTY.code
    assert (await staffed.binding.bind(in_group(staffed, qq), CITY)).unit_code == CITY.code


@pytest.mark.parametrize("qq", [THIRD_ADMIN, TEACHER])
async def test_schools_and_strangers_bind_nothing(staffed: Services, qq: int) -> None:
    with pytest.raises(Denied):
        await staffed.binding.bind(in_group(staffed, qq), COUNTY)


async def test_who_is_admin_of_two_counties_may_bind_either(staffed: Services) -> None:
    await enlist(staffed, COUNTY_ADMIN, OTHER_COUNTY)
    assert (await staffed.binding.bind(in_group(staffed, COUNTY_ADMIN), OTHER_COUNTY)).unit_code == "YY05"
    assert (await staffed.binding.bind(in_group(staffed, COUNTY_ADMIN), COUNTY)).unit_code == "YY04"


async def test_who_is_admin_of_a_county_and_the_city_may_bind_everything(staffed: Services) -> None:
    await enlist(staffed, COUNTY_ADMIN, CITY)
    assert (await staffed.binding.bind(in_group(staffed, COUNTY_ADMIN), OTHER_COUNTY)).unit_code == "YY05"


async def test_a_county_cannot_take_over_the_group_of_another(staffed: Services) -> None:
    await bind(staffed, COUNTY_GROUP, COUNTY)
    with pytest.raises(Denied, match="本群已经绑定到岳阳县，改绑请找市级管理员。"):
        await staffed.binding.bind(in_group(staffed, OTHER_COUNTY_ADMIN), OTHER_COUNTY)
    assert staffed.context.directory.groups[COUNTY_GROUP].unit_code == COUNTY.code


async def test_a_county_viewer_binds_nothing(staffed: Services) -> None:
    await enlist(staffed, TEACHER, CITY, Role.INFO_VIEWER)
    with pytest.raises(Denied):
        await staffed.binding.bind(in_group(staffed, TEACHER), COUNTY)


async def test_a_school_is_no_place_to_bind_a_group_to(staffed: Services) -> None:
    with pytest.raises(BadInput, match="“岳阳县第三中学”是学校。例如：/绑定 岳阳县"):
        await staffed.binding.bind(in_group(staffed, CITY_ADMIN), THIRD)


async def test_binding_is_done_in_the_group(staffed: Services) -> None:
    with pytest.raises(WrongPlace, match="要在工作群里发"):
        await staffed.binding.bind(privately(staffed, CITY_ADMIN), COUNTY)


async def test_binding_again_keeps_the_settings(staffed: Services) -> None:
    await staffed.binding.bind(in_group(staffed, COUNTY_ADMIN), COUNTY)
    await staffed.binding.set_answer_mode(in_group(staffed, COUNTY_ADMIN), AnswerMode.AUTO)
    await staffed.binding.set_quiet_hours(in_group(staffed, COUNTY_ADMIN), time(22, 0), time(7, 30))
    again = await staffed.binding.bind(in_group(staffed, CITY_ADMIN), CITY)
    assert (again.unit_code, again.answer_mode) == (CITY.code, AnswerMode.AUTO)
    assert (again.quiet_from, again.quiet_to) == (time(22, 0), time(7, 30))


async def test_settings_survive_a_restart(staffed: Services) -> None:
    await staffed.binding.bind(in_group(staffed, COUNTY_ADMIN), COUNTY)
    changed = await staffed.binding.set_quiet_hours(in_group(staffed, COUNTY_ADMIN), time(22, 0), time(7, 30))
    await staffed.context.directory.reload(staffed.context.database)
    stored = staffed.context.directory.groups[COUNTY_GROUP]
    assert (stored.quiet_from, stored.quiet_to) == (changed.quiet_from, changed.quiet_to)


async def test_an_unbound_group_has_nothing_to_set(staffed: Services) -> None:
    with pytest.raises(WrongState, match="还没有绑定，请先发：/绑定 岳阳县"):
        await staffed.binding.set_answer_mode(in_group(staffed, COUNTY_ADMIN), AnswerMode.AUTO)


@pytest.mark.parametrize("qq", [OTHER_COUNTY_ADMIN, OPERATOR, THIRD_ADMIN, TEACHER])
async def test_another_county_the_operator_and_schools_cannot_change_the_settings(
    staffed: Services, qq: int
) -> None:
    await bind(staffed, COUNTY_GROUP, COUNTY)
    with pytest.raises(Denied):
        await staffed.binding.set_answer_mode(in_group(staffed, qq), AnswerMode.AUTO)
    assert staffed.context.directory.groups[COUNTY_GROUP].answer_mode is AnswerMode.MENTION


async def test_the_city_changes_the_settings_of_a_county_group(staffed: Services) -> None:
    await bind(staffed, COUNTY_GROUP, COUNTY)
    changed = await staffed.binding.set_answer_mode(in_group(staffed, CITY_ADMIN), AnswerMode.OFF)
    assert changed.answer_mode is AnswerMode.OFF


async def test_a_county_cannot_change_the_settings_of_the_city_group(staffed: Services) -> None:
    await bind(staffed, CITY_GROUP, CITY)
    with pytest.raises(Denied, match="本群属于岳阳市"):
        await staffed.binding.set_answer_mode(in_group(staffed, COUNTY_ADMIN, CITY_GROUP), AnswerMode.AUTO)


async def test_an_admin_of_two_counties_changes_the_settings_of_both_groups(staffed: Services) -> None:
    await enlist(staffed, COUNTY_ADMIN, OTHER_COUNTY)
    await bind(staffed, CITY_GROUP, OTHER_COUNTY)
    who = in_group(staffed, COUNTY_ADMIN, CITY_GROUP)
    assert (await staffed.binding.set_answer_mode(who, AnswerMode.AUTO)).answer_mode is AnswerMode.AUTO


@pytest.mark.parametrize(
    ("start", "end", "quiet", "loud"),
    [
        (
            time(22, 0),
            time(7, 30),
            [time(22, 0), time(23, 59), time(0, 0), time(7, 29)],
            [time(7, 30), time(21, 59)],
        ),
        (time(12, 0), time(14, 0), [time(12, 0), time(13, 59)], [time(11, 59), time(14, 0), time(0, 0)]),
        (time(8, 0), time(8, 0), [], [time(8, 0), time(20, 0)]),
        (None, None, [], [time(0, 0), time(12, 0)]),
    ],
    ids=["跨夜", "午休", "起止相同就是没有", "没设"],
)
def test_quiet_hours(start: time | None, end: time | None, quiet: list[time], loud: list[time]) -> None:
    one = group(start, end)
    assert [at for at in (*quiet, *loud) if is_quiet(one, at)] == quiet
