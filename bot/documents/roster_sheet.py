"""名册表格：认列、取值（读），以及给文员打开就能改的 .xlsx / .csv（写）。"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from bot.documents import workbook_layout as workbook
from bot.documents.plain_text import writable
from bot.documents.sheets import Sheet, SheetError, SheetRow, StoredNumber, read_sheet

ROSTER_HEADER = (
    "代码",
    "名称",
    "类别",
    "县市区",
    "办学类型",
    "举办者",
    "别名",
    "曾用名",
    "教职工数",
    "状态",
    "并入单位",
    "中心校",
)
REQUIRED_COLUMNS = ("代码", "名称", "类别", "县市区")
ALIAS_SEPARATOR = "、"
_WIDTHS = (14, 36, 12, 18, 18, 10, 44, 30, 10, 10, 14, 14)
_LAST_ROW = 20_000
_SEARCHED_ROWS = 5  # 表头上面可以有标题行，在前几个非空行里找表头
# 表头的别的写法，都写成去空格、去括号说明以后的样子
_OTHER_NAMES = {
    "code": "代码",
    "单位代码": "代码",
    "学校代码": "代码",
    "编码": "代码",
    "name": "名称",
    "单位名称": "名称",
    "学校名称": "名称",
    "全称": "名称",
    "kind": "类别",
    "单位类别": "类别",
    "county": "县市区",
    "所属县市区": "县市区",
    "schooltype": "办学类型",
    "学校类型": "办学类型",
    "ownership": "举办者",
    "办学性质": "举办者",
    "aliases": "别名",
    "简称": "别名",
    "formernames": "曾用名",
    "原名": "曾用名",
    "staffcount": "教职工数",
    "教职工人数": "教职工数",
    "应采集": "教职工数",
    "应采集人数": "教职工数",
    "state": "状态",
    "mergedinto": "并入单位",
    "并入": "并入单位",
    "并入单位代码": "并入单位",
    "centralschool": "中心校",
    "中心学校": "中心校",
    "挂靠中心校": "中心校",
    "所属中心校": "中心校",
}
_BRACKETED = re.compile(r"[（(].*?[）)]")
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class RosterLine:
    """名册的一行，全是文字，没有核对过。``number`` 是表里的行号；``aliases`` 以顿号分隔。

    ``given`` 是表里有的列，没有的列不改；``code_as_number`` 是代码一格存成了数字，前面的零可能已经丢了。
    """

    code: str
    name: str
    kind: str
    county: str = ""
    school_type: str = ""
    ownership: str = ""
    aliases: str = ""
    former_names: str = ""
    staff_count: str = ""
    state: str = ""
    merged_into: str = ""
    central_school: str = ""
    number: int = 0
    given: frozenset[str] = field(default=frozenset(ROSTER_HEADER), compare=False)
    code_as_number: bool = field(default=False, compare=False)

    @property
    def cells(self) -> tuple[str, ...]:
        """按 ``ROSTER_HEADER`` 的次序。"""
        return (
            self.code,
            self.name,
            self.kind,
            self.county,
            self.school_type,
            self.ownership,
            self.aliases,
            self.former_names,
            self.staff_count,
            self.state,
            self.merged_into,
            self.central_school,
        )


def read_roster(content: bytes, filename: str) -> tuple[RosterLine, ...]:
    """读名册文件；列的次序不限，多余的列不看。读不了、缺列、没有数据行抛 :class:`SheetError`。"""
    sheet = read_sheet(content, filename, refuse_formulas=True)
    header_number, header, rows = _find_header(sheet)
    places = _column_places(header, header_number)
    given = frozenset(places)
    lines = tuple(
        RosterLine(
            *(_cell(row.cells, places.get(column)) for column in ROSTER_HEADER),
            number=row.number,
            given=given,
            code_as_number=isinstance(_cell(row.cells, places["代码"]), StoredNumber),
        )
        for row in rows
    )
    lines = tuple(line for line in lines if any(line.cells))
    if not lines:
        raise SheetError(["名册只有表头，没有单位；请从表头下一行起，每行写一个单位"])
    return lines


def _find_header(sheet: Sheet) -> tuple[int, tuple[str, ...], tuple[SheetRow, ...]]:
    candidates = [(sheet.header_number, sheet.header)]
    candidates += [(row.number, row.cells) for row in sheet.rows[:_SEARCHED_ROWS]]
    for position, (number, cells) in enumerate(candidates):
        if {"代码", "名称"} <= {_column_name(cell) for cell in cells}:
            return number, cells, sheet.rows[position:]
    return sheet.header_number, sheet.header, sheet.rows


def _column_name(cell: str) -> str:
    name = re.sub(r"[\s_*＊]", "", _BRACKETED.sub("", cell)).lower()
    return _OTHER_NAMES.get(name, name)


def _column_places(header: Sequence[str], number: int) -> dict[str, int]:
    names = [_column_name(cell) for cell in header]
    problems = [
        f"第{number}行表头缺少“{column}”一列；表头应为：{'、'.join(ROSTER_HEADER)}"
        for column in REQUIRED_COLUMNS
        if column not in names
    ]
    problems += [
        f"第{number}行表头有 {names.count(column)} 个“{column}”列，请只留一个"
        for column in ROSTER_HEADER
        if names.count(column) > 1
    ]
    if problems:
        raise SheetError(problems)
    return {column: names.index(column) for column in ROSTER_HEADER if column in names}


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def roster_xlsx(
    lines: Iterable[RosterLine],
    *,
    sheet_name: str = "名册",
    choices: Mapping[str, Sequence[str]] | None = None,
    hints: Mapping[str, str] | None = None,
) -> bytes:
    """名册的 .xlsx：首行冻结、可筛选、全是文字。

    ``choices`` 是“列名 → 可选词”，做成下拉框；``hints`` 是“列名 → 说明”，点到那一格时弹出。
    """
    book, sheet = workbook.blank_sheet(sheet_name=sheet_name, title=f"单位{sheet_name}", author="")
    for column, (name, width) in enumerate(zip(ROSTER_HEADER, _WIDTHS, strict=True), start=1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].number_format = "@"
        workbook.put(sheet, 1, column, name, font=Font(name=workbook.HEI, size=11, bold=True))
        sheet.cell(1, column).fill = PatternFill("solid", fgColor="DDEBF7")
        validation = _validation(name, (choices or {}).get(name, ()), (hints or {}).get(name, ""))
        if validation is not None:
            validation.add(f"{letter}2:{letter}{_LAST_ROW}")
            sheet.add_data_validation(validation)
    sheet.row_dimensions[1].height = 24
    body = Font(name=workbook.SONG, size=11)
    number = 1
    for number, line in enumerate(lines, start=2):
        for column, text in enumerate(line.cells, start=1):
            workbook.put(sheet, number, column, text, font=body, horizontal="left", framed=False, wrap=False)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(ROSTER_HEADER))}{number}"
    workbook.print_on_a4(sheet, header_rows="1:1", footer=sheet.title)
    return workbook.to_bytes(book)


def _validation(name: str, words: Sequence[str], hint: str) -> DataValidation | None:
    """一列的下拉框和提示；都没有就不设。"""
    if not words and not hint:
        return None
    validation = DataValidation("list" if words else None, allow_blank=True)
    if words:
        validation.formula1 = f'"{",".join(words)}"'
        validation.showErrorMessage = True
        validation.errorTitle = name
        validation.error = f"请写 {'/'.join(words)} 之一"
    if hint:
        validation.showInputMessage = True
        validation.promptTitle = name
        validation.prompt = hint
    return validation


def roster_csv(lines: Iterable[RosterLine]) -> bytes:
    """名册的 .csv（UTF-8 带 BOM，Excel 双击不乱码）；公式符号开头的格前面加 ``'``，打开不会执行。"""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(ROSTER_HEADER)
    for line in lines:
        cells = (writable(cell) for cell in line.cells)
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell for cell in cells])
    return buffer.getvalue().encode("utf-8-sig")
