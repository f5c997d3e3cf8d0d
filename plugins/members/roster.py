"""名册：看数、导入（发来表格、看过变化、确认）、导出、空白模板。"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.chat.call import Call
from bot.chat.messages import File, ReceivedFile, Reply
from bot.chat.registry import command
from bot.domain.roster_keeping import ACTION, VIEW
from bot.domain.targets import target_unit
from storage.units import Unit

from . import render_roster as render

TABLES = ("csv", "xlsx")


@command(
    "名册",
    aliases=("roster",),
    action=VIEW,
    summary="看单位名册，导入、导出",
    examples=("/名册", "/名册 导入", "/名册 导出", "/名册 导出 岳阳县", "/名册 模板"),
    menu="管理",
    also=(ACTION,),
)
async def roster(call: Call) -> Reply | str | None:
    """/名册 [导入 | 导出 [单位] [csv] | 模板 | 单位]。"""
    first, _, rest = call.arguments.partition(" ")
    step = STEPS.get(first)
    return await step(call, rest.strip()) if step else await _show(call, call.arguments)


async def _show(call: Call, text: str) -> str:
    unit = _target(call, text)
    count = call.services.roster.count(call.actor, unit)
    if unit is not None and unit.kind.is_school and not call.in_group:
        return render.card(unit, call.services.context.directory.tree)
    return render.count(count, in_group=call.in_group, may_import=_may_import(call))


async def _import(call: Call, _text: str) -> Reply | str | None:
    call.services.context.require(call.actor, ACTION)
    return await call.ask_file(render.send_the_file(), _examine)


async def _examine(call: Call, file: ReceivedFile) -> Reply | str:
    content = await call.read_file(file)
    preview = await call.services.roster.examine(call.actor, content, file.name)
    if preview.problems:
        return render.refused(preview)
    if not preview.changes.total:
        return render.unchanged(preview)

    async def confirmed(again: Call) -> str:
        await again.services.roster.adopt(again.actor, preview)
        return render.imported(preview)

    return call.ask_confirmation(render.preview(preview), confirmed)


async def _export(call: Call, text: str) -> Reply | str:
    words = text.split()
    table = next((word.lower() for word in words if word.lower() in TABLES), "xlsx")
    unit = _target(call, " ".join(word for word in words if word.lower() not in TABLES))
    count = call.services.roster.count(call.actor, unit)
    if call.in_group or unit is None:
        return render.count(count, in_group=call.in_group, may_import=False)
    name = render.file_name(unit, table)
    content = call.services.roster.export_for(call.actor, unit, name)
    return Reply(render.exported(count), files=(File(name, content),))


async def _template(call: Call, _text: str) -> Reply:
    content = call.services.roster.template(call.actor)
    return Reply(render.template(), files=(File("单位名册模板.xlsx", content),))


def _target(call: Call, text: str) -> Unit | None:
    """看哪个单位的；运维没有单位，只看全市的数。"""
    if not text and call.actor.operator and not call.actor.assignments:
        return None
    return target_unit(call.services.context, call.actor, VIEW, text)


def _may_import(call: Call) -> bool:
    return call.services.context.permissions.allows(call.actor, ACTION)


Step = Callable[[Call, str], Awaitable[Reply | str | None]]
STEPS: dict[str, Step] = {
    "导入": _import,
    "更新": _import,
    "import": _import,
    "导出": _export,
    "下载": _export,
    "export": _export,
    "模板": _template,
    "template": _template,
}
