"""读群友照抄填写的变更登记：次序随意，冒号全角半角、忘写冒号都行，空行隔开几个人。纯函数。"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.chat.grammar import read_day, read_yes
from bot.chat.messages import folded
from bot.domain.change_filing import row_problems
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
# 忘了冒号、只打了空格的；长的名称先认
SPACED = re.compile(rf"\s*({'|'.join(sorted(LABELS, key=len, reverse=True))})\s+(.*)")
SHOWN = 6


@dataclass(slots=True)
class _Block:
    """一个人的几行：认出的值，和看不懂的地方。"""

    values: dict[str, str]
    faults: list[str]


def read_form(text: str, today: date) -> list[ChangeRow]:
    """整段文字 → 几行变更；有问题一次全说清，指明第几条。``text`` 里换行、标点保持原样。"""
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    problems: list[str] = []
    rows: list[ChangeRow] = []
    for number, block in enumerate(blocks, start=1):
        where = f"第{number}条：" if len(blocks) > 1 else ""
        row, faults = _read_block(block, today)
        problems += [f"{where}{fault}" for fault in faults]
        if row is not None:
            rows.append(row)
    if any("缺 姓名" in problem for problem in problems[1:]):
        problems.append("同一个人的几行中间不要空行")
    if problems:
        raise Problems(tuple(problems))
    return rows


def _read_block(text: str, today: date) -> tuple[ChangeRow | None, list[str]]:
    block = _Block({}, [])
    last = ""
    for line in text.splitlines():
        last = _read_line(line, block, last)
    if not block.values:
        return None, [f"看不懂“{text.strip()[:SHOWN]}…”，请照样子一行写一项"]
    missing = [label for label in REQUIRED if not block.values.get(LABELS[label])]
    if missing:
        block.faults.append(f"缺 {'、'.join(missing)}")
    changed_on, by_teacher = _read_values(block, today)
    if block.faults or changed_on is None or by_teacher is None:
        return None, block.faults
    row = _row(block.values, changed_on, by_teacher=by_teacher)
    return row, row_problems(row, today)


def _read_line(line: str, block: _Block, last: str) -> str:
    """读一行，返回它填的是哪一项；没有名称的行接在上一项后面。"""
    match = LINE.fullmatch(line) or SPACED.fullmatch(line)
    key = LABELS.get(folded(match[1]).replace(" ", "")) if match else None
    if match is not None and key is not None:
        if key in block.values:
            block.faults.append(f"“{match[1]}”写了两遍；登记几个人请用空行隔开")
        block.values[key] = match[2].strip()
        return key
    if line.strip() and last and match is None:
        block.values[last] = f"{block.values[last]} {line.strip()}".strip()
    elif line.strip() and (last or match is not None):
        block.faults.append(f"没有“{line.strip()[:SHOWN]}…”这一项，请照样子写")
    return last


def _read_values(block: _Block, today: date) -> tuple[date | None, bool | None]:
    """日期和是否，读不懂的各记一处。"""
    changed_on, by_teacher = None, None
    try:
        if block.values.get("changed_on"):
            changed_on = read_day(folded(block.values["changed_on"]), today)
    except BadInput as error:
        block.faults.append(str(error))
    try:
        if block.values.get("by_teacher"):
            by_teacher = read_yes(folded(block.values["by_teacher"]))
    except BadInput as error:
        block.faults.append(str(error))
    return changed_on, by_teacher


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
