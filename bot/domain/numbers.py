"""数字核对：应采集、已录入、已审合不合理，和上一次、和名册差得多不多。纯函数。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.errors import BadInput
from bot.plan.values import Deliverable, NumberField
from storage.submissions import Submission
from storage.words import SubmissionAction

# 从大到小，后一个不能超过前一个
NUMBER_ORDER = ("expected", "entered", "reviewed")
LARGEST_SCHOOL = 3000
# 差三成以上、又差五个人以上，才算差得多：小学校差一两个人很平常
JUMP_SHARE = 0.3
JUMP_PEOPLE = 5
# 和名册里的教职工数比的是这一个
HEAD_COUNT = "expected"


@dataclass(frozen=True, slots=True)
class Sums:
    """一组单位报的人数合计；``units`` 是报了数的有几个。"""

    units: int
    numbers: Mapping[str, int]


def check_numbers(item: Deliverable, numbers: Mapping[str, int]) -> None:
    """数字齐不齐、像不像一所学校、已审≤已录入≤应采集；不对抛出 BadInput。"""
    missing = [field.label for field in item.numbers if field.key not in numbers]
    if missing:
        raise BadInput(f"还缺 {'、'.join(missing)}。\n照这样写：{item.how_to}")
    problem = first_problem(item.numbers, numbers)
    if problem:
        raise BadInput(f"{problem}，请核对后重发。\n照这样写：{item.how_to}")


def first_problem(fields: Sequence[NumberField], numbers: Mapping[str, int]) -> str:
    """已经写了的数字里头一处不合理的；都合理是空串。"""
    labels = {field.key: field.label for field in fields if field.key in numbers}
    for key, label in labels.items():
        if numbers[key] > LARGEST_SCHOOL:
            return f"{label}{numbers[key]} 不像一所学校的人数"
    ordered = [key for key in NUMBER_ORDER if key in labels]
    for larger, smaller in pairwise(ordered):
        if numbers[smaller] > numbers[larger]:
            return f"{labels[smaller]}{numbers[smaller]} 比{labels[larger]}{numbers[larger]} 还多"
    return ""


def differs_much(before: int, after: int) -> bool:
    """差得多不多：三成以上，并且五个人以上。"""
    gap = abs(after - before)
    return gap >= JUMP_PEOPLE and gap >= before * JUMP_SHARE


def jumps(
    fields: Sequence[NumberField], before: Mapping[str, int], after: Mapping[str, int]
) -> tuple[str, ...]:
    """和上一次比差得多的，一个一句：应采集 52→90。"""
    return tuple(
        f"{field.label} {before[field.key]}→{after[field.key]}"
        for field in fields
        if field.key in before and field.key in after and differs_much(before[field.key], after[field.key])
    )


def roster_gap(item: Deliverable, numbers: Mapping[str, int], staff_count: int | None) -> str:
    """和名册里的教职工数差得多时提醒的一句；名册没写这个数、差得不多都是空串。"""
    if staff_count is None or HEAD_COUNT not in numbers or not item.numbers:
        return ""
    if not differs_much(staff_count, numbers[HEAD_COUNT]):
        return ""
    return f"名册里教职工 {staff_count} 人，这次应采集 {numbers[HEAD_COUNT]} 人，差得多，请核对。"


def last_numbers(history: Iterable[Submission]) -> Mapping[str, int]:
    """本单位上一次报的数字，撤回了的不算；没有是空的。"""
    kept: list[Mapping[str, int]] = []
    fresh = 0
    for step in history:
        if step.action is SubmissionAction.REPORT and step.numbers:
            kept.append(step.numbers)
            fresh += 1
        elif step.action is SubmissionAction.WITHDRAW:
            kept = kept[: len(kept) - fresh]
            fresh = 0
        elif step.action in (SubmissionAction.APPROVE, SubmissionAction.RETURN):
            fresh = 0
    return kept[-1] if kept else {}


def numbers_text(fields: Sequence[NumberField], numbers: Mapping[str, int]) -> str:
    """应采集52 已录入52 已审50；没有的不写。"""
    return " ".join(f"{field.label}{numbers[field.key]}" for field in fields if field.key in numbers)
