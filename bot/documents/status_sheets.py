"""报送进度和比对结果的 .xlsx：合计表在最前，一个县市区一张明细，冻结表头、可筛选。值进来，字节出去。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.documents import workbook_layout as workbook
from bot.documents.plain_text import display_width, writable

_HEAD_FONT = Font(name=workbook.HEI, size=11, bold=True)
_BODY_FONT = Font(name=workbook.SONG, size=11)
_TOTAL_FONT = Font(name=workbook.SONG, size=11, bold=True)
_NOTE_FONT = Font(name=workbook.SONG, size=10, color="5D6671")
_HEAD_FILL = PatternFill("solid", fgColor="DDEBF7")
_CENTER = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center")
_THIN = Side(style="thin", color="BFBFBF")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_NARROW, _WIDE = 8, 44
_MEASURED_ROWS = 200
_LONGEST_NAME = 31

Value = str | int


@dataclass(frozen=True, slots=True)
class Grid:
    """一张表：``notes`` 写在表头上面，``total`` 是合计行（可以没有）。数字写成数字，好在表里再算。"""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())


def grids_xlsx(grids: Sequence[Grid], *, title: str, day: date) -> bytes:
    """几张表写成一个工作簿；重名的表名后面加数字。"""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = writable(title)
    taken: set[str] = set()
    for grid in grids:
        sheet = book.create_sheet(_sheet_name(grid.name, taken))
        _fill(sheet, grid, day)
    return workbook.to_bytes(book)


def _sheet_name(name: str, taken: set[str]) -> str:
    """Excel 表名：不许的字符换成空格，截到 31 字，不重名。"""
    plain = writable(name).translate(str.maketrans(dict.fromkeys("[]:*?/\\'", " "))).strip() or "表"
    chosen, number = plain[:_LONGEST_NAME], 2
    while chosen.casefold() in taken:
        ending = f"({number})"
        chosen, number = plain[: _LONGEST_NAME - len(ending)] + ending, number + 1
    taken.add(chosen.casefold())
    return chosen


def _fill(sheet: Worksheet, grid: Grid, day: date) -> None:
    for number, note in enumerate(grid.notes, start=1):
        _put(sheet, number, 1, note, _NOTE_FONT, _LEFT, framed=False)
    top = len(grid.notes) + 1
    for column, name in enumerate(grid.header, start=1):
        _put(sheet, top, column, name, _HEAD_FONT, _CENTER)
        sheet.cell(top, column).fill = _HEAD_FILL
        sheet.column_dimensions[get_column_letter(column)].width = _width(grid, column - 1)
    sheet.row_dimensions[top].height = 24
    for number, row in enumerate(grid.rows, start=top + 1):
        for column, value in enumerate(row, start=1):
            _put(sheet, number, column, value, _BODY_FONT, _CENTER if isinstance(value, int) else _LEFT)
    last = top + len(grid.rows)
    sheet.freeze_panes = f"A{top + 1}"
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(grid.header))}{max(last, top)}"
    # 合计行不进筛选：筛掉几行以后它还在原处
    for column, value in enumerate(grid.total, start=1):
        _put(sheet, last + 1, column, value, _TOTAL_FONT, _CENTER if isinstance(value, int) else _LEFT)
    workbook.print_on_a4(sheet, header_rows=f"{top}:{top}", footer=f"{sheet.title} {day.isoformat()}")


def _put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: Value,
    font: Font,
    alignment: Alignment,
    *,
    framed: bool = True,
) -> None:
    """写一格：文字定死为文字，``=1+1`` 之类不会变成公式。"""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101
    if isinstance(value, int):
        cell.value = value
    elif value:
        cell.value = writable(value)
        cell.data_type = "s"
        cell.number_format = "@"
    cell.font = font
    cell.alignment = alignment
    if framed:
        cell.border = _FRAME


def _width(grid: Grid, place: int) -> int:
    shown = [str(row[place]) for row in grid.rows[:_MEASURED_ROWS] if place < len(row)]
    longest = max((display_width(text) for text in (grid.header[place], *shown)), default=0)
    return min(max(longest + 3, _NARROW), _WIDE)
