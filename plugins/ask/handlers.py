"""答问：对机器人说的话就答，拿不准给几个编号，不知道就直说并记下来。"""

from __future__ import annotations

import re

from bot.chat.call import Call
from bot.chat.composing import Parts, composes
from bot.chat.messages import folded
from bot.chat.registry import command
from bot.chat.router import CHAIN
from bot.domain.errors import BadInput
from bot.domain.transport import Outgoing
from bot.plan.values import Plan
from storage.words import Channel

from . import render
from .courtesy import Courtesy, courtesy

SHORT = 6
# 没有实在内容、指着引用的那条说的话
POINTING = re.compile(
    r"(?:这个?|那个?|上面|同问|请问|问一?下|我也想问|怎么[办弄搞]|怎样|咋[办弄]|求[助解]|帮[忙看一下]*|[呢吗啊呀?？!！。,，\s])*"
)


@command(
    "问",
    aliases=("ask", "提问"),
    action="ask a question",
    summary="问操作问题",
    examples=("/问 怎么重置密码", "@我 退休老师要录吗"),
    menu="问答",
)
async def ask(call: Call) -> str | None:
    """/问 问题；也可以引用一条消息发 /问。"""
    return await _answer(call, await _turns(call), overheard=False)


@CHAIN.question
async def hear(call: Call) -> str | None:
    """@ 机器人、私聊、引用，以及自动答问的群里没 @ 的话。"""
    if call.message.to_me:
        return await _answer(call, await _turns(call), overheard=False)
    if call.message.mentions or call.message.quote_id:
        return None
    return await _answer(call, [call.arguments], overheard=True)


async def _turns(call: Call) -> list[str]:
    """要答的话；引用了别人又只写了“这个呢”就答引用的那条，写得短就接着那条理解。"""
    if len(call.arguments) > SHORT or not call.message.quote_id:
        return [call.arguments]
    quoted = folded(await call.quoted_text())
    if quoted and POINTING.fullmatch(call.arguments):
        return [quoted]
    return [quoted, call.arguments] if quoted else [call.arguments]


async def _answer(call: Call, turns: list[str], *, overheard: bool) -> str | None:
    answering, question = call.services.answering, turns[-1]
    if not overheard:
        if not question:
            return render.nothing_asked(in_group=call.in_group)
        kind = courtesy(question)
        if kind is not None:
            return None if kind is Courtesy.NOTHING else render.courtesy(kind)
        call.dialogues.note_question(call.actor, " ".join(turns), call.services.context.now())
    outcome = answering.decide(call.actor, turns, overheard=overheard)
    if outcome.entry is not None:
        return answering.knowledge.card(outcome.entry)
    if outcome.suggestions and not overheard:
        entries = outcome.suggestions

        async def chosen(_call: Call, word: str) -> str:
            return answering.knowledge.card(entries[int(word) - 1])

        call.offer_choices(len(entries), chosen)
        return render.suggestions(entries)
    if overheard:
        return None
    return render.unknown(await call.services.questions.leave_open(call.actor, " ".join(turns)))


@command(
    "转人工",
    aliases=("human", "人工"),
    action="ask for a human",
    summary="把问题转给管理员",
    examples=("/转人工 我们学校的账号登不上",),
    menu="问答",
)
async def hand_off(call: Call) -> str:
    """/转人工 [问题]；没写就转他刚才问的那句，或引用的那条。"""
    question = call.arguments or call.dialogues.last_question(call.actor, call.services.context.now())
    question = question or folded(await call.quoted_text())
    if not question:
        raise BadInput(render.hand_off_usage())
    number, office, people = await call.services.hand_off.pass_on(call.actor, question)
    return render.handed_off(number, office.name, people)


@composes("hand_off")
def compose_hand_off(outgoing: Outgoing, _plan: Plan) -> Parts:
    """转人工的通知。"""
    return (render.hand_off_notice(outgoing.facts),)


@composes("question_answered")
def compose_answered(outgoing: Outgoing, _plan: Plan) -> Parts:
    """待答问题的答复。"""
    return render.answered(outgoing.facts, in_group=outgoing.channel is Channel.GROUP)
