"""季报：登记、报送、补报、备案、退回；没有变更报零报告；完整内容只给有权的人。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.clock import SimulatedClock
from bot.domain.errors import BadInput, Denied, NotFound, WrongPlace, WrongState
from bot.domain.quarters import Quarter
from bot.domain.services import Services
from storage.changes import ChangeRow
from storage.units import Unit
from storage.words import ObligationState, Role
from tests.domain.desk import audit_actions, enlist, history, in_group, move, outbox, privately, standing
from tests.stage import (
    CITY,
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    FIRST,
    FIRST_ADMIN,
    MUNICIPAL,
    MUNICIPAL_ADMIN,
    NURSERY,
    OTHER_COUNTY_ADMIN,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
)

ROW = ChangeRow("王样例", "政治面貌", "入党", "群众", "中共党员", date(2017, 2, 10), by_teacher=True)
Q1, Q2 = Quarter(2017, 1), Quarter(2017, 2)
STATE = ObligationState


async def file(services: Services, qq: int = THIRD_ADMIN, unit: Unit = THIRD, name: str = "王样例") -> None:
    await services.changes.file(privately(services, qq), unit, [replace(ROW, name=name)])


async def send(
    services: Services,
    qq: int = THIRD_ADMIN,
    unit: Unit = THIRD,
    quarter: Quarter | None = None,
    *,
    zero: bool = False,
) -> Quarter:
    return (await services.registers.send(privately(services, qq), unit, quarter, zero=zero)).quarter


async def state_of(services: Services, unit: Unit = THIRD, quarter: Quarter = Q1) -> ObligationState:
    return (await standing(services, unit, "quarterly", quarter.key)).state


async def test_file_send_supplement_archive_and_return(staffed: Services) -> None:
    await file(staffed)
    await send(staffed)
    assert await state_of(staffed) is STATE.REPORTED
    await file(staffed, name="李样例")
    await send(staffed)
    steps = await history(staffed, THIRD, "quarterly", "2017Q1")
    assert [dict(step.numbers or {}) for step in steps] == [{"rows": 1}, {"rows": 2}]
    archived = await staffed.registers.archive(privately(staffed, COUNTY_ADMIN), THIRD, Q1)
    assert archived.obligation is not None
    assert (archived.obligation.state, archived.rows) == (STATE.DONE, 2)
    await staffed.registers.give_back(privately(staffed, COUNTY_ADMIN), THIRD, Q1, "缺日期")
    returned = await standing(staffed, THIRD, "quarterly", "2017Q1")
    assert (returned.state, returned.reason) == (STATE.RETURNED, "缺日期")
    await send(staffed)
    await staffed.registers.archive(privately(staffed, COUNTY_ADMIN), THIRD, Q1)
    assert await state_of(staffed) is STATE.DONE


async def test_a_change_after_the_archive_is_sent_as_a_supplement_and_archived_again(
    staffed: Services,
) -> None:
    await file(staffed)
    await send(staffed)
    await staffed.registers.archive(privately(staffed, COUNTY_ADMIN), THIRD, Q1)
    await file(staffed, name="李样例")
    await send(staffed)
    assert await state_of(staffed) is STATE.REPORTED
    await staffed.registers.archive(privately(staffed, COUNTY_ADMIN), THIRD, Q1)
    assert await state_of(staffed) is STATE.DONE


async def test_the_reporter_hears_of_archive_and_return(staffed: Services) -> None:
    await send(staffed, zero=True)
    await staffed.registers.give_back(privately(staffed, COUNTY_ADMIN), THIRD, Q1, "请核实")
    [told] = await outbox(staffed)
    assert (told.target, told.payload["period"], told.payload["reason"]) == (THIRD_ADMIN, "2017Q1", "请核实")


async def test_without_changes_a_zero_report_is_sent(staffed: Services) -> None:
    with pytest.raises(WrongState, match="还没有登记变更。确实没有变更请发 /零报告"):
        await send(staffed)
    await send(staffed, zero=True)
    [step] = await history(staffed, THIRD, "quarterly", "2017Q1")
    assert (step.note, dict(step.numbers or {})) == ("零报告", {"rows": 0})


async def test_with_changes_a_zero_report_is_refused(staffed: Services) -> None:
    await file(staffed)
    with pytest.raises(WrongState, match="岳阳县第三中学2017年第一季度已登记 1 条变更，不是零报告"):
        await send(staffed, zero=True)
    assert await state_of(staffed) is STATE.OWING


async def test_after_every_row_is_withdrawn_it_is_a_zero_report_again(staffed: Services) -> None:
    who = privately(staffed, THIRD_ADMIN)
    await file(staffed)
    await staffed.changes.withdraw(who, await staffed.changes.find(who, THIRD, 1))
    with pytest.raises(WrongState, match="还没有登记变更"):
        await send(staffed)
    await send(staffed, zero=True)


async def test_a_zero_report_followed_by_a_change_becomes_a_register(staffed: Services) -> None:
    await send(staffed, zero=True)
    await file(staffed)
    await send(staffed)
    assert [step.note for step in await history(staffed, THIRD, "quarterly", "2017Q1")] == ["零报告", ""]


@pytest.mark.parametrize(
    ("qq", "unit", "day", "late"),
    [
        (THIRD_ADMIN, THIRD, (3, 20), False),
        (THIRD_ADMIN, THIRD, (3, 21), True),
        (MUNICIPAL_ADMIN, MUNICIPAL, (3, 25), False),
        (MUNICIPAL_ADMIN, MUNICIPAL, (3, 26), True),
        (COUNTY_ADMIN, COUNTY, (3, 25), False),
    ],
)
async def test_late_means_after_ones_own_day_and_is_marked_not_refused(
    staffed: Services, clock: SimulatedClock, qq: int, unit: Unit, day: tuple[int, int], late: bool
) -> None:
    move(clock, *day)
    await send(staffed, qq, unit, Q1, zero=True)
    stored = await standing(staffed, unit, "quarterly", "2017Q1")
    assert (stored.state, stored.late) == (STATE.REPORTED, late)


async def test_while_the_previous_quarter_is_owed_it_is_sent_by_default(
    staffed: Services, clock: SimulatedClock
) -> None:
    move(clock, 3, 27)
    await staffed.duties.refresh()
    assert staffed.registers.current() == Q2
    assert await send(staffed, zero=True) == Q1
    assert await send(staffed, zero=True) == Q2


async def test_a_returned_previous_quarter_comes_first_too(staffed: Services, clock: SimulatedClock) -> None:
    await send(staffed, zero=True)
    await staffed.registers.give_back(privately(staffed, COUNTY_ADMIN), THIRD, Q1, "请核实")
    move(clock, 3, 27)
    await staffed.duties.refresh()
    assert await send(staffed, zero=True) == Q1


async def test_a_quarter_written_out_is_taken_as_written(staffed: Services, clock: SimulatedClock) -> None:
    move(clock, 3, 27)
    await staffed.duties.refresh()
    assert await send(staffed, quarter=Q2, zero=True) == Q2
    assert await state_of(staffed, THIRD, Q1) is STATE.OWING


async def test_what_is_filed_after_the_25th_goes_with_the_next_register(
    staffed: Services, clock: SimulatedClock
) -> None:
    move(clock, 3, 26)
    await staffed.duties.refresh()
    await file(staffed)
    assert await send(staffed, quarter=Q1, zero=True) == Q1
    sent = await staffed.registers.send(privately(staffed, THIRD_ADMIN), THIRD, Q2, zero=False)
    assert (sent.quarter, sent.rows) == (Q2, 1)


@pytest.mark.parametrize("quarter", [Quarter(2016, 4), Quarter(2017, 4)])
async def test_a_quarter_that_is_not_owed_is_refused(staffed: Services, quarter: Quarter) -> None:
    with pytest.raises(NotFound, match="季报从启用后的季度开始报"):
        await send(staffed, quarter=quarter, zero=True)


async def test_the_city_owes_no_quarter(staffed: Services) -> None:
    with pytest.raises(NotFound, match="岳阳市不用报季报"):
        await send(staffed, CITY_ADMIN, CITY, zero=True)


@pytest.mark.parametrize("qq", [FIRST_ADMIN, OTHER_COUNTY_ADMIN, TEACHER])
async def test_others_cannot_send_it(staffed: Services, qq: int) -> None:
    with pytest.raises(Denied):
        await send(staffed, qq, THIRD, zero=True)


@pytest.mark.parametrize("qq", [THIRD_ADMIN, FIRST_ADMIN, OTHER_COUNTY_ADMIN, TEACHER])
async def test_only_the_receiver_archives(staffed: Services, qq: int) -> None:
    await send(staffed, zero=True)
    with pytest.raises(Denied):
        await staffed.registers.archive(privately(staffed, qq), THIRD, Q1)
    assert await state_of(staffed) is STATE.REPORTED


async def test_a_county_does_not_archive_its_own_register_the_city_does(staffed: Services) -> None:
    await send(staffed, COUNTY_ADMIN, COUNTY, zero=True)
    await enlist(staffed, TEACHER, COUNTY)
    with pytest.raises(Denied, match="本单位不能自己审"):
        await staffed.registers.archive(privately(staffed, TEACHER), COUNTY, Q1)
    await staffed.registers.archive(privately(staffed, CITY_ADMIN), COUNTY, Q1)
    assert await state_of(staffed, COUNTY) is STATE.DONE


async def test_who_sent_it_does_not_archive_it(staffed: Services) -> None:
    await send(staffed, COUNTY_ADMIN, THIRD, zero=True)
    with pytest.raises(Denied, match="谁填报谁负责"):
        await staffed.registers.archive(privately(staffed, COUNTY_ADMIN), THIRD, Q1)


async def test_nothing_sent_is_nothing_to_archive(staffed: Services) -> None:
    with pytest.raises(WrongState, match="还没有报信息更新季报，不能审核"):
        await staffed.registers.archive(privately(staffed, COUNTY_ADMIN), THIRD, Q1)


async def test_giving_back_needs_a_reason(staffed: Services) -> None:
    await send(staffed, zero=True)
    with pytest.raises(BadInput, match="退回请写原因"):
        await staffed.registers.give_back(privately(staffed, COUNTY_ADMIN), THIRD, Q1, " ")
    assert await state_of(staffed) is STATE.REPORTED


async def test_archiving_in_a_group_is_refused(staffed: Services) -> None:
    await send(staffed, zero=True)
    with pytest.raises(WrongPlace):
        await staffed.registers.archive(in_group(staffed, COUNTY_ADMIN), THIRD, Q1)


async def test_the_register_of_a_county_collects_the_schools_that_have_sent(staffed: Services) -> None:
    await file(staffed)
    await file(staffed, FIRST_ADMIN, FIRST, "李样例")
    await file(staffed, MUNICIPAL_ADMIN, MUNICIPAL, "赵样例")
    county = privately(staffed, COUNTY_ADMIN)
    await staffed.registers.send(privately(staffed, THIRD_ADMIN), THIRD, None, zero=False)
    content = await staffed.registers.content(county, COUNTY, Q1)
    assert [(unit, notice.row.name) for unit, notice in content.rows] == [(THIRD, "王样例")]
    sent = await staffed.registers.send(county, COUNTY, None, zero=False)
    assert (sent.rows, sent.unsent_below) == (1, 2)
    await staffed.registers.send(privately(staffed, FIRST_ADMIN), FIRST, None, zero=False)
    sent = await staffed.registers.send(county, COUNTY, None, zero=False)
    assert (sent.rows, sent.unsent_below) == (2, 1)


async def test_the_form_holds_full_values_the_filler_and_no_withdrawn_row(staffed: Services) -> None:
    who = privately(staffed, THIRD_ADMIN)
    await file(staffed)
    await file(staffed, name="李样例")
    await staffed.changes.withdraw(who, await staffed.changes.find(who, THIRD, 1))
    content = await staffed.registers.content(who, THIRD, Q1)
    [(unit, notice)] = content.rows
    assert (unit, notice.row) == (THIRD, replace(ROW, name="李样例"))
    assert (content.filler, content.phone) == ("王样例", f"138000{THIRD_ADMIN}")
    assert content.filled_on == date(2017, 2, 20)


async def test_a_county_that_fetches_a_schools_form_finds_who_sent_it(staffed: Services) -> None:
    await enlist(staffed, COUNTY_ADMIN, COUNTY, name="县样例")
    await enlist(staffed, THIRD_ADMIN, THIRD, name="校样例")
    await file(staffed)
    content = await staffed.registers.content(privately(staffed, COUNTY_ADMIN), THIRD, Q1)
    assert content.filler == ""
    await staffed.registers.send(privately(staffed, THIRD_ADMIN), THIRD, None, zero=False)
    content = await staffed.registers.content(privately(staffed, COUNTY_ADMIN), THIRD, Q1)
    assert content.filler == "校样例"


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.INFO_VIEWER, Role.TRAINING_ADMIN])
async def test_full_values_are_for_the_info_admin_only(staffed: Services, role: Role) -> None:
    await enlist(staffed, TEACHER, THIRD, role)
    await enlist(staffed, TEACHER, COUNTY, role)
    with pytest.raises(Denied):
        await staffed.registers.content(privately(staffed, TEACHER), THIRD, Q1)


async def test_full_values_never_go_to_a_group_or_a_neighbour(staffed: Services) -> None:
    with pytest.raises(WrongPlace):
        await staffed.registers.content(in_group(staffed, THIRD_ADMIN), THIRD, Q1)
    for qq in (FIRST_ADMIN, OTHER_COUNTY_ADMIN, TEACHER):
        with pytest.raises(Denied):
            await staffed.registers.content(privately(staffed, qq), THIRD, Q1)


async def test_fetching_full_values_is_audited(staffed: Services) -> None:
    await staffed.registers.content(privately(staffed, THIRD_ADMIN), THIRD, Q1)
    assert (await audit_actions(staffed))[-1] == ("official register with full values", THIRD.code, "done")


async def test_the_county_sees_one_line_for_each_school(staffed: Services) -> None:
    await file(staffed)
    await send(staffed)
    rows = await staffed.registers.states_below(privately(staffed, COUNTY_ADMIN), COUNTY, Q1)
    seen = [(one.unit, one.rows, one.obligation.state if one.obligation else None) for one in rows]
    assert seen == [
        (THIRD, 1, STATE.REPORTED),
        (FIRST, 0, STATE.OWING),
        (NURSERY, 0, STATE.OWING),
    ]


async def test_the_city_sees_counties_with_the_rows_of_their_schools(staffed: Services) -> None:
    await file(staffed)
    await file(staffed, FIRST_ADMIN, FIRST)
    await staffed.registers.send(privately(staffed, THIRD_ADMIN), THIRD, None, zero=False)
    rows = await staffed.registers.states_below(privately(staffed, CITY_ADMIN), CITY, Q1)
    assert [(one.unit.name, one.rows) for one in rows] == [
        ("岳阳县", 1),
        ("华容县", 0),
        ("岳阳市第一中学", 0),
    ]


async def test_the_state_is_open_to_school_county_and_city_only(staffed: Services) -> None:
    for qq in (THIRD_ADMIN, COUNTY_ADMIN, CITY_ADMIN):
        assert (await staffed.registers.state(privately(staffed, qq), THIRD, Q1)).rows == 0
    for qq in (FIRST_ADMIN, OTHER_COUNTY_ADMIN, TEACHER):
        with pytest.raises(Denied):
            await staffed.registers.state(privately(staffed, qq), THIRD, Q1)
