"""改知识：看、改、加问法、回滚、删除、历史；每次改动是新版本，立刻生效，重启还在。"""

from __future__ import annotations

import asyncio

import pytest

from bot.assembly import open_services
from bot.domain.clock import SimulatedClock, local_day
from bot.domain.errors import BadInput, Denied, NotFound, Problems, WrongState
from bot.domain.knowledge_editing import Draft, Revision
from bot.domain.services import Services
from bot.settings import Settings
from faq.entries import Entry
from storage.words import KnowledgeChange, ProposalKind
from tests.domain.desk import audit_actions, move, privately
from tests.stage import CITY_ADMIN, COUNTY_ADMIN, START, TEACHER, THIRD_ADMIN

ENTRY = "accounts.teacher.obtain"
OTHER = "scope.people.rehired_retiree"
PUBLISH = "publish change or roll back knowledge"
ALIAS = "样例小学的老师账号上哪个窗口领"


def entry(services: Services, entry_id: str = ENTRY) -> Entry:
    return services.answering.knowledge.entry(entry_id)


def draft(services: Services, **written: str) -> Draft:
    return services.editing.draft_edit(privately(services, CITY_ADMIN), ENTRY, written)


async def edit(services: Services, **written: str) -> int:
    return await services.editing.publish(privately(services, CITY_ADMIN), draft(services, **written))


async def roll_back(services: Services, version: int, entry_id: str = ENTRY) -> int:
    city = privately(services, CITY_ADMIN)
    return await services.editing.publish(
        city, await services.editing.draft_roll_back(city, entry_id, version)
    )


async def delete(services: Services) -> int:
    city = privately(services, CITY_ADMIN)
    return await services.editing.publish(city, services.editing.draft_deletion(city, ENTRY, "规定改了"))


async def history(services: Services) -> list[Revision]:
    return await services.editing.history(privately(services, COUNTY_ADMIN), ENTRY)


# ---- 看、改


async def test_an_entry_is_seen_with_its_version(staffed: Services) -> None:
    seen = await staffed.editing.view(privately(staffed, THIRD_ADMIN), f" {ENTRY.upper()} ")
    assert (seen.entry.id, seen.version, seen.changed_at) == (ENTRY, 0, None)
    await edit(staffed, answer="到本校系统管理员处领。")
    seen = await staffed.editing.view(privately(staffed, THIRD_ADMIN), ENTRY)
    assert (seen.entry.answer, seen.version) == ("到本校系统管理员处领。", 1)
    assert seen.changed_at is not None
    assert local_day(seen.changed_at) == START.date()


async def test_an_edit_is_answered_at_once_and_audited(staffed: Services) -> None:
    question = entry(staffed).question
    assert staffed.answering.knowledge.decide([question]).entry == entry(staffed)
    planned = draft(staffed, answer="到本校系统管理员处领。", certainty="一般", audience="老师、学校管理员")
    assert [one.label for one in planned.differences] == ["答", "可信程度"]
    assert await staffed.editing.publish(privately(staffed, CITY_ADMIN), planned) == 1
    outcome = staffed.answering.knowledge.decide([question])
    assert outcome.entry is not None
    assert (outcome.entry.answer, outcome.entry.certainty) == ("到本校系统管理员处领。", "general")
    assert (await audit_actions(staffed))[-1] == (PUBLISH, f"entry {ENTRY}", "done")


async def test_a_new_standard_question_keeps_the_old_one_as_a_phrasing(staffed: Services) -> None:
    old = entry(staffed)
    await edit(staffed, question="样例小学的老师怎么拿到自助账号？")
    assert old.question in entry(staffed).aliases
    assert staffed.answering.knowledge.decide([old.question]).entry == entry(staffed)


