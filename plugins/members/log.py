"""/日志：看操作日志，一页一页看。"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.chat.call import Call
from bot.chat.registry import command
from bot.domain.audit_reading import DEFAULT_DAYS, READ_LOG
from bot.domain.targets import named_unit
from storage.units import Unit

from . import render_log as render

PAGE = re.compile(r"第\s*(\d{1,4})\s*页")
DAYS = re.compile(r"(?:最近)?(\d{1,4})\s*天?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """要看的：单位（没写为空）、几天、第几页。"""

    unit_text: str
    days: int
    page: int


def read_wanted(text: str) -> Wanted:
    """拆开：单位、天数（30、30天）、第2页，次序随意。"""
    page = PAGE.search(text)
    days, names = DEFAULT_DAYS, []
    for word in PAGE.sub(" ", text).split():
        match = DAYS.fullmatch(word)
        if match:
            days = int(match[1])
        else:
            names.append(word)
    return Wanted(" ".join(names), days, int(page[1]) if page else 1)


@command(
    "日志",
    aliases=("log",),
    action=READ_LOG,
    summary="看操作日志",
    examples=("/日志", "/日志 30", "/日志 岳阳县 30", "/日志 30 第2页"),
    menu="管理",
)
async def read_log(call: Call) -> str:
    """/日志 [单位] [天数] [第几页]。"""
    context = call.services.context
    context.require(call.actor, READ_LOG)
    wanted = read_wanted(call.arguments)
    unit = named_unit(context, call.actor, wanted.unit_text) if wanted.unit_text else None
    return await _show(call, unit, wanted.days, wanted.page)


async def _show(call: Call, unit: Unit | None, days: int, page: int) -> str:
    found = await call.services.audit_reading.page(call.actor, unit, days, page)

    async def following(again: Call, _word: str) -> str:
        return await _show(again, unit, days, found.page + 1)

    if found.page < found.pages:
        call.offer_word(render.NEXT, following)
    return render.page(found, call.services.context.plan)
