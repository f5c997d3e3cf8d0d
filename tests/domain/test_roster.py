"""名册核对：全对才收，每个问题指明行、列和改法。"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.roster_sheet import RosterLine, read_roster, roster_csv, roster_xlsx
from bot.domain import roster
from bot.domain.roster import RosterCheck, roster_choices, roster_lines
from storage.units import Unit
from storage.words import Ownership, SchoolType, UnitKind

TODAY = date(2017, 2, 20)
CITY = RosterLine("YY", "岳阳市", "市", number=2)
COUNTY = RosterLine("YY04", "岳阳县", "县市区", aliases="岳阳县教育局、岳阳县教体局", number=3)
SCHOOL = RosterLine(
    "YY04-0001", "岳阳县第三中学", "学校", "岳阳县", "高级中学", "公办", "县三中、岳阳县三中", number=4
)
UNITS = (
    Unit("YY", "岳阳市", UnitKind.CITY),
    Unit("YY04", "岳阳县", UnitKind.COUNTY, "YY", aliases=("岳阳县教育局", "岳阳县教体局")),
    Unit(
        "YY04-0001",
        "岳阳县第三中学",
        UnitKind.SCHOOL,
        "YY04",
        SchoolType.SENIOR,
        Ownership.PUBLIC,
        ("县三中", "岳阳县三中"),
    ),
)


def check_roster(rows, existing: Iterable[Unit] = ()) -> RosterCheck:
    return roster.check_roster(rows, existing, today=TODAY)


def line(number: int = 5, **changes) -> RosterLine:
    values = {"code": "YY04-0002", "name": "月田中学", "kind": "学校", "county": "岳阳县", "number": number}
    return RosterLine(**{**values, **changes})


def problems(*rows: RosterLine, existing: tuple[Unit, ...] = ()) -> tuple[str, ...]:
    check = check_roster(rows, existing)
    assert check.units == ()
    return check.problems


def problem(row: RosterLine) -> str:
    (only,) = problems(CITY, COUNTY, SCHOOL, row)
    return only


def unit(**changes) -> Unit:
    check = check_roster([CITY, COUNTY, line(**changes)])
    assert check.problems == ()
    return check.units[-1]


def test_good_rows_become_units():
    assert check_roster([CITY, COUNTY, SCHOOL]) == RosterCheck(units=UNITS, problems=())


def test_parents_come_first_whatever_the_order_of_the_rows():
    assert check_roster([SCHOOL, COUNTY, CITY]).units == UNITS


def test_one_bad_row_refuses_the_whole_roster():
    check = check_roster([CITY, COUNTY, SCHOOL, line(12, kind="xx")])
    assert check.units == ()
    assert check.problems == ("第12行「类别」写的是“xx”，请写 市/县市区/市直学校/学校 之一",)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": ""}, "第5行「代码」是空的"),
        ({"code": "Y"}, "第5行「代码」写的是“Y”，请写 2 至 32 位字母、数字"),
        ({"code": "岳阳-1"}, "第5行「代码」写的是“岳阳-1”"),
        ({"code": "-YY1"}, "第5行「代码」写的是“-YY1”"),
        ({"code": "Y" * 33}, "第5行「代码」写的是“YYYYYYYYYYYYYYYYYYY…”"),
        ({"code": "yy04-0001"}, "第5行「代码」写的是“yy04-0001”，和第4行重复"),
        ({"name": " \u200b"}, "第5行「名称」是空的"),
        ({"name": "月" * 61}, "有 61 个字，最多 60 个"),
        ({"name": "月田\n中学"}, "里有换行或看不见的控制字符"),
        ({"name": "月田\x07中学"}, "里有换行或看不见的控制字符"),
        ({"name": "＝1+1"}, "不能以 = 开头"),
        ({"aliases": "月中、@月中"}, "第5行「别名」写的是“@月中”，不能以 @ 开头"),
        ({"aliases": "、".join(f"别名{number}" for number in range(21))}, "「别名」有 21 个，最多 20 个"),
        ({"kind": ""}, "第5行「类别」是空的，请写 市/县市区/市直学校/学校 之一"),
        ({"county": ""}, "第5行「县市区」是空的，学校要写明归哪个县市区，请写 岳阳县 之一"),
        ({"county": "岳阴县"}, "第5行「县市区」写的是“岳阴县”，没有这个县市区，请写 岳阳县 之一"),
        ({"county": "岳阳县第三中学"}, "没有这个县市区"),
        ({"school_type": "大学"}, "第5行「办学类型」写的是“大学”，请写 幼儿园/小学/教学点/"),
        ({"ownership": "集体"}, "第5行「举办者」写的是“集体”，请写 公办/民办 之一"),
        ({"name": "岳阳县 第三中学"}, "写的是“岳阳县第三中学”，和第4行重名"),
        ({"kind": "市"}, "第5行「类别」又写了一个市（第2行已有）"),
        ({"kind": "市直学校"}, "第5行「县市区」写的是“岳阳县”，市直学校归市管，请留空"),
        ({"kind": "县市区", "county": "", "school_type": "小学"}, "县市区请留空，只有学校才填"),
    ],
)
def test_each_mistake_names_row_column_and_remedy(changes, words):
    changes = {"county": "", **changes} if changes.get("kind") == "市" else changes
    assert words in problem(line(**changes))


def test_all_mistakes_are_reported_at_once_in_row_order():
    found = problems(CITY, COUNTY, line(7, county="岳阴县"), line(6, kind="xx", name=""))
    assert [text[:3] for text in found] == ["第6行", "第6行", "第7行"]


def test_a_county_whose_own_row_is_wrong_is_not_reported_again_by_its_schools():
    found = problems(CITY, RosterLine("YY04", "岳阳县", "现", number=3), SCHOOL)
    assert found == ("第3行「类别」写的是“现”，请写 市/县市区/市直学校/学校 之一",)


def test_roster_without_a_city_is_refused():
    assert problems(COUNTY, SCHOOL) == ("名册里没有「类别」为 市 的一行，请加上市本级，例如 YY、岳阳市、市",)


def test_empty_roster_is_refused():
    assert len(problems()) == 1


@pytest.mark.parametrize(
    ("written", "kind"),
    [("school", UnitKind.SCHOOL), ("School", UnitKind.SCHOOL), (" 学 校 ", UnitKind.SCHOOL)],
)
def test_kinds_are_known_by_label_and_code_name(written, kind):
    assert unit(kind=written).kind is kind


@pytest.mark.parametrize(
    ("written", "school_type"),
    [("junior", SchoolType.JUNIOR), ("初级中学", SchoolType.JUNIOR), ("初中", SchoolType.JUNIOR), ("", None)],
)
def test_school_types_are_known_by_label_code_name_and_short_word(written, school_type):
    assert unit(school_type=written).school_type is school_type


@pytest.mark.parametrize("written", ["岳阳县", "yy04", "岳阳县教体局", "岳阳县\u200b", "岳 阳 县"])
def test_county_is_known_by_name_code_and_alias(written):
    assert unit(county=written).parent_code == "YY04"


def test_names_are_folded_to_half_width_without_invisible_characters():
    found = unit(name="\ufeff月田　中学（Ａ\u200b校区）", code="ＹＹ０４－２")
    assert (found.name, found.code) == ("月田中学(A校区)", "YY04-2")


def test_aliases_accept_the_usual_separators_and_drop_doubles():
    assert unit(aliases="月中，月田；月 中,月田中学、\n月初").aliases == ("月中", "月田", "月初")


def test_municipal_school_belongs_to_the_city():
    school = line(kind="市直学校", county="市直", name="岳阳市第一中学")
    assert check_roster([CITY, school]).units[-1].parent_code == "YY"


def test_same_name_in_two_counties_is_fine():
    other = RosterLine("YY05", "华容县", "县市区", number=8)
    namesake = line(9, code="YY05-1", name="岳阳县第三中学", county="华容县")
    assert check_roster([CITY, COUNTY, SCHOOL, other, namesake]).problems == ()


def test_a_part_of_the_roster_rests_on_the_registered_units():
    check = check_roster([line()], UNITS)
    assert [(found.code, found.parent_code) for found in check.units] == [("YY04-0002", "YY04")]


def test_registered_names_and_kinds_and_city_are_respected():
    assert problems(line(name="岳阳县第三中学"), existing=UNITS) == (
        "第5行「名称」写的是“岳阳县第三中学”，和已登记的 YY04-0001重名，同一县市区里名称要不同",
    )
    assert "YY04 已登记为县市区" in problems(line(code="YY04"), existing=UNITS)[0]
    other_city = RosterLine("XX", "别的市", "市", number=2)
    assert "市已登记为 YY（岳阳市）" in problems(other_city, existing=UNITS)[0]


def test_a_registered_code_in_other_letters_is_the_same_unit():
    assert check_roster([line(code="yy04-0001", name="新名")], UNITS).units[0].code == "YY04-0001"


def test_closed_units_stand_last_in_the_export_and_do_not_block_a_name():
    closed = Unit("YY04-9", "月田中学", UnitKind.SCHOOL, "YY04", closed_on=date(2017, 1, 1))
    rows = roster_lines((closed, *UNITS))
    assert [(row.code, row.state) for row in rows] == [
        ("YY", ""),
        ("YY04", ""),
        ("YY04-0001", ""),
        ("YY04-9", "撤销"),
    ]
    assert check_roster([line()], (*UNITS, closed)).problems == ()


def test_export_writes_labels_and_county_names():
    assert roster_lines(UNITS)[2].cells == (
        "YY04-0001",
        "岳阳县第三中学",
        "学校",
        "岳阳县",
        "高级中学",
        "公办",
        "县三中、岳阳县三中",
        "",
        "",
        "",
        "",
        "",
    )


def test_choices_offer_every_label():
    assert roster_choices()["类别"] == ("市", "县市区", "市直学校", "学校")
    assert "教学点" in roster_choices()["办学类型"]
    assert roster_choices()["举办者"] == ("公办", "民办")


# ---- 存成数字的代码


def numbered(number: int, code: str, **changes) -> RosterLine:
    return replace(line(number, code=code, name=f"样例小学{number}", **changes), code_as_number=True)


def test_a_code_in_scientific_notation_is_named():
    assert problem(line(code="4.30621E+17")).startswith("第5行「代码」成了“4.30621E+17”，表格把它当数字")


def test_more_digits_than_a_spreadsheet_can_hold_are_named():
    assert "15 位以后的已经丢了" in problem(numbered(5, "430621000112345680"))


def test_a_number_shorter_than_the_others_has_lost_its_zeros():
    (found,) = problems(CITY, COUNTY, numbered(5, "4306210001"), numbered(6, "306210002"))
    assert found.startswith("第6行「代码」“306210002”存成了数字，比别的代码短")


def test_a_code_that_differs_from_a_registered_one_by_zeros_only_is_named():
    known = Unit("0430", "样例小学", UnitKind.SCHOOL, "YY04")
    (found,) = problems(line(code="430"), existing=(*UNITS, known))
    assert "已登记的是 0430" in found


def test_numbers_of_one_length_are_good_codes():
    check = check_roster([CITY, COUNTY, numbered(5, "4306210001"), numbered(6, "4306210002")])
    assert check.problems == ()


# ---- 曾用名、教职工数、表里没有的列

KNOWN = Unit(
    "YY04-0002",
    "月田中学",
    UnitKind.SCHOOL,
    "YY04",
    SchoolType.JUNIOR,
    Ownership.PUBLIC,
    ("月中",),
    former_names=("月田初级中学",),
    staff_count=52,
)


def test_a_renamed_unit_keeps_its_old_name():
    check = check_roster([line(name="月田学校")], (*UNITS, KNOWN))
    assert check.units[0].former_names == ("月田初级中学", "月田中学")


def test_former_names_are_added_and_never_lost():
    check = check_roster([line(former_names="月田农中、月田中学")], (*UNITS, KNOWN))
    assert check.units[0].former_names == ("月田初级中学", "月田农中")
    assert check_roster([line(former_names="")], (*UNITS, KNOWN)).units[0].former_names == ("月田初级中学",)


def test_columns_the_sheet_does_not_have_stay_as_they_were():
    narrow = replace(line(), given=frozenset({"代码", "名称", "类别", "县市区"}))
    assert check_roster([narrow], (*UNITS, KNOWN)).units == (KNOWN,)


def test_a_column_the_sheet_has_but_leaves_empty_is_cleared():
    unit = check_roster([line()], (*UNITS, KNOWN)).units[0]
    assert (unit.school_type, unit.aliases, unit.staff_count) == (None, (), None)


@pytest.mark.parametrize("written", ["52.5", "五十二", "-1", "99999", "1" * 30, "٥٢"])
def test_a_staff_number_that_is_none_is_named(written):
    assert problem(line(staff_count=written)).startswith("第5行「教职工数」写的是“")


def test_a_staff_number_is_kept():
    assert unit(staff_count=" ５２ ").staff_count == 52


# ---- 撤并

MERGED_ON = date(2016, 9, 1)
GONE = replace(KNOWN, closed_on=MERGED_ON)


def fate(state: str, merged_into: str = "", *, existing: tuple[Unit, ...] = (KNOWN,)) -> Unit:
    row = line(state=state, merged_into=merged_into, aliases="月中", school_type="初级中学", ownership="公办")
    check = check_roster([row], (*UNITS, *existing))
    assert check.problems == ()
    return check.units[0]


@pytest.mark.parametrize("state", ["", "正常"])
def test_without_a_word_a_unit_stays_open(state):
    assert fate(state).closed_on is None


def test_a_closed_unit_is_dated_today():
    assert (fate("撤销").closed_on, fate("撤销").merged_into) == (TODAY, None)


@pytest.mark.parametrize(
    ("state", "merged_into"),
    [("并入", "YY04-0001"), ("并入 YY04-0001", ""), ("合并到yy04-0001", ""), ("并入", "ＹＹ０４－０００１")],
)
def test_a_merged_unit_names_the_one_it_went_into(state, merged_into):
    assert (fate(state, merged_into).closed_on, fate(state, merged_into).merged_into) == (TODAY, "YY04-0001")


def test_a_unit_closed_before_keeps_its_day():
    assert fate("撤销", existing=(GONE,)).closed_on == MERGED_ON


def test_a_closed_unit_opens_again_only_in_so_many_words():
    assert fate("正常", existing=(GONE,)).closed_on is None
    assert "已在2016-09-01撤并；要恢复请写 正常" in problems(line(), existing=(*UNITS, GONE))[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": "不在了"}, "第5行「状态」写的是“不在了”，请写 正常/撤销/并入 之一"),
        ({"state": "并入"}, "第5行「并入单位」是空的"),
        ({"merged_into": "YY04-0001"}, "「并入单位」写了代码，请写 并入"),
        ({"state": "并入", "merged_into": "YY04-0404"}, "名册里没有这个代码"),
        ({"state": "并入", "merged_into": "YY04"}, "岳阳县是县市区，学校并不进去"),
        ({"state": "并入", "merged_into": "YY04-0002"}, "也撤销了，请写还在办的单位"),
    ],
)
def test_a_closing_that_makes_no_sense_is_named(changes, words):
    assert words in problem(line(**changes))


def test_two_units_cannot_be_merged_into_each_other():
    first = line(5, state="并入", merged_into="YY04-0003")
    second = line(6, code="YY04-0003", name="月山中学", state="并入", merged_into="YY04-0002")
    assert len(problems(first, second, existing=UNITS)) == 2


def test_neither_the_city_nor_a_county_with_open_schools_is_closed():
    found = problems(replace(CITY, state="撤销"), replace(COUNTY, state="撤销"), SCHOOL, existing=())
    assert found[0] == "第2行「状态」市本级不能撤并"
    assert found[1].startswith("第3行「状态」岳阳县下面还有 1 个单位在办")


def test_collisions_with_other_units_are_counted_apart():
    same_code = line(6, code="YY04-0001", name="样例小学")
    same_name = line(7, code="YY04-0007", name="岳阳縣第３中學", county="没有的县")
    twin = line(8, code="YY04-0008", name="岳阳县第3中学")
    check = check_roster([CITY, COUNTY, SCHOOL, same_code, same_name, twin])
    assert (len(check.problems), check.conflicts) == (3, 2)


@pytest.mark.parametrize(
    "name", ["岳陽縣第三中學", "岳阳县第三\u200b中学", "岳阳县第3中学", "岳阳县第三中学\ufe0f"]
)
def test_a_name_that_only_looks_different_is_the_same_name(name):
    assert "和第4行重名" in problem(line(name=name))


# 名称里常见的字、爱捣乱的字（全角、零宽、半角假名加浊点、组合音标）和别的一切可见字符
ODD = "岳阳县第三中学月田 \u3000(（、，,Ａ１-'\u200b\ufeffｶﾞé\u0301"
NAMES = st.text(
    st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])),
    min_size=1,
    max_size=20,
)


@st.composite
def rosters(draw) -> tuple[RosterLine, ...]:
    """任意写法的名册：名称、别名是任意文字，类型随意，县有一到三个。"""
    counties = [f"YY{number:02}" for number in range(1, draw(st.integers(1, 3)) + 1)]
    rows = [CITY, *(RosterLine(code, f"样例县{code}", "县市区") for code in counties)]
    for number, name in enumerate(draw(st.lists(NAMES, max_size=6))):
        rows.append(
            RosterLine(
                code=f"S-{number}",
                name=name,
                kind=draw(st.sampled_from(["学校", "school"])),
                county=draw(st.sampled_from(counties)),
                school_type=draw(st.sampled_from(["", *SchoolType])),
                ownership=draw(st.sampled_from(["", "公办", "民办"])),
                aliases="、".join(draw(st.lists(NAMES, max_size=3))),
                number=number + 10,
            )
        )
    return tuple(rows)


@settings(max_examples=60, deadline=None)
@given(rosters(), st.sampled_from([roster_xlsx, roster_csv]))
def test_whatever_is_accepted_survives_export_and_import(rows, write):
    check = check_roster(rows)
    if check.problems:
        assert all(text.startswith("第") for text in check.problems)
        return
    again = check_roster(read_roster(write(roster_lines(check.units)), "名册"))
    assert again == check
