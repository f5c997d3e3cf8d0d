"""待答问题：机器人没答上、等人来答的问题；存之前已把号码遮住。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, String, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant
from storage.words import QuestionState


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """机器人没答上的问题；``unit_code`` 是转给了哪个单位（空为还没转），``reminded_at`` 是催过的时刻。"""

    id: int
    text: str
    asked_by: int
    group_id: int | None
    asked_at: datetime
    state: QuestionState
    answer: str
    unit_code: str = ""
    handed_at: datetime | None = None
    reminded_at: datetime | None = None


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
    unit_code: Mapped[str] = mapped_column(String(32), default="", server_default="")
    handed_at: Mapped[datetime | None] = mapped_column(Instant)
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)


class QuestionStore:
    """待答问题的读写。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

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
        state = QuestionState.ANSWERED.value
        return await self._change(number, state=state, answer=text, answered_by=qq, answered_at=at)

    async def hand(self, number: int, unit_code: str, at: datetime) -> bool:
        """转给一个单位（再转就是换一个，催没催过重新算）；已经答了则返回 False。"""
        return await self._change(number, unit_code=unit_code, handed_at=at, reminded_at=None)

    async def handed_since(self, qq: int, since: datetime) -> int:
        """这个人问的、``since`` 以来转出去的有几个，答没答都算。"""
        query = select(func.count()).where(OpenQuestionRow.asked_by == qq, OpenQuestionRow.handed_at >= since)
        return await self._session.scalar(query) or 0

    async def remind(self, number: int, at: datetime) -> bool:
        """记下催过了；已经答了、没转出去、催过了都返回 False。"""
        return await self._change(
            number,
            OpenQuestionRow.handed_at.is_not(None),
            OpenQuestionRow.reminded_at.is_(None),
            reminded_at=at,
        )

    async def unanswered_handed(self, before: datetime) -> list[OpenQuestion]:
        """``before`` 那一刻或更早转出去、至今没答的，先转的在前；催过的也在里面（看 ``reminded_at``）。"""
        query = (
            select(OpenQuestionRow)
            .where(OpenQuestionRow.state == QuestionState.OPEN.value, OpenQuestionRow.handed_at <= before)
            .order_by(OpenQuestionRow.handed_at, OpenQuestionRow.id)
        )
        return [_question(row) for row in await self._session.scalars(query)]

    async def _change(self, number: int, *conditions: ColumnElement[bool], **values: object) -> bool:
        query = (
            update(OpenQuestionRow)
            .where(
                OpenQuestionRow.id == number,
                OpenQuestionRow.state == QuestionState.OPEN.value,
                *conditions,
            )
            .values(**values)
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
        unit_code=row.unit_code,
        handed_at=row.handed_at,
        reminded_at=row.reminded_at,
    )
