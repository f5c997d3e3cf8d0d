"""整个知识库的导出与导入：导出一个 .xlsx，改好再导进来；导入先预览，确认后一个事务全部生效。"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.documents.knowledge_sheet import KnowledgeLines, PhraseLine, knowledge_xlsx, read_knowledge
from bot.documents.sheet_error import SheetError
from bot.domain.actor import Actor, PlaceKind
from bot.domain.clock import local_day
from bot.domain.context import Context
from bot.domain.entry_drafts import CERTAINTIES, LOCAL, content_of, entry_of
from bot.domain.errors import BadInput, Problems, WrongPlace, WrongState
from bot.domain.knowledge_base import KnowledgeBase
from bot.domain.knowledge_import import plan_import
from bot.domain.knowledge_import_plan import Change, ImportPlan, Standing
from bot.domain.knowledge_ledger import PUBLISH, KnowledgeLedger
from bot.domain.knowledge_lines import DELETE, FACTORY, line_of, topics
from faq.entries import LONGEST_ANSWER, Entry
from storage.words import KnowledgeChange

DELETED_BECAUSE = "导入的表里写了“删除”"


@dataclass(frozen=True, slots=True)
class ImportDraft:
    """读好、比好、还没生效的导入。"""

    lines: KnowledgeLines
    plan: ImportPlan


class KnowledgeSheets:
    """知识库的表格。"""

    def __init__(self, context: Context, knowledge: KnowledgeBase) -> None:
        self._context = context
        self._ledger = KnowledgeLedger(context, knowledge)

    def check(self, actor: Actor) -> None:
        """能不能导出导入：有权发布知识的人，在私聊里。"""
        self._context.require(actor, PUBLISH)
        if actor.place.kind is PlaceKind.GROUP:
            raise WrongPlace("导出、导入知识库请私聊我办理，群里不处理。")

    async def export(self, actor: Actor) -> bytes:
        """整个知识库的 .xlsx。"""
        self.check(actor)
        async with self._context.database.write() as stores:
            latest = await stores.knowledge.latest()
            await self._context.log(stores, actor, PUBLISH, "export")
        versions = {one.entry_id: one for one in latest}
        entries = sorted(self._ledger.knowledge.entries.values(), key=lambda entry: entry.id)
        lines = []
        for entry in entries:
            newest = versions.get(entry.id)
            changed = local_day(newest.changed_at).isoformat() if newest else FACTORY
            lines.append(line_of(entry, newest.version if newest else 0, changed))
        phrases = [PhraseLine(entry.id, alias) for entry in entries for alias in entry.aliases]
        certainties = (*CERTAINTIES.values(), DELETE)
        return await asyncio.to_thread(knowledge_xlsx, lines, phrases, certainties=certainties, notes=notes())

    async def draft(self, actor: Actor, content: bytes, filename: str) -> ImportDraft:
        """读文件，和现在的知识库比；文件读不了抛出 BadInput，内容有错抛出 Problems，一处一句。"""
        self.check(actor)
        try:
            lines = await asyncio.to_thread(read_knowledge, content, filename)
        except SheetError as error:
            raise BadInput("\n".join(error.problems)) from error
        return ImportDraft(lines, await self._plan(lines))

    async def apply(self, actor: Actor, draft: ImportDraft) -> None:
        """照预览过的写；预览以后知识库变了就一条也不写。"""
        self.check(actor)
        if await self._plan(draft.lines) != draft.plan:
            raise WrongState("预览以后有人改了知识库，这次没有导入，请把文件再发一遍。")
        plan = draft.plan
        async with self._context.database.write() as stores:
            written = [
                await self._ledger.write(
                    stores, actor, one.entry_id, _content(one), KnowledgeChange.IMPORT, after=one.seen
                )
                for one in plan.changes
            ]
            counts = {"added": plan.added, "edited": plan.edited, "deleted": plan.deleted}
            await self._context.log(stores, actor, PUBLISH, "import", detail=counts)
        await asyncio.to_thread(self._ledger.knowledge.apply, written)

    async def _plan(self, lines: KnowledgeLines) -> ImportPlan:
        plan, problems = await asyncio.to_thread(plan_import, lines, await self._standing(lines))
        if problems:
            raise Problems(tuple(problems))
        return plan

    async def _standing(self, lines: KnowledgeLines) -> Standing:
        knowledge = self._ledger.knowledge
        async with self._context.database.read() as stores:
            versions = {one.entry_id: one.version for one in await stores.knowledge.latest()}
            used = await stores.knowledge.ids_under(f"{LOCAL}.")
            past: dict[tuple[str, int], Entry | None] = {}
            for entry_id in _stale(lines, versions):
                past[entry_id, 0] = knowledge.base.get(entry_id)
                for one in await stores.knowledge.history(entry_id):
                    past[entry_id, one.version] = None if one.deleted else entry_of(entry_id, one.content)
        return Standing(dict(knowledge.entries), versions, past, frozenset({*used, *versions}))


def _stale(lines: KnowledgeLines, versions: Mapping[str, int]) -> list[str]:
    """导出以后改过的条目。"""
    written = ((line.id.lower(), line.version) for line in lines.entries)
    return [one for one, version in written if version.isdecimal() and int(version) < versions.get(one, 0)]


def _content(change: Change) -> dict[str, object]:
    return content_of(change.after) if change.after else {"reason": DELETED_BECAUSE}


def notes() -> tuple[str, ...]:
    """“说明”表里的话。"""
    return (
        "改好以后私聊机器人发 /知识 导入，再把文件发来；先看预览，回复“确认”才生效，每条都能回滚。",
        "“条目”：一行一条。要改就直接改格子；“编号”“版本”“最后改动”不要改。",
        f"删一条：把“可信程度”写成“{DELETE}”。光把行删掉不算删，那一条不动。",
        "加一条：在最后加一行，“编号”“版本”空着就自动编号；要同时加问法，自己起编号，例如 local.xiaoche。",
        f"“答复”最多 {LONGEST_ANSWER} 字，不要写身份证号、手机号；办公电话可以写。",
        f"“可信程度”写 {'、'.join(CERTAINTIES.values())}；“主题”写 {'、'.join(topics().values())}。",
        "“读者”“相关”一格几样的用顿号隔开；“相关”写别的条目的编号。",
        "“问法”：一行一句，编号是它答哪一条。加一行就加一个问法，删掉行就去掉；一个问法只能指向一条。",
        "导出以后别人改过的条目，你没动的照别人的；两边都改了会提示你重新导出。",
    )
