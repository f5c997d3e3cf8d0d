"""上报：一个单位报一项任务，或在审核之前撤回。迟了照收，标上“迟报”。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.actor import Actor
from bot.domain.clock import local_day
from bot.domain.context import Context
from bot.domain.derivation import derive_upwards, unfinished_below
from bot.domain.errors import BadInput, Denied, NotFound, Refusal, WrongState
from bot.domain.masking import without_numbers
from bot.domain.numbers import check_numbers, jumps, last_numbers, roster_gap
from bot.domain.withdrawing import prior_state
from bot.plan.values import Deliverable
from storage.database import Stores
from storage.obligations import ONCE, Duty, Obligation, PriorState
from storage.submissions import Submission
from storage.units import Unit
from storage.words import ObligationState, SubmissionAction

QUARTERLY_ELSEWHERE = "季报请私聊我发 /季报 报送；没有变更发 /零报告"


@dataclass(frozen=True, slots=True)
class Reported:
    """报上去之后的样子。

    ``reviewer`` 为空表示不用审核；``unfinished`` 是手工报汇总任务时下级还差几个；``hint`` 是数字可疑的提醒。
    """

    unit: Unit
    deliverable: Deliverable
    numbers: Mapping[str, int]
    late: bool
    again: bool
    reviewer: Unit | None
    unfinished: int = 0
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """将要撤回的一次上报，和撤回以后的样子。"""

    unit: Unit
    deliverable: Deliverable
    obligation: Obligation
    before: PriorState


class Reporting:
    """上报与撤回。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def report(
        self, actor: Actor, unit: Unit, item: Deliverable, numbers: Mapping[str, int], note: str
    ) -> Reported:
        """报一项任务；季报不走这里，用 /季报 报送。"""
        seat = self._check(actor, unit, item, numbers)
        reviewed = is_reviewed(unit, item)
        state = ObligationState.REPORTED if reviewed else ObligationState.DONE
        now = self._context.now()
        async with self._context.database.write() as stores:
            current = await self._obligation(stores, unit, item)
            if reviewed and current.state is ObligationState.DONE:
                raise WrongState(f"{unit.name}的{item.name}已经审核通过。要更正，请先请审核单位退回。")
            late = is_late(current, now)
            step = Submission(
                obligation_id=current.id,
                action=SubmissionAction.REPORT,
                actor_qq=actor.qq,
                actor_unit=seat,
                at=now,
                late=late,
                numbers=numbers,
                note=without_numbers(note),
            )
            await stores.obligations.record(step, state)
            await self._context.log(
                stores, actor, item.action, unit.code, detail={"deliverable": item.key}, seat=seat
            )
            await derive_upwards(self._context, stores, unit, item.key)
            unfinished = await unfinished_below(stores, unit, item)
        return Reported(
            unit=unit,
            deliverable=item,
            numbers=numbers,
            late=late,
            again=current.state is not ObligationState.OWING,
            reviewer=self._context.directory.tree.get(unit.parent_code or "") if reviewed else None,
            unfinished=unfinished,
            hint=roster_gap(item, numbers, unit.staff_count),
        )

    async def doubts(
        self, actor: Actor, unit: Unit, item: Deliverable, numbers: Mapping[str, int]
    ) -> tuple[str, ...]:
        """报之前先看：和本单位上一次报的差得多的，一个一句；空的就可以直接报。报不了的照样抛出拒绝。"""
        self._check(actor, unit, item, numbers)
        if not item.numbers:
            return ()
        async with self._context.database.read() as stores:
            current = await stores.obligations.find(unit.code, item.key)
            history = await stores.submissions.history(current.id) if current else []
        return jumps(item.numbers, last_numbers(history), numbers)

    async def places(self, actor: Actor) -> list[Unit]:
        """说话人能替哪些单位报：自己任职的，加上挂靠在自己学校、还欠着的教学点。"""
        actions = {item.action for item in self._context.plan.deliverables if item.reported_by}
        own = {
            grant.assignment.unit.code: grant.assignment.unit
            for action in actions
            for grant in self._context.permissions.grants(actor, action)
            if grant.assignment is not None
        }
        if not own:
            self._context.require(actor, self._context.plan.quarterly.action)
        tree = self._context.directory.tree
        async with self._context.database.read() as stores:
            points = [code for unit in own for code in await stores.rollups.open_at_points(unit)]
        return [*own.values(), *(tree.get(code) for code in points)]

    async def open_items(self, actor: Actor, unit: Unit) -> list[Deliverable]:
        """本单位还欠着、说话人报得了的任务，先到期的在前；一项任务只列一次。"""
        async with self._context.database.read() as stores:
            found = await stores.obligations.of_unit(unit.code)
        items: dict[str, Deliverable] = {}
        for obligation in found:
            item = self._context.plan.deliverable(obligation.deliverable)
            if item is not None and obligation.state.still_owes and self._may_report(actor, unit, item):
                items.setdefault(item.key, item)
        return list(items.values())

    async def prepare_withdrawal(self, actor: Actor, unit: Unit, item: Deliverable) -> Withdrawal:
        """撤回之前先看清：现在能不能撤、撤了会怎样。"""
        self._seat(actor, unit, item)
        async with self._context.database.read() as stores:
            return await self._withdrawal(stores, actor, unit, item)

    async def withdraw(self, actor: Actor, unit: Unit, item: Deliverable) -> Withdrawal:
        """撤回还没审核的上报，退回到这次上报以前的样子；历史留着。"""
        seat = self._seat(actor, unit, item)
        async with self._context.database.write() as stores:
            found = await self._withdrawal(stores, actor, unit, item)
            step = Submission(
                obligation_id=found.obligation.id,
                action=SubmissionAction.WITHDRAW,
                actor_qq=actor.qq,
                actor_unit=seat,
                at=self._context.now(),
            )
            await stores.obligations.withdraw(step, found.before)
            await self._context.log(
                stores, actor, item.action, unit.code, "withdrawn", {"deliverable": item.key}, seat=seat
            )
            for source in (item.key, item.derives_from):
                if source:
                    await derive_upwards(self._context, stores, unit, source)
        return found

    async def _withdrawal(self, stores: Stores, actor: Actor, unit: Unit, item: Deliverable) -> Withdrawal:
        current = await stores.obligations.find(unit.code, item.key)
        if current is None or not _is_withdrawable(current, unit, item):
            label = current.state.label if current else "没有上报过"
            raise WrongState(f"{unit.name}的{item.name}现在是“{label}”，没有可撤回的上报。")
        own = any(seat.unit.code in (unit.code, unit.central_school_code) for seat in actor.assignments)
        if not own and current.reported_by != actor.qq:
            how_to = f"/审核 {unit.name} {item.short} 退回 原因"
            raise Denied(f"这一项是{unit.name}自己报的，只有它能撤回；不对请退回：{how_to}")
        before = prior_state(await stores.submissions.history(current.id))
        return Withdrawal(unit, item, current, before)

    def _check(self, actor: Actor, unit: Unit, item: Deliverable, numbers: Mapping[str, int]) -> str:
        """该不该报、报不报得了、数字对不对；返回凭哪个单位的席位报。"""
        if item.cadence == "quarterly":
            raise BadInput(QUARTERLY_ELSEWHERE)
        seat = self._seat(actor, unit, item)
        if unit.kind not in item.owed_by:
            owners = "、".join(sorted(kind.label for kind in item.owed_by))
            raise BadInput(f"{unit.name}不用报“{item.name}”，这一项由{owners}负责。")
        if not item.reported_by:
            raise BadInput(f"“{item.name}”不用上报：{item.how_to}")
        check_numbers(item, numbers)
        return seat

    def _seat(self, actor: Actor, unit: Unit, item: Deliverable) -> str:
        grant = self._context.require(actor, item.action, unit)
        return grant.assignment.unit.code if grant.assignment else unit.code

    def _may_report(self, actor: Actor, unit: Unit, item: Deliverable) -> bool:
        if not item.reported_by:
            return False
        try:
            self._context.require(actor, item.action, unit)
        except Refusal:
            return False
        return True

    async def _obligation(self, stores: Stores, unit: Unit, item: Deliverable) -> Obligation:
        """取待办；启用日以前的节点本来没有待办，愿意补报就现建一条。"""
        found = await stores.obligations.find(unit.code, item.key)
        if found is None:
            await stores.obligations.ensure(
                [Duty(unit.code, item.key, ONCE, item.due, item.due, unit.parent_code)]
            )
            found = await stores.obligations.find(unit.code, item.key)
        if found is None:
            raise NotFound(f"{unit.name}现在没有“{item.name}”这一项。")
        if found.state is ObligationState.CANCELLED:
            raise WrongState(f"“{item.name}”已经取消，{unit.name}不用再报。")
        return found


def is_reviewed(unit: Unit, item: Deliverable) -> bool:
    """这个单位报的这一项要不要上级审核；市报的没有人审。"""
    return item.done_when == "accepted" and unit.parent_code is not None


def is_late(obligation: Obligation, now: datetime) -> bool:
    """过了本单位的截止日才报就算迟；没定日期的不算，按时报过之后的更正、补充也不算。"""
    if not obligation.state.still_owes:
        return obligation.late
    return obligation.due_on is not None and local_day(now) > obligation.due_on


def _is_withdrawable(obligation: Obligation, unit: Unit, item: Deliverable) -> bool:
    """等着审核的可以撤；不用审核、报了就算的也可以，自动汇总出来的不行。"""
    if obligation.state is ObligationState.REPORTED:
        return True
    by_hand = bool(obligation.reported_by)
    return obligation.state is ObligationState.DONE and by_hand and not is_reviewed(unit, item)
