"""/附件：填好的责任书（附件1），承诺汇总表、登记表的空表（附件2、3）。"""

from __future__ import annotations

import asyncio

from bot.chat.call import Call
from bot.chat.messages import File, Reply
from bot.chat.registry import command
from bot.domain.answering import GET_FORMS
from bot.domain.blank_forms import blank_form
from bot.domain.errors import BadInput
from bot.domain.targets import target_unit

from . import render_letter as render

NUMBERS = {"1": 1, "2": 2, "3": 3, "一": 1, "二": 2, "三": 3}


@command(
    "附件",
    aliases=("forms",),
    action=GET_FORMS,
    summary="要附件1、2、3 的表",
    examples=("/附件 1", "/附件 1 岳阳县第三中学", "/附件 2", "/附件 3"),
    menu="报送",
)
async def forms(call: Call) -> Reply:
    """/附件 1 [单位]；/附件 2；/附件 3。"""
    context = call.services.context
    context.require(call.actor, GET_FORMS)
    number = NUMBERS.get(call.words[0]) if call.words else None
    if number is None:
        raise BadInput(render.usage())
    if number != 1:
        name, content = await asyncio.to_thread(blank_form, number, context.plan.contact)
        return Reply(render.blank(number), files=(File(name, content),))
    unit = target_unit(context, call.actor, GET_FORMS, " ".join(call.words[1:]))
    letter = await call.services.letters.letter(call.actor, unit)
    return Reply(render.letter(letter), files=(File(f"{unit.name}附件1 人员责任书.docx", letter.content),))
