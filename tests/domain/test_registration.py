"""登记：邀请码只有一句不行的话，一张码只登记一个人，谁能给谁发码照权限表。"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.actor import Actor, Place, PlaceKind
from bot.domain.clock import SimulatedClock
from bot.domain.errors import BadInput, Denied, Refusal, WrongPlace, WrongState
from bot.domain.invite_codes import codes_in
from bot.domain.registration import (
    ALPHABET,
    BAD_CODE,
    PERSON_LIMIT,
    TOTAL_LIMIT,
    IssuedInvite,
    plain_code,
)
from bot.domain.services import Services
from storage.units import Unit
from storage.words import Role
from tests.domain.desk import audit_actions, enlist, in_group, outbox, privately
from tests.stage import (
    CITY,
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    FIRST,
    NURSERY,
    OPERATOR,
    OTHER_SCHOOL,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    THIRD_SYSTEM,
    UNITS,
)

NAME, PHONE = "王样例", "13800000000"


async def invited(services: Services, unit: Unit = THIRD, role: Role = Role.INFO_ADMIN) -> IssuedInvite:
    return await services.registration.issue_from_command_line(unit, role, force=True)


async def register(services: Services, qq: int, code: str, name: str = NAME, phone: str = PHONE) -> None:
    enrolment = await services.registration.prepare(privately(services, qq), code, name, phone)
    await services.registration.confirm(privately(services, qq), enrolment)


async def refusal(services: Services, code: str) -> str:
    with pytest.raises(BadInput) as caught:
        await services.registration.prepare(privately(services, TEACHER), code, NAME, PHONE)
    return str(caught.value)


async def test_the_code_has_fifty_random_bits_in_two_groups(services: Services) -> None:
    codes = {(await invited(services)).code for _ in range(20)}
    assert len(codes) == 20
    assert len(ALPHABET) ** 10 == 2**50
    for code in codes:
        left, _, right = code.partition("-")
        assert len(left) == len(right) == 5
        assert set(left + right) <= set(ALPHABET)


async def test_a_valid_code_shows_the_duties_and_registers_after_the_confirmation(services: Services) -> None:
    invite = await invited(services)
    someone = privately(services, TEACHER)
    enrolment = await services.registration.prepare(someone, invite.code, NAME, PHONE)
    assert (enrolment.unit, enrolment.role) == (THIRD, Role.INFO_ADMIN)
    assert any("真实性、及时性和完整性负责" in duty for duty in enrolment.duties)
    assert any("用户名和密码不得给他人使用" in duty for duty in enrolment.duties)
    assert privately(services, TEACHER).assignments == ()
    await services.registration.confirm(someone, enrolment)
    [seat] = privately(services, TEACHER).assignments
    assert (seat.unit, seat.role) == (THIRD, Role.INFO_ADMIN)


async def test_each_role_confirms_its_own_duties(services: Services) -> None:
    texts = set()
    for role in Role:
        invite = await invited(services, role=role)
        enrolment = await services.registration.prepare(
            privately(services, TEACHER), invite.code, NAME, PHONE
        )
        texts.add(enrolment.duties)
    assert len(texts) == len(Role)


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " - "),
        lambda code: code.replace("-", "—"),
        lambda code: "".join(chr(ord(char) + 0xFEE0) for char in code),
    ],
    ids=["小写", "没横线", "带空格", "破折号", "全角"],
)
async def test_a_code_may_be_typed_in_the_usual_ways(services: Services, write: Callable[[str], str]) -> None:
    await register(services, TEACHER, write((await invited(services)).code))
    assert len(privately(services, TEACHER).assignments) == 1


async def test_a_wrong_a_used_and_an_expired_code_get_one_same_answer(
    services: Services, clock: SimulatedClock
) -> None:
    used, expired = await invited(services), await invited(services)
    await register(services, THIRD_ADMIN, used.code)
    wrong = ("AAAAA-AAAAA", "ABC", "OOOOO-IIIII", "", used.code)
    answers = {await refusal(services, code) for code in wrong}
    clock.set(expired.expires_at)
    answers.add(await refusal(services, expired.code))
    assert answers == {BAD_CODE}


async def test_a_code_works_until_its_last_moment(services: Services, clock: SimulatedClock) -> None:
    invite = await invited(services)
    assert invite.expires_at - services.context.now() <= timedelta(hours=72)
    clock.set(invite.expires_at - timedelta(seconds=5))
    await register(services, TEACHER, invite.code)
    assert len(privately(services, TEACHER).assignments) == 1


async def test_two_people_racing_for_one_code_gives_one_winner(services: Services) -> None:
    invite = await invited(services)
    racers = [20001, 20002, 20003, 20004]
    enrolments = [
        await services.registration.prepare(privately(services, qq), invite.code, NAME, PHONE)
        for qq in racers
    ]
    outcomes = await asyncio.gather(
        *(
            services.registration.confirm(privately(services, qq), enrolment)
            for qq, enrolment in zip(racers, enrolments, strict=True)
        ),
        return_exceptions=True,
    )
    lost = [str(outcome) for outcome in outcomes if outcome is not None]
    assert lost == [BAD_CODE] * 3
    assert len(services.context.directory.seats_of(THIRD.code)) == 1


async def test_name_and_phone_are_stored_as_given(services: Services) -> None:
    invite = await invited(services)
    await register(services, TEACHER, invite.code, "欧阳·样例", "0730-8805612")
    async with services.context.database.read() as stores:
        [person] = await stores.people.of_units([THIRD.code])
    assert (person.name, person.phone) == ("欧阳·样例", "0730-8805612")


@pytest.mark.parametrize("name", ["王", "王1", "", "王样例<b>", "老" * 21])
async def test_a_name_that_is_none_is_refused_with_an_example(services: Services, name: str) -> None:
    invite = await invited(services)
    with pytest.raises(BadInput, match="姓名请写真实姓名"):
        await services.registration.prepare(privately(services, TEACHER), invite.code, name, PHONE)


@pytest.mark.parametrize("phone", ["12345678901", "1380000000", "138000000000", "abc", "", "110"])
async def test_a_phone_that_is_none_is_refused_with_an_example(services: Services, phone: str) -> None:
    invite = await invited(services)
    with pytest.raises(BadInput, match="电话请写 11 位手机号或带区号的座机"):
        await services.registration.prepare(privately(services, TEACHER), invite.code, NAME, phone)


async def test_a_bad_name_does_not_use_up_the_code(services: Services) -> None:
    invite = await invited(services)
    with pytest.raises(BadInput):
        await register(services, TEACHER, invite.code, name="1")
    await register(services, TEACHER, invite.code)


async def test_registering_is_a_private_matter_between_friends(services: Services) -> None:
    invite = await invited(services)
    with pytest.raises(WrongPlace, match="私聊"):
        await services.registration.prepare(in_group(services, TEACHER), invite.code, NAME, PHONE)
    temporary = Actor(TEACHER, (), Place(PlaceKind.TEMPORARY))
    with pytest.raises(WrongPlace, match="先加我为好友"):
        await services.registration.prepare(temporary, invite.code, NAME, PHONE)


async def test_one_person_may_hold_several_roles_at_several_units(services: Services) -> None:
    for unit, role in ((THIRD, Role.INFO_ADMIN), (THIRD, Role.SYSTEM_ADMIN), (FIRST, Role.INFO_VIEWER)):
        await register(services, TEACHER, (await invited(services, unit, role)).code)
    seats = {(seat.unit.code, seat.role) for seat in privately(services, TEACHER).assignments}
    assert seats == {
        (THIRD.code, Role.INFO_ADMIN),
        (THIRD.code, Role.SYSTEM_ADMIN),
        (FIRST.code, Role.INFO_VIEWER),
    }


async def test_a_county_invites_its_own_schools_and_no_others(staffed: Services) -> None:
    county = privately(staffed, COUNTY_ADMIN)
    issued = await staffed.registration.issue(county, THIRD, Role.INFO_ADMIN)
    assert issued.unit == THIRD
    for elsewhere in (OTHER_SCHOOL, CITY):
        with pytest.raises(Denied):
            await staffed.registration.issue(county, elsewhere, Role.INFO_ADMIN)


async def test_a_schools_system_admin_invites_for_its_own_school_only(staffed: Services) -> None:
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    system = privately(staffed, THIRD_SYSTEM)
    assert (await staffed.registration.issue(system, THIRD, Role.INFO_ADMIN)).role is Role.INFO_ADMIN
    for elsewhere in (FIRST, COUNTY, CITY):
        with pytest.raises(Denied):
            await staffed.registration.issue(system, elsewhere, Role.INFO_ADMIN)


@pytest.mark.parametrize("qq", [THIRD_ADMIN, TEACHER, OPERATOR])
async def test_info_admins_of_schools_teachers_and_the_operator_invite_nobody(
    staffed: Services, qq: int
) -> None:
    with pytest.raises(Denied):
        await staffed.registration.issue(privately(staffed, qq), THIRD, Role.INFO_ADMIN)


async def test_inviting_in_a_group_is_refused(staffed: Services) -> None:
    with pytest.raises(WrongPlace):
        await staffed.registration.issue(in_group(staffed, COUNTY_ADMIN), THIRD, Role.INFO_ADMIN)


async def test_the_command_line_is_closed_once_a_city_admin_is_active(services: Services) -> None:
    first = await services.registration.issue_from_command_line(CITY, Role.INFO_ADMIN, force=False)
    second = await services.registration.issue_from_command_line(CITY, Role.INFO_ADMIN, force=False)
    await register(services, CITY_ADMIN, first.code)
    with pytest.raises(WrongState, match="已有市级管理员在任"):
        await services.registration.issue_from_command_line(COUNTY, Role.INFO_ADMIN, force=False)
    forced = await services.registration.issue_from_command_line(COUNTY, Role.INFO_ADMIN, force=True)
    assert forced.code != second.code


async def test_issuing_by_force_and_redeeming_are_audited_without_code_name_or_phone(
    services: Services,
) -> None:
    invite = await invited(services)
    await register(services, TEACHER, invite.code)
    async with services.context.database.read() as stores:
        redeemed, issued = (await stores.audit.recent())[:2]
    assert (issued.actor_qq, issued.actor_unit) == (None, "command line --force")
    assert (redeemed.actor_qq, redeemed.target) == (TEACHER, THIRD.code)
    assert [action for action, _, _ in await audit_actions(services)][-2:] == [
        "issue an invite code",
        "redeem an invite code",
    ]
    written = f"{issued} {redeemed}"
    assert not any(secret in written for secret in (invite.code, NAME, PHONE))


def test_a_code_with_letters_that_are_never_issued_is_refused() -> None:
    assert plain_code("abcde-fghjk") == "ABCDEFGHJK"
    for text in ("ABCDE-FGHI1", "ABCDE-FGH0K", "ABCDE-FGHJ", "ABCDE-FGHJKL", "邀请码邀请码邀请码邀"):
        with pytest.raises(BadInput):
            plain_code(text)


# ---- 重新发码、成批发码


async def test_a_new_code_for_the_same_seat_voids_the_old_one(staffed: Services) -> None:
    county = privately(staffed, COUNTY_ADMIN)
    first = await staffed.registration.issue(county, THIRD, Role.SYSTEM_ADMIN)
    other = await staffed.registration.issue(county, THIRD, Role.INFO_VIEWER)
    second = await staffed.registration.issue(county, THIRD, Role.SYSTEM_ADMIN)
    assert (first.voided, other.voided, second.voided) == (0, 0, 1)
    assert await refusal(staffed, first.code) == BAD_CODE
    await register(staffed, TEACHER, other.code)
    await register(staffed, TEACHER, second.code)
    assert len(privately(staffed, TEACHER).assignments) == 2


async def test_a_batch_gives_one_code_to_each_unit_below_without_such_an_admin(staffed: Services) -> None:
    county = privately(staffed, COUNTY_ADMIN)
    batch = await staffed.registration.plan_batch(county, COUNTY, Role.INFO_ADMIN)
    assert ([unit.code for unit in batch.units], batch.staffed, batch.live) == ([NURSERY.code], 2, 0)
    [issued] = await staffed.registration.issue_batch(county, batch)
    await register(staffed, TEACHER, issued.code)
    again = await staffed.registration.plan_batch(county, COUNTY, Role.INFO_ADMIN)
    assert (again.units, again.staffed) == ((), 3)


async def test_a_second_batch_voids_the_codes_of_the_first(staffed: Services) -> None:
    county = privately(staffed, COUNTY_ADMIN)
    batches = []
    for _ in range(2):
        batch = await staffed.registration.plan_batch(county, COUNTY, Role.SYSTEM_ADMIN)
        batches.append((batch.live, await staffed.registration.issue_batch(county, batch)))
    assert [live for live, _ in batches] == [0, 3]
    assert await refusal(staffed, batches[0][1][0].code) == BAD_CODE
    await register(staffed, TEACHER, batches[1][1][0].code)


async def test_the_city_reaches_its_direct_units_or_the_whole_tree(staffed: Services) -> None:
    city = privately(staffed, CITY_ADMIN)
    direct = await staffed.registration.plan_batch(city, CITY, Role.SYSTEM_ADMIN)
    assert {unit.code for unit in direct.units} == {"YY04", "YY05", "YYS01"}
    whole = await staffed.registration.plan_batch(city, CITY, Role.SYSTEM_ADMIN, whole=True)
    assert len(whole.units) == len(UNITS) - 1


async def test_a_batch_is_for_those_who_may_invite_below(staffed: Services) -> None:
    with pytest.raises(Denied):
        await staffed.registration.plan_batch(privately(staffed, COUNTY_ADMIN), CITY, Role.INFO_ADMIN)
    with pytest.raises(WrongPlace):
        await staffed.registration.plan_batch(in_group(staffed, COUNTY_ADMIN), COUNTY, Role.INFO_ADMIN)
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    with pytest.raises(BadInput, match="没有下级单位"):
        await staffed.registration.plan_batch(privately(staffed, THIRD_SYSTEM), THIRD, Role.INFO_ADMIN)


# ---- 猜码的限制


async def try_wrong(services: Services, qq: int, code: str = "AAAAA-AAAAA") -> str:
    with pytest.raises(Refusal) as caught:
        await services.registration.prepare(privately(services, qq), code, NAME, PHONE)
    return str(caught.value)


async def test_after_five_wrong_codes_not_even_the_right_one_is_looked_at_for_an_hour(
    services: Services, clock: SimulatedClock
) -> None:
    invite = await invited(services)
    assert {await try_wrong(services, TEACHER) for _ in range(5)} == {BAD_CODE}
    assert await try_wrong(services, TEACHER, invite.code) == PERSON_LIMIT
    await register(services, THIRD_ADMIN, (await invited(services, FIRST)).code)
    clock.set(services.context.now() + timedelta(hours=1, seconds=1))
    await register(services, TEACHER, invite.code)


async def test_thirty_wrong_codes_in_a_minute_stop_everybody_for_that_minute(
    services: Services, clock: SimulatedClock
) -> None:
    invite = await invited(services)
    for number in range(30):
        await try_wrong(services, 30000 + number)
    assert await try_wrong(services, TEACHER, invite.code) == TOTAL_LIMIT
    clock.set(services.context.now() + timedelta(minutes=1, seconds=1))
    await register(services, TEACHER, invite.code)


async def test_a_slip_in_writing_the_code_is_not_counted(services: Services) -> None:
    for _ in range(9):
        assert await try_wrong(services, TEACHER, "ABCDE") == BAD_CODE
    await register(services, TEACHER, (await invited(services)).code)


async def test_every_wrong_code_is_on_record_without_the_code(services: Services) -> None:
    await try_wrong(services, TEACHER)
    async with services.context.database.read() as stores:
        [entry] = await stores.audit.recent(1)
    assert (entry.action, entry.actor_qq, entry.outcome) == ("redeem an invite code", TEACHER, "refused")
    assert "AAAAA" not in str(entry)


# ---- 贴到群里


async def test_a_code_posted_in_a_group_is_void_and_its_issuer_is_told(staffed: Services) -> None:
    issued = await staffed.registration.issue(privately(staffed, COUNTY_ADMIN), THIRD, Role.SYSTEM_ADMIN)
    codes = codes_in(f"我的码{issued.code.lower().replace('-', '')}怎么用")
    assert await staffed.registration.void_posted(in_group(staffed, TEACHER), codes) == 1
    assert await refusal(staffed, issued.code) == BAD_CODE
    [told] = [one for one in await outbox(staffed) if one.kind == "invite_voided"]
    assert (told.target, told.payload["again"]) == (COUNTY_ADMIN, "/邀请 YY04-0001 系统管理员")
    assert issued.code not in str(told.payload)
    assert ("issue an invite code", THIRD.code, "voided") in await audit_actions(staffed)


async def test_words_that_only_look_like_codes_and_dead_codes_void_nothing(staffed: Services) -> None:
    invite = await invited(staffed)
    await register(staffed, TEACHER, invite.code)
    group = in_group(staffed, THIRD_ADMIN)
    assert await staffed.registration.void_posted(group, codes_in(f"UNDERSTAND {invite.code}")) == 0
    assert await outbox(staffed) == []


async def test_a_code_posted_between_duties_and_confirmation_is_refused(services: Services) -> None:
    invite = await invited(services)
    enrolment = await services.registration.prepare(privately(services, TEACHER), invite.code, NAME, PHONE)
    await services.registration.void_posted(in_group(services, THIRD_ADMIN), codes_in(invite.code))
    with pytest.raises(BadInput):
        await services.registration.confirm(privately(services, TEACHER), enrolment)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("码是ABCDE-FGHJK。", ["ABCDEFGHJK"]),
        ("ａｂｃｄｅ—ｆｇｈｊｋ", ["ABCDEFGHJK"]),
        ("ABCDE FGHJK", ["ABCDEFGHJK"]),
        ("ABCDEFGHJKL", []),
        ("ABCDE-FGHIJ", []),
        ("2017-03-02 13800000000", []),
    ],
)
def test_codes_are_found_in_a_sentence(text: str, found: list[str]) -> None:
    assert codes_in(text) == found
