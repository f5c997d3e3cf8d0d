"""知识库的改动：条目的每个版本，盖在 faq/entries 之上。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant


class VersionTaken(Exception):
    """这个条目的这一版刚刚被别人写了。"""


@dataclass(frozen=True, slots=True)
class KnowledgeVersion:
    """一个条目的一个版本；``content`` 是条目各字段，删除的那一版没有这些字段（可以有删除的原因）。"""

    entry_id: str
    version: int
    content: Mapping[str, Any]
    changed_by: int
    changed_at: datetime
    change: str = "edit"

    @property
    def deleted(self) -> bool:
        """这一版是不是删除。"""
        return "answer" not in self.content


class KnowledgeRow(Base):
    """知识条目的版本表。"""

    __tablename__ = "knowledge_versions"
    __table_args__ = (UniqueConstraint("entry_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_by: Mapped[int] = mapped_column(BigInteger)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    change: Mapped[str] = mapped_column(String(20), default="edit", server_default="edit")


class KnowledgeStore:
    """知识库改动的读写，只增不改。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, version: KnowledgeVersion) -> None:
        """写一个新版本；同一条目同一版号已经有了就抛出 VersionTaken。"""
        row = KnowledgeRow(
            entry_id=version.entry_id,
            version=version.version,
            content=dict(version.content),
            changed_by=version.changed_by,
            changed_at=version.changed_at,
            change=version.change,
        )
        self._session.add(row)
        try:
            await self._session.flush()
        except IntegrityError as error:
            raise VersionTaken(version.entry_id) from error

    async def latest(self) -> list[KnowledgeVersion]:
        """每个改过的条目的最新版本。"""
        newest = (
            select(KnowledgeRow.entry_id, func.max(KnowledgeRow.version).label("version"))
            .group_by(KnowledgeRow.entry_id)
            .subquery()
        )
        query = select(KnowledgeRow).join(
            newest,
            (KnowledgeRow.entry_id == newest.c.entry_id) & (KnowledgeRow.version == newest.c.version),
        )
        return [_version(row) for row in await self._session.scalars(query.order_by(KnowledgeRow.entry_id))]

    async def history(self, entry_id: str) -> list[KnowledgeVersion]:
        """一个条目的全部版本，旧的在前。"""
        query = select(KnowledgeRow).where(KnowledgeRow.entry_id == entry_id)
        return [_version(row) for row in await self._session.scalars(query.order_by(KnowledgeRow.version))]

    async def newest(self, entry_id: str) -> KnowledgeVersion | None:
        """一个条目的最新版本；没改过返回 None。"""
        query = select(KnowledgeRow).where(KnowledgeRow.entry_id == entry_id)
        row = await self._session.scalar(query.order_by(KnowledgeRow.version.desc()).limit(1))
        return _version(row) if row else None

    async def ids_under(self, prefix: str) -> list[str]:
        """编号以 ``prefix`` 开头、写过版本的条目，删了的也算。"""
        query = select(KnowledgeRow.entry_id).where(KnowledgeRow.entry_id.startswith(prefix, autoescape=True))
        return list(await self._session.scalars(query.distinct().order_by(KnowledgeRow.entry_id)))


def _version(row: KnowledgeRow) -> KnowledgeVersion:
    return KnowledgeVersion(
        row.entry_id, row.version, dict(row.content), row.changed_by, row.changed_at, row.change
    )
