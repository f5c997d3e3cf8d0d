"""排提醒：只排还欠着的；群里 @ 管理员、私聊告诉他、给审核单位数；一级台阶排一次，夜里不排。"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.domain.clock import SHANGHAI, SimulatedClock
from bot.domain.reminding import DIGEST_KIND, GROUP_KIND, PRIVATE_KIND, Pace, Recheck, Reminding
from bot.domain.services import Services
from storage.deliveries import Delivery
from storage.reminders import Run
from storage.words import Channel, ReminderState, Role
from tests.domain.desk import approve, bind, enlist, item, move, outbox, privately, report, standing
from tests.stage import (
    CITY,
    CITY_ADMIN,
    CITY_GROUP,
    COUNTY,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST,
    FIRST_ADMIN,
    MUNICIPAL_ADMIN,
    NURSERY,
    OTHER_COUNTY_ADMIN,
    OTHER_SCHOOL,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    THIRD_SYSTEM,
)


@pytest.fixture
async def bound(staffed: Services) -> Services:
    """两个群都绑定了。"""
    await bind(staffed, COUNTY_GROUP, COUNTY)
    await bind(staffed, CITY_GROUP, CITY)
    return staffed


async def planned(services: Services, kind: str) -> list[Delivery]:
    return [one for one in await outbox(services) if one.kind == kind]


async def runs(services: Services) -> set[Run]:
    async with services.context.database.read() as stores:
        return await stores.reminders.runs()


async def reminded_units(services: Services, delivery: Delivery) -> list[str]:
    async with services.context.database.read() as stores:
        return [row.unit_code for row in await stores.reminders.of_delivery(delivery.id)]


def recheck(services: Services) -> Recheck:
    return Recheck(services.context, services.reminding)


async def test_at_the_step_the_owing_units_are_reminded_in_group_and_privately(
    bound: Services, clock: SimulatedClock
) -> None:
    move(clock, 2, 24)
    assert await bound.reminding.plan_due() == 8
    groups = {one.target: await reminded_units(bound, one) for one in await planned(bound, GROUP_KIND)}
    assert groups == {COUNTY_GROUP: ["YY04-0001", "YY04-0002"], CITY_GROUP: ["YYS01"]}
    privately_told = {one.target for one in await planned(bound, PRIVATE_KIND)}
    assert privately_told == {THIRD_ADMIN, FIRST_ADMIN, MUNICIPAL_ADMIN}
    digests = {one.target: one.payload["root"] for one in await planned(bound, DIGEST_KIND)}
    assert digests == {COUNTY_ADMIN: "YY04", OTHER_COUNTY_ADMIN: "YY05", CITY_ADMIN: "YY"}


async def test_a_step_is_planned_once_however_often_one_looks(bound: Services, clock: SimulatedClock) -> None:
    move(clock, 2, 24)
    await bound.reminding.plan_due()
    before = await outbox(bound)
    move(clock, 2, 24, 20)
    assert await bound.reminding.plan_due() == 0
    assert await outbox(bound) == before


async def test_two_sweeps_at_the_same_time_plan_one_set(bound: Services, clock: SimulatedClock) -> None:
    move(clock, 2, 24)
    counts = await asyncio.gather(*(bound.reminding.plan_due() for _ in range(4)))
    assert sorted(counts) == [0, 0, 0, 8]


@pytest.mark.parametrize("moment", [(2, 20, 9), (2, 23, 20), (2, 24, 8)])
async def test_before_its_hour_nothing_is_planned(
    bound: Services, clock: SimulatedClock, moment: tuple[int, int, int]
) -> None:
    move(clock, *moment)
    assert await bound.reminding.plan_due() == 0
    assert await outbox(bound) == []


async def test_nothing_before_going_live_is_planned_or_called_missed(
    bound: Services, clock: SimulatedClock
) -> None:
    for day in range(20, 29):
        move(clock, 2, day)
        await bound.reminding.plan_due()
    assert {(run.deliverable, run.step) for run in await runs(bound)} == {
        ("first_review", "before3"),
        ("first_review", "before1"),
        ("first_review", "due"),
    }


async def test_who_reported_or_is_approved_is_left_in_peace(bound: Services, clock: SimulatedClock) -> None:
    await report(bound, THIRD_ADMIN, THIRD)
    await report(bound, FIRST_ADMIN, FIRST)
    await approve(bound, COUNTY_ADMIN, FIRST)
    move(clock, 2, 24)
    await bound.reminding.plan_due()
    assert {one.target for one in await planned(bound, PRIVATE_KIND)} == {MUNICIPAL_ADMIN}
    async with bound.context.database.read() as stores:
        assert await stores.reminders.of_unit(THIRD.code) == []
        assert await stores.reminders.of_unit(FIRST.code) == []


async def test_who_was_returned_owes_again_and_is_reminded(bound: Services, clock: SimulatedClock) -> None:
    await report(bound, THIRD_ADMIN, THIRD)
    await bound.reviewing.review(
        privately(bound, COUNTY_ADMIN), THIRD, item(bound, "first_review"), approve=False, reason="缺照片"
    )
    move(clock, 2, 24)
    await bound.reminding.plan_due()
    [told] = [one for one in await planned(bound, PRIVATE_KIND) if one.target == THIRD_ADMIN]
    final = await recheck(bound)(told)
    assert final is not None
    assert final[0]["units"] == [
        {"name": "岳阳县第三中学", "state": "returned", "reason": "缺照片", "final_due_on": "2017-02-28"}
    ]


async def test_after_a_long_stop_only_the_current_step_goes_out(
    bound: Services, clock: SimulatedClock
) -> None:
    move(clock, 3, 1, 10)
    await bound.reminding.plan_due()
    assert {one.payload["label"] for one in await outbox(bound)} == {"已逾期1个工作日"}
    steps = {run.step for run in await runs(bound) if run.deliverable == "first_review"}
    assert steps == {"before3", "before1", "due", "overdue1"}


async def test_planned_much_later_than_its_hour_a_reminder_says_so(
    bound: Services, clock: SimulatedClock
) -> None:
    move(clock, 2, 24, 15, 30)
    assert await bound.reminding.plan_due() == 8
    assert {one.payload["late"] for one in await outbox(bound)} == {True}


async def test_on_time_a_reminder_is_not_called_late(bound: Services, clock: SimulatedClock) -> None:
    move(clock, 2, 24, 9, 30)
    await bound.reminding.plan_due()
    assert {one.payload["late"] for one in await outbox(bound)} == {False}


async def test_messages_expire_at_the_next_step(bound: Services, clock: SimulatedClock) -> None:
    move(clock, 2, 24)
    await bound.reminding.plan_due()
    assert {one.expires_at for one in await outbox(bound)} == {datetime(2017, 2, 27, 9, tzinfo=SHANGHAI)}


async def test_county_schools_are_reminded_of_both_dates_of_the_quarter(
    bound: Services, clock: SimulatedClock
) -> None:
    move(clock, 3, 10)
    await bound.reminding.plan_due()
    told = [one for one in await planned(bound, PRIVATE_KIND) if one.payload["deliverable"] == "quarterly"]
    [third] = [one for one in told if one.target == THIRD_ADMIN]
    assert third.payload["due_on"] == "2017-03-20"
    final = await recheck(bound)(third)
    assert final is not None
    assert final[0]["units"][0]["final_due_on"] == "2017-03-25"
    assert MUNICIPAL_ADMIN not in {one.target for one in told}


async def test_one_person_with_two_schools_gets_one_message_with_both(
    bound: Services, clock: SimulatedClock
) -> None:
    await enlist(bound, THIRD_ADMIN, NURSERY)
    move(clock, 2, 24)
    await bound.reminding.plan_due()
    [told] = [one for one in await planned(bound, PRIVATE_KIND) if one.target == THIRD_ADMIN]
    assert await reminded_units(bound, told) == [THIRD.code, NURSERY.code]


async def test_the_person_with_the_right_role_is_reminded_else_info_or_system_admin(
    bound: Services, clock: SimulatedClock
) -> None:
    await enlist(bound, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    await enlist(bound, 20003, NURSERY, Role.SYSTEM_ADMIN)
    move(clock, 2, 24)
    await bound.reminding.plan_due()
    targets = {one.target for one in await planned(bound, PRIVATE_KIND)}
    assert THIRD_SYSTEM not in targets
    assert 20003 in targets


@pytest.mark.parametrize("role", [Role.INFO_VIEWER, Role.TRAINING_ADMIN])
async def test_viewers_and_training_admins_are_never_reminded_of_the_collection(
    bound: Services, clock: SimulatedClock, role: Role
) -> None:
    await enlist(bound, TEACHER, THIRD, role)
    for day in (21, 28, 30, 31):
        move(clock, 3, day)
        await bound.reminding.plan_due()
    finish = [one for one in await outbox(bound) if one.payload["deliverable"] == "finish"]
    assert finish
    assert TEACHER not in {one.target for one in await outbox(bound)}


async def test_a_county_is_reminded_of_its_own_duty_in_the_city_group(
    bound: Services, clock: SimulatedClock
) -> None:
    move(clock, 3, 10)
    await bound.reminding.plan_due()
    groups = {
        one.target: await reminded_units(bound, one)
        for one in await planned(bound, GROUP_KIND)
        if one.payload["deliverable"] == "bureau_review"
    }
    assert groups == {CITY_GROUP: ["YY", "YY04", "YY05"]}


async def test_many_people_are_mentioned_in_batches_spread_over_time(
    bound: Services, clock: SimulatedClock
) -> None:
    await enlist(bound, 20003, NURSERY)
    pace = Pace(batch_size=1, batches=2, pause=timedelta(minutes=30))
    move(clock, 2, 24)
    await Reminding(bound.context, pace).plan_due()
    batches = [one for one in await planned(bound, GROUP_KIND) if one.target == COUNTY_GROUP]
    assert [(one.payload["batch"], one.payload["batches"]) for one in batches] == [(1, 3), (2, 3), (3, 3)]
    first = batches[0].due_at
    assert [one.due_at - first for one in batches] == [timedelta(), timedelta(), timedelta(minutes=30)]
    units = [await reminded_units(bound, one) for one in batches]
    assert units == [[THIRD.code], [FIRST.code], [NURSERY.code]]


async def test_a_group_whose_schools_have_no_administrator_hears_the_number(
    bound: Services, clock: SimulatedClock
) -> None:
    await bind(bound, 700003, bound.context.directory.tree.get("YY05"))
    move(clock, 2, 24)
    await bound.reminding.plan_due()
    [told] = [one for one in await planned(bound, GROUP_KIND) if one.target == 700003]
    final = await recheck(bound)(told)
    assert final is not None
    facts, mentions = final
    assert (facts["owing"], facts["unassigned"], mentions) == (1, 1, ())


async def test_rechecking_drops_who_reported_in_between(bound: Services, clock: SimulatedClock) -> None:
    move(clock, 2, 24)
    await bound.reminding.plan_due()
    await report(bound, THIRD_ADMIN, THIRD)
    told = {(one.kind, one.target): one for one in await outbox(bound)}
    assert await recheck(bound)(told[PRIVATE_KIND, THIRD_ADMIN]) is None
    final = await recheck(bound)(told[GROUP_KIND, COUNTY_GROUP])
    assert final is not None
    facts, mentions = final
    assert mentions == (FIRST_ADMIN,)
    assert (facts["owing"], facts["unassigned"]) == (2, 1)
    async with bound.context.database.read() as stores:
        states = {row.state for row, _ in await stores.reminders.of_unit(THIRD.code)}
        others = {row.state for row, _ in await stores.reminders.of_unit(FIRST.code)}
    assert states == {ReminderState.CANCELLED}
    assert others == {ReminderState.SCHEDULED}


async def test_rechecking_sends_nothing_when_nobody_owes_any_more(
    bound: Services, clock: SimulatedClock
) -> None:
    await enlist(bound, 20001, OTHER_SCHOOL)
    move(clock, 2, 24)
    await bound.reminding.plan_due()
    await report(bound, MUNICIPAL_ADMIN, bound.context.directory.tree.get("YYS01"))
    await report(bound, 20001, OTHER_SCHOOL)
    told = {(one.kind, one.target): one for one in await outbox(bound)}
    assert await recheck(bound)(told[GROUP_KIND, CITY_GROUP]) is None
    assert await recheck(bound)(told[DIGEST_KIND, OTHER_COUNTY_ADMIN]) is None
    assert await recheck(bound)(told[DIGEST_KIND, COUNTY_ADMIN]) is not None


async def test_the_digest_counts_the_schools_of_the_county_only(
    bound: Services, clock: SimulatedClock
) -> None:
    move(clock, 2, 24)
    await bound.reminding.plan_due()
    [digest] = [one for one in await planned(bound, DIGEST_KIND) if one.target == COUNTY_ADMIN]
    final = await recheck(bound)(digest)
    assert final is not None
    assert final[0]["names"] == ["岳阳县第三中学", "岳阳县第一中学", "岳阳县荣家湾中心幼儿园"]
    assert (final[0]["owing"], final[0]["unassigned"]) == (3, 1)


async def test_reminding_now_goes_out_once_an_hour(bound: Services, clock: SimulatedClock) -> None:
    owed = [await standing(bound, THIRD, "first_review")]
    move(clock, 2, 21, 10, 5)
    assert await bound.reminding.plan_now(owed) == 3
    move(clock, 2, 21, 10, 50)
    assert await bound.reminding.plan_now(owed) == 0
    move(clock, 2, 21, 11, 5)
    assert await bound.reminding.plan_now(owed) == 3
    assert {one.channel for one in await outbox(bound)} == {Channel.GROUP, Channel.PRIVATE}


async def test_reminding_one_school_now_does_not_hold_back_another(
    bound: Services, clock: SimulatedClock
) -> None:
    third, first = [await standing(bound, unit, "first_review") for unit in (THIRD, FIRST)]
    move(clock, 2, 21, 10, 5)
    await bound.reminding.plan_now([third])
    await bound.reminding.plan_now([third, first])
    told = [one.target for one in await planned(bound, PRIVATE_KIND)]
    assert sorted(told) == [THIRD_ADMIN, FIRST_ADMIN]


async def test_a_school_that_only_waits_for_its_review_is_not_reminded_to_finish(
    bound: Services, clock: SimulatedClock
) -> None:
    await report(bound, THIRD_ADMIN, THIRD)
    move(clock, 3, 28)
    await bound.reminding.plan_due()
    finish = {
        one.target for one in await planned(bound, PRIVATE_KIND) if one.payload["deliverable"] == "finish"
    }
    assert THIRD_ADMIN not in finish
    assert {FIRST_ADMIN, MUNICIPAL_ADMIN, COUNTY_ADMIN} <= finish


async def test_no_message_in_the_outbox_carries_a_name_or_a_phone(
    bound: Services, clock: SimulatedClock
) -> None:
    move(clock, 2, 24)
    await bound.reminding.plan_due()
    payloads = str([dict(one.payload) for one in await outbox(bound)])
    assert "王样例" not in payloads
    assert "138000" not in payloads
