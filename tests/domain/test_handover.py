"""移交：码用掉的那一刻换人，别的席位不动；没人接、收回了、移交人被停用了，都不生效。"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.actor import Assignment
from bot.domain.clock import SimulatedClock
from bot.domain.errors import BadInput, WrongPlace, WrongState
from bot.domain.registration import BAD_CODE, Enrolment, IssuedInvite
from bot.domain.services import Services
from bot.domain.succession import HANDED_OVER_KIND, SUCCEEDED_KIND
from storage.units import Unit
from storage.words import Role
from tests.domain.desk import audit_actions, enlist, in_group, outbox, privately
from tests.stage import (
    CITY,
    CITY_ADMIN,
    COUNTY_ADMIN,
    FIRST,
    FIRST_ADMIN,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    THIRD_SYSTEM,
)

SUCCESSOR = TEACHER


async def offered(
    services: Services, giver: int = THIRD_ADMIN, unit: Unit = THIRD, role: Role = Role.INFO_ADMIN
) -> IssuedInvite:
    return await services.handover.offer(privately(services, giver), Assignment(unit, role))


async def prepared(services: Services, code: str, qq: int = SUCCESSOR) -> Enrolment:
    return await services.registration.prepare(privately(services, qq), code, "李样例", "13800000006")


async def taken_over(services: Services, code: str, qq: int = SUCCESSOR) -> None:
    await services.registration.confirm(privately(services, qq), await prepared(services, code, qq))


def held(services: Services, qq: int) -> set[tuple[str, Role]]:
    return {(seat.unit.code, seat.role) for seat in privately(services, qq).assignments}


async def test_the_successor_sits_and_the_giver_leaves_that_seat_only(staffed: Services) -> None:
    await enlist(staffed, THIRD_ADMIN, THIRD, Role.TRAINING_ADMIN)
    await enlist(staffed, THIRD_ADMIN, FIRST, Role.INFO_ADMIN)
    await taken_over(staffed, (await offered(staffed)).code)
    assert held(staffed, SUCCESSOR) == {(THIRD.code, Role.INFO_ADMIN)}
    assert held(staffed, THIRD_ADMIN) == {
        (THIRD.code, Role.TRAINING_ADMIN),
        (FIRST.code, Role.INFO_ADMIN),
    }


async def test_nothing_changes_until_the_code_is_used(staffed: Services) -> None:
    issued = await offered(staffed)
    await prepared(staffed, issued.code)
    assert held(staffed, THIRD_ADMIN) == {(THIRD.code, Role.INFO_ADMIN)}
    assert held(staffed, SUCCESSOR) == set()


async def test_the_successor_sees_all_duties_of_the_role_and_who_hands_over(staffed: Services) -> None:
    enrolment = await prepared(staffed, (await offered(staffed)).code)
    plan = staffed.context.plan
    assert enrolment.duties == (*plan.role_duties[Role.INFO_ADMIN].duties, *plan.common_duties.duties)
    assert enrolment.handed_from == THIRD_ADMIN


async def test_the_giver_and_the_reviewer_are_told_once_each(staffed: Services) -> None:
    await taken_over(staffed, (await offered(staffed)).code)
    told = {(one.kind, one.target) for one in await outbox(staffed)}
    assert told == {(HANDED_OVER_KIND, THIRD_ADMIN), (SUCCEEDED_KIND, COUNTY_ADMIN)}


async def test_the_notices_carry_no_names_or_phones(staffed: Services) -> None:
    await taken_over(staffed, (await offered(staffed)).code)
    assert all("李样例" not in str(one.payload) for one in await outbox(staffed))
    assert all("13800000006" not in str(one.payload) for one in await outbox(staffed))


async def test_a_handed_over_seat_is_logged_with_giver_and_successor(staffed: Services) -> None:
    await taken_over(staffed, (await offered(staffed)).code)
    async with staffed.context.database.read() as stores:
        done, asked = await stores.audit.recent(2)
    assert (asked.action, asked.outcome, asked.actor_qq) == ("hand over own role", "offered", THIRD_ADMIN)
    assert (done.action, done.actor_qq) == ("redeem an invite code", SUCCESSOR)
    assert done.detail["handed_from"] == THIRD_ADMIN


async def test_a_cancelled_code_is_as_bad_as_a_wrong_one(staffed: Services) -> None:
    issued = await offered(staffed)
    assert await staffed.handover.cancel(privately(staffed, THIRD_ADMIN)) == 1
    with pytest.raises(BadInput) as caught:
        await prepared(staffed, issued.code)
    assert str(caught.value) == BAD_CODE


async def test_cancelling_between_reading_and_confirming_stops_the_handover(staffed: Services) -> None:
    enrolment = await prepared(staffed, (await offered(staffed)).code)
    await staffed.handover.cancel(privately(staffed, THIRD_ADMIN))
    with pytest.raises(BadInput):
        await staffed.registration.confirm(privately(staffed, SUCCESSOR), enrolment)
    assert held(staffed, THIRD_ADMIN) == {(THIRD.code, Role.INFO_ADMIN)}


async def test_cancelling_nothing_is_said(staffed: Services) -> None:
    with pytest.raises(WrongState, match="没有等人接的移交码"):
        await staffed.handover.cancel(privately(staffed, THIRD_ADMIN))


async def test_a_used_code_cannot_be_cancelled(staffed: Services) -> None:
    await enlist(staffed, THIRD_ADMIN, FIRST, Role.INFO_VIEWER)
    await taken_over(staffed, (await offered(staffed)).code)
    with pytest.raises(WrongState):
        await staffed.handover.cancel(privately(staffed, THIRD_ADMIN))


async def test_a_second_code_for_the_same_seat_voids_the_first(staffed: Services) -> None:
    first, second = await offered(staffed), await offered(staffed)
    with pytest.raises(BadInput):
        await prepared(staffed, first.code)
    await taken_over(staffed, second.code)


async def test_codes_for_two_seats_stand_side_by_side(staffed: Services) -> None:
    await enlist(staffed, THIRD_ADMIN, THIRD, Role.TRAINING_ADMIN)
    first = await offered(staffed)
    second = await offered(staffed, role=Role.TRAINING_ADMIN)
    await taken_over(staffed, first.code)
    await taken_over(staffed, second.code, FIRST_ADMIN)
    assert held(staffed, THIRD_ADMIN) == set()
    assert held(staffed, FIRST_ADMIN) == {(FIRST.code, Role.INFO_ADMIN), (THIRD.code, Role.TRAINING_ADMIN)}


async def test_the_code_lasts_three_days(staffed: Services, clock: SimulatedClock) -> None:
    issued = await offered(staffed)
    assert timedelta(hours=71, minutes=59) < issued.expires_at - staffed.context.now() <= timedelta(hours=72)
    clock.set(issued.expires_at)
    with pytest.raises(BadInput):
        await prepared(staffed, issued.code)
    assert held(staffed, THIRD_ADMIN) == {(THIRD.code, Role.INFO_ADMIN)}


async def test_two_successors_racing_give_one_winner(staffed: Services) -> None:
    issued = await offered(staffed)
    racers = [20001, 20002, 20003]
    enrolments = [await prepared(staffed, issued.code, qq) for qq in racers]
    outcomes = await asyncio.gather(
        *(
            staffed.registration.confirm(privately(staffed, qq), enrolment)
            for qq, enrolment in zip(racers, enrolments, strict=True)
        ),
        return_exceptions=True,
    )
    assert [str(one) for one in outcomes if one is not None] == [BAD_CODE] * 2
    assert len(staffed.context.directory.seats_of(THIRD.code)) == 1


async def test_nobody_takes_over_from_himself(staffed: Services) -> None:
    issued = await offered(staffed)
    with pytest.raises(WrongState, match="你自己的移交码"):
        await prepared(staffed, issued.code, THIRD_ADMIN)


async def test_a_frozen_giver_cannot_hand_over_any_more(staffed: Services) -> None:
    issued = await offered(staffed)
    enrolment = await prepared(staffed, issued.code)
    await staffed.standing.freeze(privately(staffed, COUNTY_ADMIN), THIRD_ADMIN, "调离")
    with pytest.raises(BadInput):
        await staffed.registration.confirm(privately(staffed, SUCCESSOR), enrolment)
    assert held(staffed, SUCCESSOR) == set()


async def test_a_frozen_person_does_not_come_back_by_a_code(staffed: Services) -> None:
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    await staffed.standing.freeze(privately(staffed, COUNTY_ADMIN), THIRD_SYSTEM, "账号借给别人")
    issued = await offered(staffed)
    with pytest.raises(WrongState, match=f"请岳阳县的管理员先恢复：/停用 恢复 {THIRD_SYSTEM}"):
        await prepared(staffed, issued.code, THIRD_SYSTEM)


async def test_the_only_city_admin_can_hand_over(staffed: Services) -> None:
    issued = await offered(staffed, CITY_ADMIN, CITY)
    await taken_over(staffed, issued.code)
    assert held(staffed, SUCCESSOR) == {(CITY.code, Role.INFO_ADMIN)}
    assert held(staffed, CITY_ADMIN) == set()
    assert [one.kind for one in await outbox(staffed)] == [HANDED_OVER_KIND]


async def test_the_seat_must_be_ones_own(staffed: Services) -> None:
    me = privately(staffed, THIRD_ADMIN)
    assert staffed.handover.seat(me, Role.INFO_ADMIN, None) == Assignment(THIRD, Role.INFO_ADMIN)
    with pytest.raises(BadInput, match="你没有登记为系统管理员"):
        staffed.handover.seat(me, Role.SYSTEM_ADMIN, None)
    with pytest.raises(BadInput, match="你不是岳阳县第一中学的信息管理员"):
        staffed.handover.seat(me, Role.INFO_ADMIN, FIRST)


async def test_one_role_at_two_units_asks_which(staffed: Services) -> None:
    await enlist(staffed, THIRD_ADMIN, FIRST, Role.INFO_ADMIN)
    me = privately(staffed, THIRD_ADMIN)
    with pytest.raises(BadInput, match="请写明单位：岳阳县第三中学、岳阳县第一中学"):
        staffed.handover.seat(me, Role.INFO_ADMIN, None)
    assert staffed.handover.seat(me, Role.INFO_ADMIN, FIRST).unit == FIRST


async def test_handing_over_is_a_private_matter(staffed: Services) -> None:
    with pytest.raises(WrongPlace):
        staffed.handover.seat(in_group(staffed, THIRD_ADMIN), Role.INFO_ADMIN, None)


async def test_the_code_itself_is_stored_nowhere(staffed: Services) -> None:
    issued = await offered(staffed)
    plain = issued.code.replace("-", "")
    assert all(
        issued.code not in str(entry) and plain not in str(entry) for entry in await audit_actions(staffed)
    )
    async with staffed.context.database.read() as stores:
        assert await stores.people.invite(plain) is None
        found = await stores.people.invite(stores.people.code_index(plain))
    assert found is not None
    assert (found.unit_code, found.role, found.handed_from) == (THIRD.code, Role.INFO_ADMIN, THIRD_ADMIN)
