"""/知识 导出、导入：整个知识库的一个 .xlsx。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.messages import File, ReceivedFile, Reply
from bot.domain.errors import BadInput, Problems
from bot.domain.knowledge_ledger import PUBLISH

from . import render_sheets as render
from .subcommands import SUBCOMMANDS, subcommand


@subcommand("导出", action=PUBLISH, form="导出", example="导出")
async def export(call: Call) -> Reply:
    """/知识 导出。"""
    if call.arguments:
        raise SUBCOMMANDS["导出"].usage()
    content = await call.services.sheets.export(call.actor)
    name = render.file_name(call.services.context.today())
    return Reply(render.exported(), files=(File(name, content),))


@subcommand("导入", action=PUBLISH, form="导入（再把改好的 .xlsx 发来）", example="导入")
async def ask_for_sheet(call: Call) -> Reply | str | None:
    """/知识 导入，然后发文件；刚发过文件的直接用那个。"""
    call.services.sheets.check(call.actor)
    if call.arguments:
        raise SUBCOMMANDS["导入"].usage()
    return await call.ask_file(render.send_the_file(), import_sheet)


async def import_sheet(call: Call, file: ReceivedFile) -> Reply:
    """收到的文件：有错一次说全，没错先预览，确认才生效。"""
    try:
        content = await call.read_file(file)
        draft = await call.services.sheets.draft(call.actor, content, file.name)
    except Problems as refusal:
        return _wrong(refusal.problems)
    except BadInput as refusal:
        return Reply(str(refusal))
    if not draft.plan.changes:
        return Reply(render.nothing_changed(draft.plan))

    async def confirmed(again: Call) -> str:
        await again.services.sheets.apply(again.actor, draft)
        again.dialogues.leave(again.actor)
        return render.imported(draft.plan)

    return call.ask_confirmation(render.preview(draft.plan), confirmed)


def _wrong(problems: tuple[str, ...]) -> Reply:
    files = (File(render.PROBLEMS_FILE, render.problems_text(problems)),) if render.too_many(problems) else ()
    return Reply(render.problems(problems), files=files)
