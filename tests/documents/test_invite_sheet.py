"""成批邀请码的表格：一行一个单位，公式符号打开不会执行。"""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook

from bot.documents.invite_sheet import INVITE_HEADER, InviteLine, invites_xlsx

LINE = InviteLine("YY04-0001", "岳阳县第三中学", "信息管理员", "ABCDE-FGHJK", "2月23日（周四）08:30")


def test_one_row_per_unit_under_a_frozen_header() -> None:
    sheet = load_workbook(BytesIO(invites_xlsx([LINE, LINE]))).worksheets[0]
    assert [tuple(cell.value for cell in row) for row in sheet.iter_rows()][:2] == [INVITE_HEADER, LINE.cells]
    assert (sheet.max_row, sheet.freeze_panes, sheet.auto_filter.ref) == (3, "A2", "A1:F3")


def test_the_last_column_can_be_forwarded_as_it_is() -> None:
    assert "/注册 ABCDE-FGHJK 姓名 手机号" in LINE.cells[-1]


def test_a_name_that_looks_like_a_formula_stays_text() -> None:
    odd = InviteLine("YY04-0002", "=1+1", "信息管理员", "ABCDE-FGHJK", "2月23日")
    cell = load_workbook(BytesIO(invites_xlsx([odd]))).worksheets[0]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
