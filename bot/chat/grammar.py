"""把命令后面的文字认成单位、任务、数字、季度、日期；认不出的原样留给处理函数去说明。纯函数。"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from bot.domain.errors import BadInput
from bot.domain.quarters import Quarter, parse_quarter
from bot.plan.values import Deliverable, Plan
from storage.words import Role

ISO_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
# 一个单位最多几万人
MOST_DIGITS = 5
PAGE = re.compile(r"(?:^|\s)第?\s*(\d{1,3})\s*页?$")
SHORT_DAY = re.compile(r"(\d{1,2})(?:月|[-/.])(\d{1,2})[日号]?")


@dataclass(frozen=True, slots=True)
class Words:
    """一行参数拆开的样子：任务前面的、任务、任务后面的；没写任务时全在 ``before``。"""

    before: tuple[str, ...]
    item: Deliverable | None = None
    after: tuple[str, ...] = field(default=())

    @property
    def others(self) -> str:
        """除任务以外的词，用空格连起来（单位名里可以有空格）。"""
        return " ".join((*self.before, *self.after))


def split_item(text: str, plan: Plan) -> Words:
    """找出哪个词是任务（初审、季报、责任书……），取第一个。"""
    words = tuple(text.split())
    for position, word in enumerate(words):
        item, rest = _item_at_start(word, plan)
        if item is not None:
            return Words(words[:position], item, (*rest, *words[position + 1 :]))
    return Words(words)


def _item_at_start(word: str, plan: Plan) -> tuple[Deliverable | None, tuple[str, ...]]:
    """这个词是不是任务；后面没打空格、直接连着逗号或“应采集52”的也认。"""
    item = plan.deliverable(word)
    if item is not None:
        return item, ()
    for item in plan.deliverables:
        starts = (*"，,：:、", *(field_.label for field_ in item.numbers))
        for name in item.names:
            rest = word.removeprefix(name)
            if rest != word and rest.startswith(starts):
                return item, (rest.lstrip("，,：:、"),)
    return None, ()


def take_page(text: str) -> tuple[int, str]:
    """取出末尾的页码（第2页、2）；没写是第 1 页。"""
    match = PAGE.search(text)
    return (int(match[1]), text[: match.start()].strip()) if match else (1, text)


def item_names(plan: Plan) -> str:
    """可以报的任务简称，给提示用；自动汇总、不用报的不列。"""
    return "、".join(item.short for item in plan.deliverables if item.reported_by)


def read_numbers(words: tuple[str, ...], item: Deliverable) -> tuple[dict[str, int], list[str]]:
    """应采集52、应采集：52、应采集 52 都认；返回数字和剩下的词。小数、大得离谱的抛出 BadInput。"""
    text = " ".join(words)
    numbers: dict[str, int] = {}
    for field_ in item.numbers:
        match = re.search(rf"{field_.label}\s*[:：=]?\s*(\d+(?:\.\d+)?)\s*(?:人|名)?", text)
        if match:
            if not match[1].isdigit() or len(match[1]) > MOST_DIGITS:
                raise BadInput(
                    f"{field_.label}{match[1][:12]} 不像人数，请核对后重发。\n照这样写：{item.how_to}"
                )
            numbers[field_.key] = int(match[1])
            text = text[: match.start()] + " " + text[match.end() :]
    return numbers, [word for word in text.split() if word.strip("，,、;；。")]


def take_quarter(words: list[str], today: date) -> tuple[Quarter | None, list[str]]:
    """取出写季度的词；没写返回 None。"""
    for position, word in enumerate(words):
        quarter = parse_quarter(word, today)
        if quarter is not None:
            return quarter, words[:position] + words[position + 1 :]
    return None, words


def take_role(words: list[str]) -> tuple[Role | None, list[str]]:
    """取出写角色的词；“信管”“系管”这类简称也认。"""
    short = {"系管": Role.SYSTEM_ADMIN, "信管": Role.INFO_ADMIN, "培管": Role.TRAINING_ADMIN}
    short |= {"查询员": Role.INFO_VIEWER, "信息查阅员": Role.INFO_VIEWER}
    for position, word in enumerate(words):
        role = Role.named(word) or short.get(word)
        if role is not None:
            return role, words[:position] + words[position + 1 :]
    return None, words


def read_day(text: str, today: date) -> date:
    """2017-03-02、2017年3月2日、3月2日；没写年份取不晚于今天太多的那一年。"""
    cleaned = text.strip()
    if match := ISO_DAY.fullmatch(cleaned):
        year, month, day = (int(part) for part in match.groups())
    elif match := SHORT_DAY.fullmatch(cleaned):
        year, month, day = today.year, int(match[1]), int(match[2])
        if (month, day) > (today.month, today.day) and month - today.month > 6:
            year -= 1
    else:
        raise BadInput(f"看不懂日期“{cleaned}”，请写成 2017-03-02 或 3月2日")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise BadInput(f"没有“{cleaned}”这一天，请核对日期") from error


def read_yes(text: str) -> bool:
    """是否类的回答。"""
    cleaned = text.strip().lower()
    if cleaned in ("是", "是的", "对", "y", "yes", "√", "本人申请"):
        return True
    if cleaned in ("否", "不是", "不", "n", "no", "×", "x"):
        return False
    raise BadInput(f"“本人申请”请写 是 或 否，不要写“{text.strip()}”")
