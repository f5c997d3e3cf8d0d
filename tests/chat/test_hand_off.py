"""转人工在 QQ 里走一遍：找到真人、真人答、提问人听到；没加好友到群里 @，没人答催一次、转一次。"""

from __future__ import annotations

from storage.questions import OpenQuestion
from storage.words import Role
from tests.chat.asking import spoken
from tests.stage import (
    CITY,
    CITY_ADMIN,
    CITY_GROUP,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    THIRD_SYSTEM,
    Stage,
)

UNKNOWN = "火箭怎么发射"
ACCOUNT = "我们学校的账号登不上"


async def open_questions(stage: Stage) -> list[OpenQuestion]:
    async with stage.services.context.database.read() as stores:
        return await stores.questions.open_questions()


async def test_it_reaches_the_groups_county_and_the_answer_comes_back(stage: Stage) -> None:
    reply = await stage.post(TEACHER, f"/转人工 {ACCOUNT}")
    assert reply.body == "已转给岳阳县的管理员（1 号），答了会告诉你。"
    await stage.office.sweep.run()
    assert spoken(stage, private=COUNTY_ADMIN)[-1] == (
        f"有人转人工（1 号）：{ACCOUNT}\n"
        f"来自：岳阳县的群，没有登记（QQ {TEACHER}）\n"
        "回答请发：/知识 回答 1 你的答案"
    )
    await stage.tell(COUNTY_ADMIN, "/知识 回答 1 已经解锁，请重新登录。")
    await stage.office.sweep.run()
    told = await stage.world.next_reply(group=COUNTY_GROUP)
    assert told.mentions == (TEACHER,)
    assert told.body.endswith(f"你问的“{ACCOUNT}”有答复了：\n已经解锁，请重新登录。")


