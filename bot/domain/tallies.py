"""数一数：一组单位的某项任务各到哪一步；还有哪一项最该催。纯函数。"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.numbers import Sums
from bot.plan.values import Plan
from storage.obligations import Obligation
from storage.rollups import COUNTED_STATES, OpenCount, StateCount
from storage.words import ObligationState

# 过了截止日这么久以内的，比还没到的要紧；再久就是陈账，有新的先看新的
FRESHLY_OVERDUE = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Tally:
    """一组单位某项任务的几个数；取消的不算。"""

    total: int = 0
    done: int = 0
    waiting: int = 0
    returned: int = 0
    owing: int = 0
    late: int = 0

    @property
    def still_owing(self) -> int:
        """没报的加被退回的。"""
        return self.owing + self.returned


def tally_of(obligations: Iterable[Obligation]) -> Tally:
    """一组待办数成几个数。"""
    return tally([StateCount("", o.deliverable, o.period, o.state, o.late, 1) for o in obligations])


def tally(counts: Sequence[StateCount]) -> Tally:
    """几行计数合成几个数。"""
    states: Counter[ObligationState] = Counter()
    late = 0
    for count in counts:
        states[count.state] += count.units
        late += count.units if count.late and count.state is not ObligationState.CANCELLED else 0
    total = sum(states.values()) - states[ObligationState.CANCELLED]
    return Tally(
        total=total,
        done=states[ObligationState.DONE],
        waiting=states[ObligationState.REPORTED],
        returned=states[ObligationState.RETURNED],
        owing=states[ObligationState.OWING],
        late=late,
    )


def sums_of(counts: Sequence[StateCount]) -> Sums | None:
    """报上来的人数合计；一个也没报、这一项不报人数返回 None。"""
    counted = [count for count in counts if count.state in COUNTED_STATES and count.numbers]
    if not counted:
        return None
    totals: Counter[str] = Counter()
    for count in counted:
        totals.update(count.numbers)
    return Sums(sum(count.units for count in counted), dict(totals))


def most_pressing(counts: Iterable[OpenCount], plan: Plan, today: date) -> OpenCount | None:
    """现在最该催的一项：刚过期的，没有就是快到期的，再没有是陈账；都不欠返回 None。

    自动汇总、不用人报的不算。
    """
    dated = [(count.due_on, count) for count in counts if count.due_on and _is_reported(count, plan)]
    fresh = [pair for pair in dated if timedelta(0) < today - pair[0] <= FRESHLY_OVERDUE]
    coming = [pair for pair in dated if pair[0] >= today]
    for group in (fresh, coming):
        if group:
            return min(group, key=lambda pair: (pair[0], -pair[1].units))[1]
    return max(dated, key=lambda pair: (pair[0], pair[1].units))[1] if dated else None


def _is_reported(count: OpenCount, plan: Plan) -> bool:
    item = plan.deliverable(count.deliverable)
    return item is not None and bool(item.reported_by) and item.derives_from is None
