"""管理员一览：自己的单位和下级，没有管理员的单位数得出来；通讯录只给县、市，记入日志。"""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from bot.domain.errors import Denied, WrongPlace
from bot.domain.masking import masked_phone
from bot.domain.services import Services
from storage.words import Role
from tests.domain.desk import enlist, in_group, privately
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
)


async def test_a_county_sees_its_own_people_and_which_schools_have_nobody(staffed: Services) -> None:
    found = await staffed.administrators.overview(privately(staffed, COUNTY_ADMIN), COUNTY)
    assert [(one.qq, one.role) for one in found.people] == [(COUNTY_ADMIN, Role.INFO_ADMIN)]
    assert (found.below, found.without) == (3, (NURSERY,))


async def test_the_city_counts_every_unit_below(staffed: Services) -> None:
    found = await staffed.administrators.overview(privately(staffed, CITY_ADMIN), CITY)
    assert (found.below, found.without) == (7, (NURSERY, OTHER_SCHOOL))


async def test_a_viewer_alone_is_nobody_in_charge(staffed: Services) -> None:
    await enlist(staffed, TEACHER, NURSERY, Role.INFO_VIEWER)
    assert staffed.administrators.without_anyone(COUNTY) == [NURSERY]
    await enlist(staffed, TEACHER, NURSERY, Role.SYSTEM_ADMIN)
    assert staffed.administrators.without_anyone(COUNTY) == []


async def test_a_frozen_one_no_longer_counts(staffed: Services) -> None:
    await staffed.standing.freeze(privately(staffed, COUNTY_ADMIN), THIRD_ADMIN, "调离")
    found = await staffed.administrators.overview(privately(staffed, COUNTY_ADMIN), COUNTY)
    assert found.without == (THIRD, NURSERY)


async def test_a_school_sees_itself_only(staffed: Services) -> None:
    mine = await staffed.administrators.overview(privately(staffed, THIRD_ADMIN), THIRD)
    assert [one.qq for one in mine.people] == [THIRD_ADMIN]
    with pytest.raises(Denied):
        await staffed.administrators.overview(privately(staffed, THIRD_ADMIN), FIRST)


@pytest.mark.parametrize("actor", [TEACHER, OPERATOR], ids=["没登记的", "运维"])
async def test_outsiders_see_nobody(staffed: Services, actor: int) -> None:
    with pytest.raises(Denied):
        await staffed.administrators.overview(privately(staffed, actor), THIRD)


async def test_the_list_is_private(staffed: Services) -> None:
    with pytest.raises(WrongPlace):
        await staffed.administrators.overview(in_group(staffed, COUNTY_ADMIN), COUNTY)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800000003", "138****0003"),
        ("0730-8805612", "0730-****612"),
        ("8805612", "****612"),
        ("07308805612", "0730****612"),
    ],
)
def test_the_middle_of_a_phone_number_is_hidden(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown


async def test_the_contact_list_has_full_numbers_as_text_and_the_empty_units(staffed: Services) -> None:
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN, "=cmd|样例")
    made = await staffed.administrators.export(privately(staffed, COUNTY_ADMIN), COUNTY)
    book = openpyxl.load_workbook(BytesIO(made.content))
    sheet = book["通讯录"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("县市区", "单位", "代码", "角色", "姓名", "电话", "QQ")
    assert rows[1] == ("岳阳县", "岳阳县", "YY04", "信息管理员", "王样例", "13800010002", "10002")
    assert rows[3][3:5] == ("系统管理员", "=cmd|样例")
    assert len(rows) == 5
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G5")
    assert list(book["没有管理员的单位"].iter_rows(min_row=2, values_only=True)) == [
        ("岳阳县", "岳阳县荣家湾中心幼儿园", "YY04-0003")
    ]


async def test_the_contact_list_stops_at_the_border_and_is_logged(staffed: Services) -> None:
    made = await staffed.administrators.export(privately(staffed, COUNTY_ADMIN), COUNTY)
    assert (made.people, made.without) == (3, 1)
    async with staffed.context.database.read() as stores:
        (entry,) = await stores.audit.recent(1)
    assert (entry.action, entry.target, entry.outcome) == ("list administrators", COUNTY.code, "exported")
    assert entry.detail == {"rows": 3}


async def test_a_school_gets_no_contact_list(staffed: Services) -> None:
    with pytest.raises(Denied, match="只给县市区和市级"):
        await staffed.administrators.export(privately(staffed, THIRD_ADMIN), THIRD)


async def test_the_city_gets_everybody_and_a_county_not_the_city(staffed: Services) -> None:
    made = await staffed.administrators.export(privately(staffed, CITY_ADMIN), CITY)
    assert made.people == 6
    with pytest.raises(Denied):
        await staffed.administrators.export(privately(staffed, COUNTY_ADMIN), CITY)
