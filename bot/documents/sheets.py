"""读别人发来的表格：.xlsx 与 .csv 变成一行行文字。看内容不看扩展名，先设上限再解析。"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import PurePath

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from bot.documents.sheet_error import SheetError
from bot.documents.workbook_guard import MAX_COLUMNS, checked_workbook

__all__ = ["Sheet", "SheetError", "SheetRow", "StoredNumber", "read_sheet", "read_tables"]

_RESAVE = "请在 Excel 或 WPS 里另存为 .xlsx 后再发"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# 常被改名当作表格发来的文件：开头的字节 → 它其实是什么
_OTHER_KINDS = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"{\\rtf", "RTF 文档"),
)
_TABLE_EXTENSIONS = (".xlsx", ".xlsm", ".xls", ".csv")
_MOST_TABLES = 20
_PLAIN_SPACES = " \t\r\n\u00a0\u3000\ufeff"


class StoredNumber(str):
    """存成数字的一格：文字照样用，但前面的零、第 15 位以后的数字可能已经丢了。"""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """一行。``number`` 是 Excel 里看到的行号（从 1 起），``cells`` 至少与表头等宽。"""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """一张表：第一个非空行是表头，其余非空行是数据；空行不收，行号照旧。"""

    header: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    header_number: int = 1


def read_sheet(
    content: bytes,
    filename: str,
    *,
    max_rows: int = 20_000,
    max_bytes: int = 5_000_000,
    refuse_formulas: bool = False,
) -> Sheet:
    """把文件读成 :class:`Sheet`；``max_rows`` 含表头。读不了抛 :class:`SheetError`。

    ``refuse_formulas`` 是有公式的格就不收：公式显示的结果可能不是存着的那个。
    """
    _check_size(content, max_bytes)
    if content.startswith(b"PK"):
        lines = _workbook_lines(content, max_rows=max_rows, refuse_formulas=refuse_formulas)
    else:
        _refuse_other_kinds(content, filename)
        lines = _csv_lines(_decoded(content), max_rows=max_rows)
        if _says_excel(filename) and all(len(line) < 2 for line in lines):
            raise SheetError([f"{_quoted(filename)}里是纯文字，不是 Excel 表格，像是改过扩展名；{_RESAVE}"])
    return _sheet(lines, max_rows=max_rows)


def read_tables(content: bytes, filename: str, *, max_rows: int, max_bytes: int) -> dict[str, Sheet]:
    """把工作簿读成“表名 → :class:`Sheet`”，看不见的、没有内容的表不读；``max_rows`` 是每张表的。"""
    _check_size(content, max_bytes)
    if not content.startswith(b"PK"):
        _refuse_other_kinds(content, filename)
        raise SheetError([f"{_quoted(filename)}不是 .xlsx 表格，{_RESAVE}"])
    tables = _workbook_tables(content, max_rows=max_rows, most=_MOST_TABLES)
    return {name.strip(): _sheet(lines, max_rows=max_rows) for name, lines in tables}


def _check_size(content: bytes, max_bytes: int) -> None:
    if not content.strip(b"\0 \t\r\n"):
        raise SheetError(["文件是空的，请检查后重新发"])
    if len(content) > max_bytes:
        limit = max_bytes / 1_000_000
        raise SheetError([f"文件有 {len(content) / 1_000_000:.1f} MB，超过 {limit:g} MB，请只留下要导入的表"])


def _says_excel(filename: str) -> bool:
    return PurePath(filename).suffix.lower() in (".xlsx", ".xlsm", ".xls")


def _quoted(filename: str) -> str:
    name = PurePath(filename).name
    return f"“{name if len(name) <= 40 else name[:39] + '…'}”"


def _refuse_other_kinds(content: bytes, filename: str) -> None:
    if content.startswith(_OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise SheetError(["文件加了密码，请取消密码后另存为 .xlsx 再发"])
        raise SheetError([f"{_quoted(filename)}是旧版 Office 文件（如 .xls），{_RESAVE}"])
    for start, kind in _OTHER_KINDS:
        if content.startswith(start):
            renamed = "（像是改过扩展名）" if PurePath(filename).suffix.lower() in _TABLE_EXTENSIONS else ""
            raise SheetError([f"{_quoted(filename)}其实是{kind}{renamed}，不是表格；请发 .xlsx 或 .csv"])
    beginning = content[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if beginning.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        raise SheetError([f"{_quoted(filename)}是网页格式的表格（有的系统导出时只改了扩展名），{_RESAVE}"])


def _workbook_lines(content: bytes, *, max_rows: int, refuse_formulas: bool) -> list[list[str]]:
    tables = _workbook_tables(content, max_rows=max_rows, most=2, refuse_formulas=refuse_formulas)
    if len(tables) > 1:
        listed = "、".join(name for name, _ in tables)
        raise SheetError([f"文件里不止一张表有内容（{listed}），请只留下要导入的那一张"])
    return tables[0][1] if tables else []


def _workbook_tables(
    content: bytes, *, max_rows: int, most: int, refuse_formulas: bool = False
) -> list[tuple[str, list[list[str]]]]:
    package = checked_workbook(content, max_rows=max_rows, refuse_formulas=refuse_formulas)
    try:
        with CalamineWorkbook.from_filelike(package) as book:
            return _filled_tables(book, most)
    except SheetError:
        raise
    except BaseException as error:
        # 解析器内部出错时抛的 PanicException 不是 Exception，只能这样接住；其余的照旧往外走
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise SheetError([f"表格内容读不出来，文件可能已损坏，{_RESAVE}"]) from error
        raise


def _filled_tables(book: CalamineWorkbook, most: int) -> list[tuple[str, list[list[str]]]]:
    """看得见又有内容的表，找到 ``most`` 张就停。"""
    filled: list[tuple[str, list[list[str]]]] = []
    for sheet in book.sheets_metadata[:50]:
        if sheet.visible != SheetVisibleEnum.Visible or sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        table = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        lines = [[_text(value) for value in row] for row in table]
        if any(any(line) for line in lines):
            filled.append((sheet.name, lines))
        if len(filled) >= most:
            break
    return filled


def _text(value: object) -> str:
    """一格的文字：整数不带 .0，日期写 2017-03-02，逻辑值照 Excel 写 TRUE/FALSE。"""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return StoredNumber(int(value) if value.is_integer() else format(value, ".15g"))
    if isinstance(value, datetime):
        whole_day = value.time() == time()
        return value.date().isoformat() if whole_day else value.isoformat(" ", "seconds")
    if isinstance(value, time):
        return value.isoformat("seconds")
    if isinstance(value, date | timedelta):
        return str(value)
    return str(value).strip(_PLAIN_SPACES)


def _decoded(content: bytes) -> str:
    """认编码：带 BOM 的 UTF-8/UTF-16，不带 BOM 的 UTF-16（一半是零字节）、UTF-8、GBK。"""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content.count(0) > len(content) // 5:
        encodings = ["utf-16-le" if content[1::2].count(0) > content[::2].count(0) else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(character < " " and character not in "\t\r\n" for character in text):
            return text
    raise SheetError([f"认不出这个文件的格式或文字编码，{_RESAVE}"])


def _csv_lines(text: str, *, max_rows: int) -> list[list[str]]:
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;", key=first_line.count)
    lines: list[list[str]] = []
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for record in reader:
            if len(record) > MAX_COLUMNS:
                raise SheetError([f"第{len(lines) + 1}行有 {len(record)} 列，最多 {MAX_COLUMNS} 列"])
            lines.append([cell.strip(_PLAIN_SPACES) for cell in record])
            if len(lines) > max_rows and any(lines[-1]):
                raise SheetError([f"表格超过 {max_rows} 行，请删去多余的行或拆成几个文件"])
    except csv.Error as error:
        raise SheetError([f"第{len(lines) + 1}行附近的引号不成对，{_RESAVE}"]) from error
    return lines


def _sheet(lines: Iterable[Sequence[str]], *, max_rows: int) -> Sheet:
    filled = [(number, _trimmed(cells)) for number, cells in enumerate(lines, start=1) if any(cells)]
    if not filled:
        raise SheetError(["表格里没有内容，请检查后重新发"])
    if filled[-1][0] > max_rows:
        raise SheetError([f"表格超过 {max_rows} 行，请删去多余的行或拆成几个文件"])
    header_number, header = filled[0]
    rows = tuple(SheetRow(number, cells + ("",) * (len(header) - len(cells))) for number, cells in filled[1:])
    return Sheet(header=header, rows=rows, header_number=header_number)


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    width = len(cells)
    while width and not cells[width - 1]:
        width -= 1
    return tuple(cells[:width])
