"""写 .xlsx 的共同做法：每格都是文字（公式符号开头的也不例外）、中文字体、框线、打印设置。"""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from bot.documents.plain_text import writable

SONG = "宋体"
HEI = "黑体"
_LINE = Side(style="thin", color="000000")
FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_FORBIDDEN_IN_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def blank_sheet(
    *, sheet_name: str, title: str, author: str, day: date | None = None
) -> tuple[Workbook, Worksheet]:
    """只有一张表的工作簿；表名里 Excel 不许的字符换成空格，截到 31 字。"""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = writable(sheet_name).translate(_FORBIDDEN_IN_NAME).strip()[:31] or "Sheet1"
    book.properties.title, book.properties.creator = writable(title), writable(author)
    if day:
        book.properties.created = datetime(day.year, day.month, day.day)  # noqa: DTZ001  文件属性按本地日期写
    return book, sheet


def put(
    sheet: Worksheet,
    row: int,
    column: int,
    text: str,
    *,
    font: Font,
    horizontal: str = "center",
    framed: bool = True,
    wrap: bool = True,
) -> None:
    """把文字写进一格；类型定死为文字，``=1+1`` 之类打开后仍是原样，不会变成公式。"""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101
    if text:
        cell.value = writable(text)
        cell.data_type = "s"
    cell.number_format = "@"
    cell.font = font
    indent = 1 if framed and horizontal == "left" else 0
    cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=wrap, indent=indent)
    if framed:
        cell.border = FRAME


def print_on_a4(sheet: Worksheet, *, header_rows: str, footer: str, landscape: bool = True) -> None:
    """A4 打印：缩放到一页宽、页数不限，表头 ``header_rows``（如 ``5:6``）每页重复，页脚带页码。"""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = 9  # Excel 的 A4 编号
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.6
    margins.top = margins.bottom = 0.7
    margins.header = margins.footer = 0.35
    sheet.print_title_rows = header_rows
    label = writable(footer).replace("&", "&&")
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(f"{label}　第 &P 页 共 &N 页"))


def to_bytes(book: Workbook) -> bytes:
    """工作簿的 .xlsx 字节。"""
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()
