"""库的结构与规矩：升级后与模型一致；SQLite 的规矩每个连接都真的生效；事务要么全成要么全无。"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.cipher import ColumnCipher, Keyring, KeyringError
from storage.database import PRAGMAS, READERS, Database, DatabaseError
from storage.groups import Group
from storage.migrations.runner import drift, upgrade
from storage.obligations import ONCE, Duty
from storage.units import Unit
from storage.words import AnswerMode, UnitKind

CITY = Unit("YY", "岳阳市", UnitKind.CITY)
COUNTY = Unit("YY04", "岳阳县", UnitKind.COUNTY, "YY")
NOON = datetime(2017, 2, 20, 4, 0, tzinfo=UTC)
WANTED = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "busy_timeout": 5000,
}


def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file.as_posix()}"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """从零升级好的库，有市和县两个单位。"""
    opened = Database(url(tmp_path / "fresh.db"), ColumnCipher(Keyring.generate()))
    await opened.migrate()
    async with opened.write() as stores:
        await stores.units.save([CITY, COUNTY])
    yield opened
    await opened.close()


async def on_raw_connection(file: Path, work: Callable[[Connection], Any]) -> Any:
    engine = create_async_engine(url(file))
    async with engine.connect() as connection:
        result = await connection.run_sync(work)
    await engine.dispose()
    return result


async def pragmas(engine: AsyncEngine, connections: int) -> list[dict[str, Any]]:
    """同时打开几个连接，各读一遍规矩。"""
    opened = [await engine.connect() for _ in range(connections)]
    try:
        return [
            {name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one() for name in WANTED}
            for connection in opened
        ]
    finally:
        for connection in opened:
            await connection.close()


async def test_a_fresh_upgrade_has_no_drift_against_the_models(database: Database, tmp_path: Path) -> None:
    assert await on_raw_connection(tmp_path / "fresh.db", drift) == []


async def test_the_drift_check_sees_a_missing_index_column_and_table(
    database: Database, tmp_path: Path
) -> None:
    await database.close()
    with sqlite3.connect(tmp_path / "fresh.db") as connection:
        connection.execute("DROP INDEX ix_obligations_rollup")
        connection.execute("DROP TABLE reminder_runs")
        connection.execute("ALTER TABLE units DROP COLUMN closed_on")
    connection.close()
    found = [str(difference[0]) for difference in await on_raw_connection(tmp_path / "fresh.db", drift)]
    assert sorted(found) == ["add_column", "add_index", "add_table"]


async def test_upgrading_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    await database.migrate()
    async with database.read() as stores:
        assert await stores.units.all() == [CITY, COUNTY]


async def test_the_migration_can_be_taken_back_and_run_again(database: Database, tmp_path: Path) -> None:
    from alembic import command

    from storage.migrations.runner import alembic_config

    def down_and_up(connection: Connection) -> list[Any]:
        command.downgrade(alembic_config(connection), "base")
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        left = [name for (name,) in tables if name != "alembic_version"]
        upgrade(connection)
        return left

    await database.close()
    assert await on_raw_connection(tmp_path / "fresh.db", down_and_up) == []


async def test_every_connection_obeys_the_rules_of_sqlite(database: Database) -> None:
    readers = await pragmas(database._reader, READERS)
    writers = await pragmas(database._writer, 1)
    assert {pragma.split("=")[0] for pragma in PRAGMAS} == set(WANTED)  # 有的本来就是默认值，也要写明
    assert readers == [WANTED] * READERS
    assert writers == [WANTED]


async def test_there_is_one_writer_connection_only(database: Database) -> None:
    assert database._writer.pool.size() == 1  # type: ignore[attr-defined]
    assert database._writer.pool.overflow() <= 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("moment", [datetime(2017, 2, 20, 8, 0), datetime.min])  # noqa: DTZ001, DTZ901
async def test_a_time_without_zone_is_refused(database: Database, moment: datetime) -> None:
    async def save() -> None:
        async with database.write() as stores:
            await stores.groups.save(Group(1, "YY", AnswerMode.OFF, None, None, 10001, moment))

    with pytest.raises(StatementError, match="时间必须带时区"):
        await save()
    async with database.read() as stores:
        assert await stores.groups.all() == []


async def test_a_time_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    beijing = datetime(2017, 2, 20, 12, 0, tzinfo=timezone(timedelta(hours=8)))
    async with database.write() as stores:
        await stores.groups.save(Group(1, "YY", AnswerMode.OFF, None, None, 10001, beijing))
    async with database.read() as stores:
        stored = (await stores.groups.all())[0].bound_at
    assert stored == beijing
    assert stored.tzinfo is UTC


async def test_a_group_of_an_unknown_unit_is_refused(database: Database) -> None:
    async def save() -> None:
        async with database.write() as stores:
            await stores.groups.save(Group(1, "没有", AnswerMode.OFF, None, None, 10001, NOON))

    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        await save()


async def test_the_same_duty_twice_is_one_row(database: Database) -> None:
    duty = Duty("YY04", "first_review", ONCE, date(2017, 2, 28), date(2017, 2, 28), "YY")
    async with database.write() as stores:
        assert await stores.obligations.ensure([duty]) == 1
    async with database.write() as stores:
        assert await stores.obligations.ensure([duty]) == 0
    async with database.read() as stores:
        assert len(await stores.obligations.of_unit("YY04")) == 1


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as stores:
            await stores.units.save([Unit("YY05", "华容县", UnitKind.COUNTY, "YY")])
            await stores.installation.put("starts_on", "2017-02-20")
            raise RuntimeError("中途出错")

    with pytest.raises(RuntimeError, match="中途出错"):
        await fail()
    async with database.read() as stores:
        assert await stores.units.all() == [CITY, COUNTY]
        assert await stores.installation.get("starts_on") is None


async def test_a_cancelled_transaction_leaves_nothing_and_frees_the_writer(database: Database) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with database.write() as stores:
            await stores.installation.put("starts_on", "2017-02-20")
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5), database.write() as stores:
        assert await stores.installation.get("starts_on") is None


async def test_reading_never_writes(database: Database) -> None:
    async with database.read() as stores:
        await stores.installation.put("starts_on", "2017-02-20")
    async with database.read() as stores:
        assert await stores.installation.get("starts_on") is None


async def test_fifty_writers_at_once_queue_instead_of_locking(database: Database) -> None:
    async def count_up() -> None:
        async with database.write() as stores:
            current = int(await stores.installation.get("counter") or 0)
            await asyncio.sleep(0)
            await stores.installation.put("counter", str(current + 1))

    await asyncio.gather(*(count_up() for _ in range(50)))
    async with database.read() as stores:
        assert await stores.installation.get("counter") == "50"


async def test_two_processes_write_at_once_without_losing_anything(
    database: Database, tmp_path: Path
) -> None:
    """另一个进程（命令行）也在写：两个引擎各写各的，谁也不报“database is locked”。"""
    other = Database(url(tmp_path / "fresh.db"), ColumnCipher(Keyring.generate()))

    async def count_up(which: Database) -> None:
        for _ in range(10):
            async with which.write() as stores:
                current = int(await stores.installation.get("counter") or 0)
                await asyncio.sleep(0.001)
                await stores.installation.put("counter", str(current + 1))

    await asyncio.gather(count_up(database), count_up(other))
    async with other.read() as stores:
        assert await stores.installation.get("counter") == "20"
    await other.close()


async def test_readers_see_the_old_state_while_a_write_is_open(database: Database) -> None:
    async with database.write() as writing:
        await writing.installation.put("starts_on", "2017-02-20")
        async with asyncio.timeout(2), database.read() as reading:
            assert await reading.installation.get("starts_on") is None
    async with database.read() as reading:
        assert await reading.installation.get("starts_on") == "2017-02-20"


@pytest.mark.parametrize("bad", ["", "不是地址", "sqlite"])
def test_a_database_address_that_makes_no_sense_is_named_with_an_example(bad: str) -> None:
    with pytest.raises(DatabaseError, match=r"DATABASE_URL 写法不对，例如 sqlite\+aiosqlite:///"):
        Database(bad, ColumnCipher(Keyring.generate()))


async def test_the_folder_of_the_database_is_made(tmp_path: Path) -> None:
    opened = Database(url(tmp_path / "new" / "deep.db"), ColumnCipher(Keyring.generate()))
    await opened.migrate()
    await opened.close()
    assert (tmp_path / "new" / "deep.db").exists()


async def test_a_keyring_that_does_not_belong_to_the_database_is_refused_at_the_start(
    database: Database, tmp_path: Path
) -> None:
    await database.close()
    stranger = Database(url(tmp_path / "fresh.db"), ColumnCipher(Keyring.generate()))
    with pytest.raises(KeyringError, match=r"钥匙串和数据库不是一套：请恢复备份里的 keys\.json"):
        await stranger.migrate()
    await stranger.close()
