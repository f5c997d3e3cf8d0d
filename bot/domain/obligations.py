"""待办从方案推出来：一个单位、一个起算日，欠哪些事、什么时候截止、交给谁。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.domain.quarters import Quarter, quarter_of
from bot.plan.values import Deliverable, Plan
from storage.obligations import ONCE, Duty
from storage.units import Unit
from storage.words import UnitKind

__all__ = ["Duty", "duties_of", "history_of"]


def duties_of(
    unit: Unit, plan: Plan, *, starts_on: date, until: date, county_day: int | None = None
) -> tuple[Duty, ...]:
    """一个单位从 ``starts_on`` 起欠的全部待办，按方案顺序；季报推到 ``until`` 当天所在的季度。

    早于 ``starts_on`` 截止的是历史，不产生待办；没定日期的一直要交。
    ``county_day`` 是所属县自定的季报日，不给就用方案的默认日。
    """
    duties: list[Duty] = []
    for item in plan.deliverables:
        if unit.kind not in item.owed_by:
            continue
        if item.cadence == "quarterly":
            duties += _quarterly_duties(unit, item, plan, starts_on, until, county_day)
        elif item.due is None:
            if not _closed_before(unit, until):
                duties.append(_duty(unit, item))
        elif item.due >= starts_on and not _closed_before(unit, item.due):
            duties.append(_duty(unit, item))
    return tuple(duties)


def history_of(unit: Unit, plan: Plan, starts_on: date) -> tuple[Duty, ...]:
    """系统启用前已经过去的时间节点：这个单位当年应交的事，只作历史展示。"""
    return tuple(
        _duty(unit, item)
        for item in plan.deliverables
        if unit.kind in item.owed_by
        and item.due is not None
        and item.due < starts_on
        and not _closed_before(unit, item.due)
    )


def _closed_before(unit: Unit, day: date) -> bool:
    return unit.closed_on is not None and unit.closed_on < day


def _duty(unit: Unit, item: Deliverable) -> Duty:
    return Duty(unit.code, item.key, ONCE, item.due, item.due, unit.parent_code)


def _quarterly_duties(
    unit: Unit, item: Deliverable, plan: Plan, starts_on: date, until: date, county_day: int | None
) -> Iterator[Duty]:
    day = plan.quarterly_rule.day
    own_day = _own_day(unit, plan, county_day)
    quarter = max(Quarter(*plan.quarterly_rule.first), quarter_of(starts_on, day))
    while quarter.window_until(day)[0] <= until:
        due_on = quarter.due_on(own_day)
        if due_on < starts_on:
            # 启用那天县里的日子已过、全市的还没到：这一季只按全市的日子算
            due_on = quarter.due_on(day)
        if _closed_before(unit, due_on):
            return
        yield Duty(unit.code, item.key, quarter.key, due_on, quarter.due_on(day), unit.parent_code)
        quarter = quarter.next()


def _own_day(unit: Unit, plan: Plan, county_day: int | None) -> int:
    rule = plan.quarterly_rule
    if unit.kind is not UnitKind.SCHOOL:
        return rule.day
    own_day = rule.county_day if county_day is None else county_day
    if not 1 <= own_day <= rule.day:
        raise ValueError(f"县里的季报日应是 1 到 {rule.day} 日，不能是 {own_day} 日")
    return own_day
