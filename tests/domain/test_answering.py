"""答问：答得上的给依据，答不上的记成待答；批准过的改动盖在底本上，底本文件不动。"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import Denied, NotFound, WrongState
from bot.domain.knowledge_base import KnowledgeBase, Outcome
from bot.domain.open_questions import MAX_QUESTION
from bot.domain.services import Services
from bot.plan import load_plan
from faq.entries import Entry, load_entries
from storage.knowledge import KnowledgeVersion
from storage.words import Channel, Role
from tests.domain.desk import enlist, in_group, outbox, privately
from tests.stage import (
    CITY,
    CITY_ADMIN,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    START,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    THIRD_SYSTEM,
)

CONTACT = load_plan().contact
BASE = load_entries()


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    return KnowledgeBase(BASE, CONTACT)


def version(entry: Entry, **content: object) -> KnowledgeVersion:
    return KnowledgeVersion(entry.id, 1, content, CITY_ADMIN, START)


def as_content(entry: Entry, **changes: object) -> dict[str, object]:
    changed = replace(entry, **changes)  # type: ignore[arg-type]
    return {name: getattr(changed, name) for name in Entry.__slots__ if name != "id"}


def test_a_question_of_the_knowledge_base_is_answered_with_its_entry(knowledge: KnowledgeBase) -> None:
    for entry in BASE[:10]:
        outcome = knowledge.decide([entry.question])
        assert outcome.entry == entry


def test_what_has_nothing_to_do_with_it_gets_neither_answer_nor_suggestion(knowledge: KnowledgeBase) -> None:
    assert knowledge.decide(["晚上去打篮球吗"]) == Outcome()


def test_a_card_shows_answer_clause_and_number(knowledge: KnowledgeBase) -> None:
    entry = BASE[0]
    card = knowledge.card(entry)
    assert card.splitlines()[-1] == f"依据：{entry.basis} · 编号 {entry.id}"
    assert "{contact" not in card


def test_contacts_on_a_card_follow_the_settings() -> None:
    entry = next(entry for entry in BASE if "{contact_phone}" in entry.answer)
    changed = KnowledgeBase(BASE, replace(CONTACT, phone="0730-1234567"))
    assert "0730-1234567" in changed.card(entry)
    assert CONTACT.phone not in changed.card(entry)
    assert "（以最新通知为准）" in KnowledgeBase(BASE, replace(CONTACT, phone="")).card(entry)


def test_no_card_of_the_base_leaves_a_placeholder(knowledge: KnowledgeBase) -> None:
    assert [entry.id for entry in BASE if "{" in knowledge.card(entry)] == []


def test_an_approved_change_lies_over_the_base_and_the_base_comes_back() -> None:
    changing = KnowledgeBase(BASE, CONTACT)
    entry = BASE[0]
    changing.apply([version(entry, **as_content(entry, answer="新的答案"))])
    assert changing.entry(entry.id).answer == "新的答案"
    assert changing.decide([entry.question]).entry == changing.entry(entry.id)
    changing.apply([version(entry, **as_content(entry))])
    assert changing.entry(entry.id) == entry


def test_a_deleted_entry_is_never_given_again() -> None:
    changing = KnowledgeBase(BASE, CONTACT)
    entry = BASE[0]
    assert changing.decide([entry.question]).entry == entry
    changing.apply([version(entry)])
    outcome = changing.decide([entry.question])
    assert outcome.entry is None or outcome.entry.id != entry.id
    assert entry.id not in [one.id for one in outcome.suggestions]


def test_a_new_entry_is_found_by_its_question() -> None:
    changing = KnowledgeBase(BASE, CONTACT)
    fresh = replace(BASE[0], id="local.parking", question="送材料时车停在哪里", answer="停在北门", aliases=())
    changing.apply([version(fresh, **as_content(fresh))])
    assert changing.decide(["送材料时车停在哪里"]).entry == fresh


async def test_an_unanswered_question_is_kept_with_numbers_covered(services: Services) -> None:
    number = await services.questions.leave_open(
        in_group(services, TEACHER), "我的电话13800001234，校车司机要录吗？"
    )
    async with services.context.database.read() as stores:
        question = await stores.questions.question(number)
    assert question is not None
    assert question.text == "我的电话〔号码〕，校车司机要录吗？"
    assert (question.asked_by, question.group_id) == (TEACHER, COUNTY_GROUP)


async def test_a_very_long_question_is_cut_before_it_is_kept(services: Services) -> None:
    number = await services.questions.leave_open(privately(services, TEACHER), "问" * 2000)
    async with services.context.database.read() as stores:
        question = await stores.questions.question(number)
    assert question is not None
    assert len(question.text) == MAX_QUESTION


async def test_asking_the_same_twice_keeps_one_number(services: Services) -> None:
    asker = privately(services, TEACHER)
    first = await services.questions.leave_open(asker, "校车司机要录吗")
    assert await services.questions.leave_open(asker, "校车司机要录吗") == first


async def test_an_answer_goes_back_to_the_group_where_it_was_asked(staffed: Services) -> None:
    number = await staffed.questions.leave_open(in_group(staffed, TEACHER), "校车司机要录吗")
    await staffed.questions.answer(privately(staffed, CITY_ADMIN), number, "不用录")
    [told] = await outbox(staffed)
    assert (told.kind, told.channel, told.target) == ("question_answered", Channel.GROUP, COUNTY_GROUP)
    assert told.payload == {"question": "校车司机要录吗", "answer": "不用录", "asked_by": TEACHER}


async def test_a_private_question_is_answered_privately(staffed: Services) -> None:
    number = await staffed.questions.leave_open(privately(staffed, TEACHER), "校车司机要录吗")
    await staffed.questions.answer(privately(staffed, CITY_ADMIN), number, "不用录")
    [told] = await outbox(staffed)
    assert (told.channel, told.target) == (Channel.PRIVATE, TEACHER)


async def test_a_question_is_answered_once(staffed: Services) -> None:
    number = await staffed.questions.leave_open(privately(staffed, TEACHER), "校车司机要录吗")
    await staffed.questions.answer(privately(staffed, CITY_ADMIN), number, "不用录")
    with pytest.raises(WrongState, match=f"第 {number} 号问题已经有人答过了"):
        await staffed.questions.answer(privately(staffed, CITY_ADMIN), number, "要录")
    assert len(await outbox(staffed)) == 1
    assert await staffed.questions.open_questions(privately(staffed, CITY_ADMIN)) == []


async def test_a_number_that_does_not_exist_is_said(staffed: Services) -> None:
    with pytest.raises(NotFound, match="没有第 99 号待答问题。发 /知识 待答 看编号。"):
        await staffed.questions.answer(privately(staffed, COUNTY_ADMIN), 99, "不用录")


async def test_who_may_answer_follows_the_table(staffed: Services) -> None:
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.INFO_VIEWER)
    await enlist(staffed, 20001, CITY, Role.INFO_VIEWER)
    for qq in (THIRD_ADMIN, COUNTY_ADMIN, CITY_ADMIN):
        assert await staffed.questions.open_questions(privately(staffed, qq)) == []
    for qq in (TEACHER, THIRD_SYSTEM, 20001):
        with pytest.raises(Denied):
            await staffed.questions.open_questions(privately(staffed, qq))
