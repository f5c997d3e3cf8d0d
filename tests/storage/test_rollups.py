"""汇总：每一种只用一条查询，数得对；报上来的人数合计只算待审和完成的。"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from storage.database import Database
from storage.obligations import ONCE, Duty
from storage.submissions import Submission
from storage.units import Unit
from storage.words import ObligationState, SubmissionAction, UnitKind
from tests.stage import CITY, COUNTY, FIRST, MUNICIPAL, OTHER_SCHOOL, THIRD

NOON = datetime(2017, 2, 20, 4, 0, tzinfo=UTC)
DUE = date(2017, 2, 28)
STATE, ACTION = ObligationState, SubmissionAction
POINT = Unit("YY04-0009", "样例教学点", UnitKind.SCHOOL, "YY04", central_school_code=THIRD.code)
KEYS = ("expected", "entered")


async def report(
    database: Database, unit: Unit, expected: int, at: datetime = NOON, *, late: bool = False
) -> None:
    async with database.write() as stores:
        found = await stores.obligations.find(unit.code, "first_review")
        assert found is not None
        numbers = {"expected": expected, "entered": expected - 1}
        step = Submission(found.id, ACTION.REPORT, 10003, unit.code, at, late=late, numbers=numbers)
        await stores.obligations.record(step, STATE.REPORTED)


async def give_back(database: Database, unit: Unit) -> None:
    async with database.write() as stores:
        found = await stores.obligations.find(unit.code, "first_review")
        assert found is not None
        await stores.obligations.record(
            Submission(found.id, ACTION.RETURN, 10002, "YY04", NOON), STATE.RETURNED
        )


@pytest.fixture
async def busy(database: Database) -> Database:
    """三中待审（迟报），一中被退回，教学点、邻县、市直没报；三中另欠责任书。"""
    async with database.write() as stores:
        await stores.units.save([POINT])
        duties = [
            Duty(unit.code, "first_review", ONCE, DUE, DUE, unit.parent_code)
            for unit in (THIRD, FIRST, POINT, OTHER_SCHOOL, MUNICIPAL)
        ]
        letter = Duty(THIRD.code, "responsibility_letter", ONCE, None, None, COUNTY.code)
        bureau = Duty(COUNTY.code, "bureau_review", ONCE, DUE, DUE, CITY.code)
        await stores.obligations.ensure([*duties, letter, bureau])
    await report(database, THIRD, 52, late=True)
    await report(database, FIRST, 30, NOON - timedelta(days=2))
    await give_back(database, FIRST)
    return database


async def test_the_city_is_one_row_per_reviewer_and_state_with_the_sums(busy: Database) -> None:
    async with busy.read() as stores:
        counts = await stores.rollups.by_reviewer("first_review", ONCE, KEYS)
    found = {(one.group_code, one.state): one for one in counts}
    assert {key: one.units for key, one in found.items()} == {
        ("YY", STATE.OWING): 1,
        ("YY04", STATE.OWING): 1,
        ("YY04", STATE.REPORTED): 1,
        ("YY04", STATE.RETURNED): 1,
        ("YY05", STATE.OWING): 1,
    }
    assert found["YY04", STATE.REPORTED].numbers == {"expected": 52, "entered": 51}
    assert found["YY04", STATE.REPORTED].late
    assert found["YY04", STATE.OWING].numbers == {"expected": 0, "entered": 0}


async def test_a_county_gets_all_its_items_at_once_without_its_own(busy: Database) -> None:
    async with busy.read() as stores:
        counts = await stores.rollups.of_schools(COUNTY.code, (ONCE,), KEYS)
    assert sorted((one.deliverable, one.state.value, one.units) for one in counts) == [
        ("first_review", "owing", 1),
        ("first_review", "reported", 1),
        ("first_review", "returned", 1),
        ("responsibility_letter", "owing", 1),
    ]


async def test_states_below_count_a_county_or_everything(busy: Database) -> None:
    async with busy.read() as stores:
        county = await stores.rollups.states_below(COUNTY.code, "first_review")
        everything = await stores.rollups.states_below(None, "first_review")
    assert county == {STATE.REPORTED: 1, STATE.RETURNED: 1, STATE.OWING: 1}
    assert sum(everything.values()) == 5


async def test_what_is_open_is_grouped_by_item_and_date(busy: Database) -> None:
    async with busy.read() as stores:
        county = await stores.rollups.open_below(COUNTY.code)
        city = await stores.rollups.open_below(None)
    assert sorted((one.deliverable, one.due_on, one.units) for one in county if one.due_on) == [
        ("bureau_review", DUE, 1),
        ("first_review", DUE, 2),
    ]
    assert {one.deliverable: one.units for one in city}["first_review"] == 4


async def test_the_morning_numbers_of_every_reviewer(busy: Database) -> None:
    async with busy.read() as stores:
        waiting = await stores.rollups.waiting()
        overdue = await stores.rollups.overdue(DUE + timedelta(days=1), ["first_review"])
        not_yet = await stores.rollups.overdue(DUE, ["first_review"])
        fresh = await stores.rollups.reported_since(NOON - timedelta(days=1))
        older = await stores.rollups.reported_since(NOON - timedelta(days=3))
    assert waiting == {"YY04": 1}
    assert overdue == {"YY": 1, "YY04": 2, "YY05": 1}
    assert not_yet == {}
    assert fresh == {"YY04": 1}
    assert older == {"YY04": 2}


async def test_reporting_twice_is_new_once(busy: Database) -> None:
    await report(busy, THIRD, 53)
    async with busy.read() as stores:
        assert await stores.rollups.reported_since(NOON - timedelta(hours=1)) == {"YY04": 1}


async def test_points_of_a_central_school_and_how_many_items_they_owe(busy: Database) -> None:
    async with busy.read() as stores:
        assert await stores.rollups.open_at_points(THIRD.code) == {POINT.code: 1}
        assert await stores.rollups.open_at_points(FIRST.code) == {}


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("by_reviewer", ("first_review", ONCE, KEYS)),
        ("of_schools", (COUNTY.code, (ONCE,), KEYS)),
        ("states_below", (None, "first_review")),
        ("open_below", (COUNTY.code,)),
        ("waiting", ()),
        ("overdue", (DUE, ["first_review"])),
        ("reported_since", (NOON,)),
        ("open_at_points", (THIRD.code,)),
    ],
)
async def test_every_rollup_is_one_query(busy: Database, name: str, arguments: tuple[object, ...]) -> None:
    asked: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest) -> None:
        asked.append(statement)

    event.listen(busy._reader.sync_engine, "before_cursor_execute", note)
    async with busy.read() as stores:
        await getattr(stores.rollups, name)(*arguments)
    event.remove(busy._reader.sync_engine, "before_cursor_execute", note)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1
