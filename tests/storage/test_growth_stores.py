"""待答问题的转交、知识提案、知识版本在库里的规矩。"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from storage.database import Database
from storage.knowledge import KnowledgeVersion, VersionTaken
from storage.words import KnowledgeChange, ProposalKind, ProposalState
from tests.plugins.values import NOON

LATER = NOON + timedelta(hours=1)
CONTENT = {"question": "校车司机要录吗", "answer": "不用录"}


def version(number: int, entry_id: str = "local.0001", **content: str) -> KnowledgeVersion:
    return KnowledgeVersion(entry_id, number, content or CONTENT, 10001, NOON, KnowledgeChange.EDIT.value)


# ---- 转交


async def test_a_handed_question_knows_its_unit_and_waits_to_be_reminded(database: Database) -> None:
    async with database.write() as stores:
        number = await stores.questions.ask("校车司机要录吗", 10006, 700001, NOON)
        assert await stores.questions.unanswered_handed(LATER) == []
        assert await stores.questions.hand(number, "YY04", NOON)
        [waiting] = await stores.questions.unanswered_handed(NOON)
        assert (waiting.unit_code, waiting.handed_at, waiting.reminded_at) == ("YY04", NOON, None)
        assert await stores.questions.unanswered_handed(NOON - timedelta(seconds=1)) == []


async def test_a_question_is_reminded_once_until_it_is_handed_on(database: Database) -> None:
    async with database.write() as stores:
        number = await stores.questions.ask("校车司机要录吗", 10006, 700001, NOON)
        assert not await stores.questions.remind(number, NOON)
        await stores.questions.hand(number, "YY04", NOON)
        assert await stores.questions.remind(number, LATER)
        assert not await stores.questions.remind(number, LATER)
        await stores.questions.hand(number, "YY", LATER)
        assert await stores.questions.remind(number, LATER)


async def test_an_answered_question_is_neither_handed_nor_reminded(database: Database) -> None:
    async with database.write() as stores:
        number = await stores.questions.ask("校车司机要录吗", 10006, 700001, NOON)
        await stores.questions.hand(number, "YY04", NOON)
        await stores.questions.answer(number, "不用录", 10002, LATER)
        assert not await stores.questions.hand(number, "YY", LATER)
        assert not await stores.questions.remind(number, LATER)
        assert await stores.questions.unanswered_handed(LATER) == []


# ---- 提案


async def test_a_proposal_is_decided_once(database: Database) -> None:
    async with database.write() as stores:
        number = await stores.proposals.add(ProposalKind.ENTRY, CONTENT, 10002, NOON)
        assert await stores.proposals.count_waiting() == 1
        assert await stores.proposals.decide(
            number, ProposalState.ACCEPTED, 10001, LATER, entry_id="local.0001"
        )
        assert not await stores.proposals.decide(number, ProposalState.REJECTED, 10009, LATER, reason="晚了")
        decided = await stores.proposals.proposal(number)
        assert await stores.proposals.waiting() == []
    assert decided is not None
    assert (decided.state, decided.entry_id, decided.decided_by, decided.reason) == (
        ProposalState.ACCEPTED,
        "local.0001",
        10001,
        "",
    )


async def test_two_who_decide_at_the_same_time_do_not_both_win(database: Database) -> None:
    async with database.write() as stores:
        number = await stores.proposals.add(ProposalKind.ENTRY, CONTENT, 10002, NOON)

    async def decide(qq: int) -> bool:
        async with database.write() as stores:
            return await stores.proposals.decide(number, ProposalState.ACCEPTED, qq, LATER)

    assert sorted(await asyncio.gather(*(decide(qq) for qq in range(10001, 10006)))) == [False] * 4 + [True]


# ---- 版本


async def test_versions_are_kept_and_the_newest_is_known(database: Database) -> None:
    async with database.write() as stores:
        await stores.knowledge.add(version(1))
        await stores.knowledge.add(version(2, **CONTENT | {"answer": "要录"}))
        await stores.knowledge.add(version(1, "local_x"))
        assert [one.version for one in await stores.knowledge.history("local.0001")] == [1, 2]
        newest = await stores.knowledge.newest("local.0001")
        assert newest is not None
        assert (newest.version, newest.content["answer"]) == (2, "要录")
        assert await stores.knowledge.newest("local.0002") is None
        assert await stores.knowledge.ids_under("local.") == ["local.0001"]


async def test_the_same_version_is_not_written_twice(database: Database) -> None:
    async with database.write() as stores:
        await stores.knowledge.add(version(1))
    with pytest.raises(VersionTaken):
        async with database.write() as stores:
            await stores.knowledge.add(version(1, **CONTENT | {"answer": "要录"}))
    async with database.read() as stores:
        [kept] = await stores.knowledge.history("local.0001")
    assert kept.content["answer"] == "不用录"


def test_a_version_without_an_answer_is_a_deletion() -> None:
    assert not version(1).deleted
    assert version(2, reason="过时了").deleted
    assert KnowledgeVersion("local.0001", 3, {}, 10001, NOON).deleted
