"""转人工的文字：给管理员的写清问题和怎么回，群里的不带问题内容。"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.composing import Mention, Parts
from bot.domain.handing_off import Handed, PassedOn
from bot.domain.transport import Outgoing
from bot.plan.values import Contact

PASS_ON = "转"
SHOWN_QUESTION = 40


def usage() -> str:
    """转人工的写法。"""
    return "请把问题写在后面，例如：/转人工 我们学校的账号登不上"


def handed_off(done: PassedOn, contact: Contact) -> str:
    """转给了谁；没有人可送的如实说。"""
    number, office = done.number, done.office
    if done.outcome is Handed.SENT:
        return f"已转给{office}的管理员（{number} 号），答了会告诉你。"
    if done.outcome is Handed.ALREADY:
        return f"已经转给{office}的管理员了（{number} 号），还没有人答，不用再转，答了会告诉你。"
    if done.outcome is Handed.REMINDED:
        return f"之前已转给{office}的管理员（{number} 号），刚又提醒了一次，答了会告诉你。"
    nobody = "没有转出去：从你的单位到市里，都还没有登记管这件事的管理员。"
    return f"{nobody}\n已记为待答问题（{number} 号）。{_urgent(contact)}"


def notice(facts: Mapping[str, Any]) -> str:
    """给管理员的转人工消息。"""
    lines = [f"有人转人工（{facts['number']} 号）：{facts['question']}"]
    lines += _background(facts)
    if facts.get("waited"):
        lines.append(f"{facts['waited']}一直没有答，转到你这里")
    return "\n".join([*lines, _how(facts)])


def reminder(facts: Mapping[str, Any], code: str) -> str:
    """还没有人答，催一次。"""
    lines = [f"还没有人答（{facts['number']} 号）：{facts['question']}", *_background(facts)]
    return "\n".join([*lines, f"{_how(facts)} 〔{code}〕"])


def _background(facts: Mapping[str, Any]) -> list[str]:
    lines = [f"来自：{facts['source']}（QQ {facts['qq']}）"]
    if facts.get("said"):
        lines.append(f"之前说过：{'；'.join(facts['said'])}")
    if facts.get("given"):
        lines.append(f"机器人给过：{'、'.join(facts['given'])}")
    return lines


def _how(facts: Mapping[str, Any]) -> str:
    """怎么回；权限表里不能在机器人里回答的，直接联系本人或请能答的人答。"""
    if facts["able"]:
        return f"回答请发：/知识 回答 {facts['number']} 你的答案"
    return (
        f"你可以直接联系他；要机器人转告，请{facts['office']}信息管理员发：/知识 回答 {facts['number']} 答案"
    )


def in_group(outgoing: Outgoing) -> Parts:
    """群里的一声，不带问题内容；他不在这个群里就不 @。"""
    text = f"有 {outgoing.facts['count']} 个转人工的问题等你，请加我好友后发 /知识 待答 〔{outgoing.code}〕"
    if outgoing.mentions:
        return (*(Mention(qq) for qq in outgoing.mentions), text)
    return (text.replace("等你", "等管理员"),)


def moved(facts: Mapping[str, Any], contact: Contact, *, in_group: bool) -> Parts:
    """告诉提问的人：转给上一级了；上面也没有人的如实说。"""
    question = str(facts["question"])
    shown = question if len(question) <= SHOWN_QUESTION else f"{question[:SHOWN_QUESTION]}…"
    head = f"你问的“{shown}”（{facts['number']} 号）还没有人答"
    if facts["office"]:
        text = f"{head}，已转给{facts['office']}的管理员，答了会告诉你。"
    else:
        text = f"{head}，上面也没有能转的人了。{_urgent(contact)}"
    return (Mention(int(facts["asked_by"])), text) if in_group else (text,)


def _urgent(contact: Contact) -> str:
    how = f"打{contact.office}电话 {contact.phone}" if contact.phone else f"直接联系{contact.office}"
    return f"着急请{how}。"
