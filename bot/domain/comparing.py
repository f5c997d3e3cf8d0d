"""数据统计分析：别的系统导出的人数表和本系统报上来的数比对，结果写成 .xlsx 还给他。"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.documents.sheet_error import SheetError
from bot.documents.sheets import read_sheet
from bot.documents.status_sheets import Grid, Value, grids_xlsx
from bot.domain.actor import Actor
from bot.domain.comparison import Comparison, Matched, match, read_rows
from bot.domain.context import Context
from bot.domain.errors import BadInput, Denied, Problems
from bot.domain.exporting import ACTION
from bot.plan.values import Deliverable
from storage.obligations import ONCE
from storage.rollups import COUNTED_STATES
from storage.units import Unit
from storage.words import UnitKind


@dataclass(frozen=True, slots=True)
class ComparisonFile:
    """比对完的文件：比了哪些数、结果、表格。"""

    root: Unit
    deliverable: Deliverable
    result: Comparison
    content: bytes


class Comparing:
    """比对。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    def check(self, actor: Actor, root: Unit, item: Deliverable | None) -> Deliverable:
        """能不能比、比哪一项：县和市才比，只有报人数的任务能比。"""
        self._context.require(actor, ACTION, root)
        if root.kind.is_school:
            raise Denied("比对由县市区、市里办：把别的系统导出的表发来，和学校报的人数比。")
        chosen = item or next((one for one in self._context.plan.deliverables if one.numbers), None)
        if chosen is None or not chosen.numbers:
            raise BadInput("这一项不报人数，没有可比的。例如：/导出 比对 初审")
        return chosen

    async def compare(
        self, actor: Actor, root: Unit, item: Deliverable | None, content: bytes, filename: str
    ) -> ComparisonFile:
        """比对一份文件，记入日志；文件读不了、认不出列的说清哪里不对。"""
        chosen = self.check(actor, root, item)
        try:
            sheet = await asyncio.to_thread(read_sheet, content, filename)
        except SheetError as error:
            raise Problems(tuple(error.problems)) from error
        columns, rows = read_rows(sheet, chosen.numbers)
        async with self._context.database.write() as stores:
            below = await stores.obligations.below(
                None if root.kind is UnitKind.CITY else root.code, chosen.key, ONCE
            )
            detail = {"deliverable": chosen.key, "rows": len(rows)}
            await self._context.log(stores, actor, ACTION, root.code, "compared", detail)
        tree = self._context.directory.tree
        units = [tree.get(o.unit_code) for o in below]
        ours = {o.unit_code: o.numbers for o in below if o.state in COUNTED_STATES}
        result = match(rows, [unit for unit in units if unit.closed_on is None], ours, columns)
        grids = _grids(chosen, result, self._county)
        title = f"{root.name}{chosen.name}比对"
        drawn = await asyncio.to_thread(grids_xlsx, grids, title=title, day=self._context.today())
        return ComparisonFile(root, chosen, result, drawn)

    def _county(self, unit: Unit) -> str:
        parent = self._context.directory.tree.get(unit.parent_code) if unit.parent_code else unit
        return "市直学校" if parent.kind is UnitKind.CITY else parent.name


def _grids(item: Deliverable, result: Comparison, county: Callable[[Unit], str]) -> list[Grid]:
    labels = {number.key: number.label for number in item.numbers}
    return [
        _summary(item, result, county, labels),
        _details("差异", result.differences, result, county, labels),
        Grid(
            "没对上的行",
            ("行号", "代码", "名称", "原因"),
            tuple((one.row.number, one.row.code, one.row.name, one.why) for one in result.unmatched),
        ),
        Grid(
            "对方表里没有的单位",
            ("县市区", "代码", "单位"),
            tuple((county(unit), unit.code, unit.name) for unit in result.absent),
        ),
        _details("全部对上的", result.matched, result, county, labels),
    ]


def _summary(
    item: Deliverable, result: Comparison, county: Callable[[Unit], str], labels: Mapping[str, str]
) -> Grid:
    groups: dict[str, list[Matched]] = defaultdict(list)
    for one in result.matched:
        groups[county(one.unit)].append(one)
    pairs = tuple(f"{labels[key]}（{side}）" for key in result.keys for side in ("本系统", "对方"))
    used = "、".join(
        f"{labels[key]}用“{result.columns.names[place]}”列" for key, place in result.columns.numbers.items()
    )
    notes = (
        f"对上 {len(result.matched)} 个单位，数不同的 {len(result.differences)} 个；"
        f"没对上 {len(result.unmatched)} 行；对方表里没有的 {len(result.absent)} 个单位",
        f"{used}。本系统的数是{item.short}报上来的（待审和完成的），没报的空着",
    )
    rows = tuple((name, *_totals(group, result.keys)) for name, group in groups.items())
    total = ("合计", *_totals(result.matched, result.keys))
    return Grid("合计", ("县市区", "对上的单位", "数不同的", *pairs), rows, total, notes)


def _totals(group: Sequence[Matched], keys: Sequence[str]) -> tuple[int, ...]:
    sums = [
        sum(side.get(key, 0) for side in sides)
        for key in keys
        for sides in ([one.ours for one in group], [one.row.values for one in group])
    ]
    return (len(group), sum(one.differs(keys) for one in group), *sums)


def _details(
    name: str,
    group: Sequence[Matched],
    result: Comparison,
    county: Callable[[Unit], str],
    labels: Mapping[str, str],
) -> Grid:
    sides = ("本系统", "对方", "相差")
    header = ("县市区", "代码", "单位", "行号", "按什么对上")
    return Grid(
        name,
        (*header, *(f"{labels[key]}（{side}）" for key in result.keys for side in sides)),
        tuple(
            (
                *(county(one.unit), one.unit.code, one.unit.name, one.row.number, one.by),
                *(value for key in result.keys for value in _sides(one, key)),
            )
            for one in group
        ),
    )


def _sides(one: Matched, key: str) -> tuple[Value, Value, Value]:
    gap = one.gap(key)
    return one.ours.get(key, ""), one.row.values.get(key, ""), "" if gap is None else gap
