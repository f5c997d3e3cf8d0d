"""和别的系统导出的表比对：认列、先按代码再按名称找单位、逐个数比。纯函数，不猜：对不准的行列出来说原因。"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.documents.sheets import Sheet
from bot.domain.errors import BadInput
from bot.domain.numbers import HEAD_COUNT
from bot.domain.unit_names import plain_name
from bot.plan.values import NumberField
from storage.units import Unit

CODE_WORDS = ("代码", "编码", "标识码", "编号", "code")
NAME_WORDS = ("名称", "学校", "单位", "全称", "name")
COUNT_WORDS = ("教职工", "人数", "教师数", "总数", "合计", "人员数")
SUM_WORDS = ("合计", "总计", "小计")
SEARCHED_ROWS = 8
BRACKETED = re.compile(r"[（(].*?[）)]")
NUMBER = re.compile(r"(\d{1,6})(?:\.0+)?(?:人|名)?")


@dataclass(frozen=True, slots=True)
class Columns:
    """认出来的列：各在第几列（从 0 数）；``numbers`` 是数的键 → 列。``names`` 是表头原来的写法。"""

    code: int | None
    name: int | None
    numbers: Mapping[str, int]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutsideRow:
    """对方表里的一行；``values`` 里空着的、不是数的没有。"""

    number: int
    code: str
    name: str
    values: Mapping[str, int]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Matched:
    """对上的一行：哪个单位、按什么对上的、两边的数。"""

    row: OutsideRow
    unit: Unit
    by: str
    ours: Mapping[str, int]

    def gap(self, key: str) -> int | None:
        """对方减本系统；有一边没有数返回 None。"""
        if key not in self.ours or key not in self.row.values:
            return None
        return self.row.values[key] - self.ours[key]

    def differs(self, keys: Iterable[str]) -> bool:
        """有一个数对不上（一边有、一边没有也算）。"""
        return any(self.ours.get(key) != self.row.values.get(key) for key in keys)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """没对上的一行，和为什么。"""

    row: OutsideRow
    why: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """比对的结果；``keys`` 是比了哪几个数，``absent`` 是对方表里没有的单位。"""

    keys: tuple[str, ...]
    matched: tuple[Matched, ...]
    unmatched: tuple[Unmatched, ...]
    absent: tuple[Unit, ...]
    columns: Columns = field(default=Columns(None, None, {}, ()))

    @property
    def differences(self) -> tuple[Matched, ...]:
        """数对不上的。"""
        return tuple(one for one in self.matched if one.differs(self.keys))


def read_columns(header: Sequence[str], fields: Sequence[NumberField]) -> Columns | None:
    """认表头；代码、名称一列都没有，或者一列人数也没有，返回 None。

    列名写着“应采集”这样的就是那个数；只写人数、教职工数的当作应采集。
    """
    names = [re.sub(r"[\s_*＊]", "", BRACKETED.sub("", cell)).lower() for cell in header]
    code = _first(names, CODE_WORDS)
    numbers: dict[str, int] = {}
    for place, name in enumerate(names):
        for number in fields:
            if number.label in name:
                numbers.setdefault(number.key, place)
    taken = {code, *numbers.values()}
    if HEAD_COUNT not in numbers and any(number.key == HEAD_COUNT for number in fields):
        counted = [
            place for place, name in enumerate(names) if place not in taken and _has(name, COUNT_WORDS)
        ]
        numbers |= {HEAD_COUNT: counted[0]} if counted else {}
    taken = {code, *numbers.values()}
    named = [place for place, name in enumerate(names) if place not in taken and _has(name, NAME_WORDS)]
    name = next((place for place in named if "名称" in names[place]), named[0] if named else None)
    if (code is None and name is None) or not numbers:
        return None
    return Columns(code, name, numbers, tuple(header))


def read_rows(sheet: Sheet, fields: Sequence[NumberField]) -> tuple[Columns, list[OutsideRow]]:
    """读对方的表；表头上面可以有标题行。认不出列抛出 BadInput，说清要哪几列。"""
    candidates = [(sheet.header, 0)]
    candidates += [(row.cells, place + 1) for place, row in enumerate(sheet.rows[:SEARCHED_ROWS])]
    for header, start in candidates:
        columns = read_columns(header, fields)
        if columns is not None:
            rows = [_row(row.number, row.cells, columns, fields) for row in sheet.rows[start:]]
            return columns, [row for row in rows if (row.code or row.name) and row.name not in SUM_WORDS]
    labels = "、".join(number.label for number in fields)
    raise BadInput(
        f"没认出列。表里要有单位代码或名称一列，和人数（{labels}）至少一列，例如表头写：单位代码、单位名称、人数。"
    )


def match(
    rows: Iterable[OutsideRow],
    units: Sequence[Unit],
    ours: Mapping[str, Mapping[str, int]],
    columns: Columns,
) -> Comparison:
    """先按代码、再按名称对；``ours`` 是单位代码 → 本系统的数。"""
    by_code = {unit.code.casefold(): unit for unit in units}
    by_name: dict[str, dict[str, Unit]] = defaultdict(dict)
    for unit in units:
        for label in (unit.name, *unit.aliases, *unit.former_names):
            by_name[plain_name(label)][unit.code] = unit
    matched: list[Matched] = []
    unmatched: list[Unmatched] = []
    first: dict[str, int] = {}
    for row in rows:
        found = _find(row, by_code, by_name)
        if isinstance(found, str):
            unmatched.append(Unmatched(row, found))
            continue
        unit, by = found
        if unit.code in first:
            unmatched.append(Unmatched(row, f"和第{first[unit.code]}行是同一个单位（{unit.name}），没有再比"))
        elif row.problem:
            unmatched.append(Unmatched(row, row.problem))
        else:
            first[unit.code] = row.number
            matched.append(Matched(row, unit, by, ours.get(unit.code, {})))
    seen = {one.unit.code for one in matched}
    absent = tuple(unit for unit in units if unit.code not in seen)
    return Comparison(tuple(columns.numbers), tuple(matched), tuple(unmatched), absent, columns)


def _find(
    row: OutsideRow, by_code: Mapping[str, Unit], by_name: Mapping[str, Mapping[str, Unit]]
) -> tuple[Unit, str] | str:
    unit = by_code.get(row.code.casefold()) if row.code else None
    if unit is not None:
        return unit, "代码"
    named = list(by_name.get(plain_name(row.name), {}).values()) if row.name else []
    if len(named) == 1:
        return named[0], "名称（代码不同）" if row.code else "名称"
    if named:
        return f"叫“{row.name}”的有 {len(named)} 个单位，请写上代码"
    return "名册里没有这个代码，也没有这个名称"


def _row(number: int, cells: Sequence[str], columns: Columns, fields: Sequence[NumberField]) -> OutsideRow:
    values: dict[str, int] = {}
    problem = ""
    labels = {one.key: one.label for one in fields}
    for key, place in columns.numbers.items():
        text = _cell(cells, place).replace(",", "").replace("，", "")
        found = NUMBER.fullmatch(text)
        if found:
            values[key] = int(found[1])
        elif text and not problem:
            problem = f"“{labels[key]}”写的是“{text[:20]}”，不是人数"
    return OutsideRow(number, _cell(cells, columns.code), _cell(cells, columns.name), values, problem)


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _first(names: Sequence[str], words: Sequence[str]) -> int | None:
    return next((place for place, name in enumerate(names) if _has(name, words)), None)


def _has(name: str, words: Sequence[str]) -> bool:
    return any(word in name for word in words)
