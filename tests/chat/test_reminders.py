"""提醒：只 @ 还欠着的人，一级台阶只发一次；发不出、没回执、断线各有下场。拨钟，真的 WebSocket。"""

from __future__ import annotations

import nonebot
import pytest

from bot.app import Shell
from storage.deliveries import Delivery
from storage.words import ReminderState, Role
from tests.chat.asking import spoken
from tests.stage import (
    CITY_ADMIN,
    CITY_GROUP,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST,
    FIRST_ADMIN,
    MUNICIPAL_ADMIN,
    NURSERY,
    OTHER_COUNTY_ADMIN,
    TEACHER,
    THIRD_ADMIN,
    TOKEN,
    Stage,
)

REPORT = "/上报 初审 应采集52 已录入52 已审52"
HEAD = "【提醒】信息采集初审：2月28日（周二）截止，还有4天"


def _group_messages(stage: Stage, group: int = COUNTY_GROUP) -> list:
    return [
        one for one in stage.world.messages(group=group) if one.by_bot and one.body.startswith("【提醒】")
    ]


def _reminded(stage: Stage, qq: int) -> list[str]:
    return [said for said in spoken(stage, private=qq) if said.startswith("【提醒】")]


async def _deliveries(stage: Stage, state: ReminderState, kind: str = "reminder_group") -> list[Delivery]:
    async with stage.services.context.database.read() as stores:
        return [one for one in await stores.deliveries.in_state(state) if one.kind == kind]


@pytest.fixture
async def only_county(stage: Stage) -> Stage:
    """市直学校已报，只剩岳阳县的群要提醒。"""
    await stage.tell(MUNICIPAL_ADMIN, REPORT)
    return stage


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """等回执最多等 0.3 秒（正式是 15 秒）。"""
    monkeypatch.setattr(nonebot.get_driver().config, "api_timeout", 0.3)


# ---- 发给谁


async def test_group_message_mentions_exactly_the_owing_admins(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, REPORT)
    await stage.move(2017, 2, 24)
    (message,) = _group_messages(stage)
    assert message.mentions == (FIRST_ADMIN,)
    lines = message.body.splitlines()
    assert lines[0] == HEAD
    assert lines[1] == "还有 2 个单位没报，请这几位尽快办理："
    assert lines[3] == "其中 1 个单位还没有登记管理员，请审核单位联系"
    assert lines[4] == "怎么报：/上报 初审 应采集52 已录入52 已审52"
    assert "中学" not in message.body
    assert not message.mentions_everyone


async def test_each_owing_admin_is_told_privately_what_and_how(stage: Stage) -> None:
    await stage.move(2017, 2, 24)
    (said,) = _reminded(stage, FIRST_ADMIN)
    assert said.splitlines()[:4] == [
        HEAD,
        "岳阳县第一中学：还没报",
        "学校完成教师信息采集和初审，报应采集、已录入、已审的人数。",
        "怎么报：/上报 初审 应采集52 已录入52 已审52",
    ]


async def test_who_reported_hears_nothing(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, REPORT)
    await stage.move(2017, 2, 24)
    assert _reminded(stage, THIRD_ADMIN) == []


async def test_people_without_a_duty_hear_nothing(stage: Stage) -> None:
    await stage.enlist(TEACHER, FIRST, Role.INFO_VIEWER)
    await stage.move(2017, 2, 24)
    assert _reminded(stage, TEACHER) == []


async def test_returned_school_is_reminded_with_the_reason(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, REPORT)
    await stage.tell(COUNTY_ADMIN, "/审核 县三中 初审 退回 缺照片")
    await stage.move(2017, 2, 24)
    (said,) = _reminded(stage, THIRD_ADMIN)
    assert "岳阳县第三中学：被退回，原因：缺照片" in said


async def test_reviewer_gets_one_list_of_its_own_schools(stage: Stage) -> None:
    await stage.move(2017, 2, 24)
    (said,) = _reminded(stage, COUNTY_ADMIN)
    assert said.splitlines()[1:4] == [
        "你审核的单位还有 3 个没报：",
        "岳阳县第三中学、岳阳县第一中学、岳阳县荣家湾中心幼儿园",
        "其中 1 个没有登记管理员，提醒不到，请直接联系或发 /邀请",
    ]
    (other,) = _reminded(stage, OTHER_COUNTY_ADMIN)
    assert "岳阳县" not in other


