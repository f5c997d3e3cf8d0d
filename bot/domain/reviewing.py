"""审核：通过或退回下级报来的一项。谁报的谁不能审，本单位的也不能自己审。"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.actor import Actor, Assignment
from bot.domain.context import Context
from bot.domain.derivation import derive_upwards
from bot.domain.errors import BadInput, Denied, WrongState
from bot.domain.masking import without_numbers
from bot.domain.outbox import new_delivery
from bot.plan.values import Deliverable
from storage.database import Stores
from storage.obligations import ONCE, Obligation
from storage.submissions import Submission
from storage.units import Unit
from storage.words import Channel, ObligationState, SubmissionAction

ACTION = "review a submission (approve or return)"
MAX_REASON = 100


@dataclass(frozen=True, slots=True)
class Reviewed:
    """审核的结果；``completed`` 是因此自动完成的上级任务，形如 (单位名, 任务名)。"""

    unit: Unit
    deliverable: Deliverable
    approved: bool
    reason: str
    completed: tuple[tuple[str, str], ...]


class Reviewing:
    """审核。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def review(
        self, actor: Actor, unit: Unit, item: Deliverable, *, approve: bool, reason: str = ""
    ) -> Reviewed:
        """通过或退回一项；退回要写原因。"""
        if item.cadence == "quarterly":
            raise BadInput("季报的接收请私聊我发：/备案 单位 季度，或 /季报 退回 单位 季度 原因")
        self._context.require(actor, ACTION, unit)
        async with self._context.database.write() as stores:
            text = await self._decide(stores, actor, unit, item, ONCE, approve=approve, reason=reason)
            changed = await derive_upwards(self._context, stores, unit, item.key)
        completed = tuple(self._completed(obligation) for obligation in changed if approve)
        return Reviewed(unit, item, approve, text, completed)

    async def settle_quarter(
        self, stores: Stores, actor: Actor, unit: Unit, period: str, *, approve: bool, reason: str = ""
    ) -> None:
        """季报的备案与退回，在调用者的事务里做。"""
        item = self._context.plan.quarterly
        await self._decide(stores, actor, unit, item, period, approve=approve, reason=reason)

    async def _decide(
        self,
        stores: Stores,
        actor: Actor,
        unit: Unit,
        item: Deliverable,
        period: str,
        *,
        approve: bool,
        reason: str,
    ) -> str:
        seat = self._reviewer_seat(actor, unit)
        obligation = await stores.obligations.find(unit.code, item.key, period)
        obligation = _reviewable(obligation, unit, item, approve=approve)
        if obligation.reported_by == actor.qq:
            raise Denied("这一项是你报的，请换一位审核人：谁填报谁负责，谁审核谁负责。")
        text = without_numbers(reason.strip())
        if not approve and not text:
            raise BadInput(f"退回请写原因，例如：/审核 {unit.name} {item.short} 退回 缺照片")
        if len(text) > MAX_REASON:
            raise BadInput(f"退回原因请写在 {MAX_REASON} 字以内。")
        await stores.obligations.record(
            Submission(
                obligation_id=obligation.id,
                action=SubmissionAction.APPROVE if approve else SubmissionAction.RETURN,
                actor_qq=actor.qq,
                actor_unit=seat.unit.code,
                at=self._context.now(),
                note=text,
            ),
            ObligationState.DONE if approve else ObligationState.RETURNED,
        )
        detail = {"deliverable": item.key, "period": period}
        outcome = "approved" if approve else "returned"
        await self._context.log(stores, actor, ACTION, unit.code, outcome, detail, seat=seat.unit.code)
        await self._tell_reporter(stores, obligation, unit, item, approve=approve, reason=text)
        return text

    def _reviewer_seat(self, actor: Actor, unit: Unit) -> Assignment:
        tree = self._context.directory.tree
        for grant in self._context.permissions.grants(actor, ACTION):
            seat = grant.assignment
            if seat is not None and seat.unit.code != unit.code and tree.covers(seat.unit, unit):
                return seat
        raise Denied(f"{unit.name}报的由上级审核，本单位不能自己审。")

    async def _tell_reporter(
        self,
        stores: Stores,
        obligation: Obligation,
        unit: Unit,
        item: Deliverable,
        *,
        approve: bool,
        reason: str,
    ) -> None:
        if not obligation.reported_by:
            return
        now = self._context.now()
        payload = {
            "unit": unit.name,
            "deliverable": item.key,
            "period": obligation.period,
            "approved": approve,
            "reason": reason,
        }
        delivery = new_delivery("review_result", Channel.PRIVATE, obligation.reported_by, payload, due_at=now)
        await stores.deliveries.add([delivery], now)

    def _completed(self, obligation: Obligation) -> tuple[str, str]:
        item = self._context.plan.deliverable(obligation.deliverable)
        name = item.name if item else obligation.deliverable
        return self._context.directory.tree.get(obligation.unit_code).name, name


def _reviewable(obligation: Obligation | None, unit: Unit, item: Deliverable, *, approve: bool) -> Obligation:
    if obligation is None or obligation.state is ObligationState.OWING:
        raise WrongState(f"{unit.name}还没有报{item.name}，不能审核。")
    if obligation.state is ObligationState.REPORTED:
        return obligation
    if obligation.state is ObligationState.DONE and not approve and item.done_when != "derived":
        return obligation
    if obligation.state is ObligationState.DONE and item.cadence == "quarterly":
        raise WrongState(f"{unit.name}的季报已经备案过了；它之后又登记的，等它再报送。")
    if obligation.state is ObligationState.DONE:
        raise WrongState(f"{unit.name}的{item.name}已经是“已完成”，不用再审核。")
    raise WrongState(f"{unit.name}的{item.name}已退回，等它重新上报后再审核。")
