"""把库文件和 WAL 逐字节翻一遍：姓名、电话、变更前后的值一个也不许以明文出现。"""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from storage.changes import ChangeRow
from storage.cipher import ColumnCipher, Keyring, KeyringError
from storage.database import Database
from storage.words import Role
from tests.stage import THIRD
from tests.storage.conftest import sqlite_url

NOON = datetime(2017, 2, 20, 4, 0, tzinfo=UTC)
NAME, PHONE, SECOND_PHONE = "欧阳样例甲", "13800001234", "13900005678"
ROW = ChangeRow(
    name="诸葛样例乙",
    field="婚姻状况",
    reason="登记结婚样例",
    before="未婚样例值",
    after="已婚样例值",
    changed_on=date(2017, 2, 10),
    by_teacher=True,
    note="附证件复印件样例",
)
SECRETS = (NAME, PHONE, SECOND_PHONE, ROW.name, ROW.reason, ROW.before, ROW.after, ROW.note)


def bytes_on_disk(file: Path) -> bytes:
    """库文件、WAL、共享内存，凡在的都算。"""
    return b"".join(part.read_bytes() for part in sorted(file.parent.glob(f"{file.name}*")))


def found_in(content: bytes) -> list[str]:
    encodings = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "unicode_escape")
    return [secret for secret in SECRETS for name in encodings if secret.encode(name) in content]


async def fill(database: Database) -> None:
    async with database.write() as stores:
        await stores.people.enlist(10003, THIRD.code, Role.INFO_ADMIN, NAME, PHONE, NOON)
        [notice] = await stores.changes.add(THIRD.code, "2017Q1", [ROW], 10003, NOON)
    async with database.write() as stores:
        await stores.people.enlist(10003, THIRD.code, Role.INFO_ADMIN, NAME, SECOND_PHONE, NOON)
        await stores.changes.withdraw(notice.id, NOON)


async def test_no_personal_value_stands_in_plain_text_in_file_or_wal(
    database: Database, database_file: Path
) -> None:
    await fill(database)
    wal = database_file.with_name(f"{database_file.name}-wal")
    assert wal.stat().st_size > 0
    content = bytes_on_disk(database_file)
    assert "婚姻状况".encode() in content  # 字段名不是秘密，翻得到说明真的翻到了这些页
    assert found_in(content) == []
    await database.close()
    assert found_in(bytes_on_disk(database_file)) == []


async def test_the_scan_would_find_a_plain_value(database: Database, database_file: Path) -> None:
    async with database.write() as stores:
        await stores.installation.put("planted", NAME)
    assert found_in(bytes_on_disk(database_file)) == [NAME]


async def test_with_the_keyring_everything_is_read_back(database: Database) -> None:
    await fill(database)
    async with database.read() as stores:
        [person] = await stores.people.of_units([THIRD.code])
        [notice] = await stores.changes.of([THIRD.code], "2017Q1")
    assert (person.name, person.phone) == (NAME, SECOND_PHONE)
    assert notice.row == ROW


async def test_another_keyring_reads_neither_names_nor_changes(
    database: Database, database_file: Path
) -> None:
    await fill(database)
    stranger = Database(sqlite_url(database_file), ColumnCipher(Keyring.generate()))
    async with stranger.read() as stores:
        with pytest.raises(KeyringError):
            await stores.people.of_units([THIRD.code])
        with pytest.raises(KeyringError):
            await stores.changes.of([THIRD.code], "2017Q1")
        assert await stores.changes.same_person_and_field(THIRD.code, "2017Q1", ROW) == []
    await stranger.close()


async def test_a_value_copied_into_another_persons_row_is_refused(
    database: Database, database_file: Path
) -> None:
    async with database.write() as stores:
        await stores.people.enlist(10003, THIRD.code, Role.INFO_ADMIN, NAME, PHONE, NOON)
        await stores.people.enlist(10008, THIRD.code, Role.SYSTEM_ADMIN, "李样例", SECOND_PHONE, NOON)
    with sqlite3.connect(database_file) as connection:
        connection.execute(
            "UPDATE administrators SET phone_sealed = "
            "(SELECT phone_sealed FROM administrators WHERE qq = 10003) WHERE qq = 10008"
        )
    connection.close()
    async with database.read() as stores:
        with pytest.raises(KeyringError, match="被改动过"):
            await stores.people.of_units([THIRD.code])


async def test_the_name_of_a_database_error_carries_no_values(database: Database) -> None:
    async def save() -> None:
        async with database.write() as stores:
            await stores.people.enlist(10003, "没有的单位", Role.INFO_ADMIN, NAME, PHONE, NOON)

    with pytest.raises(IntegrityError) as caught:
        await save()
    assert "没有的单位" not in str(caught.value)
    assert "10003" not in str(caught.value)


async def test_an_invite_code_is_stored_as_a_fingerprint_only(
    database: Database, database_file: Path
) -> None:
    from storage.people import Invite

    code = "ABCDEFGHJK"
    async with database.write() as stores:
        index = stores.people.code_index(code)
        await stores.people.add_invites([Invite("1", index, THIRD.code, Role.INFO_ADMIN, None, NOON, NOON)])
    content = bytes_on_disk(database_file)
    assert index.encode() in content
    assert code.encode() not in content
