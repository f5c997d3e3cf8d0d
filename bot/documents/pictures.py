"""手机上看的图：标题、几组横条、一张表，画成宽 1080 像素的 PNG。

用随项目带的字体，机器上装没装中文字体都一样。画一张要几十毫秒到一百毫秒，调用的人放到线程里。
表超过六十行看不清，请改发 .xlsx。
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parent
TEMPLATE = FOLDER / "picture.typ"
FONTS = FOLDER / "fonts"
PIXELS_PER_INCH = 144.0
# 标签不超过这么多字的，条画在标签右边，否则画在下面
SHORT_LABEL = 8


class Tone(StrEnum):
    """颜色；深浅也不同，色觉不同的人也分得开。"""

    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    PURPLE = "purple"
    GRAY = "gray"


@dataclass(frozen=True, slots=True)
class Part:
    """横条里的一段。"""

    value: float
    tone: Tone


@dataclass(frozen=True, slots=True)
class Bar:
    """一根横条，``note`` 写在右边。

    分段的给 ``parts``，不看 ``value``；``whole`` 是条满时的数（进度条），不给就按组里最长的那根算。
    """

    label: str
    value: float = 0
    note: str = ""
    parts: tuple[Part, ...] = ()
    whole: float | None = None


@dataclass(frozen=True, slots=True)
class BarGroup:
    """一组横条；``legend`` 是分段颜色的图例。"""

    name: str
    bars: tuple[Bar, ...]
    tone: Tone = Tone.BLUE
    legend: tuple[tuple[str, Tone], ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """表的一列；``align`` 写 left、right 或 center，``wide`` 的列分剩下的宽度、可以折行。"""

    name: str
    align: str = "left"
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """表的一格；给了颜色的加粗。"""

    text: str
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """一张表，每行的格数与列数相同。"""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell | str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """一张图。"""

    title: str
    subtitle: str = ""
    groups: tuple[BarGroup, ...] = ()
    table: Table | None = None
    footer: str = ""


def draw(picture: Picture) -> bytes:
    """画成 PNG。"""
    drawn = typst.compile(
        TEMPLATE,
        format="png",
        ppi=PIXELS_PER_INCH,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_content(picture), ensure_ascii=False)},
    )
    if not isinstance(drawn, bytes):
        raise TypeError("图画成了不止一页")
    return drawn


def _content(picture: Picture) -> dict[str, Any]:
    return {
        "title": picture.title,
        "subtitle": picture.subtitle,
        "groups": [_group(group) for group in picture.groups],
        "table": _table(picture.table) if picture.table else None,
        "footer": picture.footer,
    }


def _group(group: BarGroup) -> dict[str, Any]:
    longest = max((_length(bar) for bar in group.bars), default=0)
    return {
        "name": group.name,
        "short": all(len(bar.label) <= SHORT_LABEL for bar in group.bars),
        "legend": [{"label": label, "tone": tone.value} for label, tone in group.legend],
        "bars": [
            {"label": bar.label, "note": bar.note, "parts": _shares(bar, group.tone, longest)}
            for bar in group.bars
        ],
    }


def _shares(bar: Bar, tone: Tone, longest: float) -> list[dict[str, Any]]:
    """各段占满条的几分之几；不会超出条。"""
    whole = max(longest if bar.whole is None else bar.whole, _length(bar))
    if whole <= 0:
        return []
    parts = bar.parts or (Part(bar.value, tone),)
    return [{"share": max(part.value, 0) / whole, "tone": part.tone.value} for part in parts]


def _length(bar: Bar) -> float:
    return sum(max(part.value, 0) for part in bar.parts) if bar.parts else max(bar.value, 0)


def _table(table: Table) -> dict[str, Any]:
    return {
        "columns": [
            {"name": column.name, "align": column.align, "wide": column.wide} for column in table.columns
        ],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
    }


def _cell(cell: Cell | str) -> dict[str, Any]:
    if isinstance(cell, str):
        return {"text": cell, "tone": None}
    return {"text": cell.text, "tone": cell.tone.value if cell.tone else None}
