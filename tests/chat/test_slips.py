"""人会犯的小错和会有的小需要：忘了斜杠、光发邀请码、名单翻页、看谁在等审核。"""

from __future__ import annotations

import pytest

from storage.units import Unit
from tests.stage import (
    CITY_ADMIN,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    NURSERY,
    TEACHER,
    THIRD_ADMIN,
    UNITS,
    Stage,
)

REPORT = "/上报 初审 应采集52 已录入52 已审52"
FORM = "/变更\n姓名：王样例\n字段：{}\n原因：入党\n修改前：群众\n修改后：党员\n日期：2017-02-13\n本人申请：是"


async def test_command_without_its_slash_is_carried_out(stage: Stage) -> None:
    reply = await stage.tell(THIRD_ADMIN, "上报 初审 应采集52 已录入52 已审52")
    assert reply.body.startswith("已上报：岳阳县第三中学 信息采集初审")


async def test_a_sentence_that_begins_like_a_command_is_a_question(stage: Stage) -> None:
    reply = await stage.tell(TEACHER, "注册不了教师自助账号怎么办")
    assert "邀请码" not in reply.body


async def test_bare_invite_code_gets_the_whole_command_and_is_not_kept(stage: Stage) -> None:
    code = (
        (await stage.tell(COUNTY_ADMIN, "/邀请 县三中 系统管理员"))
        .body.split("\n")[0]
        .removeprefix("邀请码：")
    )
    reply = await stage.tell(TEACHER, code)
    assert reply.body.startswith("登记请把命令写全：")
    async with stage.services.context.database.read() as stores:
        assert await stores.questions.open_questions() == []


async def test_invite_code_in_the_group_is_recalled(stage: Stage) -> None:
    said = await stage.world.say(TEACHER, "我的码是 ABCDE-FGHJK 怎么用", group=COUNTY_GROUP)
    reply = await stage.world.next_reply(group=COUNTY_GROUP)
    assert said.recalled
    assert "ABCDE" not in reply.text


async def test_reviewer_sees_who_waits_oldest_first(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, REPORT)
    await stage.tell(THIRD_ADMIN, "/上报 责任书")
    reply = await stage.tell(COUNTY_ADMIN, "/审核")
    assert reply.body == (
        "等你审核的有 2 个：\n"
        "1. 岳阳县第三中学 初审 应采集52 已录入52 已审52\n"
        "2. 岳阳县第三中学 责任书\n"
        "例如：/审核 岳阳县第三中学 初审 通过"
    )
    assert (await stage.tell(COUNTY_ADMIN, "/审核 责任书")).body.splitlines()[0] == "等你审核的有 1 个："


async def test_group_sees_only_how_many_wait(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, REPORT)
    assert (await stage.post(COUNTY_ADMIN, "/审核")).body == "等你审核的有 1 个，名单请私聊我发 /审核"


async def test_school_may_not_see_the_waiting_list(stage: Stage) -> None:
    assert "没有办这件事的权限" in (await stage.tell(THIRD_ADMIN, "/审核")).body


@pytest.mark.parametrize("typed", ["/未报 初审 第2页", "/未报 初审 2"])
async def test_long_list_is_read_page_by_page(stage: Stage, typed: str) -> None:
    context = stage.services.context
    more = [Unit(f"YY04-1{n:03}", f"样例小学{n}", NURSERY.kind, "YY04") for n in range(30)]
    await stage.services.roster.save((*UNITS, *more))
    await stage.services.duties.refresh()
    first = (await stage.tell(COUNTY_ADMIN, "/未报 初审")).body.splitlines()
    second = (await stage.tell(COUNTY_ADMIN, typed)).body.splitlines()
    assert "第 1/2 页，下一页发 /未报 初审 第2页" in first
    assert second[1].startswith("21. ")
    assert second[-1] == "第 2/2 页"
    assert len(context.directory.tree) == len(UNITS) + 30


async def test_school_asking_who_owes_sees_its_own_items(stage: Stage) -> None:
    assert (await stage.tell(THIRD_ADMIN, "/未报")).body.startswith("岳阳县第三中学：还有")


