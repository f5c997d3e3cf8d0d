"""知识库的改动：条目的每个版本，盖在 faq/entries 之上。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String, UniqueConstraint, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant


@dataclass(frozen=True, slots=True)
class KnowledgeVersion:
    """一个条目的一个版本；``content`` 是条目各字段，空表示删除。"""

    entry_id: str
    version: int
    content: Mapping[str, Any]
    changed_by: int
    changed_at: datetime
    change: str = "edit"


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
    """知识库改动与待答问题的读写。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

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
        return [
            KnowledgeVersion(
                row.entry_id, row.version, dict(row.content), row.changed_by, row.changed_at, row.change
            )
            for row in await self._session.scalars(query.order_by(KnowledgeRow.entry_id))
        ]
