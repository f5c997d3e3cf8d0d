"""按编号一次审几个：编号指自己最近看到的名单；先列给人看再办；别人审过、撤回、更正过的逐个说明。"""

from __future__ import annotations

import pytest

from storage.units import Unit
from storage.words import ObligationState
from tests.chat.asking import audit, spoken
from tests.stage import (
    CITY_ADMIN,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST,
    FIRST_ADMIN,
    NURSERY,
    OTHER_COUNTY_ADMIN,
    THIRD,
    THIRD_ADMIN,
    UNITS,
    Stage,
)

REPORT = "/上报 初审 应采集52 已录入52 已审52"


@pytest.fixture
async def waiting(stage: Stage) -> Stage:
    """三中、一中、幼儿园都报了初审（幼儿园由市里代报），等县里审。"""
    await stage.tell(THIRD_ADMIN, REPORT)
    await stage.tell(FIRST_ADMIN, REPORT.replace("已审52", "已审40"))
    await stage.tell(CITY_ADMIN, f"/上报 {NURSERY.name} 初审 应采集18 已录入18 已审18")
    return stage


async def _states(stage: Stage) -> list[ObligationState]:
    async with stage.services.context.database.read() as stores:
        found = [await stores.obligations.find(unit.code, "first_review") for unit in (THIRD, FIRST, NURSERY)]
    return [one.state for one in found if one is not None]


async def test_listed_shown_and_approved_in_one_go(waiting: Stage) -> None:
    listing = await waiting.tell(COUNTY_ADMIN, "/审核 初审")
    assert listing.body == (
        "等你审核的有 3 个：\n"
        "1. 岳阳县第三中学 初审 应采集52 已录入52 已审52\n"
        "2. 岳阳县第一中学 初审 应采集52 已录入52 已审40\n"
        "3. 岳阳县荣家湾中心幼儿园 初审 应采集18 已录入18 已审18\n"
        "例如：/审核 岳阳县第三中学 初审 通过；按编号一次审几个 /审核 初审 通过 1-3"
    )
    prompt = await waiting.tell(COUNTY_ADMIN, "/审核 初审 通过 1 3")
    assert prompt.body == (
        "将通过 2 个单位的信息采集初审：\n"
        "1. 岳阳县第三中学 应采集52 已录入52 已审52\n"
        "3. 岳阳县荣家湾中心幼儿园 应采集18 已录入18 已审18\n"
        "回复“确认”执行，“取消”放弃（120 秒内有效）。"
    )
    assert set(await _states(waiting)) == {ObligationState.REPORTED}
    done = await waiting.tell(COUNTY_ADMIN, "确认")
    assert done.body == (
        "已通过 2 个单位的信息采集初审，上报的人会收到通知。\n"
        "岳阳县第三中学“完成信息采集”随之完成。\n"
        "岳阳县荣家湾中心幼儿园“完成信息采集”随之完成。"
    )
    assert await _states(waiting) == [ObligationState.DONE, ObligationState.REPORTED, ObligationState.DONE]
    await waiting.office.sweep.run()
    assert spoken(waiting, private=THIRD_ADMIN)[-1] == "岳阳县第三中学 信息采集初审审核通过。"


@pytest.mark.parametrize(
    "typed",
    [
        "/审核 初审 通过 1-3",
        "/审核 初审 通过 1，2、3",
        "/审核 1-3 初审 通过",
        "/审核 通过 1到2 3",
        "／审核　初审　通过　１－３",
        "/审核 初审 通过 1 - 3",
        "/审核 初审 通过 1-2 2-3",
    ],
)
async def test_every_way_of_writing_the_numbers(waiting: Stage, typed: str) -> None:
    await waiting.tell(COUNTY_ADMIN, "/审核")
    done = await waiting.confirm(COUNTY_ADMIN, typed)
    assert done.body.startswith("已通过 3 个单位的信息采集初审")
    assert "岳阳县“教育行政部门审核”随之完成。" in done.body


