"""名册里的「中心校」一列：教学点挂靠到同一个县的一所学校；写错的说清哪里错；没有这一列的照旧。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.documents.roster_sheet import ROSTER_HEADER, RosterLine
from bot.domain.roster import check_roster, roster_lines
from storage.units import Unit
from storage.words import SchoolType, UnitKind
from tests.stage import FIRST, NURSERY, THIRD, UNITS

TODAY = date(2017, 2, 20)
POINT = RosterLine("YY04-0009", "样例教学点", "学校", "岳阳县", "教学点", "公办", number=5)


def saved(line: RosterLine, existing: tuple[Unit, ...] = UNITS) -> Unit:
    found = check_roster([line], existing, today=TODAY)
    assert found.problems == ()
    return found.units[-1]


@pytest.mark.parametrize("written", [THIRD.code, THIRD.name, "yy04-0001", " 岳阳县第三中学 "])
def test_by_code_or_full_name(written: str) -> None:
    assert saved(replace(POINT, central_school=written)).central_school_code == THIRD.code


def test_empty_attaches_to_nobody_and_takes_an_old_one_away() -> None:
    assert saved(POINT).central_school_code is None
    attached = saved(replace(POINT, central_school=THIRD.code))
    assert saved(POINT, (*UNITS, attached)).central_school_code is None


def test_a_table_without_the_column_changes_nothing() -> None:
    attached = saved(replace(POINT, central_school=THIRD.code))
    without = replace(POINT, given=frozenset(ROSTER_HEADER) - {"中心校"})
    assert saved(without, (*UNITS, attached)).central_school_code == THIRD.code


def test_the_central_school_may_stand_in_the_same_table() -> None:
    school = RosterLine("YY04-0010", "样例中心小学", "学校", "岳阳县", "小学", "公办", number=6)
    found = check_roster([replace(POINT, central_school="样例中心小学"), school], UNITS, today=TODAY)
    assert {unit.code: unit.central_school_code for unit in found.units} == {
        "YY04-0009": "YY04-0010",
        "YY04-0010": None,
    }


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"central_school": "不存在的学校"}, "第5行「中心校」写的是“不存在的学校”，本县没有这所学校"),
        ({"central_school": "YY05-0001"}, "第5行「中心校」写的是“YY05-0001”，本县没有这所学校"),
        ({"central_school": "YY04-0009"}, "第5行「中心校」写的是“YY04-0009”，中心校不能是教学点"),
        ({"central_school": FIRST.code, "school_type": "小学"}, "第5行「中心校」只有办学类型是教学点的才填"),
    ],
)
def test_what_cannot_be_is_named(changes: dict[str, Any], says: str) -> None:
    found = check_roster([replace(POINT, **changes)], UNITS, today=TODAY)
    assert found.problems[0].startswith(says)
    assert found.units == ()


def test_export_and_import_again_is_the_same() -> None:
    point = Unit(
        "YY04-0009",
        "样例教学点",
        UnitKind.SCHOOL,
        "YY04",
        SchoolType.TEACHING_POINT,
        central_school_code=NURSERY.code,
    )
    units = (*UNITS, point)
    again = check_roster(roster_lines(units), units, today=TODAY)
    assert {unit.code: unit.central_school_code for unit in again.units}[point.code] == NURSERY.code
