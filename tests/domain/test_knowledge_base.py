"""知识库换新：改哪条换哪条，建好的索引立刻跟上，旧的版本盖不住新的。"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.entry_drafts import content_of
from bot.domain.knowledge_base import KnowledgeBase, Outcome
from bot.plan import load_plan
from faq.entries import Entry, load_entries
from faq.retriever import Decision
from storage.knowledge import KnowledgeVersion
from tests.stage import CITY_ADMIN, START

CONTACT = load_plan().contact
BASE = load_entries()
QUESTION = "送材料时车停在哪里"
FRESH = replace(BASE[0], id="local.0001", question=QUESTION, answer="停在北门", aliases=())


def version(entry: Entry, number: int = 1, *, deleted: bool = False) -> KnowledgeVersion:
    content = {"reason": "过时了"} if deleted else content_of(entry)
    return KnowledgeVersion(entry.id, number, content, CITY_ADMIN, START)


@pytest.fixture
def knowledge() -> KnowledgeBase:
    """索引已经建好的知识库。"""
    built = KnowledgeBase(BASE, CONTACT)
    assert built.retriever.entries
    return built


def test_a_built_index_follows_every_single_change(knowledge: KnowledgeBase) -> None:
    before = knowledge.retriever
    knowledge.apply([version(FRESH)])
    assert knowledge.decide([QUESTION]).entry == FRESH
    assert knowledge.retriever is not before
    changed = replace(FRESH, answer="停在南门")
    knowledge.apply([version(changed, 2)])
    assert knowledge.decide([QUESTION]).entry == changed
    knowledge.apply([version(FRESH, 3, deleted=True)])
    outcome = knowledge.decide([QUESTION])
    assert FRESH.id not in [one.id for one in (outcome.entry, *outcome.suggestions) if one]
    assert FRESH.id not in knowledge.entries


def test_changes_do_not_undo_each_other(knowledge: KnowledgeBase) -> None:
    knowledge.apply([version(FRESH)])
    knowledge.apply([version(replace(BASE[1], answer="新的答案"))])
    assert knowledge.entry(FRESH.id) == FRESH
    assert knowledge.entry(BASE[1].id).answer == "新的答案"
    assert knowledge.base[BASE[1].id] == BASE[1]


def test_an_older_version_arriving_late_is_ignored(knowledge: KnowledgeBase) -> None:
    knowledge.apply([version(replace(FRESH, answer="新"), 2)])
    knowledge.apply([version(replace(FRESH, answer="旧"), 1)])
    assert (knowledge.entry(FRESH.id).answer, knowledge.version(FRESH.id)) == ("新", 2)
    knowledge.apply([version(FRESH, 3, deleted=True)])
    knowledge.apply([version(FRESH, 2)])
    assert FRESH.id not in knowledge.entries


def test_many_changes_at_once_are_all_there(knowledge: KnowledgeBase) -> None:
    many = [
        replace(FRESH, id=f"local.{number:04d}", question=f"第{number}种样例材料放哪个柜子")
        for number in range(1, 9)
    ]
    knowledge.apply([version(entry) for entry in many])
    assert all(knowledge.decide([entry.question]).entry == entry for entry in many)


def test_before_the_first_question_changes_wait_for_the_index() -> None:
    waiting = KnowledgeBase(BASE, CONTACT)
    waiting.apply([version(FRESH), version(BASE[0], deleted=True)])
    assert waiting.decide([QUESTION]).entry == FRESH
    assert BASE[0].id not in waiting.retriever.entries


def test_the_owner_of_a_phrase_is_found_whatever_the_punctuation(knowledge: KnowledgeBase) -> None:
    entry = BASE[0]
    assert knowledge.owner_of(entry.aliases[0]) == entry
    assert knowledge.owner_of(f"请问{entry.question.rstrip('？')}？？") == entry
    assert knowledge.owner_of("火箭怎么发射") is None


def test_the_owner_of_a_phrase_just_added_is_its_entry(knowledge: KnowledgeBase) -> None:
    """新问法里全是库里没有的词，也认得出是哪一条的。"""
    entry = knowledge.entries["quarterly.to"]
    knowledge.apply([version(replace(entry, aliases=(*entry.aliases, "小黄鸭功能在哪")))])
    owner = knowledge.owner_of("小黄鸭功能在哪")
    assert (owner.id if owner else "") == entry.id


def test_a_decision_about_an_entry_just_deleted_gives_nothing(knowledge: KnowledgeBase) -> None:
    gone = BASE[0].id
    knowledge.apply([version(BASE[0], deleted=True)])
    assert knowledge.outcome(Decision("answer", gone, (), 0.9, "")) == Outcome()
    assert knowledge.outcome(Decision("suggest", None, (gone, BASE[1].id), 0.5, "")) == Outcome(
        suggestions=(BASE[1],)
    )
