"""单位查找与名册导入的基准：2,234、50,000、500,000 个单位各量一遍，打印是 2,234 的几倍、与线性的比。

``python -m tests.bench.units [最多几个单位]``。不进测试；“与线性的比”在 1 上下就是线性，小于 1 更好。
名称照样例市的写法编造，三种规模一样长：越大的市县越多，每县 220 所学校。
量的时候关着垃圾回收，免得它的节拍混进来。
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.documents.roster_sheet import read_roster, roster_xlsx
from bot.domain.errors import Refusal
from bot.domain.roster import check_roster, roster_choices, roster_lines
from bot.domain.roster_changes import compare_roster
from bot.domain.sample_roster import sample_units
from bot.domain.units import UnitTree
from storage.cipher import ColumnCipher, Keyring
from storage.database import Database
from storage.units import Unit
from storage.words import UnitKind

SIZES = (2_234, 50_000, 500_000)
TODAY = date(2017, 2, 20)
LOOKUPS = 20
PER_COUNTY = 220

Measured = dict[str, float]


def city_of(size: int) -> list[Unit]:
    """``size`` 个单位的市：学校名照样例市的，一县一县地加。"""
    schools = [unit for unit in sample_units() if unit.kind is UnitKind.SCHOOL]
    units = [Unit("YY", "岳阳市", UnitKind.CITY)]
    while len(units) < size:
        county = len(units) // PER_COUNTY + 1
        code, name = f"ZZ{county:05}", f"样例{county:04}县"
        units.append(Unit(code, name, UnitKind.COUNTY, "YY"))
        for number in range(min(PER_COUNTY, size - len(units))):
            model = schools[(county * PER_COUNTY + number) % len(schools)]
            units.append(
                replace(
                    model,
                    code=f"{code}-{number:04}",
                    name=f"{name}{number:03}号{model.name[3:]}",
                    parent_code=code,
                    aliases=tuple(f"{alias}{county:04}" for alias in model.aliases),
                )
            )
    return units


@contextmanager
def timed(found: Measured, name: str) -> Iterator[None]:
    """量一段，毫秒。"""
    gc.collect()
    gc.disable()
    begun = time.perf_counter()
    yield
    found[name] = (time.perf_counter() - begun) * 1000
    gc.enable()


def each(work: Callable[[], object]) -> float:
    """一次查找的毫秒数，取几次的中位数；查不着也算查过。"""
    spent = []
    for _ in range(LOOKUPS):
        begun = time.perf_counter()
        with suppress(Refusal):
            work()
        spent.append((time.perf_counter() - begun) * 1000)
    return statistics.median(spent)


async def measure(size: int) -> Measured:
    """一种规模的全部数。"""
    found: Measured = {}
    units = city_of(size)
    with timed(found, "建索引"):
        tree = UnitTree(units)
    last = units[-1]
    found["按代码找"] = each(lambda: tree.find(last.code))
    found["按全名找"] = each(lambda: tree.find(last.name))
    found["按部分名找（一个）"] = each(lambda: tree.find(last.name[1:]))
    found["按部分名找（许多）"] = each(lambda: tree.find("中心幼儿园"))
    found["找不着，给最近三个"] = each(lambda: tree.find(f"{last.name[:-2]}雪校"))
    lines = roster_lines(units)
    if size == SIZES[0]:
        content = roster_xlsx(lines, choices=roster_choices())
        with timed(found, "读 .xlsx（上限 2 万行）"):
            read_roster(content, "名册.xlsx")
    with timed(found, "核对（全新）"):
        check = check_roster(lines, today=TODAY)
    assert check.problems == ()
    with timed(found, "核对（已登记）"):
        again = check_roster(lines, units, today=TODAY)
    with timed(found, "比变化"):
        changes = compare_roster(again.units, units, [tree.city])
    assert changes.total == 0
    await measure_database(units, found)
    return found


async def measure_database(units: list[Unit], found: Measured) -> None:
    """存进一个新的 SQLite 库、全改一遍、读出来。"""
    with tempfile.TemporaryDirectory() as folder:
        file = (Path(folder) / "bench.db").as_posix()
        database = Database(f"sqlite+aiosqlite:///{file}", ColumnCipher(Keyring.generate()))
        await database.migrate()
        try:
            with timed(found, "存（新增）"):
                async with database.write() as stores:
                    await stores.units.save(units)
            with timed(found, "存（全部修改）"):
                async with database.write() as stores:
                    await stores.units.save([replace(unit, staff_count=1) for unit in units])
            with timed(found, "读出全部"):
                async with database.read() as stores:
                    await stores.units.all()
        finally:
            await database.close()


def report(size: int, found: Measured, base: Measured) -> None:
    """一种规模一张表。"""
    growth = size / SIZES[0]
    print(f"\n{size:,} 个单位（{growth:.1f} 倍）")  # noqa: T201  基准就是要打印
    for name, spent in found.items():
        times = spent / base[name] if base[name] else 0
        line = f"  {name}\t{spent:10.3f} 毫秒\t{times:8.2f} 倍\t与线性的比 {times / growth:.2f}"
        print(line)  # noqa: T201


async def main(most: int) -> None:
    """按规模从小到大量；第一遍热身不算。"""
    await measure(SIZES[0])
    base: Measured = {}
    for size in SIZES:
        if size <= most:
            found = await measure(size)
            base = base or found
            report(size, found, base)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1]))
