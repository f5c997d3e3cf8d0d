"""名册导入：有一处不对就一行不改；导出再导入还是原样；单位多了待办跟着补。"""

from __future__ import annotations

import pytest

from bot.domain.errors import Problems
from bot.domain.services import Services
from storage.installation import ROSTER_VERSION
from storage.words import UnitKind
from tests.domain.desk import report, standing
from tests.stage import THIRD, THIRD_ADMIN, UNITS

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
        {"units": 1},
        "command line",
    )
