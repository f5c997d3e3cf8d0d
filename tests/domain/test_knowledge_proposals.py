"""知识提案：市级确认了才成条目，一个提案只定一次，提的人知道结果。"""

from __future__ import annotations

import asyncio

import pytest

from bot.assembly import open_services
from bot.domain.clock import SimulatedClock
from bot.domain.errors import BadInput, Denied, NotFound, Problems, WrongState
from bot.domain.services import Services
from bot.settings import Settings
from faq.entries import Entry
from storage.words import Channel
from tests.domain.desk import audit_actions, enlist, outbox, privately
from tests.stage import CITY, CITY_ADMIN, COUNTY_ADMIN, TEACHER, THIRD_ADMIN

QUESTION = "校车司机要录吗"
SIMILAR = "请问校车司机要不要录"
ENTRY = "accounts.teacher.obtain"
ALIAS = "样例小学的老师账号上哪个窗口领"
PUBLISH = "publish change or roll back knowledge"
SECOND_CITY_ADMIN = 20001


async def propose(services: Services, question: str = QUESTION, by: int = COUNTY_ADMIN) -> int:
    """有人问、有人答，成了一个提案。"""
    number = await services.questions.leave_open(privately(services, THIRD_ADMIN), question)
    return (await services.questions.answer(privately(services, by), number, "不用录")).proposal


async def accept(services: Services, number: int, by: int = CITY_ADMIN, **written: str) -> Entry:
    actor = privately(services, by)
    return await services.proposals.accept(actor, await services.proposals.prepare(actor, number, written))


async def notices(services: Services) -> list[tuple[Channel, int, dict[str, object]]]:
    return [
        (one.channel, one.target, dict(one.payload))
        for one in await outbox(services)
        if one.kind == "proposal_decided"
    ]


# ---- 通过


async def test_an_accepted_answer_is_an_entry_at_once(staffed: Services) -> None:
    await staffed.questions.leave_open(privately(staffed, COUNTY_ADMIN), SIMILAR)
    number = await propose(staffed)
    assert [one.id for one, _ in await staffed.proposals.waiting(privately(staffed, CITY_ADMIN))] == [number]
    entry = await accept(staffed, number)
    assert (entry.id, entry.topic, entry.answer) == ("local.0001", "local", "不用录")
    assert (entry.basis, entry.certainty) == ("岳阳县信息管理员答复 2017-02-20", "confirmed")
    assert (entry.question, entry.aliases) == (QUESTION, (SIMILAR,))
    for asked in (QUESTION, SIMILAR, f"{QUESTION}？"):
        assert staffed.answering.knowledge.decide([asked]).entry == entry
    assert await staffed.proposals.waiting(privately(staffed, CITY_ADMIN)) == []
    assert [
        (target, outcome) for action, target, outcome in await audit_actions(staffed) if action == PUBLISH
    ] == [
        ("entry local.0001", "done"),
        (f"proposal {number}", "accepted"),
    ]


async def test_the_new_entry_is_still_there_after_a_restart(
    staffed: Services, settings: Settings, clock: SimulatedClock
) -> None:
    entry = await accept(staffed, await propose(staffed))
    async with open_services(settings, clock) as again:
        assert again.answering.knowledge.decide([QUESTION]).entry == entry


async def test_the_proposer_is_told_the_number(staffed: Services) -> None:
    number = await propose(staffed)
    await accept(staffed, number)
    assert await notices(staffed) == [
        (
            Channel.PRIVATE,
            COUNTY_ADMIN,
            {"number": number, "kind": "entry", "text": QUESTION, "entry_id": "local.0001", "reason": ""},
        )
    ]


async def test_who_accepts_his_own_is_not_told(staffed: Services) -> None:
    await accept(staffed, await propose(staffed, by=CITY_ADMIN))
    assert await notices(staffed) == []


async def test_numbers_go_up_and_are_not_used_again(staffed: Services) -> None:
    first = await accept(staffed, await propose(staffed))
    city = privately(staffed, CITY_ADMIN)
    await staffed.editing.publish(city, staffed.editing.draft_deletion(city, first.id, "规定改了"))
    second = await accept(staffed, await propose(staffed, "体检报告交给谁"))
    assert (first.id, second.id) == ("local.0001", "local.0002")


async def test_the_city_may_rewrite_before_accepting(staffed: Services) -> None:
    number = await propose(staffed)
    entry = await accept(
        staffed, number, question="校车司机要在系统里录入吗？", answer="不录，另外登记。", topic="scope"
    )
    assert (entry.question, entry.answer, entry.topic) == (
        "校车司机要在系统里录入吗？",
        "不录，另外登记。",
        "scope",
    )
    assert entry.basis == "市教育体育局教师工作科答复 2017-02-20"
    assert entry.aliases == (QUESTION,)
    assert staffed.answering.knowledge.decide([QUESTION]).entry == entry


async def test_a_written_basis_is_kept(staffed: Services) -> None:
    entry = await accept(staffed, await propose(staffed), answer="不录", basis="方案一（一）")
    assert entry.basis == "方案一（一）"


