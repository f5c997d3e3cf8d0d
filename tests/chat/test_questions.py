"""答问：@ 在哪里都行、/问、引用同事的问题；拿不准给编号，不知道就记下来有人答；闲聊与寒暄。"""

from __future__ import annotations

import pytest

from bot.sandbox import segments
from storage.questions import OpenQuestion
from tests.chat.asking import spoken
from tests.stage import (
    BOT,
    CITY_ADMIN,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    TEACHER,
    THIRD_ADMIN,
    Stage,
)

KNOWN = "退休返聘的老师要不要录"
ANSWER = "编号 scope.people.rehired_retiree"
UNKNOWN = "火箭怎么发射"


async def _open(stage: Stage) -> list[OpenQuestion]:
    async with stage.services.context.database.read() as stores:
        return await stores.questions.open_questions()


# ---- 怎么问


@pytest.mark.parametrize(
    "parts",
    [
        [segments.at(BOT), f" {KNOWN}"],
        [KNOWN, segments.at(BOT)],
        ["退休返聘的", segments.at(BOT), "老师要不要录"],
        [segments.at(THIRD_ADMIN), " ", segments.at(BOT), f" {KNOWN}"],
        [segments.at(BOT), " ", segments.at(BOT), f"  {KNOWN}？ "],
        [f"/问 {KNOWN}"],
        [f"／问　{KNOWN}"],
        [segments.at(BOT), f" /问 {KNOWN}"],
        [f"/ask {KNOWN}"],
    ],
    ids=[
        "mention first",
        "mention last",
        "mention in the middle",
        "after another mention",
        "mentioned twice",
        "command",
        "full-width command",
        "mention and command",
        "alias",
    ],
)
async def test_question_is_answered_wherever_the_mention_stands(stage: Stage, parts: list) -> None:
    asked = await stage.world.say(TEACHER, parts, group=COUNTY_GROUP)
    reply = await stage.world.next_reply(group=COUNTY_GROUP)
    assert reply.quoted_id == asked.message_id
    assert "依据：" in reply.body
    assert reply.body.endswith(ANSWER)


async def test_private_question_needs_no_mention(stage: Stage) -> None:
    assert (await stage.tell(TEACHER, KNOWN)).body.endswith(ANSWER)


@pytest.mark.parametrize("said", ["", "这个呢", "这个怎么办", "同问", "帮忙看一下"])
async def test_quoting_a_colleagues_question_answers_that_question(stage: Stage, said: str) -> None:
    asked = await stage.world.say(FIRST_ADMIN, KNOWN, group=COUNTY_GROUP)
    await stage.world.say(TEACHER, said, group=COUNTY_GROUP, at_bot=True, quote=asked)
    assert (await stage.world.next_reply(group=COUNTY_GROUP)).body.endswith(ANSWER)


async def test_ask_command_quoting_a_question(stage: Stage) -> None:
    asked = await stage.world.say(FIRST_ADMIN, KNOWN, group=COUNTY_GROUP)
    await stage.world.say(TEACHER, "/问", group=COUNTY_GROUP, quote=asked)
    assert (await stage.world.next_reply(group=COUNTY_GROUP)).body.endswith(ANSWER)


async def test_own_question_beats_the_quoted_one(stage: Stage) -> None:
    asked = await stage.world.say(FIRST_ADMIN, "明天几点开会", group=COUNTY_GROUP)
    await stage.world.say(TEACHER, KNOWN, group=COUNTY_GROUP, at_bot=True, quote=asked)
    assert (await stage.world.next_reply(group=COUNTY_GROUP)).body.endswith(ANSWER)


async def test_quote_that_cannot_be_read_asks_for_the_question(stage: Stage) -> None:
    asked = await stage.world.say(FIRST_ADMIN, KNOWN, group=COUNTY_GROUP)
    stage.world.faults.fail("get_msg", wording="消息不存在")
    await stage.world.say(TEACHER, "", group=COUNTY_GROUP, at_bot=True, quote=asked)
    reply = await stage.world.next_reply(group=COUNTY_GROUP)
    assert reply.body.splitlines()[0] == "请直接写问题，例如：@我 忘记密码怎么办"


async def test_replying_to_the_bots_own_answer_counts_as_speaking_to_it(stage: Stage) -> None:
    answer = await stage.post(TEACHER, KNOWN, at_bot=True)
    await stage.world.say(TEACHER, "附件3一季度报几次", group=COUNTY_GROUP, quote=answer, quote_at=False)
    assert (await stage.world.next_reply(group=COUNTY_GROUP)).body


