"""把登记表的内容写成官方附件3 的两份文件：.docx 打印盖章，.xlsx 电子稿。"""

from __future__ import annotations

from bot.chat.messages import File
from bot.documents.register import (
    RegisterForm,
    RegisterRow,
    register_docx,
    register_footnote,
    register_xlsx,
)
from bot.domain.registers import RegisterContent
from bot.plan.values import Plan


def register_files(content: RegisterContent, plan: Plan) -> tuple[File, File]:
    """两份文件；县汇总表的备注里写明是哪所学校的。"""
    form = RegisterForm(
        unit_name=content.unit.name,
        quarter_label=content.quarter.label,
        filled_on=content.filled_on,
        filler=content.filler,
        phone=content.phone,
        rows=tuple(_row(content, index) for index in range(len(content.rows))),
        footnote=register_footnote(plan.contact.phone, plan.contact.mail),
    )
    stem = f"{content.unit.name}{content.quarter.label}教师信息更新登记表"
    return File(f"{stem}.docx", register_docx(form)), File(f"{stem}.xlsx", register_xlsx(form))


def _row(content: RegisterContent, index: int) -> RegisterRow:
    unit, notice = content.rows[index]
    own = unit.code == content.unit.code
    notes = [notice.row.note] if own else [unit.name, notice.row.note]
    return RegisterRow(
        number=index + 1,
        name=notice.row.name,
        field=notice.row.field,
        reason=notice.row.reason,
        before=notice.row.before,
        after=notice.row.after,
        changed_on=notice.row.changed_on,
        by_teacher=notice.row.by_teacher,
        note="；".join(note for note in notes if note),
    )
