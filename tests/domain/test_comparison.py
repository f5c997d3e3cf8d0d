"""比对的规矩：怎么认列、先代码后名称、不猜、对不上的说原因。"""

from __future__ import annotations

import pytest

from bot.documents.sheets import Sheet, SheetRow
from bot.domain.comparison import Comparison, match, read_columns, read_rows
from bot.domain.errors import BadInput
from bot.plan.reader import load_plan
from tests.stage import FIRST, NURSERY, OTHER_SCHOOL, THIRD

PLAN = load_plan()
FIRST_REVIEW = PLAN.deliverable("first_review")
assert FIRST_REVIEW is not None
FIELDS = FIRST_REVIEW.numbers
UNITS = (THIRD, FIRST, NURSERY, OTHER_SCHOOL)


def sheet(header: tuple[str, ...], *rows: tuple[str, ...]) -> Sheet:
    return Sheet(header, tuple(SheetRow(number, row) for number, row in enumerate(rows, start=2)))


def compare(table: Sheet, ours: dict[str, dict[str, int]] | None = None) -> Comparison:
    columns, rows = read_rows(table, FIELDS)
    return match(rows, UNITS, ours or {}, columns)


@pytest.mark.parametrize(
    ("header", "code", "name", "numbers"),
    [
        (("代码", "单位", "人数"), 0, 1, {"expected": 2}),
        (("学校名称", "应采集", "已录入", "已审"), None, 0, {"expected": 1, "entered": 2, "reviewed": 3}),
        (("序号", "学校（机构）标识码", "学校（机构）名称", "专任教师数", "教职工数"), 1, 2, {"expected": 3}),
        (("单位代码*", "单位 名称", "已审核人数"), 0, 1, {"reviewed": 2}),
        (("School Code", "Name", "人数"), 0, 1, {"expected": 2}),
        (("学校教职工人数", "学校"), None, 1, {"expected": 0}),
    ],
)
def test_columns_are_known_by_many_names(
    header: tuple[str, ...], code: int | None, name: int | None, numbers: dict[str, int]
) -> None:
    found = read_columns(header, FIELDS)
    assert found is not None
    assert (found.code, found.name, dict(found.numbers)) == (code, name, numbers)


@pytest.mark.parametrize("header", [("代码", "名称"), ("人数",), ("岳阳县学校人数统计表",), ("甲", "乙"), ()])
def test_a_table_without_units_or_numbers_is_not_taken(header: tuple[str, ...]) -> None:
    assert read_columns(header, FIELDS) is None


def test_titles_above_the_header_and_sums_below_are_skipped() -> None:
    table = sheet(
        ("统计表",),
        ("制表：样例",),
        ("代码", "名称", "人数"),
        (THIRD.code, THIRD.name, "52"),
        ("", "合计", "52"),
    )
    found = compare(table)
    assert [(one.unit, one.row.number) for one in found.matched] == [(THIRD, 4)]
    assert found.unmatched == ()


def test_no_columns_anywhere_says_what_is_wanted() -> None:
    with pytest.raises(BadInput, match="没认出列"):
        compare(sheet(("甲", "乙"), ("1", "2")))


def test_the_code_decides_and_the_name_helps() -> None:
    table = sheet(
        ("代码", "名称", "人数"),
        (THIRD.code.lower(), "随便写的名称", "52"),
        ("4306210099", FIRST.name, "40"),
        ("", "岳阳县荣家湾中心幼儿园", "18人"),
    )
    found = compare(table, {THIRD.code: {"expected": 52}, FIRST.code: {"expected": 41}})
    assert [(one.unit, one.by) for one in found.matched] == [
        (THIRD, "代码"),
        (FIRST, "名称（代码不同）"),
        (NURSERY, "名称"),
    ]
    assert [one.unit for one in found.differences] == [FIRST, NURSERY]
    assert [one.gap("expected") for one in found.matched] == [0, -1, None]
    assert found.absent == (OTHER_SCHOOL,)


def test_what_cannot_be_matched_is_listed_with_the_reason() -> None:
    table = sheet(
        ("名称", "人数"),
        ("县三中", "52"),
        ("样例学校", "5"),
        (FIRST.name, "四十"),
        (FIRST.name, "1,040"),
        (FIRST.name, "41"),
    )
    found = compare(table)
    assert [(one.row.number, one.why) for one in found.unmatched] == [
        (2, "叫“县三中”的有 2 个单位，请写上代码"),
        (3, "名册里没有这个代码，也没有这个名称"),
        (4, "“应采集”写的是“四十”，不是人数"),
        (6, "和第5行是同一个单位（岳阳县第一中学），没有再比"),
    ]
    assert found.matched[0].row.values == {"expected": 1040}
