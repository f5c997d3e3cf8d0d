"""提醒：哪一项待办、哪一级台阶、发到哪里，一行一条；唯一键保证不重发。"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant
from storage.words import Channel, ReminderState


@dataclass(frozen=True, slots=True)
class Reminder:
    """给一个单位的一项待办、在一级台阶、往一个去处的一条提醒；改期后是新的一条。"""

    obligation_id: int
    unit_code: str
    due_on: date
    step: str
    channel: Channel
    target: int
    delivery_id: str
    state: ReminderState


@dataclass(frozen=True, slots=True)
class Run:
    """某一任务某一期限的某一级台阶；一级台阶只排一次。"""

    deliverable: str
    period: str
    due_on: date
    step: str


class ReminderRow(Base):
    """提醒表。"""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("obligation_id", "unit_code", "due_on", "step", "channel", "target"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligations.id"))
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), index=True)
    due_on: Mapped[date]
    step: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    target: Mapped[int] = mapped_column(BigInteger)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("deliveries.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Instant)


class ReminderRunRow(Base):
    """排过的台阶。"""

    __tablename__ = "reminder_runs"

    deliverable: Mapped[str] = mapped_column(String(40), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(20), primary_key=True)
    planned_at: Mapped[datetime] = mapped_column(Instant)
    missed: Mapped[bool] = mapped_column(default=False)


class ReminderStore:
    """提醒的读写。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def runs(self) -> set[Run]:
        """已经排过的台阶。"""
        rows = await self._session.scalars(select(ReminderRunRow))
        return {Run(row.deliverable, row.period, row.due_on, row.step) for row in rows}

    async def add_runs(self, runs: Sequence[Run], at: datetime, *, missed: bool = False) -> None:
        """记下排过（或错过）的台阶。"""
        for run in runs:
            self._session.add(
                ReminderRunRow(
                    deliverable=run.deliverable,
                    period=run.period,
                    due_on=run.due_on,
                    step=run.step,
                    planned_at=at,
                    missed=missed,
                )
            )
        await self._session.flush()

    async def add(self, reminders: Sequence[Reminder], at: datetime) -> None:
        """存下提醒；唯一键冲突说明同一条已经排过，会报错。"""
        for reminder in reminders:
            self._session.add(
                ReminderRow(
                    id=str(uuid.uuid4()),
                    obligation_id=reminder.obligation_id,
                    unit_code=reminder.unit_code,
                    due_on=reminder.due_on,
                    step=reminder.step,
                    channel=reminder.channel.value,
                    target=reminder.target,
                    delivery_id=reminder.delivery_id,
                    state=reminder.state.value,
                    created_at=at,
                )
            )
        await self._session.flush()

    async def obligations_at(self, step: str) -> set[int]:
        """在这一级台阶已经排过提醒的待办。"""
        query = select(ReminderRow.obligation_id).where(ReminderRow.step == step)
        return set(await self._session.scalars(query))

    async def of_delivery(self, delivery_id: str) -> list[Reminder]:
        """一条消息里包含的提醒。"""
        query = select(ReminderRow).where(ReminderRow.delivery_id == delivery_id)
        return [_reminder(row) for row in await self._session.scalars(query.order_by(ReminderRow.unit_code))]

    async def of_unit(self, unit_code: str, limit: int = 20) -> list[tuple[Reminder, datetime]]:
        """发给某单位的提醒，新的在前，附排定时刻。"""
        query = (
            select(ReminderRow)
            .where(ReminderRow.unit_code == unit_code)
            .order_by(ReminderRow.created_at.desc())
            .limit(limit)
        )
        return [(_reminder(row), row.created_at) for row in await self._session.scalars(query)]

    async def settle(
        self, delivery_id: str, state: ReminderState, obligation_ids: Sequence[int] | None = None
    ) -> None:
        """一条消息有了结果：其中（或其中几项）提醒跟着改状态。"""
        query = update(ReminderRow).where(ReminderRow.delivery_id == delivery_id)
        if obligation_ids is not None:
            query = query.where(ReminderRow.obligation_id.in_(list(obligation_ids)))
        else:
            query = query.where(ReminderRow.state != ReminderState.CANCELLED.value)
        await self._session.execute(query.values(state=state.value))


def _reminder(row: ReminderRow) -> Reminder:
    return Reminder(
        obligation_id=row.obligation_id,
        unit_code=row.unit_code,
        due_on=row.due_on,
        step=row.step,
        channel=Channel(row.channel),
        target=row.target,
        delivery_id=row.delivery_id,
        state=ReminderState(row.state),
    )
