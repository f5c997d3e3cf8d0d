"""/节点：看时间节点；县市区定本县的季报日。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.messages import Reply
from bot.chat.registry import command
from bot.domain.errors import BadInput
from bot.domain.milestones import ACTION
from bot.domain.quarters import quarter_of
from bot.domain.targets import target_unit

from . import render_milestones as render


@command(
    "节点",
    aliases=("milestone",),
    action="ask a question",
    summary="看时间节点；县市区定本县的季报日",
    examples=("/节点", "/节点 季报日 18"),
    menu="问答",
)
async def milestones(call: Call) -> Reply | str:
    """/节点；/节点 季报日 几号 [县市区]。"""
    if call.words[:1] == ["季报日"]:
        return await _county_day(call)
    context = call.services.context
    quarter = quarter_of(context.today(), context.plan.quarterly_rule.day)
    return render.milestones(context.plan.deliverables, context.starts_on, context.today(), quarter)


async def _county_day(call: Call) -> Reply:
    words = call.words[1:]
    digits = [word.rstrip("日号") for word in words if word.rstrip("日号").isdigit()]
    if len(digits) != 1:
        raise BadInput(render.county_day_usage())
    day = int(digits[0])
    rest = " ".join(word for word in words if not word.rstrip("日号").isdigit())
    county = target_unit(call.services.context, call.actor, ACTION, rest)
    call.services.milestones.check_county_day(call.actor, county, day)

    async def confirmed(again: Call) -> str:
        await again.services.milestones.set_county_day(again.actor, county, day)
        return render.county_day_set(county.name, day)

    return call.ask_confirmation(render.county_day_prompt(county.name, day), confirmed)
