"""没被点名的几句怎么取舍、接着前文读不懂怎么办。"""

from __future__ import annotations

import pytest

from bot.domain.answering import SILENT, steadiest
from bot.domain.knowledge_base import Outcome
from bot.domain.services import Services
from faq.retriever import ABSTAIN, ANSWER, SUGGEST, Decision
from tests.domain.desk import in_group, privately
from tests.stage import MUNICIPAL_ADMIN, TEACHER

COLUMNS = "更新登记表有哪些栏目？"
OBTAIN = "教师的自助系统账号怎么来？"
FOLLOW_UP = "那初始密码呢"


def decided(kind: str, entry_id: str | None, score: float) -> Decision:
    return Decision(kind, entry_id, (), score, "")


def test_the_steadiest_answer_wins_and_nothing_else_counts() -> None:
    weak, strong = decided(ANSWER, "a", 0.86), decided(ANSWER, "b", 0.97)
    assert steadiest([weak, decided(SUGGEST, None, 0.99), strong]) is strong
    assert steadiest([decided(ABSTAIN, None, 0.2), decided(SUGGEST, None, 0.8)]) is SILENT
    assert steadiest([]) is SILENT


def test_chatter_around_a_question_does_not_hide_it(staffed: Services) -> None:
    asker = in_group(staffed, TEACHER)
    outcome = staffed.answering.overhear(asker, ("大家早上好", COLUMNS, "急"))
    assert outcome.entry is not None
    assert outcome.entry.id == "forms.a3.columns"


def test_two_halves_make_one_question(staffed: Services) -> None:
    asker = in_group(staffed, TEACHER)
    assert staffed.answering.overhear(asker, ("更新登记表", "有哪些栏目？")).entry is not None


def test_chatter_alone_is_left(staffed: Services) -> None:
    asker = in_group(staffed, TEACHER)
    assert staffed.answering.overhear(asker, ("今天降温了", "中午吃什么")) == Outcome()


def test_a_short_follow_up_leans_on_what_was_answered(staffed: Services) -> None:
    asker = in_group(staffed, TEACHER)
    assert staffed.answering.overhear(asker, (FOLLOW_UP,)) == Outcome()
    followed = staffed.answering.overhear(asker, (FOLLOW_UP,), [OBTAIN])
    assert followed.entry is not None
    assert followed.entry.id == "accounts.teacher.initial_password"


@pytest.mark.parametrize("before", ["火箭怎么发射", "今天食堂吃什么", OBTAIN])
def test_a_question_after_another_subject_is_answered_for_itself(staffed: Services, before: str) -> None:
    outcome = staffed.answering.decide(privately(staffed, TEACHER), [before, COLUMNS])
    assert outcome.entry is not None
    assert outcome.entry.id == "forms.a3.columns"


async def test_the_facts_of_a_stranger_need_no_database(staffed: Services) -> None:
    await staffed.context.database.close()
    facts = await staffed.answering.facts(in_group(staffed, TEACHER), "quarterly.dates")
    assert facts.due is not None
    assert (facts.due.state, facts.reviewer, facts.form) == (None, None, None)


async def test_entries_without_a_date_need_no_database_either(staffed: Services) -> None:
    await staffed.context.database.close()
    facts = await staffed.answering.facts(in_group(staffed, MUNICIPAL_ADMIN), "support.ask_order")
    assert facts.due is None
    assert facts.reviewer is not None
    assert (facts.reviewer.unit.code, facts.reviewer.administrators) == ("YY", None)