async def test_each_group_hears_only_of_its_own_units(stage: Stage) -> None:
    await stage.move(2017, 2, 24)
    (county,), (city,) = _group_messages(stage), _group_messages(stage, CITY_GROUP)
    assert set(county.mentions) == {THIRD_ADMIN, FIRST_ADMIN}
    assert set(city.mentions) == {MUNICIPAL_ADMIN}


async def test_admin_of_two_schools_gets_one_private_message(stage: Stage) -> None:
    await stage.enlist(FIRST_ADMIN, NURSERY)
    await stage.move(2017, 2, 24)
    (said,) = _reminded(stage, FIRST_ADMIN)
    assert "岳阳县第一中学：还没报\n岳阳县荣家湾中心幼儿园：还没报" in said
    (message,) = _group_messages(stage)
    assert sorted(message.mentions) == [THIRD_ADMIN, FIRST_ADMIN]


async def test_member_who_left_the_group_is_not_mentioned(stage: Stage) -> None:
    stage.world.leave(COUNTY_GROUP, FIRST_ADMIN)
    await stage.move(2017, 2, 24)
    (message,) = _group_messages(stage)
    assert message.mentions == (THIRD_ADMIN,)
    assert len(_reminded(stage, FIRST_ADMIN)) == 1


# ---- 几次、什么时候


async def test_second_sweep_sends_nothing_more(stage: Stage) -> None:
    await stage.move(2017, 2, 24)
    before = len(stage.world.messages())
    await stage.office.sweep.run()
    await stage.move(2017, 2, 24, 15)
    assert len(stage.world.messages()) == before


async def test_next_step_of_the_ladder_sends_again(stage: Stage) -> None:
    for month, day in ((2, 24), (2, 27), (2, 28), (3, 1)):
        await stage.move(2017, month, day)
    heads = [one.body.splitlines()[0] for one in _group_messages(stage)]
    assert heads[:3] == [
        HEAD,
        "【提醒】信息采集初审：2月28日（周二）截止，还有1天",
        "【提醒】信息采集初审：今天截止（2月28日周二）",
    ]
    assert heads[3].endswith("，已逾期1个工作日")


async def test_nothing_is_sent_at_night(stage: Stage) -> None:
    await stage.move(2017, 2, 24, 7, 59)
    await stage.move(2017, 2, 24, 22, 0)
    assert _group_messages(stage) == []
    await stage.move(2017, 2, 25, 8, 0)
    assert len(_group_messages(stage)) == 1


async def test_county_schools_hear_both_dates_of_the_quarter(stage: Stage) -> None:
    await stage.move(2017, 3, 10)
    said = next(one for one in _reminded(stage, THIRD_ADMIN) if "季报" in one)
    assert said.splitlines()[0] == (
        "【提醒】信息更新季报2017Q1：县里3月20日周一、全市3月25日周六截止，还有10天"
    )


async def test_reported_a_second_before_sending_is_cancelled(only_county: Stage) -> None:
    stage = only_county
    await stage.tell(FIRST_ADMIN, REPORT)
    await stage.tell(COUNTY_ADMIN, "/上报 岳阳县荣家湾中心幼儿园 初审 应采集9 已录入9 已审9")
    await stage.tell(OTHER_COUNTY_ADMIN, "/上报 华容县第三中学 初审 应采集9 已录入9 已审9")
    stage.clock.set(stage.clock.now().replace(day=24, hour=1))
    assert await stage.services.reminding.plan_due() == 3
    await stage.tell(THIRD_ADMIN, REPORT)
    await stage.office.sweep.run()
    assert _group_messages(stage) == []
    assert _reminded(stage, THIRD_ADMIN) == []
    for kind in ("reminder_group", "reminder_private", "reminder_digest"):
        assert len(await _deliveries(stage, ReminderState.CANCELLED, kind)) == 1
    why = await stage.tell(THIRD_ADMIN, "/提醒 为什么")
    assert "（已取消）" in why.body


async def test_only_one_of_two_reported_before_sending(only_county: Stage) -> None:
    stage = only_county
    stage.clock.set(stage.clock.now().replace(day=24, hour=1))
    await stage.services.reminding.plan_due()
    await stage.tell(THIRD_ADMIN, REPORT)
    await stage.office.sweep.run()
    (message,) = _group_messages(stage)
    assert message.mentions == (FIRST_ADMIN,)
    assert "还有 2 个单位没报" in message.body


# ---- 发不出去


