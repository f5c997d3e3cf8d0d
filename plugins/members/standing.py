"""/停用、/管理员、/在任：谁在任、谁不能再用；以及停用、复核的通知。"""

from __future__ import annotations

import re

from bot.chat.call import Call
from bot.chat.composing import Parts, composes
from bot.chat.messages import File, Reply
from bot.chat.registry import command
from bot.domain.administrators import LIST
from bot.domain.errors import BadInput
from bot.domain.standing import FREEZE, FROZEN_KIND, LEFT_KIND, RESTORED_KIND, clean_reason
from bot.domain.standing_review import ASKED_KIND, OWN, SILENT_KIND
from bot.domain.targets import target_unit
from bot.domain.transport import Outgoing
from bot.plan.values import Plan

from . import render_standing as render

QQ_NUMBER = re.compile(r"[1-9]\d{4,11}")


@command(
    "停用",
    aliases=("freeze",),
    action=FREEZE,
    summary="停用或恢复一位管理员",
    examples=("/停用 10003 调离本校", "/停用 恢复 10003"),
    menu="管理",
)
async def freeze(call: Call) -> Reply:
    """/停用 QQ号 原因；/停用 恢复 QQ号。"""
    call.services.context.require(call.actor, FREEZE)
    words = call.words
    if words[:1] == ["恢复"]:
        return await _restore(call, words[1:])
    if len(words) < 2 or not QQ_NUMBER.fullmatch(words[0]):
        raise BadInput(render.freeze_usage())
    qq, reason = int(words[0]), clean_reason(" ".join(words[1:]))
    seats = await call.services.standing.in_reach(call.actor, qq)

    async def confirmed(again: Call) -> str:
        return render.frozen(qq, await again.services.standing.freeze(again.actor, qq, reason))

    return call.ask_confirmation(render.freeze_prompt(qq, seats, reason), confirmed)


async def _restore(call: Call, words: list[str]) -> Reply:
    if len(words) != 1 or not QQ_NUMBER.fullmatch(words[0]):
        raise BadInput(render.freeze_usage())
    qq = int(words[0])
    seats = await call.services.standing.restorable(call.actor, qq)

    async def confirmed(again: Call) -> str:
        return render.restored(qq, await again.services.standing.restore(again.actor, qq))

    return call.ask_confirmation(render.restore_prompt(qq, seats), confirmed)


@command(
    "管理员",
    aliases=("admins",),
    action=LIST,
    summary="看单位现在的管理员",
    examples=("/管理员", "/管理员 岳阳县第三中学", "/管理员 导出"),
    menu="管理",
)
async def administrators(call: Call) -> Reply | str:
    """/管理员 [单位]；/管理员 导出 [单位]。"""
    words, context = call.words, call.services.context
    exporting = words[:1] == ["导出"]
    unit = target_unit(context, call.actor, LIST, " ".join(words[1:] if exporting else words))
    if not exporting:
        return render.overview(await call.services.administrators.overview(call.actor, unit))
    made = await call.services.administrators.export(call.actor, unit)
    name = f"{unit.name}管理员通讯录（{context.today():%Y-%m-%d}）.xlsx"
    return Reply(render.exported(made), files=(File(name, made.content),))


@command(
    "在任",
    aliases=("present",),
    action=OWN,
    summary="季度复核：回复自己还在任",
    examples=("/在任",),
    menu="我",
)
async def present(call: Call) -> str:
    """/在任。"""
    confirmed = await call.services.standing_review.confirm(call.actor)
    return render.present(confirmed, in_group=call.in_group)


@composes(FROZEN_KIND)
def compose_frozen(outgoing: Outgoing, plan: Plan) -> Parts:
    """告诉本人：停用了。"""
    return render.frozen_notice(outgoing)


@composes(RESTORED_KIND)
def compose_restored(outgoing: Outgoing, plan: Plan) -> Parts:
    """告诉本人：恢复了。"""
    return render.restored_notice(outgoing)


@composes(LEFT_KIND)
def compose_left(outgoing: Outgoing, plan: Plan) -> Parts:
    """告诉上级：有管理员退群了。"""
    return render.left_notice(outgoing)


@composes(ASKED_KIND)
def compose_asked(outgoing: Outgoing, plan: Plan) -> Parts:
    """问本人：还在任吗。"""
    return render.asked(outgoing)


@composes(SILENT_KIND)
def compose_silent(outgoing: Outgoing, plan: Plan) -> Parts:
    """告诉上级：这些人没有回复。"""
    return render.silent(outgoing)