async def test_password_is_never_registered(stage: Stage) -> None:
    reply = await stage.tell(THIRD_ADMIN, FORM.format("登录密码"))
    assert "密码不登记，也不要发给我" in reply.body
    assert "还没有登记" in (await stage.tell(THIRD_ADMIN, "/变更 列表")).body


async def test_field_that_looks_mistyped_is_pointed_out(stage: Stage) -> None:
    reply = await stage.tell(THIRD_ADMIN, FORM.format("政治面帽"))
    assert "字段“政治面帽”是不是“政治面貌”？" in reply.body


async def test_mistyped_part_of_change_gets_the_parts(stage: Stage) -> None:
    reply = await stage.tell(THIRD_ADMIN, "/变更 撒回 3")
    assert reply.body.startswith("没认出“撒回”。可以发：/变更 列表、/变更 撤回 2")


async def test_returned_quarter_stays_open_after_the_25th(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, FORM.format("政治面貌"))
    await stage.tell(THIRD_ADMIN, "/季报 报送")
    await stage.move(2017, 3, 27)
    await stage.tell(COUNTY_ADMIN, "/季报 退回 县三中 2017Q1 缺原因")
    assert "2017年第一季度：有效 1 条" in (await stage.tell(THIRD_ADMIN, "/变更 列表")).body
    again = FORM.format("学历").replace("群众", "大专").replace("党员", "本科")
    assert "2017年第一季度" in (await stage.tell(THIRD_ADMIN, again)).body
    assert "2017年第一季度季报 2 条" in (await stage.tell(THIRD_ADMIN, "/季报 报送")).body


async def test_rows_filed_after_sending_are_shown_as_unsent(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, FORM.format("政治面貌"))
    await stage.tell(THIRD_ADMIN, "/季报 报送")
    await stage.tell(COUNTY_ADMIN, "/备案 县三中 2017Q1")
    await stage.tell(THIRD_ADMIN, FORM.format("学历"))
    reply = await stage.tell(THIRD_ADMIN, "/季报")
    assert "已备案，1 条，之后新登记 1 条还没报送" in reply.body


async def test_city_cannot_be_reached_by_a_county_seat(stage: Stage) -> None:
    assert "没有权限" in (await stage.tell(COUNTY_ADMIN, "/进度 岳阳市")).body
    assert (await stage.tell(CITY_ADMIN, "/进度 岳阳市")).body.startswith("全市")


async def test_cancel_with_nothing_pending_is_explained_and_not_kept(stage: Stage) -> None:
    assert (await stage.tell(TEACHER, "取消")).body.startswith("没有等你确认的操作")
    async with stage.services.context.database.read() as stores:
        assert await stores.questions.open_questions() == []


async def test_archive_counts_what_was_sent(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, FORM.format("政治面貌"))
    await stage.tell(THIRD_ADMIN, "/季报 报送")
    await stage.tell(THIRD_ADMIN, FORM.format("学历"))
    reply = await stage.tell(COUNTY_ADMIN, "/备案 县三中 2017Q1")
    assert (
        reply.body == "已备案：岳阳县第三中学 2017年第一季度，1 条。\n它之后又登记了 1 条还没报送，不在其中。"
    )


async def test_catch_up_on_the_day_of_the_next_step_is_left_out(stage: Stage) -> None:
    await stage.move(2017, 2, 28, 8, 59)
    assert [m.body for m in stage.world.messages(group=COUNTY_GROUP) if "提醒" in m.body] == []
    await stage.move(2017, 2, 28, 9, 0)
    sent = [m.body.splitlines()[0] for m in stage.world.messages(group=COUNTY_GROUP) if "初审" in m.body]
    assert sent == ["【提醒】信息采集初审：今天截止（2月28日周二）"]


async def test_late_overdue_reminder_counts_to_today(stage: Stage) -> None:
    await stage.move(2017, 3, 2)
    sent = [m.body.splitlines()[0] for m in stage.world.messages(group=COUNTY_GROUP) if "初审" in m.body]
    assert sent == ["【提醒】信息采集初审：应于2月28日（周二）前完成，已逾期2个工作日（补发）"]
