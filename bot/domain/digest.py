"""每日摘要：工作日早上给每个审核单位的信息管理员一条私聊——新报几个、等你审几个、逾期几个、等得最久的是谁。

没事就不发。一天只排一遍：谁排的在库里记着，消息编号由日期、单位、QQ 号定，排不出第二条。
提醒模块里的 ``reminder_digest`` 是另一回事：那是某个节点到了台阶才给审核单位的名单数。
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.domain.clock import SHANGHAI
from bot.domain.context import Context
from bot.domain.outbox import new_delivery
from storage.database import Stores
from storage.deliveries import Delivery
from storage.obligations import Obligation
from storage.units import Unit
from storage.words import Channel, Role, UnitKind

DAILY_KIND = "daily_digest"
SENT_ON = "daily_digest_on"
USUAL_TIME = time(8, 30)
# 过了中午就不再补发当天的
LATEST = time(12, 0)
CATCH_UP = timedelta(hours=3)
ONE_DAY = timedelta(days=1)
_NAMESPACE = uuid.UUID("6f1d8a52-8c57-4b0e-9a3b-2f2c0a6f9d11")


@dataclass(frozen=True, slots=True)
class Morning:
    """全市各审核单位今早的几个数。"""

    since: date
    fresh: dict[str, int]
    waiting: dict[str, int]
    overdue: dict[str, int]


class DailyDigest:
    """排每日摘要。"""

    def __init__(self, context: Context, at: time = USUAL_TIME) -> None:
        self._context = context
        self._at = at
        self._done: date | None = None

    async def run(self) -> int:
        """到点就排今天的，返回排了几条；不到点、休息日、排过了都是 0。"""
        local = self._context.now().astimezone(SHANGHAI)
        today = local.date()
        if self._done == today or not self._is_time(local):
            return 0
        async with self._context.database.write() as stores:
            already = await stores.installation.get(SENT_ON) == today.isoformat()
            planned = [] if already else await self._plan(stores, today)
            if not already:
                await stores.installation.put(SENT_ON, today.isoformat())
                await stores.deliveries.add(planned, self._context.now())
        self._done = today
        return len(planned)

    def _is_time(self, local: datetime) -> bool:
        begins = datetime.combine(local.date(), self._at, SHANGHAI)
        latest = max(datetime.combine(local.date(), LATEST, SHANGHAI), begins + CATCH_UP)
        return self._context.calendar.is_working(local.date()) and begins <= local < latest

    async def _plan(self, stores: Stores, today: date) -> list[Delivery]:
        since = self._context.calendar.previous_or_same(today - ONE_DAY)
        asked = [
            item.key
            for item in self._context.plan.deliverables
            if item.reported_by and item.derives_from is None
        ]
        morning = Morning(
            since=since,
            fresh=await stores.rollups.reported_since(datetime.combine(since, self._at, SHANGHAI)),
            waiting=await stores.rollups.waiting(),
            overdue=await stores.rollups.overdue(today, asked),
        )
        planned: list[Delivery] = []
        for unit in self._context.directory.tree:
            if unit.kind in (UnitKind.CITY, UnitKind.COUNTY):
                planned += await self._of_unit(stores, unit, morning, today)
        return planned

    async def _of_unit(self, stores: Stores, unit: Unit, morning: Morning, today: date) -> list[Delivery]:
        waiting, overdue = morning.waiting.get(unit.code, 0), morning.overdue.get(unit.code, 0)
        people = {seat.qq for seat in self._context.directory.seats_of(unit.code, (Role.INFO_ADMIN,))}
        if not people or not (waiting or overdue or morning.fresh.get(unit.code)):
            return []
        facts: dict[str, Any] = {
            "unit": unit.name,
            "since": morning.since.isoformat(),
            "today": today.isoformat(),
            "fresh": morning.fresh.get(unit.code, 0),
            "waiting": waiting,
            "overdue": overdue,
        }
        if waiting:
            [oldest] = await stores.obligations.awaiting([unit.code], limit=1)
            facts["oldest"] = self._oldest(oldest)
        now = self._context.now()
        expires_at = datetime.combine(today, time(18, 0), SHANGHAI)
        return [
            replace(
                new_delivery(DAILY_KIND, Channel.PRIVATE, qq, facts, due_at=now, expires_at=expires_at),
                id=str(uuid.uuid5(_NAMESPACE, f"{today.isoformat()}/{unit.code}/{qq}")),
            )
            for qq in sorted(people)
        ]

    def _oldest(self, obligation: Obligation) -> dict[str, Any]:
        item = self._context.plan.deliverable(obligation.deliverable)
        reported = obligation.reported_at
        return {
            "unit": self._context.directory.tree.get(obligation.unit_code).name,
            "item": item.short if item else obligation.deliverable,
            "on": reported.astimezone(SHANGHAI).date().isoformat() if reported else None,
        }
