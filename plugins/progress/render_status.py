"""进度的文字：第一行就是答案；群里只有数，没有单位名。"""

from __future__ import annotations

from datetime import date

from bot.chat.wording import day_text, full_day_text, inner_day_text, left_text
from bot.domain.clock import SHANGHAI
from bot.domain.progress_views import CityProgress, CountyProgress, Item, Oldest, SchoolProgress, Waiting
from storage.words import ObligationState

from .wording import (
    full_name,
    item_line,
    named_in_command,
    row_name,
    short_name,
    sums_text,
    tally_text,
)

SHOWN_POINTS = 5


def school(progress: SchoolProgress, *, in_group: bool = False) -> str:
    """一个单位自己的进度：欠几项、办了几项、下一步做什么和什么时候；群里不说是哪个单位、不说退回原因。"""
    open_items = [item for item in progress.items if item.obligation.state.still_owes]
    settled = (ObligationState.REPORTED, ObligationState.DONE)
    done = sum(item.obligation.state in settled for item in progress.items)
    head = f"还有 {len(open_items)} 项没报" if open_items else "没有欠报的"
    if done:
        head += f"，已报 {done} 项"
    lines = [f"{'你的单位' if in_group else progress.unit.name}：{head}"]
    lines += [item_line(item, progress.today, in_group=in_group) for item in progress.items]
    lines += _points(progress, in_group=in_group)
    if in_group:
        lines.append("退回原因等详情私聊我发 /进度")
        return "\n".join(lines)
    following = _following(open_items)
    if following is not None:
        lines.append(_next_step(following, progress.today))
    if progress.history:
        names = "、".join(
            f"{item.short}（{full_day_text(item.due)}）" for item in progress.history if item.due
        )
        lines.append(f"启用以前的节点，只作历史：{names}")
    return "\n".join(lines)


def _following(open_items: list[Item]) -> Item | None:
    """下一步：要人报的里头最早到期的；只剩自动汇总的就是它。"""
    dated = [item for item in open_items if item.obligation.due_on]
    by_hand = [item for item in dated if item.deliverable.reported_by]
    return min(by_hand or dated, key=lambda item: item.obligation.due_on or date.max, default=None)


def _next_step(item: Item, today: date) -> str:
    due_on = item.obligation.due_on
    when = f"（{inner_day_text(due_on)}，{left_text(due_on, today)}）" if due_on else ""
    return f"下一步：{short_name(item.deliverable, item.period)}{when}\n{item.deliverable.how_to}"


def _points(progress: SchoolProgress, *, in_group: bool) -> list[str]:
    """挂靠的教学点还有谁欠着。"""
    if not progress.points:
        return []
    line = f"挂靠的教学点还有 {len(progress.points)} 个没报齐"
    if in_group:
        return [line]
    names = "、".join(f"{unit.name} {number} 项" for unit, number in progress.points[:SHOWN_POINTS])
    more = "等" if len(progress.points) > SHOWN_POINTS else ""
    return [f"{line}：{names}{more}。替它报：/上报 教学点名 任务"]


def county(progress: CountyProgress, current_quarter: str = "", *, in_group: bool = False) -> str:
    """一个县的进度：学校的数、县里自己的任务、最该催的和等得最久的。"""
    lines = [f"{progress.unit.name}（学校）："]
    sums = {item.key: sums_text(item, total) for item, total in progress.sums}
    for item, period, tally in progress.tallies:
        due = item.due
        when = f"（{inner_day_text(due)}截止）" if due and due >= progress.today else ""
        lines.append(f"· {short_name(item, period)}{when}：{tally_text(tally)}")
        if item.key in sums:
            lines.append(f"  {sums[item.key]}")
    if progress.own:
        lines.append("县里自己的：")
        lines += [item_line(item, progress.today, in_group=in_group) for item in progress.own]
    if progress.waiting:
        lines.append(_waiting(progress.waiting, in_group=in_group))
    if progress.oldest:
        lines += _oldest(progress.oldest, progress.today, current_quarter, in_group=in_group)
    return "\n".join(lines)


def _waiting(waiting: Waiting, *, in_group: bool) -> str:
    reported = waiting.item.obligation.reported_at
    since = f"，最早 {day_text(reported.astimezone(SHANGHAI).date())}报的" if reported else ""
    who = "" if in_group else f"（{waiting.unit.name} {waiting.item.deliverable.short}）"
    return f"等县里审 {waiting.count} 个{since}{who}，发 /审核"


def _oldest(oldest: Oldest, today: date, current_quarter: str, *, in_group: bool) -> list[str]:
    name = short_name(oldest.deliverable, oldest.period)
    line = f"最该催：{name}（{left_text(oldest.due_on, today)}），{oldest.units} 个单位没报"
    if oldest.names and not in_group:
        line += f"：{'、'.join(oldest.names)}{'等' if oldest.units > len(oldest.names) else ''}"
    wanted = named_in_command(oldest.deliverable, oldest.period, current_quarter)
    return [line, f"没报的名单：私聊我发 /未报 {wanted}"]


def city(progress: CityProgress) -> str:
    """全市某一项的进度，一县一行。"""
    due_on = progress.due_on
    when = f"，{day_text(due_on)}截止，{left_text(due_on, progress.today)}" if due_on else ""
    name = full_name(progress.deliverable, progress.period)
    lines = [f"全市 {name}：{tally_text(progress.total)}{when}"]
    if progress.sums:
        lines.append(sums_text(progress.deliverable, progress.sums))
    lines += [f"· {row_name(unit, progress.unit)}：{tally_text(tally)}" for unit, tally in progress.rows]
    lines.append("看别的任务发 /进度 任务名，例如 /进度 季报")
    return "\n".join(lines)
