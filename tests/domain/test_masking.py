"""遮住个人信息：身份证号认得出各种写法，长数字一律遮住，姓名和值只露一点点。"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.masking import CHECKS, WEIGHTS, id_numbers, masked_name, masked_value, without_numbers


def with_check_digit(first: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True))
    return first + CHECKS[total % 11]


# 样例号码，地区码 999999 不存在
SAMPLE = with_check_digit("99999919800101001")


@pytest.mark.parametrize(
    "text",
    [
        SAMPLE,
        f"我的身份证是{SAMPLE}，请帮我看看",
        f"身份证{SAMPLE}错了",
        SAMPLE.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}),
        f"{SAMPLE[:6]} {SAMPLE[6:14]} {SAMPLE[14:]}",
        f"{SAMPLE[:6]}-{SAMPLE[6:14]}-{SAMPLE[14:]}",
        f"号码：\n{SAMPLE}\n",
    ],
)
def test_an_id_number_is_found_however_it_is_written(text: str) -> None:
    assert id_numbers(text) == [SAMPLE]


def test_a_number_ending_in_x_is_found_in_both_cases() -> None:
    candidates = (with_check_digit(f"999999198001{day:02}001") for day in range(1, 29))
    number = next(found for found in candidates if found.endswith("X"))
    assert id_numbers(f"证号{number}") == [number]
    assert [found.upper() for found in id_numbers(f"证号{number.lower()}")] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "13800001234",
        "2017年3月25日前报送",
        SAMPLE[:-1] + str((int(SAMPLE[-1]) + 1) % 10 if SAMPLE[-1].isdigit() else 1),
        f"1{SAMPLE}",
        f"{SAMPLE}1",
        "999999198013010011",
        "999999178001010010",
        "应采集52 已录入52 已审52",
    ],
)
def test_what_is_no_id_number_is_left_alone(text: str) -> None:
    assert id_numbers(text) == []


def test_two_numbers_in_one_message_are_both_found() -> None:
    other = with_check_digit("99999919900202002")
    assert id_numbers(f"{SAMPLE}和{other}") == [SAMPLE, other]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"身份证{SAMPLE}录错了", "身份证〔号码〕录错了"),
        ("电话13800001234打不通", "电话〔号码〕打不通"),
        ("电话１３８００００１２３４打不通", "电话〔号码〕打不通"),
        ("座机8805612", "座机〔号码〕"),
        ("电话138 0000 1234。", "电话〔号码〕。"),
        ("电话138-0000-1234。", "电话〔号码〕。"),
        (f"身份证{SAMPLE[:6]} {SAMPLE[6:14]} {SAMPLE[14:]}？", "身份证〔号码〕？"),
        ("2017-03-02 入党，２０１７－０３－０２", "2017-03-02 入党，２０１７－０３－０２"),
        ("2017年第3季度，编号 2017Q1", "2017年第3季度，编号 2017Q1"),
        ("邮编414000？", "邮编414000？"),
    ],
)
def test_long_numbers_are_covered_before_anything_is_kept(text: str, kept: str) -> None:
    assert without_numbers(text) == kept


@given(st.text(alphabet="0123456789０１２３４５６７８９王 -Xx，", max_size=60))
def test_after_covering_no_run_of_seven_digits_is_left(text: str) -> None:
    run = longest = 0
    for char in without_numbers(text):
        run = run + 1 if char.isdigit() else 0
        longest = max(longest, run)
    assert longest < 7


@pytest.mark.parametrize(
    ("name", "shown"), [("王丽", "王*"), ("欧阳样例", "欧***"), ("王", "王*"), ("", "*")]
)
def test_a_name_shows_its_first_character_only(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("群众", "***"), ("男", "***"), ("", "***"), ("中共党员", "中***"), ("13800001234", "1***")],
)
def test_a_value_shows_at_most_its_first_character(value: str, shown: str) -> None:
    assert masked_value(value) == shown
