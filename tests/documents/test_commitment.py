"""附件2：表头、名单、空行和填表说明。"""

from datetime import date
from io import BytesIO

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from bot.documents.commitment import CommitmentForm, CommitmentRow, commitment_docx


def opened(form: CommitmentForm):
    return Document(BytesIO(commitment_docx(form)))


def cells(form: CommitmentForm) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in opened(form).tables[0].rows]


def test_header_groups_the_columns_like_the_original():
    top, bottom = cells(CommitmentForm())[:2]
    assert top == [
        *["基本信息"] * 5,
        *["确认自助子系统信息准确无误"] * 2,
        *["学校补充信息完整准确，并已对自助填写信息完成审核"] * 2,
        "备注",
    ]
    assert bottom == [
        "序号",
        "姓名",
        "身份证号码",
        "性别",
        "出生年月日",
        "本人签名",
        "日期",
        "信息管理员签名",
        "日期",
        "备注",
    ]


def test_blank_form_has_eleven_empty_lines():
    body = cells(CommitmentForm())[2:]
    assert len(body) == 11
    assert {text for line in body for text in line} == {""}


def test_rows_are_numbered_and_signatures_left_open():
    teacher = CommitmentRow("样例教师", "000000000000000000", "女", date(1980, 1, 1))
    body = cells(CommitmentForm("岳阳县第三中学", (teacher, CommitmentRow("样例乙"))))[2:]
    assert body[0] == ["1", "样例教师", "000000000000000000", "女", "1980-01-01", "", "", "", "", ""]
    assert body[1][:5] == ["2", "样例乙", "", "", ""]


def test_long_list_repeats_its_header():
    form = CommitmentForm("岳阳县第三中学", tuple(CommitmentRow(f"教师{number}") for number in range(40)))
    rows = opened(form).tables[0].rows
    assert len(rows) == 42
    assert [row._tr.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None for row in rows][:3] == [
        True,
        True,
        False,
    ]


def test_page_is_landscape_with_the_four_promises_below():
    document = opened(CommitmentForm("岳阳县第三中学"))
    text = [paragraph.text for paragraph in document.paragraphs]
    assert document.sections[0].orientation == WD_ORIENT.LANDSCAPE
    assert text[1] == "学校名称（盖章）：岳阳县第三中学"
    assert [line[:2] for line in text[-4:]] == ["1.", "2.", "3.", "4."]
