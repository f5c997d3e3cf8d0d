"""知识提案：谁都可以提的新条目、新问法，市级确认之后才进知识库。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant
from storage.words import ProposalKind, ProposalState


@dataclass(frozen=True, slots=True)
class Proposal:
    """一个提案；``content`` 是新条目的各字段，或要加的问法；``question_id`` 是它从哪个待答问题来。"""

    id: int
    kind: ProposalKind
    entry_id: str
    content: Mapping[str, Any]
    question_id: int | None
    proposed_by: int
    proposed_at: datetime
    state: ProposalState
    decided_by: int | None = None
    decided_at: datetime | None = None
    reason: str = ""


class ProposalRow(Base):
    """知识提案表。"""

    __tablename__ = "knowledge_proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    entry_id: Mapped[str] = mapped_column(String(80))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("open_questions.id"))
    proposed_by: Mapped[int] = mapped_column(BigInteger)
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(20), index=True)
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(200), default="")


class ProposalStore:
    """知识提案的读写。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self,
        kind: ProposalKind,
        content: Mapping[str, Any],
        qq: int,
        at: datetime,
        *,
        entry_id: str = "",
        question_id: int | None = None,
    ) -> int:
        """记一个提案，返回编号；``entry_id`` 是要改的条目，新条目还没有编号。"""
        row = ProposalRow(
            kind=kind.value,
            entry_id=entry_id,
            content=dict(content),
            question_id=question_id,
            proposed_by=qq,
            proposed_at=at,
            state=ProposalState.WAITING.value,
        )
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def waiting(self) -> list[Proposal]:
        """等确认的提案，先提的在前。"""
        query = select(ProposalRow).where(ProposalRow.state == ProposalState.WAITING.value)
        return [_proposal(row) for row in await self._session.scalars(query.order_by(ProposalRow.id))]

    async def count_waiting(self) -> int:
        """等确认的有几个。"""
        query = select(func.count()).where(ProposalRow.state == ProposalState.WAITING.value)
        return await self._session.scalar(query) or 0

    async def proposal(self, number: int) -> Proposal | None:
        """按编号取提案。"""
        row = await self._session.get(ProposalRow, number)
        return _proposal(row) if row else None

    async def decide(
        self,
        number: int,
        state: ProposalState,
        qq: int,
        at: datetime,
        *,
        reason: str = "",
        entry_id: str | None = None,
    ) -> bool:
        """采纳或驳回，一条 UPDATE 完成；已经由别人定过则返回 False。"""
        values: dict[str, Any] = {"state": state.value, "decided_by": qq, "decided_at": at, "reason": reason}
        if entry_id is not None:
            values["entry_id"] = entry_id
        query = (
            update(ProposalRow)
            .where(ProposalRow.id == number, ProposalRow.state == ProposalState.WAITING.value)
            .values(**values)
            .returning(ProposalRow.id)
        )
        return (await self._session.scalar(query)) is not None


def _proposal(row: ProposalRow) -> Proposal:
    return Proposal(
        id=row.id,
        kind=ProposalKind(row.kind),
        entry_id=row.entry_id,
        content=dict(row.content),
        question_id=row.question_id,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        state=ProposalState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
    )
