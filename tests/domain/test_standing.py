"""停用：只停管得着的席位、立刻失效，停的人管得着才能恢复，最后一位市级管理员停不了；退群自动停用。"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.domain.errors import BadInput, Denied, NotFound, WrongState
from bot.domain.services import Services
from bot.domain.standing import FROZEN_KIND, LEFT_KIND, RESTORED_KIND, leaves_city_empty
from storage.standings import Standing
from storage.words import AdministratorState, Role
from tests.domain.desk import audit_actions, bind, enlist, outbox, privately
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
    OPERATOR,
    OTHER_COUNTY_ADMIN,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    THIRD_SYSTEM,
)

REASON = "调离本校"


def held(services: Services, qq: int) -> set[tuple[str, Role]]:
    return {(seat.unit.code, seat.role) for seat in privately(services, qq).assignments}


async def freeze(services: Services, actor: int, qq: int, reason: str = REASON) -> list[str]:
    seats = await services.standing.freeze(privately(services, actor), qq, reason)
    return [f"{seat.unit.code} {seat.role.value}" for seat in seats]


async def restore(services: Services, actor: int, qq: int) -> list[str]:
    seats = await services.standing.restore(privately(services, actor), qq)
    return [f"{seat.unit.code} {seat.role.value}" for seat in seats]


def members(*present: tuple[int, int]) -> Callable[[int, int], Awaitable[bool]]:
    async def still_in(group_id: int, qq: int) -> bool:
        return (group_id, qq) in present

    return still_in


async def test_a_county_freezes_a_seat_of_its_school_at_once(staffed: Services) -> None:
    assert await freeze(staffed, COUNTY_ADMIN, THIRD_ADMIN) == ["YY04-0001 info_admin"]
    assert held(staffed, THIRD_ADMIN) == set()
    assert staffed.context.directory.seats_of(THIRD.code) == []


async def test_only_the_seats_in_reach_are_frozen(staffed: Services) -> None:
    await enlist(staffed, THIRD_ADMIN, CITY, Role.INFO_VIEWER)
    await freeze(staffed, COUNTY_ADMIN, THIRD_ADMIN)
    assert held(staffed, THIRD_ADMIN) == {(CITY.code, Role.INFO_VIEWER)}


async def test_the_person_is_told_with_reason_and_whom_to_ask(staffed: Services) -> None:
    await freeze(staffed, COUNTY_ADMIN, THIRD_ADMIN)
    (notice,) = await outbox(staffed)
    assert (notice.kind, notice.target) == (FROZEN_KIND, THIRD_ADMIN)
    assert notice.payload == {
        "seats": ["岳阳县第三中学 信息管理员"],
        "reason": REASON,
        "office": "岳阳县",
    }


@pytest.mark.parametrize(
    ("actor", "error"),
    [
        (OTHER_COUNTY_ADMIN, Denied),
        (FIRST_ADMIN, Denied),
        (TEACHER, Denied),
        (MUNICIPAL_ADMIN, Denied),
    ],
    ids=["邻县", "别校信息管理员", "没登记的", "市直学校"],
)
async def test_who_has_no_reach_freezes_nobody(staffed: Services, actor: int, error: type[Denied]) -> None:
    with pytest.raises(error):
        await freeze(staffed, actor, THIRD_ADMIN)
    assert held(staffed, THIRD_ADMIN) == {(THIRD.code, Role.INFO_ADMIN)}


async def test_a_schools_system_admin_freezes_at_his_own_school_only(staffed: Services) -> None:
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    assert await freeze(staffed, THIRD_SYSTEM, THIRD_ADMIN) == ["YY04-0001 info_admin"]
    with pytest.raises(Denied):
        await freeze(staffed, THIRD_SYSTEM, FIRST_ADMIN)
    with pytest.raises(Denied):
        await freeze(staffed, THIRD_SYSTEM, COUNTY_ADMIN)


async def test_nobody_freezes_himself(staffed: Services) -> None:
    with pytest.raises(WrongState, match="不能停用自己"):
        await freeze(staffed, COUNTY_ADMIN, COUNTY_ADMIN)


async def test_an_unknown_number_and_one_out_of_reach_get_one_sentence(staffed: Services) -> None:
    with pytest.raises(NotFound) as unknown:
        await freeze(staffed, COUNTY_ADMIN, 55555)
    with pytest.raises(Denied) as beyond:
        await freeze(staffed, COUNTY_ADMIN, MUNICIPAL_ADMIN)
    assert str(unknown.value).replace("55555", "?") == str(beyond.value).replace(str(MUNICIPAL_ADMIN), "?")


async def test_the_last_city_admin_stays(staffed: Services) -> None:
    await enlist(staffed, THIRD_SYSTEM, CITY, Role.SYSTEM_ADMIN)
    with pytest.raises(WrongState, match="最后一位市级管理员"):
        await freeze(staffed, THIRD_SYSTEM, CITY_ADMIN)
    await enlist(staffed, TEACHER, CITY, Role.INFO_ADMIN)
    assert await freeze(staffed, THIRD_SYSTEM, CITY_ADMIN) == ["YY info_admin"]


def _standing(name: str, role: Role) -> Standing:
    return Standing(name, 1, "YY", role, AdministratorState.ACTIVE)


@pytest.mark.parametrize(
    ("before", "frozen", "empty"),
    [
        ("i", "i", True),
        ("ii", "i", False),
        ("is", "i", True),
        ("is", "s", False),
        ("s", "s", True),
        ("sv", "s", False),
        ("iis", "ii", True),
    ],
)
def test_the_rule_of_the_last_one(before: str, frozen: str, empty: bool) -> None:
    roles = {"i": Role.INFO_ADMIN, "s": Role.SYSTEM_ADMIN, "v": Role.INFO_VIEWER}
    seats = [_standing(f"{place}", roles[letter]) for place, letter in enumerate(before)]
    chosen: list[Standing] = []
    for letter in frozen:
        chosen.append(next(seat for seat in seats if seat.role is roles[letter] and seat not in chosen))
    assert leaves_city_empty(seats, chosen) is empty


def test_freezing_elsewhere_never_empties_the_city() -> None:
    assert not leaves_city_empty([_standing("1", Role.INFO_ADMIN)], [_standing("2", Role.INFO_ADMIN)])


async def test_the_operator_freezes_but_does_not_restore(staffed: Services) -> None:
    assert await freeze(staffed, OPERATOR, THIRD_ADMIN) == ["YY04-0001 info_admin"]
    with pytest.raises(Denied, match="运维只能停用"):
        await restore(staffed, OPERATOR, THIRD_ADMIN)
    with pytest.raises(Denied):
        await restore(staffed, COUNTY_ADMIN, THIRD_ADMIN)
    assert await restore(staffed, CITY_ADMIN, THIRD_ADMIN) == ["YY04-0001 info_admin"]


async def test_the_county_restores_what_it_froze(staffed: Services) -> None:
    await freeze(staffed, COUNTY_ADMIN, THIRD_ADMIN)
    assert await restore(staffed, COUNTY_ADMIN, THIRD_ADMIN) == ["YY04-0001 info_admin"]
    assert held(staffed, THIRD_ADMIN) == {(THIRD.code, Role.INFO_ADMIN)}
    assert [one.kind for one in await outbox(staffed)] == [FROZEN_KIND, RESTORED_KIND]


async def test_a_school_cannot_restore_what_the_county_froze(staffed: Services) -> None:
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    await freeze(staffed, COUNTY_ADMIN, THIRD_ADMIN)
    with pytest.raises(Denied):
        await restore(staffed, THIRD_SYSTEM, THIRD_ADMIN)
    assert held(staffed, THIRD_ADMIN) == set()


async def test_the_frozen_one_cannot_restore_himself(staffed: Services) -> None:
    await enlist(staffed, COUNTY_ADMIN, FIRST, Role.INFO_ADMIN)
    await freeze(staffed, CITY_ADMIN, COUNTY_ADMIN)
    with pytest.raises(Denied):
        await restore(staffed, COUNTY_ADMIN, COUNTY_ADMIN)


async def test_codes_the_frozen_one_gave_out_are_void(staffed: Services) -> None:
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    issued = await staffed.registration.issue(privately(staffed, THIRD_SYSTEM), THIRD, Role.INFO_VIEWER)
    await freeze(staffed, COUNTY_ADMIN, THIRD_SYSTEM)
    with pytest.raises(BadInput):
        await staffed.registration.prepare(privately(staffed, TEACHER), issued.code, "李样例", "13800000006")


async def test_codes_a_frozen_county_gave_to_its_schools_are_void_too(staffed: Services) -> None:
    issued = await staffed.registration.issue(privately(staffed, COUNTY_ADMIN), THIRD, Role.SYSTEM_ADMIN)
    await freeze(staffed, CITY_ADMIN, COUNTY_ADMIN)
    with pytest.raises(BadInput):
        await staffed.registration.prepare(privately(staffed, TEACHER), issued.code, "李样例", "13800000006")


async def test_codes_of_others_stay_good(staffed: Services) -> None:
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    issued = await staffed.registration.issue(privately(staffed, COUNTY_ADMIN), THIRD, Role.INFO_VIEWER)
    await freeze(staffed, COUNTY_ADMIN, THIRD_SYSTEM)
    await staffed.registration.prepare(privately(staffed, TEACHER), issued.code, "李样例", "13800000006")


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
async def test_a_reason_must_be_given(staffed: Services, reason: str) -> None:
    with pytest.raises(BadInput, match="请写上原因"):
        await freeze(staffed, COUNTY_ADMIN, THIRD_ADMIN, reason)


async def test_numbers_in_the_reason_are_not_kept(staffed: Services) -> None:
    await freeze(staffed, COUNTY_ADMIN, THIRD_ADMIN, "手机 13800000003 停机")
    async with staffed.context.database.read() as stores:
        (seat,) = await stores.standings.of_person(THIRD_ADMIN, AdministratorState.FROZEN)
    assert seat.frozen_reason == "手机 〔号码〕 停机"


async def test_freezing_and_restoring_are_logged(staffed: Services) -> None:
    await freeze(staffed, COUNTY_ADMIN, THIRD_ADMIN)
    await restore(staffed, COUNTY_ADMIN, THIRD_ADMIN)
    assert (await audit_actions(staffed))[-2:] == [
        ("freeze or revoke a role", THIRD.code, "frozen"),
        ("freeze or revoke a role", THIRD.code, "restored"),
    ]


# ---- 退群


@pytest.fixture
async def bound(staffed: Services) -> Services:
    """县群、市群都绑定了。"""
    await bind(staffed, COUNTY_GROUP, COUNTY)
    await bind(staffed, CITY_GROUP, CITY)
    return staffed


async def test_leaving_the_countys_group_freezes_a_school_seat_and_tells_the_county(bound: Services) -> None:
    seats = await bound.standing.left_group(THIRD_ADMIN, COUNTY_GROUP, members())
    assert [seat.unit for seat in seats] == [THIRD]
    assert held(bound, THIRD_ADMIN) == set()
    told = {(one.kind, one.target) for one in await outbox(bound)}
    assert told == {(FROZEN_KIND, THIRD_ADMIN), (LEFT_KIND, COUNTY_ADMIN)}


async def test_the_reviewer_restores_who_came_back(bound: Services) -> None:
    await bound.standing.left_group(THIRD_ADMIN, COUNTY_GROUP, members())
    assert await restore(bound, COUNTY_ADMIN, THIRD_ADMIN) == ["YY04-0001 info_admin"]


async def test_leaving_another_group_changes_nothing(bound: Services) -> None:
    assert await bound.standing.left_group(THIRD_ADMIN, CITY_GROUP, members()) == []
    assert await bound.standing.left_group(THIRD_ADMIN, 799999, members()) == []
    assert held(bound, THIRD_ADMIN) == {(THIRD.code, Role.INFO_ADMIN)}


async def test_still_in_a_second_group_of_the_same_county_keeps_the_seat(bound: Services) -> None:
    await bind(bound, 700009, COUNTY)
    inside = members((700009, THIRD_ADMIN))
    assert await bound.standing.left_group(THIRD_ADMIN, COUNTY_GROUP, inside) == []
    assert len(await bound.standing.left_group(THIRD_ADMIN, 700009, members())) == 1


async def test_a_county_admin_belongs_to_his_countys_own_group(bound: Services) -> None:
    assert await bound.standing.left_group(COUNTY_ADMIN, CITY_GROUP, members()) == []
    assert len(await bound.standing.left_group(COUNTY_ADMIN, COUNTY_GROUP, members())) == 1
    assert (LEFT_KIND, CITY_ADMIN) in {(one.kind, one.target) for one in await outbox(bound)}


async def test_a_municipal_school_belongs_to_the_citys_group(bound: Services) -> None:
    assert len(await bound.standing.left_group(MUNICIPAL_ADMIN, CITY_GROUP, members())) == 1


async def test_a_county_without_a_group_of_its_own_belongs_to_the_citys(bound: Services) -> None:
    assert len(await bound.standing.left_group(OTHER_COUNTY_ADMIN, CITY_GROUP, members())) == 1


async def test_the_last_city_admin_keeps_the_seat_after_leaving(bound: Services) -> None:
    assert await bound.standing.left_group(CITY_ADMIN, CITY_GROUP, members()) == []
    assert held(bound, CITY_ADMIN) == {(CITY.code, Role.INFO_ADMIN)}


async def test_the_same_notice_twice_freezes_once(bound: Services) -> None:
    await bound.standing.left_group(THIRD_ADMIN, COUNTY_GROUP, members())
    assert await bound.standing.left_group(THIRD_ADMIN, COUNTY_GROUP, members()) == []
    assert len(await outbox(bound)) == 2


async def test_the_bot_leaving_is_logged_and_nothing_else(bound: Services) -> None:
    await bound.standing.bot_left(COUNTY_GROUP)
    assert (await audit_actions(bound))[-1] == ("leave the work group", COUNTY.code, "bot")
    assert await outbox(bound) == []
