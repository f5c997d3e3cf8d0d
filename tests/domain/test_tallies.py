"""数一数：取消的不算；最该催的先是刚过期的，再是快到期的，最后才是陈账。"""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.numbers import Sums
from bot.domain.tallies import Tally, most_pressing, sums_of, tally
from bot.plan.reader import load_plan
from storage.obligations import ONCE
from storage.rollups import OpenCount, StateCount
from storage.words import ObligationState

PLAN = load_plan()
STATE = ObligationState
FEB, MAR20, MAR25, MAR31 = date(2017, 2, 28), date(2017, 3, 20), date(2017, 3, 25), date(2017, 3, 31)
FIRST_REVIEW = OpenCount("first_review", ONCE, FEB, 14)
QUARTERLY = OpenCount("quarterly", "2017Q1", MAR20, 20)
BUREAU = OpenCount("bureau_review", ONCE, MAR20, 1)
FINISH = OpenCount("finish", ONCE, MAR31, 30)
LETTER = OpenCount("responsibility_letter", ONCE, None, 30)


def count(state: ObligationState, units: int, *, late: bool = False, **numbers: int) -> StateCount:
    return StateCount("YY04", "first_review", ONCE, state, late, units, numbers=numbers)


def test_states_are_added_up_and_cancelled_ones_left_out() -> None:
    found = tally(
        [count(STATE.DONE, 3), count(STATE.DONE, 2, late=True), count(STATE.CANCELLED, 4, late=True)]
    )
    assert found == Tally(total=5, done=5, late=2)


def test_sums_take_reported_and_approved_numbers_only() -> None:
    counts = [
        count(STATE.DONE, 2, expected=100),
        count(STATE.REPORTED, 1, expected=50),
        count(STATE.RETURNED, 1, expected=900),
        count(STATE.OWING, 7),
    ]
    assert sums_of(counts) == Sums(3, {"expected": 150})
    assert sums_of([count(STATE.OWING, 7)]) is None


@pytest.mark.parametrize(
    ("today", "pressing"),
    [
        (date(2017, 2, 20), FIRST_REVIEW),
        (FEB, FIRST_REVIEW),
        (date(2017, 3, 1), FIRST_REVIEW),
        (date(2017, 3, 20), FIRST_REVIEW),
        (date(2017, 4, 15), QUARTERLY),
        (date(2018, 4, 15), QUARTERLY),
    ],
)
def test_freshly_overdue_comes_before_what_is_to_come(today: date, pressing: OpenCount) -> None:
    everything = [FINISH, BUREAU, QUARTERLY, FIRST_REVIEW, LETTER]
    assert most_pressing(everything, PLAN, today) == pressing


def test_what_is_derived_or_undated_is_nothing_to_chase() -> None:
    assert most_pressing([FINISH, BUREAU, LETTER], PLAN, FEB) is None


def test_old_debts_give_way_to_what_is_to_come() -> None:
    second = OpenCount("quarterly", "2017Q2", date(2017, 6, 20), 5)
    assert most_pressing([FIRST_REVIEW, second], PLAN, date(2017, 5, 1)) == second
