"""变更登记：只有学校的信息管理员能填；有一处不对就一条不收；25 日之后算下一季度。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.change_filing import MAX_ROWS, check_rows
from bot.domain.clock import SimulatedClock
from bot.domain.errors import Denied, NotFound, Problems, WrongPlace, WrongState
from bot.domain.quarters import Quarter
from bot.domain.services import Services
from storage.changes import ChangeRow
from storage.words import NoticeState, Role
from tests.domain.desk import enlist, in_group, move, privately
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
    THIRD_SYSTEM,
)

TODAY = date(2017, 3, 10)
ROW = ChangeRow("王样例", "政治面貌", "入党", "群众", "中共党员", date(2017, 3, 2), by_teacher=True)
OTHER = replace(ROW, name="李样例", field="学历", before="专科", after="本科")
Q1, Q2 = Quarter(2017, 1), Quarter(2017, 2)


@pytest.fixture
async def desk(staffed: Services, clock: SimulatedClock) -> Services:
    """3 月 10 日的业务。"""
    move(clock, 3, 10)
    return staffed


async def test_rows_are_numbered_and_counted_in_the_current_quarter(desk: Services) -> None:
    filed = await desk.changes.file(privately(desk, THIRD_ADMIN), THIRD, [ROW, OTHER])
    assert filed.quarter == Q1
    assert [(notice.number, notice.row) for notice in filed.notices] == [(1, ROW), (2, OTHER)]
    assert filed.remarks == ()
    again = await desk.changes.file(privately(desk, THIRD_ADMIN), THIRD, [replace(ROW, name="赵样例")])
    assert again.notices[0].number == 3


async def test_a_municipal_school_files_too(desk: Services) -> None:
    assert (await desk.changes.file(privately(desk, MUNICIPAL_ADMIN), MUNICIPAL, [ROW])).unit == MUNICIPAL


@pytest.mark.parametrize("qq", [FIRST_ADMIN, COUNTY_ADMIN, CITY_ADMIN, TEACHER])
async def test_nobody_else_files_for_a_school(desk: Services, qq: int) -> None:
    with pytest.raises(Denied):
        await desk.changes.file(privately(desk, qq), THIRD, [ROW])


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.INFO_VIEWER, Role.TRAINING_ADMIN])
async def test_other_roles_of_the_same_school_do_not_file(desk: Services, role: Role) -> None:
    await enlist(desk, THIRD_SYSTEM, THIRD, role)
    with pytest.raises(Denied):
        await desk.changes.file(privately(desk, THIRD_SYSTEM), THIRD, [ROW])


async def test_filing_in_a_group_is_refused(desk: Services) -> None:
    with pytest.raises(WrongPlace, match="私聊"):
        await desk.changes.file(in_group(desk, THIRD_ADMIN), THIRD, [ROW])


async def test_one_bad_row_files_nothing_and_every_mistake_is_named(desk: Services) -> None:
    bad = [ROW, replace(OTHER, after="专科"), replace(OTHER, changed_on=date(2017, 3, 11), note="")]
    with pytest.raises(Problems) as caught:
        await desk.changes.file(privately(desk, THIRD_ADMIN), THIRD, bad)
    assert caught.value.problems == (
        "第2条：“修改前”和“修改后”一样，请核对",
        "第3条：“日期”2017-03-11 还没到，请写变更生效的日子",
    )
    assert await desk.changes.listing(privately(desk, THIRD_ADMIN), THIRD, Q1) == []


def test_a_single_row_needs_no_number_in_its_mistake() -> None:
    assert check_rows([replace(ROW, name="王" * 101)], TODAY) == ["“姓名”太长，请写在 100 字以内"]


def test_no_rows_and_too_many_rows_are_refused() -> None:
    assert check_rows([], TODAY) == ["没有读到变更内容。发 /帮助 变更 看填写样子。"]
    assert check_rows([ROW] * MAX_ROWS, TODAY) == []
    assert check_rows([ROW] * (MAX_ROWS + 1), TODAY) == ["一次最多登记 20 条，这次有 21 条，请分几次发。"]


@pytest.mark.parametrize(("day", "quarter"), [((3, 25), Q1), ((3, 26), Q2), ((4, 1), Q2)])
async def test_what_is_filed_after_the_25th_counts_in_the_next_quarter(
    desk: Services, clock: SimulatedClock, day: tuple[int, int], quarter: Quarter
) -> None:
    move(clock, *day)
    filed = await desk.changes.file(privately(desk, THIRD_ADMIN), THIRD, [ROW])
    assert filed.quarter == quarter


async def test_after_the_25th_the_filer_is_told_where_it_counts(
    desk: Services, clock: SimulatedClock
) -> None:
    move(clock, 3, 26)
    row = replace(ROW, changed_on=date(2017, 3, 26))
    filed = await desk.changes.file(privately(desk, THIRD_ADMIN), THIRD, [row])
    assert filed.remarks == ("25日已过，算在2017年第二季度",)


async def test_an_old_change_is_accepted_with_a_remark(desk: Services) -> None:
    filed = await desk.changes.file(
        privately(desk, THIRD_ADMIN), THIRD, [replace(ROW, changed_on=date(2016, 12, 25))]
    )
    assert filed.remarks == ("变更日期 2016年12月25日 不在2017年第一季度，按补登收下",)
    edge = replace(OTHER, changed_on=date(2016, 12, 26))
    assert (await desk.changes.file(privately(desk, THIRD_ADMIN), THIRD, [edge])).remarks == ()


async def test_the_same_person_and_field_twice_is_pointed_out_not_refused(desk: Services) -> None:
    who = privately(desk, THIRD_ADMIN)
    await desk.changes.file(who, THIRD, [ROW])
    filed = await desk.changes.file(who, THIRD, [replace(ROW, before="群众", after="预备党员"), OTHER])
    assert filed.remarks == ("与第 1 条是同一人同一字段（政治面貌），重复的请发 /变更 撤回 编号",)
    assert len(filed.notices) == 2


async def test_a_withdrawn_row_keeps_its_number_and_is_marked(desk: Services) -> None:
    who = privately(desk, THIRD_ADMIN)
    await desk.changes.file(who, THIRD, [ROW, OTHER])
    await desk.changes.withdraw(who, await desk.changes.find(who, THIRD, 1))
    listed = await desk.changes.listing(who, THIRD, Q1)
    assert [(notice.number, notice.state) for notice in listed] == [
        (1, NoticeState.WITHDRAWN),
        (2, NoticeState.ACTIVE),
    ]
    assert (await desk.changes.file(who, THIRD, [ROW])).notices[0].number == 3


async def test_a_row_is_withdrawn_once(desk: Services) -> None:
    who = privately(desk, THIRD_ADMIN)
    await desk.changes.file(who, THIRD, [ROW])
    notice = await desk.changes.find(who, THIRD, 1)
    await desk.changes.withdraw(who, notice)
    with pytest.raises(WrongState, match="第 1 条已经撤回过了"):
        await desk.changes.withdraw(who, notice)
    with pytest.raises(WrongState, match="第 1 条已经撤回过了"):
        await desk.changes.find(who, THIRD, 1)


async def test_a_number_that_does_not_exist_is_said(desk: Services) -> None:
    with pytest.raises(NotFound, match="岳阳县第三中学2017年第一季度没有第 7 条登记。发 /变更 列表 看编号。"):
        await desk.changes.find(privately(desk, THIRD_ADMIN), THIRD, 7)


async def test_the_number_of_another_school_is_out_of_reach(desk: Services) -> None:
    await desk.changes.file(privately(desk, THIRD_ADMIN), THIRD, [ROW])
    notice = await desk.changes.find(privately(desk, THIRD_ADMIN), THIRD, 1)
    with pytest.raises(Denied):
        await desk.changes.find(privately(desk, FIRST_ADMIN), THIRD, 1)
    with pytest.raises(Denied):
        await desk.changes.withdraw(privately(desk, FIRST_ADMIN), notice)


@pytest.mark.parametrize("qq", [COUNTY_ADMIN, CITY_ADMIN])
async def test_county_and_city_may_return_a_register_but_not_withdraw_a_schools_row(
    desk: Services, qq: int
) -> None:
    await desk.changes.file(privately(desk, THIRD_ADMIN), THIRD, [ROW])
    notice = await desk.changes.find(privately(desk, THIRD_ADMIN), THIRD, 1)
    with pytest.raises(Denied, match="由学校自己撤回"):
        await desk.changes.withdraw(privately(desk, qq), notice)
    assert (await desk.changes.listing(privately(desk, qq), THIRD, Q1))[0].state is NoticeState.ACTIVE


async def test_who_also_sits_at_the_county_still_withdraws_the_own_schools_row(desk: Services) -> None:
    await enlist(desk, THIRD_ADMIN, COUNTY)
    who = privately(desk, THIRD_ADMIN)
    await desk.changes.file(who, THIRD, [ROW])
    await desk.changes.withdraw(who, await desk.changes.find(who, THIRD, 1))


async def test_what_is_archived_cannot_be_withdrawn_not_even_when_looked_at_before(desk: Services) -> None:
    who = privately(desk, THIRD_ADMIN)
    await desk.changes.file(who, THIRD, [ROW])
    looked_at = await desk.changes.find(who, THIRD, 1)
    await desk.registers.send(who, THIRD, Q1, zero=False)
    await desk.registers.archive(privately(desk, COUNTY_ADMIN), THIRD, Q1)
    with pytest.raises(WrongState, match="已经备案，第 1 条不能再改"):
        await desk.changes.find(who, THIRD, 1)
    with pytest.raises(WrongState, match="已经备案，第 1 条不能再改"):
        await desk.changes.withdraw(who, looked_at)


async def test_the_list_is_read_by_the_school_the_county_and_the_city_only(desk: Services) -> None:
    await desk.changes.file(privately(desk, THIRD_ADMIN), THIRD, [ROW])
    for qq in (THIRD_ADMIN, COUNTY_ADMIN, CITY_ADMIN):
        assert len(await desk.changes.listing(privately(desk, qq), THIRD, Q1)) == 1
    for qq in (FIRST_ADMIN, TEACHER):
        with pytest.raises(Denied):
            await desk.changes.listing(privately(desk, qq), THIRD, Q1)
    with pytest.raises(WrongPlace):
        await desk.changes.listing(in_group(desk, THIRD_ADMIN), THIRD, Q1)
    assert await desk.changes.listing(privately(desk, FIRST_ADMIN), FIRST, Q1) == []


async def test_the_audit_log_has_numbers_but_no_names_or_values(desk: Services) -> None:
    await desk.changes.file(privately(desk, THIRD_ADMIN), THIRD, [ROW, OTHER])
    async with desk.context.database.read() as stores:
        [entry] = await stores.audit.recent(1)
    assert (entry.action, entry.target, dict(entry.detail)) == (
        "file a change notice",
        THIRD.code,
        {"rows": 2},
    )