async def test_changes_survive_a_restart(
    staffed: Services, settings: Settings, clock: SimulatedClock
) -> None:
    await edit(staffed, answer="到本校系统管理员处领。")
    city = privately(staffed, CITY_ADMIN)
    await staffed.editing.publish(city, staffed.editing.draft_deletion(city, OTHER, "规定改了"))
    async with open_services(settings, clock) as again:
        assert entry(again).answer == "到本校系统管理员处领。"
        assert OTHER not in again.answering.knowledge.entries
        outcome = again.answering.knowledge.decide(["退休返聘的老师要不要录"])
        assert outcome.entry is None or outcome.entry.id != OTHER
        assert again.answering.knowledge.version(OTHER) == 1


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"answer": "字" * 261}, "“答”有 261 字，超过 260 字"),
        ({"answer": "找王样例 13800001234"}, "“答”里有身份证号或手机号"),
        ({"certainty": "大概"}, "“可信程度”只能写：方案、确认、一般。"),
        ({"audience": "家长"}, "“读者”只能写：所有人、老师"),
        ({"audience": " "}, "“读者”只能写"),
        ({"basis": " "}, "“依据”是空的"),
        ({"question": "请问？"}, "没有具体的事"),
    ],
)
async def test_a_bad_edit_says_what_is_wrong(staffed: Services, written: dict[str, str], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        draft(staffed, **written)


async def test_an_edit_that_changes_nothing_is_said(staffed: Services) -> None:
    with pytest.raises(BadInput, match="写的和现在一样"):
        draft(staffed, answer=entry(staffed).answer)


async def test_a_question_of_another_entry_cannot_be_taken(staffed: Services) -> None:
    with pytest.raises(Problems, match=f"已属于 {OTHER}，一个问法只能指向一条"):
        draft(staffed, question=entry(staffed, OTHER).question)


async def test_an_unknown_number_names_the_nearest(staffed: Services) -> None:
    with pytest.raises(NotFound, match=f"没有编号 accounts.teacher.obtian 的知识，是不是 {ENTRY}？"):
        await staffed.editing.view(privately(staffed, CITY_ADMIN), "accounts.teacher.obtian")
    with pytest.raises(NotFound, match="编号在答案卡的最后一行"):
        await staffed.editing.view(privately(staffed, CITY_ADMIN), "重置密码")
    with pytest.raises(NotFound, match=r"没有编号 local\.0009 的知识"):
        await staffed.editing.view(privately(staffed, CITY_ADMIN), "local.0009")


# ---- 谁可以


async def test_only_the_city_changes_entries(staffed: Services) -> None:
    for qq in (COUNTY_ADMIN, THIRD_ADMIN, TEACHER):
        actor = privately(staffed, qq)
        for change in (
            lambda actor=actor: staffed.editing.draft_edit(actor, ENTRY, {"answer": "x"}),
            lambda actor=actor: staffed.editing.draft_alias(actor, ENTRY, ALIAS),
            lambda actor=actor: staffed.editing.draft_deletion(actor, ENTRY, "x"),
        ):
            with pytest.raises(Denied):
                change()
        with pytest.raises(Denied):
            await staffed.editing.draft_roll_back(actor, ENTRY, 0)


async def test_a_draft_of_the_city_cannot_be_published_by_others(staffed: Services) -> None:
    planned = draft(staffed, answer="到本校系统管理员处领。")
    with pytest.raises(Denied):
        await staffed.editing.publish(privately(staffed, COUNTY_ADMIN), planned)
    assert [one.version for one in await history(staffed)] == [0]


async def test_a_stranger_sees_no_entry_and_no_history(staffed: Services) -> None:
    with pytest.raises(Denied):
        await staffed.editing.view(privately(staffed, TEACHER), ENTRY)
    with pytest.raises(Denied):
        await staffed.editing.history(privately(staffed, TEACHER), ENTRY)


# ---- 问法


async def test_the_citys_alias_works_at_once(staffed: Services) -> None:
    city = privately(staffed, CITY_ADMIN)
    planned = staffed.editing.draft_alias(city, ENTRY, f"  {ALIAS} ")
    assert planned.change is KnowledgeChange.ALIAS
    await staffed.editing.publish(city, planned)
    assert entry(staffed).aliases[-1] == ALIAS
    assert staffed.answering.knowledge.decide([ALIAS]).entry == entry(staffed)


async def test_anothers_alias_becomes_a_proposal(staffed: Services) -> None:
    number = await staffed.editing.propose_alias(privately(staffed, THIRD_ADMIN), ENTRY, ALIAS)
    assert ALIAS not in entry(staffed).aliases
    async with staffed.context.database.read() as stores:
        [waiting] = await stores.proposals.waiting()
    assert (waiting.id, waiting.kind, waiting.entry_id) == (number, ProposalKind.ALIAS, ENTRY)
    assert (waiting.content, waiting.proposed_by) == ({"alias": ALIAS}, THIRD_ADMIN)
    with pytest.raises(WrongState, match=f"已经有人提过了（{number} 号提案）"):
        await staffed.editing.propose_alias(privately(staffed, COUNTY_ADMIN), ENTRY, ALIAS)


async def test_a_phrasing_points_to_one_entry_only(staffed: Services) -> None:
    city = privately(staffed, CITY_ADMIN)
    own, foreign = entry(staffed).aliases[0], entry(staffed, OTHER).aliases[0]
    with pytest.raises(WrongState, match=f"{ENTRY} 已经有这个问法了"):
        staffed.editing.draft_alias(city, ENTRY, own)
    with pytest.raises(Problems, match=f"已属于 {OTHER}"):
        staffed.editing.draft_alias(city, ENTRY, foreign)
    with pytest.raises(BadInput, match=f"已属于 {OTHER}"):
        staffed.editing.draft_alias(city, ENTRY, f"请问{foreign}？？")
    with pytest.raises(BadInput, match="没有具体的事"):
        staffed.editing.draft_alias(city, ENTRY, "请问在吗")
    with pytest.raises(Problems, match=f"已属于 {OTHER}"):
        await staffed.editing.propose_alias(privately(staffed, THIRD_ADMIN), ENTRY, foreign)


# ---- 历史、回滚、删除


async def test_history_tells_who_did_what_when(staffed: Services, clock: SimulatedClock) -> None:
    await edit(staffed, basis="方案三")
    move(clock, 2, 24)
    await delete(staffed)
    await roll_back(staffed, 0)
    revisions = await history(staffed)
    assert [(one.version, one.change, one.reason) for one in revisions] == [
        (3, KnowledgeChange.ROLL_BACK, ""),
        (2, KnowledgeChange.DELETE, "规定改了"),
        (1, KnowledgeChange.EDIT, ""),
        (0, None, ""),
    ]
    assert {one.who for one in revisions[:3]} == {"岳阳市信息管理员"}
    assert [one.label for one in revisions[2].differences] == ["依据"]
    assert [local_day(one.at).day for one in revisions if one.at] == [24, 24, 20]


async def test_rolling_back_restores_and_is_itself_a_version(staffed: Services) -> None:
    base = entry(staffed)
    await edit(staffed, answer="第一版")
    await edit(staffed, answer="第二版")
    assert await roll_back(staffed, 1) == 3
    assert entry(staffed).answer == "第一版"
    assert await roll_back(staffed, 0) == 4
    assert entry(staffed) == base


async def test_a_deleted_entry_is_not_answered_and_comes_back(staffed: Services) -> None:
    base = entry(staffed)
    assert staffed.answering.knowledge.decide([base.question]).entry == base
    await delete(staffed)
    outcome = staffed.answering.knowledge.decide([base.question])
    assert ENTRY not in [one.id for one in (outcome.entry, *outcome.suggestions) if one]
    with pytest.raises(NotFound, match=f"可能已经删了。发 /知识 历史 {ENTRY}"):
        await staffed.editing.view(privately(staffed, CITY_ADMIN), ENTRY)
    await roll_back(staffed, 0)
    assert staffed.answering.knowledge.decide([base.question]).entry == base


async def test_roll_backs_that_make_no_sense_are_explained(staffed: Services) -> None:
    city = privately(staffed, CITY_ADMIN)
    with pytest.raises(WrongState, match="现在就是第 0 版的样子"):
        await staffed.editing.draft_roll_back(city, ENTRY, 0)
    await edit(staffed, answer="第一版")
    with pytest.raises(NotFound, match=f"{ENTRY} 没有第 7 版"):
        await staffed.editing.draft_roll_back(city, ENTRY, 7)
    await delete(staffed)
    with pytest.raises(BadInput, match="第 2 版是删除"):
        await staffed.editing.draft_roll_back(city, ENTRY, 2)
    with pytest.raises(NotFound, match=r"没有编号 local\.0009 的知识"):
        await staffed.editing.draft_roll_back(city, "local.0009", 1)


# ---- 两个人同时改


async def test_a_draft_made_before_anothers_change_must_be_looked_at_again(staffed: Services) -> None:
    mine, theirs = draft(staffed, answer="我的"), draft(staffed, answer="别人的")
    city = privately(staffed, CITY_ADMIN)
    await staffed.editing.publish(city, theirs)
    with pytest.raises(
        WrongState, match=f"{ENTRY} 刚刚有人改过，这次没有改。请发 /知识 看 {ENTRY} 核对后再来"
    ):
        await staffed.editing.publish(city, mine)
    assert entry(staffed).answer == "别人的"


async def test_of_two_changes_at_the_same_moment_one_wins(staffed: Services) -> None:
    city = privately(staffed, CITY_ADMIN)
    drafts = [draft(staffed, answer=f"第{number}人的答案") for number in range(3)]
    done = await asyncio.gather(
        *(staffed.editing.publish(city, one) for one in drafts), return_exceptions=True
    )
    assert [one for one in done if isinstance(one, int)] == [1]
    assert sum(isinstance(one, WrongState) for one in done) == 2
    assert [one.version for one in await history(staffed)] == [1, 0]
    assert entry(staffed).answer in {f"第{number}人的答案" for number in range(3)}
