"""名册导入：有一处不对就一行不改；导出再导入还是原样；单位多了待办跟着补。"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from bot.documents.roster_sheet import ROSTER_HEADER, read_roster, roster_xlsx
from bot.domain.actor import Actor, Place, PlaceKind
from bot.domain.errors import BadInput, Denied, Problems, WrongPlace, WrongState
from bot.domain.roster import roster_choices, roster_lines
from bot.domain.roster_keeping import RosterPreview
from bot.domain.sample_roster import sample_units
from bot.domain.services import Services
from bot.domain.targets import target_unit
from storage.installation import ROSTER_VERSION
from storage.units import Unit
from storage.words import ObligationState, Role, SubmissionAction, UnitKind
from tests.domain.desk import approve, audit_actions, history, in_group, privately, report, standing
from tests.stage import (
    CITY,
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    FIRST,
    FIRST_ADMIN,
    NURSERY,
    OPERATOR,
    OTHER_COUNTY,
    OTHER_SCHOOL,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    UNITS,
)

REVIEW = "review a submission (approve or return)"
HEADER = "代码,名称,类别,所属县市区,办学类型,举办者,别名\n"
GOOD = "YY05-0002,华容县第一中学,学校,华容县,完全中学,公办,华一中\n"


def sheet(*lines: str) -> bytes:
    return (HEADER + "".join(lines)).encode("utf-8-sig")


async def version(services: Services) -> str | None:
    async with services.context.database.read() as stores:
        return await stores.installation.get(ROSTER_VERSION)


async def stored(services: Services) -> list[str]:
    async with services.context.database.read() as stores:
        return [unit.code for unit in await stores.units.all()]


async def test_good_rows_are_added_and_counted(services: Services) -> None:
    before = await version(services)
    counts = await services.roster.save(services.roster.check(sheet(GOOD), "名册.csv"))
    assert counts == {UnitKind.SCHOOL: 1}
    assert len(await stored(services)) == len(UNITS) + 1
    assert services.context.directory.tree.find("华一中").name == "华容县第一中学"
    assert await version(services) != before


async def test_one_bad_row_changes_nothing_and_names_row_and_column(services: Services) -> None:
    before = await version(services)
    bad = "YY05-0003,华容县第二中学,学校,没有的县,完全中学,公办,\n"
    worse = "YY05-0004,,学校,华容县,完全中学,公办,\n"
    with pytest.raises(Problems) as caught:
        services.roster.check(sheet(GOOD, bad, worse), "名册.csv")
    assert [problem.split("行")[0] for problem in caught.value.problems] == ["第3", "第4"]
    assert await stored(services) == sorted(unit.code for unit in UNITS)
    assert await version(services) == before


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.csv"), (b"\x00\x01", "a.xlsx"), (b"PK\x03\x04broken", "a.xlsx")],
)
async def test_a_file_that_is_none_is_refused_in_one_sentence(
    services: Services, content: bytes, name: str
) -> None:
    with pytest.raises(Problems) as caught:
        services.roster.check(content, name)
    assert len(caught.value.problems) == 1
    assert "Error" not in caught.value.problems[0]


@pytest.mark.parametrize("filename", ["名册.xlsx", "名册.csv", "ROSTER.CSV"])
async def test_what_is_exported_can_be_imported_unchanged(services: Services, filename: str) -> None:
    content = services.roster.export(filename)
    assert sorted(services.roster.check(content, filename), key=lambda unit: unit.code) == sorted(
        UNITS, key=lambda unit: unit.code
    )
    await services.roster.save(services.roster.check(content, filename))
    assert await stored(services) == sorted(unit.code for unit in UNITS)


async def test_an_import_leaves_reports_and_seats_as_they_are(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    renamed = "YY04-0001,岳阳县第三中学新校,学校,岳阳县,初级中学,公办,县三中\n"
    await staffed.roster.save(staffed.roster.check(sheet(renamed), "名册.csv"))
    await staffed.duties.refresh()
    assert (await standing(staffed, THIRD, "first_review")).reported_by == THIRD_ADMIN
    assert staffed.context.directory.seats_of(THIRD.code)[0].qq == THIRD_ADMIN
    assert staffed.context.directory.tree.get(THIRD.code).name == "岳阳县第三中学新校"


async def test_a_new_school_gets_its_duties_at_the_next_refresh(services: Services) -> None:
    await services.roster.save(services.roster.check(sheet(GOOD), "名册.csv"))
    assert await services.duties.refresh() == 4
    found = services.context.directory.tree.get("YY05-0002")
    assert (await standing(services, found, "first_review")).receiver_code == "YY05"


async def test_an_import_is_audited_with_the_number_of_units(services: Services) -> None:
    await services.roster.save(services.roster.check(sheet(GOOD), "名册.csv"))
    async with services.context.database.read() as stores:
        [entry] = await stores.audit.recent(1)
    assert (entry.action, dict(entry.detail), entry.actor_unit) == (
        "import or edit the roster",
        {"units": 1, "added": 1},
        "command line",
    )


# ---- 聊天里的导入：先看，再存


def row(unit: Unit, **changes: str) -> str:
    """一所学校登记着的样子，改几格。"""
    cells = roster_lines((COUNTY, OTHER_COUNTY, unit))[-1]
    cells = replace(cells, **changes)
    return ",".join(cells.cells) + "\n"


def table(*rows: str) -> bytes:
    return (",".join(ROSTER_HEADER) + "\n" + "".join(rows)).encode("utf-8-sig")


async def examine(services: Services, qq: int, *rows: str) -> RosterPreview:
    return await services.roster.examine(privately(services, qq), table(*rows), "../../名册.csv")


async def adopt(services: Services, qq: int, *rows: str) -> None:
    preview = await examine(services, qq, *rows)
    assert preview.problems == ()
    await services.roster.adopt(privately(services, qq), preview)


async def test_looking_changes_nothing_and_says_what_would(staffed: Services) -> None:
    before = await version(staffed)
    found = await examine(staffed, CITY_ADMIN, row(THIRD, name="岳阳县第三高级中学"), row(FIRST))
    assert (found.rows, len(found.changes.renamed), found.changes.unchanged) == (2, 1, 1)
    assert found.changes.absent == len(UNITS) - 2
    assert await version(staffed) == before
    assert staffed.context.directory.tree.get(THIRD.code) == THIRD


async def test_what_was_seen_is_stored_with_its_actor_and_the_second_time_nothing_changes(
    staffed: Services,
) -> None:
    rows = (row(THIRD, name="岳阳县第三高级中学", staff_count="52"), row(FIRST))
    await adopt(staffed, COUNTY_ADMIN, *rows)
    found = staffed.context.directory.tree.find("岳阳县第三中学", within=[COUNTY])
    assert (found.name, found.staff_count, found.code) == ("岳阳县第三高级中学", 52, THIRD.code)
    async with staffed.context.database.read() as stores:
        [entry] = await stores.audit.recent(1)
    assert (entry.actor_qq, entry.actor_unit) == (COUNTY_ADMIN, COUNTY.code)
    assert dict(entry.detail) == {"units": 1, "renamed": 1}
    again = await examine(staffed, COUNTY_ADMIN, *rows)
    assert (again.changes.total, again.changes.unchanged) == (0, 2)


async def test_a_county_is_refused_the_rows_of_another(staffed: Services) -> None:
    found = await examine(staffed, COUNTY_ADMIN, row(OTHER_SCHOOL, name="华容县新三中"), row(THIRD))
    assert found.problems == ("第2行「代码」YY05-0001 华容县新三中不是岳阳县的下级，这一行请删去或照原样写",)


@pytest.mark.parametrize("qq", [THIRD_ADMIN, TEACHER, OPERATOR])
async def test_schools_teachers_and_the_operator_import_nothing(staffed: Services, qq: int) -> None:
    with pytest.raises(Denied):
        await examine(staffed, qq, row(THIRD))


async def test_importing_in_a_group_is_refused(staffed: Services) -> None:
    with pytest.raises(WrongPlace):
        await staffed.roster.examine(in_group(staffed, COUNTY_ADMIN), table(row(THIRD)), "a.csv")


async def test_a_change_in_between_voids_what_was_seen(staffed: Services) -> None:
    first = await examine(staffed, COUNTY_ADMIN, row(THIRD, name="甲校"))
    second = await examine(staffed, CITY_ADMIN, row(THIRD, name="乙校"))
    await staffed.roster.adopt(privately(staffed, CITY_ADMIN), second)
    with pytest.raises(WrongState, match="名册刚才有人改过"):
        await staffed.roster.adopt(privately(staffed, COUNTY_ADMIN), first)
    assert staffed.context.directory.tree.get(THIRD.code).name == "乙校"


async def test_two_confirmations_at_once_store_it_once(staffed: Services) -> None:
    preview = await examine(staffed, COUNTY_ADMIN, row(THIRD, name="岳阳县第三高级中学"))
    outcomes = await asyncio.gather(
        *(staffed.roster.adopt(privately(staffed, COUNTY_ADMIN), preview) for _ in range(3)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "WrongState", "WrongState"]


async def test_someone_who_lost_the_seat_meanwhile_stores_nothing(staffed: Services) -> None:
    preview = await examine(staffed, COUNTY_ADMIN, row(THIRD, name="甲校"))
    stranger = Actor(COUNTY_ADMIN, (), Place(PlaceKind.FRIEND))
    with pytest.raises(Denied):
        await staffed.roster.adopt(stranger, preview)
    assert staffed.context.directory.tree.get(THIRD.code) == THIRD


# ---- 撤并的善后


async def test_a_merged_school_stops_its_duties_seats_and_codes_and_keeps_its_history(
    staffed: Services,
) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    invite = await staffed.registration.issue(privately(staffed, COUNTY_ADMIN), THIRD, Role.SYSTEM_ADMIN)
    await adopt(staffed, COUNTY_ADMIN, row(THIRD, state="并入", merged_into=FIRST.code))
    reported = await standing(staffed, THIRD, "first_review")
    assert (reported.state, reported.reported_by) == (ObligationState.CANCELLED, THIRD_ADMIN)
    assert (await standing(staffed, THIRD, "responsibility_letter")).state is ObligationState.CANCELLED
    steps = [step.action for step in await history(staffed, THIRD, "first_review")]
    assert steps == [SubmissionAction.REPORT, SubmissionAction.CLOSE]
    assert privately(staffed, THIRD_ADMIN).assignments == ()
    with pytest.raises(BadInput):
        await staffed.registration.prepare(privately(staffed, TEACHER), invite.code, "王样例", "13800000000")
    assert ("import or edit the roster", THIRD.code, "closed") in await audit_actions(staffed)


async def test_a_closed_school_gets_no_new_duties_and_is_not_invited(staffed: Services) -> None:
    await adopt(staffed, COUNTY_ADMIN, row(THIRD, state="撤销"))
    await staffed.duties.refresh()
    gone = staffed.context.directory.tree.get(THIRD.code)
    assert (await standing(staffed, THIRD, "first_review")).state is ObligationState.CANCELLED
    with pytest.raises(WrongState, match="不能再发邀请码"):
        await staffed.registration.issue(privately(staffed, COUNTY_ADMIN), gone, Role.INFO_ADMIN)
    with pytest.raises(WrongState, match="现在只能查它过去的记录"):
        target_unit(staffed.context, privately(staffed, COUNTY_ADMIN), REVIEW, THIRD.code)


async def test_the_county_is_done_when_the_only_school_missing_is_closed(staffed: Services) -> None:
    for school, qq in ((THIRD, THIRD_ADMIN), (FIRST, FIRST_ADMIN)):
        await report(staffed, qq, school)
        await approve(staffed, COUNTY_ADMIN, school)
    assert (await standing(staffed, COUNTY, "bureau_review")).state is ObligationState.OWING
    await adopt(staffed, COUNTY_ADMIN, row(NURSERY, state="撤销"))
    assert (await standing(staffed, COUNTY, "bureau_review")).state is ObligationState.DONE


async def test_a_school_opened_again_owes_again_and_its_people_are_back(staffed: Services) -> None:
    await adopt(staffed, COUNTY_ADMIN, row(THIRD, state="撤销"))
    await adopt(staffed, COUNTY_ADMIN, row(THIRD, state="正常"))
    assert (await standing(staffed, THIRD, "first_review")).state is ObligationState.OWING
    assert [seat.unit.code for seat in privately(staffed, THIRD_ADMIN).assignments] == [THIRD.code]
    assert staffed.context.directory.tree.get(THIRD.code) == THIRD


async def test_a_seat_frozen_by_hand_stays_frozen_when_the_school_opens_again(staffed: Services) -> None:
    async with staffed.context.database.write() as stores:
        [seat] = await stores.people.of_units([THIRD.code])
        await stores.standings.freeze([seat.id], "离职", COUNTY.code, staffed.context.now())
    await staffed.context.directory.reload(staffed.context.database)
    await adopt(staffed, COUNTY_ADMIN, row(THIRD, state="撤销"))
    await adopt(staffed, COUNTY_ADMIN, row(THIRD, state="正常"))
    assert privately(staffed, THIRD_ADMIN).assignments == ()


# ---- 导出、个数


async def test_a_county_exports_itself_and_its_schools_only(staffed: Services) -> None:
    content = staffed.roster.export_for(privately(staffed, COUNTY_ADMIN), COUNTY, "名册.csv")
    codes = [line.code for line in read_roster(content, "名册.csv")]
    assert codes == [COUNTY.code, THIRD.code, FIRST.code, NURSERY.code]
    with pytest.raises(Denied):
        staffed.roster.export_for(privately(staffed, COUNTY_ADMIN), OTHER_COUNTY, "名册.csv")


async def test_the_operator_sees_numbers_only(staffed: Services) -> None:
    operator = privately(staffed, OPERATOR)
    assert staffed.roster.count(operator, None).kinds.total() == len(UNITS)
    with pytest.raises(Denied):
        staffed.roster.export_for(operator, CITY, "名册.csv")


async def test_the_template_is_for_those_who_import(staffed: Services) -> None:
    assert staffed.roster.template(privately(staffed, CITY_ADMIN)).startswith(b"PK")
    with pytest.raises(Denied):
        staffed.roster.template(privately(staffed, THIRD_ADMIN))


async def test_the_whole_sample_city_is_read_checked_and_stored_in_seconds(staffed: Services) -> None:
    content = roster_xlsx(roster_lines(sample_units()), choices=roster_choices())
    begun = time.perf_counter()
    preview = await staffed.roster.examine(privately(staffed, CITY_ADMIN), content, "名册.xlsx")
    assert preview.problems == ()
    await staffed.roster.adopt(privately(staffed, CITY_ADMIN), preview)
    assert time.perf_counter() - begun < 15
    assert len(staffed.context.directory.tree) >= 2234
