"""读群友照抄填写的变更登记：次序随意，冒号全角半角都行，空行隔开几个人。纯函数。"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.chat.grammar import read_day, read_yes
from bot.domain.errors import BadInput, Problems
from storage.changes import ChangeRow

LABELS = {
    "姓名": "name",
    "教师姓名": "name",
    "字段": "field",
    "修改字段": "field",
    "原因": "reason",
    "修改原因": "reason",
    "修改前": "before",
    "修改后": "after",
    "日期": "changed_on",
    "修改日期": "changed_on",
    "本人申请": "by_teacher",
    "是否本人申请": "by_teacher",
    "是否教师主动申请变更": "by_teacher",
    "备注": "note",
}
REQUIRED = ("姓名", "字段", "原因", "修改前", "修改后", "日期", "本人申请")
LINE = re.compile(r"\s*([^:：]{1,12}?)\s*[:：]\s*(.*)")


@dataclass(frozen=True, slots=True)
class _Block:
    number: int
    values: dict[str, str]


def read_form(text: str, today: date) -> list[ChangeRow]:
    """整段文字 → 几行变更；有问题一次全说清，指明第几条。"""
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    problems: list[str] = []
    rows: list[ChangeRow] = []
    for number, block in enumerate(blocks, start=1):
        where = f"第{number}条" if len(blocks) > 1 else ""
        row, faults = _read_block(block, today)
        problems += [f"{where}{fault}" for fault in faults]
        if row is not None:
            rows.append(row)
    if problems:
        raise Problems(tuple(problems))
    return rows


def _read_block(block: str, today: date) -> tuple[ChangeRow | None, list[str]]:
    values: dict[str, str] = {}
    faults: list[str] = []
    last = ""
    for line in block.splitlines():
        match = LINE.fullmatch(line)
        label = match[1].replace(" ", "") if match else ""
        if match is None or label not in LABELS:
            if last and line.strip() and match is None:
                values[last] = f"{values[last]} {line.strip()}".strip()
            elif line.strip():
                faults.append(f"看不懂这一行的开头“{line.strip()[:6]}…”，每行写 名称：内容")
            continue
        last = LABELS[label]
        if last in values:
            faults.append(f"“{label}”写了两遍；登记几个人请用空行隔开")
        values[last] = match[2].strip()
    faults += [f"缺“{label}”" for label in REQUIRED if not values.get(LABELS[label])]
    if faults:
        return None, faults
    try:
        changed_on = read_day(values["changed_on"], today)
        by_teacher = read_yes(values["by_teacher"])
    except BadInput as error:
        return None, [str(error)]
    return _row(values, changed_on, by_teacher=by_teacher), []


def _row(values: dict[str, str], changed_on: date, *, by_teacher: bool) -> ChangeRow:
    return ChangeRow(
        name=values["name"],
        field=values["field"],
        reason=values["reason"],
        before=values["before"],
        after=values["after"],
        changed_on=changed_on,
        by_teacher=by_teacher,
        note=values.get("note", ""),
    )
