"""/重置密码 全程：老师提、系统管理员收、记完成、老师得到通知；密码既不回显也不落库。"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.reset_words import NO_SECRETS
from storage.words import Role
from tests.chat.asking import audit, spoken
from tests.stage import (
    CITY_ADMIN,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    MUNICIPAL_ADMIN,
    TEACHER,
    THIRD,
    THIRD_SYSTEM,
    Stage,
)

ONE_LINE = "/重置密码 岳阳县第三中学 周样例"


@pytest.fixture
async def served(stage: Stage) -> Stage:
    """县三中有系统管理员。"""
    await stage.enlist(THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN, "李样例")
    return stage


async def test_asked_and_answered_in_a_dialogue(served: Stage) -> None:
    question = await served.tell(TEACHER, "/重置密码")
    assert question.body.startswith("哪个学校、你的姓名？")
    assert "不要发身份证号和密码" in question.body
    reply = await served.tell(TEACHER, "岳阳县第三中学 周样例")
    assert reply.body.splitlines()[0] == "已转给岳阳县第三中学的管理员（1 号），重置好了会告诉你。"


async def test_the_whole_way(served: Stage) -> None:
    await served.tell(TEACHER, ONE_LINE)
    await served.office.sweep.run()
    notice = spoken(served, private=THIRD_SYSTEM)[-1]
    assert notice.startswith("有老师请求重置自助密码（1 号）：周样例，岳阳县第三中学（QQ 10006）。")
    assert "/重置密码 完成 1" in notice
    done = await served.tell(THIRD_SYSTEM, "/重置密码 完成 1")
    assert done.body.startswith("已记完成：1 号 岳阳县第三中学 周样例")
    await served.office.sweep.run()
    told = spoken(served, private=TEACHER)[-1]
    assert told.splitlines() == [
        "你的自助密码已重置（1 号）。",
        "请找岳阳县第三中学的系统管理员当面领取初始密码，首次登录后立即修改。",
    ]


async def test_an_ambiguous_school_is_chosen_by_number(served: Stage) -> None:
    await served.tell(TEACHER, "/重置密码")
    choices = await served.tell(TEACHER, "县三中 周样例")
    assert "回复编号选一个" in choices.body
    reply = await served.tell(TEACHER, "1")
    assert reply.body.startswith("已转给岳阳县第三中学的管理员（1 号）")


@pytest.mark.parametrize(
    "secret",
    ["岳阳县第三中学 周样例 Abc12345!", "我的密码是Qwer1234", "岳阳县第三中学 周样例 430621198001011237"],
)
async def test_a_password_is_neither_echoed_nor_kept(served: Stage, secret: str, tmp_path: Path) -> None:
    await served.tell(TEACHER, "/重置密码")
    reply = await served.tell(TEACHER, secret)
    assert reply.body.splitlines()[0] == NO_SECRETS
    await served.office.sweep.run()
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("test.db*"))
    for word in ("Abc12345", "Qwer1234", "430621198001011237"):
        assert word not in reply.body
        assert word.encode() not in kept
    assert (await served.tell(TEACHER, "岳阳县第三中学 周样例")).body.startswith("已转给")


async def test_the_dialogue_can_be_left(served: Stage) -> None:
    await served.tell(TEACHER, "/重置密码")
    assert (await served.tell(TEACHER, "取消")).body == "已取消。"
    await served.tell(TEACHER, "/重置密码")
    await served.tell(TEACHER, "/节点")
    assert "已转给" not in (await served.tell(TEACHER, "岳阳县第三中学 周样例")).body


async def test_half_an_answer_is_asked_again(served: Stage) -> None:
    await served.tell(TEACHER, "/重置密码")
    again = await served.tell(TEACHER, "岳阳县第三中学")
    assert again.body.startswith("请写学校全名和你的姓名")
    assert again.body.endswith("不办了回复“取消”。")
    assert (await served.tell(TEACHER, "岳阳县第三中学 周样例")).body.startswith("已转给")


async def test_a_late_answer_is_told_it_is_late(served: Stage) -> None:
    await served.tell(TEACHER, "/重置密码")
    await served.move(2017, 2, 20, 8, 15)
    assert (await served.tell(TEACHER, "岳阳县第三中学 周样例")).body.startswith("刚才那件事等太久")


async def test_another_schools_admin_cannot_complete_it_and_it_is_audited(served: Stage) -> None:
    await served.tell(TEACHER, ONE_LINE)
    for who in (FIRST_ADMIN, MUNICIPAL_ADMIN, CITY_ADMIN, TEACHER):
        reply = await served.tell(who, "/重置密码 完成 1")
        assert "周样例" not in reply.body
        (entry,) = await audit(served, 1)
        assert (entry.action, entry.outcome, entry.actor_qq) == ("/重置密码", "denied", who)
    assert (await served.tell(THIRD_SYSTEM, "/重置密码 完成 1")).body.startswith("已记完成")


async def test_the_county_gets_it_where_the_school_has_nobody(served: Stage) -> None:
    reply = await served.tell(TEACHER, "/重置密码 岳阳县第一中学 周样例")
    assert reply.body.startswith("岳阳县第一中学没有能办的系统管理员，已转给岳阳县的管理员（1 号）")
    await served.office.sweep.run()
    assert "（1 号）：周样例" in spoken(served, private=COUNTY_ADMIN)[-1]


async def test_at_the_city_it_says_whom_to_appoint(served: Stage) -> None:
    await served.tell(TEACHER, "/重置密码 岳阳市第一中学 周样例")
    await served.office.sweep.run()
    notice = spoken(served, private=CITY_ADMIN)[-1]
    assert "/邀请 岳阳市第一中学 系统管理员" in notice
    assert "完成 1" not in notice


async def test_the_list(served: Stage) -> None:
    assert (await served.tell(THIRD_SYSTEM, "/重置密码 列表")).body == "没有待办的重置密码请求。"
    await served.tell(TEACHER, ONE_LINE)
    reply = await served.tell(THIRD_SYSTEM, "/重置密码 列表")
    assert reply.body.splitlines()[1] == "1 号 岳阳县第三中学 周样例（QQ 10006），今天提的"
    assert "周样例" not in (await served.tell(FIRST_ADMIN, "/重置密码 列表")).body


async def test_the_fourth_of_a_day_is_refused(served: Stage) -> None:
    for school in ("岳阳县第三中学", "岳阳县第一中学", "华容县第三中学"):
        assert "已转给" in (await served.tell(TEACHER, f"/重置密码 {school} 周样例")).body
    refused = await served.tell(TEACHER, "/重置密码 岳阳市第一中学 周样例")
    assert refused.body.startswith("你今天已经提了 3 次")


async def test_the_same_again_is_only_reported(served: Stage) -> None:
    await served.tell(TEACHER, ONE_LINE)
    assert (await served.tell(TEACHER, ONE_LINE)).body.startswith("这件事你提过了（1 号）")


async def test_in_a_group_it_is_recalled_and_sent_to_the_private_chat(served: Stage) -> None:
    reply = await served.post(TEACHER, ONE_LINE, group=COUNTY_GROUP)
    assert reply.body == "/重置密码 请私聊我办理，群里不处理。"
    assert served.world.messages(group=COUNTY_GROUP)[0].recalled


@pytest.mark.parametrize("typed", ["/重置密码 完成", "/重置密码 完成 七", "/重置密码 完成 99999999999"])
async def test_completing_needs_a_number(served: Stage, typed: str) -> None:
    assert (await served.tell(THIRD_SYSTEM, typed)).body.startswith("请写编号")


async def test_no_reply_ever_asks_for_a_password(served: Stage) -> None:
    await served.tell(TEACHER, "/重置密码")
    await served.tell(TEACHER, "岳阳县第三中学 周样例")
    await served.office.sweep.run()
    await served.tell(THIRD_SYSTEM, "/重置密码 完成 1")
    await served.office.sweep.run()
    said = [*spoken(served, private=TEACHER), *spoken(served, private=THIRD_SYSTEM)]
    assert said
    assert not any(
        word in text for text in said for word in ("请发密码", "请告诉我密码", "你的密码是", "发给我密码")
    )
