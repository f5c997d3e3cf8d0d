"""答问的文字：第一行就是答案。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.answer_card import fact_lines, with_lines
from bot.chat.composing import Mention, Parts
from bot.domain.asker_facts import AskerFacts
from bot.domain.askers import Asker
from bot.domain.blank_forms import NAMES
from bot.plan.values import Contact
from faq.entries import Entry

from .courtesy import Courtesy

FORM_WORD = "表格"


def answer(card: str, facts: AskerFacts, asker: Asker, contact: Contact, *, in_group: bool) -> str:
    """一个答案：卡片，后面是与提问人有关的事实，用得着表的加一句怎么要。"""
    lines = fact_lines(facts, asker, contact)
    if facts.form is not None:
        named = f"附件{facts.form}空表"
        lines.append(f"空表请私聊我发：{named}" if in_group else f"要{named}回复“{FORM_WORD}”")
    return with_lines(card, lines, in_group=in_group)


def pointer(entry: Entry) -> str:
    """群里刚答过同一条：指一指，不再发全文。"""
    return f"上面刚答过：{entry.question}（编号 {entry.id}）"


def form_sent(number: int) -> str:
    """空白表随后发来。"""
    return f"附件{number} {NAMES[number]}的空表发给你了，打印后手填。"


def suggestions(entries: Sequence[Entry]) -> str:
    """拿不准时给两三个编号。"""
    lines = ["你是不是想问："]
    lines += [f"{number}. {entry.question}" for number, entry in enumerate(entries, start=1)]
    lines.append("回复编号看答案；都不是就发 /转人工")
    return "\n".join(lines)


def none_of_them() -> str:
    """候选都不合适。"""
    return "那请换个说法再问一次，或发 /转人工，我把刚才的问题转给管理员。"


def unknown(number: int, *, in_group: bool) -> str:
    """不知道就直说；私聊里回一个字就能转。"""
    ask = "发 /转人工" if in_group else "回复“转”，转给管理员"
    return (
        f"这个问题知识库里还没有，已记为待答问题（{number} 号），有人答了会告诉你。\n"
        f"着急请找本校信息管理员，或{ask}"
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
        Courtesy.SATISFIED: "谢谢反馈。",
        Courtesy.NUMBER: "现在没有等你选的编号，可能已经过时，请把问题再发一遍。",
    }
    return words[kind]


def sorry(entries: Sequence[Entry]) -> str:
    """说没用：道歉，另给两条；没有别的可给就请他换个说法。"""
    first = "抱歉，已记下。换个说法再问，或发 /转人工"
    if not entries:
        return first
    lines = [f"{number}. {entry.question}" for number, entry in enumerate(entries, start=1)]
    return "\n".join([first, "也许是想问（回复编号）：", *lines])


def answered(facts: Mapping[str, Any], *, in_group: bool) -> Parts:
    """待答问题有人答了，告诉提问的人。"""
    text = f"你问的“{facts['question']}”有答复了：\n{facts['answer']}"
    return (Mention(int(facts["asked_by"])), text) if in_group else (text,)
