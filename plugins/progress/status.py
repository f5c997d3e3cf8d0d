"""/进度：学校看自己的，县看各项的数，市看各县一行；县、市另附一张图。"""

from __future__ import annotations

import asyncio

from bot.chat.call import Call
from bot.chat.grammar import split_item, take_quarter
from bot.chat.messages import Reply
from bot.chat.registry import command
from bot.documents.pictures import draw
from bot.domain.progress import ACTION
from bot.domain.progress_views import CityProgress, CountyProgress
from bot.domain.targets import target_unit

from . import render_status as render
from .picture import city_picture, county_picture


@command(
    "进度",
    aliases=("status", "状态"),
    action=ACTION,
    summary="看报送进度",
    examples=("/进度", "/进度 岳阳县", "/进度 岳阳县 初审"),
    menu="报送",
)
async def status(call: Call) -> Reply | str:
    """/进度 [单位] [任务] [季度]。"""
    context = call.services.context
    words = split_item(call.arguments, context.plan)
    quarter, others = take_quarter(words.others.split(), context.today())
    unit = target_unit(context, call.actor, ACTION, " ".join(others))
    item = words.item or (context.plan.quarterly if quarter else None)
    progress = await call.services.progress.of(call.actor, unit, item, quarter.key if quarter else None)
    if isinstance(progress, CityProgress):
        picture = city_picture(progress)
        text = render.city(progress)
    elif isinstance(progress, CountyProgress):
        picture = county_picture(progress)
        current = call.services.progress.period_of(context.plan.quarterly)
        text = render.county(progress, current, in_group=call.in_group)
    else:
        return render.school(progress, in_group=call.in_group)
    images = (await asyncio.to_thread(draw, picture),) if picture else ()
    return Reply(text, images=images)