async def test_returning_by_numbers_needs_a_reason(waiting: Stage) -> None:
    await waiting.tell(COUNTY_ADMIN, "/审核 初审")
    assert (await waiting.tell(COUNTY_ADMIN, "/审核 初审 退回 1-2")).body == (
        "退回请写原因，例如：/审核 初审 退回 3 缺照片"
    )
    prompt = await waiting.tell(COUNTY_ADMIN, "/审核 初审 退回 1-2 2人缺照片")
    assert "退回原因：2人缺照片" in prompt.body
    await waiting.tell(COUNTY_ADMIN, "确认")
    assert await _states(waiting) == [
        ObligationState.RETURNED,
        ObligationState.RETURNED,
        ObligationState.REPORTED,
    ]


async def test_what_changed_meanwhile_is_left_out_and_explained_one_by_one(waiting: Stage) -> None:
    await waiting.tell(COUNTY_ADMIN, "/审核 初审")
    await waiting.tell(COUNTY_ADMIN, "/审核 初审 通过 1-3")
    await waiting.tell(CITY_ADMIN, "/审核 岳阳县第三中学 初审 通过")
    await waiting.move(2017, 2, 20, 8, 1)
    await waiting.tell(FIRST_ADMIN, "/上报 初审 应采集52 已录入52 已审51")
    done = await waiting.tell(COUNTY_ADMIN, "确认")
    assert done.body.splitlines()[:4] == [
        "已通过 1 个单位的信息采集初审，上报的人会收到通知。",
        "不办的 2 个：",
        "1. 岳阳县第三中学的信息采集初审已经审过了。",
        "2. 岳阳县第一中学刚刚又更正过，请看过新的数字再审。",
    ]
    assert await _states(waiting) == [ObligationState.DONE, ObligationState.REPORTED, ObligationState.DONE]


async def test_withdrawn_and_already_reviewed_are_shown_before_confirming(waiting: Stage) -> None:
    await waiting.tell(COUNTY_ADMIN, "/审核 初审")
    await waiting.confirm(THIRD_ADMIN, "/上报 撤回 初审")
    await waiting.tell(COUNTY_ADMIN, "/审核 县一中 初审 退回 缺照片")
    prompt = await waiting.tell(COUNTY_ADMIN, "/审核 初审 通过 1-3")
    assert prompt.body.splitlines()[:5] == [
        "将通过 1 个单位的信息采集初审：",
        "3. 岳阳县荣家湾中心幼儿园 应采集18 已录入18 已审18",
        "不办的 2 个：",
        "1. 岳阳县第三中学还没有报信息采集初审，不能审核。",
        "2. 岳阳县第一中学的信息采集初审已退回，等它重新上报后再审核。",
    ]


async def test_ones_own_report_is_not_approved_in_bulk(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, REPORT)
    await stage.tell(COUNTY_ADMIN, f"/上报 {NURSERY.name} 初审 应采集18 已录入18 已审18")
    await stage.tell(COUNTY_ADMIN, "/审核")
    prompt = await stage.tell(COUNTY_ADMIN, "/审核 初审 通过 1-2")
    assert "2. 这一项是你报的，请换一位审核人" in prompt.body
    (denied,) = await audit(stage, 1)
    assert (denied.target, denied.outcome) == (NURSERY.code, "denied")
    done = await stage.tell(COUNTY_ADMIN, "确认")
    assert done.body.startswith("已通过 1 个单位")
    assert await _states(stage) == [ObligationState.DONE, ObligationState.OWING, ObligationState.REPORTED]


async def test_numbers_without_a_list_are_refused(waiting: Stage) -> None:
    assert (await waiting.tell(COUNTY_ADMIN, "/审核 初审 通过 1-3")).body == (
        "编号指你最近在私聊里看到的名单，你还没有看过。先私聊我发 /审核"
    )


async def test_an_old_list_has_expired(waiting: Stage) -> None:
    await waiting.tell(COUNTY_ADMIN, "/审核 初审")
    await waiting.move(2017, 2, 20, 8, 31)
    assert (await waiting.tell(COUNTY_ADMIN, "/审核 初审 通过 1")).body == (
        "名单过了 30 分钟，编号可能对不上了。请重新发 /审核 再审。"
    )


