"""数据库连接与工作单元；SQLite 特有的事只在本文件里做。

SQLite 用两个连接池：写只有一个连接（排队好过互相锁死），读有几个。PostgreSQL 共用一个池。
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from storage.answers import AnswerStore
from storage.audit import AuditStore
from storage.changes import ChangeStore
from storage.cipher import ColumnCipher, KeyringError
from storage.closures import ClosureStore
from storage.deliveries import DeliveryStore
from storage.groups import GroupStore
from storage.installation import KEYRING, InstallationStore
from storage.invites import InviteStore
from storage.knowledge import KnowledgeStore
from storage.obligations import ObligationStore
from storage.people import PeopleStore
from storage.proposals import ProposalStore
from storage.questions import QuestionStore
from storage.reminders import ReminderStore
from storage.resets import ResetStore
from storage.rollups import RollupStore
from storage.standings import StandingStore
from storage.submissions import SubmissionStore
from storage.units import UnitStore

READERS = 4
WRITER_LOCK = 20170101
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "busy_timeout=5000",
)


class DatabaseError(Exception):
    """数据库设置不对；文字可以直接给运维看。"""


@dataclass(frozen=True, slots=True)
class Stores:
    """一次事务里能用的全部仓库。"""

    units: UnitStore
    closures: ClosureStore
    groups: GroupStore
    people: PeopleStore
    invites: InviteStore
    standings: StandingStore
    resets: ResetStore
    obligations: ObligationStore
    submissions: SubmissionStore
    rollups: RollupStore
    changes: ChangeStore
    reminders: ReminderStore
    deliveries: DeliveryStore
    knowledge: KnowledgeStore
    proposals: ProposalStore
    questions: QuestionStore
    answers: AnswerStore
    audit: AuditStore
    installation: InstallationStore


class Database:
    """一个数据库；``write()`` 是一次提交或全部撤销的事务，``read()`` 只读。"""

    def __init__(self, url: str, cipher: ColumnCipher) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise DatabaseError(
                "DATABASE_URL 写法不对，例如 sqlite+aiosqlite:///data/assistant.db"
            ) from error
        self._cipher = cipher
        try:
            self._open(url, parsed)
        except (ImportError, SQLAlchemyError) as error:
            raise DatabaseError(
                "DATABASE_URL 用的驱动不对，请写 sqlite+aiosqlite:///… 或 postgresql+asyncpg://…"
            ) from error

    def _open(self, url: str, parsed: URL) -> None:
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if parsed.database:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            self._writer = _sqlite_engine(url, "BEGIN IMMEDIATE", pool_size=1)
            self._reader = _sqlite_engine(url, "BEGIN", pool_size=READERS)
        else:
            self._writer = self._reader = create_async_engine(url, pool_pre_ping=True, hide_parameters=True)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Stores]:
        """读写事务：正常离开就提交，出错就全部撤销。"""
        async with AsyncSession(self._writer, expire_on_commit=False) as session, session.begin():
            if not self.is_sqlite:
                # 写事务一个一个来，与 SQLite 同样的规矩：编号、日志链、状态都不会交错
                await session.execute(select(func.pg_advisory_xact_lock(WRITER_LOCK)))
            yield self._stores(session)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Stores]:
        """只读：离开时撤销，绝不写入。"""
        async with AsyncSession(self._reader) as session:
            yield self._stores(session)
            await session.rollback()

    async def migrate(self) -> None:
        """把表结构升到最新。"""
        from storage.migrations.runner import upgrade  # alembic 只在启动时用到

        try:
            async with self._writer.connect() as connection:
                await connection.run_sync(upgrade)
                await connection.commit()
            await self._check_keyring()
        except (OSError, SQLAlchemyError) as error:
            raise DatabaseError(
                f"数据库打不开（{type(error).__name__}），请检查 DATABASE_URL、数据库是否在运行、文件是否完好"
            ) from error

    async def _check_keyring(self) -> None:
        """库是用哪串钥匙加密的，记一次，以后对不上就不开。"""
        async with self.write() as stores:
            known = await stores.installation.get(KEYRING)
            if known is None:
                await stores.installation.put(KEYRING, self._cipher.fingerprint)
            elif known != self._cipher.fingerprint:
                raise KeyringError("钥匙串和数据库不是一套：请恢复备份里的 keys.json，否则加密的内容读不出来")

    async def close(self) -> None:
        """关掉全部连接。"""
        await self._reader.dispose()
        await self._writer.dispose()

    def _stores(self, session: AsyncSession) -> Stores:
        return Stores(
            units=UnitStore(session),
            closures=ClosureStore(session),
            groups=GroupStore(session),
            people=PeopleStore(session, self._cipher),
            invites=InviteStore(session),
            standings=StandingStore(session),
            resets=ResetStore(session, self._cipher),
            obligations=ObligationStore(session),
            submissions=SubmissionStore(session),
            rollups=RollupStore(session),
            changes=ChangeStore(session, self._cipher),
            reminders=ReminderStore(session),
            deliveries=DeliveryStore(session),
            knowledge=KnowledgeStore(session),
            proposals=ProposalStore(session),
            questions=QuestionStore(session),
            answers=AnswerStore(session),
            audit=AuditStore(session, self._cipher),
            installation=InstallationStore(session),
        )


def database_file_exists(url: str) -> bool:
    """SQLite 的库文件是不是已经在了；别的数据库、写错的地址都当作不在。"""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return False
    return parsed.get_backend_name() == "sqlite" and bool(parsed.database) and Path(parsed.database).exists()


def _sqlite_engine(url: str, begin: str, *, pool_size: int) -> AsyncEngine:
    # 出错时的日志里不带参数：里面可能有个人信息
    engine = create_async_engine(
        url, pool_size=pool_size, max_overflow=0, pool_timeout=30, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # 事务由我们自己 BEGIN，驱动不要插手
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
