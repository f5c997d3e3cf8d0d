"""单位名认不准时让人选：列出编号，回复 1 2 3 就用选中的单位接着办原来的事，不用重打命令。

全部命令和对话都从这里过，处理函数只管照常认单位。
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.chat.call import Call
from bot.chat.messages import Reply
from bot.domain.errors import Unclear

Step = Callable[[Call], Awaitable["Reply | str | None"]]


async def choosing(call: Call, step: Step) -> Reply | str | None:
    """办一步；中间认不准单位就改为问一句，选定后从头再办这一步。"""
    try:
        return await step(call)
    except Unclear as unclear:
        if not unclear.candidates:
            raise
        return _offer(call, step, unclear)


def _offer(call: Call, step: Step, unclear: Unclear) -> str:
    async def chosen(answer: Call, word: str) -> Reply | str | None:
        code = unclear.candidates[int(word) - 1].code
        actor = replace(answer.actor, chosen=(*call.actor.chosen, (unclear.written, code)))
        return await choosing(replace(call, actor=actor), step)

    call.offer_choices(len(unclear.candidates), chosen)
    lines = [unclear.heading]
    lines += [f"{number}. {one.label}" for number, one in enumerate(unclear.candidates, start=1)]
    return "\n".join([*lines, unclear.ending] if unclear.ending else lines)
