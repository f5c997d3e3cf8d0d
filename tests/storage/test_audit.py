"""操作日志是一条链：改一行、删一行、换两行、插一行都查得出来，而且说得出从哪一行起。"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from storage.audit import FIRST_LINK, AuditEntry, link_content
from storage.cipher import ColumnCipher, Keyring
from storage.database import Database
from tests.storage.conftest import sqlite_url

START = datetime(2017, 2, 20, tzinfo=UTC)


def entry(number: int) -> AuditEntry:
    return AuditEntry(
        at=START + timedelta(minutes=number),
        actor_qq=10001,
        actor_unit="YY",
        action="review",
        target=f"YY04-000{number}",
        outcome="done",
        detail={"rows": number, "period": "2017Q1"},
    )


@pytest.fixture
async def logged(database: Database) -> Database:
    """五条日志，分几次事务记下。"""
    for number in range(1, 6):
        async with database.write() as stores:
            await stores.audit.add(entry(number))
    return database


async def broken_at(database: Database) -> int | None:
    async with database.read() as stores:
        return await stores.audit.first_broken()


def tamper(file: Path, *statements: str) -> None:
    with sqlite3.connect(file) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


async def test_an_untouched_chain_is_whole(logged: Database) -> None:
    assert await broken_at(logged) is None


async def test_an_empty_log_is_whole(database: Database) -> None:
    assert await broken_at(database) is None


async def test_the_newest_come_first_and_carry_everything(logged: Database) -> None:
    async with logged.read() as stores:
        assert await stores.audit.recent(2) == [entry(5), entry(4)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "'2017-02-20 09:00:00.000000'"),
        ("actor_qq", "10002"),
        ("actor_qq", "NULL"),
        ("actor_unit", "'YY05'"),
        ("action", "'report'"),
        ("target", "'YY05-0001'"),
        ("outcome", "'denied'"),
        ("detail", """'{"rows": 9, "period": "2017Q1"}'"""),
        ("link", f"'{FIRST_LINK}'"),
    ],
)
async def test_any_edited_column_breaks_the_chain_at_its_row(
    logged: Database, database_file: Path, column: str, value: str
) -> None:
    tamper(database_file, f'UPDATE audit_log SET "{column}" = {value} WHERE id = 3')
    assert await broken_at(logged) == 3


async def test_a_deleted_row_is_noticed_at_the_next_one(logged: Database, database_file: Path) -> None:
    tamper(database_file, "DELETE FROM audit_log WHERE id = 2")
    assert await broken_at(logged) == 3


async def test_deleting_the_first_row_is_noticed(logged: Database, database_file: Path) -> None:
    tamper(database_file, "DELETE FROM audit_log WHERE id = 1")
    assert await broken_at(logged) == 2


async def test_two_swapped_rows_are_noticed(logged: Database, database_file: Path) -> None:
    tamper(
        database_file,
        "UPDATE audit_log SET id = 100 WHERE id = 2",
        "UPDATE audit_log SET id = 2 WHERE id = 4",
        "UPDATE audit_log SET id = 4 WHERE id = 100",
    )
    assert await broken_at(logged) == 2


async def test_deleting_the_last_row_is_noticed_too(logged: Database, database_file: Path) -> None:
    tamper(database_file, "DELETE FROM audit_log WHERE id = 5")
    assert await broken_at(logged) == 5


async def test_deleting_everything_is_noticed(logged: Database, database_file: Path) -> None:
    tamper(database_file, "DELETE FROM audit_log")
    assert await broken_at(logged) == 1


async def test_an_inserted_row_with_a_link_of_the_same_form_is_noticed(
    logged: Database, database_file: Path
) -> None:
    """没有钥匙串的人照着算一遍 SHA-256，也编不出对得上的指纹。"""
    async with logged.read() as stores:
        first = (await stores.audit.recent())[-1]
    before = hashlib.sha256(link_content(FIRST_LINK, first).encode()).hexdigest()
    forged = hashlib.sha256(link_content(before, entry(9)).encode()).hexdigest()
    tamper(
        database_file,
        "UPDATE audit_log SET id = id + 100 WHERE id > 1",
        "INSERT INTO audit_log (id, at, actor_qq, actor_unit, action, target, outcome, detail, link) VALUES "
        "(2, '2017-02-20 00:09:00.000000', 10001, 'YY', 'review', 'YY04-0009', 'done', "
        f"""'{{"rows": 9, "period": "2017Q1"}}', '{forged}')""",
    )
    assert await broken_at(logged) == 2


async def test_a_row_copied_in_with_its_true_link_breaks_the_chain(
    logged: Database, database_file: Path
) -> None:
    columns = "at, actor_qq, actor_unit, action, target, outcome, detail, link"
    tamper(
        database_file,
        f"INSERT INTO audit_log (id, {columns}) SELECT 99, {columns} FROM audit_log WHERE id = 5",
    )
    assert await broken_at(logged) == 99


async def test_another_keyring_does_not_confirm_the_log(logged: Database, database_file: Path) -> None:
    stranger = Database(sqlite_url(database_file), ColumnCipher(Keyring.generate()))
    assert await broken_at(stranger) == 1
    await stranger.close()


async def test_the_chain_grows_on_after_a_restart(logged: Database) -> None:
    async with logged.write() as stores:
        await stores.audit.add(entry(6))
    assert await broken_at(logged) is None


async def test_a_failed_transaction_leaves_no_gap(logged: Database) -> None:
    async def fail() -> None:
        async with logged.write() as stores:
            await stores.audit.add(entry(7))
            raise RuntimeError("中途出错")

    with pytest.raises(RuntimeError, match="中途出错"):
        await fail()
    async with logged.write() as stores:
        await stores.audit.add(entry(8))
    assert await broken_at(logged) is None


def test_the_same_moment_in_another_zone_gives_the_same_link() -> None:
    one = entry(1)
    moved = replace(one, at=one.at.astimezone(timezone(timedelta(hours=8))))
    assert link_content(FIRST_LINK, moved) == link_content(FIRST_LINK, one)
    assert link_content(FIRST_LINK, moved) != link_content(FIRST_LINK, entry(2))