async def test_muted_group_is_tried_again_later_and_once(only_county: Stage) -> None:
    stage = only_county
    await stage.world.mute(COUNTY_GROUP, bot_only=True)
    await stage.move(2017, 2, 24)
    (waiting,) = await _deliveries(stage, ReminderState.SCHEDULED)
    assert waiting.attempts == 1
    assert "禁言" in waiting.error
    await stage.world.mute(COUNTY_GROUP, on=False, bot_only=True)
    await stage.move(2017, 2, 24, 9, 6)
    await stage.move(2017, 2, 24, 9, 30)
    assert len(_group_messages(stage)) == 1


async def test_group_that_stays_muted_is_given_up(only_county: Stage) -> None:
    stage = only_county
    await stage.world.mute(COUNTY_GROUP, bot_only=True)
    for hour in (9, 10, 11, 12, 13):
        await stage.move(2017, 2, 24, hour)
    (failed,) = await _deliveries(stage, ReminderState.FAILED)
    assert failed.attempts == 4
    why = await stage.tell(THIRD_ADMIN, "/提醒 为什么")
    assert "（失败）" in why.body or "（发送失败）" in why.body


async def test_failed_send_does_not_hold_up_the_others(stage: Stage) -> None:
    stage.world.faults.fail("send_private_msg")
    stage.world.faults.fail("send_group_msg")
    await stage.move(2017, 2, 24)
    sent = len(_group_messages(stage)) + len(_group_messages(stage, CITY_GROUP))
    assert sent == 1
    await stage.move(2017, 2, 24, 9, 10)
    assert len(_group_messages(stage)) == len(_group_messages(stage, CITY_GROUP)) == 1
    for qq in (THIRD_ADMIN, FIRST_ADMIN, MUNICIPAL_ADMIN, COUNTY_ADMIN, CITY_ADMIN, OTHER_COUNTY_ADMIN):
        assert len(_reminded(stage, qq)) == 1, qq


async def test_not_a_friend_is_not_tried_again(stage: Stage) -> None:
    stage.world.state.friends.discard(FIRST_ADMIN)
    await stage.move(2017, 2, 24)
    failed = await _deliveries(stage, ReminderState.FAILED, "reminder_private")
    assert [one.target for one in failed] == [FIRST_ADMIN]
    (message,) = _group_messages(stage)
    assert FIRST_ADMIN in message.mentions


async def test_lost_answer_is_settled_from_the_history_without_a_second_message(
    only_county: Stage, impatient: None
) -> None:
    stage = only_county
    stage.world.faults.lose_answer("send_group_msg")
    await stage.move(2017, 2, 24)
    assert len(await _deliveries(stage, ReminderState.UNKNOWN)) == 1
    await stage.office.sweep.run()
    assert len(await _deliveries(stage, ReminderState.SENT)) == 1
    assert len(_group_messages(stage)) == 1


async def test_swallowed_message_is_sent_once_more(only_county: Stage, impatient: None) -> None:
    stage = only_county
    stage.world.faults.swallow("send_group_msg")
    await stage.move(2017, 2, 24)
    assert _group_messages(stage) == []
    await stage.office.sweep.run()
    await stage.office.sweep.run()
    assert len(_group_messages(stage)) == 1
    assert len(await _deliveries(stage, ReminderState.SENT)) == 1


async def test_message_swallowed_twice_is_not_tried_for_ever(only_county: Stage, impatient: None) -> None:
    stage = only_county
    stage.world.faults.swallow("send_group_msg", times=9)
    await stage.move(2017, 2, 24)
    for _ in range(4):
        await stage.office.sweep.run()
    assert len(await _deliveries(stage, ReminderState.FAILED)) == 1
    assert stage.world.faults.pending == 7


async def test_delivered_but_denied_by_the_client_is_not_sent_twice(only_county: Stage) -> None:
    stage = only_county
    stage.world.faults.deny_delivery("send_group_msg")
    await stage.move(2017, 2, 24)
    await stage.move(2017, 2, 24, 9, 30)
    assert len(_group_messages(stage)) == 1
    assert len(await _deliveries(stage, ReminderState.SENT)) == 1


async def test_ok_without_a_message_id_does_not_count_as_sent(only_county: Stage) -> None:
    stage = only_county
    stage.world.faults.answer("send_group_msg", {"status": "error text", "retcode": -99999, "data": None})
    await stage.move(2017, 2, 24)
    assert len(await _deliveries(stage, ReminderState.UNKNOWN)) == 1
    await stage.office.sweep.run()
    assert len(_group_messages(stage)) == 1


