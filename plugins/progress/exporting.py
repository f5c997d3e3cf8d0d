"""/导出：进度表，和别的系统导出的表比对；都是文件，只在私聊给。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.grammar import split_item, take_quarter
from bot.chat.messages import File, ReceivedFile, Reply
from bot.chat.registry import command
from bot.domain.errors import BadInput
from bot.domain.exporting import ACTION
from bot.domain.quarters import Quarter
from bot.domain.targets import target_unit
from bot.plan.values import Deliverable
from storage.units import Unit

from . import render_exporting as render

STATUS = ("进度", "未报")
COMPARE = ("比对", "核对", "对比")


@command(
    "导出",
    aliases=("export",),
    action=ACTION,
    summary="导出进度表，和别的表比对",
    examples=("/导出 进度", "/导出 进度 初审", "/导出 比对"),
    menu="审核",
)
async def export(call: Call) -> Reply | str | None:
    """/导出 进度 [单位] [任务] [季度]；/导出 比对 [单位] [任务]。"""
    first = call.words[0] if call.words else ""
    if first not in (*STATUS, *COMPARE):
        raise BadInput(render.export_usage())
    context = call.services.context
    words = split_item(call.arguments.removeprefix(first).strip(), context.plan)
    quarter, others = take_quarter(words.others.split(), context.today())
    unit = target_unit(context, call.actor, ACTION, " ".join(others))
    item = words.item or (context.plan.quarterly if quarter else None)
    if first in COMPARE:
        return await _compare(call, unit, item)
    return await send_status(call, unit, item, quarter, only_owing=first == "未报")


async def send_status(
    call: Call, unit: Unit, item: Deliverable | None, quarter: Quarter | None, *, only_owing: bool
) -> Reply:
    """把进度表（或只有欠着的）发给他。"""
    done = await call.services.exporting.status(
        call.actor, unit, item, quarter.key if quarter else None, only_owing=only_owing
    )
    name = render.file_name(done, call.services.context.today(), only_owing=only_owing)
    return Reply(render.status_sent(done, only_owing=only_owing), files=(File(name, done.content),))


async def _compare(call: Call, unit: Unit, item: Deliverable | None) -> Reply | str | None:
    """要一份别的系统导出的表，比完发回结果。"""
    chosen = call.services.comparing.check(call.actor, unit, item)

    async def received(again: Call, file: ReceivedFile) -> Reply:
        content = await again.read_file(file)
        done = await again.services.comparing.compare(again.actor, unit, chosen, content, file.name)
        name = render.comparison_name(done, again.services.context.today())
        return Reply(render.compared(done), files=(File(name, done.content),))

    return await call.ask_file(render.send_table(unit, chosen), received)
