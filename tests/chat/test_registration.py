"""登记：邀请码、职责、确认；错的码只有一句话，离开对话的几条路，全程经过真正的 WebSocket。"""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot.domain.registration import BAD_CODE, PERSON_LIMIT
from storage.words import Role
from tests.chat.asking import audit
from tests.stage import (
    CITY,
    CITY_ADMIN,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    Stage,
)

CODE = re.compile(r"[A-Z2-9]{5}-[A-Z2-9]{5}")


async def _code(stage: Stage) -> str:
    """县三中信息管理员的一张邀请码。"""
    issued = await stage.services.registration.issue_from_command_line(THIRD, Role.INFO_ADMIN, force=True)
    return issued.code


def _seats(stage: Stage, qq: int) -> list[tuple[str, str]]:
    seats = stage.services.context.directory.seats_of(THIRD.code)
    return [(seat.unit_code, seat.role.value) for seat in seats if seat.qq == qq]


async def test_code_then_duties_then_confirmation(empty_stage: Stage) -> None:
    code = await _code(empty_stage)
    prompt = await empty_stage.tell(THIRD_ADMIN, f"/注册 {code} 王样例 13800000003")
    lines = prompt.body.splitlines()
    assert lines[0] == "你将登记为 岳阳县第三中学 的信息管理员。职责（方案附件1）："
    assert "对录入数据的真实性、及时性和完整性负责" in prompt.body
    assert lines[-1] == "回复“确认”执行，“取消”放弃（120 秒内有效）。"
    assert _seats(empty_stage, THIRD_ADMIN) == []
    done = await empty_stage.tell(THIRD_ADMIN, "确认")
    assert done.body.splitlines()[0] == "登记成功：岳阳县第三中学 信息管理员。"
    assert _seats(empty_stage, THIRD_ADMIN) == [("YY04-0001", "info_admin")]


async def test_registration_is_logged_without_name_or_phone(empty_stage: Stage) -> None:
    code = await _code(empty_stage)
    await empty_stage.confirm(THIRD_ADMIN, f"/注册 {code} 王样例 13800000003")
    (entry,) = await audit(empty_stage, 1)
    assert (entry.action, entry.target, entry.actor_qq) == ("redeem an invite code", THIRD.code, THIRD_ADMIN)
    assert "王样例" not in str(entry)
    assert "13800000003" not in str(entry)


@pytest.mark.parametrize(
    "spelled",
    [
        lambda code: code.lower(),
        lambda code: "".join(chr(ord(char) + 0xFEE0) for char in code),
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", "－"),
        lambda code: code.replace("-", "—"),
    ],
    ids=["lower case", "full width", "no hyphen", "full-width hyphen", "dash"],
)
async def test_code_is_read_however_it_is_typed(empty_stage: Stage, spelled) -> None:
    code = await _code(empty_stage)
    reply = await empty_stage.tell(THIRD_ADMIN, f"/注册 {spelled(code)} 王样例 13800000003")
    assert reply.body.startswith("你将登记为 岳阳县第三中学 的信息管理员")


async def test_wrong_used_and_expired_codes_get_the_same_answer(empty_stage: Stage) -> None:
    used, expired = await _code(empty_stage), await _code(empty_stage)
    await empty_stage.confirm(THIRD_ADMIN, f"/注册 {used} 王样例 13800000003")
    empty_stage.clock.set(empty_stage.clock.now() + timedelta(hours=72, seconds=1))
    answers = {
        (await empty_stage.tell(TEACHER, f"/注册 {code} 李样例 13800000004")).body
        for code in ("ABCDE-FGHJK", "乱写的", used, expired)
    }
    assert answers == {BAD_CODE}


