"""上报：一个单位报一项任务，或在审核之前撤回。迟了照收，标上“迟报”。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from bot.domain.actor import Actor
from bot.domain.clock import local_day
from bot.domain.context import Context
from bot.domain.derivation import derive_upwards, unfinished_below
from bot.domain.errors import BadInput, NotFound, WrongState
from bot.domain.masking import without_numbers
from bot.plan.values import Deliverable
from storage.database import Stores
from storage.obligations import ONCE, Duty, Obligation
from storage.submissions import Submission
from storage.units import Unit
from storage.words import ObligationState, SubmissionAction

# 从大到小，后一个不能超过前一个
NUMBER_ORDER = ("expected", "entered", "reviewed")
LARGEST_SCHOOL = 3000


@dataclass(frozen=True, slots=True)
class Reported:
    """报上去之后的样子；``reviewer`` 为空表示不用审核；``unfinished`` 是手工报汇总任务时下级还差几个。"""

    unit: Unit
    deliverable: Deliverable
    numbers: Mapping[str, int]
    late: bool
    again: bool
    reviewer: Unit | None
    unfinished: int = 0


class Reporting:
    """上报与撤回。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def report(
        self, actor: Actor, unit: Unit, item: Deliverable, numbers: Mapping[str, int], note: str
    ) -> Reported:
        """报一项任务；季报不走这里，用 /季报 报送。"""
        if item.cadence == "quarterly":
            raise BadInput("季报请私聊我发 /季报 报送；没有变更发 /零报告")
        grant = self._context.require(actor, item.action, unit)
        _check_owed(unit, item)
        _check_numbers(item, numbers)
        seat = grant.assignment.unit.code if grant.assignment else unit.code
        reviewed = item.done_when == "accepted" and unit.parent_code is not None
        state = ObligationState.REPORTED if reviewed else ObligationState.DONE
        now = self._context.now()
        async with self._context.database.write() as stores:
            current = await self._obligation(stores, unit, item)
            if reviewed and current.state is ObligationState.DONE:
                raise WrongState(f"{unit.name}的{item.name}已经审核通过。要更正，请先请审核单位退回。")
            late = is_late(current, now)
            await stores.obligations.record(
                Submission(
                    obligation_id=current.id,
                    action=SubmissionAction.REPORT,
                    actor_qq=actor.qq,
                    actor_unit=seat,
                    at=now,
                    late=late,
                    numbers=numbers,
                    note=without_numbers(note),
                ),
                state,
            )
            await self._context.log(
                stores, actor, item.action, unit.code, detail={"deliverable": item.key}, seat=seat
            )
            await derive_upwards(self._context, stores, unit, item.key)
            unfinished = await unfinished_below(stores, unit, item)
        reviewer = (
            self._context.directory.tree.get(unit.parent_code) if reviewed and unit.parent_code else None
        )
        again = current.state is not ObligationState.OWING
        return Reported(unit, item, numbers, late, again, reviewer, unfinished)

    async def withdraw(self, actor: Actor, unit: Unit, item: Deliverable) -> None:
        """撤回还没审核的上报。"""
        grant = self._context.require(actor, item.action, unit)
        seat = grant.assignment.unit.code if grant.assignment else unit.code
        async with self._context.database.write() as stores:
            current = await stores.obligations.find(unit.code, item.key)
            if current is None or current.state is not ObligationState.REPORTED:
                label = current.state.label if current else "没有上报过"
                raise WrongState(f"{unit.name}的{item.name}现在是“{label}”，没有可撤回的上报。")
            await stores.obligations.record(
                Submission(
                    obligation_id=current.id,
                    action=SubmissionAction.WITHDRAW,
                    actor_qq=actor.qq,
                    actor_unit=seat,
                    at=self._context.now(),
                ),
                ObligationState.OWING,
            )
            await self._context.log(
                stores, actor, item.action, unit.code, "withdrawn", {"deliverable": item.key}, seat=seat
            )

    async def _obligation(self, stores: Stores, unit: Unit, item: Deliverable) -> Obligation:
        """取待办；启用日以前的节点本来没有待办，愿意补报就现建一条。"""
        found = await stores.obligations.find(unit.code, item.key)
        if found is None:
            await stores.obligations.ensure(
                [Duty(unit.code, item.key, ONCE, item.due, item.due, unit.parent_code)]
            )
            found = await stores.obligations.find(unit.code, item.key)
        if found is None or found.state is ObligationState.CANCELLED:
            raise NotFound(f"{unit.name}现在没有“{item.name}”这一项。")
        return found


def is_late(obligation: Obligation, now: datetime) -> bool:
    """过了本单位的截止日才报就算迟；没定日期的不算，按时报过之后的更正、补充也不算。"""
    if not obligation.state.still_owes:
        return obligation.late
    return obligation.due_on is not None and local_day(now) > obligation.due_on


def _check_owed(unit: Unit, item: Deliverable) -> None:
    if unit.kind not in item.owed_by:
        owners = "、".join(sorted(kind.label for kind in item.owed_by))
        raise BadInput(f"{unit.name}不用报“{item.name}”，这一项由{owners}负责。")
    if not item.reported_by:
        raise BadInput(f"“{item.name}”不用上报：{item.how_to}")


def _check_numbers(item: Deliverable, numbers: Mapping[str, int]) -> None:
    missing = [field.label for field in item.numbers if field.key not in numbers]
    if missing:
        raise BadInput(f"还缺 {'、'.join(missing)}。\n照这样写：{item.how_to}")
    labels = {field.key: field.label for field in item.numbers}
    for key, label in labels.items():
        if numbers[key] > LARGEST_SCHOOL:
            odd = f"{label}{numbers[key]} 不像一所学校的人数"
            raise BadInput(f"{odd}，请核对后重发。\n照这样写：{item.how_to}")
    ordered = [key for key in NUMBER_ORDER if key in labels]
    for larger, smaller in pairwise(ordered):
        if numbers[smaller] > numbers[larger]:
            pair = f"{labels[smaller]}{numbers[smaller]} 比{labels[larger]}{numbers[larger]} 还多"
            raise BadInput(f"{pair}，请核对后重发。\n照这样写：{item.how_to}")
