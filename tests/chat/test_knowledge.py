"""/知识 在 QQ 里走一遍：待答、引用着回答、通过成条目、改、回滚、历史；写错了有人教。"""

from __future__ import annotations

import pytest

from tests.chat.asking import audit, spoken
from tests.stage import (
    CITY_ADMIN,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    OTHER_COUNTY_ADMIN,
    TEACHER,
    THIRD_ADMIN,
    Stage,
)

UNKNOWN = "火箭怎么发射"
SIMILAR = "请问火箭要怎么发射"
ANSWER = "这个请问航天部门，不归我们管。"
ENTRY = "accounts.teacher.obtain"
KNOWN = "教师的自助系统账号怎么来？"
ALIAS = "样例小学的老师账号上哪个窗口领"


async def ask_and_answer(stage: Stage) -> None:
    """群里有人问倒了机器人，县里答了。"""
    await stage.post(TEACHER, UNKNOWN, at_bot=True)
    await stage.tell(COUNTY_ADMIN, f"/知识 回答 1 {ANSWER}")
    await stage.office.sweep.run()
    await stage.world.next_reply(group=COUNTY_GROUP)


# ---- 从不知道到新条目


async def test_an_unknown_question_becomes_an_entry_that_answers_the_next_one(stage: Stage) -> None:
    await ask_and_answer(stage)
    listed = await stage.tell(CITY_ADMIN, "/知识 待定")
    assert listed.body.splitlines()[:3] == [
        "待定提案 1 个：",
        f"1. 新条目：{UNKNOWN}（岳阳县信息管理员）",
        f"   答：{ANSWER}",
    ]
    done = await stage.confirm(CITY_ADMIN, "/知识 通过 1")
    assert done.body == f"已通过，新条目 local.0001，马上就答得出。\n试试：/问 {UNKNOWN}"
    card = await stage.post(FIRST_ADMIN, f"/问 {UNKNOWN}")
    assert card.body.endswith(f"{ANSWER}\n依据：岳阳县信息管理员答复 2017-02-20 · 编号 local.0001")
    await stage.office.sweep.run()
    assert spoken(stage, private=COUNTY_ADMIN)[-1] == (
        f"你提的新条目“{UNKNOWN}”通过了，已进知识库，编号 local.0001。"
    )


async def test_similar_questions_are_grouped_and_answered_together(stage: Stage) -> None:
    await stage.post(TEACHER, UNKNOWN, at_bot=True)
    await stage.tell(THIRD_ADMIN, SIMILAR)
    await stage.post(TEACHER, "体检报告放哪个铁皮柜子", at_bot=True)
    listed = await stage.tell(COUNTY_ADMIN, "/知识 待答")
    assert listed.body.splitlines()[:2] == ["待答问题 3 个，相近的归成 2 组：", f"1. {UNKNOWN} ×2人"]
    done = await stage.tell(COUNTY_ADMIN, f"/知识 回答 1 {ANSWER}")
    assert done.body.splitlines()[0] == "已答复 1 号，和相近的 2 号，2 位提问的人会收到。"
    await stage.office.sweep.run()
    assert (await stage.world.next_reply(group=COUNTY_GROUP)).mentions == (TEACHER,)
    assert spoken(stage, private=THIRD_ADMIN)[-1] == f"你问的“{SIMILAR}”有答复了：\n{ANSWER}"


async def test_the_city_rewrites_and_accepts(stage: Stage) -> None:
    await ask_and_answer(stage)
    prompt = await stage.tell(
        CITY_ADMIN, "/知识 通过 1 问：样例火箭怎么发射？ 答：不归我们管。\n依据：样例文件第1条"
    )
    assert prompt.body.splitlines()[1:4] == [
        "问：样例火箭怎么发射？",
        "答：不归我们管。",
        "依据：样例文件第1条",
    ]
    await stage.tell(CITY_ADMIN, "确认")
    shown = await stage.tell(CITY_ADMIN, "/知识 看 local.0001")
    assert shown.body.splitlines()[:2] == ["local.0001（第 1 版，2017-02-20）", "问：样例火箭怎么发射？"]


