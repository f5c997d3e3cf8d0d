"""提醒的预览、立即、为什么：提前看清会提醒谁，事后说得清为什么提醒。"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.actor import Actor
from bot.domain.clock import local_day
from bot.domain.context import Context
from bot.domain.derivation import actionable
from bot.domain.duty_keeper import DutyKeeper
from bot.domain.errors import NotFound
from bot.domain.ladder import Step, steps_for
from bot.domain.progress import Progress
from bot.domain.reminding import Reminding
from bot.plan.values import Deliverable
from storage.obligations import Duty, Obligation
from storage.units import Unit
from storage.words import ObligationState

CONTROL = "preview pause or send reminders"
WHY = "why was I reminded"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """会发出的一条提醒：什么时候、因为哪一项、提醒哪个单位、找得到几位管理员和几个群。"""

    at: datetime
    step: Step
    deliverable: Deliverable
    duty: Duty
    unit: Unit
    state: ObligationState
    administrators: tuple[int, ...]
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """发给本单位的一条提醒：哪一项、哪一级台阶、什么时候排的、结果如何。"""

    unit: Unit
    deliverable: str
    step: str
    at: datetime
    state: str


class ReminderControl:
    """提醒的预览与人工控制。"""

    def __init__(
        self, context: Context, duties: DutyKeeper, reminding: Reminding, progress: Progress
    ) -> None:
        self._context = context
        self._duties = duties
        self._reminding = reminding
        self._progress = progress
        self._known_steps: dict[date, tuple[Step, ...]] = {}

    async def foresee(self, start: date, end: date, *, roots: Sequence[Unit] | None = None) -> list[Foreseen]:
        """从 ``start`` 到 ``end``（含）会发出的全部提醒，假定现在欠着的一直不报。

        启用日以前的台阶不会发，也就不在其中。``roots`` 给出只看哪些单位及其下级。
        """
        context = self._context
        first = max(context.starts_on, start)
        async with context.database.read() as stores:
            recorded = await stores.obligations.owing(date.max)
            known = await actionable(context, stores, recorded)
            settled = await stores.obligations.settled()
        owing = {(o.unit_code, o.deliverable, o.period): o.state for o in known}
        settled |= {(o.unit_code, o.deliverable, o.period) for o in recorded} - owing.keys()
        found = [
            foreseen
            for unit in context.directory.tree
            if roots is None or any(context.directory.tree.covers(root, unit) for root in roots)
            for duty in self._duties.duties_of(unit, end)
            if (duty.unit_code, duty.deliverable, duty.period) not in settled
            for foreseen in self._of_duty(unit, duty, owing, first, end)
        ]
        return sorted(found, key=lambda item: (item.at, item.duty.deliverable, item.unit.code))

    def _of_duty(
        self,
        unit: Unit,
        duty: Duty,
        owing: dict[tuple[str, str, str], ObligationState],
        start: date,
        end: date,
    ) -> Iterator[Foreseen]:
        item = self._context.plan.deliverable(duty.deliverable)
        if item is None or duty.due_on is None:
            return
        state = owing.get((duty.unit_code, duty.deliverable, duty.period), ObligationState.OWING)
        steps = _between(self._steps(duty.due_on), start, end)
        if not steps:
            return
        seats = self._reminding.responsible(duty)
        groups = self._context.directory.groups_of(duty.receiver_code or duty.unit_code)
        people = tuple(dict.fromkeys(seat.qq for seat in seats))
        ids = tuple(group.group_id for group in groups)
        for step in steps:
            yield Foreseen(step.at, step, item, duty, unit, state, people, ids)

    def _steps(self, due_on: date) -> tuple[Step, ...]:
        """同一个截止日的台阶只算一次：几千个单位的截止日就那么几个。"""
        if due_on not in self._known_steps:
            self._known_steps[due_on] = steps_for(due_on, self._context.plan.ladder, self._context.calendar)
        return self._known_steps[due_on]

    async def preview(self, actor: Actor, item: Deliverable | None) -> list[Foreseen]:
        """说话人管的单位里，今后 30 天会发出的提醒。"""
        self._context.require(actor, CONTROL)
        grants = self._context.permissions.grants(actor, CONTROL)
        roots = [grant.assignment.unit for grant in grants if grant.assignment is not None]
        today = self._context.today()
        found = await self.foresee(today, today + timedelta(days=30), roots=roots)
        now = self._context.now()
        return [one for one in found if one.at > now and (item is None or one.deliverable.key == item.key)]

    async def owing_now(self, actor: Actor, unit: Unit, item: Deliverable) -> list[Obligation]:
        """立即提醒会牵涉到的待办，先给人看数。"""
        self._context.require(actor, CONTROL, unit)
        owing = await self._progress.owing_of(unit, item)
        found = [obligation for _, obligation in owing if obligation.due_on is not None]
        if not found:
            raise NotFound(f"{unit.name}的{item.name}没有还欠着的单位，不用提醒。")
        return found

    async def send_now(self, actor: Actor, unit: Unit, item: Deliverable) -> int:
        """立即提醒还欠着的，返回排进发件箱的条数；同一小时内重复要求不会再发。"""
        found = await self.owing_now(actor, unit, item)
        planned = await self._reminding.plan_now(found)
        async with self._context.database.write() as stores:
            await self._context.log(
                stores, actor, CONTROL, unit.code, detail={"deliverable": item.key, "messages": planned}
            )
        return planned

    async def why(self, actor: Actor) -> list[Received]:
        """最近为什么提醒我：我的每个单位收到过的提醒。"""
        self._context.require(actor, WHY)
        received: list[Received] = []
        units = {seat.unit.code: seat.unit for seat in actor.assignments}
        async with self._context.database.read() as stores:
            for unit in units.values():
                rows = await stores.reminders.of_unit(unit.code)
                ids = [reminder.obligation_id for reminder, _ in rows]
                names = {o.id: o.deliverable for o in await stores.obligations.by_ids(ids)}
                for reminder, at in rows:
                    item = self._context.plan.deliverable(names[reminder.obligation_id])
                    name = item.name if item else names[reminder.obligation_id]
                    received.append(Received(unit, name, reminder.step, at, reminder.state.label))
        return received


def _between(steps: Iterable[Step], start: date, end: date) -> list[Step]:
    return [step for step in steps if start <= local_day(step.at) <= end]
