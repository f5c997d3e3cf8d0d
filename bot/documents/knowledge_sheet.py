"""整个知识库的一个 .xlsx：条目一张表，问法一张表（一行一句），说明一张表；给在 Excel 里改知识的人。"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bot.documents import workbook_layout as workbook
from bot.documents.sheets import Sheet, SheetError, read_tables

ENTRY_SHEET, PHRASE_SHEET, NOTE_SHEET = "条目", "问法", "说明"
CERTAINTY = "可信程度"
# 列名 → 列宽
ENTRY_COLUMNS = {
    "编号": 32,
    "主题": 18,
    "标准问法": 36,
    "答复": 70,
    "依据": 28,
    CERTAINTY: 10,
    "读者": 18,
    "相关": 30,
    "版本": 8,
    "最后改动": 14,
}
PHRASE_COLUMNS = {"编号": 32, "问法": 60}
OPTIONAL = ("最后改动",)
MAX_ROWS = 60_000
MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class EntryLine:
    """一个条目，全是文字，没有核对过。``number`` 是表里的行号；一格几样的以顿号分隔。"""

    id: str
    topic: str
    question: str
    answer: str
    basis: str
    certainty: str
    audience: str = ""
    related: str = ""
    version: str = ""
    changed: str = ""
    number: int = 0

    @property
    def cells(self) -> tuple[str, ...]:
        """按表头的次序。"""
        return (
            self.id,
            self.topic,
            self.question,
            self.answer,
            self.basis,
            self.certainty,
            self.audience,
            self.related,
            self.version,
            self.changed,
        )


@dataclass(frozen=True, slots=True)
class PhraseLine:
    """一句问法。``number`` 是表里的行号。"""

    id: str
    phrase: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class KnowledgeLines:
    """读出来的两张表；``phrases`` 为空是没有“问法”这张表。"""

    entries: tuple[EntryLine, ...]
    phrases: tuple[PhraseLine, ...] | None


def read_knowledge(content: bytes, filename: str) -> KnowledgeLines:
    """读改过的文件；列的次序不限，多余的列不看。读不了、缺表、缺列抛 :class:`SheetError`。"""
    tables = read_tables(content, filename, max_rows=MAX_ROWS, max_bytes=MAX_BYTES)
    if ENTRY_SHEET not in tables:
        raise SheetError([f"文件里没有“{ENTRY_SHEET}”这张表，请用 /知识 导出 的文件来改，不要改表名"])
    entries = tuple(
        EntryLine(*cells, number=number) for number, cells in _rows(ENTRY_SHEET, tables[ENTRY_SHEET])
    )
    phrases = None
    if PHRASE_SHEET in tables:
        rows = _rows(PHRASE_SHEET, tables[PHRASE_SHEET])
        phrases = tuple(PhraseLine(*cells, number=number) for number, cells in rows)
    return KnowledgeLines(entries, phrases)


def _rows(name: str, sheet: Sheet) -> list[tuple[int, tuple[str, ...]]]:
    """按规定的列取每一行，和它的行号；要用的列全空的不算。"""
    columns = tuple(ENTRY_COLUMNS if name == ENTRY_SHEET else PHRASE_COLUMNS)
    header = [cell.replace(" ", "") for cell in sheet.header]
    where = f"{name} 第{sheet.header_number}行"
    problems = [f"{where}：缺少“{one}”一列" for one in columns if one not in (*header, *OPTIONAL)]
    problems += [f"{where}：有 {header.count(one)} 个“{one}”列" for one in columns if header.count(one) > 1]
    if problems:
        raise SheetError([*problems, f"“{name}”的表头应为：{'、'.join(columns)}"])
    places = [header.index(one) if one in header else None for one in columns]
    rows = [
        (row.number, tuple("" if place is None else row.cells[place] for place in places))
        for row in sheet.rows
    ]
    return [(number, cells) for number, cells in rows if any(cells)]


def knowledge_xlsx(
    entries: Iterable[EntryLine],
    phrases: Iterable[PhraseLine],
    *,
    certainties: Sequence[str],
    notes: Sequence[str],
) -> bytes:
    """知识库的 .xlsx：表头冻结、可筛选、全是文字；``certainties`` 做成可信程度的下拉框。"""
    book, sheet = workbook.blank_sheet(sheet_name=ENTRY_SHEET, title="知识库", author="")
    _fill(sheet, ENTRY_COLUMNS, (line.cells for line in entries))
    letter = get_column_letter(list(ENTRY_COLUMNS).index(CERTAINTY) + 1)
    choice = DataValidation("list", formula1=f'"{",".join(certainties)}"', allow_blank=True)
    choice.add(f"{letter}2:{letter}{MAX_ROWS}")
    sheet.add_data_validation(choice)
    _fill(book.create_sheet(PHRASE_SHEET), PHRASE_COLUMNS, ((line.id, line.phrase) for line in phrases))
    _explain(book, notes)
    return workbook.to_bytes(book)


def _fill(sheet: Worksheet, columns: dict[str, int], rows: Iterable[Sequence[str]]) -> None:
    head, body = Font(name=workbook.HEI, size=11, bold=True), Font(name=workbook.SONG, size=11)
    for column, (name, width) in enumerate(columns.items(), start=1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].number_format = "@"
        workbook.put(sheet, 1, column, name, font=head)
        sheet.cell(1, column).fill = PatternFill("solid", fgColor="DDEBF7")
    number = 1
    for number, cells in enumerate(rows, start=2):
        for column, text in enumerate(cells, start=1):
            workbook.put(sheet, number, column, text, font=body, horizontal="left", framed=False)
    sheet.row_dimensions[1].height = 24
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{number}"
    workbook.print_on_a4(sheet, header_rows="1:1", footer=f"知识库{sheet.title}")


def _explain(book: Workbook, notes: Sequence[str]) -> None:
    sheet = book.create_sheet(NOTE_SHEET)
    sheet.column_dimensions["A"].width = 90
    for number, note in enumerate(notes, start=1):
        font = Font(name=workbook.SONG, size=11)
        workbook.put(sheet, number, 1, note, font=font, horizontal="left", framed=False)
    workbook.print_on_a4(sheet, header_rows="1:1", footer=NOTE_SHEET, landscape=False)
