"""/知识 统计、坏例：次数、问得最多和最常答不上的，私聊另给一张图；坏例是能直接拿去评测的文件。"""

from __future__ import annotations

import asyncio
import re

from bot.chat.call import Call
from bot.chat.messages import File, Reply
from bot.documents.pictures import draw
from bot.domain.answer_withdrawal import WITHDRAW
from bot.domain.errors import WrongPlace
from bot.domain.knowledge_ledger import PUBLISH

from . import render_statistics as render
from .subcommands import SUBCOMMANDS, subcommand

USUAL_DAYS = 30
DAYS = re.compile(r"(?:最?近)?\s*(\d{1,4})\s*[天日]?")


# 菜单只列给县、市和运维；真正的权限（连同县市的信息查询员）由统计服务核
@subcommand("统计", action=WITHDRAW, form="统计 [天数]", example="统计 7", aliases=("使用统计",))
async def statistics(call: Call) -> Reply:
    """/知识 统计 [天数]。"""
    match = DAYS.fullmatch(call.arguments or str(USUAL_DAYS))
    if match is None:
        raise SUBCOMMANDS["统计"].usage()
    found = await call.services.statistics.over(call.actor, int(match[1]))
    text = render.statistics(found, in_group=call.in_group)
    picture = render.picture(found, call.services.context.today(), in_group=call.in_group)
    return Reply(text, images=(await asyncio.to_thread(draw, picture),) if picture else ())


@subcommand("坏例", action=PUBLISH, form="坏例", example="坏例", aliases=("导出坏例",))
async def bad_cases(call: Call) -> Reply:
    """/知识 坏例：答错的问题，.jsonl。"""
    call.services.context.require(call.actor, PUBLISH)
    if call.in_group:
        raise WrongPlace(render.cases_in_private())
    cases = await call.services.statistics.bad_cases(call.actor)
    if not cases:
        return Reply(render.no_cases())
    name = f"坏例-{call.services.context.today():%Y%m%d}.jsonl"
    return Reply(render.cases_sent(cases.count("\n")), files=(File(name, cases.encode()),))
