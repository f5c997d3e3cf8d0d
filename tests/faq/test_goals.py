"""答问的底线：评测的 test 部分在两种场合都要到的数（与 python -m faq.evaluate 打印的是同一张表）。"""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

from faq.datasets import CHATTER, FOLLOWUP, QUESTION, UNANSWERABLE, load_samples
from faq.entries import load_entries
from faq.evaluate.goals import GOALS, Goal, Reached, both, reached
from faq.evaluate.judging import Outcome
from faq.retriever import Retriever


@pytest.fixture(scope="module")
def outcomes() -> Mapping[bool, Sequence[Outcome]]:
    return both(Retriever(load_entries()), load_samples(split="test"))


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.name)
def test_goal_is_reached(goal: Goal, outcomes: Mapping[bool, Sequence[Outcome]]) -> None:
    (row,) = [row for row in reached(outcomes) if row.goal is goal]
    assert row.total > 100
    assert row.met, row.line()


def test_a_missed_goal_is_seen() -> None:
    assert not Reached(GOALS[0], 90, 100).met
    assert Reached(GOALS[0], 93, 100).met


def test_data_is_as_much_as_promised() -> None:
    samples = load_samples()
    count = Counter(sample.kind for sample in samples)
    least = {QUESTION: 800, CHATTER: 800, UNANSWERABLE: 120, FOLLOWUP: 80}
    assert {kind for kind, wanted in least.items() if count[kind] < wanted} == set()
    assert {s.id for s in samples if s.kind == QUESTION} == {entry.id for entry in load_entries()}
