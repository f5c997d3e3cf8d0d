"""待答问题：谁看得见、相近的一起答、引用找得到是哪个、答案成为提案。"""

from __future__ import annotations

import pytest

from bot.domain.errors import BadInput, Denied, NotFound
from bot.domain.services import Services
from storage.proposals import Proposal
from storage.units import Unit
from storage.words import Channel, ProposalKind, Role
from tests.domain.desk import audit_actions, bind, enlist, in_group, outbox, privately
from tests.stage import (
    CITY,
    CITY_ADMIN,
    CITY_GROUP,
    COUNTY,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    MUNICIPAL,
    MUNICIPAL_ADMIN,
    OTHER_COUNTY,
    OTHER_COUNTY_ADMIN,
    OTHER_SCHOOL,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    THIRD_SYSTEM,
)

DRIVER = "校车司机要录吗"
DRIVERS = (DRIVER, "请问校车司机要不要录", "校车司机需要录入系统吗")
STRANGER, OTHER_STRANGER = 30001, 30002
ALL_ADMINS = {
    CITY_ADMIN: "市",
    COUNTY_ADMIN: "县",
    OTHER_COUNTY_ADMIN: "邻县",
    THIRD_ADMIN: "三中",
    MUNICIPAL_ADMIN: "市直",
}


@pytest.fixture
async def bound(staffed: Services) -> Services:
    """两个群都绑定了：县的、市的。"""
    await bind(staffed, COUNTY_GROUP, COUNTY)
    await bind(staffed, CITY_GROUP, CITY)
    return staffed


async def seen_by(services: Services, number: int) -> set[str]:
    """哪些管理员在私聊里看得见这个问题。"""
    seen = set()
    for qq, name in ALL_ADMINS.items():
        questions = await services.questions.open_questions(privately(services, qq))
        if number in [one.id for one in questions]:
            seen.add(name)
    return seen


async def proposals(services: Services) -> list[Proposal]:
    async with services.context.database.read() as stores:
        return await stores.proposals.waiting()


# ---- 谁看得见


async def test_a_strangers_private_question_is_seen_by_the_city_alone(bound: Services) -> None:
    number = await bound.questions.leave_open(privately(bound, STRANGER), DRIVER)
    assert await seen_by(bound, number) == {"市"}


async def test_a_strangers_group_question_belongs_to_the_groups_unit(bound: Services) -> None:
    number = await bound.questions.leave_open(in_group(bound, STRANGER), DRIVER)
    assert await seen_by(bound, number) == {"市", "县"}
    number = await bound.questions.leave_open(in_group(bound, OTHER_STRANGER, CITY_GROUP), DRIVER)
    assert await seen_by(bound, number) == {"市"}


@pytest.mark.parametrize(
    ("unit", "seen"),
    [
        (THIRD, {"市", "县", "三中"}),
        (OTHER_SCHOOL, {"市", "邻县"}),
        (MUNICIPAL, {"市", "市直"}),
        (CITY, {"市"}),
    ],
)
async def test_an_administrators_question_belongs_to_his_unit(
    bound: Services, unit: Unit, seen: set[str]
) -> None:
    await enlist(bound, STRANGER, unit, Role.INFO_VIEWER)
    number = await bound.questions.leave_open(privately(bound, STRANGER), DRIVER)
    assert await seen_by(bound, number) == seen


async def test_a_question_handed_to_a_school_is_seen_there(bound: Services) -> None:
    number = await bound.questions.leave_open(privately(bound, STRANGER), DRIVER)
    async with bound.context.database.write() as stores:
        await stores.questions.hand(number, THIRD.code, bound.context.now())
    assert await seen_by(bound, number) == {"市", "县", "三中"}


async def test_in_the_group_where_it_was_asked_every_answerer_sees_it(bound: Services) -> None:
    number = await bound.questions.leave_open(in_group(bound, STRANGER), DRIVER)
    for qq in (THIRD_ADMIN, OTHER_COUNTY_ADMIN):
        assert await bound.questions.open_questions(privately(bound, qq)) == []
        assert [one.id for one in await bound.questions.open_questions(in_group(bound, qq))] == [number]


