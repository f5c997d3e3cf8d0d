"""责任书：登记时确认过的人填好姓名和日期，没确认的留空。"""

from __future__ import annotations

from io import BytesIO

import docx
import pytest

from bot.domain.clock import SimulatedClock
from bot.domain.errors import Denied
from bot.domain.services import Services
from storage.words import Role
from tests.domain.desk import enlist, move, privately
from tests.stage import COUNTY_ADMIN, FIRST, OTHER_COUNTY_ADMIN, TEACHER, THIRD, THIRD_ADMIN, THIRD_SYSTEM


async def lines_of(services: Services, actor: int) -> list[str]:
    made = await services.letters.letter(privately(services, actor), THIRD)
    return [paragraph.text for paragraph in docx.Document(BytesIO(made.content)).paragraphs]


async def test_names_and_days_of_those_who_confirmed_are_filled_in(
    staffed: Services, clock: SimulatedClock
) -> None:
    move(clock, 2, 22)
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN, "李样例")
    lines = await lines_of(staffed, THIRD_ADMIN)
    assert any(
        line.startswith("信息管理员（签名）") and "王样例，2017年2月20日确认" in line for line in lines
    )
    assert any(
        line.startswith("系统管理员（签名）") and "李样例，2017年2月22日确认" in line for line in lines
    )
    assert "单位名称（盖章）：岳阳县第三中学" in lines


async def test_roles_nobody_confirmed_stay_empty(staffed: Services) -> None:
    made = await staffed.letters.letter(privately(staffed, THIRD_ADMIN), THIRD)
    assert made.missing == (Role.SYSTEM_ADMIN, Role.INFO_VIEWER, Role.TRAINING_ADMIN)
    lines = await lines_of(staffed, THIRD_ADMIN)
    assert "培训管理员（签名）：" in lines
    assert "信息查询员（签名）：" in lines


async def test_two_people_in_one_role_are_both_named(staffed: Services) -> None:
    await enlist(staffed, TEACHER, THIRD, Role.INFO_ADMIN, "李样例")
    lines = await lines_of(staffed, COUNTY_ADMIN)
    assert any("王样例，2017年2月20日确认；李样例，2017年2月20日确认" in line for line in lines)


async def test_a_successor_stands_in_the_letter_and_the_giver_no_longer(staffed: Services) -> None:
    seat = staffed.handover.seat(privately(staffed, THIRD_ADMIN), Role.INFO_ADMIN, None)
    issued = await staffed.handover.offer(privately(staffed, THIRD_ADMIN), seat)
    who = privately(staffed, TEACHER)
    enrolment = await staffed.registration.prepare(who, issued.code, "李样例", "13800000006")
    await staffed.registration.confirm(who, enrolment)
    made = await staffed.letters.letter(privately(staffed, COUNTY_ADMIN), THIRD)
    assert [(one.role, one.name) for one in made.pledges] == [(Role.INFO_ADMIN, "李样例")]


async def test_other_units_letters_are_out_of_reach(staffed: Services) -> None:
    for actor in (OTHER_COUNTY_ADMIN, TEACHER):
        with pytest.raises(Denied):
            await staffed.letters.letter(privately(staffed, actor), THIRD)
    with pytest.raises(Denied):
        await staffed.letters.letter(privately(staffed, THIRD_ADMIN), FIRST)


async def test_getting_a_letter_is_logged(staffed: Services) -> None:
    await staffed.letters.letter(privately(staffed, COUNTY_ADMIN), THIRD)
    async with staffed.context.database.read() as stores:
        (entry,) = await stores.audit.recent(1)
    assert (entry.actor_unit, entry.target, entry.detail) == ("YY04", THIRD.code, {"form": 1})
