"""季度复核：每季度第一个工作日起，挨个问在任的管理员“你还在任吗”；十四天没答的，列给上级。

问过谁是库里的行（一人一季度一行），漏敲几次钟、重启都不会多问。
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.actor import Actor, Assignment
from bot.domain.clock import SHANGHAI, local_day
from bot.domain.context import Context
from bot.domain.errors import WrongState
from bot.domain.outbox import new_delivery
from bot.domain.quarters import Quarter
from bot.domain.superiors import superiors_of
from bot.domain.workdays import WorkCalendar
from storage.database import Stores
from storage.deliveries import Delivery
from storage.words import Channel

OWN = "see own registration and obligations"
ASK = "ask whether still in office"
ASKED_KIND = "reminder_standing"
SILENT_KIND = "reminder_silent"
PATIENCE = timedelta(days=14)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Confirmed:
    """确认过在任：哪个季度、哪些席位。"""

    quarter: Quarter
    seats: tuple[Assignment, ...]


def quarter_in(day: date) -> Quarter:
    """这一天所在的自然季度（不是季报的季度）。"""
    return Quarter(day.year, (day.month + 2) // 3)


def first_day(quarter: Quarter) -> date:
    """自然季度的第一天。"""
    return date(quarter.year, quarter.number * 3 - 2, 1)


def asks_from(quarter: Quarter, calendar: WorkCalendar, hour: int) -> datetime:
    """这个季度从哪一刻起问：第一个工作日的 ``hour`` 点。"""
    day = calendar.nth_after(first_day(quarter) - timedelta(days=1), 1)
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


class StandingReview:
    """季度复核。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def run(self) -> int:
        """清点一遍：该问的排进发件箱，太久没答的列给上级；返回新问了几个人。"""
        context, now = self._context, self._context.now()
        quarter = quarter_in(local_day(now))
        asked = 0
        if now >= asks_from(quarter, context.calendar, context.plan.ladder.at.hour):
            asked = await self._ask(quarter, now)
        async with context.database.read() as stores:
            silent = await stores.standings.anyone_silent(now - PATIENCE)
        if silent:
            await self._report_silent(now)
        return asked

    async def confirm(self, actor: Actor) -> Confirmed:
        """本人说还在任：他全部的席位一起确认。"""
        self._context.require(actor, OWN)
        if not actor.assignments:
            raise WrongState("你没有在任的登记，不用确认。要登记请向本单位或上级要邀请码。")
        now = self._context.now()
        quarter = quarter_in(local_day(now))
        async with self._context.database.write() as stores:
            await stores.standings.confirm(actor.qq, now)
            detail = {"period": quarter.key, "seats": len(actor.assignments)}
            await self._context.log(stores, actor, OWN, actor.assignments[0].unit.code, "confirmed", detail)
        return Confirmed(quarter, actor.assignments)

    async def finalise(self, delivery: Delivery) -> tuple[dict[str, Any], tuple[int, ...]] | None:
        """发送前再看一眼：已经确认了的、不在任了的不发；要发的写上他现在的席位。"""
        seats = self._context.directory.seats_held(delivery.target)
        async with self._context.database.read() as stores:
            answered = await stores.standings.answered(str(delivery.payload["quarter"]), delivery.target)
        if not seats or answered:
            return None
        tree = self._context.directory.tree
        labels = [f"{tree.get(seat.unit_code).name} {seat.role.label}" for seat in seats]
        return {**delivery.payload, "seats": labels}, ()

    async def _ask(self, quarter: Quarter, now: datetime) -> int:
        start = first_day(quarter)
        since = datetime(start.year, start.month, start.day, tzinfo=SHANGHAI)
        async with self._context.database.read() as stores:
            if not await stores.standings.to_ask(quarter.key, since):
                return 0
        async with self._context.database.write() as stores:
            people = await stores.standings.to_ask(quarter.key, since)
            await stores.standings.note_asked(quarter.key, people, now)
            facts = {"quarter": quarter.key, "label": quarter.label, "days": PATIENCE.days}
            await stores.deliveries.add(
                [
                    new_delivery(
                        ASKED_KIND, Channel.PRIVATE, qq, facts, due_at=now, expires_at=now + PATIENCE
                    )
                    for qq in people
                ],
                now,
            )
            detail = {"period": quarter.key, "people": len(people)}
            await self._context.log(stores, None, ASK, "", "asked", detail)
        return len(people)

    async def _report_silent(self, now: datetime) -> None:
        async with self._context.database.write() as stores:
            silent = await stores.standings.take_silent(now - PATIENCE, now)
            by_superior: dict[int, list[str]] = defaultdict(list)
            for _, qq in silent:
                for superior, label in self._superiors(qq):
                    by_superior[superior].append(label)
            deliveries = [
                new_delivery(
                    SILENT_KIND,
                    Channel.PRIVATE,
                    superior,
                    {"count": len(labels), "seats": labels[:SHOWN], "days": PATIENCE.days},
                    due_at=now,
                )
                for superior, labels in by_superior.items()
            ]
            await stores.deliveries.add(deliveries, now)
            await self._log_silent(stores, len(silent))

    async def _log_silent(self, stores: Stores, people: int) -> None:
        await self._context.log(stores, None, ASK, "", "silent", {"people": people})

    def _superiors(self, qq: int) -> list[tuple[int, str]]:
        """他的每个席位该告诉谁、怎么写。"""
        tree = self._context.directory.tree
        found: list[tuple[int, str]] = []
        for seat in self._context.directory.seats_held(qq):
            unit = tree.get(seat.unit_code)
            label = f"{tree.title(unit)} {seat.role.label}（QQ {qq}）"
            told = superiors_of(self._context.directory, unit, without=frozenset({qq}))
            found += [(superior, label) for superior in told]
        return found
