"""提醒：到了台阶就给还欠着的单位排消息——群里 @ 管理员，私聊告诉他怎么报，再给审核单位一份名单数。

这里只排行，不发送；发送前由投递机按 ``recheck`` 再核一遍，刚报上的不会收到。
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.clock import SHANGHAI
from bot.domain.context import Context
from bot.domain.derivation import actionable
from bot.domain.ladder import Step
from bot.domain.ladder_runs import Agenda, DueRun, agenda_of, horizon
from bot.domain.outbox import new_delivery
from bot.domain.responsible import responsible_seats
from storage.database import Stores
from storage.deliveries import Delivery
from storage.obligations import Duty, Obligation
from storage.people import Seat
from storage.reminders import Reminder, Run
from storage.words import Channel, ReminderState, Role, UnitKind

GROUP_KIND = "reminder_group"
PRIVATE_KIND = "reminder_private"
DIGEST_KIND = "reminder_digest"
# 人工提醒过了这么久还没发出去就不发了
MANUAL_FOR = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Pace:
    """群里 @ 人的节奏：每条最多 @ 几人、一次最多几条、其余隔多久再发。"""

    batch_size: int = 20
    batches: int = 5
    pause: timedelta = timedelta(minutes=30)


class Reminding:
    """排提醒。"""

    def __init__(self, context: Context, pace: Pace) -> None:
        self._context = context
        self._pace = pace

    async def plan_due(self) -> int:
        """排出此刻到点的提醒，返回新排的消息条数；夜里排好的由投递机留到早上发。"""
        context, now = self._context, self._context.now()
        async with context.database.read() as stores:
            agenda = await self._agenda(stores, now)
        if not agenda.due and not agenda.missed:
            return 0
        planned = 0
        async with context.database.write() as stores:
            agenda = await self._agenda(stores, now)
            await stores.reminders.add_runs(agenda.missed, now, missed=True)
            await stores.reminders.add_runs([due.run for due in agenda.due], now)
            for due in agenda.due:
                planned += await self._plan_run(stores, due, now)
        return planned

    async def _agenda(self, stores: Stores, now: datetime) -> Agenda:
        """此刻该排的；写事务里要重看一遍，别的进程可能刚排过。"""
        context = self._context
        done = await stores.reminders.runs()
        owing = await stores.obligations.owing(horizon(context.plan.ladder, context.today()))
        owing = await actionable(context, stores, owing)
        return agenda_of(
            owing, done, context.plan.ladder, context.calendar, starts_on=context.starts_on, now=now
        )

    async def plan_now(self, obligations: Sequence[Obligation]) -> int:
        """人工立即提醒：同样的消息，台阶写作当时的钟点；同一小时里提醒过的待办不再提醒。"""
        now = self._context.now()
        step = Step(f"now{now.astimezone(SHANGHAI):%y%m%d%H}", 0, now, "")
        planned = 0
        async with self._context.database.write() as stores:
            reminded = await stores.reminders.obligations_at(step.key)
            fresh = [o for o in obligations if o.due_on is not None and o.id not in reminded]
            if len(fresh) < len(obligations) and not any(self.responsible(o) for o in fresh):
                return 0  # 剩下的没有管理员，提醒不到谁，不再往群里发一遍
            for due_on in sorted({o.due_on for o in fresh if o.due_on is not None}):
                chosen = tuple(o for o in fresh if o.due_on == due_on)
                run = Run(chosen[0].deliverable, chosen[0].period, due_on, step.key)
                planned += await self._plan_run(stores, DueRun(run, step, now + MANUAL_FOR, chosen), now)
        return planned

    async def _plan_run(self, stores: Stores, due: DueRun, now: datetime) -> int:
        by_group: dict[int, list[Obligation]] = defaultdict(list)
        by_person: dict[int, list[Obligation]] = defaultdict(list)
        reviewers: set[tuple[int, str]] = set()
        for obligation in due.obligations:
            owner = obligation.receiver_code or obligation.unit_code
            for group in self._context.directory.groups_of(owner):
                by_group[group.group_id].append(obligation)
            for qq in {seat.qq for seat in self.responsible(obligation)}:
                by_person[qq].append(obligation)
            for seat in self._context.directory.seats_of(owner, (Role.INFO_ADMIN,)):
                if owner != obligation.unit_code:
                    reviewers.add((seat.qq, owner))
        planned: list[tuple[Delivery, Sequence[Obligation]]] = []
        for group_id, obligations in by_group.items():
            planned += self._plan_group(due, group_id, obligations, now)
        for qq, obligations in by_person.items():
            planned.append((self._delivery(PRIVATE_KIND, Channel.PRIVATE, qq, due, now), obligations))
        for qq, owner in sorted(reviewers):
            digest = self._delivery(DIGEST_KIND, Channel.PRIVATE, qq, due, now, {"root": owner})
            planned.append((digest, ()))
        await stores.deliveries.add([delivery for delivery, _ in planned], now)
        await stores.reminders.add(_rows(due, planned), now)
        return len(planned)

    def _plan_group(
        self, due: DueRun, group_id: int, obligations: list[Obligation], now: datetime
    ) -> list[tuple[Delivery, Sequence[Obligation]]]:
        assigned = [obligation for obligation in obligations if self.responsible(obligation)]
        batches = self._batches(assigned) or [[]]
        root = self._context.directory.groups[group_id].unit_code
        planned: list[tuple[Delivery, Sequence[Obligation]]] = []
        for index, batch in enumerate(batches):
            facts = {"root": root, "batch": index + 1, "batches": len(batches)}
            later = now + (index // self._pace.batches) * self._pace.pause
            planned.append((self._delivery(GROUP_KIND, Channel.GROUP, group_id, due, later, facts), batch))
        return planned

    def _batches(self, obligations: list[Obligation]) -> list[list[Obligation]]:
        batches: list[list[Obligation]] = []
        room = 0
        for obligation in obligations:
            people = len(self.responsible(obligation))
            if not batches or people > room:
                batches.append([])
                room = self._pace.batch_size
            batches[-1].append(obligation)
            room -= people
        return batches

    def responsible(self, obligation: Obligation | Duty) -> list[Seat]:
        """该由谁来报。"""
        return responsible_seats(self._context, obligation.unit_code, obligation.deliverable)

    def _delivery(
        self,
        kind: str,
        channel: Channel,
        target: int,
        due: DueRun,
        at: datetime,
        facts: dict[str, Any] | None = None,
    ) -> Delivery:
        payload = {
            "deliverable": due.run.deliverable,
            "period": due.run.period,
            "due_on": due.run.due_on.isoformat(),
            "label": due.step.label,
            "late": at - due.step.at > timedelta(hours=6),
            **(facts or {}),
        }
        return new_delivery(kind, channel, target, payload, due_at=at, expires_at=due.expires_at)


def _rows(due: DueRun, planned: Sequence[tuple[Delivery, Sequence[Obligation]]]) -> list[Reminder]:
    return [
        Reminder(
            obligation_id=obligation.id,
            unit_code=obligation.unit_code,
            due_on=due.run.due_on,
            step=due.step.key,
            channel=delivery.channel,
            target=delivery.target,
            delivery_id=delivery.id,
            state=ReminderState.SCHEDULED,
        )
        for delivery, obligations in planned
        for obligation in obligations
    ]


class Recheck:
    """发送前再核一遍：还欠着的才留下，一个都不欠就不发。"""

    def __init__(self, context: Context, reminding: Reminding) -> None:
        self._context = context
        self._reminding = reminding

    async def __call__(self, delivery: Delivery) -> tuple[dict[str, Any], tuple[int, ...]] | None:
        """一条提醒定稿要用的事实和要 @ 的人；不用再发返回 None。

        期间报上了的单位，它的那几行提醒记为取消。
        """
        async with self._context.database.write() as stores:
            rows = await stores.reminders.of_delivery(delivery.id)
            current = await stores.obligations.by_ids([row.obligation_id for row in rows])
            owing = [obligation for obligation in current if obligation.state.still_owes]
            still = await actionable(self._context, stores, owing)
            settled = [obligation.id for obligation in current if obligation not in still]
            if settled:
                await stores.reminders.settle(delivery.id, ReminderState.CANCELLED, settled)
            facts = {**delivery.payload, "today": _iso(self._context.today())}
            due_on = date.fromisoformat(delivery.payload["due_on"])
            overdue = self._working_days_since(due_on)
            if overdue:
                facts["label"] = f"已逾期{overdue}个工作日"
            facts["due_is_day_off"] = not self._context.calendar.is_working(due_on)
            if delivery.kind == PRIVATE_KIND:
                facts["units"] = [self._unit_facts(obligation) for obligation in still]
                return (facts, ()) if still else None
            below = await self._owing_below(stores, delivery)
        if not below:
            return None
        unassigned = [o for o in below if not self._reminding.responsible(o)]
        facts |= {
            "owing": len(below),
            "unassigned": len(unassigned),
            "names": [self._context.directory.tree.get(o.unit_code).name for o in below],
            "final_due_on": _iso(max((o.final_due_on for o in below if o.final_due_on), default=None)),
        }
        if delivery.kind == DIGEST_KIND:
            return facts, ()
        if rows and not still:
            return None
        mentions = dict.fromkeys(seat.qq for o in still for seat in self._reminding.responsible(o))
        return facts, tuple(mentions)

    async def _owing_below(self, stores: Stores, delivery: Delivery) -> list[Obligation]:
        """本群（或这位审核人）直接管的、这一期还欠着的。"""
        payload = delivery.payload
        root = self._context.directory.tree.get(payload["root"])
        below = await stores.obligations.below(root.code, payload["deliverable"], payload["period"])
        found = await actionable(self._context, stores, below)
        mine = root.kind is UnitKind.CITY and delivery.kind == GROUP_KIND
        return [
            o
            for o in found
            if o.state.still_owes
            and _iso(o.due_on) == payload["due_on"]
            and (o.unit_code != root.code or mine)
        ]

    def _working_days_since(self, due_on: date) -> int:
        """截止日之后到今天过了几个工作日；补发的按今天说，不按原定的那天。"""
        passed = (self._context.today() - due_on).days
        days = (due_on + timedelta(days=after) for after in range(1, passed + 1))
        return sum(self._context.calendar.is_working(day) for day in days)

    def _unit_facts(self, obligation: Obligation) -> dict[str, Any]:
        return {
            "name": self._context.directory.tree.get(obligation.unit_code).name,
            "state": obligation.state.value,
            "reason": obligation.reason,
            "final_due_on": _iso(obligation.final_due_on),
        }


def _iso(day: Any) -> str | None:
    return day.isoformat() if day is not None else None
