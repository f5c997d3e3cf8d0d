"""编号名单：怎么写编号都认，翻页并在一起，各页各自算时间，一人只记一份。"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.shown_lists import ShownLists, spans, take_numbers
from bot.domain.errors import BadInput, WrongState
from tests.stage import START

ME, OTHER = 10002, 10003


@pytest.mark.parametrize(
    ("typed", "numbers", "rest"),
    [
        ("3-18 20", [*range(3, 19), 20], []),
        ("3,5、7；9", [3, 5, 7, 9], []),
        ("3到5 和 8", [3, 4, 5, 8], []),
        ("3 - 5", [3, 4, 5], []),
        ("3～5", [3, 4, 5], []),
        ("3号 5号", [3, 5], []),
        ("3 3 2-4", [3, 2, 4], []),
        ("3 2人缺照片", [3], ["2人缺照片"]),
        ("缺照片 3", [], ["缺照片", "3"]),
        ("YY04-0001", [], ["YY04-0001"]),
        ("4306210001", [], ["4306210001"]),
        ("", [], []),
    ],
)
def test_numbers_are_taken_from_the_front(typed: str, numbers: list[int], rest: list[str]) -> None:
    assert take_numbers(typed.split()) == (numbers, rest)


@pytest.mark.parametrize("typed", ["1-51", "1-30 40-80", "1-9999"])
def test_too_many_at_once_are_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="一次最多审 50 个"):
        take_numbers(typed.split())


def test_pages_of_one_list_are_kept_together() -> None:
    lists = ShownLists()
    lists.note(ME, "待审", {1: "甲", 2: "乙"}, START)
    lists.note(ME, "待审", {3: "丙"}, START)
    assert lists.pick(ME, [3, 1], START, "/审核") == [(3, "丙"), (1, "甲")]


def test_another_list_takes_the_place_of_the_first() -> None:
    lists = ShownLists()
    lists.note(ME, "待审", {1: "甲", 2: "乙"}, START)
    lists.note(ME, "未报", {1: "丁"}, START)
    assert lists.pick(ME, [1], START, "/审核") == [(1, "丁")]
    with pytest.raises(BadInput, match="没有 2 号"):
        lists.pick(ME, [2], START, "/审核")


def test_each_page_has_half_an_hour_of_its_own() -> None:
    lists = ShownLists()
    lists.note(ME, "待审", {1: "甲"}, START)
    lists.note(ME, "待审", {2: "乙"}, START + timedelta(minutes=20))
    later = START + timedelta(minutes=31)
    assert lists.pick(ME, [2], later, "/审核") == [(2, "乙")]
    with pytest.raises(BadInput):
        lists.pick(ME, [1], later, "/审核")
    with pytest.raises(WrongState, match="过了 30 分钟"):
        lists.pick(ME, [2], START + timedelta(minutes=51), "/审核")


def test_the_list_of_somebody_else_is_not_mine() -> None:
    lists = ShownLists()
    lists.note(OTHER, "待审", {1: "甲"}, START)
    with pytest.raises(WrongState, match="还没有看过"):
        lists.pick(ME, [1], START, "/审核")


def test_spans_read_well() -> None:
    assert spans([1, 2, 3, 7, 9, 10]) == "1-3、7、9-10"
