"""/未报：谁还没报。群里只给数，私聊给名单（每行写原因）、给文件；@ 人用 /提醒 立即。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.grammar import split_item, take_page, take_quarter
from bot.chat.messages import Reply
from bot.chat.registry import command
from bot.domain.errors import WrongPlace
from bot.domain.progress import ACTION
from bot.domain.progress_views import Owing
from bot.domain.quarters import Quarter
from bot.domain.responsible import contact_seats
from bot.domain.targets import target_unit
from bot.plan.values import Deliverable
from storage.units import Unit

from . import render_owing as render
from .exporting import send_status
from .paging import page_of
from .status import status

EXPORT = frozenset(("导出", "文件"))
MENTION = frozenset(("@", "艾特"))


@command(
    "未报",
    aliases=("owing",),
    action=ACTION,
    summary="看谁还没报",
    examples=("/未报", "/未报 初审", "/未报 岳阳县 初审", "/未报 导出", "/未报 @"),
    menu="审核",
)
async def owing(call: Call) -> Reply | str | None:
    """/未报 [单位] [任务] [季度] [第几页]；/未报 导出；/未报 @。"""
    context = call.services.context
    page, text = take_page(call.arguments)
    words = split_item(text, context.plan)
    quarter, others = take_quarter(words.others.split(), context.today())
    wanted = set(others)
    rest = " ".join(word for word in others if word not in EXPORT | MENTION)
    unit = target_unit(context, call.actor, ACTION, rest)
    item = words.item or (context.plan.quarterly if quarter else None)
    if wanted & EXPORT:
        return await _export(call, unit, item, quarter)
    if unit.kind.is_school and item is None:
        return await status(call)
    found = await call.services.progress.owing(call.actor, unit, item, quarter.key if quarter else None)
    if wanted & MENTION:
        return _mention(call, found)
    return render.owing_counts(found, _current(call)) if call.in_group else _names(call, found, page)


async def _export(call: Call, unit: Unit, item: Deliverable | None, quarter: Quarter | None) -> Reply:
    if call.in_group:
        raise WrongPlace(render.export_in_private())
    return await send_status(call, unit, item, quarter, only_owing=True)


def _names(call: Call, found: Owing, page: int) -> str:
    """一页名单；看过的编号记下来，/审核 按它认。"""
    shown = page_of(found.units, page)
    key = found.deliverable.key
    entries = {number: (unit.code, key) for number, (unit, _) in shown.rows}
    if entries:
        name = f"未报 {found.root.code} {key} {found.period}"
        call.memory.lists.note(call.actor.qq, name, entries, call.services.context.now())
    return render.owing_names(found, shown, _current(call))


def _mention(call: Call, found: Owing) -> str:
    """@ 人由提醒来办：先说能 @ 到几位。"""
    context = call.services.context
    people = {
        seat.qq for unit, _ in found.units for seat in contact_seats(context, unit, found.deliverable.key)
    }
    return render.how_to_mention(found, len(people))


def _current(call: Call) -> str:
    progress = call.services.progress
    return progress.period_of(call.services.context.plan.quarterly)
