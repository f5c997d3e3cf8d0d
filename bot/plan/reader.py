"""方案文件的读者：把 .toml 读成 `Plan`，写错的地方一次全部说清楚。"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, get_args

from bot.plan.sections import MISSING, Section
from bot.plan.values import (
    Cadence,
    Contact,
    Deliverable,
    DerivesOver,
    DoneWhen,
    Ladder,
    NumberField,
    Office,
    Plan,
    QuarterlyRule,
    RoleDuties,
    folded,
)
from storage.words import Role, UnitKind

__all__ = [
    "Contact",
    "Deliverable",
    "Ladder",
    "NumberField",
    "Office",
    "Plan",
    "PlanError",
    "QuarterlyRule",
    "RoleDuties",
    "load_plan",
]

QUARTER_MONTHS = (3, 6, 9, 12)
# 提醒措辞里可以用的占位名
WORDING = {
    "before": {"name", "label", "due"},
    "today": {"name", "label", "due"},
    "overdue": {"name", "label", "due"},
    "county_quarter": {"due", "final_due"},
    "holiday": {"due"},
    "unpublished": {"year"},
}


class PlanError(Exception):
    """方案文件不能用；``problems`` 每条一句中文，说明是哪个键、怎么改。"""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_plan(path: Path | None = None) -> Plan:
    """读方案文件；不给路径就读自带的岳阳市方案。写错了抛 PlanError，列出全部问题。"""
    table = _parsed(path or Path(__file__).with_name("yueyang.toml"))
    problems: list[str] = []
    root = Section(table, "", problems)
    plan = _plan(root)
    root.close()
    if problems:
        raise PlanError(tuple(problems))
    return plan


def _parsed(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError((f"{path.name}：不是 UTF-8 编码，请另存为 UTF-8",)) from error
    except OSError as error:
        raise PlanError((f"{path}：打不开这个文件，请检查路径",)) from error
    try:
        return tomllib.loads(_quoted_due(text))
    except tomllib.TOMLDecodeError as error:
        raise PlanError((f"{path.name}：{_syntax_problem(str(error))}",)) from error


def _quoted_due(text: str) -> str:
    """给截止日加上引号：TOML 遇到 2017-02-30 整个文件都读不了，加引号后可以按键名说清楚。"""
    return re.sub(r"(?m)^(\s*due\s*=\s*)(\d[\d-]*)(\s*(?:#.*)?)$", r'\1"\2"\3', text)


def _syntax_problem(message: str) -> str:
    place = re.search(r"at line (\d+), column (\d+)", message)
    where = f"第{place[1]}行第{place[2]}列附近" if place else "文件末尾"
    if "overwrite" in message or "twice" in message:
        return f"{where}，同一个键或同一张表写了两遍"
    return f"{where}写法不对，请检查引号、方括号和等号是否成对"


def _plan(root: Section) -> Plan:
    plan = Plan(
        name=root.text("name"),
        city=root.text("city"),
        deliverables=root.read("deliverables", _deliverables),
        quarterly_rule=root.read("quarterly", _quarterly_rule),
        ladder=root.read("ladder", _ladder),
        contact=root.read("contact", _contact),
        offices=_offices(root),
        role_duties=root.read("roles", _role_duties),
        common_duties=root.read("common", _duties),
        change_fields=root.read("change_notices", lambda section: section.texts("fields")),
        wording=root.read("wording", _wording),
    )
    if plan.deliverables:
        _check_names(root, plan.deliverables)
        _check_derivation(root, plan.deliverables)
        _check_quarterly(root, plan.deliverables)
    return plan


# ---------------------------------------------------------------- 一件事
def _deliverables(section: Section) -> tuple[Deliverable, ...]:
    keys = section.written()
    if not keys:
        section.problem("", "一件要交的事都没有写")
    return tuple(section.read(key, lambda below, key=key: _deliverable(key, below)) for key in keys)


def _deliverable(key: str, section: Section) -> Deliverable:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        section.problem("", "代码名只能用小写英文字母、数字和下划线，字母开头")
    cadence: Cadence = section.choice("cadence", get_args(Cadence))  # pyright: ignore[reportAssignmentType]
    done_when: DoneWhen = section.choice("done_when", get_args(DoneWhen))  # pyright: ignore[reportAssignmentType]
    if cadence in ("quarterly", "undated") and section.has("due"):
        section.problem("due", f'cadence 是 "{cadence}"，不应写截止日')
    derived = done_when == "derived"
    for needless in () if derived or not done_when else ("derives_from", "derives_over"):
        if section.has(needless):
            section.problem(needless, f'done_when 是 "{done_when}"，不应写这一项')
    return Deliverable(
        key=key,
        name=section.word("name"),
        short=section.word("short"),
        aliases=_aliases(section),
        cadence=cadence,
        due=section.day("due") if cadence == "once" or section.has("due") else None,
        owed_by=section.words("owed_by", UnitKind),
        done_when=done_when,
        derives_from=section.word("derives_from", MISSING if derived else None) or None,
        derives_over=_derives_over(section) if derived else None,
        numbers=_numbers(section),
        what=section.text("what"),
        how_to=section.text("how_to"),
        clause=section.text("clause"),
        action=section.text("action"),
        reported_by=section.words("reported_by", Role, empty=derived),
    )


def _derives_over(section: Section) -> DerivesOver:
    return section.choice("derives_over", get_args(DerivesOver))  # pyright: ignore[reportReturnType]


def _aliases(section: Section) -> tuple[str, ...]:
    aliases = section.texts("aliases", [])
    for alias in aliases:
        if re.search(r"\s", alias):
            section.problem("aliases", f"“{alias}”里不能有空格，群里打不出来")
    return aliases


def _numbers(section: Section) -> tuple[NumberField, ...]:
    numbers: list[NumberField] = []
    for below in section.sections("numbers", []):
        number = NumberField(key=below.word("key"), label=below.word("label"))
        below.close()
        if any(number.key == other.key or number.label == other.label for other in numbers):
            section.problem("numbers", f"“{number.label}”写了两遍")
        numbers.append(number)
    return tuple(numbers)


def _check_quarterly(root: Section, deliverables: tuple[Deliverable, ...]) -> None:
    """季报有且只有一项；有哪一项的 cadence 写错了就先改那里。"""
    cadences = [item.cadence for item in deliverables]
    number = cadences.count("quarterly")
    if all(cadences) and number != 1:
        root.problem("deliverables", f'cadence = "quarterly" 的应有且只有一项，现在有 {number} 项')


def _check_names(root: Section, deliverables: tuple[Deliverable, ...]) -> None:
    """两件事不能有同一个叫法，否则群里说的是哪一件就分不清。"""
    owner: dict[str, str] = {}
    for item in deliverables:
        for spelling in dict.fromkeys(map(folded, item.names)):
            if spelling and owner.setdefault(spelling, item.key) != item.key:
                root.problem(f"deliverables.{item.key}", f"“{spelling}”和 {owner[spelling]} 的叫法重复")


def _check_derivation(root: Section, deliverables: tuple[Deliverable, ...]) -> None:
    """自动完成的依据必须存在、不能绕成圈，也不能比自己晚。"""
    known = {item.key: item for item in deliverables}
    for item in deliverables:
        if not item.derives_from:
            continue
        place = f"deliverables.{item.key}.derives_from"
        source = known.get(item.derives_from)
        if source is None:
            root.problem(place, f"没有“{item.derives_from}”这件事，可选 {'、'.join(known)}")
        elif _leads_back(item, known):
            root.problem(place, "绕成了圈：顺着依据又回到了自己")
        elif item.due and source.due and source.due > item.due > date.min:
            root.problem(place, f"{source.key} 的截止日 {source.due} 比自己的 {item.due} 还晚")


def _leads_back(start: Deliverable, known: Mapping[str, Deliverable]) -> bool:
    seen: set[str] = set()
    item = start
    while item.derives_from and item.derives_from in known and item.key not in seen:
        seen.add(item.key)
        item = known[item.derives_from]
    return item.key == start.key


# ---------------------------------------------------------------- 其余各表
def _quarterly_rule(section: Section) -> QuarterlyRule:
    months = section.numbers("months", 1, 12)
    if months and months != QUARTER_MONTHS:
        section.problem("months", "只支持每季度最后一月，请写 [3, 6, 9, 12]")
    day = section.number("day", 1, 30)
    county_day = section.number("county_day", 1, 30)
    if county_day > day:
        section.problem("county_day", f"县里的日子 {county_day} 不能晚于 {day} 日")
    first = section.text("first")
    match = re.fullmatch(r"(20\d\d)Q([1-4])", first, re.ASCII)
    if first and not match:
        section.problem("first", f"应写成 2017Q1 这样，现在是“{first}”")
    quarter = (int(match[1]), int(match[2])) if match else (2000, 1)
    return QuarterlyRule(months=months, day=day, first=quarter, county_day=county_day)


def _ladder(section: Section) -> Ladder:
    return Ladder(
        before=tuple(sorted(section.numbers("before", 1, 90), reverse=True)),
        on_day=section.flag("on_day"),
        overdue=tuple(sorted(section.numbers("overdue", 1, 60))),
        at=section.clock("at"),
    )


def _contact(section: Section) -> Contact:
    return Contact(
        office=section.text("office"),
        phone=section.text("phone", empty=True),
        mail=section.text("mail", empty=True),
        caution=section.text("caution"),
    )


def _offices(root: Section) -> tuple[Office, ...]:
    offices: list[Office] = []
    for section in root.sections("offices"):
        offices.append(
            Office(name=section.text("name"), duty=section.text("duty"), clause=section.text("clause"))
        )
        section.close()
    return tuple(offices)


def _duties(section: Section) -> RoleDuties:
    duties = section.texts("duties")
    if section.has("duties") and not duties:
        section.problem("duties", "一条职责都没有写")
    return RoleDuties(duties=duties, clause=section.text("clause"))


def _role_duties(section: Section) -> Mapping[Role, RoleDuties]:
    return MappingProxyType({role: section.read(role.value, _duties) for role in Role})


def _wording(section: Section) -> Mapping[str, str]:
    wording: dict[str, str] = {}
    for key, allowed in WORDING.items():
        wording[key] = template = section.text(key)
        try:
            used = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
        except ValueError:
            section.problem(key, "花括号不成对")
            continue
        for name in sorted(used - allowed):
            usable = "、".join(f"{{{one}}}" for one in sorted(allowed))
            section.problem(key, f"不认识 {{{name}}}，可用 {usable}")
    return MappingProxyType(wording)
