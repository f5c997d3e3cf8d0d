"""转人工：/转人工、私聊里不知道时回“转”，以及给管理员、给提问人的几种消息。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.composing import Parts, composes
from bot.chat.messages import folded
from bot.chat.registry import command
from bot.domain.errors import BadInput
from bot.domain.hand_off_notices import (
    HAND_OFF_GROUP_KIND,
    HAND_OFF_KIND,
    HAND_OFF_MOVED_KIND,
    HAND_OFF_REMINDER_KIND,
    Background,
)
from bot.domain.transport import Outgoing
from bot.plan.values import Plan
from storage.words import Channel

from . import render_hand_off as render


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
        raise BadInput(render.usage())
    return await _pass_on(call, question)


def offer_hand_off(call: Call, question: str) -> None:
    """私聊里答不上：等他回一个“转”。"""

    async def wanted(again: Call, _word: str) -> str:
        return await _pass_on(again, question)

    if not call.in_group:
        call.offer_word(render.PASS_ON, wanted)


async def _pass_on(call: Call, question: str) -> str:
    done = await call.services.hand_off.pass_on(call.actor, question, _background(call, question))
    return render.handed_off(done, call.services.context.plan.contact)


def _background(call: Call, question: str) -> Background:
    """他刚才在这里还说过的、机器人给过的。"""
    turns = call.memory.turns.recent(call.spot, call.services.context.now())
    said = dict.fromkeys(turn.text for turn in turns if turn.text not in question)
    given = dict.fromkeys(entry_id for turn in turns for entry_id in turn.given)
    return Background(tuple(said), tuple(given))


@composes(HAND_OFF_KIND)
def compose_hand_off(outgoing: Outgoing, _plan: Plan) -> Parts:
    """转人工的通知。"""
    return (render.notice(outgoing.facts),)


@composes(HAND_OFF_REMINDER_KIND)
def compose_reminder(outgoing: Outgoing, _plan: Plan) -> Parts:
    """没人答，催一次。"""
    return (render.reminder(outgoing.facts, outgoing.code),)


@composes(HAND_OFF_GROUP_KIND)
def compose_in_group(outgoing: Outgoing, _plan: Plan) -> Parts:
    """私聊送不到，到群里 @ 一声。"""
    return render.in_group(outgoing)


@composes(HAND_OFF_MOVED_KIND)
def compose_moved(outgoing: Outgoing, plan: Plan) -> Parts:
    """转给上一级了，告诉提问的人。"""
    return render.moved(outgoing.facts, plan.contact, in_group=outgoing.channel is Channel.GROUP)