async def test_topic_and_standard_question_may_be_written_plainly(stage: Stage) -> None:
    await ask_and_answer(stage)
    prompt = await stage.tell(CITY_ADMIN, "/知识 通过 1 求助 样例火箭归谁管")
    assert "问：样例火箭归谁管" in prompt.body
    await stage.tell(CITY_ADMIN, "确认")
    assert stage.services.answering.knowledge.entry("local.0001").topic == "support"


async def test_a_rejection_goes_back_with_its_reason(stage: Stage) -> None:
    await ask_and_answer(stage)
    assert (await stage.confirm(CITY_ADMIN, "/知识 驳回 1 与本系统无关")).body == "已驳回 1 号提案。"
    await stage.office.sweep.run()
    assert spoken(stage, private=COUNTY_ADMIN)[-1] == f"你提的新条目“{UNKNOWN}”没有采纳。\n原因：与本系统无关"
    assert (await stage.tell(CITY_ADMIN, "/知识 待定")).body == "没有待定的提案。"


async def test_without_confirmation_nothing_is_published(stage: Stage) -> None:
    await ask_and_answer(stage)
    await stage.tell(CITY_ADMIN, "/知识 通过 1")
    await stage.tell(CITY_ADMIN, "取消")
    assert "local.0001" not in stage.services.answering.knowledge.entries
    assert (await stage.tell(CITY_ADMIN, "/知识 待定")).body.startswith("待定提案 1 个")


# ---- 引用着回答


async def test_answering_by_quoting_the_question_in_the_group(stage: Stage) -> None:
    asked = await stage.world.say(TEACHER, UNKNOWN, group=COUNTY_GROUP, at_bot=True)
    await stage.world.next_reply(group=COUNTY_GROUP)
    await stage.world.say(COUNTY_ADMIN, f"/知识 回答 {ANSWER}", group=COUNTY_GROUP, quote=asked)
    reply = await stage.world.next_reply(group=COUNTY_GROUP)
    assert reply.body.startswith("已答复 1 号问题，提问的人会收到。")


async def test_a_school_answers_a_colleague_in_their_group(stage: Stage) -> None:
    asked = await stage.world.say(TEACHER, UNKNOWN, group=COUNTY_GROUP, at_bot=True)
    await stage.world.next_reply(group=COUNTY_GROUP)
    assert (await stage.tell(THIRD_ADMIN, "/知识 待答")).body == "没有待答问题。"
    await stage.world.say(THIRD_ADMIN, f"/知识 回答 {ANSWER}", group=COUNTY_GROUP, quote=asked)
    assert (await stage.world.next_reply(group=COUNTY_GROUP)).body.startswith("已答复 1 号问题")


async def test_answering_by_quoting_the_bots_notice(stage: Stage) -> None:
    await stage.post(TEACHER, f"/转人工 {UNKNOWN}")
    await stage.office.sweep.run()
    notice = next(one for one in stage.world.messages(private=COUNTY_ADMIN) if one.by_bot)
    assert "（1 号）" in notice.body
    await stage.world.say(COUNTY_ADMIN, f"/知识 回答 {ANSWER}", quote=notice)
    assert (await stage.world.next_reply(private=COUNTY_ADMIN)).body.startswith("已答复 1 号问题")


async def test_quote_and_number_that_disagree_are_asked_about(stage: Stage) -> None:
    asked = await stage.world.say(TEACHER, UNKNOWN, group=COUNTY_GROUP, at_bot=True)
    await stage.world.next_reply(group=COUNTY_GROUP)
    await stage.world.say(COUNTY_ADMIN, f"/知识 回答 7 {ANSWER}", group=COUNTY_GROUP, quote=asked)
    reply = await stage.world.next_reply(group=COUNTY_GROUP)
    assert reply.body.startswith("引用的是 1 号，后面写的是 7 号")
    await stage.world.say(COUNTY_ADMIN, f"/知识 回答 1 {ANSWER}", group=COUNTY_GROUP, quote=asked)
    assert (await stage.world.next_reply(group=COUNTY_GROUP)).body.startswith("已答复 1 号问题")


