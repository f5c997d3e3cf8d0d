"""每日摘要的文字。"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.chat.wording import day_text, inner_day_text
from bot.plan.values import Plan


def daily(facts: Mapping[str, Any], _plan: Plan) -> str:
    """先说要他办的；没有的不写。"""
    today, since = date.fromisoformat(facts["today"]), date.fromisoformat(facts["since"])
    parts = []
    if facts["waiting"]:
        parts.append(f"等你审 {facts['waiting']} 个")
    if facts["overdue"]:
        parts.append(f"逾期没报 {facts['overdue']} 个")
    if facts["fresh"]:
        parts.append(f"{inner_day_text(since)}以来新报 {facts['fresh']} 个")
    lines = [f"【早报】{facts['unit']} {day_text(today)}：{'，'.join(parts)}"]
    oldest = facts.get("oldest")
    if oldest:
        reported = f"，{day_text(date.fromisoformat(oldest['on']))}报的" if oldest["on"] else ""
        lines.append(f"等得最久的：{oldest['unit']} {oldest['item']}{reported}")
    how_to = []
    if facts["waiting"]:
        how_to.append("看名单发 /审核")
    if facts["overdue"]:
        how_to.append("看谁没报发 /未报")
    if how_to:
        lines.append("，".join(how_to))
    return "\n".join(lines)
