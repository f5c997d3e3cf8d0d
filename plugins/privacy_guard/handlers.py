"""隐私保护：守在消息链最前面，只看文字里有没有校验正确的身份证号、有没有邀请码。"""

from __future__ import annotations

import re

from bot.chat.call import Call
from bot.chat.messages import Reply
from bot.chat.router import CHAIN
from bot.domain.invite_codes import ALPHABET, codes_in
from bot.domain.masking import id_numbers

from . import render

# 邀请码的样子：谁看见谁就能登记
INVITE_CODE = re.compile(
    rf"(?<![A-Za-z0-9])[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}(?![A-Za-z0-9])", re.IGNORECASE
)


@CHAIN.guard
async def guard_group(call: Call) -> Reply | None:
    """群里有身份证号或邀请码：撤回那条（邀请码还要作废），回一句中性的话，后面不再处理。"""
    if not call.in_group:
        return None
    if id_numbers(call.arguments):
        return Reply(render.id_number_in_group(), recall=True)
    return await _posted_code(call)


async def _posted_code(call: Call) -> Reply | None:
    """邀请码贴到了群里：真的就作废；像英文词的查过不是真的，不动。"""
    codes = codes_in(call.arguments)
    if codes and await call.services.registration.void_posted(call.actor, codes):
        return Reply(render.invite_code_voided(), recall=True)
    if INVITE_CODE.search(call.arguments):
        return Reply(render.invite_code_in_group(), recall=True)
    return None


@CHAIN.guard
async def bare_invite_code(call: Call) -> Reply | None:
    """私聊里光发一张邀请码：教他怎么登记，不当成问题存下来。"""
    if call.in_group or not INVITE_CODE.fullmatch(call.arguments.strip()):
        return None
    return Reply(render.how_to_register())
