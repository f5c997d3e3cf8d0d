"""审核：通过或退回下级报来的一项。谁报的谁不能审，本单位的也不能自己审。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.actor import Actor, Assignment
from bot.domain.context import Context
from bot.domain.derivation import derive_all, derive_upwards
from bot.domain.errors import BadInput, Denied, Refusal, WrongState
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


@dataclass(frozen=True, slots=True)
class Pick:
    """从名单里按编号挑出来的一个：编号、单位、名单里那一行是哪一项任务。"""

    number: int
    unit: Unit
    deliverable: str


@dataclass(frozen=True, slots=True)
class Ready:
    """一次要审的里头审得了的一个；``reported_at`` 是看的时候它最近一次上报的时刻。"""

    pick: Pick
    obligation: Obligation

    @property
    def reported_at(self) -> datetime | None:
        """后来又更正过的，这个就对不上了。"""
        return self.obligation.reported_at


@dataclass(frozen=True, slots=True)
class Skipped:
    """审不了的一个，和为什么；``denied`` 是没有权限审。"""

    pick: Pick
    why: str
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """按编号一次审几个：先列出来给人看，确认了再办。"""

    deliverable: Deliverable
    approve: bool
    reason: str
    ready: tuple[Ready, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class BatchDone:
    """一次审完：审了哪几个、哪几个没审成、随之完成的上级任务。"""

    batch: Batch
    settled: tuple[Ready, ...]
    skipped: tuple[Skipped, ...]
    completed: tuple[tuple[str, str], ...]


class Reviewing:
    """审核。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def review(
        self, actor: Actor, unit: Unit, item: Deliverable, *, approve: bool, reason: str = ""
    ) -> Reviewed:
        """通过或退回一项；退回要写原因。"""
        _refuse_quarterly(item)
        self._context.require(actor, ACTION, unit)
        async with self._context.database.write() as stores:
            text = await self._decide(stores, actor, unit, item, ONCE, approve=approve, reason=reason)
            changed = await derive_upwards(self._context, stores, unit, item.key)
        return Reviewed(unit, item, approve, text, self._completed(changed) if approve else ())

    async def prepare(
        self, actor: Actor, item: Deliverable, picks: Sequence[Pick], *, approve: bool, reason: str = ""
    ) -> Batch:
        """按编号审之前逐个看一遍：哪些审得了，哪些为什么审不了。"""
        _refuse_quarterly(item)
        self._context.require(actor, ACTION)
        text = checked_reason(reason, approve=approve, example=f"/审核 {item.short} 退回 3 缺照片")
        ready: list[Ready] = []
        skipped: list[Skipped] = []
        async with self._context.database.read() as stores:
            for pick in picks:
                try:
                    found, _ = await self._reviewable(stores, actor, pick, item, approve=approve)
                    ready.append(Ready(pick, found))
                except Refusal as refusal:
                    skipped.append(Skipped(pick, str(refusal), isinstance(refusal, Denied)))
        if any(one.denied for one in skipped):
            async with self._context.database.write() as stores:
                await self._note_denied(stores, actor, skipped)
        return Batch(item, approve, text, tuple(ready), tuple(skipped))

    async def settle(self, actor: Actor, batch: Batch) -> BatchDone:
        """在一个事务里审完；看过以后又变了的（别人审了、撤回了、更正了）不动，逐个说明。"""
        item, settled, skipped = batch.deliverable, list[Ready](), list[Skipped]()
        async with self._context.database.write() as stores:
            for ready in batch.ready:
                unit = ready.pick.unit
                try:
                    found, seat = await self._reviewable(
                        stores, actor, ready.pick, item, approve=batch.approve
                    )
                    if found.reported_at != ready.reported_at:
                        raise WrongState(f"{unit.name}刚刚又更正过，请看过新的数字再审。")
                except Refusal as refusal:
                    skipped.append(Skipped(ready.pick, str(refusal), isinstance(refusal, Denied)))
                    continue
                await self._record(
                    stores, actor, seat, found, unit, item, approve=batch.approve, text=batch.reason
                )
                settled.append(ready)
            await self._note_denied(stores, actor, skipped)
            units = [ready.pick.unit for ready in settled]
            changed = await derive_all(self._context, stores, units, item.key)
        completed = self._completed(changed) if batch.approve else ()
        return BatchDone(batch, tuple(settled), tuple(skipped), completed)

    async def _reviewable(
        self, stores: Stores, actor: Actor, pick: Pick, item: Deliverable, *, approve: bool
    ) -> tuple[Obligation, Assignment]:
        """名单里挑出来的一个审不审得了；审不了抛出拒绝，说明原因。"""
        if pick.deliverable != item.key:
            other = self._context.plan.deliverable(pick.deliverable)
            raise BadInput(f"{pick.unit.name}在名单里的是“{other.short if other else pick.deliverable}”。")
        self._context.require(actor, ACTION, pick.unit)
        seat = self._reviewer_seat(actor, pick.unit)
        found = await stores.obligations.find(pick.unit.code, item.key)
        if found is not None and found.state is ObligationState.DONE:
            raise WrongState(f"{pick.unit.name}的{item.name}已经审过了。")
        found = _reviewable(found, pick.unit, item, approve=approve)
        _refuse_own_report(found, actor)
        return found, seat

    async def _note_denied(self, stores: Stores, actor: Actor, skipped: Sequence[Skipped]) -> None:
        """批量里越权的也逐个记日志。"""
        for one in skipped:
            if one.denied:
                await self._context.log(stores, actor, ACTION, one.pick.unit.code, "denied")

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
        _refuse_own_report(obligation, actor)
        example = f"/审核 {unit.name} {item.short} 退回 缺照片"
        text = checked_reason(reason, approve=approve, example=example)
        await self._record(stores, actor, seat, obligation, unit, item, approve=approve, text=text)
        return text

    async def _record(
        self,
        stores: Stores,
        actor: Actor,
        seat: Assignment,
        obligation: Obligation,
        unit: Unit,
        item: Deliverable,
        *,
        approve: bool,
        text: str,
    ) -> None:
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
        detail = {"deliverable": item.key, "period": obligation.period}
        outcome = "approved" if approve else "returned"
        await self._context.log(stores, actor, ACTION, unit.code, outcome, detail, seat=seat.unit.code)
        await self._tell_reporter(stores, obligation, unit, item, approve=approve, reason=text)

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

    def _completed(self, changed: Sequence[Obligation]) -> tuple[tuple[str, str], ...]:
        plan, tree = self._context.plan, self._context.directory.tree
        named = [(one.unit_code, plan.deliverable(one.deliverable), one.deliverable) for one in changed]
        return tuple((tree.get(code).name, item.name if item else key) for code, item, key in named)


