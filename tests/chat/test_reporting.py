"""上报：各种写法、写错了怎么说、替谁报得、撤回；全程经过真正的 WebSocket。"""

from __future__ import annotations

import pytest

from storage.obligations import ONCE, Obligation
from storage.words import ObligationState
from tests.chat.asking import audit
from tests.stage import (
    CITY_ADMIN,
    COUNTY_ADMIN,
    FIRST,
    FIRST_ADMIN,
    MUNICIPAL_ADMIN,
    OPERATOR,
    OTHER_COUNTY_ADMIN,
    OTHER_SCHOOL,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    Stage,
)

REPORT = "/上报 初审 应采集52 已录入52 已审52"
HOW_TO = "照这样写：/上报 初审 应采集52 已录入52 已审52"


async def _obligation(stage: Stage, code: str = THIRD.code, item: str = "first_review") -> Obligation:
    async with stage.services.context.database.read() as stores:
        found = await stores.obligations.find(code, item, ONCE)
    assert found is not None
    return found


async def test_report_is_accepted_and_waits_for_the_county(stage: Stage) -> None:
    reply = await stage.post(THIRD_ADMIN, REPORT)
    assert reply.body == "已上报：岳阳县第三中学 信息采集初审\n应采集52 已录入52 已审52\n等岳阳县审核。"
    stored = await _obligation(stage)
    assert stored.state is ObligationState.REPORTED
    assert stored.numbers == {"expected": 52, "entered": 52, "reviewed": 52}
    assert stored.reported_by == THIRD_ADMIN


@pytest.mark.parametrize(
    "typed",
    [
        "/上报 岳阳县第三中学 初审 应采集52 已录入52 已审50",
        "/上报 县三中 初审 应采集52 已录入52 已审50",
        "/上报 YY04-0001 采集初审 应采集52 已录入52 已审50",
        "／上报　初审　应采集５２　已录入５２　已审５０",
        "  /上报   初审  应采集 52  已录入 52  已审 50 ",
        "/上报初审 应采集：52 已录入:52 已审＝50",
        "/上报 初审 应采集52人，已录入52人，已审50人。",
        "/上报 初审 已审50 已录入52 应采集52",
        "/上报 初审应采集52已录入52已审50",
        "/上报 初审\n应采集：52\n已录入：52\n已审：50",
        "/report first_review 应采集52 已录入52 已审50",
        "/上报\u200b 初审\u2005应采集52\u00a0已录入52 已审50",
    ],
)
async def test_every_way_of_writing_it_is_understood(stage: Stage, typed: str) -> None:
    reply = await stage.post(THIRD_ADMIN, typed)
    assert reply.body == (
        "已上报：岳阳县第三中学 信息采集初审\n应采集52 已录入52 已审50\n还有 2 人没审\n等岳阳县审核。"
    )


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/上报 初审", "还缺 应采集、已录入、已审。"),
        ("/上报 初审 52 52 52", "还缺 应采集、已录入、已审。"),
        ("/上报 初审 应采集52 已录入52", "还缺 已审。"),
        ("/上报 初审 应采集五十二 已录入52 已审52", "还缺 应采集。"),
        ("/上报 初审 应采集52 已录入53 已审52", "已录入53 比应采集52 还多，请核对后重发。"),
        ("/上报 初审 应采集52 已录入50 已审51", "已审51 比已录入50 还多，请核对后重发。"),
        ("/上报 初审 应采集9999999 已录入1 已审1", "应采集9999999 不像人数，请核对后重发。"),
        ("/上报 初审 应采集52.5 已录入52 已审52", "应采集52.5 不像人数，请核对后重发。"),
    ],
)
async def test_wrong_numbers_are_named_and_nothing_is_stored(stage: Stage, typed: str, says: str) -> None:
    reply = await stage.post(THIRD_ADMIN, typed)
    assert reply.body == f"{says}\n{HOW_TO}"
    assert (await _obligation(stage)).state is ObligationState.OWING


