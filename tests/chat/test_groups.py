"""绑定群与群设置：没绑定的群里不出声，答问方式和免打扰各有规矩。"""

from __future__ import annotations

import pytest

from storage.words import AnswerMode
from tests.chat.asking import spoken
from tests.stage import (
    CITY_ADMIN,
    CITY_GROUP,
    COUNTY,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    OPERATOR,
    OTHER_COUNTY_ADMIN,
    TEACHER,
    THIRD_ADMIN,
    Stage,
)

KNOWN = "退休返聘的老师要不要录"


@pytest.mark.parametrize("text", ["/帮助", "/进度", "/上抱 初审", "大家早上好", KNOWN, "/绑定 岳阳县"])
async def test_unbound_group_hears_nothing_from_the_bot(empty_stage: Stage, text: str) -> None:
    await empty_stage.world.say(TEACHER, text, group=COUNTY_GROUP, at_bot=True)
    await empty_stage.silent()


async def test_county_admin_binds_the_group_to_its_county(empty_stage: Stage) -> None:
    await empty_stage.enlist(COUNTY_ADMIN, COUNTY)
    reply = await empty_stage.post(COUNTY_ADMIN, "/绑定 岳阳县")
    assert reply.body == (
        "本群已绑定到岳阳县，答问方式：被@时。\n要改发：/设置 回答 auto（自动）| mention（被@）| off（关闭）"
    )
    assert empty_stage.services.context.directory.groups[COUNTY_GROUP].unit_code == "YY04"


async def test_operator_may_bind_but_sees_no_status(empty_stage: Stage) -> None:
    reply = await empty_stage.post(OPERATOR, "/绑定 岳阳县")
    assert reply.body.startswith("本群已绑定到岳阳县")
    status = await empty_stage.post(OPERATOR, "/进度")
    assert status.body.startswith("你登记的是运维，没有办这件事的权限")


@pytest.mark.parametrize(
    ("who", "typed", "says"),
    [
        (COUNTY_ADMIN, "/绑定 华容县", "你是岳阳县的管理员，只能绑定到岳阳县。"),
        (CITY_ADMIN, "/绑定 岳阳县第三中学", "群只能绑定到市或县市区"),
        (CITY_ADMIN, "/绑定", "请写本群属于哪个县市区（或市），例如：/绑定 岳阳县"),
        (CITY_ADMIN, "/绑定 火星县", "没有找到单位“火星县”。"),
        (THIRD_ADMIN, "/绑定 岳阳县", "你登记的是岳阳县第三中学信息管理员，没有办这件事的权限"),
    ],
)
async def test_bindings_that_are_refused(stage: Stage, who: int, typed: str, says: str) -> None:
    assert (await stage.post(who, typed)).body.startswith(says)
    assert stage.services.context.directory.groups[COUNTY_GROUP].unit_code == "YY04"


async def test_binding_in_private_says_where(stage: Stage) -> None:
    assert (await stage.tell(CITY_ADMIN, "/绑定 岳阳县")).body == "这条命令要在工作群里发。"


async def test_rebinding_keeps_the_settings(stage: Stage) -> None:
    await stage.post(COUNTY_ADMIN, "/设置 回答 auto")
    await stage.post(CITY_ADMIN, "/绑定 岳阳市")
    group = stage.services.context.directory.groups[COUNTY_GROUP]
    assert (group.unit_code, group.answer_mode) == ("YY", AnswerMode.AUTO)


# ---- 答问方式


@pytest.mark.parametrize(
    ("typed", "says", "mode"),
    [
        ("/设置 回答 auto", "本群不用 @，有把握的问题我会直接答。", AnswerMode.AUTO),
        ("/设置 回答 自动", "本群不用 @，有把握的问题我会直接答。", AnswerMode.AUTO),
        ("/设置 回答 mention", "本群 @ 我或发 /问 才答。", AnswerMode.MENTION),
        ("/设置 回答 被＠", "本群 @ 我或发 /问 才答。", AnswerMode.MENTION),
        ("／设置　回答　OFF", "本群不再答问，命令照常可用。", AnswerMode.OFF),
    ],
)
async def test_answer_mode_is_set(stage: Stage, typed: str, says: str, mode: AnswerMode) -> None:
    assert (await stage.post(COUNTY_ADMIN, typed)).body == says
    assert stage.services.context.directory.groups[COUNTY_GROUP].answer_mode is mode


