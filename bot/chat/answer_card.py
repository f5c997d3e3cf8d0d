"""答案卡后面与提问人有关的几行字；聊天和命令行说的是同一份，所以不放在插件里。纯函数。"""

from __future__ import annotations

from datetime import date

from bot.chat.wording import WEEKDAYS, full_day_text
from bot.domain.asker_facts import AskerFacts, Due, Reviewer
from bot.domain.askers import Asker
from bot.plan.values import Contact
from storage.words import ObligationState, UnitKind

# 一条群消息不超过一屏
ONE_SCREEN = 300
# 过了这么多天的截止就不提了
LONG_AGO = 60
STATES = {state: state.label for state in ObligationState} | {
    ObligationState.REPORTED: "已报，等审核",
    ObligationState.RETURNED: "已退回，请改好重报",
}


def fact_lines(facts: AskerFacts, asker: Asker, contact: Contact) -> list[str]:
    """截止、本单位状态、审核单位各一行，没有的不写；重要的在前。"""
    lines: list[str] = []
    if facts.due is not None:
        lines += due_lines(facts.due, asker, facts.today)
    if facts.reviewer is not None:
        lines.append(reviewer_line(facts.reviewer, contact))
    return lines


def due_lines(due: Due, asker: Asker, today: date) -> list[str]:
    """截止一行；知道本单位状态的再加一行。"""
    stale = due.due_on is None or (today - due.due_on).days > LONG_AGO
    lines = [] if stale else [_due_line(due, today)]
    if due.state is not None and asker.unit is not None:
        lines.append(f"{asker.unit.name}的{due.item.short}：{STATES[due.state]}")
    return lines


def _due_line(due: Due, today: date) -> str:
    name = due.item.name
    if due.due_on is None:
        return ""
    if due.final_on is not None and due.final_on != due.due_on:
        if due.due_on >= today:
            own = f"{_day(due.due_on)}报给县里，{_left(due.due_on, today)}"
            return f"下一个截止：{own}；全市是{_day(due.final_on)}"
        final = f"{_day(due.final_on)}，{_left(due.final_on, today)}"
        return f"报给县里的{_day(due.due_on)}已过；全市截止：{final}"
    if due.due_on < today:
        return f"{name}的截止{_day(due.due_on)}，{_left(due.due_on, today)}"
    label = "下一个截止" if due.item.cadence == "quarterly" else f"下一个截止（{name}）"
    return f"{label}：{_day(due.due_on)}，{_left(due.due_on, today)}"


def reviewer_line(reviewer: Reviewer, contact: Contact) -> str:
    """审核单位一行；市里写明是哪个科。"""
    office = f"（{contact.office}）" if reviewer.unit.kind is UnitKind.CITY else ""
    line = f"你单位的审核单位：{reviewer.unit.name}{office}"
    if reviewer.administrators is None:
        return line
    if reviewer.administrators == 0:
        return f"{line}，还没有登记管理员"
    return f"{line}，已登记信息管理员 {reviewer.administrators} 人"


def with_lines(card: str, lines: list[str], *, in_group: bool) -> str:
    """接在卡片后面；群里装不下一屏的那几行不要了。"""
    for line in lines:
        longer = f"{card}\n{line}"
        if in_group and len(longer) > ONE_SCREEN:
            return card
        card = longer
    return card


def _day(day: date) -> str:
    return f"{full_day_text(day)}（星期{WEEKDAYS[day.weekday()]}）"


def _left(day: date, today: date) -> str:
    days = (day - today).days
    if days > 0:
        return f"还有 {days} 天"
    return "就是今天" if days == 0 else f"已过 {-days} 天"
