"""名册和登记的比一比：各变了几个，越权的行指出来。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.roster_changes import compare_roster, outside_problems
from tests.stage import CITY, COUNTY, FIRST, MUNICIPAL, NURSERY, OTHER_COUNTY, OTHER_SCHOOL, THIRD, UNITS

DAY = date(2017, 2, 20)
NEW = replace(THIRD, code="YY04-0009", name="岳阳县月田中学")


def test_the_same_units_again_change_nothing() -> None:
    found = compare_roster(UNITS, UNITS, [CITY])
    assert (found.total, found.unchanged, found.absent) == (0, len(UNITS), 0)


def test_each_kind_of_change_is_counted_once() -> None:
    units = (
        replace(THIRD, name="岳阳县第三高级中学", aliases=("三高",)),
        replace(FIRST, aliases=("老一中",)),
        replace(NURSERY, closed_on=DAY),
        OTHER_SCHOOL,
        NEW,
    )
    found = compare_roster(units, (*UNITS,), [CITY])
    assert [len(one) for one in (found.added, found.renamed, found.edited, found.closed, found.reopened)] == [
        1,
        1,
        1,
        1,
        0,
    ]
    assert (found.total, found.unchanged) == (4, 1)


def test_a_unit_opened_again_is_not_an_edit() -> None:
    gone = replace(NURSERY, closed_on=DAY)
    found = compare_roster([NURSERY], [CITY, COUNTY, gone], [CITY])
    assert [change.before for change in found.reopened] == [gone]


def test_what_the_sheet_leaves_out_is_counted_within_ones_own_area_only() -> None:
    gone = replace(NEW, closed_on=DAY)
    assert compare_roster([THIRD], (*UNITS, gone), [COUNTY]).absent == 2
    assert compare_roster([THIRD], (*UNITS, gone), [CITY]).absent == len(UNITS) - 1


def problems(*units: object, roots: object = (COUNTY,)) -> tuple[str, ...]:
    changes = compare_roster(units, UNITS, roots)  # type: ignore[arg-type]
    rows = {unit.code: number for number, unit in enumerate(units, start=2)}  # type: ignore[attr-defined]
    return outside_problems(changes, UNITS, roots, rows)  # type: ignore[arg-type]


def test_a_county_changes_its_own_schools() -> None:
    assert problems(replace(THIRD, aliases=()), NEW) == ()


def test_rows_left_as_they_are_need_no_right() -> None:
    assert problems(CITY, COUNTY, OTHER_SCHOOL, MUNICIPAL) == ()


def test_a_county_changes_neither_itself_nor_others_nor_takes_a_school_away() -> None:
    found = problems(
        replace(COUNTY, name="大岳阳县"),
        replace(OTHER_SCHOOL, name="华容县第三高级中学"),
        replace(OTHER_SCHOOL, parent_code="YY04"),
        replace(THIRD, parent_code="YY05"),
        replace(MUNICIPAL, name="岳阳市一中"),
    )
    assert [text.split("行")[0] for text in found] == ["第2", "第4", "第4", "第5", "第6"]
    assert "由市里改" in found[0]
    assert "不是岳阳县的下级" in found[1]


def test_the_city_changes_everything() -> None:
    assert problems(replace(COUNTY, name="大岳阳县"), replace(THIRD, parent_code="YY05"), roots=[CITY]) == ()


def test_someone_over_two_counties_moves_a_school_between_them() -> None:
    assert problems(replace(THIRD, parent_code="YY05"), roots=[COUNTY, OTHER_COUNTY]) == ()