async def test_an_account_question_reaches_the_schools_own_system_admin(stage: Stage) -> None:
    await stage.enlist(THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    reply = await stage.tell(THIRD_ADMIN, f"/转人工 {ACCOUNT}")
    assert reply.body == "已转给岳阳县第三中学的管理员（1 号），答了会告诉你。"
    await stage.office.sweep.run()
    assert spoken(stage, private=THIRD_SYSTEM)[-1].splitlines()[1] == (
        f"来自：岳阳县第三中学信息管理员（QQ {THIRD_ADMIN}）"
    )
    done = await stage.tell(THIRD_SYSTEM, "/知识 回答 1 已经解锁。")
    assert done.body.splitlines()[0] == "已答复 1 号问题，提问的人会收到。"


async def test_quoting_the_notice_answers_it(stage: Stage) -> None:
    await stage.post(TEACHER, f"/转人工 {ACCOUNT}")
    await stage.office.sweep.run()
    notice = await stage.world.next_reply(private=COUNTY_ADMIN)
    await stage.world.say(COUNTY_ADMIN, "/知识 回答 已经解锁，请重新登录。", quote=notice)
    done = await stage.world.next_reply(private=COUNTY_ADMIN)
    assert done.body.splitlines()[0] == "已答复 1 号问题，提问的人会收到。"


async def test_the_notice_shows_what_was_said_and_given_before(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "忘记密码怎么办")
    await stage.tell(THIRD_ADMIN, "我试过还是不行啊，号是13800001234")
    await stage.tell(THIRD_ADMIN, "/转人工 学校的账号全都登不上去")
    await stage.office.sweep.run()
    lines = spoken(stage, private=COUNTY_ADMIN)[-1].splitlines()
    assert lines[2] == "之前说过：忘记密码怎么办；我试过还是不行啊，号是〔号码〕"
    assert lines[3].startswith("机器人给过：accounts.")
    assert lines[4].startswith("回答请发：/知识 回答")


async def test_bare_hand_off_passes_on_what_was_just_asked(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "忘记密码怎么办")
    reply = await stage.tell(THIRD_ADMIN, "/转人工")
    assert reply.body == "已转给岳阳县的管理员（1 号），答了会告诉你。"
    assert [one.text for one in await open_questions(stage)] == ["忘记密码怎么办"]


async def test_bare_hand_off_without_a_question_asks_for_it(stage: Stage) -> None:
    reply = await stage.tell(TEACHER, "/转人工")
    assert reply.body == "请把问题写在后面，例如：/转人工 我们学校的账号登不上"
    assert await open_questions(stage) == []


async def test_one_word_after_not_knowing_hands_it_off(stage: Stage) -> None:
    unknown = await stage.tell(THIRD_ADMIN, UNKNOWN)
    assert unknown.body.endswith("或回复“转”，转给管理员")
    assert (await stage.tell(THIRD_ADMIN, "转")).body == "已转给岳阳县的管理员（1 号），答了会告诉你。"
    assert [(one.id, one.unit_code) for one in await open_questions(stage)] == [(1, "YY04")]


async def test_in_a_group_one_word_is_just_a_word(stage: Stage) -> None:
    unknown = await stage.post(TEACHER, UNKNOWN, at_bot=True)
    assert unknown.body.endswith("或发 /转人工")
    await stage.world.say(TEACHER, "转", group=COUNTY_GROUP)
    await stage.silent()


async def test_twice_the_same_reaches_them_once(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, f"/转人工 {ACCOUNT}")
    again = await stage.tell(THIRD_ADMIN, f"/转人工 {ACCOUNT}")
    assert again.body == "已经转给岳阳县的管理员了（1 号），还没有人答，不用再转，答了会告诉你。"
    await stage.office.sweep.run()
    assert len(spoken(stage, private=COUNTY_ADMIN)) == 1


async def test_nobody_to_hand_to_is_said_with_the_published_phone(empty_stage: Stage) -> None:
    reply = await empty_stage.tell(TEACHER, f"/转人工 {ACCOUNT}")
    contact = empty_stage.services.context.plan.contact
    assert reply.body == (
        "没有转出去：从你的单位到市里，都还没有登记管这件事的管理员。\n"
        f"已记为待答问题（1 号）。着急请打{contact.office}电话 {contact.phone}。"
    )


# ---- 没加好友


async def test_an_admin_who_is_no_friend_is_called_in_the_units_group(stage: Stage) -> None:
    stage.world.state.friends.discard(COUNTY_ADMIN)
    await stage.tell(THIRD_ADMIN, f"/转人工 {ACCOUNT}")
    await stage.office.sweep.run()  # 私聊送不到
    await stage.office.sweep.run()
    told = await stage.world.next_reply(group=COUNTY_GROUP)
    assert told.mentions == (COUNTY_ADMIN,)
    assert "有 1 个转人工的问题等你，请加我好友后发 /知识 待答" in told.body
    assert ACCOUNT not in told.body
    assert spoken(stage, private=COUNTY_ADMIN) == []
    stage.world.befriend(COUNTY_ADMIN)
    listed = await stage.tell(COUNTY_ADMIN, "/知识 待答")
    assert f"1. {ACCOUNT}" in listed.body


async def test_the_group_is_called_without_a_name_when_he_is_not_in_it(stage: Stage) -> None:
    stage.world.state.friends.discard(COUNTY_ADMIN)
    stage.world.leave(COUNTY_GROUP, COUNTY_ADMIN)
    await stage.tell(THIRD_ADMIN, f"/转人工 {ACCOUNT}")
    await stage.office.sweep.run()
    await stage.office.sweep.run()
    told = await stage.world.next_reply(group=COUNTY_GROUP)
    assert told.mentions == ()
    assert told.body.startswith("有 1 个转人工的问题等管理员，请加我好友后发 /知识 待答")


async def test_a_friend_is_not_called_in_the_group(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, f"/转人工 {ACCOUNT}")
    await stage.office.sweep.run()
    await stage.office.sweep.run()
    assert spoken(stage, group=COUNTY_GROUP) == []


# ---- 没人答


async def test_silence_is_reminded_then_moved_to_the_city_and_the_asker_hears(stage: Stage) -> None:
    await stage.post(TEACHER, f"/转人工 {ACCOUNT}")
    await stage.move(2017, 2, 20, 12, 1)
    reminded = spoken(stage, private=COUNTY_ADMIN)[-1]
    assert reminded.startswith(f"还没有人答（1 号）：{ACCOUNT}\n来自：岳阳县的群，没有登记")
    await stage.move(2017, 2, 20, 16, 5)
    handed = spoken(stage, private=CITY_ADMIN)[-1].splitlines()
    assert handed[0] == f"有人转人工（1 号）：{ACCOUNT}"
    assert handed[2] == "岳阳县一直没有答，转到你这里"
    told = spoken(stage, group=COUNTY_GROUP)[-1]
    assert told.endswith(f"你问的“{ACCOUNT}”（1 号）还没有人答，已转给岳阳市的管理员，答了会告诉你。")
    await stage.move(2017, 3, 2)
    assert sum("还没有人答（1 号）" in one for one in spoken(stage, private=COUNTY_ADMIN)) == 1
    assert sum("转人工" in one for one in spoken(stage, private=CITY_ADMIN)) == 1


async def test_from_the_city_there_is_nowhere_further(stage: Stage) -> None:
    await stage.post(TEACHER, f"/转人工 {ACCOUNT}", group=CITY_GROUP)
    await stage.move(2017, 2, 20, 12, 1)
    await stage.move(2017, 2, 20, 16, 5)
    contact = stage.services.context.plan.contact
    assert spoken(stage, group=CITY_GROUP)[-1].endswith(
        f"（1 号）还没有人答，上面也没有能转的人了。着急请打{contact.office}电话 {contact.phone}。"
    )


async def test_one_who_may_not_answer_here_is_told_what_to_do(stage: Stage) -> None:
    await stage.enlist(THIRD_SYSTEM, CITY, Role.SYSTEM_ADMIN)
    await stage.tell(TEACHER, f"/转人工 {ACCOUNT}")
    await stage.office.sweep.run()
    assert spoken(stage, private=THIRD_SYSTEM)[-1].splitlines()[-1] == (
        "你可以直接联系他；要机器人转告，请岳阳市信息管理员发：/知识 回答 1 答案"
    )
    assert spoken(stage, private=CITY_ADMIN)[-1].splitlines()[-1] == "回答请发：/知识 回答 1 你的答案"
