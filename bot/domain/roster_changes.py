"""名册和登记的比一比：新增、改名、修改、撤并、恢复各是哪些，没变的有几个；越权的行指出来。纯规则。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from storage.units import Unit
from storage.words import UnitKind


@dataclass(frozen=True, slots=True)
class Change:
    """一个已登记的单位改成什么样。"""

    before: Unit
    after: Unit


@dataclass(frozen=True, slots=True)
class RosterChanges:
    """一份名册会带来的变化；``absent`` 是归这人管、在办、表里却没写的有几个，它们不变。"""

    added: tuple[Unit, ...] = ()
    renamed: tuple[Change, ...] = ()
    edited: tuple[Change, ...] = ()
    closed: tuple[Change, ...] = ()
    reopened: tuple[Change, ...] = ()
    unchanged: int = 0
    absent: int = 0
    units: tuple[Unit, ...] = field(default=(), repr=False)

    @property
    def total(self) -> int:
        """变了的有几个。"""
        return len(self.units)


def compare_roster(units: Sequence[Unit], existing: Iterable[Unit], roots: Sequence[Unit]) -> RosterChanges:
    """``units`` 是核对过的名册（上级在前），``existing`` 是登记着的全部单位，``roots`` 是这人管着的。"""
    known = {unit.code: unit for unit in existing}
    kinds: dict[str, list[Change]] = {"renamed": [], "edited": [], "closed": [], "reopened": []}
    added: list[Unit] = []
    changed: list[Unit] = []
    for unit in units:
        was = known.get(unit.code)
        if was == unit:
            continue
        changed.append(unit)
        if was is None:
            added.append(unit)
        else:
            kinds[_kind_of(was, unit)].append(Change(was, unit))
    written = {unit.code for unit in units}
    absent = sum(
        1
        for unit in known.values()
        if unit.closed_on is None and unit.code not in written and _governed(unit, roots)
    )
    return RosterChanges(
        added=tuple(added),
        **{kind: tuple(found) for kind, found in kinds.items()},
        unchanged=len(units) - len(changed),
        absent=absent,
        units=tuple(changed),
    )


def _kind_of(before: Unit, after: Unit) -> str:
    if (before.closed_on is None) is not (after.closed_on is None):
        return "reopened" if after.closed_on is None else "closed"
    return "renamed" if before.name != after.name else "edited"


def outside_problems(
    changes: RosterChanges, existing: Iterable[Unit], roots: Sequence[Unit], rows: Mapping[str, int]
) -> tuple[str, ...]:
    """不归这人管却要改的行；原样不动的行不算。"""
    known = {unit.code: unit for unit in existing}
    names = "、".join(root.name for root in roots)
    problems: list[tuple[int, str]] = []
    for unit in changes.units:
        was = known.get(unit.code)
        if _governed(unit, roots) and (was is None or _governed(was, roots)):
            continue
        number = rows.get(unit.code, 0)
        why = f"不是{names}的下级" if unit.kind is UnitKind.SCHOOL else f"{unit.kind.label}由市里改"
        problems.append((number, f"第{number}行「代码」{unit.code} {unit.name}{why}，这一行请删去或照原样写"))
    return tuple(text for _, text in sorted(problems))


def _governed(unit: Unit, roots: Sequence[Unit]) -> bool:
    """市管全部；县只管自己的学校，不管自己这一行。"""
    return any(root.kind is UnitKind.CITY or unit.parent_code == root.code for root in roots)
