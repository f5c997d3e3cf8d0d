"""/停用、退群、/管理员、/在任、/附件：经过真正的 WebSocket。"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from io import BytesIO

import docx
import openpyxl
import pytest

from storage.words import Role
from tests.chat.asking import audit, spoken
from tests.stage import (
    BOT,
    CITY_ADMIN,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    OPERATOR,
    OTHER_COUNTY_ADMIN,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    THIRD_SYSTEM,
    Stage,
)

FREEZE = f"/停用 {THIRD_ADMIN} 调离本校"


def _active(stage: Stage, qq: int) -> bool:
    return stage.services.context.directory.holds_seat(qq)


async def _until(happened: Callable[[], bool]) -> None:
    """等通知在机器人那头办完。"""
    async with asyncio.timeout(5):
        while not happened():
            await asyncio.sleep(0.02)


# ---- 停用


async def test_freezing_shows_what_happens_and_waits(stage: Stage) -> None:
    prompt = await stage.tell(COUNTY_ADMIN, FREEZE)
    assert prompt.body.splitlines()[:2] == [
        "将停用 QQ 10003：岳阳县第三中学 信息管理员。",
        "原因：调离本校",
    ]
    assert _active(stage, THIRD_ADMIN)
    done = await stage.tell(COUNTY_ADMIN, "确认")
    assert done.body.splitlines()[0] == "已停用 QQ 10003：岳阳县第三中学 信息管理员。"
    assert not _active(stage, THIRD_ADMIN)


async def test_the_frozen_one_is_told_and_can_do_nothing(stage: Stage) -> None:
    await stage.confirm(COUNTY_ADMIN, FREEZE)
    await stage.office.sweep.run()
    told = spoken(stage, private=THIRD_ADMIN)[-1]
    assert told.splitlines()[:2] == ["你的登记已停用：岳阳县第三中学 信息管理员。", "原因：调离本校"]
    assert (await stage.tell(THIRD_ADMIN, "/上报 培训")).body.startswith("你还没有登记为管理员")


async def test_what_he_was_about_to_confirm_is_void(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "/登记表")
    await stage.confirm(COUNTY_ADMIN, FREEZE)
    refused = await stage.tell(THIRD_ADMIN, "确认")
    assert refused.body == "你担任的角色变了，刚才那件事已经作废，请重新发命令。"
    assert refused.files == ()


async def test_a_freezer_frozen_meanwhile_freezes_nobody(stage: Stage) -> None:
    await stage.tell(COUNTY_ADMIN, FREEZE)
    await stage.confirm(CITY_ADMIN, f"/停用 {COUNTY_ADMIN} 借调")
    assert (await stage.tell(COUNTY_ADMIN, "确认")).body.startswith("你担任的角色变了")
    assert _active(stage, THIRD_ADMIN)


async def test_restoring(stage: Stage) -> None:
    await stage.confirm(COUNTY_ADMIN, FREEZE)
    prompt = await stage.tell(COUNTY_ADMIN, f"/停用 恢复 {THIRD_ADMIN}")
    assert prompt.body.startswith("将恢复 QQ 10003：岳阳县第三中学 信息管理员。")
    assert (await stage.tell(COUNTY_ADMIN, "确认")).body.startswith("已恢复 QQ 10003")
    assert _active(stage, THIRD_ADMIN)
    await stage.office.sweep.run()
    assert spoken(stage, private=THIRD_ADMIN)[-1].startswith("你的登记已恢复：岳阳县第三中学 信息管理员。")


@pytest.mark.parametrize(
    ("who", "typed", "says"),
    [
        (COUNTY_ADMIN, "/停用", "请这样写："),
        (COUNTY_ADMIN, "/停用 10003", "请这样写："),
        (COUNTY_ADMIN, "/停用 王样例 调离", "请这样写："),
        (COUNTY_ADMIN, f"/停用 {COUNTY_ADMIN} 试试", "不能停用自己"),
        (COUNTY_ADMIN, "/停用 10005 越权", "在你管的单位里，QQ 10005 没有在任的登记"),
        (OTHER_COUNTY_ADMIN, FREEZE, "在你管的单位里，QQ 10003 没有在任的登记"),
        (FIRST_ADMIN, FREEZE, "你登记的是岳阳县第一中学信息管理员，没有办这件事的权限"),
        (TEACHER, FREEZE, "你还没有登记为管理员"),
        (OPERATOR, f"/停用 {CITY_ADMIN} 试试", "这是最后一位市级管理员，不能停用"),
        (COUNTY_ADMIN, "/停用 恢复 10003", "在你管的单位里，QQ 10003 没有你能恢复的停用登记"),
    ],
)
async def test_what_is_refused(stage: Stage, who: int, typed: str, says: str) -> None:
    assert (await stage.tell(who, typed)).body.startswith(says)
    assert _active(stage, THIRD_ADMIN)


async def test_reaching_too_far_is_audited(stage: Stage) -> None:
    await stage.tell(OTHER_COUNTY_ADMIN, FREEZE)
    (entry,) = await audit(stage, 1)
    assert (entry.action, entry.outcome, entry.actor_qq) == ("/停用", "denied", OTHER_COUNTY_ADMIN)


# ---- 退群


async def test_leaving_the_work_group_freezes_and_tells_the_county(stage: Stage) -> None:
    await stage.world.depart(COUNTY_GROUP, THIRD_ADMIN)
    await _until(lambda: not _active(stage, THIRD_ADMIN))
    refused = await stage.tell(THIRD_ADMIN, "/上报 培训")
    assert refused.body.startswith("你还没有登记为管理员")
    await stage.office.sweep.run()
    told = spoken(stage, private=COUNTY_ADMIN)[-1]
    assert told.startswith("岳阳县第三中学 信息管理员（QQ 10003）退出了工作群，登记已自动停用。")
    assert f"/停用 恢复 {THIRD_ADMIN}" in told


async def test_being_removed_from_the_group_is_the_same(stage: Stage) -> None:
    await stage.world.depart(COUNTY_GROUP, THIRD_ADMIN, kicked_by=COUNTY_ADMIN)
    await _until(lambda: not _active(stage, THIRD_ADMIN))
    assert (await stage.tell(THIRD_ADMIN, "/变更")).body.startswith("你还没有登记为管理员")


async def test_an_ordinary_member_leaving_changes_nothing(stage: Stage) -> None:
    await stage.world.depart(COUNTY_GROUP, TEACHER)
    await stage.world.depart(COUNTY_GROUP, FIRST_ADMIN)
    await _until(lambda: not _active(stage, FIRST_ADMIN))
    left = [one.detail["qq"] for one in await audit(stage) if one.action == "leave the work group"]
    assert left == [FIRST_ADMIN]


async def test_an_old_notice_about_someone_who_is_back_is_ignored(stage: Stage) -> None:
    frame = {
        "sub_type": "leave",
        "group_id": COUNTY_GROUP,
        "user_id": THIRD_ADMIN,
        "operator_id": THIRD_ADMIN,
    }
    head = {"self_id": BOT, "post_type": "notice", "notice_type": "group_decrease"}
    old = int(stage.clock.now().timestamp()) - 86400
    await stage.world.push({"time": old, **head, **frame})
    await _until(lambda: any(call.action == "get_group_member_info" for call in stage.world.calls))
    await asyncio.sleep(0.1)
    assert _active(stage, THIRD_ADMIN)


async def test_the_bot_being_removed_is_only_logged(stage: Stage) -> None:
    await stage.world.depart(COUNTY_GROUP, BOT, kicked_by=COUNTY_ADMIN)
    await asyncio.sleep(0.3)
    entry = next(one for one in await audit(stage) if one.action == "leave the work group")
    assert (entry.outcome, entry.target, entry.detail) == ("bot", "YY04", {"group": COUNTY_GROUP})
    assert _active(stage, COUNTY_ADMIN)
    assert COUNTY_GROUP in stage.services.context.directory.groups


# ---- 管理员一览


async def test_a_county_sees_itself_and_the_schools_without_anybody(stage: Stage) -> None:
    reply = await stage.tell(COUNTY_ADMIN, "/管理员")
    assert reply.body.splitlines() == [
        "岳阳县的管理员 1 人：",
        "· 王样例 信息管理员 138****0002（QQ 10002）",
        "下级 3 个单位，没有管理员的 1 个：",
        "1. 岳阳县荣家湾中心幼儿园",
        "请他们登记发 /邀请 单位 系统管理员",
    ]


async def test_a_school_of_the_county_with_two_roles_in_one_hand(stage: Stage) -> None:
    await stage.enlist(THIRD_ADMIN, THIRD, Role.TRAINING_ADMIN)
    await stage.enlist(THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN, "李样例")
    reply = await stage.tell(COUNTY_ADMIN, "/管理员 岳阳县第三中学")
    assert reply.body.splitlines() == [
        "岳阳县第三中学的管理员 2 人：",
        "· 王样例 信息管理员、培训管理员 138****0003（QQ 10003）",
        "· 李样例 系统管理员 138****0008（QQ 10008）",
    ]


async def test_a_unit_without_anybody(stage: Stage) -> None:
    reply = await stage.tell(COUNTY_ADMIN, "/管理员 岳阳县荣家湾中心幼儿园")
    assert reply.body == "岳阳县荣家湾中心幼儿园还没有管理员。"


@pytest.mark.parametrize(
    ("who", "typed"),
    [(THIRD_ADMIN, "/管理员 岳阳县第一中学"), (COUNTY_ADMIN, "/管理员 华容县"), (TEACHER, "/管理员")],
)
async def test_other_peoples_administrators_are_not_shown(stage: Stage, who: int, typed: str) -> None:
    reply = await stage.tell(who, typed)
    assert "王样例" not in reply.body
    assert (await audit(stage, 1))[0].outcome == "denied"


async def test_the_contact_list_is_a_file_for_the_county(stage: Stage) -> None:
    reply = await stage.tell(COUNTY_ADMIN, "/管理员 导出")
    assert reply.body.startswith("岳阳县管理员通讯录：3 人次，另有 1 个单位没有管理员。")
    upload = await stage.world.next_reply(private=COUNTY_ADMIN)
    (file,) = upload.files
    assert file.name == "岳阳县管理员通讯录（2017-02-20）.xlsx"
    book = openpyxl.load_workbook(BytesIO(file.content))
    assert "13800010003" in [row[5] for row in book["通讯录"].iter_rows(values_only=True)]
    assert (await stage.tell(THIRD_ADMIN, "/管理员 导出")).body == "通讯录只给县市区和市级管理员。"


# ---- 季度复核


async def test_the_question_and_the_answer(stage: Stage) -> None:
    await stage.move(2017, 4, 1)
    asked = next(text for text in spoken(stage, private=THIRD_ADMIN) if text.startswith("【季度复核】"))
    assert asked.splitlines()[:2] == [
        "【季度复核】2017年第二季度：你还担任这些角色吗？",
        "· 岳阳县第三中学 信息管理员",
    ]
    assert "/在任" in asked
    assert "/移交" in asked
    reply = await stage.tell(THIRD_ADMIN, "/在任")
    assert reply.body.splitlines()[0] == "已记下：你还在任（2017年第二季度）。"


async def test_the_silent_are_listed_once(stage: Stage) -> None:
    await stage.move(2017, 4, 1)
    await stage.tell(THIRD_ADMIN, "/在任")
    for day in (15, 16, 17):
        await stage.move(2017, 4, day, 10)
    lists = [text for text in spoken(stage, private=COUNTY_ADMIN) if "没有确认还在任" in text]
    assert len(lists) == 1
    assert lists[0].splitlines()[:2] == [
        "【季度复核】这 1 个席位 14 天没有确认还在任，请核实：",
        "· 岳阳县第一中学 信息管理员（QQ 10004）",
    ]


async def test_nobody_is_asked_at_night(stage: Stage) -> None:
    await stage.move(2017, 4, 1, 22)
    assert not any(text.startswith("【季度复核】") for text in spoken(stage, private=THIRD_ADMIN))
    await stage.move(2017, 4, 2, 8, 30)
    assert any(text.startswith("【季度复核】") for text in spoken(stage, private=THIRD_ADMIN))


async def test_a_teacher_has_nothing_to_confirm(stage: Stage) -> None:
    assert (await stage.tell(TEACHER, "/在任")).body.startswith("你没有在任的登记")


# ---- 附件


async def test_the_letter_comes_filled_in(stage: Stage) -> None:
    reply = await stage.tell(THIRD_ADMIN, "/附件 1")
    assert "· 信息管理员 王样例：2017年2月20日确认" in reply.body
    assert "还没有人确认：系统管理员、信息查询员、培训管理员（留空）" in reply.body
    (file,) = (await stage.world.next_reply(private=THIRD_ADMIN)).files
    assert file.name == "岳阳县第三中学附件1 人员责任书.docx"
    text = "\n".join(paragraph.text for paragraph in docx.Document(BytesIO(file.content)).paragraphs)
    assert "王样例，2017年2月20日确认" in text


@pytest.mark.parametrize("number", [2, 3])
async def test_the_other_forms_come_blank(stage: Stage, number: int) -> None:
    reply = await stage.tell(COUNTY_ADMIN, f"/附件 {number}")
    assert reply.body.startswith(f"附件{number} 空表")
    (file,) = (await stage.world.next_reply(private=COUNTY_ADMIN)).files
    assert file.name.startswith(f"附件{number} ")


async def test_forms_are_for_those_who_need_them(stage: Stage) -> None:
    assert (await stage.tell(TEACHER, "/附件 1")).body.startswith("你还没有登记为管理员")
    assert (await stage.tell(THIRD_ADMIN, "/附件 1 岳阳县第一中学")).body.startswith("你没有权限办理")
    assert (await stage.tell(THIRD_ADMIN, "/附件")).body.startswith("请写要哪一个")
