"""待答问题归组：问得相近的一组，不同的事不混，结果只看输入。"""

from __future__ import annotations

import random

import pytest

from bot.domain.question_clusters import cluster, similarity
from storage.questions import OpenQuestion
from storage.words import QuestionState
from tests.stage import START


def question(number: int, text: str, qq: int | None = None) -> OpenQuestion:
    asker = 20000 + number if qq is None else qq
    return OpenQuestion(number, text, asker, None, START, QuestionState.OPEN, "")


ASKED = [
    question(1, "体检报告交给谁"),
    question(2, "校车司机要录吗"),
    question(3, "食堂阿姨要录吗"),
    question(4, "请问校车司机要不要录？"),
    question(5, "校车司机需要录入系统吗"),
    question(6, "体检报告要交给哪个"),
]


def test_similar_questions_share_a_group_led_by_the_first() -> None:
    groups = [[one.id for one in group.questions] for group in cluster(ASKED)]
    assert groups == [[2, 4, 5], [1, 6], [3]]
    [biggest, *_] = cluster(ASKED)
    assert (biggest.number, biggest.text, biggest.people) == (2, "校车司机要录吗", 3)


def test_the_order_they_come_in_does_not_matter() -> None:
    shuffled = list(ASKED)
    random.Random(7).shuffle(shuffled)
    assert cluster(shuffled) == cluster(ASKED)


def test_one_person_asking_twice_counts_once_and_ties_go_to_the_earlier() -> None:
    found = cluster(
        [question(1, "体检报告交给谁", 5), question(2, "体检报告要交给哪个", 5), question(3, "火箭怎么发射")]
    )
    assert [(one.number, one.people) for one in found] == [(1, 1), (3, 1)]


def test_lines_without_words_only_join_their_like() -> None:
    found = cluster([question(1, "？？？"), question(2, "……"), question(3, "？？？")])
    assert [[one.id for one in group.questions] for group in found] == [[1, 3], [2]]


def test_nothing_asked_gives_no_groups() -> None:
    assert cluster([]) == []


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        ("我们学校的账号登不上", "学校账号登录不了怎么办", True),
        ("校车司机要录吗", "校车司机要录吗", True),
        ("校车司机要录吗", "保安要录吗", False),
        ("账号被锁了", "体检报告交给谁", False),
        ("？", "校车司机要录吗", False),
    ],
)
def test_similarity(left: str, right: str, alike: bool) -> None:
    score = similarity(left, right)
    assert 0 <= score <= 1.0001
    assert (score >= 0.5) is alike
    assert similarity(right, left) == pytest.approx(score)
