"""/移交：要移交码、收回移交码；用掉以后给双方和上级的通知。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.composing import Parts, composes
from bot.chat.grammar import take_role
from bot.chat.messages import Reply
from bot.chat.registry import command
from bot.domain.errors import BadInput
from bot.domain.succession import HAND_OVER, HANDED_OVER_KIND, SUCCEEDED_KIND
from bot.domain.targets import named_unit
from bot.domain.transport import Outgoing
from bot.plan.values import Plan

from . import render_handover as render


@command(
    "移交",
    aliases=("handover",),
    action=HAND_OVER,
    summary="把自己的角色移交给接任人",
    examples=("/移交 信息管理员", "/移交 信息管理员 岳阳县第三中学", "/移交 取消"),
    menu="我",
)
async def hand_over(call: Call) -> Reply | str:
    """/移交 角色 [单位]；/移交 取消。"""
    if call.words[:1] == ["取消"]:
        return render.cancelled(await call.services.handover.cancel(call.actor))
    context = call.services.context
    context.require(call.actor, HAND_OVER)
    role, rest = take_role(call.words)
    if role is None:
        raise BadInput(render.usage(call.actor))
    unit = named_unit(context, call.actor, " ".join(rest)) if rest else None
    seat = call.services.handover.seat(call.actor, role, unit)

    async def confirmed(again: Call) -> str:
        return render.code(await again.services.handover.offer(again.actor, seat))

    return call.ask_confirmation(render.prompt(seat), confirmed)


@composes(HANDED_OVER_KIND)
def compose_handed_over(outgoing: Outgoing, plan: Plan) -> Parts:
    """告诉移交人：有人接了。"""
    return render.handed_over(outgoing)


@composes(SUCCEEDED_KIND)
def compose_succeeded(outgoing: Outgoing, plan: Plan) -> Parts:
    """告诉上级：换了人。"""
    return render.succeeded(outgoing)
