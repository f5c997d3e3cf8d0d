"""空白表：答复后面附一句，私聊里回“表格”或直接说“附件3空表”就发文件；只给有权要表的人。"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable

from bot.chat.call import Call
from bot.chat.messages import File, Reply
from bot.domain.answering import GET_FORMS
from bot.domain.blank_forms import blank_form

from . import render

WANTED = re.compile(
    r"(?:我?要|请?发我?|给我|来)?(?:一?[张份])?附[件表](?P<number>[123一二三])的?(?:空白?表格?|空白|表格|模板|原表)(?:文件)?"
)
NUMERALS = "一二三"


def offer_form(call: Call, number: int) -> None:
    """私聊里等他回“表格”。"""

    async def chosen(again: Call, _word: str) -> Reply:
        return await _send(again, number)

    call.offer_word(render.FORM_WORD, chosen)


def wanted_form(call: Call, text: str) -> Awaitable[Reply] | None:
    """有权的人私聊里说“附件3空表”：要发的文件；不是要表、没有这个权就返回 None，当提问办。"""
    match = WANTED.fullmatch(text.rstrip("。.!！ "))
    context = call.services.context
    if match is None or call.in_group or not context.permissions.allows(call.actor, GET_FORMS):
        return None
    written = match["number"]
    return _send(call, NUMERALS.index(written) + 1 if written in NUMERALS else int(written))


async def _send(call: Call, number: int) -> Reply:
    context = call.services.context
    context.require(call.actor, GET_FORMS)
    name, content = await asyncio.to_thread(blank_form, number, context.plan.contact)
    return Reply(render.form_sent(number), files=(File(name, content),))
