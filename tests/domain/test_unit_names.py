"""名称的比较写法：看着一样的收成一个样子，读着不一样的绝不混。"""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sample_roster import sample_units
from bot.domain.unit_names import plain_name

NAME = "岳阳县第三中学"


@pytest.mark.parametrize(
    "written",
    [
        "岳陽縣第三中學",
        "岳 阳 县　第三中学",
        "岳\u200b阳\u200d县\u2060第\ufeff三中学",
        "岳阳县第三中学\ufe0f\U000e0100",
        "\u202e岳阳县第三中学\u202c",
        "「岳阳县第三中学」",
        "岳阳县第3中学",
        "岳阳县第３中学",
        "岳阳县第三中学\u3164",
    ],
)
def test_the_same_name_however_it_is_typed(written: str) -> None:
    assert plain_name(written) == NAME


@pytest.mark.parametrize(
    "written", ["YY04-0001", "ｙｙ０４－０００１", "УУ04-0001", "ΥΥ04—0001", "yy04‑0001"]
)
def test_the_same_code_in_letters_that_look_alike(written: str) -> None:
    assert plain_name(written) == "yy04-0001"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("士心小学", "土心小学"),
        ("未来小学", "末来小学"),
        ("第十一中学", "第十中学"),
        ("YY04-0001", "YYO4-0001"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert plain_name(one) != plain_name(other)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("县3中", "县三中"),
        ("第12中学", "第十二中学"),
        ("第20小学", "第二十小学"),
        ("2017中心校", "2017中心校"),
    ],
)
def test_ordinals_in_digits_are_read_as_chinese_ones(written: str, plain: str) -> None:
    assert plain_name(written) == plain


def test_every_invisible_format_character_is_dropped() -> None:
    kept = [
        hex(number)
        for number in range(sys.maxunicode + 1)
        if unicodedata.category(chr(number)) == "Cf" and plain_name(f"岳{chr(number)}阳") != "岳阳"
    ]
    assert kept == []


@given(st.text(max_size=40))
def test_folding_never_fails_and_leaves_no_blank(text: str) -> None:
    assert not any(char.isspace() for char in plain_name(text))


def test_no_two_schools_of_the_sample_city_fold_together() -> None:
    units = sample_units()
    assert len({(unit.parent_code, plain_name(unit.name)) for unit in units}) == len(units)
