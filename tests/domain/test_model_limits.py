"""用模型的分寸：连坏五次歇一分钟，歇够只放一次；一天的次数和 token 到北京时间零点清零。"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.domain.clock import SHANGHAI
from bot.domain.model_limits import (
    Allowance,
    Breaker,
    Usage,
    estimated_tokens,
    spent,
    usage_on,
    within,
)


def broken(times: int, now: float = 0.0) -> Breaker:
    breaker = Breaker()
    for _ in range(times):
        breaker = breaker.entered().failed(now)
    return breaker


def test_four_failures_are_forgiven_five_are_not() -> None:
    assert broken(4).admits(0)
    assert not broken(5).admits(0)


def test_a_success_in_between_counts_from_the_start() -> None:
    assert broken(4).entered().succeeded() == Breaker()


def test_it_rests_for_sixty_seconds() -> None:
    assert not broken(5, 100).admits(159.9)
    assert broken(5, 100).admits(160)


def test_after_the_rest_only_one_goes_in() -> None:
    trying = broken(5).entered()
    assert not trying.admits(61)


def test_the_one_that_works_opens_the_door() -> None:
    assert broken(5).entered().succeeded() == Breaker()


def test_the_one_that_fails_closes_it_for_another_minute() -> None:
    again = broken(5).entered().failed(61)
    assert not again.admits(120.9)
    assert again.admits(121)


def test_the_one_that_is_given_up_lets_the_next_one_try() -> None:
    assert broken(5).entered().abandoned().admits(61)


def test_late_results_of_earlier_calls_change_nothing_while_it_rests() -> None:
    resting = broken(5, 10)
    assert resting.succeeded() == resting
    assert resting.failed(50) == resting


BEFORE_MIDNIGHT = datetime(2017, 2, 20, 23, 59, tzinfo=SHANGHAI)
AFTER_MIDNIGHT = datetime(2017, 2, 20, 16, 0, tzinfo=UTC)


def test_the_day_turns_at_midnight_in_beijing() -> None:
    used = Usage(date(2017, 2, 20), 7, 900)
    assert usage_on(used, BEFORE_MIDNIGHT) == used
    assert usage_on(used, AFTER_MIDNIGHT) == Usage(date(2017, 2, 21))
    assert usage_on(None, BEFORE_MIDNIGHT) == Usage(date(2017, 2, 20))


@pytest.mark.parametrize(
    ("used", "tokens", "allowed"),
    [
        (Usage(date(2017, 2, 20), 9, 0), 10, True),
        (Usage(date(2017, 2, 20), 10, 0), 10, False),
        (Usage(date(2017, 2, 20), 0, 90), 10, True),
        (Usage(date(2017, 2, 20), 0, 90), 11, False),
    ],
)
def test_both_calls_and_tokens_are_limited(used: Usage, tokens: int, *, allowed: bool) -> None:
    assert within(used, Allowance(10, 100), tokens) is allowed


def test_what_is_spent_never_comes_back() -> None:
    used = spent(Usage(date(2017, 2, 20)), 30, calls=1)
    assert used == Usage(date(2017, 2, 20), 1, 30)
    assert spent(used, -30) == used


def test_a_character_counts_as_a_token() -> None:
    assert estimated_tokens("怎么重置密码") >= 6
