"""向量这条通道：取哪些问法、门槛从知识库量、并候选；最多三个。"""

from __future__ import annotations

from array import array
from dataclasses import replace

import pytest

from bot.domain.model_search import (
    CANDIDATES,
    MOST_ROWS,
    PHRASINGS,
    PLAIN_FLOOR,
    VectorIndex,
    content_key,
    fused,
    index_of,
    nearest,
    phrasings_of,
    unit_length,
    wanted_phrasings,
)
from faq.entries import Entry

PLAIN = Entry("a.one", "a", "怎么重置密码？", "找管理员。", "方案", "plan")
RICH = replace(PLAIN, aliases=tuple(f"第{number}种问法" for number in range(40)))


def test_the_standard_question_comes_first_and_aliases_are_spread() -> None:
    found = phrasings_of(RICH)
    assert found[0] == RICH.question
    assert found[1:] == ("第0种问法", "第10种问法", "第20种问法", "第30种问法")
    assert len(found) == PHRASINGS


def test_an_entry_without_aliases_has_its_question() -> None:
    assert phrasings_of(PLAIN) == (PLAIN.question,)
    assert phrasings_of(replace(PLAIN, aliases=(PLAIN.question, "密码忘了"))) == (PLAIN.question, "密码忘了")


@pytest.mark.parametrize("count", [1, 200, 1001, 5000])
def test_the_more_entries_the_fewer_phrasings(count: int) -> None:
    entries = [replace(RICH, id=f"a.{number}", question=f"问题{number}？") for number in range(count)]
    wanted = wanted_phrasings(entries)
    assert {entry_id for entry_id, _ in wanted.values()} >= {"a.0"}
    assert len(wanted) <= MOST_ROWS


def test_too_many_entries_switch_the_channel_off() -> None:
    assert wanted_phrasings([replace(PLAIN, id=str(number)) for number in range(MOST_ROWS + 1)]) == {}


def test_the_same_words_have_the_same_key_and_others_another() -> None:
    assert content_key("密码") == content_key("密码")
    assert content_key("密码") != content_key("账号")
    assert len(bytes.fromhex(content_key("密码"))) == 16


@pytest.mark.parametrize("values", [[0.0, 0.0], [float("nan"), 1.0], [float("inf"), 1.0], [1e300, 1.0]])
def test_vectors_without_a_direction_are_refused(values: list[float]) -> None:
    assert unit_length(values) is None


def test_vectors_are_brought_to_length_one() -> None:
    found = unit_length([3.0, 4.0])
    assert found is not None
    assert list(found) == pytest.approx([0.6, 0.8])


def test_only_what_is_near_enough_is_found_nearest_first() -> None:
    east, north, between = array("f", [1, 0]), array("f", [0, 1]), array("f", [0.8, 0.6])
    rows = [("east", east), ("north", north), ("between", between), ("east", north)]
    assert nearest(VectorIndex(rows, 0.7), east) == ["east", "between"]
    assert nearest(VectorIndex(rows, 0.7), array("f", [-1, 0])) == []


def test_never_more_than_three_are_found() -> None:
    rows = [(str(number), array("f", [1.0])) for number in range(9)]
    assert len(nearest(VectorIndex(rows, 0.5), array("f", [1.0]))) == CANDIDATES


def test_the_floor_is_measured_on_the_knowledge_itself() -> None:
    wanted = {"00": ("a", "一"), "01": ("a", "二"), "02": ("b", "三"), "03": ("b", "四")}
    near, far = array("f", [0.9, 0.436]), array("f", [0.6, 0.8])
    vectors = {"00": array("f", [1, 0]), "01": near, "02": array("f", [1, 0]), "03": far}
    assert index_of(wanted, vectors).floor == pytest.approx(0.6)
    assert index_of(wanted, {"00": near, "02": far}).floor == PLAIN_FLOOR


def test_phrasings_without_a_vector_are_left_out() -> None:
    assert index_of({"00": ("a", "一"), "01": ("b", "二")}, {"00": array("f", [1.0])}).rows == [
        ("a", array("f", [1.0]))
    ]


@pytest.mark.parametrize(
    ("suggested", "near", "offered"),
    [
        ([], ["x", "y"], ("x", "y")),
        (["a", "b", "c"], [], ("a", "b", "c")),
        (["a", "b", "c"], ["b", "a"], ("a", "b", "c")),
        (["a", "b", "c"], ["c"], ("c", "a", "b")),
        (["a", "b"], ["x", "b"], ("b", "a", "x")),
        (["a", "b", "c"], ["x", "y", "z"], ("a", "x", "b")),
    ],
)
def test_both_rankings_are_joined_into_at_most_three(
    suggested: list[str], near: list[str], offered: tuple[str, ...]
) -> None:
    assert fused(suggested, near) == offered
