"""几处共用的写法：季度、几个数、一组单位到哪一步。纯函数。"""

from __future__ import annotations

from datetime import date

from bot.chat.wording import day_text, inner_day_text, left_text
from bot.domain.numbers import Sums, numbers_text
from bot.domain.progress_views import Item
from bot.domain.quarters import Quarter
from bot.domain.tallies import Tally
from bot.plan.values import Deliverable
from storage.obligations import ONCE
from storage.units import Unit
from storage.words import ObligationState, UnitKind

SHOWN_UNITS = 20


def period_label(period: str) -> str:
    """2017Q1 → 2017年第一季度；不分季度的是空串。"""
    if period == ONCE:
        return ""
    year, _, number = period.partition("Q")
    return Quarter(int(year), int(number)).label


def short_name(item: Deliverable, period: str) -> str:
    """初审；季报带着期次：季报2017Q1。"""
    return item.short + (period if period != ONCE else "")


def full_name(item: Deliverable, period: str) -> str:
    """信息采集初审；信息更新季报（2017年第一季度）。"""
    return item.name + (period_label(period) and f"（{period_label(period)}）")


def named_in_command(item: Deliverable, period: str, current: str) -> str:
    """写进命令里的任务名；不是当前这一季的把季度也写上。"""
    return item.short if period in (ONCE, current) else f"{item.short} {period}"


def tally_text(tally: Tally) -> str:
    """12/30 完成 · 待审3 · 退回1 · 未报14。"""
    if not tally.total:
        return "已取消"
    parts = [f"{tally.done}/{tally.total} 完成"]
    parts += [
        f"{label}{number}"
        for label, number in (("待审", tally.waiting), ("退回", tally.returned), ("未报", tally.owing))
        if number
    ]
    if tally.late:
        parts.append(f"迟报{tally.late}")
    return " · ".join(parts)


def sums_text(item: Deliverable, sums: Sums) -> str:
    """应采集3120 已录入3000 已审2900（12 所报的合计）。"""
    return f"{numbers_text(item.numbers, sums.numbers)}（{sums.units} 所报的合计）"


def row_name(unit: Unit, root: Unit) -> str:
    """一行是哪里的：市自己那一行是市直学校（和市本级）。"""
    return "市直学校" if unit.kind is UnitKind.CITY and unit.code == root.code else unit.name


def item_line(item: Item, today: date, *, in_group: bool = False) -> str:
    """· 初审：待审核 应采集52 …，2月28日（周二）截止，还有8天；群里不说退回原因。"""
    obligation = item.obligation
    text = f"· {short_name(item.deliverable, obligation.period)}：{obligation.state.label}"
    if obligation.state is ObligationState.CANCELLED:
        return text + "，不用报"
    if obligation.late:
        text += "（迟报）"
    if obligation.numbers and item.deliverable.numbers:
        text += f" {numbers_text(item.deliverable.numbers, obligation.numbers)}"
    if obligation.state is ObligationState.RETURNED and not in_group:
        text += f"，原因：{obligation.reason}"
    if obligation.due_on and obligation.state.still_owes:
        text += f"，{day_text(obligation.due_on)}截止，{left_text(obligation.due_on, today)}"
        if obligation.final_due_on and obligation.final_due_on != obligation.due_on:
            text += f"（全市{inner_day_text(obligation.final_due_on)}）"
    return text
