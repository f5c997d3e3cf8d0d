"""投递机：把发件箱里到点的行发出去，每条的下场都写回行里。

scheduled → sending → sent | unknown | failed | cancelled | missed。认领是一条 UPDATE，两个进程不会都拿到；
结果不明的先到聊天记录里找标记，找到算发出，确定没有才再发一次，读不到记录就不再发。
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
GIVE_UP_AFTER = timedelta(hours=24)
Finalise = Callable[[Delivery], Awaitable[tuple[dict[str, Any], tuple[int, ...]] | None]]
# 发不出去的改发什么
Fallback = Callable[[Delivery], Sequence[Delivery]]


@dataclass(frozen=True, slots=True)
class SendingPace:
    """发送的节奏：一轮最多几条、两条之间歇几秒（太密会被当成刷屏）、提醒只在几点到几点发。"""

    per_round: int = 200
    pause_seconds: float = 0
    day_starts: int = 8
    day_ends: int = 21

    def is_daytime(self, local: datetime) -> bool:
        """可以发提醒的钟点；``local`` 是北京时间。"""
        return self.day_starts <= local.hour < self.day_ends


class Dispatcher:
    """投递机；``finalise`` 按消息种类在发送前定稿并印上标记，没有登记的种类原样发。

    ``fallbacks`` 也按种类登记：明确发不出去的，改发别的（同一个事务里记失败、放进发件箱）。
    """

    def __init__(
        self,
        context: Context,
        transport: Transport,
        finalise: Mapping[str, Finalise],
        pace: SendingPace | None = None,
        fallbacks: Mapping[str, Fallback] | None = None,
    ) -> None:
        self._context = context
        self._transport = transport
        self._finalise = finalise
        self._pace = pace or SendingPace()
        self._fallbacks = fallbacks or {}

    async def recover(self) -> None:
        """启动时：上次停在“发送中”的不知道发没发出，一律先当结果不明。"""
        async with self._context.database.write() as stores:
            for delivery in await stores.deliveries.in_state(ReminderState.SENDING):
                await stores.deliveries.move(
                    delivery.id, ReminderState.SENDING, ReminderState.UNKNOWN, self._context.now()
                )

    async def run_once(self) -> int:
        """发一轮，返回发出的条数；两条之间歇一歇，QQ 断了就等下一轮。"""
        await self._settle_unknown()
        async with self._context.database.read() as stores:
            due = await stores.deliveries.due(self._context.now(), self._pace.per_round)
        sent = 0
        for delivery in due:
            if sent and self._pace.pause_seconds:
                await asyncio.sleep(self._pace.pause_seconds)
            try:
                sent += await self._deliver(delivery)
            except NotConnected:
                break
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
        try:
            outgoing = await self._outgoing(delivery)
            if outgoing is None:
                await self._move(delivery, ReminderState.SENDING, ReminderState.CANCELLED)
                return False
            message_id = await self._transport.send(outgoing)
        except NotConnected:
            await self._move(delivery, ReminderState.SENDING, ReminderState.SCHEDULED)
            raise
        except SendFailed as error:
            await self._failed(delivery, error)
        except OutcomeUnknown as error:
            logger.warning("消息 %s 结果不明：%s", delivery.code, error)
            await self._move(delivery, ReminderState.SENDING, ReminderState.UNKNOWN, error=str(error)[:200])
        except Exception as error:
            # 这一条写不出来，不能拖住后面的；内容可能含个人信息，只记是哪一类错误
            logger.error("消息 %s 没法写成文字：%s", delivery.code, type(error).__name__)  # noqa: TRY400
            await self._move(
                delivery, ReminderState.SENDING, ReminderState.FAILED, error=type(error).__name__
            )
        else:
            await self._move(delivery, ReminderState.SENDING, ReminderState.SENT, message_id=message_id)
            return True
        return False

    def _must_wait(self, delivery: Delivery) -> bool:
        """夜里不发提醒；群的免打扰时段里什么都不发。"""
        local = self._context.now().astimezone(SHANGHAI)
        if delivery.kind in self._finalise and not self._pace.is_daytime(local):
            return True
        if delivery.channel is not Channel.GROUP:
            return False
        group = self._context.directory.groups.get(delivery.target)
        return group is not None and is_quiet(group, local.time())

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
        fallback = self._fallbacks.get(delivery.kind)
        await self._move(
            delivery,
            ReminderState.SENDING,
            ReminderState.FAILED,
            instead=fallback(delivery) if fallback else (),
            attempts=attempts,
            error=reason,
        )

    async def _settle_unknown(self) -> None:
        """结果不明的逐条查清：找到算发出，确定没有才再发一次；印不出标记的、久查不清的不再发。"""
        async with self._context.database.read() as stores:
            unknown = await stores.deliveries.in_state(ReminderState.UNKNOWN)
        for delivery in unknown:
            if delivery.kind not in self._finalise or self._too_old(delivery):
                await self._move(delivery, ReminderState.UNKNOWN, ReminderState.FAILED)
                continue
            outgoing = Outgoing(
                delivery.kind,
                delivery.channel,
                delivery.target,
                delivery.code,
                delivery.payload,
                tried_at=delivery.changed_at,
            )
            seen = await self._transport.seen(outgoing)
            if seen:
                await self._move(delivery, ReminderState.UNKNOWN, ReminderState.SENT)
            elif seen is False and delivery.attempts == 0:
                await self._move(delivery, ReminderState.UNKNOWN, ReminderState.SCHEDULED, attempts=1)
            elif seen is False:
                await self._move(delivery, ReminderState.UNKNOWN, ReminderState.FAILED)

    def _too_old(self, delivery: Delivery) -> bool:
        limit = delivery.expires_at or delivery.due_at + GIVE_UP_AFTER
        return limit <= self._context.now()

    async def _move(
        self,
        delivery: Delivery,
        source: ReminderState,
        target: ReminderState,
        *,
        instead: Sequence[Delivery] = (),
        **values: object,
    ) -> bool:
        async with self._context.database.write() as stores:
            moved = await stores.deliveries.move(delivery.id, source, target, self._context.now(), **values)
            if moved:
                await stores.reminders.settle(delivery.id, target)
                await stores.deliveries.add(instead, self._context.now())
        return moved