async def test_quoting_something_nobody_asked_is_said(stage: Stage) -> None:
    chatter = await stage.world.say(TEACHER, "明天几点开会", group=COUNTY_GROUP)
    await stage.world.say(COUNTY_ADMIN, f"/知识 回答 {ANSWER}", group=COUNTY_GROUP, quote=chatter)
    reply = await stage.world.next_reply(group=COUNTY_GROUP)
    assert reply.body.startswith("引用的这条不在待答问题里。")


# ---- 谁能看、谁能答


async def test_in_a_group_only_the_count_is_said(stage: Stage) -> None:
    await stage.post(TEACHER, UNKNOWN, at_bot=True)
    reply = await stage.post(COUNTY_ADMIN, "/知识 待答")
    assert reply.body == "待答问题 1 个，请私聊我发 /知识 待答"


async def test_another_county_neither_sees_nor_answers(stage: Stage) -> None:
    await stage.post(TEACHER, UNKNOWN, at_bot=True)
    assert (await stage.tell(OTHER_COUNTY_ADMIN, "/知识 待答")).body == "没有待答问题。"
    refused = await stage.tell(OTHER_COUNTY_ADMIN, f"/知识 回答 1 {ANSWER}")
    assert refused.body.startswith("第 1 号问题不是你管的单位或群里问的")
    [last, *_] = await audit(stage)
    assert (last.actor_qq, last.action, last.outcome) == (OTHER_COUNTY_ADMIN, "/知识", "denied")


@pytest.mark.parametrize(
    "typed",
    [
        "/知识 待定",
        "/知识 通过 1",
        "/知识 驳回 1 不行",
        f"/知识 修改 {ENTRY} 答：不用领",
        f"/知识 回滚 {ENTRY} 0",
        f"/知识 删除 {ENTRY} 不要了",
    ],
)
async def test_what_only_the_city_may_do_is_refused_and_audited(stage: Stage, typed: str) -> None:
    await ask_and_answer(stage)
    assert "没有办这件事的权限" in (await stage.tell(COUNTY_ADMIN, typed)).body
    [last, *_] = await audit(stage)
    assert (last.actor_qq, last.outcome) == (COUNTY_ADMIN, "denied")


async def test_an_answer_with_a_phone_number_is_not_sent(stage: Stage) -> None:
    await stage.post(TEACHER, UNKNOWN, at_bot=True)
    reply = await stage.tell(COUNTY_ADMIN, "/知识 回答 1 请找王样例 13800001234")
    assert reply.body == "答复里有身份证号或手机号，会让很多人看到，请去掉后重发（办公电话可以写）。"
    assert (await stage.tell(COUNTY_ADMIN, "/知识 待答")).body.startswith("待答问题 1 个")


# ---- 改条目


async def test_edit_shows_the_difference_waits_and_can_be_rolled_back(stage: Stage) -> None:
    before = (await stage.post(TEACHER, KNOWN, at_bot=True)).body
    prompt = await stage.tell(CITY_ADMIN, f"/知识 修改 {ENTRY}\n答：到本校系统管理员处领。\n可信程度：一般")
    assert prompt.body.splitlines()[0] == f"将修改 {ENTRY}："
    assert "可信程度：方案 → 一般" in prompt.body
    done = await stage.tell(CITY_ADMIN, "确认")
    assert done.body == f"已改好，{ENTRY} 现在是第 1 版，马上生效。\n不对就发：/知识 回滚 {ENTRY} 0"
    assert "到本校系统管理员处领。" in (await stage.post(FIRST_ADMIN, KNOWN, at_bot=True)).body
    shown = await stage.tell(COUNTY_ADMIN, f"/知识 历史 {ENTRY}")
    assert shown.body.splitlines()[1] == "第 1 版 2017-02-20 08:00 岳阳市信息管理员 修改"
    back = await stage.confirm(CITY_ADMIN, f"/知识 回滚 {ENTRY} 0")
    assert "现在是第 2 版" in back.body
    assert (await stage.post(COUNTY_ADMIN, KNOWN, at_bot=True)).body == before


