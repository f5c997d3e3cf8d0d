"""答问的短时记忆：有上限、会过时、各人各处分开。"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.chat import memory
from bot.chat.memory import Given, RecentAnswers, RecentTurns
from bot.domain.clock import SHANGHAI

NINE = datetime(2017, 2, 20, 9, 0, tzinfo=SHANGHAI)
HERE, PRIVATE = (1, 700001), (1, None)
GROUP = 700001


def after(**time: float) -> datetime:
    return NINE + timedelta(**time)


def test_only_the_last_three_turns_are_kept() -> None:
    turns = RecentTurns()
    for number in range(5):
        turns.note(HERE, f"第{number}句", NINE, answered=True)
    assert turns.before(HERE, NINE) == ["第2句", "第3句", "第4句"]


def test_turns_are_forgotten_after_ten_minutes_and_stay_in_their_place() -> None:
    turns = RecentTurns()
    turns.note(HERE, "季报什么时候交", NINE, answered=True)
    assert turns.before(HERE, after(minutes=10)) == ["季报什么时候交"]
    assert turns.before(HERE, after(minutes=10, seconds=1)) == []
    assert turns.before(PRIVATE, NINE) == []
    assert turns.before((2, 700001), NINE) == []


def test_just_answered_lasts_two_minutes_and_needs_an_answer() -> None:
    turns = RecentTurns()
    turns.note(HERE, "火箭怎么发射", NINE, answered=False)
    assert not turns.just_answered(HERE, NINE)
    turns.note(HERE, "季报什么时候交", NINE, answered=True)
    assert turns.just_answered(HERE, after(minutes=2))
    assert not turns.just_answered(HERE, after(minutes=2, seconds=1))


def test_the_memory_does_not_grow_without_end() -> None:
    turns, answers = RecentTurns(), RecentAnswers()
    for qq in range(memory.REMEMBERED_PEOPLE + 5):
        turns.note((qq, None), "问", NINE, answered=True)
    assert turns.before((0, None), NINE) == []
    assert turns.before((memory.REMEMBERED_PEOPLE + 4, None), NINE) == ["问"]
    for group in range(memory.REMEMBERED_GROUPS + 5):
        answers.note(group, Given("a", "1", 1, NINE))
    assert answers.repeated(0, "a", 2, NINE, named=False) is None
    assert answers.repeated(memory.REMEMBERED_GROUPS + 4, "a", 2, NINE, named=False) is not None


def test_the_same_entry_is_pointed_to_for_ten_minutes() -> None:
    answers = RecentAnswers()
    given = Given("quarterly.dates", "55", 1, NINE)
    answers.note(GROUP, given)
    assert answers.repeated(GROUP, "quarterly.dates", 2, after(minutes=10), named=False) == given
    assert answers.repeated(GROUP, "quarterly.dates", 2, after(minutes=11), named=False) is None
    assert answers.repeated(GROUP, "quarterly.rule", 2, NINE, named=False) is None
    assert answers.repeated(GROUP + 1, "quarterly.dates", 2, NINE, named=False) is None


def test_who_names_the_bot_gets_the_text_unless_he_just_had_it() -> None:
    answers = RecentAnswers()
    answers.note(GROUP, Given("quarterly.dates", "55", 1, NINE))
    assert answers.repeated(GROUP, "quarterly.dates", 1, after(minutes=3), named=True) is not None
    assert answers.repeated(GROUP, "quarterly.dates", 1, after(minutes=4), named=True) is None
    assert answers.repeated(GROUP, "quarterly.dates", 2, after(minutes=1), named=True) is None


def test_a_withdrawn_answer_is_not_pointed_to() -> None:
    answers = RecentAnswers()
    answers.note(GROUP, Given("quarterly.dates", "55", 1, NINE))
    answers.forget("55")
    assert answers.repeated(GROUP, "quarterly.dates", 2, NINE, named=False) is None
