"""没被点名时的分寸：纯函数和小容器，时刻都是传进去的。"""

from __future__ import annotations

from datetime import datetime, timedelta
from time import process_time

import pytest

from bot.chat.manners import (
    Line,
    Manners,
    Restraint,
    answered_by_others,
    calls_someone,
    in_talk,
    is_addressed,
    sounds_answering,
)
from bot.domain.clock import SHANGHAI

NINE = datetime(2017, 2, 20, 9, 0, tzinfo=SHANGHAI)
ASKER, OTHER, THIRD = 1, 2, 3
GROUP = 700001


def line(qq: int, text: str, seconds: float = 0, **more: object) -> Line:
    identity = f"{qq}-{text}-{seconds}"
    return Line(qq, identity, text, NINE + timedelta(seconds=seconds), **more)  # type: ignore[arg-type]


QUESTION = line(ASKER, "附件3要盖章吗")


@pytest.mark.parametrize(
    "text", ["王老师，附件3要盖章吗", "李主任 在吗", "小陈，你看下", "张校长：", "刘科长您好"]
)
def test_a_form_of_address_calls_one_person(text: str) -> None:
    assert calls_someone(text)


@pytest.mark.parametrize(
    "text",
    [
        "各位老师，附件3要盖章吗",
        "退休老师，要录吗",
        "请问老师怎么改密码",
        "高中老师，要录吗",
        "任课老师，要录吗",
        "大家好",
        "",
    ],
)
def test_open_calls_and_subjects_call_nobody(text: str) -> None:
    assert not calls_someone(text)


@pytest.mark.parametrize("said", ["不用盖", "要的", "昨天教育局说要盖公章", "可以"])
def test_a_plain_statement_of_somebody_else_counts_as_an_answer(said: str) -> None:
    assert sounds_answering(said)
    assert answered_by_others([QUESTION], [QUESTION, line(OTHER, said, 2)])


@pytest.mark.parametrize("said", ["收到", "谢谢老师", "同问", "👍", "", "我们学校要盖章吗", "/进度"])
def test_acknowledgements_and_questions_are_no_answer(said: str) -> None:
    assert not answered_by_others([QUESTION], [QUESTION, line(OTHER, said, 2)])


def test_a_long_laugh_is_read_at_once() -> None:
    """从前二十个“哈”后面跟一个字就要试遍各种切法，每多一个慢一倍。"""
    started = process_time()
    sounds_answering("哈" * 22 + "笑")
    assert process_time() - started < 0.05


def test_quoting_or_mentioning_the_asker_is_an_answer_whatever_it_says() -> None:
    quoted = line(OTHER, "是吗？", 2, quote_id=QUESTION.message_id)
    mentioned = line(OTHER, "你是哪个学校的？", 2, mentions=(ASKER,))
    assert answered_by_others([QUESTION], [QUESTION, quoted])
    assert answered_by_others([QUESTION], [QUESTION, mentioned])


def test_what_is_said_to_a_third_person_is_no_answer() -> None:
    elsewhere = line(OTHER, "表我收到了", 2, mentions=(THIRD,))
    assert not answered_by_others([QUESTION], [QUESTION, elsewhere])


def test_what_was_said_before_the_question_is_no_answer() -> None:
    before = line(OTHER, "今天降温了", -3)
    assert not answered_by_others([QUESTION], [before, QUESTION])


def test_own_words_after_the_question_are_no_answer() -> None:
    assert not answered_by_others([QUESTION], [QUESTION, line(ASKER, "急", 1)])


def test_a_room_that_scrolled_the_question_away_is_left_alone() -> None:
    assert answered_by_others([QUESTION], [line(OTHER, "第几条", 2)])


def test_lines_to_somebody_are_addressed() -> None:
    assert is_addressed(line(ASKER, "看下", mentions=(OTHER,)))
    assert is_addressed(line(ASKER, "看下", quote_id="9"))
    assert is_addressed(line(ASKER, "王老师，看下"))
    assert not is_addressed(QUESTION)


def test_who_is_talking_with_somebody_is_left_alone_for_a_minute() -> None:
    called = line(ASKER, "在不在", -50, mentions=(OTHER,))
    answered = line(OTHER, "在的", -50, mentions=(ASKER,))
    long_ago = line(ASKER, "在不在", -90, mentions=(OTHER,))
    assert in_talk([QUESTION], [called, QUESTION])
    assert in_talk([QUESTION], [answered, QUESTION])
    assert not in_talk([QUESTION], [long_ago, QUESTION])
    assert not in_talk([QUESTION], [line(OTHER, "在的", -5, mentions=(THIRD,)), QUESTION])


# ---- 节制


def after(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def test_one_person_and_one_group_each_have_a_pause() -> None:
    restraint = Restraint(Manners(person_seconds=30, group_seconds=20))
    restraint.interjected(GROUP, ASKER, NINE)
    assert not restraint.may_interject(GROUP, ASKER, after(29))
    assert not restraint.may_interject(GROUP, OTHER, after(19))
    assert restraint.may_interject(GROUP, OTHER, after(20))
    assert restraint.may_interject(GROUP, ASKER, after(30))
    assert restraint.may_interject(GROUP + 1, ASKER, after(1))


def test_a_clock_set_back_does_not_silence_for_ever() -> None:
    restraint = Restraint(Manners())
    restraint.interjected(GROUP, ASKER, NINE)
    assert restraint.may_interject(GROUP, ASKER, NINE - timedelta(days=1))


def test_the_fourth_prompt_within_a_minute_is_not_answered_for_ten_minutes() -> None:
    restraint = Restraint(Manners())
    assert [restraint.admits(ASKER, after(seconds)) for seconds in (0, 10, 20, 30)] == [
        True,
        True,
        True,
        False,
    ]
    assert not restraint.admits(ASKER, after(30 + 599))
    assert not restraint.may_interject(GROUP, ASKER, after(300))
    assert restraint.admits(ASKER, after(30 + 600))
    assert restraint.admits(OTHER, after(40))


def test_slow_prompts_are_always_admitted() -> None:
    restraint = Restraint(Manners())
    assert all(restraint.admits(ASKER, after(21 * number)) for number in range(20))
