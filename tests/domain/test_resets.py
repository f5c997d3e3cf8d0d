"""密码重置：送到管得着的人手里，别校的管不着；像密码的话不收、不重复；姓名过期就清。"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.clock import SimulatedClock
from bot.domain.errors import Ambiguous, BadInput, Denied, NotFound, WrongState
from bot.domain.reset_words import HOW_TO, NO_SECRETS, read_request
from bot.domain.resets import DONE_KIND, REQUESTED_KIND, Requested
from bot.domain.services import Services
from storage.deliveries import Delivery
from storage.units import Unit
from storage.words import Role
from tests.domain.desk import audit_actions, enlist, outbox, privately
from tests.stage import (
    CITY,
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    FIRST,
    FIRST_ADMIN,
    MUNICIPAL,
    NURSERY,
    OTHER_COUNTY_ADMIN,
    OTHER_SCHOOL,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    THIRD_SYSTEM,
)

NAME = "周样例"
FIRST_SYSTEM, COUNTY_SYSTEM = 30001, 30002


@pytest.fixture
async def served(staffed: Services) -> Services:
    """县三中、县一中有系统管理员，别的单位只有信息管理员。"""
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    await enlist(staffed, FIRST_SYSTEM, FIRST, Role.SYSTEM_ADMIN)
    return staffed


async def request(services: Services, qq: int = TEACHER, unit: Unit = THIRD, name: str = NAME) -> Requested:
    return await services.resets.request(privately(services, qq), unit, name)


async def notices(services: Services) -> list[Delivery]:
    return [one for one in await outbox(services) if one.kind == REQUESTED_KIND]


async def targets(services: Services) -> dict[int, bool]:
    return {one.target: one.payload["able"] for one in await notices(services)}


# ---- 认话


@pytest.mark.parametrize(
    "text",
    [
        "岳阳县第三中学 周样例",
        "周样例 岳阳县第三中学",
        "岳阳县第三中学，周样例",
        "学校：岳阳县第三中学\n姓名：周样例",
        "我是岳阳县第三中学的周样例",
        "岳阳县第三中学的老师周样例",
        "YY04-0001 周样例",
        "yy04-0001 周样例",
    ],
)
async def test_school_and_name_are_read_in_many_ways(served: Services, text: str) -> None:
    assert served.resets.read(privately(served, TEACHER), text) == (THIRD, NAME)


@pytest.mark.parametrize(
    "text",
    [
        "岳阳县第三中学 周样例 Abc12345",
        "岳阳县第三中学 周样例 密码是Qwerty",
        "岳阳县第三中学 周样例 430621198001011237",
        "岳阳县第三中学 周样例 13800000006",
        "岳阳县第三中学 周样例 123 456",
        "岳阳县第三中学 周样例 我的密码@#",
        "password 周样例",
        "qwerty",
    ],
)
async def test_what_looks_like_a_secret_is_refused_and_never_repeated(served: Services, text: str) -> None:
    with pytest.raises(BadInput) as caught:
        served.resets.read(privately(served, TEACHER), text)
    assert str(caught.value) == NO_SECRETS


@pytest.mark.parametrize("text", ["岳阳县第三中学", "周样例", "岳阳县第三中学周样例", "", "，"])
async def test_half_an_answer_is_told_how_to_write_it(served: Services, text: str) -> None:
    with pytest.raises(BadInput) as caught:
        served.resets.read(privately(served, TEACHER), text)
    assert str(caught.value) == HOW_TO


async def test_a_teacher_without_a_full_name_is_asked_for_it(served: Services) -> None:
    with pytest.raises(BadInput) as caught:
        served.resets.read(privately(served, TEACHER), "岳阳县第3中学 周老师")
    assert str(caught.value) == HOW_TO


async def test_an_unknown_school_is_refused_and_an_ambiguous_one_is_asked(served: Services) -> None:
    with pytest.raises(NotFound):
        served.resets.read(privately(served, TEACHER), "月球第九中学 周样例")
    with pytest.raises(Ambiguous):
        served.resets.read(privately(served, TEACHER), "县三中 周样例")


def test_a_school_name_with_a_digit_is_no_secret() -> None:
    assert read_request("岳阳县第3中学 周样例", frozenset()).words == ("岳阳县第3中学", "周样例")


# ---- 送给谁


async def test_the_schools_own_system_admin_gets_it(served: Services) -> None:
    done = await request(served)
    assert (done.number, done.office) == (1, THIRD)
    assert await targets(served) == {THIRD_SYSTEM: True}


async def test_without_one_the_countys_system_admin_gets_it(served: Services) -> None:
    await enlist(served, COUNTY_SYSTEM, COUNTY, Role.SYSTEM_ADMIN)
    assert (await request(served, unit=NURSERY)).office == COUNTY
    assert await targets(served) == {COUNTY_SYSTEM: True}


async def test_without_that_either_the_countys_info_admin_gets_it(served: Services) -> None:
    await request(served, unit=NURSERY)
    assert await targets(served) == {COUNTY_ADMIN: True}


async def test_at_last_the_city_is_told_but_cannot_record_it(served: Services) -> None:
    assert (await request(served, unit=MUNICIPAL)).office == CITY
    assert await targets(served) == {CITY_ADMIN: False}
    with pytest.raises(Denied):
        await served.resets.finish(privately(served, CITY_ADMIN), 1)


async def test_a_system_admin_who_forgot_his_own_goes_one_level_up(served: Services) -> None:
    await enlist(served, 30009, THIRD, Role.SYSTEM_ADMIN)
    await request(served, THIRD_SYSTEM)
    assert await targets(served) == {COUNTY_ADMIN: True}


async def test_with_nobody_anywhere_it_is_kept_and_said(services: Services) -> None:
    done = await request(services)
    assert done.office is None
    assert await notices(services) == []


async def test_the_name_is_only_in_the_message_itself(served: Services) -> None:
    await request(served)
    (notice,) = await notices(served)
    assert NAME not in str(notice.payload)
    final = await served.resets.finalise(notice)
    assert final is not None
    assert (final[0]["name"], final[0]["unit"]) == (NAME, "岳阳县第三中学")


async def test_a_done_request_is_not_sent_any_more(served: Services) -> None:
    await request(served)
    (notice,) = await notices(served)
    await served.resets.finish(privately(served, THIRD_SYSTEM), 1)
    assert await served.resets.finalise(notice) is None


async def test_who_was_frozen_meanwhile_does_not_get_the_name(served: Services) -> None:
    await request(served)
    (notice,) = await notices(served)
    await served.standing.freeze(privately(served, COUNTY_ADMIN), THIRD_SYSTEM, "调离")
    assert await served.resets.finalise(notice) is None


async def test_what_cannot_be_delivered_goes_one_level_up(served: Services) -> None:
    await request(served)
    (notice,) = await notices(served)
    above = served.resets.instead_of(notice)
    assert [(one.target, one.payload["able"]) for one in above] == [(COUNTY_ADMIN, True)]
    (city,) = served.resets.instead_of(above[0])
    assert (city.target, city.payload["able"]) == (CITY_ADMIN, False)
    assert served.resets.instead_of(city) == []


# ---- 记完成


async def test_the_teacher_is_told_where_to_fetch_it(served: Services) -> None:
    await request(served)
    unit, done = await served.resets.finish(privately(served, THIRD_SYSTEM), 1)
    assert (unit, done.name) == (THIRD, NAME)
    (told,) = [one for one in await outbox(served) if one.kind == DONE_KIND]
    assert told.target == TEACHER
    assert told.payload == {"number": 1, "unit": "岳阳县第三中学", "office": "岳阳县第三中学"}


async def test_the_county_may_record_it_for_its_schools(served: Services) -> None:
    await request(served)
    await served.resets.finish(privately(served, COUNTY_ADMIN), 1)
    (told,) = [one for one in await outbox(served) if one.kind == DONE_KIND]
    assert told.payload["office"] == "岳阳县"


@pytest.mark.parametrize(
    "actor",
    [FIRST_SYSTEM, FIRST_ADMIN, THIRD_ADMIN, OTHER_COUNTY_ADMIN, CITY_ADMIN, TEACHER],
    ids=["别校系统管理员", "别校", "本校信息管理员", "邻县", "市", "老师自己"],
)
async def test_nobody_else_may_record_it(served: Services, actor: int) -> None:
    await request(served)
    with pytest.raises(Denied):
        await served.resets.finish(privately(served, actor), 1)


async def test_a_number_out_of_reach_looks_like_no_number(served: Services) -> None:
    await request(served)
    stranger = privately(served, FIRST_SYSTEM)
    with pytest.raises(Denied) as beyond:
        await served.resets.finish(stranger, 1)
    with pytest.raises(NotFound) as missing:
        await served.resets.finish(stranger, 2)
    assert str(beyond.value).replace("1 号", "2 号") == str(missing.value)


async def test_done_is_recorded_once(served: Services) -> None:
    await request(served)
    await served.resets.finish(privately(served, THIRD_SYSTEM), 1)
    with pytest.raises(WrongState, match="已经办过了"):
        await served.resets.finish(privately(served, THIRD_SYSTEM), 1)


async def test_nobody_records_his_own_request(served: Services) -> None:
    await request(served, THIRD_SYSTEM)
    with pytest.raises(WrongState, match="上一级"):
        await served.resets.finish(privately(served, THIRD_SYSTEM), 1)


async def test_both_steps_are_logged_without_the_name(served: Services) -> None:
    await request(served)
    await served.resets.finish(privately(served, THIRD_SYSTEM), 1)
    assert (await audit_actions(served))[-2:] == [
        ("request a password reset for oneself", "reset 1", "done"),
        ("record a password reset as done", "reset 1", "done"),
    ]
    async with served.context.database.read() as stores:
        assert all(NAME not in str(entry) for entry in await stores.audit.recent())


# ---- 次数、列表、清理


async def test_the_same_request_twice_is_one(served: Services) -> None:
    first, second = await request(served), await request(served)
    assert (second.number, second.again) == (first.number, True)
    assert len(await notices(served)) == 1


async def test_three_a_day_are_enough(served: Services, clock: SimulatedClock) -> None:
    for unit in (THIRD, FIRST, NURSERY):
        await request(served, unit=unit)
    with pytest.raises(WrongState, match="今天已经提了 3 次"):
        await request(served, unit=OTHER_SCHOOL)
    clock.set(served.context.now() + timedelta(days=1))
    assert (await request(served, unit=OTHER_SCHOOL)).number == 4


async def test_the_list_shows_what_is_in_reach(served: Services) -> None:
    await request(served)
    await request(served, 30003, FIRST, "吴样例")

    async def listed(qq: int) -> list[int]:
        return [one.number for _, one in await served.resets.waiting(privately(served, qq))]

    assert await listed(THIRD_SYSTEM) == [1]
    assert await listed(COUNTY_ADMIN) == [1, 2]
    assert await listed(OTHER_COUNTY_ADMIN) == []
    assert await listed(TEACHER) == [1]


async def test_a_new_system_admin_finds_the_old_requests(served: Services) -> None:
    await request(served, unit=MUNICIPAL)
    await enlist(served, 30004, MUNICIPAL, Role.SYSTEM_ADMIN)
    assert [one.number for _, one in await served.resets.waiting(privately(served, 30004))] == [1]


async def test_the_name_is_gone_a_month_after_it_was_done(served: Services, clock: SimulatedClock) -> None:
    await request(served)
    await served.resets.finish(privately(served, THIRD_SYSTEM), 1)
    done = served.context.now()
    clock.set(done + timedelta(days=29))
    assert await served.resets.forget_old() == 0
    clock.set(done + timedelta(days=30, seconds=60))
    assert await served.resets.forget_old() == 1
    assert await served.resets.forget_old() == 0
    async with served.context.database.read() as stores:
        kept = await stores.resets.get(1)
    assert kept is not None
    assert (kept.name, kept.unit_code, kept.done_by) == ("", THIRD.code, THIRD_SYSTEM)


async def test_what_nobody_did_lapses_after_three_months(served: Services, clock: SimulatedClock) -> None:
    await request(served)
    clock.set(served.context.now() + timedelta(days=91))
    assert await served.resets.forget_old() == 1
    assert await served.resets.waiting(privately(served, THIRD_SYSTEM)) == []


async def test_the_name_is_stored_encrypted(served: Services, tmp_path: Path) -> None:
    await request(served)
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("test.db*"))
    assert b"YY04-0001" in stored
    assert NAME.encode() not in stored
