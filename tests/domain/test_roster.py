"""名册核对：全对才收，每个问题指明行、列和改法。"""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.roster_sheet import RosterLine, read_roster, roster_csv, roster_xlsx
from bot.domain.roster import RosterCheck, check_roster, roster_choices, roster_lines
from storage.units import Unit
from storage.words import Ownership, SchoolType, UnitKind

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


def test_closed_units_neither_export_nor_block_a_name():
    closed = Unit("YY04-9", "月田中学", UnitKind.SCHOOL, "YY04", closed_on=date(2017, 1, 1))
    assert [row.code for row in roster_lines((*UNITS, closed))] == ["YY", "YY04", "YY04-0001"]
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
    )


def test_choices_offer_every_label():
    assert roster_choices()["类别"] == ("市", "县市区", "市直学校", "学校")
    assert "教学点" in roster_choices()["办学类型"]
    assert roster_choices()["举办者"] == ("公办", "民办")


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
