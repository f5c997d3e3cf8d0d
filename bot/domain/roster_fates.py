"""名册里的撤并：哪些单位这次撤销、并入、恢复，写得通不通。撤并了的留着不删。"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.domain.roster_cells import Draft, Fate, Report, shown
from storage.units import Unit
from storage.words import UnitKind

OPEN, CLOSED, MERGED = "正常", "撤销", "并入"


def fate_label(unit: Unit) -> str:
    """「状态」一列怎么写；还在办的空着。"""
    if unit.closed_on is None:
        return ""
    return MERGED if unit.merged_into else CLOSED


def settle_fates(
    drafts: Sequence[Draft], known: Mapping[str, Unit], report: Report, today: date
) -> list[Draft]:
    """给每一行定撤并日和并入单位；``known`` 是已登记的单位（键为小写代码）。"""
    settled = [_settled(draft, known, report, today) for draft in drafts]
    after = {**known, **{draft.unit.code.casefold(): draft.unit for draft in settled}}
    open_below = Counter(unit.parent_code for unit in after.values() if unit.closed_on is None)
    placed = []
    for draft in settled:
        if draft.unit.closed_on is not None:
            _check_closing(draft, open_below, report)
        if draft.fate is Fate.MERGED and draft.unit.merged_into:
            draft = _merged(draft, after, report)
        placed.append(draft)
    return placed


def _settled(draft: Draft, known: Mapping[str, Unit], report: Report, today: date) -> Draft:
    was = known.get(draft.unit.code.casefold())
    closed_on = was.closed_on if was else None
    if draft.fate in (Fate.CLOSED, Fate.MERGED):
        return replace(draft, unit=replace(draft.unit, closed_on=closed_on or today))
    if closed_on is not None and draft.fate is Fate.UNSAID:
        report.add(
            draft.number,
            "状态",
            f"是空的，但 {draft.unit.code} 已在{closed_on.isoformat()}撤并；要恢复请写 正常，否则删去这一行",
        )
    return draft


def _check_closing(draft: Draft, open_below: Counter[str | None], report: Report) -> None:
    unit = draft.unit
    if unit.kind is UnitKind.CITY:
        report.add(draft.number, "状态", "市本级不能撤并")
    elif open_below[unit.code]:
        number = open_below[unit.code]
        report.add(
            draft.number, "状态", f"{unit.name}下面还有 {number} 个单位在办，请先给它们改归属或写明撤并"
        )


def _merged(draft: Draft, after: Mapping[str, Unit], report: Report) -> Draft:
    """并入单位要在名册里、同一类、最后落到一个还在办的单位。"""
    unit = draft.unit
    written = unit.merged_into or ""
    target = after.get(written.casefold())
    if target is None:
        report.add(draft.number, "并入单位", f"写的是“{shown(written)}”，名册里没有这个代码")
        return draft
    if target.kind.is_school is not unit.kind.is_school:
        report.add(draft.number, "并入单位", f"{target.name}是{target.kind.label}，{unit.kind.label}并不进去")
    elif not _leads_somewhere(unit, target, after):
        report.add(draft.number, "并入单位", f"{target.name}（{target.code}）也撤销了，请写还在办的单位")
    return replace(draft, unit=replace(unit, merged_into=target.code))


def _leads_somewhere(unit: Unit, target: Unit, after: Mapping[str, Unit]) -> bool:
    seen = {unit.code}
    current: Unit | None = target
    while current is not None and current.code not in seen:
        if current.closed_on is None:
            return True
        seen.add(current.code)
        current = after.get((current.merged_into or "").casefold())
    return False
