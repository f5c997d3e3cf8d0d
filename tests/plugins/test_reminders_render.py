"""提醒的文字：群里只给数、只 @ 人，私聊写清报什么、怎么报。"""

from __future__ import annotations

from datetime import datetime
from types import ModuleType
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.app import Shell
from bot.chat.composing import Mention
from bot.domain.clock import SHANGHAI
from bot.domain.ladder import Step
from bot.domain.reminder_control import Foreseen, Received
from bot.domain.transport import Outgoing
from storage.obligations import ONCE, Duty
from storage.words import Channel, ObligationState
from tests.plugins.values import NOON, PLAN, task
from tests.stage import NURSERY, THIRD

FACTS: dict[str, Any] = {
    "deliverable": "first_review",
    "period": ONCE,
    "due_on": "2017-02-28",
    "final_due_on": "2017-02-28",
    "today": "2017-02-24",
    "label": "还有4天",
    "late": False,
    "batch": 1,
    "batches": 1,
    "owing": 3,
    "unassigned": 1,
    "names": ["岳阳县第三中学", "岳阳县第一中学", "岳阳县荣家湾中心幼儿园"],
    "units": [
        {"name": "岳阳县第三中学", "state": "owing", "reason": "", "final_due_on": "2017-02-28"},
        {"name": "岳阳县第一中学", "state": "returned", "reason": "缺照片", "final_due_on": "2017-02-28"},
    ],
}
QUARTER = {
    "deliverable": "quarterly",
    "period": "2017Q1",
    "due_on": "2017-03-20",
    "final_due_on": "2017-03-25",
    "today": "2017-03-10",
    "label": "还有10天",
}


@pytest.fixture(scope="module")
def render(shell: tuple[Shell, str]) -> ModuleType:
    """插件由 NoneBot 先装好，这里才能引用。"""
    from plugins.reminders import render

    return render


def _outgoing(facts: dict[str, Any], *mentions: int, channel: Channel = Channel.GROUP) -> Outgoing:
    return Outgoing("any", channel, 700001, "ABCDE", FACTS | facts, mentions)


def test_group_message(render: ModuleType) -> None:
    assert render.group(_outgoing({}, 10003, 10004), PLAN) == snapshot(
        (
            """\
【提醒】信息采集初审：2月28日（周二）截止，还有4天
还有 3 个单位没报\
""",
            "，请这几位尽快办理：\n",
            Mention(qq=10003),
            Mention(qq=10004),
            """\

其中 1 个单位还没有登记管理员，请审核单位联系\
""",
            """\

怎么报：/上报 初审 应采集52 已录入52 已审52
〔ABCDE〕\
""",
        )
    )


def test_group_message_in_batches_and_late(render: ModuleType) -> None:
    facts = {"batch": 2, "batches": 3, "late": True, "unassigned": 0}
    assert render.group(_outgoing(facts, 10003), PLAN)[0] == snapshot("""\
【提醒】信息采集初审：2月28日（周二）截止，还有4天（补发）（2/3）
还有 3 个单位没报\
""")


def test_group_message_names_no_school(render: ModuleType) -> None:
    parts = render.group(_outgoing({}, 10003), PLAN)
    assert all("中学" not in part for part in parts if isinstance(part, str))
    assert [part for part in parts if isinstance(part, Mention)] == [Mention(10003)]


def test_group_message_without_anybody_to_mention(render: ModuleType) -> None:
    assert "".join(render.group(_outgoing({"unassigned": 3}), PLAN)) == snapshot("""\
【提醒】信息采集初审：2月28日（周二）截止，还有4天
还有 3 个单位没报
其中 3 个单位还没有登记管理员，请审核单位联系
怎么报：/上报 初审 应采集52 已录入52 已审52
〔ABCDE〕\
""")


def test_private_message(render: ModuleType) -> None:
    assert render.private(_outgoing({}, channel=Channel.PRIVATE), PLAN)[0] == snapshot("""\
【提醒】信息采集初审：2月28日（周二）截止，还有4天
岳阳县第三中学：还没报
岳阳县第一中学：被退回，原因：缺照片
学校完成教师信息采集和初审，报应采集、已录入、已审的人数。
怎么报：/上报 初审 应采集52 已录入52 已审52
已经报了还收到，请发 /提醒 为什么 〔ABCDE〕\
""")


