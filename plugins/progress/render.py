"""上报、审核、进度、未报的文字。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.chat.wording import day_text, full_day_text, inner_day_text, left_text
from bot.domain.progress import CityProgress, CountyProgress, Item, Owing, SchoolProgress, Tally
from bot.domain.quarters import Quarter
from bot.domain.reporting import Reported
from bot.domain.reviewing import Reviewed
from bot.plan.values import Deliverable, Plan
from storage.obligations import ONCE
from storage.units import Unit
from storage.words import ObligationState, UnitKind

SHOWN_UNITS = 20


def reported(done: Reported) -> str:
    """报上了。"""
    numbers = " ".join(f"{field.label}{done.numbers[field.key]}" for field in done.deliverable.numbers)
    late = "（迟报）" if done.late else ""
    again = "更正" if done.again else "上报"
    lines = [f"已{again}：{done.unit.name} {done.deliverable.name}{late}"]
    if numbers:
        lines.append(numbers)
        gap = _gap(done.numbers)
        if gap:
            lines.append(gap)
    lines.append(f"等{done.reviewer.name}审核。" if done.reviewer else "这一项上报即完成。")
    if done.unfinished:
        lines.append(f"注意：还有 {done.unfinished} 所学校的初审没有通过，报错了请联系上级退回。")
    return "\n".join(lines)


def _gap(numbers: Mapping[str, int]) -> str:
    """还差多少，给填报人提个醒。"""
    parts = []
    if numbers.get("expected", 0) > numbers.get("entered", 0):
        parts.append(f"还有 {numbers['expected'] - numbers['entered']} 人没录入")
    if numbers.get("entered", 0) > numbers.get("reviewed", 0):
        parts.append(f"还有 {numbers['entered'] - numbers['reviewed']} 人没审")
    return "，".join(parts)


def withdrawn(unit: str, item: Deliverable) -> str:
    """撤回了。"""
    return f"已撤回：{unit} {item.name}，现在是“未报”。"


def report_usage(names: str, written: str = "") -> str:
    """上报的写法；写了却没认出来的先说明。"""
    first = f"没认出“{written[:20]}”是哪一项任务。" if written else "请写要报哪一项。"
    return f"{first}可以报：{names}\n例如：\n/上报 初审 应采集52 已录入52 已审52\n/上报 培训"


def review_usage() -> str:
    """审核的写法。"""
    return (
        "请写单位、任务和结果，例如：\n/审核 岳阳县第三中学 初审 通过\n/审核 岳阳县第三中学 初审 退回 缺照片"
    )


def reviewed(done: Reviewed) -> str:
    """审好了。"""
    verdict = "已通过" if done.approved else "已退回"
    lines = [f"{verdict}：{done.unit.name} {done.deliverable.name}"]
    if done.reason:
        lines.append(f"{'说明' if done.approved else '原因'}：{done.reason}")
    lines += [f"{unit}“{name}”随之完成。" for unit, name in done.completed]
    return "\n".join(lines)


def review_result(facts: Mapping[str, Any], plan: Plan) -> str:
    """告诉上报的人审核结果。"""
    item = plan.deliverable(facts["deliverable"])
    name = item.name if item else facts["deliverable"]
    if facts["period"] != ONCE:
        name = f"{period_label(facts['period'])}季报"
    verdict = "审核通过" if facts["approved"] else "被退回"
    if facts["approved"] and facts["period"] != ONCE:
        verdict = "已备案"
    lines = [f"{facts['unit']} {name}{verdict}。"]
    if facts["reason"]:
        lines.append(f"{'说明' if facts['approved'] else '原因'}：{facts['reason']}")
    if not facts["approved"] and item:
        lines.append(f"改好后重新报：{item.how_to}")
    return "\n".join(lines)


def period_label(period: str) -> str:
    """2017Q1 → 2017年第一季度；不分季度的是空串。"""
    if period == ONCE:
        return ""
    year, _, number = period.partition("Q")
    return Quarter(int(year), int(number)).label


def school(progress: SchoolProgress, *, in_group: bool = False) -> str:
    """一个单位自己的进度；群里不说是哪个单位、不说退回原因。"""
    waiting = [item for item in progress.items if item.obligation.state.still_owes]
    head = f"还有 {len(waiting)} 项没报" if waiting else "没有欠报的"
    lines = [f"{'你的单位' if in_group else progress.unit.name}：{head}"]
    lines += [_item_line(item, progress.today, in_group=in_group) for item in progress.items]
    if in_group:
        lines.append("退回原因等详情私聊我发 /进度")
        return "\n".join(lines)
    dated = [item for item in waiting if item.obligation.due_on]
    if dated:
        following = min(dated, key=lambda item: item.obligation.due_on or date.max)
        lines.append(f"下一步：{following.deliverable.how_to}")
    if progress.history:
        names = "、".join(
            f"{item.short}（{full_day_text(item.due)}）" for item in progress.history if item.due
        )
        lines.append(f"启用以前的节点，只作历史：{names}")
    return "\n".join(lines)


def _item_line(item: Item, today: date, *, in_group: bool = False) -> str:
    obligation = item.obligation
    name = item.deliverable.short + (f"{obligation.period}" if obligation.period != ONCE else "")
    text = f"· {name}：{obligation.state.label}"
    if obligation.late:
        text += "（迟报）"
    if obligation.numbers and item.deliverable.numbers:
        text += " " + " ".join(
            f"{field.label}{obligation.numbers.get(field.key, 0)}" for field in item.deliverable.numbers
        )
    if obligation.state is ObligationState.RETURNED and not in_group:
        text += f"，原因：{obligation.reason}"
    if obligation.due_on and obligation.state.still_owes:
        text += f"，{day_text(obligation.due_on)}截止，{left_text(obligation.due_on, today)}"
        if obligation.final_due_on and obligation.final_due_on != obligation.due_on:
            text += f"（全市{inner_day_text(obligation.final_due_on)}）"
    return text


def tally_text(tally: Tally) -> str:
    """12/30 完成 · 待审3 · 退回1 · 未报14。"""
    parts = [f"{tally.done}/{tally.total} 完成"]
    parts += [
        f"{label}{number}"
        for label, number in (("待审", tally.waiting), ("退回", tally.returned), ("未报", tally.owing))
        if number
    ]
    if tally.late:
        parts.append(f"迟报{tally.late}")
    return " · ".join(parts)


def county(progress: CountyProgress) -> str:
    """一个县的进度：学校的数，加县里自己的任务。"""
    lines = [f"{progress.unit.name}（学校）："]
    for item, period, tally in progress.tallies:
        due = item.due
        when = f"（{inner_day_text(due)}截止）" if due and due >= progress.today else ""
        name = item.short + (period if period != ONCE else "")
        lines.append(f"· {name}{when}：{tally_text(tally)}")
    if progress.own:
        lines.append("县里自己的：")
        lines += [_item_line(item, progress.today) for item in progress.own]
    lines.append("没报的名单：私聊我发 /未报 初审")
    return "\n".join(lines)


def city(progress: CityProgress) -> str:
    """全市某一项的进度，一县一行。"""
    item = progress.deliverable
    name = item.name + (period_label(progress.period) and f"（{period_label(progress.period)}）")
    when = (
        f"，{day_text(progress.due_on)}截止，{left_text(progress.due_on, progress.today)}"
        if progress.due_on
        else ""
    )
    lines = [f"全市 {name}：{tally_text(progress.total)}{when}"]
    for unit, tally in progress.rows:
        lines.append(f"· {_row_name(unit, progress.unit)}：{tally_text(tally)}")
    lines.append("看别的任务发 /进度 任务名，例如 /进度 季报")
    return "\n".join(lines)


def _row_name(unit: Unit, root: Unit) -> str:
    """一行是哪里的：市自己那一行是市直学校（和市本级）。"""
    return "市直学校" if unit.kind is UnitKind.CITY and unit.code == root.code else unit.name


def _owing_head(owing: Owing) -> str:
    name = owing.deliverable.name + (period_label(owing.period) and f"（{period_label(owing.period)}）")
    when = f"，{day_text(owing.due_on)}截止" if owing.due_on else ""
    if owing.history and owing.due_on:
        return f"{name}是启用以前的节点（{full_day_text(owing.due_on)}），只作历史，不追报。"
    if not owing.units:
        return f"{owing.root.name} {name}：没有欠报的单位。"
    return f"{owing.root.name} {name}：还有 {len(owing.units)} 个单位没报{when}"


def owing_counts(owing: Owing) -> str:
    """群里只给数。"""
    lines = [_owing_head(owing)]
    if len(owing.by_county) > 1:
        lines += [f"· {_row_name(unit, owing.root)}：{number}" for unit, number in owing.by_county]
    if owing.unassigned:
        lines.append(f"其中 {len(owing.unassigned)} 个还没有登记管理员")
    if owing.units:
        lines.append("名单请私聊我发 /未报")
    return "\n".join(lines)


def owing_names(owing: Owing, page: int = 1) -> str:
    """私聊给名单，一页一页看。"""
    lines = [_owing_head(owing)]
    pages = max(1, -(-len(owing.units) // SHOWN_UNITS))
    page = min(page, pages)
    first = (page - 1) * SHOWN_UNITS
    for number, (unit, obligation) in enumerate(owing.units[first : first + SHOWN_UNITS], start=first + 1):
        marks = []
        if obligation.state is ObligationState.RETURNED:
            marks.append("已退回")
        if unit.code in owing.unassigned:
            marks.append("未分配管理员")
        lines.append(f"{number}. {unit.name}" + (f"（{'，'.join(marks)}）" if marks else ""))
    short = owing.deliverable.short
    if pages > 1:
        following = f"，下一页发 /未报 {short} 第{page + 1}页" if page < pages else ""
        lines.append(f"第 {page}/{pages} 页{following}")
    if pages > 1 and page == 1 and len(owing.by_county) > 1:
        lines += [f"· {_row_name(unit, owing.root)}：{number}" for unit, number in owing.by_county]
        lines.append(f"看一个县的发 /未报 县名 {short}")
    return "\n".join(lines)


def waiting(found: Sequence[tuple[Unit, Item]], *, in_group: bool) -> str:
    """等说话人审核的。"""
    if not found:
        return "没有等你审核的。"
    if in_group:
        return f"等你审核的有 {len(found)} 个，名单请私聊我发 /审核"
    lines = [f"等你审核的有 {len(found)} 个："]
    for number, (unit, item) in enumerate(found[:SHOWN_UNITS], start=1):
        numbers = " ".join(
            f"{field.label}{item.obligation.numbers.get(field.key, 0)}" for field in item.deliverable.numbers
        )
        late = "（迟报）" if item.obligation.late else ""
        lines.append(f"{number}. {unit.name} {item.deliverable.short} {numbers}".rstrip() + late)
    if len(found) > SHOWN_UNITS:
        lines.append(f"……还有 {len(found) - SHOWN_UNITS} 个")
    examples = {
        item.period == ONCE: f"/审核 {unit.name} {item.deliverable.short} 通过"
        if item.period == ONCE
        else f"/备案 {unit.name} {item.period}"
        for unit, item in reversed(found)
    }
    lines.append("例如：" + "；".join(examples[kind] for kind in (True, False) if kind in examples))
    return "\n".join(lines)


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
