"""知识库的改动（盖在 faq/entries 之上）与待答问题。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String, UniqueConstraint, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant
from storage.words import QuestionState


@dataclass(frozen=True, slots=True)
class KnowledgeVersion:
    """一个条目的一个版本；``content`` 是条目各字段，空表示删除。"""

    entry_id: str
    version: int
    content: Mapping[str, Any]
    changed_by: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """机器人没答上的问题；存之前已把号码遮住。"""

    id: int
    text: str
    asked_by: int
    group_id: int | None
    asked_at: datetime
    state: QuestionState
    answer: str


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


class OpenQuestionRow(Base):
    """待答问题表。"""

    __tablename__ = "open_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(500))
    asked_by: Mapped[int] = mapped_column(BigInteger)
    group_id: Mapped[int | None] = mapped_column(BigInteger)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(20), index=True)
    answer: Mapped[str] = mapped_column(String(1000), default="")
    answered_by: Mapped[int | None] = mapped_column(BigInteger)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


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
            KnowledgeVersion(row.entry_id, row.version, dict(row.content), row.changed_by, row.changed_at)
            for row in await self._session.scalars(query.order_by(KnowledgeRow.entry_id))
        ]

    async def ask(self, text: str, qq: int, group_id: int | None, at: datetime) -> int:
        """记一个待答问题；同一人同一句还没答的不重复记。返回编号。"""
        same = await self._session.scalar(
            select(OpenQuestionRow.id).where(
                OpenQuestionRow.asked_by == qq,
                OpenQuestionRow.text == text,
                OpenQuestionRow.state == QuestionState.OPEN.value,
            )
        )
        if same is not None:
            return same
        row = OpenQuestionRow(
            text=text, asked_by=qq, group_id=group_id, asked_at=at, state=QuestionState.OPEN.value
        )
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def open_questions(self) -> list[OpenQuestion]:
        """还没答的问题，先问的在前。"""
        query = select(OpenQuestionRow).where(OpenQuestionRow.state == QuestionState.OPEN.value)
        return [_question(row) for row in await self._session.scalars(query.order_by(OpenQuestionRow.id))]

    async def question(self, number: int) -> OpenQuestion | None:
        """按编号取问题。"""
        row = await self._session.get(OpenQuestionRow, number)
        return _question(row) if row else None

    async def answer(self, number: int, text: str, qq: int, at: datetime) -> bool:
        """答一个问题；已经答过则返回 False。"""
        query = (
            update(OpenQuestionRow)
            .where(OpenQuestionRow.id == number, OpenQuestionRow.state == QuestionState.OPEN.value)
            .values(state=QuestionState.ANSWERED.value, answer=text, answered_by=qq, answered_at=at)
            .returning(OpenQuestionRow.id)
        )
        return (await self._session.scalar(query)) is not None


def _question(row: OpenQuestionRow) -> OpenQuestion:
    return OpenQuestion(
        id=row.id,
        text=row.text,
        asked_by=row.asked_by,
        group_id=row.group_id,
        asked_at=row.asked_at,
        state=QuestionState(row.state),
        answer=row.answer,
    )
