"""/知识 看、别名、修改、历史、回滚、删除。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.messages import Reply
from bot.domain.knowledge_editing import Draft
from bot.domain.knowledge_ledger import PUBLISH
from bot.domain.open_questions import ANSWER_QUESTIONS

from . import render, render_entries
from .subcommands import SUBCOMMANDS, subcommand
from .wording import take_fields, take_id, take_page, take_version

EXAMPLE = "accounts.teacher.obtain"


@subcommand("看", action=ANSWER_QUESTIONS, form="看 编号", example=f"看 {EXAMPLE}", aliases=("查看", "条目"))
async def view(call: Call) -> str:
    """/知识 看 编号。"""
    entry_id, rest = take_id(call.arguments)
    if not entry_id or rest:
        raise SUBCOMMANDS["看"].usage()
    return render_entries.view(await call.services.editing.view(call.actor, entry_id))


@subcommand(
    "别名",
    action=ANSWER_QUESTIONS,
    form="别名 编号 [新问法]",
    example=f"别名 {EXAMPLE} 老师的账号上哪领",
    aliases=("问法",),
)
async def alias(call: Call) -> Reply | str:
    """/知识 别名 编号 看问法；后面写上新问法就加（市级直接加，其他人是提议）。"""
    entry_id, phrase = take_id(call.arguments)
    service = call.services.editing
    if not entry_id:
        raise SUBCOMMANDS["别名"].usage()
    if not phrase:
        return render_entries.aliases((await service.view(call.actor, entry_id)).entry)
    if service.may_publish(call.actor):
        return _confirm(call, service.draft_alias(call.actor, entry_id, phrase))
    return render.alias_proposed(await service.propose_alias(call.actor, entry_id, phrase))


@subcommand(
    "修改",
    action=PUBLISH,
    form="修改 编号 答：新答案（问、答、依据、可信程度、读者，可一次写几项）",
    example=f"修改 {EXAMPLE} 依据：方案三（二）第5步",
    aliases=("改",),
)
async def edit(call: Call) -> Reply:
    """/知识 修改 编号 字段：内容。"""
    entry_id, rest = take_id(call.arguments)
    lead, fields = take_fields(rest)
    if not entry_id or lead or not fields:
        raise SUBCOMMANDS["修改"].usage()
    return _confirm(call, call.services.editing.draft_edit(call.actor, entry_id, fields))


@subcommand("历史", action=ANSWER_QUESTIONS, form="历史 编号 [页]", example=f"历史 {EXAMPLE}")
async def history(call: Call) -> str:
    """/知识 历史 编号 [页]。"""
    entry_id, rest = take_id(call.arguments)
    page = take_page(rest)
    if not entry_id or page is None:
        raise SUBCOMMANDS["历史"].usage()
    return render_entries.history(entry_id, await call.services.editing.history(call.actor, entry_id), page)


@subcommand(
    "回滚",
    action=PUBLISH,
    form="回滚 编号 版本（0 是出厂底本）",
    example=f"回滚 {EXAMPLE} 0",
    aliases=("恢复",),
)
async def roll_back(call: Call) -> Reply:
    """/知识 回滚 编号 版本。"""
    entry_id, rest = take_id(call.arguments)
    version = take_version(rest)
    if not entry_id or version is None:
        raise SUBCOMMANDS["回滚"].usage()
    return _confirm(call, await call.services.editing.draft_roll_back(call.actor, entry_id, version), version)


@subcommand("删除", action=PUBLISH, form="删除 编号 原因", example=f"删除 {EXAMPLE} 规定已经改了")
async def delete(call: Call) -> Reply:
    """/知识 删除 编号 原因。"""
    entry_id, reason = take_id(call.arguments)
    if not entry_id or not reason:
        raise SUBCOMMANDS["删除"].usage()
    return _confirm(call, call.services.editing.draft_deletion(call.actor, entry_id, reason))


def _confirm(call: Call, draft: Draft, version: int | None = None) -> Reply:
    """先给看改前改后，确认才写。"""

    async def confirmed(again: Call) -> str:
        return render_entries.published(draft, await again.services.editing.publish(again.actor, draft))

    return call.ask_confirmation(render_entries.prompt(draft, version), confirmed)
