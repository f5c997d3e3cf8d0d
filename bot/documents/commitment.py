"""附件2《个人信息填报承诺签名确认汇总表》：可先填好教师名单，签名和日期留空手写。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from docx.table import _Row

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

TITLE = "全国教师管理信息系统个人信息填报承诺签名确认汇总表"
COLUMNS = (
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
)
# 第一行表头：(起列, 止列, 文字)；备注一格占两行
GROUPS = (
    (0, 4, "基本信息"),
    (5, 6, "确认自助子系统信息准确无误"),
    (7, 8, "学校补充信息完整准确，并已对自助填写信息完成审核"),
)
PROMISES = (
    "填表说明：为了确保全国教师管理信息系统数据采集的真实准确，本人承诺严格遵守管理制度，按照以下要求填写：",
    "1.按要求设置密码，不随意向他人泄露任何信息。",
    "2.严格根据自身实际情况在自助系统中录入数据，并保证录入数据与实际资料一致。",
    "3.一旦有相关事项需要新增、变更、调动、入职，及时主动和学校信息管理员申请。",
    "4.此表仅适用于教师和信息管理员承诺全国教师系统所填写信息准确无误，签名确认，所有签名必须相应人员亲自完成。",
)
LEAST_LINES = 11  # 原表留了 11 个空行
_WIDTHS_MM = (12, 23, 46, 13, 27, 32, 24, 38, 24, 22)


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """一位教师。``birth_date`` 可空，空着留给人手填。"""

    name: str
    id_number: str = ""
    gender: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class CommitmentForm:
    """一张汇总表；没有 ``rows`` 就是空白表。"""

    unit_name: str = ""
    rows: tuple[CommitmentRow, ...] = ()


def commitment_docx(form: CommitmentForm) -> bytes:
    """汇总表的 Word 文件：A4 横向，两行表头每页重复，不足 11 行补空行。"""
    document = blank_page(
        landscape=True,
        margin_mm=17,
        title=f"{TITLE} {form.unit_name}".strip(),
        author=form.unit_name,
        day=None,
    )
    write_line(document, TITLE, size=18, chinese=HEI, centered=True, after=8)
    write_line(document, f"学校名称（盖章）：{form.unit_name}", after=6)
    lines = [
        (
            str(number),
            row.name,
            row.id_number,
            row.gender,
            row.birth_date.isoformat() if row.birth_date else "",
            *[""] * 5,
        )
        for number, row in enumerate(form.rows, start=1)
    ]
    lines += [("",) * len(COLUMNS)] * (LEAST_LINES - len(lines))
    table = grid(document, rows=2 + len(lines), widths_mm=_WIDTHS_MM)
    rows = list(table.rows)
    _header(rows[0], rows[1])
    for row, line in zip(rows[2:], lines, strict=True):
        set_row(row, height_mm=8.5)
        for cell, text in zip(row.cells, line, strict=True):
            fill(cell, text)
    for position, promise in enumerate(PROMISES):
        write_line(document, promise, size=10.5, before=0 if position else 6, indent=2 if position else 0)
    number_pages(document, form.unit_name)
    return to_bytes(document)


def _header(top: _Row, bottom: _Row) -> None:
    for row in (top, bottom):
        set_row(row, height_mm=8.5, repeat=True)
    tops, bottoms = top.cells, bottom.cells
    last = len(COLUMNS) - 1
    for index, name in enumerate(COLUMNS[:last]):
        fill(bottoms[index], name, chinese=HEI)
    for first, end, name in GROUPS:
        fill(tops[first].merge(tops[end]), name, chinese=HEI)
    fill(tops[last].merge(bottoms[last]), COLUMNS[last], chinese=HEI)