def test_private_message_of_a_quarter_names_both_dates(render: ModuleType) -> None:
    units = [{**FACTS["units"][0], "final_due_on": "2017-03-25"}]
    text = render.private(_outgoing(QUARTER | {"units": units}, channel=Channel.PRIVATE), PLAN)[0]
    assert text == snapshot("""\
【提醒】信息更新季报2017Q1：县里3月20日周一、全市3月25日周六截止，还有10天
岳阳县第三中学：还没报
把本季度的教师信息更新登记表（附件3）电子稿报送备案。
怎么报：/季报 报送（本季度没有变更发 /零报告）
已经报了还收到，请发 /提醒 为什么 〔ABCDE〕\
""")


def test_derived_task_is_not_done_rather_than_not_reported(render: ModuleType) -> None:
    facts = {"deliverable": "finish", "due_on": "2017-03-31", "final_due_on": "2017-03-31"}
    assert "还没完成" in render.private(_outgoing(facts, channel=Channel.PRIVATE), PLAN)[0]
    assert "还有 3 个单位没完成" in render.group(_outgoing(facts), PLAN)[0]
    assert "还有 3 个没完成：" in render.digest(_outgoing(facts, channel=Channel.PRIVATE), PLAN)[0]


def test_digest(render: ModuleType) -> None:
    assert render.digest(_outgoing({}, channel=Channel.PRIVATE), PLAN)[0] == snapshot("""\
【提醒】信息采集初审：2月28日（周二）截止，还有4天
你审核的单位还有 3 个没报：
岳阳县第三中学、岳阳县第一中学、岳阳县荣家湾中心幼儿园
其中 1 个没有登记管理员，提醒不到，请直接联系或发 /邀请
名单发 /未报 初审 〔ABCDE〕\
""")


def test_long_digest_is_cut(render: ModuleType) -> None:
    facts = {"names": [f"样例{number}小学" for number in range(30)], "owing": 30, "unassigned": 0}
    text = render.digest(_outgoing(facts, channel=Channel.PRIVATE), PLAN)[0]
    assert text.count("小学") == 15
    assert "样例14小学……" in text


def test_preview(render: ModuleType) -> None:
    at = datetime(2017, 2, 27, 9, 0, tzinfo=SHANGHAI)
    due = task("first_review").due
    one = Foreseen(
        at=at,
        step=Step("before1", 1, at, "还有1天"),
        deliverable=task("first_review"),
        duty=Duty(THIRD.code, "first_review", ONCE, due, due, "YY04"),
        unit=THIRD,
        state=ObligationState.OWING,
        administrators=(10003,),
        groups=(),
    )
    other = Foreseen(at, one.step, one.deliverable, one.duty, NURSERY, ObligationState.OWING, (), ())
    assert render.preview([one, other]) == snapshot("""\
今后 30 天会发的提醒（按现在还欠着的算）：
· 2月27日（周一）09:00 初审，还有1天：2 个单位（1 个没有管理员）\
""")
    assert render.preview([]) == snapshot("今后 30 天没有要发的提醒。")


def test_now_and_usage(render: ModuleType) -> None:
    assert render.now_prompt("岳阳县", task("first_review"), 3) == snapshot(
        "将立即提醒岳阳县 信息采集初审还没报的 3 个单位（群里 @ 和私聊）。"
    )
    assert render.now_sent(4) == snapshot("已开始提醒，共 4 条消息。")
    assert render.now_sent(0) == snapshot("没有新的消息要发：一小时内已经提醒过，或找不到群和管理员。")
    assert render.usage() == snapshot("""\
请这样写：
/提醒 预览
/提醒 立即 初审
/提醒 立即 初审 岳阳县第三中学
/提醒 为什么\
""")


def test_why(render: ModuleType) -> None:
    received = [Received(THIRD, "信息采集初审", "before3", NOON, "已发")] * 2
    assert render.why(received) == snapshot("""\
最近提醒你的原因（还欠着才会提醒）：
· 2月24日（周五）12:00 岳阳县第三中学 信息采集初审还没完成（已发）\
""")
    assert render.why([]) == snapshot("最近没有提醒过你的单位。")
