"""知道今天和提问人的答复：截止与状态、审核单位、按身份选条目、空白表；群里不露本单位状态。"""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document

from storage.words import Role
from tests.domain.desk import privately
from tests.stage import (
    COUNTY,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST,
    MUNICIPAL_ADMIN,
    TEACHER,
    THIRD_ADMIN,
    THIRD_SYSTEM,
    Stage,
)

DATES = "季报具体是哪几天截止？"
FIRST_REVIEW = "学校初审什么时候完成？"
COLUMNS = "更新登记表有哪些栏目？"
LETTER = "责任书要谁签名盖章？"


def facts_in(body: str) -> list[str]:
    """“依据”那行后面的几行。"""
    lines = body.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("依据："))
    return lines[place + 1 :]


# ---- 日子与状态


async def test_a_stranger_gets_the_date_of_the_plan_anywhere(stage: Stage) -> None:
    line = "下一个截止：2017年3月25日（星期六），还有 33 天"
    assert facts_in((await stage.tell(TEACHER, DATES)).body) == [line]
    assert facts_in((await stage.post(TEACHER, DATES, at_bot=True)).body) == [line]


async def test_a_county_school_gets_both_dates_and_in_private_its_state(stage: Stage) -> None:
    dates = "下一个截止：2017年3月20日（星期一）报给县里，还有 28 天；全市是2017年3月25日（星期六）"
    assert facts_in((await stage.tell(THIRD_ADMIN, DATES)).body) == [dates, "岳阳县第三中学的季报：未报"]
    assert facts_in((await stage.post(THIRD_ADMIN, DATES, at_bot=True)).body) == [dates]


async def test_the_countys_own_day_is_the_day(stage: Stage) -> None:
    county = privately(stage.services, COUNTY_ADMIN)
    await stage.services.milestones.set_county_day(county, COUNTY, 18)
    assert "2017年3月18日（星期六）报给县里" in facts_in((await stage.tell(THIRD_ADMIN, DATES)).body)[0]


async def test_the_state_follows_what_was_reported(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "/上报 初审 应采集52 已录入52 已审52")
    assert (
        facts_in((await stage.tell(THIRD_ADMIN, FIRST_REVIEW)).body)[1]
        == "岳阳县第三中学的初审：已报，等审核"
    )
    await stage.tell(COUNTY_ADMIN, "/审核 岳阳县第三中学 初审 通过")
    assert facts_in((await stage.tell(THIRD_ADMIN, FIRST_REVIEW)).body)[1] == "岳阳县第三中学的初审：已完成"


async def test_a_temporary_session_shows_no_state(stage: Stage) -> None:
    await stage.world.say(THIRD_ADMIN, FIRST_REVIEW, temporary_from=COUNTY_GROUP)
    reply = await stage.world.next_reply(private=THIRD_ADMIN)
    assert facts_in(reply.body) == ["下一个截止（信息采集初审）：2017年2月28日（星期二），还有 8 天"]


async def test_the_day_moves_with_the_clock(stage: Stage) -> None:
    await stage.move(2017, 3, 24)
    (line,) = facts_in((await stage.tell(TEACHER, DATES)).body)
    assert line.endswith("还有 1 天")


# ---- 审核单位


async def test_who_reviews_is_named_with_the_unit(stage: Stage) -> None:
    question = "有问题先找谁、再找谁？"
    private = facts_in((await stage.tell(THIRD_ADMIN, question)).body)
    assert private == ["你单位的审核单位：岳阳县，已登记信息管理员 1 人"]
    group = facts_in((await stage.post(THIRD_ADMIN, question, at_bot=True)).body)
    assert group == ["你单位的审核单位：岳阳县"]
    municipal = facts_in((await stage.tell(MUNICIPAL_ADMIN, question)).body)
    assert municipal == ["你单位的审核单位：岳阳市（市教育体育局教师工作科），已登记信息管理员 1 人"]
    assert facts_in((await stage.tell(TEACHER, question)).body) == []


