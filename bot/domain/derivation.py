"""自动汇总：局审、完成这类任务不用手报，下属学校全部通过就完成，有一所被退回就变回未完成。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.context import Context
from bot.plan.values import Deliverable
from storage.database import Stores
from storage.obligations import Obligation
from storage.submissions import Submission
from storage.units import Unit
from storage.words import ObligationState, SubmissionAction, UnitKind

AUTOMATIC = 0  # 自动汇总没有操作人


async def derive_upwards(context: Context, stores: Stores, unit: Unit, source: str) -> list[Obligation]:
    """``unit`` 的 ``source`` 变了：本单位和各级上级由它汇总的任务重算一遍，返回状态变了的。"""
    return await derive_all(context, stores, [unit], source)


async def derive_all(
    context: Context, stores: Stores, units: Iterable[Unit], source: str
) -> list[Obligation]:
    """一批单位的 ``source`` 变了：同一个上级只重算一遍。"""
    changed: list[Obligation] = []
    derived = [item for item in context.plan.deliverables if item.derives_from == source]
    owners = {owner.code: owner for unit in units for owner in _upwards(context, unit)} if derived else {}
    for owner in owners.values():
        for item in derived:
            if owner.kind not in item.owed_by:
                continue
            obligation = await stores.obligations.find(owner.code, item.key)
            if obligation is None or obligation.state is ObligationState.CANCELLED:
                continue
            complete = await _complete(stores, owner, item)
            if await _apply(context, stores, obligation, complete=complete):
                changed.append(obligation)
    return changed


def _upwards(context: Context, unit: Unit) -> list[Unit]:
    chain = [unit]
    while chain[-1].parent_code:
        chain.append(context.directory.tree.get(chain[-1].parent_code))
    return chain


async def _complete(stores: Stores, owner: Unit, item: Deliverable) -> bool:
    root = None if owner.kind is UnitKind.CITY and item.derives_over == "subtree" else owner.code
    return all_done(await stores.rollups.states_below(root, item.derives_from or ""))


async def unfinished_below(stores: Stores, owner: Unit, item: Deliverable) -> int:
    """汇总任务的来源里，下级还有几个没完成；不是汇总任务是 0。"""
    if item.derives_from is None:
        return 0
    states = await stores.rollups.states_below(owner.code, item.derives_from)
    settled = (ObligationState.DONE, ObligationState.CANCELLED)
    return sum(units for state, units in states.items() if state not in settled)


def all_done(states: Mapping[ObligationState, int]) -> bool:
    """至少有一项，且项项完成；取消的不算。"""
    left = {state for state, units in states.items() if units and state is not ObligationState.CANCELLED}
    return left == {ObligationState.DONE}


async def _apply(context: Context, stores: Stores, obligation: Obligation, *, complete: bool) -> bool:
    reported_by_hand = obligation.reported_by not in (None, AUTOMATIC)
    if complete == (obligation.state is ObligationState.DONE) or (reported_by_hand and not complete):
        return False
    now = context.now()
    step = Submission(
        obligation_id=obligation.id,
        action=SubmissionAction.DERIVE,
        actor_qq=AUTOMATIC,
        actor_unit=obligation.unit_code,
        at=now,
    )
    await stores.obligations.record(step, ObligationState.DONE if complete else ObligationState.OWING)
    return True


async def actionable(context: Context, stores: Stores, obligations: Sequence[Obligation]) -> list[Obligation]:
    """去掉学校自己已经报上、只等上级审核的汇总任务：这时提醒学校没有用。"""
    sources = {
        item.key: item.derives_from for item in context.plan.deliverables if item.derives_from is not None
    }
    waiting = {
        source: await stores.obligations.units_in(source, ObligationState.REPORTED)
        for source in {sources[o.deliverable] for o in obligations if o.deliverable in sources}
    }
    return [
        obligation
        for obligation in obligations
        if obligation.unit_code not in waiting.get(sources.get(obligation.deliverable, ""), ())
    ]
