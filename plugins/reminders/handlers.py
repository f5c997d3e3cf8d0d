"""提醒：预览、立即、为什么；以及三种提醒消息的写法。"""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.call import Call
from bot.chat.composing import Parts, composes
from bot.chat.grammar import split_item
from bot.chat.messages import Reply
from bot.chat.registry import command
from bot.domain.errors import BadInput
from bot.domain.reminder_control import CONTROL, Foreseen
from bot.domain.reminding import DIGEST_KIND, GROUP_KIND, PRIVATE_KIND
from bot.domain.targets import target_unit
from bot.domain.transport import Outgoing
from bot.plan.values import Plan

from . import render


@command(
    "提醒",
    aliases=("remind",),
    action="why was I reminded",
    summary="预览、立即提醒，或问为什么提醒我",
    examples=("/提醒 为什么", "/提醒 预览", "/提醒 立即 初审"),
    menu="审核",
)
async def remind(call: Call) -> Reply | str:
    """/提醒 预览 [任务]；/提醒 立即 任务 [单位]；/提醒 为什么。"""
    first = call.words[0] if call.words else ""
    words = split_item(" ".join(call.words[1:]), call.services.context.plan)
    control = call.services.reminder_control
    if first == "预览":
        found = await control.preview(call.actor, words.item)
        return render.preview(found, _unpublished(call, found))
    if first == "为什么":
        return render.why(await control.why(call.actor))
    if first != "立即" or words.item is None:
        raise BadInput(render.usage())
    item = words.item
    unit = target_unit(call.services.context, call.actor, CONTROL, words.others)
    owing = await control.owing_now(call.actor, unit, item)

    async def confirmed(again: Call) -> str:
        return render.now_sent(await control.send_now(again.actor, unit, item))

    return call.ask_confirmation(render.now_prompt(unit.name, item, len(owing)), confirmed)


def _unpublished(call: Call, found: Sequence[Foreseen]) -> list[str]:
    """牵涉到的年份里，放假安排还没公布的。"""
    context = call.services.context
    years = sorted({one.at.year for one in found})
    template = context.plan.wording["unpublished"]
    return [template.format(year=year) for year in years if not context.calendar.published(year)]


@composes(GROUP_KIND)
def compose_group(outgoing: Outgoing, plan: Plan) -> Parts:
    """群提醒。"""
    return render.group(outgoing, plan)


@composes(PRIVATE_KIND)
def compose_private(outgoing: Outgoing, plan: Plan) -> Parts:
    """私聊提醒。"""
    return render.private(outgoing, plan)


@composes(DIGEST_KIND)
def compose_digest(outgoing: Outgoing, plan: Plan) -> Parts:
    """给审核单位的名单数。"""
    return render.digest(outgoing, plan)