async def test_unknown_milestone_gets_the_list(stage: Stage) -> None:
    reply = await stage.post(THIRD_ADMIN, "/上报 中审")
    assert reply.body.splitlines()[0] == (
        "没认出“中审”是哪一项任务。可以报：培训、启动、初审、局审、季报、工作方案、责任书、承诺表"
    )


@pytest.mark.parametrize(
    ("who", "typed", "says"),
    [
        (THIRD_ADMIN, "/上报 季报", "季报请私聊我发 /季报 报送；没有变更发 /零报告"),
        (THIRD_ADMIN, "/上报 承诺表", "岳阳县第三中学不用报“承诺签名确认汇总表”，这一项由市直学校负责。"),
        (THIRD_ADMIN, "/上报 局审", "岳阳县第三中学不用报“教育行政部门审核”，这一项由县市区、市负责。"),
        (THIRD_ADMIN, "/上报 完成", "“完成信息采集”不用上报"),
        (COUNTY_ADMIN, REPORT, "岳阳县不用报“信息采集初审”"),
    ],
)
async def test_items_a_unit_does_not_report_are_explained(
    stage: Stage, who: int, typed: str, says: str
) -> None:
    assert (await stage.post(who, typed)).body.startswith(says)


@pytest.mark.parametrize(
    ("who", "typed", "says"),
    [
        (THIRD_ADMIN, "/上报 责任书", "已上报：岳阳县第三中学 人员责任书\n等岳阳县审核。"),
        (MUNICIPAL_ADMIN, "/上报 附件2", "已上报：岳阳市第一中学 承诺签名确认汇总表\n等岳阳市审核。"),
        (COUNTY_ADMIN, "/上报 工作方案", "已上报：岳阳县 工作方案\n等岳阳市审核。"),
        (
            COUNTY_ADMIN,
            "/上报 局审",
            "已上报：岳阳县 教育行政部门审核\n这一项上报即完成。\n"
            "注意：还有 3 所学校的初审没有通过，报错了请联系上级退回。",
        ),
    ],
)
async def test_items_without_numbers(stage: Stage, who: int, typed: str, says: str) -> None:
    assert (await stage.post(who, typed)).body == says


async def test_milestone_before_the_start_is_taken_as_late(stage: Stage) -> None:
    reply = await stage.post(THIRD_ADMIN, "/上报 培训 已开两场")
    assert reply.body == "已上报：岳阳县第三中学 人员培训（迟报）\n这一项上报即完成。"


async def test_report_after_the_due_day_is_marked_late(stage: Stage) -> None:
    await stage.move(2017, 3, 1)
    reply = await stage.post(THIRD_ADMIN, REPORT)
    assert reply.body.splitlines()[0] == "已上报：岳阳县第三中学 信息采集初审（迟报）"
    assert (await _obligation(stage)).late


async def test_second_report_is_a_correction(stage: Stage) -> None:
    await stage.post(THIRD_ADMIN, REPORT)
    reply = await stage.post(THIRD_ADMIN, "/上报 初审 应采集53 已录入53 已审53")
    assert reply.body.splitlines()[0] == "已更正：岳阳县第三中学 信息采集初审"
    assert (await _obligation(stage)).numbers["expected"] == 53