async def test_deleted_is_no_longer_answered_until_rolled_back(stage: Stage) -> None:
    done = await stage.confirm(CITY_ADMIN, f"/知识 删除 {ENTRY} 规定改了")
    assert done.body == f"已删除 {ENTRY}。\n要恢复发：/知识 回滚 {ENTRY} 0"
    assert f"编号 {ENTRY}" not in (await stage.tell(TEACHER, KNOWN)).body
    assert "可能已经删了" in (await stage.tell(CITY_ADMIN, f"/知识 看 {ENTRY}")).body
    await stage.confirm(CITY_ADMIN, f"/知识 回滚 {ENTRY} 0")
    assert f"编号 {ENTRY}" in (await stage.tell(TEACHER, KNOWN)).body


async def test_anyones_alias_waits_for_the_city(stage: Stage) -> None:
    listed = await stage.tell(THIRD_ADMIN, f"/知识 别名 {ENTRY}")
    assert listed.body.splitlines()[0] == f"{ENTRY}：{KNOWN}"
    proposed = await stage.tell(THIRD_ADMIN, f"/知识 别名 {ENTRY} {ALIAS}")
    assert proposed.body == "已记为 1 号提案，市级确认后生效，结果会告诉你。"
    done = await stage.confirm(CITY_ADMIN, "/知识 通过 1")
    assert done.body == f"已通过，{ENTRY} 多了一个问法，马上生效。"
    assert f"编号 {ENTRY}" in (await stage.tell(TEACHER, ALIAS)).body


async def test_the_citys_alias_is_confirmed_and_works(stage: Stage) -> None:
    prompt = await stage.tell(CITY_ADMIN, f"/知识 别名 {ENTRY} {ALIAS}")
    assert f"问法 加：“{ALIAS}”" in prompt.body
    await stage.tell(CITY_ADMIN, "确认")
    assert f"编号 {ENTRY}" in (await stage.tell(TEACHER, ALIAS)).body


# ---- 菜单、写错


async def test_the_bare_command_shows_what_one_may_do(stage: Stage) -> None:
    await ask_and_answer(stage)
    county = (await stage.tell(COUNTY_ADMIN, "/知识")).body.splitlines()
    assert county[0] == "知识维护：待答问题 0 个"
    assert "/知识 待答 [页]" in county
    assert not any("回滚" in line for line in county)
    city = (await stage.tell(CITY_ADMIN, "/知识")).body.splitlines()
    assert city[0] == "知识维护：待答问题 0 个，待定提案 1 个"
    assert "/知识 回滚 编号 版本" in city
    assert len(city) <= 16
    assert (await stage.tell(TEACHER, "/知识")).body.startswith("你还没有登记为管理员")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/知识 代答", "没有“代答”这种写法，是不是 /知识 待答？\n例如：/知识 待答 2"),
        ("/知识 回达 12 不用", "没有“回达”这种写法，是不是 /知识 回答？\n例如：/知识 回答 12"),
        ("/知识 怎么重置密码呀", "/知识 后面没有“怎么重置密码呀”这种写法，可以写：待答、"),
        ("/知识 回答 不用录", "请这样写：/知识 回答 编号 答案"),
        ("/知识 看", "请这样写：/知识 看 编号"),
        (f"/知识 修改 {ENTRY} 不用领", "请这样写：/知识 修改 编号 答：新答案"),
        (f"/知识 回滚 {ENTRY}", "请这样写：/知识 回滚 编号 版本"),
        (f"/知识 删除 {ENTRY}", "请这样写：/知识 删除 编号 原因"),
        ("/知识 通过", "请这样写：/知识 通过 编号"),
        ("/知识 通过 99", "没有第 99 号提案。发 /知识 待定 看编号。"),
        ("/知识 驳回 1", "请这样写：/知识 驳回 编号 原因"),
        ("/知识 待答 第x页", "请这样写：/知识 待答 [页]"),
        ("/知识 看 accounts.teacher.obtian", f"没有编号 accounts.teacher.obtian 的知识，是不是 {ENTRY}？"),
        ("/知识待答", "没有待答问题。"),
        (f"/知识 看{ENTRY}", f"{ENTRY}（出厂底本"),
    ],
)
async def test_what_is_written_wrong_is_shown_right(stage: Stage, typed: str, says: str) -> None:
    assert (await stage.tell(CITY_ADMIN, typed)).body.startswith(says)
