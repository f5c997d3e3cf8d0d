"""/重置密码：老师提请求，系统管理员看列表、记完成；机器人不问、不收、不存密码。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.composing import Parts, composes
from bot.chat.messages import Reply
from bot.chat.registry import command
from bot.domain.errors import BadInput
from bot.domain.resets import DONE_KIND, FINISH, REQUEST, REQUESTED_KIND
from bot.domain.transport import Outgoing
from bot.plan.values import Plan

from . import render_resets as render

MOST_DIGITS = 9


@command(
    "重置密码",
    aliases=("reset",),
    action=REQUEST,
    summary="请系统管理员重置自助密码",
    examples=("/重置密码", "/重置密码 岳阳县第三中学 王样例", "/重置密码 列表", "/重置密码 完成 7"),
    menu="问答",
    also=(FINISH,),
)
async def reset(call: Call) -> Reply | str | None:
    """/重置密码 [学校 姓名]；/重置密码 列表；/重置密码 完成 编号。"""
    first = call.words[0] if call.words else ""
    if first == "列表":
        return render.waiting(await call.services.resets.waiting(call.actor), call.services.context.today())
    if first == "完成" or first.removeprefix("完成").isdigit():
        return await _finish(call)
    if not first:
        call.ask_text(_answered)
        return render.ask()
    return await _request(call, call.arguments)


async def _answered(call: Call, text: str) -> str:
    """回答了“哪个学校、你的姓名”；写得不对再等他一次。"""
    call.ask_text(_answered)
    try:
        return await _request(call, text)
    except BadInput as refusal:
        raise BadInput(render.try_again(str(refusal))) from None


async def _request(call: Call, text: str) -> str:
    resets = call.services.resets
    unit, name = resets.read(call.actor, text)
    call.dialogues.leave(call.actor)
    requested = await resets.request(call.actor, unit, name)
    return render.requested(requested, call.services.context.plan.contact)


async def _finish(call: Call) -> str:
    number = call.arguments.removeprefix("完成").strip().removesuffix("号").strip()
    if not number.isdigit() or len(number) > MOST_DIGITS:
        raise BadInput(render.finish_usage())
    unit, request = await call.services.resets.finish(call.actor, int(number))
    return render.finished(unit, request)


@composes(REQUESTED_KIND)
def compose_requested(outgoing: Outgoing, plan: Plan) -> Parts:
    """给系统管理员：有老师请求重置。"""
    return render.request_notice(outgoing)


@composes(DONE_KIND)
def compose_done(outgoing: Outgoing, plan: Plan) -> Parts:
    """给老师：重置好了。"""
    return render.done_notice(outgoing)