async def test_cancel_leaves_the_code_unused(empty_stage: Stage) -> None:
    code = await _code(empty_stage)
    await empty_stage.tell(THIRD_ADMIN, f"/注册 {code} 王样例 13800000003")
    assert (await empty_stage.tell(THIRD_ADMIN, "取消")).body == "已取消。"
    assert "没有等你确认的操作" in (await empty_stage.tell(THIRD_ADMIN, "确认")).body
    assert _seats(empty_stage, THIRD_ADMIN) == []
    done = await empty_stage.confirm(THIRD_ADMIN, f"/注册 {code} 王样例 13800000003")
    assert done.body.startswith("登记成功")


async def test_another_slash_command_leaves_the_dialogue(empty_stage: Stage) -> None:
    code = await _code(empty_stage)
    await empty_stage.tell(THIRD_ADMIN, f"/注册 {code} 王样例 13800000003")
    await empty_stage.tell(THIRD_ADMIN, "/节点")
    assert "没有等你确认的操作" in (await empty_stage.tell(THIRD_ADMIN, "确认")).body
    assert _seats(empty_stage, THIRD_ADMIN) == []


async def test_confirmation_after_two_minutes_is_void_and_says_so(empty_stage: Stage) -> None:
    code = await _code(empty_stage)
    await empty_stage.tell(THIRD_ADMIN, f"/注册 {code} 王样例 13800000003")
    empty_stage.clock.set(empty_stage.clock.now() + timedelta(seconds=121))
    reply = await empty_stage.tell(THIRD_ADMIN, "确认")
    assert reply.body == "刚才那件事等太久，已经作废，请重新发命令。"
    assert _seats(empty_stage, THIRD_ADMIN) == []


async def test_somebody_else_cannot_confirm(empty_stage: Stage) -> None:
    code = await _code(empty_stage)
    await empty_stage.tell(THIRD_ADMIN, f"/注册 {code} 王样例 13800000003")
    assert "没有等你确认的操作" in (await empty_stage.tell(TEACHER, "确认")).body
    assert _seats(empty_stage, TEACHER) == []
    assert (await empty_stage.tell(THIRD_ADMIN, "确认")).body.startswith("登记成功")


async def test_code_taken_by_another_between_prompt_and_confirmation_is_refused(empty_stage: Stage) -> None:
    code = await _code(empty_stage)
    await empty_stage.tell(THIRD_ADMIN, f"/注册 {code} 王样例 13800000003")
    await empty_stage.confirm(TEACHER, f"/注册 {code} 李样例 13800000004")
    assert (await empty_stage.tell(THIRD_ADMIN, "确认")).body == BAD_CODE
    assert _seats(empty_stage, THIRD_ADMIN) == []


async def test_group_refuses_without_repeating_anything(stage: Stage) -> None:
    code = await _code(stage)
    reply = await stage.post(TEACHER, f"/注册 {code} 李样例 13800000004")
    assert reply.body.startswith("邀请码谁看见谁能用，已尝试撤回。")
    assert code not in reply.text
    assert [message.recalled for message in stage.world.messages(group=COUNTY_GROUP)] == [True, False]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/注册", "请写全邀请码、姓名、手机号，例如：\n/注册 ABCDE-FGHJK 王样例 13800000000"),
        ("/注册 {code} 王 13800000003", "姓名请写真实姓名"),
        ("/注册 {code} 王样例 138", "电话请写 11 位手机号"),
    ],
)
async def test_what_is_missing_is_named_with_an_example(empty_stage: Stage, typed: str, says: str) -> None:
    reply = await empty_stage.tell(THIRD_ADMIN, typed.format(code=await _code(empty_stage)))
    assert reply.body.startswith(says)
    assert "/注册 ABCDE-FGHJK 王样例 13800000000" in reply.body


# ---- 邀请


async def test_county_invites_for_its_school_and_the_code_works(stage: Stage) -> None:
    reply = await stage.tell(COUNTY_ADMIN, "/邀请 岳阳县第三中学 系统管理员")
    found = CODE.search(reply.body)
    assert found is not None
    assert reply.body.splitlines()[0] == f"邀请码：{found[0]}"
    assert "2月23日（周四）08:00 前有效，用一次作废" in reply.body
    done = await stage.confirm(TEACHER, f"/注册 {found[0]} 李样例 13800000004")
    assert done.body.startswith("登记成功：岳阳县第三中学 系统管理员。")


