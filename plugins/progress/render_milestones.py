"""时间节点的文字。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.chat.wording import full_day_text, left_text
from bot.domain.quarters import Quarter
from bot.plan.values import Deliverable


def milestones(items: Sequence[Deliverable], starts_on: date, today: date, quarter: Quarter) -> str:
    """时间节点一览。"""
    lines = ["时间节点："]
    for item in items:
        if item.due is None:
            continue
        if item.due < starts_on:
            lines.append(f"· {item.short} {full_day_text(item.due)}（历史）")
        else:
            lines.append(f"· {item.short} {full_day_text(item.due)}，{left_text(item.due, today)}")
    due = quarter.due_on()
    lines.append(f"· 季报 每季度最后一月25日，下一个 {full_day_text(due)}，{left_text(due, today)}")
    return "\n".join(lines)


def county_day_usage() -> str:
    """季报日的写法。"""
    return "请写每季度最后一月的几号，例如：/节点 季报日 18（市里代定再写县名：/节点 季报日 18 岳阳县）"


def county_day_prompt(county: str, day: int) -> str:
    """定之前先说清。"""
    return (
        f"{county}的学校今后每季度最后一月 {day} 日前把季报报到县里（全市仍是25日），还没过的季报跟着改期。"
    )


def county_day_set(county: str, day: int) -> str:
    """定好了。"""
    return f"已定：{county}学校季报日为每季度最后一月 {day} 日。"
