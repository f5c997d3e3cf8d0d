"""空白表：附件1 责任书、附件2 承诺汇总表、附件3 更新登记表，照原表出 Word 文件给人手填。"""

from __future__ import annotations

from bot.documents.commitment import CommitmentForm, commitment_docx
from bot.documents.letter import ResponsibilityLetter, letter_docx
from bot.documents.register import RegisterForm, register_docx, register_footnote
from bot.plan.values import Contact

NAMES = {1: "人员责任书", 2: "承诺签名确认汇总表", 3: "教师信息更新登记表"}


def blank_form(number: int, contact: Contact) -> tuple[str, bytes]:
    """附件几的空白表：文件名和 .docx 内容。"""
    name = f"附件{number} {NAMES[number]}（空表）.docx"
    if number == 1:
        return name, letter_docx(ResponsibilityLetter())
    if number == 2:
        return name, commitment_docx(CommitmentForm())
    form = RegisterForm(
        unit_name="",
        quarter_label="",
        filled_on=None,
        filler="",
        phone="",
        rows=(),
        footnote=register_footnote(contact.phone, contact.mail),
    )
    return name, register_docx(form)
