"""答问记录：答了什么、有没有用、是不是撤回了；统计和坏例从这里来。问题里的号码存之前已遮住。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant
from storage.words import AnswerKind, Feedback


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """一次答问；``message_id`` 是机器人那条回复的编号（没拿到为空），``entry_id`` 只在答了时有。"""

    id: str
    kind: AnswerKind
    question: str
    entry_id: str
    asked_by: int
    group_id: int | None
    asked_at: datetime
    overheard: bool
    message_id: str = ""
    feedback: Feedback = Feedback.NONE
    withdrawn_by: int | None = None
    withdrawn_at: datetime | None = None


class AnswerRow(Base):
    """答问记录表。"""

    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    question: Mapped[str] = mapped_column(String(300))
    entry_id: Mapped[str] = mapped_column(String(80), index=True)
    asked_by: Mapped[int] = mapped_column(BigInteger)
    group_id: Mapped[int | None] = mapped_column(BigInteger)
    asked_at: Mapped[datetime] = mapped_column(Instant, index=True)
    overheard: Mapped[bool]
    message_id: Mapped[str] = mapped_column(String(40), index=True)
    feedback: Mapped[str] = mapped_column(String(20))
    withdrawn_by: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class AnswerStore:
    """答问记录的读写。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
