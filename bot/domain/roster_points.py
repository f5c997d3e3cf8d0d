"""名册里的教学点挂靠：「中心校」一列写的代码或全名认成同一个县里的一所学校。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.documents.roster_sheet import RosterLine
from bot.domain.roster_cells import Draft, Report, shown
from bot.domain.unit_names import plain_name
from storage.units import Unit
from storage.words import SchoolType

COLUMN = "中心校"


def attach_points(
    drafts: Sequence[Draft], rows: Sequence[RosterLine], kept: Sequence[Unit], report: Report
) -> list[Draft]:
    """给教学点定中心校；表里没有这一列的照已登记的。``kept`` 是已登记、这次表里没写的单位。"""
    written = {row.number: row.central_school for row in rows if COLUMN in row.given}
    if not any(written.values()):
        # 整列空着也是一种写法：不再挂靠
        return [_settled(draft, None) if draft.number in written else draft for draft in drafts]
    schools = [draft.unit for draft in drafts] + list(kept)
    by_name: dict[tuple[str | None, str], Unit] = {}
    for school in schools:
        if school.kind.is_school and school.closed_on is None:
            for label in (school.name, school.code):
                by_name[school.parent_code, plain_name(label)] = school
    return [
        _settled(draft, _central(draft, written[draft.number], by_name, report))
        if draft.number in written
        else draft
        for draft in drafts
    ]


def _settled(draft: Draft, central: Unit | None) -> Draft:
    code = central.code if central else None
    return replace(draft, unit=replace(draft.unit, central_school_code=code))


def _central(
    draft: Draft, text: str, by_name: dict[tuple[str | None, str], Unit], report: Report
) -> Unit | None:
    wanted, unit = plain_name(text), draft.unit
    if not wanted:
        return None
    if unit.school_type is not SchoolType.TEACHING_POINT:
        report.add(draft.number, COLUMN, "只有办学类型是教学点的才填，请留空")
        return None
    central = by_name.get((unit.parent_code, wanted))
    if central is None:
        report.add(draft.number, COLUMN, f"写的是“{shown(text)}”，本县没有这所学校，请写代码或全名")
    elif central.code == unit.code or central.school_type is SchoolType.TEACHING_POINT:
        report.add(draft.number, COLUMN, f"写的是“{shown(text)}”，中心校不能是教学点")
        return None
    return central
