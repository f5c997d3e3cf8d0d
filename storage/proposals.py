"""知识提案：谁都可以提的新条目、新问法，市级确认之后才进知识库。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String
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
