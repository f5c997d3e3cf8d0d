"""终端里的对话：抬头、时间、名片、引用、文件、折行与颜色。"""

from __future__ import annotations

import io

import pytest
from inline_snapshot import snapshot

from bot.sandbox.transcript import Transcript, display_width, wrap

GROUP = 900001
TEACHER = 20001


async def test_conversation_as_people_see_it(world, bot_side, clock):
    out = io.StringIO()
    world.subscribe(Transcript(world, out, width=60))
    first = await world.say(TEACHER, "密码忘了", group=GROUP, at_bot=True)
    reply = f"[CQ:reply,id={first.message_id}][CQ:at,qq={TEACHER}] 找本校系统管理员重置。\n依据：四（二）"
    await bot_side.data("send_group_msg", group_id=GROUP, message=reply)
    clock.advance(days=1)
    await world.send_file(TEACHER, "名单.xlsx", b"0" * 2048)
    await world.recall(first)
    assert out.getvalue() == snapshot("""\

═════════════════════ 2017-02-20 周一 ═════════════════════

── 群聊：岳阳县教师系统工作群（3 人） ──────────────────────
08:30  三中 王丽（教师 · 岳阳县第三中学）
       @教师系统助手 密码忘了
08:30  教师系统助手 [机器人]
       │ 三中 王丽：@教师系统助手 密码忘了
       @三中 王丽 找本校系统管理员重置。
       依据：四（二）

═════════════════════ 2017-02-21 周二 ═════════════════════

── 私聊：王丽 ──────────────────────────────────────────────
08:30  王丽（教师 · 岳阳县第三中学）
       [文件] 名单.xlsx（2.0 KB）

── 群聊：岳阳县教师系统工作群（3 人） ──────────────────────
       · 三中 王丽 撤回了一条消息
""")


async def test_colour_is_only_for_terminals(world):
    plain, coloured = io.StringIO(), io.StringIO()
    world.subscribe(Transcript(world, plain))
    world.subscribe(Transcript(world, coloured, colour=True))
    await world.say(TEACHER, "你好")
    assert "\x1b[" not in plain.getvalue()
    assert "\x1b[36;1m王丽" in coloured.getvalue()


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("中文", 4), ("a中", 3), ("e\u0301", 1), ("（）", 4)]
)
def test_width_counts_columns(text, width):
    assert display_width(text) == width


def test_wrap_keeps_punctuation_off_the_line_start_and_words_whole():
    lines = wrap("初审数据截止日期是二月，请尽快。see reminders_preview now", 24)
    assert all(display_width(line) <= 24 for line in lines)
    assert lines == ["初审数据截止日期是二月，", "请尽快。see", "reminders_preview now"]


def test_wrap_keeps_blank_lines():
    assert wrap("一\n\n二", 20) == ["一", "", "二"]