@pytest.mark.parametrize(
    ("who", "typed", "says"),
    [
        (COUNTY_ADMIN, "/邀请 华容县第三中学 信息管理员", "你没有权限办理“华容县第三中学”的这件事"),
        (THIRD_ADMIN, "/邀请 信息管理员", "你登记的是岳阳县第三中学信息管理员，没有办这件事的权限"),
        (TEACHER, "/邀请 岳阳县第三中学 信息管理员", "你还没有登记为管理员，办不了这件事"),
        (CITY_ADMIN, "/邀请 县三中 信息管理员", "叫“县三中”的有 2 个单位，回复编号选一个："),
        (CITY_ADMIN, "/邀请 岳阳县第三中学 校长", "请写单位和角色，例如："),
    ],
)
async def test_invitations_that_are_refused(stage: Stage, who: int, typed: str, says: str) -> None:
    reply = await stage.tell(who, typed)
    assert reply.body.startswith(says)
    assert CODE.search(reply.body) is None


async def test_school_system_admin_invites_for_its_own_school_only(stage: Stage) -> None:
    await stage.enlist(TEACHER, THIRD, Role.SYSTEM_ADMIN)
    own = await stage.tell(TEACHER, "/邀请 信息查询员")
    assert "岳阳县第三中学 信息查询员" in own.body
    other = await stage.tell(TEACHER, "/邀请 岳阳县第一中学 信息查询员")
    assert other.body.startswith("你没有权限办理“岳阳县第一中学”的这件事")


# ---- 我的


async def test_private_me_shows_units_dates_and_how_to_report(stage: Stage) -> None:
    reply = await stage.tell(THIRD_ADMIN, "/我的")
    assert reply.body == (
        "岳阳县第三中学（信息管理员）：还有 4 项没报\n"
        "· 初审：2月28日（周二）截止，还有8天\n"
        "  /上报 初审 应采集52 已录入52 已审52\n"
        "· 季报：3月20日（周一）截止，还有28天\n"
        "  /季报 报送（本季度没有变更发 /零报告）\n"
        "· 完成：3月31日（周五）截止，还有39天\n"
        "  /进度 完成（不用另报，初审全部通过后自动完成）\n"
        "· 责任书：方案没定日期\n"
        "  /上报 责任书"
    )


async def test_me_in_a_group_gives_counts_only(stage: Stage) -> None:
    reply = await stage.post(THIRD_ADMIN, "/我的")
    assert reply.body == (
        "你登记在 1 个单位，还有 4 项没报。\n最近一项：初审：2月28日（周二）截止，还有8天\n详情私聊我发 /我的"
    )


async def test_me_of_a_person_with_two_seats_lists_both(stage: Stage) -> None:
    await stage.enlist(FIRST_ADMIN, CITY, Role.INFO_VIEWER)
    reply = await stage.tell(FIRST_ADMIN, "/我的")
    heads = [line for line in reply.body.splitlines() if "）：" in line]
    assert [head.split("（")[0] for head in heads] == ["岳阳县第一中学", "岳阳市"]


async def test_me_of_a_stranger_says_how_to_register(stage: Stage) -> None:
    reply = await stage.tell(TEACHER, "/我的")
    assert reply.body == "你还没有登记。向本单位或上级要邀请码后，私聊我发：\n/注册 邀请码 姓名 手机号"


# ---- 成批发码、猜码、贴到群里