@pytest.mark.parametrize("school", [FIRST, OTHER_SCHOOL])
async def test_somebody_elses_school_is_denied_and_audited(stage: Stage, school) -> None:
    reply = await stage.post(THIRD_ADMIN, f"/上报 {school.name} 初审 应采集1 已录入1 已审1")
    assert reply.body == f"你没有权限办理“{school.name}”的这件事，只能办理自己单位（或下级单位）的。"
    (entry,) = await audit(stage, 1)
    assert (entry.actor_qq, entry.action, entry.outcome) == (THIRD_ADMIN, "/上报", "denied")
    assert (await _obligation(stage, school.code)).state is ObligationState.OWING


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (TEACHER, "你还没有登记为管理员，办不了这件事。"),
        (OPERATOR, "你登记的是运维，没有办这件事的权限。"),
        (OTHER_COUNTY_ADMIN, "你没有权限办理“岳阳县第三中学”的这件事"),
    ],
)
async def test_who_may_not_report_for_the_school(stage: Stage, who: int, says: str) -> None:
    reply = await stage.post(who, "/上报 岳阳县第三中学 初审 应采集52 已录入52 已审52")
    assert reply.body.startswith(says)


async def test_denial_log_keeps_the_command_only_even_without_a_space(stage: Stage) -> None:
    await stage.tell(TEACHER, "/变更姓名：样例甲\n字段：学历")
    (entry,) = await audit(stage, 1)
    assert (entry.outcome, entry.action) == ("denied", "/变更")
    assert "样例甲" not in str(entry)


async def test_same_short_name_means_the_school_one_may_act_for(stage: Stage) -> None:
    reply = await stage.post(OTHER_COUNTY_ADMIN, "/上报 县三中 初审 应采集9 已录入9 已审9")
    assert reply.body.splitlines()[0] == "已上报：华容县第三中学 信息采集初审"


async def test_ambiguous_short_name_is_never_guessed(stage: Stage) -> None:
    reply = await stage.post(CITY_ADMIN, "/上报 县三中 初审 应采集9 已录入9 已审9")
    assert reply.body == (
        "叫“县三中”的有 2 个单位，回复编号选一个：\n"
        "1. 岳阳县第三中学（岳阳县，YY04-0001）\n2. 华容县第三中学（华容县，YY05-0001）"
    )


# ---- 撤回


async def test_report_can_be_withdrawn_until_it_is_reviewed(stage: Stage) -> None:
    await stage.post(THIRD_ADMIN, REPORT)
    prompt = await stage.post(THIRD_ADMIN, "/上报 撤回 初审")
    assert prompt.body.startswith(
        "将撤回：岳阳县第三中学 信息采集初审\n报的是：应采集52 已录入52 已审52\n撤回后回到“未报”，历史留着。"
    )
    assert (await _obligation(stage)).state is ObligationState.REPORTED
    reply = await stage.post(THIRD_ADMIN, "确认")
    assert reply.body == "已撤回：岳阳县第三中学 信息采集初审，现在是“未报”。"
    assert (await _obligation(stage)).state is ObligationState.OWING


async def test_withdrawing_twice_says_there_is_nothing(stage: Stage) -> None:
    reply = await stage.post(THIRD_ADMIN, "/上报 撤回 初审")
    assert reply.body == "岳阳县第三中学的信息采集初审现在是“未报”，没有可撤回的上报。"


async def test_reviewed_report_cannot_be_withdrawn_or_changed(stage: Stage) -> None:
    await stage.post(THIRD_ADMIN, REPORT)
    await stage.post(COUNTY_ADMIN, "/审核 县三中 初审 通过")
    withdrawn = await stage.post(THIRD_ADMIN, "/上报 撤回 初审")
    assert withdrawn.body == "岳阳县第三中学的信息采集初审现在是“已完成”，没有可撤回的上报。"
    changed = await stage.post(THIRD_ADMIN, REPORT)
    assert changed.body == "岳阳县第三中学的信息采集初审已经审核通过。要更正，请先请审核单位退回。"


async def test_withdrawing_for_another_school_is_denied(stage: Stage) -> None:
    await stage.post(THIRD_ADMIN, REPORT)
    reply = await stage.post(FIRST_ADMIN, "/上报 撤回 岳阳县第三中学 初审")
    assert reply.body.startswith("你没有权限办理“岳阳县第三中学”的这件事")
    assert (await _obligation(stage)).state is ObligationState.REPORTED
