"""/上报：报一项任务，或在审核之前撤回；光发命令名一步一步问。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.grammar import item_names, read_numbers, split_item
from bot.chat.messages import Reply
from bot.chat.registry import command
from bot.domain.errors import BadInput
from bot.domain.targets import target_unit
from bot.plan.values import Deliverable
from storage.units import Unit

from . import render_reporting as render
from .guided_report import begin

WITHDRAW = "撤回"
LONGEST_NOTE = 200


@command(
    "上报",
    aliases=("report",),
    action="report first review and quarter",
    summary="报一项任务",
    examples=("/上报 初审 应采集52 已录入52 已审52", "/上报 培训", "/上报 责任书", "/上报 撤回 初审"),
    menu="报送",
    also=("report training", "report launch and account progress"),
)
async def report(call: Call) -> Reply | str:
    """/上报；/上报 [单位] 任务 [数字] [备注]；/上报 撤回 任务。"""
    if not call.arguments:
        return await begin(call)
    context = call.services.context
    words = split_item(call.arguments, context.plan)
    if words.item is None:
        raise BadInput(render.report_usage(item_names(context.plan), call.arguments))
    unit_text = " ".join(word for word in words.before if word != WITHDRAW)
    unit = target_unit(context, call.actor, words.item.action, unit_text)
    if WITHDRAW in (*words.before, *words.after[:1]):
        return await _withdraw(call, unit, words.item)
    numbers, rest = read_numbers(words.after, words.item)
    return await _report(call, unit, words.item, numbers, " ".join(rest)[:LONGEST_NOTE])


async def _report(
    call: Call, unit: Unit, item: Deliverable, numbers: dict[str, int], note: str
) -> Reply | str:
    """报上去；和上一次差得多的先请他确认。"""
    doubts = await call.services.reporting.doubts(call.actor, unit, item, numbers)

    async def confirmed(again: Call) -> str:
        return render.reported(await again.services.reporting.report(again.actor, unit, item, numbers, note))

    if doubts:
        return call.ask_confirmation(render.doubtful(unit, item, doubts), confirmed)
    return await confirmed(call)


async def _withdraw(call: Call, unit: Unit, item: Deliverable) -> Reply:
    found = await call.services.reporting.prepare_withdrawal(call.actor, unit, item)

    async def confirmed(again: Call) -> str:
        return render.withdrawn(await again.services.reporting.withdraw(again.actor, unit, item))

    return call.ask_confirmation(render.withdraw_prompt(found), confirmed)
