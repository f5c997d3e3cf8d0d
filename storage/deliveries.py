"""发件箱：要发到 QQ 的每一条消息是一行；只有拿到消息编号才算发出。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant
from storage.words import Channel, ReminderState

# 成批发的消息，种类名都这样开头
BULK = "reminder_"


@dataclass(frozen=True, slots=True)
class Delivery:
    """一条要发的消息。

    ``kind`` 决定由谁把 ``payload`` 写成文字；``code`` 是印在消息里的标记，结果不明时凭它到聊天记录里找。
    """

    id: str
    kind: str
    channel: Channel
    target: int
    payload: Mapping[str, Any]
    code: str
    state: ReminderState
    due_at: datetime
    expires_at: datetime | None = None
    attempts: int = 0
    message_id: str | None = None
    error: str = ""
    changed_at: datetime | None = None


class DeliveryRow(Base):
    """发件箱表。"""

    __tablename__ = "deliveries"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    channel: Mapped[str] = mapped_column(String(20))
    target: Mapped[int] = mapped_column(BigInteger)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    code: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(20), index=True)
    due_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime] = mapped_column(Instant)


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        id=row.id,
        kind=row.kind,
        channel=Channel(row.channel),
        target=row.target,
        payload=dict(row.payload),
        code=row.code,
        state=ReminderState(row.state),
        due_at=row.due_at,
        expires_at=row.expires_at,
        attempts=row.attempts,
        message_id=row.message_id,
        error=row.error,
        changed_at=row.changed_at,
    )


class DeliveryStore:
    """发件箱的读写。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, deliveries: Sequence[Delivery], at: datetime) -> None:
        """放进发件箱。"""
        for delivery in deliveries:
            self._session.add(
                DeliveryRow(
                    id=delivery.id,
                    kind=delivery.kind,
                    channel=delivery.channel.value,
                    target=delivery.target,
                    payload=dict(delivery.payload),
                    code=delivery.code,
                    state=delivery.state.value,
                    due_at=delivery.due_at,
                    expires_at=delivery.expires_at,
                    changed_at=at,
                )
            )
        await self._session.flush()

    async def due(self, now: datetime, limit: int) -> list[Delivery]:
        """到点待发的：有人等着的回音在前，成批的提醒在后，各自先到先发。"""
        query = (
            select(DeliveryRow)
            .where(DeliveryRow.state == ReminderState.SCHEDULED.value, DeliveryRow.due_at <= now)
            .order_by(DeliveryRow.kind.startswith(BULK), DeliveryRow.due_at, DeliveryRow.id)
            .limit(limit)
        )
        return [_delivery(row) for row in await self._session.scalars(query)]

    async def in_state(self, state: ReminderState) -> list[Delivery]:
        """处于某状态的全部消息。"""
        query = select(DeliveryRow).where(DeliveryRow.state == state.value).order_by(DeliveryRow.due_at)
        return [_delivery(row) for row in await self._session.scalars(query)]

    async def move(
        self,
        delivery_id: str,
        source: ReminderState,
        target: ReminderState,
        at: datetime,
        **values: object,
    ) -> bool:
        """从 ``source`` 改到 ``target``，一条 UPDATE 完成；已被别人改走则返回 False。

        可以同时改 ``message_id``、``error``、``attempts``、``due_at``。
        """
        query = (
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery_id, DeliveryRow.state == source.value)
            .values(state=target.value, changed_at=at, **values)
            .returning(DeliveryRow.id)
        )
        return (await self._session.scalar(query)) is not None
