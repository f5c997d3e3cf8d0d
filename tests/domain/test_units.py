"""认单位：写得准就认，写得含糊就列出来问，绝不替人猜。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.errors import Ambiguous, NotFound, Unrecognised
from bot.domain.sample_roster import sample_units
from bot.domain.units import UnitTree, plain_name
from tests.stage import (
    CITY,
    COUNTY,
    FIRST,
    MUNICIPAL,
    NURSERY,
    OTHER_COUNTY,
    OTHER_SCHOOL,
    THIRD,
    UNITS,
)

TREE = UnitTree(UNITS)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("YY04-0001", THIRD),
        ("yy04-0001", THIRD),
        ("ＹＹ０４－０００１", THIRD),
        ("岳阳县第三中学", THIRD),
        (" 岳阳县 第三中学 ", THIRD),
        ("“岳阳县第三中学”", THIRD),
        ("岳阳县\u200b第三中学", THIRD),
        ("荣家湾", NURSERY),
        ("县一中", FIRST),
        ("市一中", MUNICIPAL),
        ("市教体局", CITY),
        ("岳阳县", COUNTY),
        ("岳阳县教育局", COUNTY),
        ("华容县", OTHER_COUNTY),
    ],
)
def test_a_unit_is_known_by_code_name_alias_or_a_part_only_it_has(text: str, unit: object) -> None:
    assert TREE.find(text) == unit


def test_an_alias_of_two_schools_is_asked_back_with_codes() -> None:
    with pytest.raises(Ambiguous) as caught:
        TREE.find("县三中")
    assert str(caught.value).splitlines() == [
        "叫“县三中”的有 2 个单位，请写全名或代码：",
        "1. 岳阳县第三中学（岳阳县，YY04-0001）",
        "2. 华容县第三中学（华容县，YY05-0001）",
    ]


def test_within_ones_own_county_the_same_alias_is_clear() -> None:
    assert TREE.find("县三中", within=[COUNTY]) == THIRD
    assert TREE.find("县三中", within=[OTHER_COUNTY]) == OTHER_SCHOOL


def test_within_the_whole_city_it_stays_unclear() -> None:
    with pytest.raises(Ambiguous):
        TREE.find("县三中", within=[CITY])


def test_an_exact_name_elsewhere_wins_over_a_part_of_ones_own() -> None:
    assert TREE.find("华容县第三中学", within=[COUNTY]) == OTHER_SCHOOL


def test_an_unknown_name_gets_the_nearest_ones() -> None:
    with pytest.raises(NotFound) as caught:
        TREE.find("岳阳县第三中雪")
    assert str(caught.value).startswith("没有找到单位“岳阳县第三中雪”。\n是不是：岳阳县第三中学、")


def test_something_far_away_gets_an_example_instead() -> None:
    with pytest.raises(NotFound, match="请写全名或代码，例如：岳阳县第三中学。"):
        TREE.find("abcdefgh")


@pytest.mark.parametrize("text", ["", "   ", "“”"])
def test_no_name_at_all_is_asked_for(text: str) -> None:
    with pytest.raises(NotFound, match="请写上单位名称或代码"):
        TREE.find(text)


def test_one_letter_is_never_a_part_of_a_name() -> None:
    with pytest.raises(NotFound):
        TREE.find("中")


def test_a_long_list_is_cut_and_says_how_many_more() -> None:
    tree = UnitTree(sample_units())
    with pytest.raises(Ambiguous) as caught:
        tree.find("中心小学")
    lines = str(caught.value).splitlines()
    assert len(lines) == 8
    found = int(lines[0].split("有 ")[1].split(" 个")[0])
    assert lines[-1] == f"……还有 {found - 6} 个，写得再全一点就分得清"


def test_covers_follows_the_chain_upwards_only() -> None:
    assert TREE.covers(CITY, THIRD)
    assert TREE.covers(COUNTY, THIRD)
    assert TREE.covers(THIRD, THIRD)
    assert not TREE.covers(THIRD, COUNTY)
    assert not TREE.covers(OTHER_COUNTY, THIRD)
    assert not TREE.covers(COUNTY, MUNICIPAL)


def test_children_are_the_units_one_reviews() -> None:
    assert list(TREE.children("YY04")) == [THIRD, FIRST, NURSERY]
    assert list(TREE.children("YY")) == [COUNTY, OTHER_COUNTY, MUNICIPAL]
    assert list(TREE.children(THIRD.code)) == []


def test_the_counties_come_in_the_order_of_their_codes() -> None:
    assert UnitTree(reversed(UNITS)).counties() == [COUNTY, OTHER_COUNTY]


def test_titles_name_the_county_only_where_the_name_does_not() -> None:
    plain = replace(THIRD, code="YY04-0009", name="第三中学")
    tree = UnitTree([*UNITS, plain])
    assert tree.title(plain) == "岳阳县 第三中学"
    assert tree.title(THIRD) == "岳阳县第三中学"
    assert tree.title(MUNICIPAL) == "岳阳市第一中学"


def test_without_a_roster_the_operator_is_told_what_to_do() -> None:
    with pytest.raises(NotFound, match="python -m bot roster import"):
        _ = UnitTree(()).city


def test_a_code_that_is_gone_is_said_plainly() -> None:
    with pytest.raises(NotFound, match="名册里没有代码 XX 的单位"):
        TREE.get("XX")


def test_plain_names_ignore_width_spaces_quotes_and_invisible_signs() -> None:
    assert plain_name("　“ＹＹ ０４”\ufeff") == "yy04"


# ---- 曾用名与撤并

RENAMED = replace(THIRD, name="岳阳县第三高级中学", former_names=("岳阳县第三中学", "岳阳县荣湾中学"))
MERGED = replace(FIRST, closed_on=date(2017, 3, 1), merged_into=THIRD.code)
CLOSED = replace(NURSERY, closed_on=date(2016, 9, 1))
REFORMED = UnitTree((CITY, COUNTY, OTHER_COUNTY, RENAMED, MERGED, CLOSED, OTHER_SCHOOL, MUNICIPAL))


@pytest.mark.parametrize("text", ["岳阳县第三中学", "荣湾中学", "岳陽縣榮灣中學", "县三中"])
def test_a_former_name_still_leads_to_the_unit(text: str) -> None:
    assert REFORMED.find(text, within=[COUNTY]) == RENAMED


def test_a_merged_unit_says_where_it_went_and_offers_the_heir() -> None:
    with pytest.raises(Unrecognised) as caught:
        REFORMED.find("县一中")
    assert (
        str(caught.value).splitlines()[0]
        == "岳阳县第一中学（YY04-0002）2017年3月1日已并入岳阳县第三高级中学。"
    )
    assert [one.code for one in caught.value.candidates] == [THIRD.code]


def test_a_closed_unit_is_never_replaced_by_one_with_a_similar_name() -> None:
    namesake = replace(THIRD, code="YY04-0009", name="岳阳县荣家湾中心幼儿园分园", aliases=())
    tree = UnitTree((*REFORMED.everything(), namesake))
    with pytest.raises(NotFound, match="2016年9月1日已撤销"):
        tree.find("岳阳县荣家湾中心幼儿园")


def test_by_its_code_a_closed_unit_is_found_for_its_history() -> None:
    assert REFORMED.find("YY04-0002") == MERGED
    assert REFORMED.get("YY04-0003") == CLOSED


def test_a_chain_of_mergers_leads_to_the_one_still_open() -> None:
    first = replace(FIRST, closed_on=date(2016, 9, 1), merged_into=NURSERY.code)
    second = replace(NURSERY, closed_on=date(2017, 3, 1), merged_into=THIRD.code)
    with pytest.raises(Unrecognised) as caught:
        UnitTree((CITY, COUNTY, THIRD, first, second)).find("岳阳县第一中学")
    assert [one.code for one in caught.value.candidates] == [THIRD.code]


def test_closed_units_are_neither_counted_nor_listed_below_their_county() -> None:
    assert len(REFORMED) == 6
    assert list(REFORMED.children("YY04")) == [RENAMED]
    assert MERGED not in list(REFORMED)
    assert MERGED in REFORMED.everything()


# ---- 找不着、太长、太多


def test_the_nearest_are_three_and_can_be_chosen() -> None:
    with pytest.raises(Unrecognised) as caught:
        TREE.find("岳阳县第二中学")
    assert len(caught.value.candidates) == 3
    assert caught.value.candidates[0].label == "岳阳县第三中学（岳阳县，YY04-0001）"


def test_ten_thousand_characters_are_refused_without_repeating_them() -> None:
    with pytest.raises(NotFound) as caught:
        TREE.find("岳" * 10_000)
    assert str(caught.value) == "单位名有 10000 个字，太长了。请写全名或代码，例如：岳阳县第三中学。"


def test_a_long_wrong_name_is_quoted_shortened_on_one_line() -> None:
    with pytest.raises(NotFound) as caught:
        TREE.find("第三中学\n" * 9)
    assert len(str(caught.value).splitlines()[0]) < 70


def test_a_municipal_school_and_a_county_are_labelled_in_the_choice() -> None:
    with pytest.raises(Ambiguous) as caught:
        TREE.find("第一中学")
    labels = {one.label for one in caught.value.candidates}
    assert labels == {"岳阳县第一中学（岳阳县，YY04-0002）", "岳阳市第一中学（市直，YYS01）"}
