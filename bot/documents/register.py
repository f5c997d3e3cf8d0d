"""附件3《全国教师管理信息系统教师信息更新登记表》：一个单位一个季度的正式表格，.docx 与 .xlsx 两种。"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from docx.shared import Mm
from docx.table import _Row
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.documents import workbook_layout as workbook
from bot.documents.plain_text import chinese_date, display_width
from bot.documents.word_layout import (
    HEI,
    blank_page,
    fill,
    grid,
    number_pages,
    set_row,
    to_bytes,
    write_line,
)

TITLE = "全国教师管理信息系统教师信息更新登记表"
FILLED_BY = "（学校填报）"
COLUMNS = (
    "序号",
    "姓名",
    "修改字段",
    "修改原因",
    "修改前",
    "修改后",
    "修改日期",
    "是否教师主动申请变更",
    "备注",
)
GROUP_TITLE = "修改内容"
GROUP = (2, 5)  # 「修改内容」罩住的列：修改字段至修改后
LEAST_LINES = 8  # 行数不够时补空行，打印出来仍是一张完整的表
NO_CHANGE = "本季度无信息变更"
_WIDTHS_MM = (12, 22, 31, 42, 42, 42, 26, 24, 22)
_WIDTHS_CHARACTERS = (6, 11, 17, 22, 22, 22, 13, 12, 12)
_LEFT_ALIGNED = (3, 4, 5, 8)
_HEADER_ROW = 5  # .xlsx 里表头的第一行


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """登记表的一行：一位教师的一个字段。"""

    number: int
    name: str
    field: str
    reason: str
    before: str
    after: str
    changed_on: date
    by_teacher: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """一张登记表。``quarter_label`` 写作 ``2017年第一季度``；``filled_on`` 为空时留给人手填。

    ``zero_report`` 为真且没有行时，表里写明「本季度无信息变更」；否则空表就是供手填的空白表。
    """

    unit_name: str
    quarter_label: str
    filled_on: date | None
    filler: str
    phone: str
    rows: tuple[RegisterRow, ...]
    footnote: str
    zero_report: bool = False


def register_footnote(phone: str, mail: str) -> str:
    """表下的「说明」。联系人只写科室；电话、邮箱为空就不写那一项（附件3 说明）。"""
    contacts = ["联系人：教师工作科"]
    if phone:
        contacts.append(f"联系电话：{phone}")
    if mail:
        contacts.append(f"邮箱：{mail}")
    return (
        "说明：信息更新维护期间（2017年1月起）实行工作季报制度，各县市区、市直学校要于每季度最后一月25日前"
        f"将信息更新登记表电子稿报送至市教体局教师工作科备案，{'，'.join(contacts)}。"
    )


def register_lines(form: RegisterForm) -> list[tuple[str, ...]]:
    """表身各行的文字，不足 8 行补空行；两种文件格式共用，内容不会走样。"""
    lines: list[tuple[str, ...]] = [
        (
            str(row.number),
            row.name,
            row.field,
            row.reason,
            row.before,
            row.after,
            row.changed_on.isoformat(),
            "是" if row.by_teacher else "否",
            row.note,
        )
        for row in form.rows
    ]
    if form.zero_report and not lines:
        lines.append(("", "无", "无", NO_CHANGE, "", "", "", "", "零报告"))
    blank = ("",) * len(COLUMNS)
    return lines + [blank] * (LEAST_LINES - len(lines))


def register_docx(form: RegisterForm) -> bytes:
    """登记表的 Word 文件：A4 横向，两行表头每页重复。"""
    document = blank_page(
        landscape=True,
        margin_mm=17,
        title=f"{TITLE} {form.unit_name} {form.quarter_label}",
        author=form.unit_name,
        day=form.filled_on,
    )
    write_line(document, TITLE, size=18, chinese=HEI, centered=True, after=4)
    write_line(document, FILLED_BY, size=12, centered=True, after=6)
    write_line(document, f"单位（公章）：{form.unit_name}", after=4)
    paragraph = write_line(document, "\t".join(_details(form)), after=6)
    for position in (95, 180):
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(position))
    lines = register_lines(form)
    table = grid(document, rows=2 + len(lines), widths_mm=_WIDTHS_MM)
    rows = list(table.rows)
    _word_header(rows[0], rows[1])
    for row, line in zip(rows[2:], lines, strict=True):
        set_row(row, height_mm=9)
        for index, (cell, text) in enumerate(zip(row.cells, line, strict=True)):
            fill(cell, text, centered=index not in _LEFT_ALIGNED)
    write_line(document, form.footnote, size=10.5, before=8)
    number_pages(document, f"{form.unit_name}　{form.quarter_label}")
    return to_bytes(document)


def _details(form: RegisterForm) -> tuple[str, str, str]:
    return f"填表日期：{chinese_date(form.filled_on)}", f"填表人：{form.filler}", f"电话：{form.phone}"


def _word_header(top: _Row, bottom: _Row) -> None:
    for row in (top, bottom):
        set_row(row, height_mm=9, repeat=True)
    first, last = GROUP
    tops, bottoms = top.cells, bottom.cells
    for index, name in enumerate(COLUMNS):
        inside = first <= index <= last
        fill(bottoms[index] if inside else tops[index].merge(bottoms[index]), name, chinese=HEI)
    fill(tops[first].merge(tops[last]), GROUP_TITLE, chinese=HEI)


def register_xlsx(form: RegisterForm) -> bytes:
    """登记表的 Excel 文件：每格都是文字，A4 横向一页宽，表头每页重复。"""
    book, sheet = workbook.blank_sheet(
        sheet_name=form.quarter_label,
        title=f"{TITLE} {form.unit_name} {form.quarter_label}",
        author=form.unit_name,
        day=form.filled_on,
    )
    for column, width in enumerate(_WIDTHS_CHARACTERS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    _excel_heading(sheet, form)
    _excel_header(sheet)
    body = Font(name=workbook.SONG, size=10.5)
    number = _HEADER_ROW + 1
    for number, line in enumerate(register_lines(form), start=_HEADER_ROW + 2):
        for index, text in enumerate(line):
            side = "left" if index in _LEFT_ALIGNED else "center"
            workbook.put(sheet, number, index + 1, text, font=body, horizontal=side)
        sheet.row_dimensions[number].height = _line_height(line)
    sheet.merge_cells(start_row=number + 1, end_row=number + 1, start_column=1, end_column=len(COLUMNS))
    workbook.put(sheet, number + 1, 1, form.footnote, font=body, horizontal="left", framed=False)
    sheet.row_dimensions[number + 1].height = 40
    workbook.print_on_a4(
        sheet,
        header_rows=f"{_HEADER_ROW}:{_HEADER_ROW + 1}",
        footer=f"{form.unit_name}　{form.quarter_label}",
    )
    return workbook.to_bytes(book)


def _excel_heading(sheet: Worksheet, form: RegisterForm) -> None:
    plain = Font(name=workbook.SONG, size=12)
    last = len(COLUMNS)
    day, filler, phone = _details(form)
    # (行, 起列, 止列, 文字, 字体, 对齐, 行高)
    blocks = (
        (1, 1, last, TITLE, Font(name=workbook.HEI, size=18), "center", 32),
        (2, 1, last, FILLED_BY, plain, "center", 20),
        (3, 1, last, f"单位（公章）：{form.unit_name}", plain, "left", 22),
        (4, 1, 3, day, plain, "left", 22),
        (4, 4, 5, filler, plain, "left", 22),
        (4, 6, last, phone, plain, "left", 22),
    )
    for row, start, end, text, font, side, height in blocks:
        sheet.merge_cells(start_row=row, end_row=row, start_column=start, end_column=end)
        workbook.put(sheet, row, start, text, font=font, horizontal=side, framed=False)
        sheet.row_dimensions[row].height = height


def _excel_header(sheet: Worksheet) -> None:
    font = Font(name=workbook.HEI, size=10.5)
    first, last = GROUP
    for index, name in enumerate(COLUMNS):
        column, inside = index + 1, first <= index <= last
        top = (GROUP_TITLE if index == first else "") if inside else name
        workbook.put(sheet, _HEADER_ROW, column, top, font=font)
        workbook.put(sheet, _HEADER_ROW + 1, column, name if inside else "", font=font)
        if not inside:
            sheet.merge_cells(
                start_row=_HEADER_ROW, end_row=_HEADER_ROW + 1, start_column=column, end_column=column
            )
    sheet.merge_cells(start_row=_HEADER_ROW, end_row=_HEADER_ROW, start_column=first + 1, end_column=last + 1)
    for row in (_HEADER_ROW, _HEADER_ROW + 1):
        sheet.row_dimensions[row].height = 24


def _line_height(line: tuple[str, ...]) -> float:
    """一行的磅数：按最高的一格要折几行算，最少 24。"""
    folds = 1
    for text, width in zip(line, _WIDTHS_CHARACTERS, strict=True):
        needed = sum(max(1, math.ceil(display_width(part) / (width - 2))) for part in text.split("\n"))
        folds = max(folds, needed)
    return min(409.0, max(24.0, folds * 14.5 + 6))  # Excel 的行高上限是 409 磅
