"""存储测试的库：升级好结构的空库文件，每个测试拷一份。"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.cipher import ColumnCipher, Keyring
from storage.database import Database
from tests.stage import UNITS


def sqlite_url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file.as_posix()}"


@pytest.fixture(scope="session")
def cipher() -> ColumnCipher:
    """存储测试共用的钥匙串。"""
    return ColumnCipher(Keyring.generate())


@pytest.fixture(scope="session")
async def migrated(tmp_path_factory: pytest.TempPathFactory, cipher: ColumnCipher) -> Path:
    """升级好结构、有几个单位的库文件。"""
    file = tmp_path_factory.mktemp("storage") / "template.db"
    database = Database(sqlite_url(file), cipher)
    await database.migrate()
    async with database.write() as stores:
        await stores.units.save(UNITS)
    await database.close()
    return file


@pytest.fixture
def database_file(migrated: Path, tmp_path: Path) -> Path:
    """本测试自己的库文件。"""
    return Path(shutil.copy(migrated, tmp_path / "own.db"))


@pytest.fixture
async def database(database_file: Path, cipher: ColumnCipher) -> AsyncIterator[Database]:
    """本测试自己的库。"""
    opened = Database(sqlite_url(database_file), cipher)
    yield opened
    await opened.close()
