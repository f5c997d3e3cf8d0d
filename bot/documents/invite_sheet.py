"""成批邀请码的 .xlsx：一个单位一行，发码的人照着单独转给各单位。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from bot.documents import workbook_layout as workbook

INVITE_HEADER = ("单位代码", "单位", "角色", "邀请码", "有效期至", "怎么用")
_WIDTHS = (14, 34, 14, 16, 24, 70)


@dataclass(frozen=True, slots=True)
class InviteLine:
    """一张邀请码；``valid_until`` 是给人看的有效期。"""

    unit_code: str
    unit: str
    role: str
    code: str
    valid_until: str

    @property
    def cells(self) -> tuple[str, ...]:
        """按 ``INVITE_HEADER`` 的次序；最后一列可以整句转给本人。"""
        how = f"先加机器人为好友，再私聊它发：/注册 {self.code} 姓名 手机号（只能用一次，不要发群里）"
        return (self.unit_code, self.unit, self.role, self.code, self.valid_until, how)


def invites_xlsx(lines: Sequence[InviteLine]) -> bytes:
    """邀请码表：首行冻结、可筛选、全是文字。"""
    book, sheet = workbook.blank_sheet(sheet_name="邀请码", title="邀请码", author="")
    bold, body = Font(name=workbook.HEI, size=11, bold=True), Font(name=workbook.SONG, size=11)
    for column, (name, width) in enumerate(zip(INVITE_HEADER, _WIDTHS, strict=True), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        workbook.put(sheet, 1, column, name, font=bold)
        sheet.cell(1, column).fill = PatternFill("solid", fgColor="DDEBF7")
    for row, line in enumerate(lines, start=2):
        for column, text in enumerate(line.cells, start=1):
            workbook.put(sheet, row, column, text, font=body, horizontal="left", framed=False, wrap=False)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(INVITE_HEADER))}{len(lines) + 1}"
    workbook.print_on_a4(sheet, header_rows="1:1", footer="邀请码，请单独转给本人")
    return workbook.to_bytes(book)