async def test_mention_mode_answers_only_when_mentioned(stage: Stage) -> None:
    await stage.world.say(TEACHER, KNOWN, group=COUNTY_GROUP)
    await stage.silent()
    reply = await stage.post(TEACHER, KNOWN, at_bot=True)
    assert "编号 scope.people.rehired_retiree" in reply.body


async def test_auto_mode_answers_a_sure_question_without_mention(stage: Stage) -> None:
    await stage.post(COUNTY_ADMIN, "/设置 回答 auto")
    reply = await stage.post(TEACHER, KNOWN)
    assert "编号 scope.people.rehired_retiree" in reply.body


async def test_auto_mode_stays_out_of_a_talk_between_two(stage: Stage) -> None:
    await stage.post(COUNTY_ADMIN, "/设置 回答 auto")
    asked = await stage.world.say(TEACHER, "晚上一起吃饭吗", group=COUNTY_GROUP)
    await stage.world.say(THIRD_ADMIN, KNOWN, group=COUNTY_GROUP, quote=asked)
    await stage.silent()


async def test_off_mode_ignores_questions_but_keeps_commands(stage: Stage) -> None:
    await stage.post(COUNTY_ADMIN, "/设置 回答 off")
    await stage.world.say(TEACHER, KNOWN, group=COUNTY_GROUP, at_bot=True)
    await stage.silent()
    assert "编号 scope.people.rehired_retiree" in (await stage.post(TEACHER, f"/问 {KNOWN}")).body


async def test_each_group_has_its_own_mode(stage: Stage) -> None:
    await stage.post(COUNTY_ADMIN, "/设置 回答 off")
    reply = await stage.post(TEACHER, KNOWN, group=CITY_GROUP, at_bot=True)
    assert "编号 scope.people.rehired_retiree" in reply.body


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (TEACHER, "你还没有登记为管理员"),
        (THIRD_ADMIN, "你登记的是岳阳县第三中学信息管理员，没有办这件事的权限"),
        (OTHER_COUNTY_ADMIN, "本群属于岳阳县，请由岳阳县或市级管理员设置。"),
    ],
)
async def test_settings_belong_to_the_groups_own_county(stage: Stage, who: int, says: str) -> None:
    assert (await stage.post(who, "/设置 回答 off")).body.startswith(says)
    assert stage.services.context.directory.groups[COUNTY_GROUP].answer_mode is AnswerMode.MENTION


# ---- 免打扰


@pytest.mark.parametrize(
    "typed", ["/设置 免打扰 22:00-07:30", "/设置 免打扰 22：00 — 7：30", "/设置 免打扰 22:00至07:30"]
)
async def test_quiet_hours_are_set(stage: Stage, typed: str) -> None:
    assert (await stage.post(COUNTY_ADMIN, typed)).body == "本群 22:00 到 07:30 不发提醒，过后补发。"
    group = stage.services.context.directory.groups[COUNTY_GROUP]
    assert (str(group.quiet_from), str(group.quiet_to)) == ("22:00:00", "07:30:00")


@pytest.mark.parametrize(
    "typed", ["/设置", "/设置 免打扰 25:00-07:30", "/设置 免打扰 晚上", "/设置 回答 随便"]
)
async def test_bad_settings_show_how_to_write_them(stage: Stage, typed: str) -> None:
    reply = await stage.post(COUNTY_ADMIN, typed)
    assert reply.body.splitlines()[0] == "请这样写："
    assert "/设置 免打扰 22:00-07:30" in reply.body


async def test_group_reminder_waits_for_the_quiet_hours_to_end(stage: Stage) -> None:
    await stage.post(COUNTY_ADMIN, "/设置 免打扰 08:00-10:00")
    before = spoken(stage, group=COUNTY_GROUP)
    await stage.move(2017, 2, 24, 9, 0)
    assert spoken(stage, group=COUNTY_GROUP) == before
    await stage.move(2017, 2, 24, 10, 1)
    (late,) = spoken(stage, group=COUNTY_GROUP)[len(before) :]
    assert late.startswith("【提醒】信息采集初审")
