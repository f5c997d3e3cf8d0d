"""对答复的反馈：引用那条（或刚被答复的人直接）说没用、有用、👍；没用的道歉并另给两条。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.messages import Reply
from bot.chat.router import CHAIN
from faq.entries import Entry
from storage.answers import AnswerRecord
from storage.words import AnswerKind, Feedback

from . import render
from .courtesy import Courtesy, courtesy
from .handlers import offer_entries

# 说有用没用的话没有这么长
LONGEST = 12
OPINIONS = {Courtesy.DISSATISFIED: Feedback.BAD, Courtesy.SATISFIED: Feedback.GOOD}
OTHERS = 2
LIKELY = 0.3  # 得分到第一名的这么多，才算说得通
READ = 4


@CHAIN.guard
async def hear_opinion(call: Call) -> Reply | str | None:
    """群里每句话都过这里：先看短不短、说的是不是机器人的答复，都在内存里。"""
    record = _answer_meant(call) if len(call.arguments) <= LONGEST else None
    if record is None:
        return None
    kind = courtesy(call.arguments)
    opinion = OPINIONS.get(kind) if kind is not None else None
    if opinion is None or not call.services.answer_log.rate(record, call.actor.qq, opinion):
        return None
    if opinion is Feedback.GOOD:
        return None if call.in_group else render.courtesy(Courtesy.SATISFIED)
    others = _others(call, record)
    if others:
        offer_entries(call, others, record.question)
    return render.sorry(others)


def _answer_meant(call: Call) -> AnswerRecord | None:
    """他说的是哪一次答复：引用了就是那条；没引用、也没 @ 别人，就是刚答他的。"""
    log, message = call.services.answer_log, call.message
    if message.quote_id:
        return log.quoted(call.actor, message.quote_id)
    return None if message.mentions else log.latest(call.actor, call.services.context.now())


def _others(call: Call, record: AnswerRecord) -> tuple[Entry, ...]:
    """同一个问题排在后面、也还说得通的两条；本来就没给答案的不给。"""
    if record.kind is not AnswerKind.ANSWER:
        return ()
    knowledge = call.services.answering.knowledge
    hits = knowledge.retriever.search(record.question, READ)
    floor = LIKELY * max((hit.score for hit in hits), default=0.0)
    close = [hit.id for hit in hits if hit.score >= floor and hit.id != record.entry_id]
    found = map(knowledge.entries.get, close)
    return tuple(entry for entry in found if entry is not None)[:OTHERS]