def checked_reason(reason: str, *, approve: bool, example: str) -> str:
    """审核的说明：长数字遮住；退回必须写，不能太长。"""
    text = without_numbers(reason.strip())
    if not approve and not text:
        raise BadInput(f"退回请写原因，例如：{example}")
    if len(text) > MAX_REASON:
        raise BadInput(f"退回原因请写在 {MAX_REASON} 字以内。")
    return text


def _refuse_quarterly(item: Deliverable) -> None:
    if item.cadence == "quarterly":
        raise BadInput("季报的接收请私聊我发：/备案 单位 季度，或 /季报 退回 单位 季度 原因")


def _refuse_own_report(obligation: Obligation, actor: Actor) -> None:
    if obligation.reported_by == actor.qq:
        raise Denied("这一项是你报的，请换一位审核人：谁填报谁负责，谁审核谁负责。")


def _reviewable(obligation: Obligation | None, unit: Unit, item: Deliverable, *, approve: bool) -> Obligation:
    if obligation is None or obligation.state is ObligationState.OWING:
        raise WrongState(f"{unit.name}还没有报{item.name}，不能审核。")
    if obligation.state is ObligationState.CANCELLED:
        raise WrongState(f"{item.name}已经取消，{unit.name}的不用再审。")
    if obligation.state is ObligationState.REPORTED:
        return obligation
    if obligation.state is ObligationState.DONE and not approve and item.done_when != "derived":
        return obligation
    if obligation.state is ObligationState.DONE and item.cadence == "quarterly":
        raise WrongState(f"{unit.name}的季报已经备案过了；它之后又登记的，等它再报送。")
    if obligation.state is ObligationState.DONE:
        raise WrongState(f"{unit.name}的{item.name}已经是“已完成”，不用再审核。")
    raise WrongState(f"{unit.name}的{item.name}已退回，等它重新上报后再审核。")
