"""数字核对：大小次序、像不像一所学校、和上一次和名册差得多不多。"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.errors import BadInput
from bot.domain.numbers import check_numbers, differs_much, jumps, last_numbers, roster_gap
from bot.plan.reader import load_plan
from storage.submissions import Submission
from storage.words import SubmissionAction

PLAN = load_plan()
FIRST_REVIEW = next(item for item in PLAN.deliverables if item.key == "first_review")
A, B, C = SubmissionAction.REPORT, SubmissionAction.RETURN, SubmissionAction.WITHDRAW
NOON = datetime(2017, 2, 24, 4, tzinfo=UTC)


def numbers(expected: int, entered: int, reviewed: int) -> dict[str, int]:
    return {"expected": expected, "entered": entered, "reviewed": reviewed}


def step(action: SubmissionAction, expected: int = 0) -> Submission:
    given = numbers(expected, expected, expected) if expected else None
    return Submission(1, action, 10003, "YY04-0001", NOON, numbers=given)


@pytest.mark.parametrize(
    "good", [numbers(52, 52, 52), numbers(52, 40, 0), numbers(0, 0, 0), numbers(3000, 1, 1)]
)
def test_sensible_numbers_pass(good: dict[str, int]) -> None:
    check_numbers(FIRST_REVIEW, good)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (numbers(52, 53, 52), "已录入53 比应采集52 还多"),
        (numbers(52, 50, 51), "已审51 比已录入50 还多"),
        (numbers(3001, 1, 1), "应采集3001 不像一所学校的人数"),
    ],
)
def test_what_cannot_be_right_is_named(bad: dict[str, int], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        check_numbers(FIRST_REVIEW, bad)


@pytest.mark.parametrize(
    ("before", "after", "much"),
    [
        (52, 52, False),
        (52, 67, False),
        (50, 65, True),
        (50, 35, True),
        (50, 36, False),
        (6, 10, False),
        (6, 11, True),
        (0, 4, False),
        (0, 5, True),
        (100, 129, False),
    ],
)
def test_much_is_three_tenths_and_five_people(before: int, after: int, much: bool) -> None:
    assert differs_much(before, after) is much


def test_jumps_name_each_number_and_ignore_what_was_never_reported() -> None:
    found = jumps(FIRST_REVIEW.numbers, numbers(52, 52, 20), numbers(90, 52, 52))
    assert found == ("应采集 52→90", "已审 20→52")
    assert jumps(FIRST_REVIEW.numbers, {}, numbers(90, 90, 90)) == ()


def test_the_last_numbers_leave_out_what_was_withdrawn() -> None:
    assert last_numbers([]) == {}
    assert last_numbers([step(A, 52), step(B), step(A, 60)])["expected"] == 60
    assert last_numbers([step(A, 52), step(B), step(A, 520), step(A, 521), step(C)])["expected"] == 52
    assert last_numbers([step(A, 520), step(C)]) == {}
    assert last_numbers([step(A, 520), step(C), step(A, 52), step(C)]) == {}


def test_the_roster_is_compared_only_where_it_has_the_number() -> None:
    given = numbers(52, 52, 52)
    assert roster_gap(FIRST_REVIEW, given, None) == ""
    assert roster_gap(FIRST_REVIEW, given, 55) == ""
    assert roster_gap(FIRST_REVIEW, given, 80) == "名册里教职工 80 人，这次应采集 52 人，差得多，请核对。"
    training = PLAN.deliverable("training")
    assert training is not None
    assert roster_gap(training, {}, 80) == ""
