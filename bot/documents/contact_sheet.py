"""管理员通讯录 .xlsx：一人一角色一行，表头冻结、可筛选、全是文字；没有管理员的单位另放一张表。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.documents import workbook_layout as workbook

HEADER = ("县市区", "单位", "代码", "角色", "姓名", "电话", "QQ")
EMPTY_HEADER = HEADER[:3]
WIDTHS = (16, 36, 14, 14, 14, 18, 14)
PEOPLE_SHEET, EMPTY_SHEET = "通讯录", "没有管理员的单位"


@dataclass(frozen=True, slots=True)
class ContactLine:
    """通讯录的一行。"""

    county: str
    unit: str
    code: str
    role: str = ""
    name: str = ""
    phone: str = ""
    qq: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """按 ``HEADER`` 的次序。"""
        return (self.county, self.unit, self.code, self.role, self.name, self.phone, self.qq)


def contacts_xlsx(people: Sequence[ContactLine], empty: Sequence[ContactLine], *, title: str) -> bytes:
    """通讯录文件的字节；``empty`` 是没有管理员的单位。"""
    book, sheet = workbook.blank_sheet(sheet_name=PEOPLE_SHEET, title=title, author="")
    _fill(sheet, HEADER, [line.cells for line in people])
    _fill(book.create_sheet(EMPTY_SHEET), EMPTY_HEADER, [line.cells[:3] for line in empty])
    return workbook.to_bytes(book)


def _fill(sheet: Worksheet, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    head = Font(name=workbook.HEI, size=11, bold=True)
    body = Font(name=workbook.SONG, size=11)
    for column, (name, width) in enumerate(zip(header, WIDTHS, strict=False), start=1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].number_format = "@"
        workbook.put(sheet, 1, column, name, font=head)
        sheet.cell(1, column).fill = PatternFill("solid", fgColor="DDEBF7")
    for number, cells in enumerate(rows, start=2):
        for column, text in enumerate(cells, start=1):
            workbook.put(sheet, number, column, text, font=body, horizontal="left", framed=False, wrap=False)
    sheet.row_dimensions[1].height = 24
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{len(rows) + 1}"
    workbook.print_on_a4(sheet, header_rows="1:1", footer=sheet.title)
