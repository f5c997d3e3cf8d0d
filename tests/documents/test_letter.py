"""附件1：正文一字不漏，落款各项都在。"""

from datetime import date
from io import BytesIO

from docx import Document
from docx.shared import Mm

from bot.documents.letter import ResponsibilityLetter, letter_docx


def lines(letter: ResponsibilityLetter) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(letter_docx(letter))).paragraphs]


def test_letter_carries_all_five_parts_and_all_duties():
    text = lines(ResponsibilityLetter())
    headings = [line for line in text if line[1:2] == "、"]
    assert headings == ["一、系统管理员", "二、信息管理员", "三、信息查询员", "四、培训管理员", "五、其他"]
    assert len([line for line in text if line[1:2] == "."]) == 4 + 7 + 3 + 2 + 3


def test_letter_opens_and_closes_with_the_original_words():
    text = lines(ResponsibilityLetter())
    assert text[0] == "全国教师管理信息系统人员责任书"
    assert "“谁填报谁负责，谁审核谁负责”" in text[1]
    assert "3.本责任书一式两份。学校存档一份，向上一级教育行政主管部门报备一份。" in text


def test_blank_letter_leaves_the_signatures_open():
    assert lines(ResponsibilityLetter())[-7:] == [
        "系统管理员（签名）：",
        "信息管理员（签名）：",
        "培训管理员（签名）：",
        "信息查询员（签名）：",
        "学校（幼儿园）负责人（签名）：",
        "单位名称（盖章）：",
        "签署时间：　　年　　月　　日",
    ]


def test_known_names_stand_beside_the_signature_line():
    letter = ResponsibilityLetter("岳阳县第三中学", info_admin="样例甲", signed_on=date(2017, 1, 5))
    text = lines(letter)[-7:]
    assert text[0] == "系统管理员（签名）："
    assert text[1].startswith("信息管理员（签名）：　　")
    assert text[1].endswith("（姓名：样例甲）")
    assert text[5:] == ["单位名称（盖章）：岳阳县第三中学", "签署时间：2017年1月5日"]


def test_letter_is_a4_portrait():
    section = Document(BytesIO(letter_docx(ResponsibilityLetter()))).sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