async def test_empty_mention_says_how_to_ask(stage: Stage) -> None:
    reply = await stage.post(TEACHER, "", at_bot=True)
    assert reply.body == "请直接写问题，例如：@我 忘记密码怎么办\n发 /帮助 看我还能做什么。"


# ---- 拿不准


async def test_unsure_offers_numbers_and_the_number_gives_the_card(stage: Stage) -> None:
    offered = await stage.post(TEACHER, "第五步呢", at_bot=True)
    lines = offered.body.splitlines()
    assert lines[0] == "你是不是想问："
    assert [line[:3] for line in lines[1:-1]] == [f"{number}. " for number in range(1, len(lines) - 1)]
    assert lines[-1] == "回复编号看答案；都不是就发 /转人工"
    chosen = await stage.post(TEACHER, "1")
    assert "依据：" in chosen.body


async def test_numbers_belong_to_who_asked(stage: Stage) -> None:
    offered = await stage.post(TEACHER, "第五步呢", at_bot=True)
    assert offered.body.startswith("你是不是想问：")
    await stage.world.say(THIRD_ADMIN, "1", group=COUNTY_GROUP)
    await stage.silent()


async def test_number_with_nothing_to_choose_is_explained_in_private(stage: Stage) -> None:
    reply = await stage.tell(TEACHER, "2")
    assert reply.body == "现在没有等你选的编号，可能已经过时，请把问题再发一遍。"
    assert await _open(stage) == []


# ---- 不知道


async def test_unknown_question_is_kept_answered_and_told_to_the_asker(stage: Stage) -> None:
    unknown = await stage.post(TEACHER, UNKNOWN, at_bot=True)
    assert unknown.body.splitlines()[0] == (
        "这个问题知识库里还没有，已记为待答问题（1 号），有人答了会告诉你。"
    )
    listed = await stage.tell(COUNTY_ADMIN, "/知识 待答")
    assert listed.body == f"待答问题 1 个：\n1. {UNKNOWN}\n回答请发：/知识 回答 编号 答案"
    done = await stage.tell(COUNTY_ADMIN, "/知识 回答 1 这个请问航天部门，不归我们管。")
    assert done.body.splitlines()[0] == "已答复 1 号问题，提问的人会收到。"
    await stage.office.sweep.run()
    told = await stage.world.next_reply(group=COUNTY_GROUP)
    assert told.mentions == (TEACHER,)
    assert told.body.endswith(f"你问的“{UNKNOWN}”有答复了：\n这个请问航天部门，不归我们管。")
    assert await _open(stage) == []


async def test_question_asked_in_private_is_answered_in_private(stage: Stage) -> None:
    await stage.tell(TEACHER, UNKNOWN)
    await stage.tell(CITY_ADMIN, "/知识 回答 1 不归我们管。")
    await stage.office.sweep.run()
    assert spoken(stage, private=TEACHER)[-1] == f"你问的“{UNKNOWN}”有答复了：\n不归我们管。"
    assert spoken(stage, group=COUNTY_GROUP) == []


async def test_same_question_twice_keeps_its_number(stage: Stage) -> None:
    await stage.tell(TEACHER, UNKNOWN)
    assert "（1 号）" in (await stage.tell(TEACHER, UNKNOWN)).body


async def test_long_numbers_are_hidden_before_the_question_is_kept(stage: Stage) -> None:
    await stage.tell(TEACHER, "/转人工 13800000000打不通")
    (question,) = await _open(stage)
    assert question.text == "〔号码〕打不通"


@pytest.mark.parametrize(
    ("who", "typed", "says"),
    [
        (COUNTY_ADMIN, "/知识 回答 99 不知道", "没有第 99 号待答问题。发 /知识 待答 看编号。"),
        (COUNTY_ADMIN, "/知识 回答 1", "请这样写：/知识 回答 编号 答案"),
        (COUNTY_ADMIN, "/知识 待答", "没有待答问题。"),
        (TEACHER, "/知识 待答", "你还没有登记为管理员"),
        (TEACHER, "/知识 回答 1 随便", "你还没有登记为管理员"),
    ],
)
async def test_knowledge_commands_that_do_nothing(stage: Stage, who: int, typed: str, says: str) -> None:
    assert (await stage.tell(who, typed)).body.startswith(says)


