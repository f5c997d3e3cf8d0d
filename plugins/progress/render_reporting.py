"""上报、撤回和一问一答上报的文字。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat.guided import numbered
from bot.domain.numbers import numbers_text
from bot.domain.reporting import Reported, Withdrawal
from bot.plan.values import Deliverable, NumberField
from storage.units import Unit
from storage.words import ObligationState


def reported(done: Reported) -> str:
    """报上了。"""
    late = "（迟报）" if done.late else ""
    again = "更正" if done.again else "上报"
    lines = [f"已{again}：{done.unit.name} {done.deliverable.name}{late}"]
    if done.deliverable.numbers:
        lines.append(numbers_text(done.deliverable.numbers, done.numbers))
        gap = _gap(done.numbers)
        if gap:
            lines.append(gap)
    if done.hint:
        lines.append(done.hint)
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


def doubtful(unit: Unit, item: Deliverable, doubts: Sequence[str]) -> str:
    """和上一次差得多，先请他看一眼。"""
    return f"{unit.name} {item.name}和上一次报的差得多：{'，'.join(doubts)}。没写错就确认上报。"


def report_prompt(
    unit: Unit, item: Deliverable, numbers: Mapping[str, int], doubts: Sequence[str], *, in_group: bool
) -> str:
    """一问一答问完了，报之前给他看一遍。"""
    lines = [f"将上报：{'你的单位' if in_group else unit.name} {item.name}"]
    if item.numbers:
        lines.append(numbers_text(item.numbers, numbers))
    if doubts:
        lines.append(f"和上一次报的差得多：{'，'.join(doubts)}，请看准。")
    return "\n".join(lines)


def withdraw_prompt(found: Withdrawal) -> str:
    """撤回之前说清撤了会怎样。"""
    before = found.before
    lines = [f"将撤回：{found.unit.name} {found.deliverable.name}"]
    numbers = numbers_text(found.deliverable.numbers, found.obligation.numbers)
    if numbers:
        lines.append(f"报的是：{numbers}")
    reason = f"（原因：{before.reason}）" if before.state is ObligationState.RETURNED else ""
    lines.append(f"撤回后回到“{before.state.label}”{reason}，历史留着。")
    return "\n".join(lines)


def withdrawn(found: Withdrawal) -> str:
    """撤回了。"""
    return f"已撤回：{found.unit.name} {found.deliverable.name}，现在是“{found.before.state.label}”。"


def report_usage(names: str, written: str = "") -> str:
    """上报的写法；写了却没认出来的先说明。"""
    first = f"没认出“{written[:20]}”是哪一项任务。" if written else "请写要报哪一项。"
    return f"{first}可以报：{names}\n例如：\n/上报 初审 应采集52 已录入52 已审52\n/上报 培训"


def write_out_in_group() -> str:
    """能替几个单位报的人在群里光发命令名：不在群里列单位。"""
    return "你能替几个单位报，请私聊我发 /上报 一步一步来，或写全，例如：/上报 县三中 培训"


def which_unit(units: Sequence[Unit]) -> str:
    """替哪个单位报。"""
    return f"替哪个单位报？回编号：\n{numbered([unit.name for unit in units])}"


def which_item(unit: Unit, items: Sequence[Deliverable], *, in_group: bool) -> str:
    """报哪一项，只列还欠着的。"""
    whose = "你的单位" if in_group else unit.name
    return f"{whose}报哪一项？回编号（只列还欠的）：\n{numbered([item.short for item in items])}"


def nothing_to_report(unit: Unit, names: str, *, in_group: bool) -> str:
    """没有欠的；要更正、补报怎么写。"""
    whose = "你的单位" if in_group else unit.name
    return (
        f"{whose}没有欠报的。要更正或补报请写全，例如：/上报 初审 应采集52 已录入52 已审52\n可以报：{names}"
    )


def ask_figures(item: Deliverable, missing: Sequence[NumberField]) -> str:
    """问人数：一次问一个，也可以一条写全。"""
    first = missing[0].label
    if len(missing) == 1:
        return f"{item.short}：{first}多少人？"
    labels = "、".join(field.label for field in missing)
    example = " ".join(["52"] * len(missing))
    return f"{item.short}：{first}多少人？（也可以一条写全{labels}，如 {example}）"


def unclear_figures(written: str, missing: Sequence[NumberField]) -> str:
    """没看懂写的数。"""
    if len(missing) == 1:
        return f"没看懂“{written[:20]}”，请只回一个数，如 52。"
    example = " ".join(["52"] * len(missing))
    return f"没看懂“{written[:20]}”，请回一个数（如 52），或 {len(missing)} 个数（如 {example}）。"


def unclear_item(written: str, count: int) -> str:
    """没认出选的是哪一项。"""
    return f"没看懂“{written[:20]}”，请回编号{' 1' if count == 1 else f' 1 到 {count}'}，或任务名。"
