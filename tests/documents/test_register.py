"""附件3：另用 python-docx 与 openpyxl 打开做出来的文件，逐格核对。"""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from openpyxl import load_workbook

from bot.documents.register import (
    COLUMNS,
    RegisterForm,
    RegisterRow,
    register_docx,
    register_footnote,
    register_xlsx,
)

TITLE = "全国教师管理信息系统教师信息更新登记表"
FOOTNOTE = register_footnote("0730-0000000", "office@example.org")


def row(number: int = 1, **changes) -> RegisterRow:
    values = {
        "number": number,
        "name": "样例教师",
        "field": "政治面貌",
        "reason": "入党",
        "before": "群众",
        "after": "中共党员",
        "changed_on": date(2017, 3, 2),
        "by_teacher": True,
        "note": "已核对",
    }
    return RegisterRow(**{**values, **changes})


def form(*rows: RegisterRow, zero_report: bool = False) -> RegisterForm:
    return RegisterForm(
        unit_name="岳阳县第三中学",
        quarter_label="2017年第一季度",
        filled_on=date(2017, 3, 20),
        filler="样例填表人",
        phone="00000000000",
        rows=rows,
        footnote=FOOTNOTE,
        zero_report=zero_report,
    )


def word(content: bytes):
    return Document(BytesIO(content))


def excel(content: bytes):
    return load_workbook(BytesIO(content)).worksheets[0]


def table_text(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for line in word(content).tables[0].rows]


def test_word_heading_follows_the_original_form():
    lines = [paragraph.text for paragraph in word(register_docx(form())).paragraphs]
    assert lines == [
        TITLE,
        "（学校填报）",
        "单位（公章）：岳阳县第三中学",
        "填表日期：2017年3月20日\t填表人：样例填表人\t电话：00000000000",
        FOOTNOTE,
    ]


def test_word_header_has_two_rows_with_merged_cells():
    top, bottom = table_text(register_docx(form()))[:2]
    assert top == ["序号", "姓名", *["修改内容"] * 4, "修改日期", "是否教师主动申请变更", "备注"]
    assert bottom == list(COLUMNS)


def test_word_header_rows_repeat_on_each_page_and_others_do_not():
    rows = word(register_docx(form(*(row(number) for number in range(1, 61))))).tables[0].rows
    repeated = [line._tr.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None for line in rows]
    assert repeated == [True, True] + [False] * 60


def test_word_row_holds_every_value_in_order():
    rows = table_text(register_docx(form(row(), row(2, by_teacher=False, note=""))))
    assert rows[2] == ["1", "样例教师", "政治面貌", "入党", "群众", "中共党员", "2017-03-02", "是", "已核对"]
    assert rows[3][7:] == ["否", ""]


def test_word_page_is_a4_landscape():
    section = word(register_docx(form())).sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (297, 210)


def test_word_names_the_chinese_fonts():
    xml = zipfile.ZipFile(BytesIO(register_docx(form(row())))).read("word/document.xml").decode()
    assert 'w:eastAsia="宋体"' in xml
    assert 'w:eastAsia="黑体"' in xml


@pytest.mark.parametrize(("count", "lines"), [(0, 8), (1, 8), (60, 60)])
def test_short_tables_are_filled_up_with_blank_lines(count, lines):
    rows = tuple(row(number) for number in range(1, count + 1))
    assert len(table_text(register_docx(form(*rows)))) == 2 + lines
    footnote = excel(register_xlsx(form(*rows))).cell(7 + lines, 1).value
    assert footnote == FOOTNOTE


def test_blank_form_has_no_text_below_the_header():
    assert {text for line in table_text(register_docx(form()))[2:] for text in line} == {""}


def test_zero_report_says_so_in_both_formats():
    zero = form(zero_report=True)
    assert "本季度无信息变更" in table_text(register_docx(zero))[2]
    assert excel(register_xlsx(zero))["D7"].value == "本季度无信息变更"


def test_word_keeps_markup_and_drops_unwritable_characters():
    text = table_text(register_docx(form(row(after="<b>&\x00\x0b”党员"))))[2][5]
    assert text == "<b>&”党员"


def test_excel_header_and_values_match_the_word_file():
    content = form(row(), row(2, by_teacher=False))
    sheet = excel(register_xlsx(content))
    assert [sheet.cell(6, column).value for column in range(3, 7)] == list(COLUMNS[2:6])
    assert sheet["C5"].value == "修改内容"
    body = [[cell.value or "" for cell in line] for line in sheet["A7:I8"]]
    assert body == table_text(register_docx(content))[2:4]


def test_excel_merges_the_header_like_the_original():
    merged = {str(area) for area in excel(register_xlsx(form())).merged_cells.ranges}
    assert {"A5:A6", "B5:B6", "C5:F5", "G5:G6", "H5:H6", "I5:I6"} <= merged


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@SUM(A1)", '=HYPERLINK("http://example.org")'])
def test_excel_never_writes_a_formula(text):
    content = register_xlsx(form(row(name=text, before=text, note=text)))
    xml = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert excel(content)["B7"].value == text


def test_every_filled_excel_cell_is_text():
    sheet = excel(register_xlsx(form(row(), row(2))))
    filled = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {(cell.data_type, cell.number_format) for cell in filled} == {("s", "@")}


def test_excel_prints_landscape_one_page_wide_with_repeated_header():
    sheet = excel(register_xlsx(form(row())))
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$5:$6"


def test_excel_row_grows_with_long_text():
    sheet = excel(register_xlsx(form(row(), row(2, after="很长的说明" * 30))))
    assert sheet.row_dimensions[8].height > sheet.row_dimensions[7].height


def test_excel_survives_odd_unit_and_quarter_names():
    odd = RegisterForm("甲&乙[校]", "2017/1?", None, "", "", (), "说明")
    sheet = excel(register_xlsx(odd))
    assert sheet.title == "2017 1"
    assert sheet["A4"].value == "填表日期："


def test_footnote_is_the_original_text_without_a_person():
    assert register_footnote("0730-0000000", "office@example.org") == (
        "说明：信息更新维护期间（2017年1月起）实行工作季报制度，各县市区、市直学校要于每季度最后一月25日前"
        "将信息更新登记表电子稿报送至市教体局教师工作科备案，联系人：教师工作科，联系电话：0730-0000000，"
        "邮箱：office@example.org。"
    )


def test_footnote_leaves_out_what_is_not_known():
    assert register_footnote("", "").endswith("备案，联系人：教师工作科。")