async def test_question_answered_twice_says_so(stage: Stage) -> None:
    await stage.tell(TEACHER, UNKNOWN)
    await stage.tell(CITY_ADMIN, "/知识 回答 1 不归我们管。")
    again = await stage.tell(CITY_ADMIN, "/知识 回答 1 问别人。")
    assert again.body == "第 1 号问题已经有人答过了。"


# ---- 闲聊、寒暄


@pytest.mark.parametrize("mode", ["mention", "auto"])
@pytest.mark.parametrize(
    "said",
    [
        "大家早上好，今天降温了",
        "收到",
        "谢谢大家",
        "[图片]",
        "晚上一起吃饭吗",
        "1",
        "/",
        "王主任已到",
        "👍👍",
    ],
)
async def test_chatter_among_people_is_left_alone(stage: Stage, mode: str, said: str) -> None:
    await stage.post(COUNTY_ADMIN, f"/设置 回答 {mode}")
    await stage.world.say(TEACHER, said, group=COUNTY_GROUP)
    await stage.silent()
    assert await _open(stage) == []


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("你好", "你好，我是教师系统工作群的助手。"),
        ("在吗？", "你好，我是教师系统工作群的助手。"),
        ("好的，谢谢老师！", "不客气。"),
        ("没用", "抱歉没帮上。换个说法再问一次，或发 /转人工 把问题转给管理员。"),
    ],
)
async def test_courtesy_gets_a_short_word_and_is_no_open_question(stage: Stage, said: str, says: str) -> None:
    assert (await stage.tell(TEACHER, said)).body.startswith(says)
    assert await _open(stage) == []


@pytest.mark.parametrize("said", ["好的", "收到", "嗯嗯知道了", "👍"])
async def test_acknowledgements_need_no_answer(stage: Stage, said: str) -> None:
    await stage.world.say(TEACHER, said)
    await stage.world.quiet(0.3, private=TEACHER)
    assert await _open(stage) == []


# ---- 打错的命令、帮助


async def test_mistyped_command_gets_the_nearest_with_an_example(stage: Stage) -> None:
    reply = await stage.post(THIRD_ADMIN, "/上抱 初审", at_bot=True)
    assert reply.body == "没有这条命令，是不是 /上报？\n例如：/上报 初审 应采集52 已录入52 已审52"
    private = await stage.tell(THIRD_ADMIN, "/进展")
    assert private.body.splitlines()[0] == "没有这条命令，是不是 /进度？"


async def test_commands_of_another_bot_are_left_alone_in_a_group(stage: Stage) -> None:
    await stage.world.say(TEACHER, "/签到", group=COUNTY_GROUP)
    await stage.silent()


async def test_help_shows_what_one_may_use_here(stage: Stage) -> None:
    teacher = await stage.post(TEACHER, "/帮助")
    assert "/问 问操作问题" in teacher.body
    assert "/审核" not in teacher.body
    assert "/变更" not in teacher.body
    county = await stage.tell(COUNTY_ADMIN, "/帮助")
    assert "/审核 通过或退回下级报的" in county.body
    school = await stage.tell(THIRD_ADMIN, "/帮助")
    assert "/变更 登记教师信息变更" in school.body
    assert "/审核" not in school.body


async def test_help_of_one_command_shows_how_to_write_it(stage: Stage) -> None:
    reply = await stage.tell(THIRD_ADMIN, "/帮助 上报")
    assert reply.body.startswith("/上报：报一项任务\n也可以写 /report\n例如：\n/上报 初审 应采集52")
    wrong = await stage.tell(THIRD_ADMIN, "/帮助 上抱")
    assert wrong.body == "没有叫“上抱”的命令。是不是 /上报？"


async def test_none_of_the_suggestions_is_not_a_new_question(stage: Stage) -> None:
    offered = await stage.post(TEACHER, "密码", at_bot=True)
    assert "1. " in offered.body
    reply = await stage.post(TEACHER, "都不是", at_bot=True)
    assert reply.body == "那请换个说法再问一次，或发 /转人工，我把刚才的问题转给管理员。"
    await stage.post(TEACHER, "/转人工")
    async with stage.services.context.database.read() as stores:
        (question,) = await stores.questions.open_questions()
    assert question.text == "密码"


async def test_names_are_not_kept_with_the_question(stage: Stage) -> None:
    await stage.post(TEACHER, "李样例老师问火箭怎么发射", at_bot=True)
    async with stage.services.context.database.read() as stores:
        (question,) = await stores.questions.open_questions()
    assert question.text == "〔某人〕问火箭怎么发射"
