"""成员：注册、邀请、我的；绑定群与群设置。"""

from __future__ import annotations

import re
from datetime import time

from bot.chat.call import Call
from bot.chat.composing import Parts, composes
from bot.chat.grammar import take_role
from bot.chat.messages import Reply
from bot.chat.registry import command
from bot.domain.errors import BadInput
from bot.domain.registration import ISSUE, VOIDED_KIND
from bot.domain.targets import named_unit, target_unit
from bot.domain.transport import Outgoing
from bot.plan.values import Plan
from storage.words import AnswerMode, Role

from . import render, render_handover

QUIET = re.compile(r"(\d{1,2})[:：](\d{2})(?:[-~—–至到]+)(\d{1,2})[:：](\d{2})")
MODES = {
    "auto": AnswerMode.AUTO,
    "自动": AnswerMode.AUTO,
    "mention": AnswerMode.MENTION,
    "被@": AnswerMode.MENTION,
    "off": AnswerMode.OFF,
    "关闭": AnswerMode.OFF,
}


@command(
    "注册",
    aliases=("register",),
    action="redeem an invite code",
    summary="凭邀请码登记成管理员",
    examples=("/注册 ABCDE-FGHJK 王样例 13800000000",),
    menu="我",
)
async def register(call: Call) -> Reply | str:
    """/注册 邀请码 姓名 手机号，看过职责回复确认。"""
    words = call.words
    if len(words) < 3:
        raise BadInput(render.register_usage())
    code, name, phone = words[0], "".join(words[1:-1]), words[-1]
    enrolment = await call.services.registration.prepare(call.actor, code, name, phone)

    async def confirmed(again: Call) -> str:
        await call.services.registration.confirm(again.actor, enrolment)
        return render.registered(enrolment)

    duties = render.duties if enrolment.handed_from is None else render_handover.duties
    return call.ask_confirmation(duties(enrolment), confirmed)


@command(
    "我的",
    aliases=("me",),
    action="see own registration and obligations",
    summary="看我的登记和要报的事",
    examples=("/我的",),
    menu="我",
)
async def mine(call: Call) -> str:
    """/我的。"""
    if not call.actor.assignments:
        return render.nobody(call.actor)
    progress = await call.services.progress.mine(call.actor)
    text = render.mine_in_group if call.in_group else render.mine
    return text(call.actor, progress)


@command(
    "邀请",
    aliases=("invite",),
    action=ISSUE,
    summary="给单位的管理员发邀请码",
    examples=("/邀请 岳阳县第三中学 信息管理员", "/邀请 批量 信息管理员", "/邀请 批量 信息管理员 岳阳县"),
    menu="管理",
)
async def invite(call: Call) -> Reply | str:
    """/邀请 [单位] 角色；/邀请 批量 角色 [单位 | 全部]。"""
    role, rest = take_role(call.words)
    if role is None:
        raise BadInput(render.invite_usage())
    if "批量" in rest:
        return await _invite_many(call, role, [word for word in rest if word != "批量"])
    unit = target_unit(call.services.context, call.actor, ISSUE, " ".join(rest))
    return render.invite(await call.services.registration.issue(call.actor, unit, role))


async def _invite_many(call: Call, role: Role, words: list[str]) -> Reply | str:
    """给还没有这种管理员的下级每个单位发一张；有旧码没用的要先确认，旧码会作废。"""
    whole = "全部" in words
    text = " ".join(word for word in words if word != "全部")
    root = target_unit(call.services.context, call.actor, ISSUE, text)
    batch = await call.services.registration.plan_batch(call.actor, root, role, whole=whole)
    if not batch.units:
        return render.nobody_to_invite(batch)

    async def send(again: Call) -> Reply:
        issued = await again.services.registration.issue_batch(again.actor, batch)
        return render.invites(batch, issued)

    return call.ask_confirmation(render.old_codes(batch), send) if batch.live else await send(call)


@composes(VOIDED_KIND)
def invite_voided(outgoing: Outgoing, _plan: Plan) -> Parts:
    """邀请码贴到了群里，告诉发码的人。"""
    return (render.invite_voided(outgoing),)


@command(
    "绑定",
    aliases=("bind",),
    action="group settings (answer mode and quiet hours)",
    summary="把本群绑定到县市区或市",
    examples=("/绑定 岳阳县",),
    menu="管理",
)
async def bind(call: Call) -> str:
    """/绑定 县市区，在群里发。"""
    if not call.arguments:
        raise BadInput(render.bind_usage())
    unit = named_unit(call.services.context, call.actor, call.arguments)
    group = await call.services.binding.bind(call.actor, unit)
    return render.bound(unit, group.answer_mode)


@command(
    "设置",
    aliases=("set",),
    action="group settings (answer mode and quiet hours)",
    summary="设置本群的答问方式和免打扰",
    examples=("/设置 回答 auto", "/设置 免打扰 22:00-07:30"),
    menu="管理",
)
async def settings(call: Call) -> str:
    """/设置 回答 方式；/设置 免打扰 时段。"""
    words = call.words
    if len(words) >= 2 and words[0] == "回答" and words[1].lower() in MODES:
        return render.answer_mode_set(
            await call.services.binding.set_answer_mode(call.actor, MODES[words[1].lower()])
        )
    if len(words) >= 2 and words[0] == "免打扰":
        start, end = _quiet_hours("".join(words[1:]))
        await call.services.binding.set_quiet_hours(call.actor, start, end)
        return render.quiet_hours_set(start, end)
    raise BadInput(render.settings_usage())


def _quiet_hours(text: str) -> tuple[time, time]:
    match = QUIET.fullmatch(text)
    if match is None:
        raise BadInput(render.settings_usage())
    hours = [int(part) for part in match.groups()]
    try:
        return time(hours[0], hours[1]), time(hours[2], hours[3])
    except ValueError as error:
        raise BadInput(render.settings_usage()) from error