async def test_due_while_offline_is_sent_once_after_and_marked(
    only_county: Stage, shell: tuple[Shell, str]
) -> None:
    stage = only_county
    await stage.world.disconnect()
    await stage.move(2017, 2, 24)
    assert len(await _deliveries(stage, ReminderState.SCHEDULED)) == 1
    stage.clock.set(stage.clock.now().replace(hour=8))
    await stage.world.connect(shell[1], TOKEN)
    await stage.office.sweep.run()
    await stage.office.sweep.run()
    assert len(_group_messages(stage)) == 1


async def test_step_found_hours_late_says_so(only_county: Stage) -> None:
    await only_county.move(2017, 2, 24, 18)
    (message,) = _group_messages(only_county)
    assert message.body.splitlines()[0] == f"{HEAD}（补发）"


# ---- /提醒


async def test_preview_lists_dates_and_numbers_and_sends_nothing(stage: Stage) -> None:
    reply = await stage.tell(COUNTY_ADMIN, "/提醒 预览 初审")
    lines = reply.body.splitlines()
    assert lines[0] == "今后 30 天会发的提醒（按现在还欠着的算）："
    assert lines[1] == "· 2月24日（周五）09:00 初审，还有4天：3 个单位（1 个没有管理员）"
    assert len(lines) == 7
    assert _group_messages(stage) == []


async def test_preview_forgets_who_has_reported(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, REPORT)
    reply = await stage.tell(COUNTY_ADMIN, "/提醒 预览 初审")
    assert reply.body.splitlines()[1].endswith("：2 个单位（1 个没有管理员）")


async def test_remind_now_asks_first_and_sends_once_an_hour(stage: Stage) -> None:
    prompt = await stage.tell(COUNTY_ADMIN, "/提醒 立即 初审")
    assert prompt.body.splitlines()[0] == (
        "将立即提醒岳阳县 信息采集初审还没报的 3 个单位（群里 @ 和私聊）。"
    )
    assert _group_messages(stage) == []
    done = await stage.tell(COUNTY_ADMIN, "确认")
    assert done.body == "已开始提醒，共 4 条消息。"
    await stage.office.sweep.run()
    (message,) = _group_messages(stage)
    assert set(message.mentions) == {THIRD_ADMIN, FIRST_ADMIN}
    again = await stage.confirm(COUNTY_ADMIN, "/提醒 立即 初审")
    assert again.body.startswith("没有新的消息要发：一小时内已经提醒过")
    await stage.office.sweep.run()
    assert len(_group_messages(stage)) == 1


async def test_remind_now_for_one_school_reaches_only_that_school(stage: Stage) -> None:
    await stage.confirm(COUNTY_ADMIN, "/提醒 立即 初审 县三中")
    await stage.office.sweep.run()
    (message,) = _group_messages(stage)
    assert message.mentions == (THIRD_ADMIN,)
    assert _reminded(stage, FIRST_ADMIN) == []


@pytest.mark.parametrize(
    ("who", "typed", "says"),
    [
        (COUNTY_ADMIN, "/提醒", "请这样写：\n/提醒 预览"),
        (COUNTY_ADMIN, "/提醒 立即", "请这样写：\n/提醒 预览"),
        (COUNTY_ADMIN, "/提醒 立即 初审 华容县", "你没有权限办理“华容县”的这件事"),
        (THIRD_ADMIN, "/提醒 立即 初审", "你登记的是岳阳县第三中学信息管理员，没有办这件事的权限"),
        (THIRD_ADMIN, "/提醒 预览", "你登记的是岳阳县第三中学信息管理员，没有办这件事的权限"),
        (TEACHER, "/提醒 预览", "你还没有登记为管理员"),
        (COUNTY_ADMIN, "/提醒 立即 责任书", "岳阳县的人员责任书没有还欠着的单位，不用提醒。"),
    ],
)
async def test_reminding_beyond_ones_right_is_refused(stage: Stage, who: int, typed: str, says: str) -> None:
    assert (await stage.tell(who, typed)).body.startswith(says)


async def test_why_explains_each_reminder_once(stage: Stage) -> None:
    await stage.move(2017, 2, 24)
    reply = await stage.tell(THIRD_ADMIN, "/提醒 为什么")
    assert reply.body == (
        "最近提醒你的原因（还欠着才会提醒）：\n"
        "· 2月24日（周五）09:00 岳阳县第三中学 信息采集初审还没完成（已发）"
    )


async def test_why_of_somebody_never_reminded(stage: Stage) -> None:
    assert (await stage.tell(TEACHER, "/提醒 为什么")).body == "最近没有提醒过你的单位。"
