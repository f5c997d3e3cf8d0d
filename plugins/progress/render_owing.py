"""未报的文字：群里只给数；私聊给名单，每行写原因。"""

from __future__ import annotations

from bot.chat.wording import day_text, full_day_text
from bot.domain.progress_views import Owing
from storage.obligations import Obligation
from storage.units import Unit
from storage.words import ObligationState

from .paging import Page, page_line
from .wording import full_name, named_in_command, row_name

LONGEST_REASON = 30


def _head(owing: Owing) -> str:
    name = full_name(owing.deliverable, owing.period)
    if owing.history and owing.due_on:
        return f"{name}是启用以前的节点（{full_day_text(owing.due_on)}），只作历史，不追报。"
    if owing.cancelled:
        return f"{name}已经取消，谁也不用报。"
    if not owing.units:
        return f"{owing.root.name} {name}：没有欠报的单位。"
    when = f"，{day_text(owing.due_on)}截止" if owing.due_on else ""
    return f"{owing.root.name} {name}：还有 {len(owing.units)} 个单位没报{when}"


def owing_counts(owing: Owing, current_quarter: str = "") -> str:
    """群里只给数。"""
    lines = [_head(owing)]
    if len(owing.by_county) > 1:
        lines += [f"· {row_name(unit, owing.root)}：{number}" for unit, number in owing.by_county]
    if owing.unassigned:
        lines.append(f"其中 {len(owing.unassigned)} 个还没有登记管理员")
    if owing.units:
        wanted = named_in_command(owing.deliverable, owing.period, current_quarter)
        lines.append(f"名单请私聊我发 /未报 {wanted}")
    return "\n".join(lines)


def owing_names(owing: Owing, page: Page[tuple[Unit, Obligation]], current_quarter: str = "") -> str:
    """私聊给名单，一页一页看。"""
    lines = [_head(owing)]
    if not owing.units:
        return lines[0]
    lines += [f"{number}. {unit.name}（{_reason(owing, unit, o)}）" for number, (unit, o) in page.rows]
    wanted = named_in_command(owing.deliverable, owing.period, current_quarter)
    lines += page_line(page, f"/未报 {wanted}")
    if page.pages > 1 and page.number == 1 and len(owing.by_county) > 1:
        lines += [f"· {row_name(unit, owing.root)}：{number}" for unit, number in owing.by_county]
        lines.append(f"看一个县的发 /未报 县名 {wanted}")
    return "\n".join(lines)


def _reason(owing: Owing, unit: Unit, obligation: Obligation) -> str:
    """为什么在名单里：没报、退回了（原因）、没有管理员可催。"""
    reason = obligation.state.label
    if obligation.state is ObligationState.RETURNED and obligation.reason:
        short = obligation.reason[:LONGEST_REASON]
        reason = f"退回：{short}{'…' if len(obligation.reason) > LONGEST_REASON else ''}"
    return f"{reason}，未分配管理员" if unit.code in owing.unassigned else reason


def export_in_private() -> str:
    """名单文件不发群里。"""
    return "名单文件里有联系电话，请私聊我发 /未报 导出"


def how_to_mention(owing: Owing, people: int) -> str:
    """@ 名单：由 /提醒 立即 来发，先给人看会提醒几个，一条最多 @ 20 人。"""
    if not owing.units:
        return _head(owing)
    item = owing.deliverable.short
    missing = f"，另有 {len(owing.unassigned)} 个单位还没有管理员" if owing.unassigned else ""
    return (
        f"{_head(owing)}。能 @ 到 {people} 位管理员{missing}。\n"
        f"要在群里 @ 他们，发：/提醒 立即 {item} {owing.root.name}\n"
        "（先说会提醒几个，回复确认才发，一条最多 @ 20 人）"
    )
