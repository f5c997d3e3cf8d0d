"""答问的文字：第一行就是答案。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.composing import Mention, Parts
from faq.entries import Entry

from .courtesy import Courtesy


def suggestions(entries: Sequence[Entry]) -> str:
    """拿不准时给两三个编号。"""
    lines = ["你是不是想问："]
    lines += [f"{number}. {entry.question}" for number, entry in enumerate(entries, start=1)]
    lines.append("回复编号看答案；都不是就发 /转人工")
    return "\n".join(lines)


def unknown(number: int) -> str:
    """不知道就直说。"""
    return (
        f"这个问题知识库里还没有，已记为待答问题（{number} 号），有人答了会告诉你。\n"
        "着急请找本校信息管理员，或发 /转人工"
    )


def nothing_asked(*, in_group: bool) -> str:
    """对机器人说话却没有写问题。"""
    example = "@我 忘记密码怎么办" if in_group else "忘记密码怎么办"
    return f"请直接写问题，例如：{example}\n发 /帮助 看我还能做什么。"


def courtesy(kind: Courtesy) -> str:
    """寒暄的一句回话。"""
    words = {
        Courtesy.GREETING: "你好，我是教师系统工作群的助手。有问题直接写，例如：忘记密码怎么办\n"
        "发 /帮助 看我还能做什么。",
        Courtesy.THANKS: "不客气。",
        Courtesy.DISSATISFIED: "抱歉没帮上。换个说法再问一次，或发 /转人工 把问题转给管理员。",
        Courtesy.NUMBER: "现在没有等你选的编号，可能已经过时，请把问题再发一遍。",
    }
    return words[kind]


def hand_off_usage() -> str:
    """转人工的写法。"""
    return "请把问题写在后面，例如：/转人工 我们学校的账号登不上"


def handed_off(number: int, office: str, people: int) -> str:
    """转给了谁。"""
    if people:
        return f"已转给{office}的管理员（{number} 号），答了会告诉你。"
    return f"已记为待答问题（{number} 号）。{office}还没有登记管理员，着急请直接联系他们。"


def hand_off_notice(facts: Mapping[str, Any]) -> str:
    """给管理员的转人工消息。"""
    return (
        f"有人转人工（{facts['number']} 号）：{facts['question']}\n"
        f"来自：{facts['source']}（QQ {facts['qq']}）\n"
        f"直接回答请发：/知识 回答 {facts['number']} 你的答案"
    )


def answered(facts: Mapping[str, Any], *, in_group: bool) -> Parts:
    """待答问题有人答了，告诉提问的人。"""
    text = f"你问的“{facts['question']}”有答复了：\n{facts['answer']}"
    return (Mention(int(facts["asked_by"])), text) if in_group else (text,)
