"""看日志：学校的人看自己的，县看下级，市看全部，运维只看技术类；一页一页不重不漏。"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.audit_reading import PER_PAGE, TECHNICAL, LogPage
from bot.domain.clock import SimulatedClock
from bot.domain.errors import BadInput, Denied, WrongPlace
from bot.domain.services import Services
from storage.audit import AuditEntry
from storage.units import Unit
from storage.words import Role
from tests.domain.desk import enlist, in_group, privately
from tests.stage import (
    CITY,
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    FIRST,
    FIRST_ADMIN,
    MUNICIPAL,
    MUNICIPAL_ADMIN,
    OPERATOR,
    OTHER_SCHOOL,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
)

REVIEW = "review a submission (approve or return)"
BIND = "group settings (answer mode and quiet hours)"
DONE = (
    (THIRD_ADMIN, THIRD, "report training", THIRD.code),
    (FIRST_ADMIN, FIRST, "report training", FIRST.code),
    (COUNTY_ADMIN, COUNTY, REVIEW, THIRD.code),
    (COUNTY_ADMIN, COUNTY, BIND, COUNTY.code),
    (MUNICIPAL_ADMIN, MUNICIPAL, "report training", MUNICIPAL.code),
    (CITY_ADMIN, CITY, REVIEW, COUNTY.code),
    (TEACHER, None, "ask for a human", "question 1"),
)


@pytest.fixture
async def busy(staffed: Services) -> Services:
    """各级各做了一两件事。"""
    async with staffed.context.database.write() as stores:
        for qq, unit, action, target in DONE:
            await stores.audit.add(entry(staffed, qq, unit, action, target))
    return staffed


def entry(services: Services, qq: int, unit: Unit | None, action: str, target: str) -> AuditEntry:
    return AuditEntry(services.context.now(), qq, unit.code if unit else "", action, target, "done", {})


async def page(
    services: Services, qq: int, unit: Unit | None = None, days: int = 7, number: int = 1
) -> LogPage:
    return await services.audit_reading.page(privately(services, qq), unit, days, number)


def seen(found: LogPage) -> list[int]:
    """看到的是 DONE 里的第几件，先做的在前。"""
    keys = [(qq, action, target) for qq, _, action, target in DONE]
    known = [(one.actor_qq or 0, one.action, one.target) for one in reversed(found.entries)]
    return [keys.index(one) for one in known if one in keys]


async def test_a_school_sees_what_he_did_himself(busy: Services) -> None:
    assert seen(await page(busy, THIRD_ADMIN)) == [0]
    assert seen(await page(busy, THIRD_ADMIN, THIRD)) == [0]


async def test_a_county_sees_its_people_and_what_was_done_to_its_units(busy: Services) -> None:
    assert seen(await page(busy, COUNTY_ADMIN)) == [0, 1, 2, 3, 5]
    assert seen(await page(busy, COUNTY_ADMIN, THIRD)) == [0, 2]


async def test_the_city_sees_everything(busy: Services) -> None:
    assert seen(await page(busy, CITY_ADMIN)) == list(range(len(DONE)))
    assert seen(await page(busy, CITY_ADMIN, MUNICIPAL)) == [4]


async def test_the_operator_sees_technical_matters_only(busy: Services) -> None:
    found = await page(busy, OPERATOR)
    assert seen(found) == [3]
    assert {one.action for one in found.entries} <= set(TECHNICAL)
    with pytest.raises(Denied):
        await page(busy, OPERATOR, THIRD)


@pytest.mark.parametrize(
    ("who", "unit"), [(COUNTY_ADMIN, OTHER_SCHOOL), (COUNTY_ADMIN, CITY), (COUNTY_ADMIN, MUNICIPAL)]
)
async def test_a_county_sees_nothing_beyond_its_border(busy: Services, who: int, unit: Unit) -> None:
    with pytest.raises(Denied):
        await page(busy, who, unit)


async def test_a_school_does_not_see_another_school(busy: Services) -> None:
    with pytest.raises(Denied, match="只能看自己的操作日志"):
        await page(busy, THIRD_ADMIN, FIRST)


async def test_a_countys_viewer_and_a_teacher_see_what_they_did_themselves(busy: Services) -> None:
    await enlist(busy, 30001, COUNTY, Role.INFO_VIEWER)
    assert seen(await page(busy, 30001)) == []
    assert seen(await page(busy, TEACHER)) == [6]
    with pytest.raises(Denied):
        await page(busy, 30001, THIRD)


async def test_the_log_is_private(busy: Services) -> None:
    with pytest.raises(WrongPlace):
        await busy.audit_reading.page(in_group(busy, CITY_ADMIN), None, 7, 1)


async def test_only_the_wanted_days_are_shown(busy: Services, clock: SimulatedClock) -> None:
    clock.set(busy.context.now() + timedelta(days=8))
    assert (await page(busy, CITY_ADMIN)).entries == ()
    assert seen(await page(busy, CITY_ADMIN, days=9)) == list(range(len(DONE)))


@pytest.mark.parametrize("days", [0, -1, 367, 9999])
async def test_an_odd_number_of_days_is_refused(busy: Services, days: int) -> None:
    with pytest.raises(BadInput, match="天数请写 1 到 366"):
        await page(busy, CITY_ADMIN, days=days)


async def test_pages_neither_repeat_nor_skip(busy: Services) -> None:
    async with busy.context.database.write() as stores:
        for number in range(2 * PER_PAGE):
            await stores.audit.add(entry(busy, CITY_ADMIN, CITY, REVIEW, f"question {number}"))
    pages = [await page(busy, CITY_ADMIN, number=number) for number in (1, 2, 3)]
    numbers = [one.target for found in pages for one in found.entries if one.action == REVIEW]
    assert [len(one.entries) for one in pages[:2]] == [PER_PAGE, PER_PAGE]
    assert numbers[: 2 * PER_PAGE] == [f"question {number}" for number in reversed(range(2 * PER_PAGE))]
    assert sum(len(one.entries) for one in pages) == pages[0].total
    assert (await page(busy, CITY_ADMIN, number=99)).page == 3


async def test_units_are_named(busy: Services) -> None:
    names = (await page(busy, COUNTY_ADMIN)).names
    assert names[THIRD.code] == "岳阳县第三中学"
    assert "question 1" not in names