async def test_a_question_the_base_already_has_must_be_rephrased(staffed: Services) -> None:
    known = staffed.answering.knowledge.entry(ENTRY).question
    number = await propose(staffed, known)
    city = privately(staffed, CITY_ADMIN)
    with pytest.raises(Problems, match=f"已属于 {ENTRY}"):
        await staffed.proposals.prepare(city, number, {})
    entry = await accept(staffed, number, question="样例小学的账号怎么来？")
    assert entry.aliases == ()
    found = staffed.answering.knowledge.decide([known]).entry
    assert found is not None
    assert found.id == ENTRY


@pytest.mark.parametrize(
    ("word", "topic"),
    [
        ("accounts", "accounts"),
        ("账号与登录", "accounts"),
        ("账号", "accounts"),
        ("本地补充", "local"),
        ("校车", None),
        ("信息", None),
    ],
)
async def test_topics_are_named_by_code_or_title(services: Services, word: str, topic: str | None) -> None:
    assert services.proposals.topic_named(word) == topic


async def test_an_accepted_phrasing_works_at_once(staffed: Services) -> None:
    number = await staffed.editing.propose_alias(privately(staffed, THIRD_ADMIN), ENTRY, ALIAS)
    entry = await accept(staffed, number)
    assert (entry.id, entry.aliases[-1]) == (ENTRY, ALIAS)
    assert staffed.answering.knowledge.decide([ALIAS]).entry == entry
    assert [target for _, target, _ in await notices(staffed)] == [THIRD_ADMIN]


async def test_a_phrasing_for_an_entry_deleted_meanwhile_is_refused(staffed: Services) -> None:
    number = await staffed.editing.propose_alias(privately(staffed, THIRD_ADMIN), ENTRY, ALIAS)
    city = privately(staffed, CITY_ADMIN)
    await staffed.editing.publish(city, staffed.editing.draft_deletion(city, ENTRY, "规定改了"))
    with pytest.raises(WrongState, match=f"{ENTRY} 已经删了，请驳回这个提案"):
        await staffed.proposals.prepare(city, number, {})


async def test_a_phrasing_is_not_rewritten(staffed: Services) -> None:
    number = await staffed.editing.propose_alias(privately(staffed, THIRD_ADMIN), ENTRY, ALIAS)
    with pytest.raises(BadInput, match="不能改写"):
        await staffed.proposals.prepare(privately(staffed, CITY_ADMIN), number, {"question": "别的"})


# ---- 驳回、定过的、没有的


async def test_a_rejection_tells_the_proposer_why(staffed: Services) -> None:
    number = await propose(staffed)
    await staffed.proposals.reject(privately(staffed, CITY_ADMIN), number, "方案里已经写明")
    [(_, target, facts)] = await notices(staffed)
    assert (target, facts["entry_id"], facts["reason"]) == (COUNTY_ADMIN, "", "方案里已经写明")
    assert "local.0001" not in staffed.answering.knowledge.entries
    assert (await audit_actions(staffed))[-1] == (PUBLISH, f"proposal {number}", "rejected")


async def test_a_decided_proposal_stays_decided(staffed: Services) -> None:
    number = await propose(staffed)
    city = privately(staffed, CITY_ADMIN)
    prepared = await staffed.proposals.prepare(city, number, {})
    await staffed.proposals.reject(city, number, "方案里已经写明")
    for later in (
        staffed.proposals.accept(city, prepared),
        staffed.proposals.prepare(city, number, {}),
        staffed.proposals.reject(city, number, "再驳一次"),
        staffed.proposals.find(city, number),
    ):
        with pytest.raises(WrongState, match=f"第 {number} 号提案已经定过了"):
            await later
    assert "local.0001" not in staffed.answering.knowledge.entries


async def test_two_city_administrators_accepting_at_once_make_one_entry(staffed: Services) -> None:
    await enlist(staffed, SECOND_CITY_ADMIN, CITY)
    number = await propose(staffed)
    rulings = [
        (privately(staffed, qq), await staffed.proposals.prepare(privately(staffed, qq), number, {}))
        for qq in (CITY_ADMIN, SECOND_CITY_ADMIN)
    ]
    done = await asyncio.gather(
        *(staffed.proposals.accept(actor, ruling) for actor, ruling in rulings), return_exceptions=True
    )
    assert [one.id for one in done if isinstance(one, Entry)] == ["local.0001"]
    assert sum(isinstance(one, WrongState) for one in done) == 1
    assert len(await notices(staffed)) == 1
    assert [one for one in staffed.answering.knowledge.entries if one.startswith("local.")] == ["local.0001"]


async def test_a_number_that_does_not_exist_is_said(staffed: Services) -> None:
    city = privately(staffed, CITY_ADMIN)
    for call in (
        staffed.proposals.prepare(city, 99, {}),
        staffed.proposals.reject(city, 99, "x"),
        staffed.proposals.find(city, 99),
    ):
        with pytest.raises(NotFound, match="没有第 99 号提案。发 /知识 待定 看编号"):
            await call


async def test_only_the_city_decides(staffed: Services) -> None:
    number = await propose(staffed)
    prepared = await staffed.proposals.prepare(privately(staffed, CITY_ADMIN), number, {})
    for qq in (COUNTY_ADMIN, THIRD_ADMIN, TEACHER):
        actor = privately(staffed, qq)
        for call in (
            staffed.proposals.waiting(actor),
            staffed.proposals.prepare(actor, number, {}),
            staffed.proposals.accept(actor, prepared),
            staffed.proposals.reject(actor, number, "x"),
        ):
            with pytest.raises(Denied):
                await call