# ---- 按身份选


@pytest.mark.parametrize(
    ("who", "entry_id"),
    [
        (TEACHER, "accounts.teacher.forgot_password"),
        (THIRD_ADMIN, "accounts.admin.forgot_password"),
        (COUNTY_ADMIN, "accounts.admin.forgot_password"),
    ],
)
async def test_a_forgotten_password_is_answered_for_who_asks(stage: Stage, who: int, entry_id: str) -> None:
    assert f"编号 {entry_id}" in (await stage.tell(who, "忘记密码怎么办")).body


@pytest.mark.parametrize(
    ("who", "entry_id"),
    [(MUNICIPAL_ADMIN, "steps.municipal.3_basic"), (COUNTY_ADMIN, "steps.county.3_accounts")],
)
async def test_the_third_step_is_the_one_of_the_askers_level(stage: Stage, who: int, entry_id: str) -> None:
    assert f"编号 {entry_id}" in (await stage.tell(who, "第三步做什么")).body


# ---- 空白表


async def test_a_form_is_offered_and_sent_in_private(stage: Stage) -> None:
    reply = await stage.tell(THIRD_ADMIN, COLUMNS)
    assert facts_in(reply.body) == ["要附件3空表回复“表格”"]
    told = await stage.tell(THIRD_ADMIN, "表格")
    assert told.body == "附件3 教师信息更新登记表的空表发给你了，打印后手填。"
    file = (await stage.world.next_reply(private=THIRD_ADMIN)).files[0]
    assert file.name == "附件3 教师信息更新登记表（空表）.docx"
    assert "更新登记表" in Document(BytesIO(file.content)).paragraphs[0].text


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("附件1空表", "附件1 人员责任书（空表）.docx"),
        ("附件二空白表", "附件2 承诺签名确认汇总表（空表）.docx"),
        ("要附件3空表", "附件3 教师信息更新登记表（空表）.docx"),
    ],
)
async def test_a_form_is_sent_for_the_asking(stage: Stage, typed: str, name: str) -> None:
    await stage.tell(COUNTY_ADMIN, typed)
    assert (await stage.world.next_reply(private=COUNTY_ADMIN)).files[0].name == name


async def test_the_group_only_says_how_to_get_the_form(stage: Stage) -> None:
    reply = await stage.post(THIRD_ADMIN, COLUMNS, at_bot=True)
    assert facts_in(reply.body) == ["空表请私聊我发：附件3空表"]
    await stage.world.say(THIRD_ADMIN, "表格", group=COUNTY_GROUP)
    await stage.silent()


@pytest.mark.parametrize("role", [None, Role.INFO_VIEWER, Role.TRAINING_ADMIN])
async def test_who_may_not_have_forms_hears_nothing_of_them(stage: Stage, role: Role | None) -> None:
    if role is not None:
        await stage.enlist(THIRD_SYSTEM, FIRST, role)
    assert facts_in((await stage.tell(THIRD_SYSTEM, LETTER)).body) == []
    assert facts_in((await stage.post(THIRD_SYSTEM, LETTER, at_bot=True)).body) == []
    for typed in ("表格", "附件1空表"):
        reply = await stage.tell(THIRD_SYSTEM, typed)
        assert reply.files == ()
        assert "空表发给你了" not in reply.body


async def test_the_offer_of_a_form_runs_out(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, COLUMNS)
    await stage.move(2017, 2, 20, 8, 30)
    late = await stage.tell(THIRD_ADMIN, "表格")
    assert late.body == "刚才那件事等太久，已经作废，请重新发命令。"


async def test_a_group_answer_stays_on_one_screen(stage: Stage) -> None:
    long = "承诺签名确认汇总表有哪些栏目？"
    reply = await stage.post(THIRD_ADMIN, long, at_bot=True)
    assert len(reply.body) <= 300
