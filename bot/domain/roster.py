"""名册核对：表格里的一行行文字变成单位，全对才收；反过来把单位写成名册的行。

纯规则：不读文件、不碰数据库。每个问题一句话，指明第几行、哪一列、写的是什么、该怎么写。
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.documents.roster_sheet import ALIAS_SEPARATOR, RosterLine
from bot.domain.roster_cells import Draft, Report, read_line, shown
from bot.domain.roster_fates import fate_label, settle_fates
from bot.domain.roster_points import attach_points
from bot.domain.unit_names import plain_name
from storage.units import Unit
from storage.words import Ownership, SchoolType, UnitKind

_LISTED_COUNTIES = 20
_ORDER = {kind: position for position, kind in enumerate(UnitKind)}


@dataclass(frozen=True, slots=True)
class RosterCheck:
    """核对结果：有问题时 ``units`` 为空（全对才收）；没问题时上级排在下级前面。

    ``conflicts`` 是问题里撞了别的单位的有几处；``rows`` 是代码在第几行。
    """

    units: tuple[Unit, ...]
    problems: tuple[str, ...]
    conflicts: int = field(default=0, compare=False)
    rows: Mapping[str, int] = field(default_factory=dict, compare=False)


def check_roster(lines: Iterable[RosterLine], existing: Iterable[Unit] = (), *, today: date) -> RosterCheck:
    """核对整张名册；``existing`` 是库里已有的单位，名册里可以只写要新增或修改的部分。

    ``today`` 是这次写明撤并的单位的撤并日。
    """
    known = {unit.code.casefold(): unit for unit in existing}
    report = Report()
    rows = tuple(lines)
    drafts = [draft for row in rows if (draft := read_line(row, known, report))]
    _refuse_lost_zeros(rows, known, report)
    _refuse_doubled_codes(drafts, report)
    own = {draft.unit.code for draft in drafts}
    kept = [unit for unit in known.values() if unit.code not in own and unit.closed_on is None]
    city = _the_city(drafts, kept, report)
    counties = [unit for unit in (*(draft.unit for draft in drafts), *kept) if unit.kind is UnitKind.COUNTY]
    placed = settle_fates(_placed(drafts, city, counties, report), known, report, today)
    placed = attach_points(placed, rows, kept, report)
    _refuse_doubled_names(placed, kept, report)
    numbers = {draft.unit.code: draft.number for draft in placed}
    if report.found:
        return RosterCheck((), report.sorted(), report.conflicts, numbers)
    units = sorted((draft.unit for draft in placed), key=lambda unit: _ORDER[unit.kind])
    return RosterCheck(tuple(units), (), 0, numbers)


def roster_lines(units: Iterable[Unit]) -> tuple[RosterLine, ...]:
    """单位写成名册的行：还在办的上级在前，撤并了的排在最后。再导入得到同样的单位。"""
    listed = sorted(units, key=lambda unit: (unit.closed_on is not None, _ORDER[unit.kind]))
    names = {unit.code: unit.name for unit in listed}
    return tuple(_line(unit, names, number) for number, unit in enumerate(listed, start=2))


def _line(unit: Unit, names: Mapping[str, str], number: int) -> RosterLine:
    parent = unit.parent_code or ""
    return RosterLine(
        code=unit.code,
        name=unit.name,
        kind=unit.kind.label,
        county=names.get(parent, parent) if unit.kind is UnitKind.SCHOOL else "",
        school_type=unit.school_type.label if unit.school_type else "",
        ownership=unit.ownership.label if unit.ownership else "",
        aliases=ALIAS_SEPARATOR.join(unit.aliases),
        former_names=ALIAS_SEPARATOR.join(unit.former_names),
        staff_count="" if unit.staff_count is None else str(unit.staff_count),
        state=fate_label(unit),
        merged_into=unit.merged_into or "",
        central_school=unit.central_school_code or "",
        number=number,
    )


def roster_choices() -> dict[str, tuple[str, ...]]:
    """名册表格里几列能选的词，给下拉框用。"""
    columns = (("类别", UnitKind), ("办学类型", SchoolType), ("举办者", Ownership))
    return {column: tuple(word.label for word in words) for column, words in columns}


def roster_hints() -> dict[str, str]:
    """名册表格里每一列怎么填，点到那一格时弹出。"""
    return {
        "代码": "每个单位一个，2 至 32 位字母、数字、短横线。这一列请保持文本格式。",
        "名称": "单位全称。改名直接改这里，旧名自动记进曾用名。",
        "类别": "市 / 县市区 / 市直学校 / 学校。",
        "县市区": "学校写归哪个县市区；市直学校、县市区留空。",
        "办学类型": "只有学校填。",
        "举办者": "只有学校填：公办 / 民办。",
        "别名": "平时的叫法，几个之间用顿号隔开。",
        "曾用名": "以前的名称，几个之间用顿号隔开；只增不减。",
        "教职工数": "整数，不知道就留空。",
        "状态": "空着就是正常；撤销写 撤销；并进别的单位写 并入。",
        "并入单位": "状态写了 并入 时，填并进哪个单位的代码。",
        "中心校": "教学点挂靠在哪所中心校，填它的代码或全名；中心校可以替教学点报。",
    }


def _refuse_lost_zeros(rows: Sequence[RosterLine], known: Mapping[str, Unit], report: Report) -> None:
    """代码被表格当成数字，前面的零丢了：和已登记的只差零，或者比别的短一截。"""
    padded = {code.lstrip("0"): code for code in known if code.isdecimal() and code.startswith("0")}
    loose = [row for row in rows if row.code_as_number and row.code not in known]
    longest = max((len(row.code) for row in loose), default=0)
    as_text = "请把这一列设成“文本”格式，补上前面的零"
    for row in rows:
        if row.code not in known and row.code in padded:
            report.add(row.number, "代码", f"写的是“{row.code}”，已登记的是 {padded[row.code]}，{as_text}")
        elif row.code_as_number and row.code not in known and len(row.code) < longest:
            report.add(
                row.number, "代码", f"“{row.code}”存成了数字，比别的代码短，前面的零可能丢了，{as_text}"
            )


def _refuse_doubled_codes(drafts: Sequence[Draft], report: Report) -> None:
    first: dict[str, int] = {}
    for draft in drafts:
        key = draft.unit.code.casefold()
        if key and first.setdefault(key, draft.number) != draft.number:
            report.add(
                draft.number,
                "代码",
                f"写的是“{shown(draft.unit.code)}”，和第{first[key]}行重复，每个单位的代码要不同",
                conflict=True,
            )


def _the_city(drafts: Sequence[Draft], kept: Sequence[Unit], report: Report) -> Unit | None:
    written = [draft for draft in drafts if draft.unit.kind is UnitKind.CITY]
    registered = next((unit for unit in kept if unit.kind is UnitKind.CITY), None)
    for draft in written[1:]:
        report.add(
            draft.number,
            "类别",
            f"又写了一个市（第{written[0].number}行已有），名册只能有一个市",
            conflict=True,
        )
    if written and registered:
        report.add(
            written[0].number,
            "代码",
            f"写的是“{shown(written[0].unit.code)}”，但市已登记为 {registered.code}（{registered.name}），"
            "请改用这个代码",
            conflict=True,
        )
    if written:
        return written[0].unit
    if registered is None and not report.unsure:
        report.found.append((0, "名册里没有「类别」为 市 的一行，请加上市本级，例如 YY、岳阳市、市"))
    return registered


def _placed(
    drafts: Sequence[Draft], city: Unit | None, counties: Sequence[Unit], report: Report
) -> list[Draft]:
    """给每一行定上级：学校归县市区，市直学校和县市区归市。"""
    by_name: dict[str, Unit] = {}
    for county in counties:
        for label in (*county.aliases, county.name, county.code):  # 同名时代码、全名优先于别名
            by_name[plain_name(label)] = county
    placed: list[Draft] = []
    for draft in drafts:
        if draft.unit.kind is UnitKind.SCHOOL:
            parent = _county_of(draft, by_name, counties, report)
        else:
            _check_no_county(draft, city, report)
            parent = None if draft.unit.kind is UnitKind.CITY else city
        unit = replace(draft.unit, parent_code=parent.code if parent else None)
        placed.append(replace(draft, unit=unit))
    return placed


def _county_of(
    draft: Draft, by_name: Mapping[str, Unit], counties: Sequence[Unit], report: Report
) -> Unit | None:
    written = plain_name(draft.county)
    if written in by_name:
        return by_name[written]
    if written in report.unsure and written:
        return None
    names = "/".join(county.name for county in counties[:_LISTED_COUNTIES])
    hint = f"请写 {names} 之一" if names else "请先在名册里写上县市区的行"
    if not written:
        report.add(draft.number, "县市区", f"是空的，学校要写明归哪个县市区，{hint}")
    else:
        report.add(draft.number, "县市区", f"写的是“{shown(draft.county)}”，没有这个县市区，{hint}")
    return None


def _check_no_county(draft: Draft, city: Unit | None, report: Report) -> None:
    """市、县市区、市直学校的「县市区」一列应当空着；写了自己、市或“市直”也算对。"""
    unit = draft.unit
    allowed = {"", plain_name(unit.name), plain_name(unit.code), "市直", "市直学校", "市本级"}
    if city:
        allowed |= {plain_name(label) for label in (city.name, city.code, *city.aliases)}
    if plain_name(draft.county) not in allowed:
        why = "市直学校归市管" if unit.kind.is_school else f"{unit.kind.label}不归别的县市区"
        report.add(draft.number, "县市区", f"写的是“{shown(draft.county)}”，{why}，请留空")


def _refuse_doubled_names(placed: Sequence[Draft], kept: Sequence[Unit], report: Report) -> None:
    """同一个上级下面不能有两个同名单位，文件里和已登记的合在一起看。"""
    first: dict[tuple[str | None, str], str] = {
        (unit.parent_code, plain_name(unit.name)): f"已登记的 {unit.code}" for unit in kept
    }
    for draft in placed:
        name = plain_name(draft.unit.name)
        if not name or (draft.unit.kind is UnitKind.SCHOOL and draft.unit.parent_code is None):
            continue
        if draft.unit.closed_on is not None:
            continue
        here = f"第{draft.number}行"
        other = first.setdefault((draft.unit.parent_code, name), here)
        if other != here:
            report.add(
                draft.number,
                "名称",
                f"写的是“{shown(draft.unit.name)}”，和{other}重名，同一县市区里名称要不同",
                conflict=True,
            )