async def test_a_unit_that_left_the_roster_does_not_stop_the_list(bound: Services) -> None:
    number = await bound.questions.leave_open(privately(bound, STRANGER), DRIVER)
    async with bound.context.database.write() as stores:
        await stores.questions.hand(number, "XX99", bound.context.now())
    assert await seen_by(bound, number) == {"市"}


# ---- 回答


async def test_similar_questions_are_answered_together_and_each_asker_is_told(bound: Services) -> None:
    one = await bound.questions.leave_open(in_group(bound, STRANGER), DRIVERS[0])
    two = await bound.questions.leave_open(privately(bound, THIRD_ADMIN), DRIVERS[1])
    three = await bound.questions.leave_open(in_group(bound, TEACHER), DRIVERS[2])
    other = await bound.questions.leave_open(in_group(bound, TEACHER), "体检报告交给谁")
    done = await bound.questions.answer(privately(bound, COUNTY_ADMIN), two, "不用录")
    assert (done.number, done.others, done.people) == (two, (one, three), 3)
    told = {
        (one.channel, one.target, one.payload["asked_by"], one.payload["question"])
        for one in await outbox(bound)
    }
    assert told == {
        (Channel.GROUP, COUNTY_GROUP, STRANGER, DRIVERS[0]),
        (Channel.PRIVATE, THIRD_ADMIN, THIRD_ADMIN, DRIVERS[1]),
        (Channel.GROUP, COUNTY_GROUP, TEACHER, DRIVERS[2]),
    }
    left = await bound.questions.open_questions(privately(bound, CITY_ADMIN))
    assert [one.id for one in left] == [other]


async def test_a_similar_question_of_another_county_is_left_to_them(bound: Services) -> None:
    mine = await bound.questions.leave_open(privately(bound, THIRD_ADMIN), DRIVERS[0])
    theirs = await bound.questions.leave_open(privately(bound, OTHER_COUNTY_ADMIN), DRIVERS[1])
    done = await bound.questions.answer(privately(bound, COUNTY_ADMIN), mine, "不用录")
    assert done.others == ()
    left = await bound.questions.open_questions(privately(bound, CITY_ADMIN))
    assert [one.id for one in left] == [theirs]


async def test_one_person_asking_twice_in_one_place_is_told_once(bound: Services) -> None:
    first = await bound.questions.leave_open(privately(bound, THIRD_ADMIN), DRIVERS[0])
    await bound.questions.leave_open(privately(bound, THIRD_ADMIN), DRIVERS[1])
    done = await bound.questions.answer(privately(bound, COUNTY_ADMIN), first, "不用录")
    assert done.people == 1
    [told] = await outbox(bound)
    assert told.payload["question"] == DRIVERS[0]


async def test_an_answer_becomes_a_proposal_with_its_source(bound: Services) -> None:
    number = await bound.questions.leave_open(in_group(bound, STRANGER), DRIVERS[0])
    await bound.questions.leave_open(in_group(bound, TEACHER), DRIVERS[1])
    done = await bound.questions.answer(privately(bound, COUNTY_ADMIN), number, "不用录")
    [proposal] = await proposals(bound)
    assert (proposal.id, proposal.kind, proposal.question_id) == (done.proposal, ProposalKind.ENTRY, number)
    assert proposal.proposed_by == COUNTY_ADMIN
    assert proposal.content == {
        "topic": "local",
        "question": DRIVERS[0],
        "answer": "不用录",
        "basis": "岳阳县信息管理员答复 2017-02-20",
        "certainty": "confirmed",
        "audience": ["anyone"],
        "aliases": [DRIVERS[1]],
        "related": [],
    }
    assert (await audit_actions(bound))[-1] == (
        "answer open questions and propose knowledge",
        f"question {number}",
        "done",
    )


async def test_the_citys_answer_names_the_published_office(bound: Services) -> None:
    number = await bound.questions.leave_open(privately(bound, STRANGER), DRIVER)
    await bound.questions.answer(privately(bound, CITY_ADMIN), number, "不用录")
    [proposal] = await proposals(bound)
    assert proposal.content["basis"] == "市教育体育局教师工作科答复 2017-02-20"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("请找王样例 13800001234", "有身份证号或手机号"),
        ("字" * 261, "超过 260 字"),
        ("  ", "答复是空的"),
    ],
)
async def test_an_answer_not_fit_for_everyone_changes_nothing(bound: Services, text: str, says: str) -> None:
    number = await bound.questions.leave_open(privately(bound, STRANGER), DRIVER)
    with pytest.raises(BadInput, match=says):
        await bound.questions.answer(privately(bound, CITY_ADMIN), number, text)
    assert await outbox(bound) == []
    assert await proposals(bound) == []
    assert len(await bound.questions.open_questions(privately(bound, CITY_ADMIN))) == 1


