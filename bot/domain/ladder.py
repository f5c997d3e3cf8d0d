"""提醒阶梯：一个截止日该在哪几个时刻提醒。

方案的日子遇休息日不变，提醒提前到上一个工作日；提前后落在同一天的并成一次，留离截止最近的那次。
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.clock import SHANGHAI
from bot.domain.workdays import WorkCalendar
from bot.plan.values import Ladder


@dataclass(frozen=True, slots=True)
class Step:
    """阶梯上的一步。

    ``days`` 是阶梯里的数：截止前为正（天），当天为 0，逾期为负（工作日）；
    ``at`` 带时区；``label`` 按实际发出的日子说，如“还有4天”。
    """

    key: str
    days: int
    at: datetime
    label: str


def steps_for(due_on: date, ladder: Ladder, calendar: WorkCalendar) -> tuple[Step, ...]:
    """一个截止日的全部提醒，按时间先后；同一天最多一次。"""
    ahead = [*ladder.before, *([0] if ladder.on_day else [])]
    by_day: dict[date, Step] = {}
    for days in sorted(ahead, reverse=True):  # 后面的离截止更近，同一天就替掉前面的
        day = calendar.previous_or_same(due_on - timedelta(days=days))
        key = f"before{days}" if days else "due"
        by_day[day] = Step(key, days, _moment(day, ladder), _ahead_label(due_on, day))
    late = [_overdue_step(due_on, nth, ladder, calendar) for nth in sorted(ladder.overdue)]
    return (*by_day.values(), *late)


def current_step(steps: Sequence[Step], now: datetime) -> Step | None:
    """到 ``now`` 为止最近该发的一步；还没到第一步返回 None。"""
    return max((step for step in steps if step.at <= now), key=lambda step: step.at, default=None)


def next_step(steps: Sequence[Step], now: datetime) -> Step | None:
    """``now`` 之后的下一步；都过去了返回 None。"""
    return min((step for step in steps if step.at > now), key=lambda step: step.at, default=None)


def _moment(day: date, ladder: Ladder) -> datetime:
    return datetime.combine(day, ladder.at, SHANGHAI)


def _ahead_label(due_on: date, day: date) -> str:
    left = (due_on - day).days
    return f"还有{left}天" if left else "今天截止"


def _overdue_step(due_on: date, nth: int, ladder: Ladder, calendar: WorkCalendar) -> Step:
    day = calendar.nth_after(due_on, nth)
    return Step(f"overdue{nth}", -nth, _moment(day, ladder), f"已逾期{nth}个工作日")
