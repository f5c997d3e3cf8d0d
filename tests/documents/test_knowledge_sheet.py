"""知识库的 .xlsx：写出去再读回来一样，全是文字；缺表、缺列说清楚。"""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from bot.documents.knowledge_sheet import (
    ENTRY_COLUMNS,
    EntryLine,
    PhraseLine,
    knowledge_xlsx,
    read_knowledge,
)
from bot.documents.sheet_error import SheetError

ENTRIES = (
    EntryLine(
        "a.one", "主题", "=1+1 是多少？", "第一行\n第二行", "依据", "方案", "老师", "a.two", "0", "出厂"
    ),
    EntryLine("a.two", "主题", "@所有人", "-答复", "+依据", "确认", "所有人、老师", "", "3", "2017-02-20"),
)
PHRASES = (PhraseLine("a.one", "=SUM(A1)"), PhraseLine("a.one", "2017-03-02"), PhraseLine("a.two", "007"))


def made(entries: tuple[EntryLine, ...] = ENTRIES, phrases: tuple[PhraseLine, ...] = PHRASES) -> bytes:
    return knowledge_xlsx(entries, phrases, certainties=("方案", "确认", "删除"), notes=("怎么改",))


def workbook(tables: dict[str, list[list[str]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_what_is_written_is_read_back() -> None:
    read = read_knowledge(made(), "知识库.xlsx")
    assert [line.cells for line in read.entries] == [line.cells for line in ENTRIES]
    assert [line.number for line in read.entries] == [2, 3]
    assert read.phrases is not None
    assert [(line.id, line.phrase) for line in read.phrases] == [(one.id, one.phrase) for one in PHRASES]


def test_every_cell_is_text_and_the_head_stays() -> None:
    book = load_workbook(BytesIO(made()))
    assert book.sheetnames == ["条目", "问法", "说明"]
    for sheet in book.worksheets:
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
        assert kinds == {"s"}
    entries = book["条目"]
    assert (entries.freeze_panes, entries.auto_filter.ref) == ("A2", "A1:J3")
    assert entries["D2"].alignment.wrap_text is True
    assert entries.column_dimensions["D"].width == ENTRY_COLUMNS["答复"]
    assert entries.data_validations.dataValidation[0].formula1 == '"方案,确认,删除"'
    assert book["说明"]["A1"].value == "怎么改"


def test_columns_may_stand_in_another_order_with_others_between() -> None:
    header = ["备注", *reversed(list(ENTRY_COLUMNS))]
    row = ["随便写", *reversed(ENTRIES[1].cells)]
    read = read_knowledge(workbook({"条目": [header, row]}), "a.xlsx")
    assert read.entries[0].cells == ENTRIES[1].cells
    assert read.phrases is None


def test_rows_without_anything_are_skipped() -> None:
    rows = [list(ENTRY_COLUMNS), list(ENTRIES[1].cells), [""] * 10, list(ENTRIES[1].cells)]
    read = read_knowledge(workbook({"条目": rows}), "a.xlsx")
    assert [line.number for line in read.entries] == [2, 4]


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({"别的": [["编号"], ["a"]]}, "文件里没有“条目”这张表"),
        ({"条目": [["编号", "主题"], ["a", "b"]]}, "条目 第1行：缺少“标准问法”一列"),
        ({"条目": [[*ENTRY_COLUMNS, "答复"], ["a"]]}, "条目 第1行：有 2 个“答复”列"),
        (
            {"条目": [list(ENTRY_COLUMNS), ["a"]], "问法": [["编号"], ["a"]]},
            "问法 第1行：缺少“问法”一列",
        ),
    ],
)
def test_missing_parts_are_named(tables: dict[str, list[list[str]]], says: str) -> None:
    with pytest.raises(SheetError) as refused:
        read_knowledge(workbook(tables), "a.xlsx")
    assert any(problem.startswith(says) for problem in refused.value.problems)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"%PDF-1.4", b"PK broken"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(SheetError):
        read_knowledge(content, "a.xlsx")
