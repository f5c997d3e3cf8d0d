"""审核：通过、退回，报的人私下收到结果；谁报的谁不能审，别的县、别的角色都不行。"""

from __future__ import annotations

import pytest

from storage.words import ObligationState, Role
from tests.chat.asking import audit, spoken
from tests.stage import (
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    OTHER_COUNTY_ADMIN,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    Stage,
)

REPORT = "/上报 初审 应采集52 已录入52 已审52"


async def _state(stage: Stage, code: str = THIRD.code, item: str = "first_review") -> ObligationState:
    async with stage.services.context.database.read() as stores:
        found = await stores.obligations.find(code, item)
    assert found is not None
    return found.state


@pytest.fixture
async def reported(stage: Stage) -> Stage:
    """县三中报了初审，等县里审。"""
    await stage.tell(THIRD_ADMIN, REPORT)
    return stage


async def test_approval_completes_the_school_and_tells_the_reporter_privately(reported: Stage) -> None:
    reply = await reported.post(COUNTY_ADMIN, "/审核 岳阳县第三中学 初审 通过")
    assert reply.body == "已通过：岳阳县第三中学 信息采集初审\n岳阳县第三中学“完成信息采集”随之完成。"
    assert await _state(reported) is ObligationState.DONE
    assert await _state(reported, item="finish") is ObligationState.DONE
    await reported.office.sweep.run()
    assert spoken(reported, private=THIRD_ADMIN)[-1] == "岳阳县第三中学 信息采集初审审核通过。"
    assert spoken(reported, group=COUNTY_GROUP) == [reply.body]


async def test_return_carries_the_reason_and_the_way_to_report_again(reported: Stage) -> None:
    reply = await reported.post(COUNTY_ADMIN, "/审核 县三中 初审 退回 缺照片（2人），请补")
    assert reply.body == "已退回：岳阳县第三中学 信息采集初审\n原因：缺照片（2人），请补"
    await reported.office.sweep.run()
    assert spoken(reported, private=THIRD_ADMIN)[-1] == (
        "岳阳县第三中学 信息采集初审被退回。\n原因：缺照片（2人），请补\n"
        "改好后重新报：/上报 初审 应采集52 已录入52 已审52"
    )
    again = await reported.tell(THIRD_ADMIN, REPORT)
    assert again.body.startswith("已更正：岳阳县第三中学 信息采集初审")


async def test_result_is_told_once(reported: Stage) -> None:
    await reported.post(COUNTY_ADMIN, "/审核 县三中 初审 通过")
    await reported.office.sweep.run()
    before = spoken(reported, private=THIRD_ADMIN)
    await reported.office.sweep.run()
    assert spoken(reported, private=THIRD_ADMIN) == before


async def test_approved_report_can_still_be_returned(reported: Stage) -> None:
    await reported.post(COUNTY_ADMIN, "/审核 县三中 初审 通过")
    reply = await reported.post(COUNTY_ADMIN, "/审核 县三中 初审 退回 人数不对")
    assert reply.body == "已退回：岳阳县第三中学 信息采集初审\n原因：人数不对"
    assert await _state(reported, item="finish") is ObligationState.OWING


@pytest.mark.parametrize(
    ("who", "typed", "says"),
    [
        (COUNTY_ADMIN, "/审核 县三中 初审", "请写单位、任务和结果，例如："),
        (COUNTY_ADMIN, "/审核 初审 通过", "请写单位、任务和结果，例如："),
        (COUNTY_ADMIN, "/审核 县三中 初审 退回", "退回请写原因，例如：/审核 岳阳县第三中学 初审 退回 缺照片"),
        (COUNTY_ADMIN, "/审核 县一中 初审 通过", "岳阳县第一中学还没有报信息采集初审"),
        (COUNTY_ADMIN, "/审核 县三中 季报 通过", "季报的接收请私聊我发：/备案 单位 季度"),
        (COUNTY_ADMIN, "/审核 岳阳县 局审 通过", "岳阳县报的由上级审核，本单位不能自己审。"),
    ],
)
async def test_incomplete_reviews_say_what_is_missing(
    reported: Stage, who: int, typed: str, says: str
) -> None:
    assert (await reported.post(who, typed)).body.startswith(says)
    assert await _state(reported) is ObligationState.REPORTED


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (THIRD_ADMIN, "你登记的是岳阳县第三中学信息管理员，没有办这件事的权限"),
        (FIRST_ADMIN, "你登记的是岳阳县第一中学信息管理员，没有办这件事的权限"),
        (OTHER_COUNTY_ADMIN, "你没有权限办理“岳阳县第三中学”的这件事"),
        (TEACHER, "你还没有登记为管理员"),
    ],
)
async def test_wrong_role_or_county_is_denied_and_audited(reported: Stage, who: int, says: str) -> None:
    reply = await reported.post(who, "/审核 岳阳县第三中学 初审 通过")
    assert reply.body.startswith(says)
    (entry,) = await audit(reported, 1)
    assert (entry.actor_qq, entry.action, entry.outcome) == (who, "/审核", "denied")
    assert await _state(reported) is ObligationState.REPORTED


@pytest.mark.parametrize("role", [Role.INFO_VIEWER, Role.SYSTEM_ADMIN, Role.TRAINING_ADMIN])
async def test_other_roles_of_the_county_do_not_review(reported: Stage, role: Role) -> None:
    await reported.enlist(TEACHER, COUNTY, role)
    reply = await reported.post(TEACHER, "/审核 县三中 初审 通过")
    assert "没有办这件事的权限" in reply.body
    assert await _state(reported) is ObligationState.REPORTED


async def test_who_reported_for_a_school_does_not_review_it(stage: Stage) -> None:
    await stage.post(COUNTY_ADMIN, "/上报 县三中 初审 应采集52 已录入52 已审52")
    reply = await stage.post(COUNTY_ADMIN, "/审核 县三中 初审 通过")
    assert reply.body == "这一项是你报的，请换一位审核人：谁填报谁负责，谁审核谁负责。"
    done = await stage.post(CITY_ADMIN, "/审核 岳阳县第三中学 初审 通过")
    assert done.body.startswith("已通过：岳阳县第三中学 信息采集初审")


async def test_school_that_withdrew_cannot_be_approved(reported: Stage) -> None:
    await reported.confirm(THIRD_ADMIN, "/上报 撤回 初审")
    reply = await reported.post(COUNTY_ADMIN, "/审核 县三中 初审 通过")
    assert reply.body.startswith("岳阳县第三中学还没有报信息采集初审")


async def test_bureau_review_completes_when_the_last_school_is_approved(stage: Stage) -> None:
    bodies = []
    for school in ("岳阳县第三中学", "岳阳县第一中学", "岳阳县荣家湾中心幼儿园"):
        await stage.post(CITY_ADMIN, f"/上报 {school} 初审 应采集9 已录入9 已审9")
        bodies.append((await stage.post(COUNTY_ADMIN, f"/审核 {school} 初审 通过")).body)
    assert "岳阳县“教育行政部门审核”随之完成。" not in bodies[1]
    assert "岳阳县“教育行政部门审核”随之完成。" in bodies[2]
    assert await _state(stage, COUNTY.code, "bureau_review") is ObligationState.DONE