async def test_numbers_not_on_the_list_are_named(waiting: Stage) -> None:
    await waiting.tell(COUNTY_ADMIN, "/审核 初审")
    assert (await waiting.tell(COUNTY_ADMIN, "/审核 初审 通过 2-5")).body == (
        "你看到的名单里没有 4、5 号（看过的是 1-3 号）。翻页看过的编号才认。"
    )


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/审核 初审 通过 8-3", "编号“8-3”前面比后面大，请写成 3-8"),
        ("/审核 初审 通过 1-99", "一次最多审 50 个，请分几次。"),
    ],
)
async def test_odd_ranges_are_explained(waiting: Stage, typed: str, says: str) -> None:
    await waiting.tell(COUNTY_ADMIN, "/审核")
    assert (await waiting.tell(COUNTY_ADMIN, typed)).body == says


async def test_a_list_of_several_items_keeps_them_apart(waiting: Stage) -> None:
    await waiting.tell(THIRD_ADMIN, "/上报 责任书")
    await waiting.tell(COUNTY_ADMIN, "/审核")
    assert (await waiting.tell(COUNTY_ADMIN, "/审核 通过 1-4")).body.startswith("这几个编号不是同一项任务")
    prompt = await waiting.tell(COUNTY_ADMIN, "/审核 初审 通过 1-4")
    assert "4. 岳阳县第三中学在名单里的是“责任书”。" in prompt.body


async def test_the_numbers_of_the_owing_list_work_too(stage: Stage) -> None:
    await stage.tell(COUNTY_ADMIN, "/未报 初审")
    await stage.tell(FIRST_ADMIN, REPORT)
    prompt = await stage.tell(COUNTY_ADMIN, "/审核 初审 通过 1-2")
    assert "2. 岳阳县第一中学 应采集52 已录入52 已审52" in prompt.body
    assert "1. 岳阳县第三中学还没有报信息采集初审，不能审核。" in prompt.body


async def test_everybody_has_a_list_of_ones_own(waiting: Stage) -> None:
    await waiting.tell(COUNTY_ADMIN, "/审核 初审")
    assert (await waiting.tell(OTHER_COUNTY_ADMIN, "/审核 初审 通过 1")).body.startswith("编号指你最近")


async def test_groups_never_show_the_list(waiting: Stage) -> None:
    await waiting.tell(COUNTY_ADMIN, "/审核 初审")
    reply = await waiting.post(COUNTY_ADMIN, "/审核 初审 通过 1-3", group=COUNTY_GROUP)
    assert reply.body == "按编号审会列出单位名单，请私聊我发。"


async def test_pages_keep_their_numbers(stage: Stage) -> None:
    more = [Unit(f"YY04-1{n:03}", f"样例小学{n}", NURSERY.kind, "YY04") for n in range(25)]
    await stage.services.roster.save((*UNITS, *more))
    await stage.services.duties.refresh()
    for unit in more:
        await stage.tell(CITY_ADMIN, f"/上报 {unit.code} 初审 应采集9 已录入9 已审9")
    first = await stage.tell(COUNTY_ADMIN, "/审核 初审")
    assert "第 1/2 页，下一页发 /审核 初审 第2页" in first.body
    assert (await stage.tell(COUNTY_ADMIN, "/审核 初审 通过 19-22")).body.startswith(
        "你看到的名单里没有 21、22 号"
    )
    second = await stage.tell(COUNTY_ADMIN, "/审核 初审 第2页")
    assert "21. 样例小学20" in second.body
    done = await stage.confirm(COUNTY_ADMIN, "/审核 初审 通过 19-22")
    assert done.body.startswith("已通过 4 个单位的信息采集初审")
    assert (await stage.tell(COUNTY_ADMIN, "/审核 初审 第9页")).body == "没有第 9 页，一共 2 页（21 个）。"
