"""答问记录：答了什么、有没有用、是不是撤回了；统计和坏例从这里来。问题里的号码存之前已遮住。"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, and_, func, insert, or_, select, update
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


@dataclass(frozen=True, slots=True)
class AnswerScope:
    """看哪些答问：这些群里的，和这些人私聊的。"""

    groups: frozenset[int]
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """一段时间里的次数；``bad`` 是说没用的（撤回的也在内），``withdrawn`` 是撤回的。"""

    answered: int = 0
    suggested: int = 0
    unknown: int = 0
    good: int = 0
    bad: int = 0
    withdrawn: int = 0

    @property
    def asked(self) -> int:
        """一共问了几次。"""
        return self.answered + self.suggested + self.unknown


class AnswerStore:
    """答问记录的读写。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def save(self, records: Sequence[AnswerRecord]) -> None:
        """存下这些记录；已经有的换成新的样子。"""
        values = {record.id: _values(record) for record in records}
        known = await self._session.scalars(select(AnswerRow.id).where(AnswerRow.id.in_(values)))
        changed = [values.pop(answer_id) for answer_id in known.all()]
        if changed:
            await self._session.execute(update(AnswerRow), changed)
        if values:
            await self._session.execute(insert(AnswerRow), list(values.values()))

    async def get(self, answer_id: str) -> AnswerRecord | None:
        """按编号取。"""
        row = await self._session.get(AnswerRow, answer_id)
        return _record(row) if row else None

    async def find(self, message_id: str, group_id: int | None) -> AnswerRecord | None:
        """机器人在这个群（私聊为空）里的这条消息是哪一次答问。"""
        if not message_id:
            return None
        query = select(AnswerRow).where(AnswerRow.message_id == message_id, AnswerRow.group_id == group_id)
        row = await self._session.scalar(query.order_by(AnswerRow.asked_at.desc()).limit(1))
        return _record(row) if row else None

    async def recent(self, since: datetime, limit: int) -> list[AnswerRecord]:
        """``since`` 以来最近的几次，先答的在前。"""
        query = select(AnswerRow).where(AnswerRow.asked_at >= since)
        rows = await self._session.scalars(query.order_by(AnswerRow.asked_at.desc()).limit(limit))
        return [_record(row) for row in rows][::-1]

    async def counts(self, since: datetime, scope: AnswerScope | None = None) -> AnswerCounts:
        """``since`` 以来的次数；``scope`` 为空是全部。"""
        query = (
            select(AnswerRow.kind, AnswerRow.feedback, AnswerRow.withdrawn_at.is_not(None), func.count())
            .where(*_within(since, scope))
            .group_by(AnswerRow.kind, AnswerRow.feedback, AnswerRow.withdrawn_at.is_not(None))
        )
        kinds: Counter[str] = Counter()
        opinions: Counter[str] = Counter()
        withdrawn = 0
        for kind, feedback, taken_back, count in await self._session.execute(query):
            kinds[kind] += count
            opinions[feedback] += count
            withdrawn += count if taken_back else 0
        return AnswerCounts(
            answered=kinds[AnswerKind.ANSWER.value],
            suggested=kinds[AnswerKind.SUGGEST.value],
            unknown=kinds[AnswerKind.UNKNOWN.value],
            good=opinions[Feedback.GOOD.value],
            bad=opinions[Feedback.BAD.value],
            withdrawn=withdrawn,
        )

    async def most_answered(
        self, since: datetime, limit: int, scope: AnswerScope | None = None
    ) -> list[tuple[str, int]]:
        """答得最多的条目编号和次数。"""
        count = func.count()
        query = (
            select(AnswerRow.entry_id, count)
            .where(*_within(since, scope), AnswerRow.entry_id != "")
            .group_by(AnswerRow.entry_id)
            .order_by(count.desc(), AnswerRow.entry_id)
            .limit(limit)
        )
        return [(entry_id, number) for entry_id, number in await self._session.execute(query)]

    async def failed(
        self, since: datetime, limit: int, scope: AnswerScope | None = None
    ) -> list[AnswerRecord]:
        """最近没答好的几次（不知道、没用、撤回），先问的在前；问题文字已清掉的不算。"""
        wrong = or_(AnswerRow.kind == AnswerKind.UNKNOWN.value, AnswerRow.feedback == Feedback.BAD.value)
        query = select(AnswerRow).where(*_within(since, scope), wrong, AnswerRow.question != "")
        rows = await self._session.scalars(query.order_by(AnswerRow.asked_at.desc()).limit(limit))
        return [_record(row) for row in rows][::-1]

    async def bad_cases(self, limit: int) -> list[AnswerRecord]:
        """答错的（撤回了、有人说没用），先问的在前；问题文字已清掉的不算。"""
        query = select(AnswerRow).where(
            AnswerRow.kind == AnswerKind.ANSWER.value,
            AnswerRow.feedback == Feedback.BAD.value,
            AnswerRow.question != "",
        )
        rows = await self._session.scalars(query.order_by(AnswerRow.asked_at.desc()).limit(limit))
        return [_record(row) for row in rows][::-1]

    async def forget_before(self, moment: datetime) -> int:
        """``moment`` 以前的清掉提问人和问题文字，次数留着；返回清了几条。"""
        query = (
            update(AnswerRow)
            .where(AnswerRow.asked_at < moment, or_(AnswerRow.question != "", AnswerRow.asked_by != 0))
            .values(question="", asked_by=0)
            .returning(AnswerRow.id)
        )
        return len((await self._session.scalars(query)).all())


def _within(since: datetime, scope: AnswerScope | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [AnswerRow.asked_at >= since]
    if scope is not None:
        privately = and_(AnswerRow.group_id.is_(None), AnswerRow.asked_by.in_(scope.people))
        conditions.append(or_(AnswerRow.group_id.in_(scope.groups), privately))
    return conditions


def _values(record: AnswerRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "kind": record.kind.value,
        "question": record.question,
        "entry_id": record.entry_id,
        "asked_by": record.asked_by,
        "group_id": record.group_id,
        "asked_at": record.asked_at,
        "overheard": record.overheard,
        "message_id": record.message_id,
        "feedback": record.feedback.value,
        "withdrawn_by": record.withdrawn_by,
        "withdrawn_at": record.withdrawn_at,
    }


def _record(row: AnswerRow) -> AnswerRecord:
    return AnswerRecord(
        id=row.id,
        kind=AnswerKind(row.kind),
        question=row.question,
        entry_id=row.entry_id,
        asked_by=row.asked_by,
        group_id=row.group_id,
        asked_at=row.asked_at,
        overheard=row.overheard,
        message_id=row.message_id,
        feedback=Feedback(row.feedback),
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=row.withdrawn_at,
    )