async def batch_of(stage: Stage, typed: str) -> dict[str, str]:
    """成批发码，返回单位代码到邀请码。"""
    await stage.tell(COUNTY_ADMIN, typed)
    sent = (await stage.world.next_reply(private=COUNTY_ADMIN)).files[0]
    assert sent.name == "系统管理员邀请码.xlsx"
    sheet = load_workbook(BytesIO(sent.content)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert all(f"/注册 {row[3]} 姓名 手机号" in str(row[5]) for row in rows)
    return {str(row[0]): str(row[3]) for row in rows}


async def test_a_batch_comes_as_a_sheet_and_each_code_works_once(stage: Stage) -> None:
    codes = await batch_of(stage, "/邀请 批量 系统管理员")
    assert set(codes) == {"YY04-0001", "YY04-0002", "YY04-0003"}
    done = await stage.confirm(TEACHER, f"/注册 {codes['YY04-0003']} 李样例 13800000004")
    assert done.body.startswith("登记成功：岳阳县荣家湾中心幼儿园 系统管理员。")
    used = await stage.tell(THIRD_ADMIN, f"/注册 {codes['YY04-0003']} 李样例 13800000004")
    assert used.body == BAD_CODE


async def test_sending_a_batch_again_is_asked_first_because_old_codes_die(stage: Stage) -> None:
    old = await batch_of(stage, "/邀请 批量 系统管理员 岳阳县")
    prompt = await stage.tell(COUNTY_ADMIN, "/邀请 批量 系统管理员")
    assert "其中 3 个以前发的码还没用，重发后旧码作废。" in prompt.body
    new = await batch_of(stage, "确认")
    assert (await stage.tell(TEACHER, f"/注册 {old['YY04-0001']} 李样例 13800000004")).body == BAD_CODE
    done = await stage.tell(TEACHER, f"/注册 {new['YY04-0001']} 李样例 13800000004")
    assert done.body.startswith("你将登记为")


async def test_a_batch_is_never_sent_in_a_group_or_to_those_who_may_not(stage: Stage) -> None:
    assert "请私聊我办理" in (await stage.post(COUNTY_ADMIN, "/邀请 批量 信息管理员")).body
    assert "没有权限" in (await stage.tell(COUNTY_ADMIN, "/邀请 批量 信息管理员 华容县")).body
    assert "没有办这件事的权限" in (await stage.tell(THIRD_ADMIN, "/邀请 批量 信息管理员")).body


async def test_the_sixth_wrong_code_in_an_hour_is_not_even_looked_at(stage: Stage) -> None:
    code = await _code(stage)
    for _ in range(5):
        assert (await stage.tell(TEACHER, "/注册 AAAAA-AAAAA 李样例 13800000004")).body == BAD_CODE
    assert (await stage.tell(TEACHER, f"/注册 {code} 李样例 13800000004")).body == PERSON_LIMIT


@pytest.mark.parametrize("write", [str, str.lower, lambda code: code.replace("-", "")])
async def test_a_code_posted_in_the_group_dies_and_its_issuer_hears_of_it(stage: Stage, write) -> None:
    reply = await stage.tell(COUNTY_ADMIN, "/邀请 岳阳县第三中学 系统管理员")
    found = CODE.search(reply.body)
    assert found is not None
    said = await stage.world.say(TEACHER, f"谁知道 {write(found[0])} 怎么用", group=COUNTY_GROUP)
    warned = await stage.world.next_reply(group=COUNTY_GROUP)
    assert said.recalled
    assert "这张码已经作废" in warned.body
    await stage.office.sweep.run()
    told = await stage.world.next_reply(private=COUNTY_ADMIN)
    assert told.body == (
        "你发给岳阳县第三中学系统管理员的邀请码被贴到了群里，已经作废。\n"
        "请重新发一张，单独转给本人：/邀请 YY04-0001 系统管理员"
    )
    assert (await stage.tell(TEACHER, f"/注册 {found[0]} 李样例 13800000004")).body == BAD_CODE


async def test_an_english_word_in_the_group_is_left_alone(stage: Stage) -> None:
    said = await stage.world.say(TEACHER, "understand", group=COUNTY_GROUP)
    await stage.silent()
    assert not said.recalled
