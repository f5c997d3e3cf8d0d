"""每日摘要：工作日早上一次，只给有事的审核单位；没事不发，一天不发两遍，重启也不发第二遍。"""

from __future__ import annotations

from datetime import time

import pytest

from bot.domain.clock import SimulatedClock
from bot.domain.digest import DAILY_KIND, DailyDigest
from bot.domain.services import Services
from storage.deliveries import Delivery
from storage.words import Channel, Role
from tests.domain.desk import approve, enlist, move, outbox, report
from tests.stage import (
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    FIRST,
    FIRST_ADMIN,
    MUNICIPAL,
    MUNICIPAL_ADMIN,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
)


async def digests(services: Services) -> list[Delivery]:
    return [one for one in await outbox(services) if one.kind == DAILY_KIND]


async def test_reviewers_with_something_to_do_get_one_message(
    staffed: Services, clock: SimulatedClock
) -> None:
    move(clock, 2, 20, 10)
    await report(staffed, THIRD_ADMIN, THIRD)
    await report(staffed, FIRST_ADMIN, FIRST)
    await approve(staffed, COUNTY_ADMIN, FIRST)
    move(clock, 2, 21, 8, 30)
    assert await staffed.digest.run() == 1
    [one] = await digests(staffed)
    assert (one.channel, one.target) == (Channel.PRIVATE, COUNTY_ADMIN)
    assert one.payload == {
        "unit": "岳阳县",
        "since": "2017-02-20",
        "today": "2017-02-21",
        "fresh": 2,
        "waiting": 1,
        "overdue": 0,
        "oldest": {"unit": "岳阳县第三中学", "item": "初审", "on": "2017-02-20"},
    }


async def test_nothing_to_say_is_nothing_sent(staffed: Services, clock: SimulatedClock) -> None:
    move(clock, 2, 21, 8, 30)
    assert await staffed.digest.run() == 0
    assert await digests(staffed) == []


async def test_overdue_counts_what_schools_have_to_report(staffed: Services, clock: SimulatedClock) -> None:
    move(clock, 3, 1, 8, 30)
    assert await staffed.digest.run() == 3
    overdue = {one.target: one.payload["overdue"] for one in await digests(staffed)}
    assert overdue[COUNTY_ADMIN] == 3
    assert overdue[CITY_ADMIN] == 1


@pytest.mark.parametrize(
    ("day", "hour", "minute"),
    [((3, 1), 8, 29), ((3, 1), 12, 0), ((3, 4), 9, 0), ((3, 5), 9, 0)],
    ids=["没到点", "过了中午", "星期六", "星期日"],
)
async def test_only_on_working_mornings(
    staffed: Services, clock: SimulatedClock, day: tuple[int, int], hour: int, minute: int
) -> None:
    move(clock, *day, hour, minute)
    assert await staffed.digest.run() == 0


async def test_once_a_day_even_after_a_restart(staffed: Services, clock: SimulatedClock) -> None:
    move(clock, 3, 1, 8, 30)
    first = await staffed.digest.run()
    move(clock, 3, 1, 9, 0)
    assert await staffed.digest.run() == 0
    assert await DailyDigest(staffed.context).run() == 0
    assert len(await digests(staffed)) == first
    move(clock, 3, 2, 8, 30)
    assert await staffed.digest.run() == first


async def test_two_sweeps_at_once_plan_it_once(staffed: Services, clock: SimulatedClock) -> None:
    import asyncio

    move(clock, 3, 1, 8, 30)
    planned = await asyncio.gather(*(DailyDigest(staffed.context).run() for _ in range(4)))
    assert sorted(planned) == [0, 0, 0, 3]
    assert len({one.id for one in await digests(staffed)}) == 3


async def test_monday_looks_back_to_friday(staffed: Services, clock: SimulatedClock) -> None:
    move(clock, 2, 24, 16)
    await report(staffed, THIRD_ADMIN, THIRD)
    move(clock, 2, 27, 8, 30)
    await staffed.digest.run()
    [one] = await digests(staffed)
    assert (one.payload["since"], one.payload["fresh"]) == ("2017-02-24", 1)


async def test_every_info_admin_of_the_reviewer_gets_it_and_nobody_else(
    staffed: Services, clock: SimulatedClock
) -> None:
    await enlist(staffed, TEACHER, COUNTY)
    await enlist(staffed, 20002, COUNTY, Role.INFO_VIEWER)
    await report(staffed, THIRD_ADMIN, THIRD)
    await report(staffed, MUNICIPAL_ADMIN, MUNICIPAL)
    move(clock, 2, 21, 8, 30)
    await staffed.digest.run()
    assert {one.target for one in await digests(staffed)} == {COUNTY_ADMIN, TEACHER, CITY_ADMIN}


async def test_the_hour_is_a_setting(staffed: Services, clock: SimulatedClock) -> None:
    digest = DailyDigest(staffed.context, time(14, 0))
    move(clock, 3, 1, 13, 59)
    assert await digest.run() == 0
    move(clock, 3, 1, 16, 59)
    assert await digest.run() == 3