async def test_a_question_out_of_reach_is_refused_and_stays_open(bound: Services) -> None:
    number = await bound.questions.leave_open(privately(bound, OTHER_COUNTY_ADMIN), DRIVER)
    for qq in (COUNTY_ADMIN, THIRD_ADMIN):
        with pytest.raises(Denied, match=f"第 {number} 号问题不是你管的单位或群里问的"):
            await bound.questions.answer(privately(bound, qq), number, "不用录")
    assert await outbox(bound) == []
    assert await proposals(bound) == []


async def test_who_has_no_say_sees_and_answers_nothing(bound: Services) -> None:
    await enlist(bound, THIRD_SYSTEM, THIRD, Role.INFO_VIEWER)
    number = await bound.questions.leave_open(in_group(bound, STRANGER), DRIVER)
    for qq in (STRANGER, THIRD_SYSTEM):
        with pytest.raises(Denied):
            await bound.questions.clusters(in_group(bound, qq))
        with pytest.raises(Denied):
            await bound.questions.answer(in_group(bound, qq), number, "不用录")


# ---- 引用的是哪个


@pytest.mark.parametrize(
    "quoted",
    [
        "这个问题知识库里还没有，已记为待答问题（1 号），有人答了会告诉你。",
        "有人转人工（1 号）：校车司机要录吗\n来自：未登记的群成员",
        DRIVER,
        f"/转人工 {DRIVER}",
        "校车司机需要录入系统吗",
    ],
)
async def test_the_quoted_message_tells_which_question(bound: Services, quoted: str) -> None:
    number = await bound.questions.leave_open(in_group(bound, STRANGER), DRIVER)
    assert number == 1
    assert await bound.questions.quoted(privately(bound, COUNTY_ADMIN), quoted) == 1


async def test_the_same_words_in_this_group_come_first(bound: Services) -> None:
    await bound.questions.leave_open(in_group(bound, STRANGER, CITY_GROUP), DRIVER)
    here = await bound.questions.leave_open(in_group(bound, STRANGER), f"{DRIVER}？")
    await bound.questions.leave_open(in_group(bound, OTHER_STRANGER, CITY_GROUP), f"{DRIVER}？")
    assert await bound.questions.quoted(in_group(bound, CITY_ADMIN), f"{DRIVER}？") == here


async def test_covered_numbers_are_still_recognised_when_quoted(bound: Services) -> None:
    text = "13800001234 的账号锁了怎么办"
    number = await bound.questions.leave_open(in_group(bound, STRANGER), text)
    assert await bound.questions.quoted(in_group(bound, FIRST_ADMIN), text) == number


async def test_a_number_a_person_wrote_is_not_a_question_number(bound: Services) -> None:
    await bound.questions.leave_open(in_group(bound, STRANGER), DRIVER)
    number = await bound.questions.leave_open(in_group(bound, STRANGER), "学校（1 号教学楼）网上不去怎么办")
    assert number == 2
    assert await bound.questions.quoted(in_group(bound, FIRST_ADMIN), "学校（1 号教学楼）网上不去怎么办") == 2


async def test_a_quoted_line_nobody_asked_is_said(bound: Services) -> None:
    await bound.questions.leave_open(in_group(bound, STRANGER), DRIVER)
    with pytest.raises(NotFound, match="引用的这条不在待答问题里。发 /知识 待答 看编号"):
        await bound.questions.quoted(privately(bound, COUNTY_ADMIN), "明天几点开会")


async def test_county_of_another_group_finds_nothing_to_quote(bound: Services) -> None:
    await bind(bound, 700009, OTHER_COUNTY)
    await bound.questions.leave_open(in_group(bound, STRANGER, 700009), DRIVER)
    with pytest.raises(NotFound):
        await bound.questions.quoted(privately(bound, COUNTY_ADMIN), DRIVER)
