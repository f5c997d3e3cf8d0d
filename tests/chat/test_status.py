"""进度、未报、节点：学校、县、市各看各的一层；群里只给数，名单在私聊。"""

from __future__ import annotations

import pytest

from storage.words import Role
from tests.stage import (
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    MUNICIPAL_ADMIN,
    OTHER_COUNTY_ADMIN,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    Stage,
)

REPORT = "/上报 初审 应采集52 已录入52 已审50"


@pytest.fixture
async def underway(stage: Stage) -> Stage:
    """县三中待审，县一中被退回，其余没报。"""
    await stage.tell(THIRD_ADMIN, REPORT)
    await stage.tell(FIRST_ADMIN, REPORT)
    await stage.tell(COUNTY_ADMIN, "/审核 县一中 初审 退回 缺照片")
    return stage


async def test_school_sees_its_own_items(underway: Stage) -> None:
    reply = await underway.tell(THIRD_ADMIN, "/进度")
    assert reply.body == (
        "岳阳县第三中学：还有 3 项没报，已报 1 项\n"
        "· 初审：待审核 应采集52 已录入52 已审50\n"
        "· 季报2017Q1：未报，3月20日（周一）截止，还有28天（全市3月25日周六）\n"
        "· 完成：未报，3月31日（周五）截止，还有39天\n"
        "· 责任书：未报\n"
        "下一步：季报2017Q1（3月20日周一，还有28天）\n"
        "/季报 报送（本季度没有变更发 /零报告）\n"
        "启用以前的节点，只作历史：培训（2016年12月30日）、启动（2017年1月10日）"
    )


async def test_school_asking_in_a_group_is_not_named_and_its_reason_stays_private(underway: Stage) -> None:
    reply = await underway.post(FIRST_ADMIN, "/进度")
    lines = reply.body.splitlines()
    assert lines[0] == "你的单位：还有 4 项没报"
    assert lines[1].startswith("· 初审：已退回")
    assert "缺照片" not in reply.body
    assert lines[-1].endswith("私聊我发 /进度")


async def test_returned_school_sees_the_reason(underway: Stage) -> None:
    reply = await underway.tell(FIRST_ADMIN, "/进度 初审")
    assert reply.body == (
        "岳阳县第一中学：还有 1 项没报\n"
        "· 初审：已退回 应采集52 已录入52 已审50，原因：缺照片，2月28日（周二）截止，还有8天\n"
        "下一步：初审（2月28日周二，还有8天）\n"
        "/上报 初审 应采集52 已录入52 已审52"
    )


async def test_county_sees_numbers_of_its_schools_and_its_own_items(underway: Stage) -> None:
    reply = await underway.post(COUNTY_ADMIN, "/进度")
    assert [picture.content[:4] for picture in reply.pictures] == [b"\x89PNG"]
    assert reply.body.removesuffix("[图片]") == (
        "岳阳县（学校）：\n"
        "· 初审（2月28日周二截止）：0/3 完成 · 待审1 · 退回1 · 未报1\n"
        "  应采集52 已录入52 已审50（1 所报的合计）\n"
        "· 完成（3月31日周五截止）：0/3 完成 · 未报3\n"
        "· 季报2017Q1：0/3 完成 · 未报3\n"
        "· 责任书：0/3 完成 · 未报3\n"
        "县里自己的：\n"
        "· 局审：未报，3月20日（周一）截止，还有28天\n"
        "· 季报2017Q1：未报，3月25日（周六）截止，还有33天\n"
        "· 完成：未报，3月31日（周五）截止，还有39天\n"
        "· 工作方案：未报\n"
        "等县里审 1 个，最早 2月20日（周一）报的，发 /审核\n"
        "最该催：初审（还有8天），2 个单位没报\n"
        "没报的名单：私聊我发 /未报 初审"
    )


async def test_city_sees_one_line_per_county(underway: Stage) -> None:
    reply = await underway.post(CITY_ADMIN, "/进度")
    assert len(reply.pictures) == 1
    assert reply.body.removesuffix("[图片]") == (
        "全市 信息采集初审：0/5 完成 · 待审1 · 退回1 · 未报3，2月28日（周二）截止，还有8天\n"
        "应采集52 已录入52 已审50（1 所报的合计）\n"
        "· 市直学校：0/1 完成 · 未报1\n"
        "· 岳阳县：0/3 完成 · 待审1 · 退回1 · 未报1\n"
        "· 华容县：0/1 完成 · 未报1\n"
        "看别的任务发 /进度 任务名，例如 /进度 季报"
    )


async def test_city_may_look_into_a_county_and_a_school(underway: Stage) -> None:
    county = await underway.tell(CITY_ADMIN, "/进度 岳阳县 初审")
    assert county.body.splitlines()[:2] == [
        "岳阳县（学校）：",
        "· 初审（2月28日周二截止）：0/3 完成 · 待审1 · 退回1 · 未报1",
    ]
    school = await underway.tell(CITY_ADMIN, "/进度 岳阳县第三中学")
    assert school.body.startswith("岳阳县第三中学：还有 3 项没报")


