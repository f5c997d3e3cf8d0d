"""读表：各种编码、各种冒充的文件、各种想撑爆内存的工作簿。"""

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.documents.sheets import Sheet, SheetError, SheetRow, StoredNumber, read_sheet

TABLE = "代码,名称\r\nYY01,岳阳楼区\r\n"
EXPECTED = Sheet(header=("代码", "名称"), rows=(SheetRow(2, ("YY01", "岳阳楼区")),))


def workbook(*rows: list, change: Callable[[Workbook], None] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    if change:
        change(book)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rebuilt(content: bytes, replace: dict[str, bytes]) -> bytes:
    """换掉或加上几个部件的工作簿。"""
    source = zipfile.ZipFile(BytesIO(content))
    parts = {name: source.read(name) for name in source.namelist()} | replace
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def problem(content: bytes, filename: str = "名册.xlsx", **limits) -> str:
    with pytest.raises(SheetError) as caught:
        read_sheet(content, filename, **limits)
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


SMALL = workbook(["代码", "名称"], ["YY01", "岳阳楼区"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_is_read_in_every_usual_encoding(encoding):
    assert read_sheet(TABLE.encode(encoding), "名册.csv") == EXPECTED


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_delimiter_is_recognised(delimiter):
    assert read_sheet(TABLE.replace(",", delimiter).encode(), "名册.csv") == EXPECTED


def test_csv_row_numbers_are_those_excel_shows():
    text = '代码,名称\n\nYY01,"岳阳\n楼区"\n\nYY02,云溪区\n,\n\n'
    rows = read_sheet(text.encode(), "a.csv").rows
    assert [(row.number, row.cells[0]) for row in rows] == [(3, "YY01"), (5, "YY02")]


def test_csv_with_a_stray_quote_names_the_row():
    assert problem('代码,名称\nYY01,"岳阳楼区\n'.encode(), "a.csv").startswith("第2行附近的引号不成对")


def test_workbook_is_read():
    assert read_sheet(SMALL, "名册.xlsx") == EXPECTED


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (52, "52"),
        (52.0, "52"),
        (0.1 + 0.2, "0.3"),
        (430602198001015, "430602198001015"),
        ("0012", "0012"),
        ("5.0", "5.0"),
        (True, "TRUE"),
        (date(2017, 3, 2), "2017-03-02"),
        (datetime(2017, 3, 2, 8, 30), "2017-03-02 08:30:00"),  # noqa: DTZ001
        (time(8, 30), "08:30:00"),
        ("  前后空白\u3000", "前后空白"),
    ],
)
def test_values_become_the_text_people_see(value, text):
    assert read_sheet(workbook(["值"], [value]), "a.xlsx").rows[0].cells == (text,)


def test_blank_rows_are_left_out_and_numbers_kept():
    content = workbook([], ["代码", "名称"], [None, None], ["YY01"], ["", " "], [None])
    sheet = read_sheet(content, "a.xlsx")
    assert sheet.header_number == 2
    assert sheet.rows == (SheetRow(4, ("YY01", "")),)


def test_formatted_but_empty_cells_far_below_do_not_count():
    def style_far_cell(book: Workbook) -> None:
        book.worksheets[0]["A1048576"].number_format = "@"

    content = workbook(["代码", "名称"], ["YY01", "岳阳楼区"], change=style_far_cell)
    assert read_sheet(content, "a.xlsx") == EXPECTED


def test_hidden_sheets_are_not_read():
    def add_hidden(book: Workbook) -> None:
        book.create_sheet("草稿").append(["别的"])
        book["草稿"].sheet_state = "hidden"

    content = workbook(["代码", "名称"], ["YY01", "岳阳楼区"], change=add_hidden)
    assert read_sheet(content, "a.xlsx") == EXPECTED


def test_two_filled_sheets_are_refused_by_name():
    content = workbook(["代码"], change=lambda book: book.create_sheet("另一张").append(["代码"]))
    assert "Sheet、另一张" in problem(content)


def test_content_decides_not_the_extension():
    assert read_sheet(SMALL, "名册.csv") == EXPECTED
    assert read_sheet(TABLE.encode(), "名册.xlsx") == EXPECTED


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        (b"\0\0 \r\n", "文件是空的"),
        (b"%PDF-1.7 ...", "“名册.xlsx”其实是PDF 文件（像是改过扩展名）"),
        (b"\x89PNG\r\n\x1a\n", "其实是图片"),
        (b"Rar!\x1a\x07", "RAR 压缩包"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 600, "旧版 Office 文件"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 99 + "EncryptedPackage".encode("utf-16-le"),
            "加了密码",
        ),
        ("<html><table><tr><td>代码".encode(), "网页格式"),
        ("只是一段话\n又一段".encode(), "像是改过扩展名"),
        (b"\x01\x02\x03\x81\xff" * 9, "认不出这个文件的格式"),
        (SMALL[:-200], "文件不完整"),
        (SMALL[: len(SMALL) // 2], "文件不完整"),
        (rebuilt(SMALL, {"xl/vbaProject.bin": b"x"}), "带有宏"),
        (rebuilt(SMALL, {"xl/externalLinks/externalLink1.xml": b"<x/>"}), "指向别的文件的链接"),
    ],
)
def test_what_is_not_a_plain_table_is_named(content, words):
    assert words in problem(content)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("word/document.xml", "这是 Word 文档"),
        ("xl/workbook.bin", ".xlsb"),
        ("content.xml", ".ods"),
        ("名册.xlsx", "这是压缩包"),
        ("readme.txt", "不是 Excel 表格"),
    ],
)
def test_other_packages_are_named(name, words):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, b"x")
    assert words in problem(buffer.getvalue())


