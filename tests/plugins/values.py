"""快照测试用的样例值：单位、待办、登记，全是造的。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from bot.domain.clock import SHANGHAI
from bot.domain.progress import Item
from bot.domain.quarters import Quarter
from bot.plan.reader import load_plan
from bot.plan.values import Deliverable
from storage.changes import ChangeNotice, ChangeRow
from storage.obligations import ONCE, Obligation
from storage.words import NoticeState, ObligationState
from tests.stage import THIRD

PLAN = load_plan()
TODAY = date(2017, 2, 24)
NOON = datetime(2017, 2, 24, 12, 0, tzinfo=SHANGHAI)
FIRST_QUARTER = Quarter(2017, 1)


def task(key: str) -> Deliverable:
    """方案里的一项。"""
    found = PLAN.deliverable(key)
    assert found is not None
    return found


def obligation(
    key: str,
    state: ObligationState = ObligationState.OWING,
    *,
    unit: str = THIRD.code,
    numbers: Mapping[str, int] | None = None,
    reason: str = "",
    late: bool = False,
) -> Obligation:
    """一项待办；季报是 2017 年第一季度的，县里 20 日、全市 25 日。"""
    item = task(key)
    quarterly = item.cadence == "quarterly"
    return Obligation(
        id=1,
        unit_code=unit,
        deliverable=item.key,
        period=FIRST_QUARTER.key if quarterly else ONCE,
        due_on=date(2017, 3, 20) if quarterly else item.due,
        final_due_on=date(2017, 3, 25) if quarterly else item.due,
        receiver_code="YY04",
        state=state,
        late=late,
        numbers=numbers or {},
        reported_by=None,
        reported_at=None,
        reason=reason,
    )


def item(key: str, state: ObligationState = ObligationState.OWING, **changes: object) -> Item:
    """一项任务现在怎样。"""
    owed = obligation(key, state)
    return Item(task(key), owed.period, replace(owed, **changes))


def notice(number: int = 1, state: NoticeState = NoticeState.ACTIVE, **changes: object) -> ChangeNotice:
    """一行登记好的变更。"""
    row = ChangeRow(
        name="欧阳样例",
        field="政治面貌",
        reason="入党",
        before="群众",
        after="中共党员",
        changed_on=date(2017, 2, 13),
        by_teacher=True,
    )
    return ChangeNotice(
        "n", THIRD.code, FIRST_QUARTER.key, number, replace(row, **changes), state, 10003, NOON
    )
