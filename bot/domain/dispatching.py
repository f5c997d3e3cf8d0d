"""投递机：把发件箱里到点的行发出去，每条的下场都写回行里。

scheduled → sending → sent | unknown | failed | cancelled | missed。认领是一条 UPDATE，两个进程不会都拿到；
结果不明的先到聊天记录里找标记，找到算发出，确定没有才再发一次，读不到记录就不再发。
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.domain.binding import is_quiet
from bot.domain.clock import SHANGHAI
from bot.domain.context import Context
from bot.domain.transport import NotConnected, OutcomeUnknown, Outgoing, SendFailed, Transport
from storage.deliveries import Delivery
from storage.words import Channel, ReminderState

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 4
RETRY_AFTER = timedelta(minutes=5)
Finalise = Callable[[Delivery], Awaitable[tuple[dict[str, Any], tuple[int, ...]] | None]]


class Dispatcher:
    """投递机；``finalise`` 按消息种类在发送前定稿，没有登记的种类原样发。"""

    def __init__(self, context: Context, transport: Transport, finalise: Mapping[str, Finalise]) -> None:
        self._context = context
        self._transport = transport
        self._finalise = finalise

    async def recover(self) -> None:
        """启动时：上次停在“发送中”的不知道发没发出，一律先当结果不明。"""
        async with self._context.database.write() as stores:
            for delivery in await stores.deliveries.in_state(ReminderState.SENDING):
                await stores.deliveries.move(
                    delivery.id, ReminderState.SENDING, ReminderState.UNKNOWN, self._context.now()
                )

    async def run_once(self) -> int:
        """发一轮，返回发出的条数。"""
        await self._settle_unknown()
        async with self._context.database.read() as stores:
            due = await stores.deliveries.due(self._context.now())
        sent = 0
        for delivery in due:
            if await self._deliver(delivery):
                sent += 1
        return sent

    async def _deliver(self, delivery: Delivery) -> bool:
        now = self._context.now()
        if delivery.expires_at is not None and delivery.expires_at <= now:
            await self._move(delivery, ReminderState.SCHEDULED, ReminderState.MISSED)
            return False
        if self._must_wait(delivery):
            return False
        if not await self._move(delivery, ReminderState.SCHEDULED, ReminderState.SENDING):
            return False
        outgoing = await self._outgoing(delivery)
        if outgoing is None:
            await self._move(delivery, ReminderState.SENDING, ReminderState.CANCELLED)
            return False
        try:
            message_id = await self._transport.send(outgoing)
        except NotConnected:
            await self._move(delivery, ReminderState.SENDING, ReminderState.SCHEDULED)
        except SendFailed as error:
            await self._failed(delivery, error)
        except OutcomeUnknown as error:
            logger.warning("消息 %s 结果不明：%s", delivery.code, error)
            await self._move(delivery, ReminderState.SENDING, ReminderState.UNKNOWN, error=str(error)[:200])
        else:
            await self._move(delivery, ReminderState.SENDING, ReminderState.SENT, message_id=message_id)
            return True
        return False

    def _must_wait(self, delivery: Delivery) -> bool:
        if delivery.channel is not Channel.GROUP:
            return False
        group = self._context.directory.groups.get(delivery.target)
        return group is not None and is_quiet(group, self._context.now().astimezone(SHANGHAI).time())

    async def _outgoing(self, delivery: Delivery) -> Outgoing | None:
        facts, mentions = dict(delivery.payload), ()
        finalise = self._finalise.get(delivery.kind)
        if finalise is not None:
            final = await finalise(delivery)
            if final is None:
                return None
            facts, mentions = final
        return Outgoing(delivery.kind, delivery.channel, delivery.target, delivery.code, facts, mentions)

    async def _failed(self, delivery: Delivery, error: SendFailed) -> None:
        attempts = delivery.attempts + 1
        reason = str(error)[:200]
        if error.retry and attempts < MAX_ATTEMPTS:
            due_at = self._context.now() + RETRY_AFTER * attempts
            await self._move(
                delivery,
                ReminderState.SENDING,
                ReminderState.SCHEDULED,
                attempts=attempts,
                due_at=due_at,
                error=reason,
            )
            return
        logger.warning("消息 %s 发送失败：%s", delivery.code, reason)
        await self._move(
            delivery, ReminderState.SENDING, ReminderState.FAILED, attempts=attempts, error=reason
        )

    async def _settle_unknown(self) -> None:
        async with self._context.database.read() as stores:
            unknown = await stores.deliveries.in_state(ReminderState.UNKNOWN)
        for delivery in unknown:
            outgoing = Outgoing(
                delivery.kind, delivery.channel, delivery.target, delivery.code, delivery.payload
            )
            seen = await self._transport.seen(outgoing)
            if seen:
                await self._move(delivery, ReminderState.UNKNOWN, ReminderState.SENT)
            elif seen is False and delivery.attempts == 0:
                await self._move(delivery, ReminderState.UNKNOWN, ReminderState.SCHEDULED, attempts=1)
            elif seen is False:
                await self._move(delivery, ReminderState.UNKNOWN, ReminderState.FAILED)

    async def _move(
        self, delivery: Delivery, source: ReminderState, target: ReminderState, **values: object
    ) -> bool:
        async with self._context.database.write() as stores:
            moved = await stores.deliveries.move(delivery.id, source, target, self._context.now(), **values)
            if moved:
                await stores.reminders.settle(delivery.id, target)
        return moved
