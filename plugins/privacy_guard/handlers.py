"""隐私保护：守在消息链最前面，只看文字里有没有校验正确的身份证号。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.messages import Reply
from bot.chat.router import CHAIN
from bot.domain.masking import id_numbers

from . import render


@CHAIN.guard
async def guard_id_numbers(call: Call) -> Reply | None:
    """群里有身份证号：撤回那条，回一句中性的话，后面不再处理。"""
    if not call.in_group or not id_numbers(call.arguments):
        return None
    return Reply(render.id_number_in_group(), recall=True)
