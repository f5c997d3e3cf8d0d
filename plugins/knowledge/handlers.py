"""/知识：单发给菜单，后面的词分派给各自的处理函数。"""

from __future__ import annotations

from dataclasses import replace

from bot.chat.call import Call
from bot.chat.messages import Reply
from bot.chat.registry import command
from bot.domain.answer_withdrawal import WITHDRAW
from bot.domain.knowledge_ledger import PUBLISH
from bot.domain.open_questions import ANSWER_QUESTIONS

from . import editing as editing
from . import proposals as proposals
from . import questions as questions
from . import render
from . import sheets as sheets
from . import statistics as statistics
from . import withdrawal as withdrawal
from .subcommands import allowed, nearest, parse


@command(
    "知识",
    aliases=("kb",),
    action=ANSWER_QUESTIONS,
    summary="答待答问题、管知识条目",
    examples=("/知识 待答", "/知识 回答 12 请找县市区系统管理员重置", "/知识 看 accounts.teacher.obtain"),
    menu="知识",
    also=(PUBLISH, WITHDRAW),
)
async def knowledge(call: Call) -> Reply | str | None:
    """/知识 待答、回答、待定、通过、驳回、别名、看、修改、历史、回滚、删除、撤回答复、统计、坏例。"""
    found = parse(call.arguments)
    if found is not None:
        one, rest = found
        return await one.handler(replace(call, arguments=rest))
    usable = allowed(call)
    if not usable:
        call.services.context.require(call.actor, ANSWER_QUESTIONS)
    if call.arguments:
        return render.unknown(call.arguments, nearest(call.arguments, usable), usable)
    return render.menu(usable, await _waiting(call))


async def _waiting(call: Call) -> tuple[int, int]:
    """待答几个、提案待定几个；看不着的算没有。"""
    permissions, services = call.services.context.permissions, call.services
    waiting = permissions.allows(call.actor, ANSWER_QUESTIONS)
    asked = len(await services.questions.open_questions(call.actor)) if waiting else 0
    proposed = await services.proposals.count() if permissions.allows(call.actor, PUBLISH) else 0
    return asked, proposed