@pytest.mark.parametrize("role", [Role.INFO_VIEWER, Role.SYSTEM_ADMIN])
async def test_other_roles_of_a_school_see_its_status_too(underway: Stage, role: Role) -> None:
    await underway.enlist(TEACHER, THIRD, role)
    assert (await underway.tell(TEACHER, "/进度")).body.startswith("岳阳县第三中学：还有 3 项没报")


@pytest.mark.parametrize(
    ("who", "typed", "says"),
    [
        (THIRD_ADMIN, "/进度 岳阳县第一中学", "你没有权限办理“岳阳县第一中学”的这件事"),
        (THIRD_ADMIN, "/进度 岳阳县", "你没有权限办理“岳阳县”的这件事"),
        (COUNTY_ADMIN, "/进度 华容县", "你没有权限办理“华容县”的这件事"),
        (OTHER_COUNTY_ADMIN, "/未报 岳阳县 初审", "你没有权限办理“岳阳县”的这件事"),
        (TEACHER, "/进度", "你还没有登记为管理员"),
        (TEACHER, "/未报", "你还没有登记为管理员"),
        (COUNTY_ADMIN, "/进度 岳阳县第九中学", "没有找到单位“岳阳县第九中学”。\n是不是："),
    ],
)
async def test_status_beyond_ones_own_is_refused(underway: Stage, who: int, typed: str, says: str) -> None:
    assert (await underway.tell(who, typed)).body.startswith(says)


# ---- 未报


async def test_owing_in_a_group_gives_counts_without_names(underway: Stage) -> None:
    reply = await underway.post(COUNTY_ADMIN, "/未报 初审")
    assert reply.body == (
        "岳阳县 信息采集初审：还有 2 个单位没报，2月28日（周二）截止\n"
        "其中 1 个还没有登记管理员\n"
        "名单请私聊我发 /未报 初审"
    )


async def test_owing_in_private_lists_the_names(underway: Stage) -> None:
    reply = await underway.tell(COUNTY_ADMIN, "/未报 初审")
    assert reply.body == (
        "岳阳县 信息采集初审：还有 2 个单位没报，2月28日（周二）截止\n"
        "1. 岳阳县第一中学（退回：缺照片）\n"
        "2. 岳阳县荣家湾中心幼儿园（未报，未分配管理员）"
    )


async def test_city_group_gets_counts_by_county(underway: Stage) -> None:
    reply = await underway.post(CITY_ADMIN, "/未报 初审")
    assert reply.body.splitlines()[1:4] == ["· 市直学校：1", "· 岳阳县：2", "· 华容县：1"]
    assert "第一中学" not in reply.body


async def test_nothing_owed_is_said_plainly(underway: Stage) -> None:
    reply = await underway.post(THIRD_ADMIN, "/未报 初审")
    assert reply.body == "岳阳县第三中学 信息采集初审：没有欠报的单位。"


async def test_milestone_before_the_start_is_history_not_a_clean_sheet(underway: Stage) -> None:
    reply = await underway.post(CITY_ADMIN, "/未报 培训")
    assert reply.body == "人员培训是启用以前的节点（2016年12月30日），只作历史，不追报。"


async def test_county_viewer_sees_names_only_in_private(underway: Stage) -> None:
    await underway.enlist(TEACHER, COUNTY, Role.INFO_VIEWER)
    assert "岳阳县第一中学" in (await underway.tell(TEACHER, "/未报 初审")).body
    assert "岳阳县第一中学" not in (await underway.post(TEACHER, "/未报 初审")).body


async def test_group_status_never_names_other_schools(underway: Stage) -> None:
    for who, typed in ((COUNTY_ADMIN, "/进度"), (CITY_ADMIN, "/进度"), (COUNTY_ADMIN, "/未报")):
        reply = await underway.post(who, typed, group=COUNTY_GROUP)
        assert "中学" not in reply.body
        assert "幼儿园" not in reply.body


# ---- 节点


@pytest.mark.parametrize("who", [TEACHER, THIRD_ADMIN, MUNICIPAL_ADMIN])
async def test_anybody_may_see_the_milestones(stage: Stage, who: int) -> None:
    reply = await stage.post(who, "/节点")
    assert reply.body == (
        "时间节点：\n"
        "· 培训 2016年12月30日（历史）\n"
        "· 启动 2017年1月10日（历史）\n"
        "· 初审 2017年2月28日，还有8天\n"
        "· 局审 2017年3月20日，还有28天\n"
        "· 完成 2017年3月31日，还有39天\n"
        "· 季报 每季度最后一月25日，下一个 2017年3月25日，还有33天"
    )


async def test_milestones_count_from_the_day_of_asking(stage: Stage) -> None:
    await stage.move(2017, 3, 26)
    reply = await stage.post(TEACHER, "/节点")
    assert "· 初审 2017年2月28日，已过26天" in reply.body
    assert reply.body.endswith("下一个 2017年6月25日，还有91天")
