"""报送历史：上报、通过、退回、撤回……一步一行，只增不改。"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant
from storage.words import SubmissionAction


@dataclass(frozen=True, slots=True)
class Submission:
    """报送历史的一步；``numbers`` 是应采集等数字。"""

    obligation_id: int
    action: SubmissionAction
    actor_qq: int
    actor_unit: str
    at: datetime
    late: bool = False
    numbers: Mapping[str, int] | None = None
    note: str = ""


class SubmissionRow(Base):
    """报送历史表，只增不改。"""

    __tablename__ = "submissions"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"), index=True)
    action: Mapped[str] = mapped_column(String(20))
    actor_qq: Mapped[int] = mapped_column(BigInteger)
    actor_unit: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Instant)
    late: Mapped[bool] = mapped_column(default=False)
    numbers: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(String(500), default="")


class SubmissionStore:
    """报送历史的读写。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, step: Submission) -> None:
        """记下一步。"""
        self._session.add(
            SubmissionRow(
                id=str(uuid.uuid4()),
                obligation_id=step.obligation_id,
                action=step.action.value,
                actor_qq=step.actor_qq,
                actor_unit=step.actor_unit,
                at=step.at,
                late=step.late,
                numbers=dict(step.numbers or {}),
                note=step.note,
            )
        )

    async def history(self, obligation_id: int) -> list[Submission]:
        """一项待办的全部历史，按时间。"""
        query = (
            select(SubmissionRow)
            .where(SubmissionRow.obligation_id == obligation_id)
            .order_by(SubmissionRow.at, SubmissionRow.id)
        )
        return [
            Submission(
                obligation_id=row.obligation_id,
                action=SubmissionAction(row.action),
                actor_qq=row.actor_qq,
                actor_unit=row.actor_unit,
                at=row.at,
                late=row.late,
                numbers=dict(row.numbers),
                note=row.note,
            )
            for row in await self._session.scalars(query)
        ]