def test_encrypted_zip_entry_is_refused():
    content = bytearray(SMALL)
    entry = content.find(b"PK\x01\x02")
    content[entry + 8] |= 1
    assert "加了密码" in problem(bytes(content))


def test_file_over_the_size_limit_is_refused_before_parsing():
    assert "超过 0.001 MB" in problem(b"PK" + b"x" * 2000, max_bytes=1000)


def test_zip_bomb_is_refused_by_its_directory():
    bomb = rebuilt(SMALL, {"xl/media/a.bin": bytes(61_000_000)})
    assert len(bomb) < 100_000
    assert "解开后太大" in problem(bomb)


def test_directory_that_lies_about_sizes_is_refused():
    bomb = bytearray(rebuilt(SMALL, {"xl/extra.xml": bytes(30_000_000)}))
    position = bomb.rfind(b"xl/extra.xml") - 46 + 24
    bomb[position : position + 4] = (1000).to_bytes(4, "little")
    assert "文件不完整" in problem(bytes(bomb))


def test_too_many_entries_are_refused():
    assert "内部结构" in problem(rebuilt(SMALL, {f"xl/x{number}": b"" for number in range(1001)}))


@pytest.mark.parametrize("place", ["XFD1048576", "B1048576", "XFD2"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/hidden-place.xml"])
def test_a_single_far_cell_cannot_blow_up_memory(place, part):
    far = f"<c  s=\"1\" r = '{place}'><v>1</v></c>"
    xml = f'<sheetData><row r="1"><c r="A1"><v>1</v></c>{far}</row></sheetData>'
    assert "最多" in problem(rebuilt(SMALL, {part: xml.encode()}))


def test_far_row_without_cell_addresses_is_refused():
    far = b'<sheetData><row r="1048576"><c><v>1</v></c></row></sheetData>'
    assert "最多 20000 行" in problem(rebuilt(SMALL, {"xl/worksheets/sheet1.xml": far}))


def test_one_long_text_referenced_many_times_is_refused():
    strings = b"<sst><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 5000))
    content = rebuilt(
        SMALL,
        {
            "xl/sharedStrings.xml": strings,
            "xl/worksheets/sheet1.xml": f"<sheetData>{cells}</sheetData>".encode(),
        },
    )
    assert "内容太多" in problem(content)


@pytest.mark.parametrize(
    "filler", [b"<c ", b'<c "', b"<c a", b'<c r="A1" r="A1">', b"<si>", b'<row r="', b"<a:", b"</si "]
)
def test_hostile_markup_is_scanned_in_linear_time(filler):
    content = rebuilt(SMALL, {"xl/worksheets/sheet1.xml": filler * 2_000_000})
    with pytest.raises(SheetError):
        read_sheet(content, "a.xlsx")


def test_row_limit_counts_what_is_filled():
    content = workbook(["代码"], ["a"], ["b"])
    assert len(read_sheet(content, "a.xlsx", max_rows=3).rows) == 2
    assert "最多 2 行" in problem(content, max_rows=2)
    assert "超过 2 行" in problem(b"h,h\na,a\nb,b\n", "a.csv", max_rows=2)


def test_empty_workbook_is_said_to_be_empty():
    assert problem(workbook()) == "表格里没有内容，请检查后重新发"


def test_long_file_names_are_shortened_in_the_message():
    assert len(problem(b"%PDF-1.7", "很长" * 200 + ".xlsx")) < 100


def read_or_explain(content: bytes) -> bool:
    """读成了表，或者说清了为什么读不了；别的错误原样抛出来。"""
    try:
        return bool(read_sheet(content, "a.xlsx").header)
    except SheetError as error:
        return all(error.problems)


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, len(SMALL) - 1), value=st.integers(0, 255))
def test_damaged_workbooks_end_in_a_sheet_or_a_sentence(position, value):
    damaged = bytearray(SMALL)
    damaged[position] = value
    assert read_or_explain(bytes(damaged))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_arbitrary_bytes_end_in_a_sheet_or_a_sentence(content):
    assert read_or_explain(content)


FORMULAS = (
    '<c r="B3"><f>1+1</f><v>2</v></c>',
    '<c r="B3" t="str"><f t="shared" si="0"/><v>x</v></c>',
    '<x:c r="B3" s="1"> <x:f>HYPERLINK("http://example.com")</x:f></x:c>',
)


@pytest.mark.parametrize("cell", FORMULAS)
def test_formula_cells_are_named_where_they_are_not_wanted(cell):
    xml = f'<worksheet><sheetData><row r="3">{cell}</row></sheetData></worksheet>'
    content = rebuilt(SMALL, {"xl/worksheets/sheet1.xml": xml.encode()})
    assert problem(content, refuse_formulas=True).startswith("B3 1 格是公式，请全选复制")


def test_formula_cells_are_read_as_their_results_where_nobody_minds():
    xml = '<sheetData><row r="1"><c r="A1" t="str"><f>1+1</f><v>2</v></c></row></sheetData>'
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{namespace}">{xml}</worksheet>'
    content = rebuilt(SMALL, {"xl/worksheets/sheet1.xml": sheet.encode()})
    assert read_sheet(content, "a.xlsx").header == ("2",)


def test_cells_stored_as_numbers_say_so():
    row = read_sheet(workbook(["代码", "名称"], [4306210001, "月田"]), "a.xlsx").rows[0]
    assert [isinstance(cell, StoredNumber) for cell in row.cells] == [True, False]
    assert row.cells == ("4306210001", "月田")
