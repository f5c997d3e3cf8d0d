"""提醒的文字：群里只给数、只 @ 人，私聊写清报什么、怎么报。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.chat.composing import Mention, Parts
from bot.chat.wording import day_text, inner_day_text, left_text, moment_text
from bot.domain.reminder_control import Foreseen, Received
from bot.domain.transport import Outgoing
from bot.plan.values import Deliverable, Plan
from storage.obligations import ONCE

SHOWN_NAMES = 15
SHOWN_RUNS = 12


def _headline(facts: Mapping[str, Any], item: Deliverable, plan: Plan) -> str:
    """信息采集初审：2月28日（周二）截止，还有4天。措辞在方案文件里，可以改。"""
    due, today = date.fromisoformat(facts["due_on"]), date.fromisoformat(facts["today"])
    name = item.name + (facts["period"] if facts["period"] != ONCE else "")
    final = facts.get("final_due_on")
    shown = inner_day_text(due) if due == today else day_text(due)
    if final and final != facts["due_on"] and due >= today:
        last = date.fromisoformat(final)
        shown = plan.wording["county_quarter"].format(due=inner_day_text(due), final_due=inner_day_text(last))
    label = facts["label"] if due < today and facts["label"] else left_text(due, today)
    key = "overdue" if due < today else "today" if due == today else "before"
    text = plan.wording[key].format(name=name, due=shown, label=label)
    return text + ("（补发）" if facts.get("late") else "")


def _holiday(facts: Mapping[str, Any], plan: Plan) -> list[str]:
    """截止日是休息日就说一声。"""
    due, today = date.fromisoformat(facts["due_on"]), date.fromisoformat(facts["today"])
    if not facts.get("due_is_day_off") or due < today:
        return []
    return [plan.wording["holiday"].format(due=day_text(due))]


def _item(facts: Mapping[str, Any], plan: Plan) -> Deliverable:
    item = plan.deliverable(facts["deliverable"])
    if item is None:
        raise KeyError(facts["deliverable"])
    return item


def _undone(item: Deliverable) -> str:
    """欠着叫什么：自动汇总的说没完成，别的说没报。"""
    return "没完成" if item.done_when == "derived" else "没报"


def group(outgoing: Outgoing, plan: Plan) -> Parts:
    """群里的提醒：@ 还没报的管理员。"""
    facts, item = outgoing.facts, _item(outgoing.facts, plan)
    batch = f"（{facts['batch']}/{facts['batches']}）" if facts["batches"] > 1 else ""
    parts: list[str | Mention] = [
        f"【提醒】{_headline(facts, item, plan)}{batch}\n还有 {facts['owing']} 个单位{_undone(item)}"
    ]
    if outgoing.mentions:
        parts.append("，请这几位尽快办理：\n")
        parts += [Mention(qq) for qq in outgoing.mentions]
    if facts["unassigned"]:
        parts.append(f"\n其中 {facts['unassigned']} 个单位还没有登记管理员，请审核单位联系")
    parts.append(f"\n怎么报：{item.how_to}\n〔{outgoing.code}〕")
    return tuple(parts)


def private(outgoing: Outgoing, plan: Plan) -> Parts:
    """私聊提醒：哪个单位、报什么、怎么报。"""
    facts, item = outgoing.facts, _item(outgoing.facts, plan)
    finals = [unit["final_due_on"] for unit in facts["units"] if unit["final_due_on"]]
    head = _headline({**facts, "final_due_on": max(finals, default=None)}, item, plan)
    lines = [f"【提醒】{head}"]
    for unit in facts["units"]:
        returned = f"被退回，原因：{unit['reason']}" if unit["reason"] else f"还{_undone(item)}"
        lines.append(f"{unit['name']}：{returned}")
    lines += _holiday(facts, plan)
    lines.append(item.what)
    lines.append(f"怎么报：{item.how_to}")
    lines.append(f"已经报了还收到，请发 /提醒 为什么 〔{outgoing.code}〕")
    return ("\n".join(lines),)


def digest(outgoing: Outgoing, plan: Plan) -> Parts:
    """给审核单位的：还有几个没报、哪些没有管理员。"""
    facts, item = outgoing.facts, _item(outgoing.facts, plan)
    lines = [
        f"【提醒】{_headline(facts, item, plan)}",
        f"你审核的单位还有 {facts['owing']} 个{_undone(item)}：",
    ]
    lines.append(
        "、".join(facts["names"][:SHOWN_NAMES]) + ("……" if len(facts["names"]) > SHOWN_NAMES else "")
    )
    if facts["unassigned"]:
        lines.append(f"其中 {facts['unassigned']} 个没有登记管理员，提醒不到，请直接联系或发 /邀请")
    lines.append(f"名单发 /未报 {item.short} 〔{outgoing.code}〕")
    return ("\n".join(lines),)


def preview(found: Sequence[Foreseen], unpublished: Sequence[str] = ()) -> str:
    """今后 30 天的提醒，一次一行；``unpublished`` 是放假安排还没公布的说明。"""
    if not found:
        return "今后 30 天没有要发的提醒。"
    runs: dict[tuple[datetime, str, str], list[Foreseen]] = {}
    for one in found:
        due = one.duty.due_on.isoformat() if one.duty.due_on else ""
        runs.setdefault((one.at, one.deliverable.short, due), []).append(one)
    lines = ["今后 30 天会发的提醒（按现在还欠着的算）："]
    for (at, name, _), members in list(runs.items())[:SHOWN_RUNS]:
        without = sum(1 for one in members if not one.administrators)
        text = f"· {moment_text(at)} {name}，{members[0].step.label}：{len(members)} 个单位"
        lines.append(text + (f"（{without} 个没有管理员）" if without else ""))
    if len(runs) > SHOWN_RUNS:
        lines.append(f"……还有 {len(runs) - SHOWN_RUNS} 次")
    lines += unpublished
    return "\n".join(lines)


def now_prompt(unit: str, item: Deliverable, owing: int) -> str:
    """立即提醒前先说清。"""
    return f"将立即提醒{unit} {item.name}还没报的 {owing} 个单位（群里 @ 和私聊）。"


def now_sent(messages: int) -> str:
    """排进去了。"""
    if not messages:
        return "没有新的消息要发：一小时内已经提醒过，或找不到群和管理员。"
    return f"已开始提醒，共 {messages} 条消息。"


def usage() -> str:
    """写法。"""
    return "请这样写：\n/提醒 预览\n/提醒 立即 初审\n/提醒 立即 初审 岳阳县第三中学\n/提醒 为什么"


def why(received: Sequence[Received]) -> str:
    """最近为什么提醒我。"""
    if not received:
        return "最近没有提醒过你的单位。"
    # 同一次提醒群里、私聊各有一行，说一遍就够
    found = dict.fromkeys(
        f"· {moment_text(one.at)} {one.unit.name} {one.deliverable}还没完成（{one.state}）"
        for one in received
    )
    return "\n".join(["最近提醒你的原因（还欠着才会提醒）：", *list(found)[:SHOWN_RUNS]])
