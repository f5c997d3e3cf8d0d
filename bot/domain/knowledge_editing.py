"""改知识：看、改、加问法、回滚、删除。每次改动是一个新版本，什么也不会真的没了。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz, process

from bot.domain.actor import Actor, Place, PlaceKind
from bot.domain.context import Context
from bot.domain.entry_differences import Difference, differences
from bot.domain.entry_drafts import LONGEST_QUESTION, content_of, entry_of, read_changes, revised
from bot.domain.errors import BadInput, NotFound, WrongState
from bot.domain.knowledge_base import KnowledgeBase
from bot.domain.knowledge_ledger import PUBLISH, KnowledgeLedger
from bot.domain.open_questions import ANSWER_QUESTIONS
from bot.domain.public_text import public_text
from faq.analysis import default_analyser
from faq.entries import Entry
from storage.knowledge import KnowledgeVersion
from storage.words import KnowledgeChange, ProposalKind

LONGEST_REASON = 100
NEAR_ENOUGH = 50


@dataclass(frozen=True, slots=True)
class View:
    """一个条目现在的样子；``version`` 是 0 表示没改过，就是出厂底本。"""

    entry: Entry
    version: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Draft:
    """拟好还没写的改动：``before``、``after`` 为空是没有这一条；``seen`` 是拟的时候第几版。"""

    entry_id: str
    before: Entry | None
    after: Entry | None
    seen: int
    change: KnowledgeChange
    reason: str = ""

    @property
    def question(self) -> str:
        """说的是哪个问题。"""
        shown = self.after or self.before
        return shown.question if shown else ""

    @property
    def differences(self) -> tuple[Difference, ...]:
        """改前改后差在哪。"""
        return differences(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Revision:
    """历史里的一版；``who`` 是改的人现在担任什么，出厂底本没有人和时间。"""

    version: int
    change: KnowledgeChange | None
    who: str
    at: datetime | None
    differences: tuple[Difference, ...]
    reason: str = ""


class KnowledgeEditing:
    """改知识。"""

    def __init__(self, context: Context, knowledge: KnowledgeBase) -> None:
        self._context = context
        self._ledger = KnowledgeLedger(context, knowledge)

    def may_publish(self, actor: Actor) -> bool:
        """能不能直接改知识库。"""
        return self._context.permissions.allows(actor, PUBLISH)

    async def view(self, actor: Actor, entry_id: str) -> View:
        """看一条。"""
        self._context.require(actor, ANSWER_QUESTIONS)
        entry = self._current(entry_id)
        async with self._context.database.read() as stores:
            newest = await stores.knowledge.newest(entry.id)
        return View(entry, newest.version if newest else 0, newest.changed_at if newest else None)

    def draft_edit(self, actor: Actor, entry_id: str, written: Mapping[str, str]) -> Draft:
        """拟一次修改；``written`` 是字段名 → 人写的内容。"""
        self._context.require(actor, PUBLISH)
        entry = self._current(entry_id)
        after = revised(entry, read_changes(written))
        return self._draft(entry.id, entry, after, KnowledgeChange.EDIT)

    def draft_alias(self, actor: Actor, entry_id: str, alias: str) -> Draft:
        """拟加一个问法。"""
        self._context.require(actor, PUBLISH)
        entry = self._current(entry_id)
        after = self._with_alias(entry, alias)
        return self._draft(entry.id, entry, after, KnowledgeChange.ALIAS)

    async def propose_alias(self, actor: Actor, entry_id: str, alias: str) -> int:
        """提议加一个问法，等市级确认；返回提案编号。"""
        self._context.require(actor, ANSWER_QUESTIONS)
        entry = self._current(entry_id)
        kept = self._with_alias(entry, alias).aliases[-1]
        now = self._context.now()
        async with self._context.database.write() as stores:
            for waiting in await stores.proposals.waiting():
                if waiting.entry_id == entry.id and waiting.content.get("alias") == kept:
                    raise WrongState(f"这个问法已经有人提过了（{waiting.id} 号提案），等市级确认。")
            number = await stores.proposals.add(
                ProposalKind.ALIAS, {"alias": kept}, actor.qq, now, entry_id=entry.id
            )
            await self._context.log(stores, actor, ANSWER_QUESTIONS, f"proposal {number}")
        return number

    def draft_deletion(self, actor: Actor, entry_id: str, reason: str) -> Draft:
        """拟删除一条；删了还能回滚。"""
        self._context.require(actor, PUBLISH)
        entry = self._current(entry_id)
        kept = public_text(reason, "原因", LONGEST_REASON)
        return self._draft(entry.id, entry, None, KnowledgeChange.DELETE, kept)

    async def draft_roll_back(self, actor: Actor, entry_id: str, version: int) -> Draft:
        """拟回到第 ``version`` 版；0 是出厂底本。"""
        self._context.require(actor, PUBLISH)
        wanted = self._known(entry_id)
        async with self._context.database.read() as stores:
            past = await stores.knowledge.history(wanted)
        before = self._ledger.knowledge.entries.get(wanted)
        if not past and before is None:
            raise self._not_found(entry_id)
        after = self._past(wanted, past, version)
        if before == after:
            raise WrongState(f"{wanted} 现在就是第 {version} 版的样子，不用回滚。")
        return self._draft(wanted, before, after, KnowledgeChange.ROLL_BACK)

    async def publish(self, actor: Actor, draft: Draft) -> int:
        """照拟好的写一个新版本，立刻生效；返回版本号。"""
        self._context.require(actor, PUBLISH)
        if draft.after is not None:
            self._ledger.check(draft.after, draft.before)
        content = content_of(draft.after) if draft.after else {"reason": draft.reason}
        async with self._context.database.write() as stores:
            version = await self._ledger.write(
                stores, actor, draft.entry_id, content, draft.change, after=draft.seen
            )
        await self._ledger.publish(version)
        return version.version

    async def history(self, actor: Actor, entry_id: str) -> list[Revision]:
        """一个条目的全部版本，新的在前；有出厂底本的最后是第 0 版。"""
        self._context.require(actor, ANSWER_QUESTIONS)
        wanted = self._known(entry_id)
        async with self._context.database.read() as stores:
            past = await stores.knowledge.history(wanted)
        base = self._ledger.knowledge.base.get(wanted)
        if not past and base is None:
            raise self._not_found(entry_id)
        revisions = [Revision(0, None, "", None, ())] if base else []
        before = base
        for version in past:
            after = None if version.deleted else entry_of(wanted, version.content)
            revisions.append(self._revision(version, before, after))
            before = after
        return revisions[::-1]

    def _revision(self, version: KnowledgeVersion, before: Entry | None, after: Entry | None) -> Revision:
        seats = self._context.directory.actor(version.changed_by, Place(PlaceKind.FRIEND)).assignments
        who = f"{seats[0].unit.name}{seats[0].role.label}" if seats else f"QQ {version.changed_by}"
        return Revision(
            version.version,
            KnowledgeChange.named(version.change),
            who,
            version.changed_at,
            differences(before, after),
            "" if after else str(version.content.get("reason", "")),
        )

    def _draft(
        self,
        entry_id: str,
        before: Entry | None,
        after: Entry | None,
        change: KnowledgeChange,
        reason: str = "",
    ) -> Draft:
        if before == after:
            raise BadInput("写的和现在一样，没有要改的。")
        if after is not None:
            self._ledger.check(after, before)
        return Draft(entry_id, before, after, self._ledger.knowledge.version(entry_id), change, reason)

    def _with_alias(self, entry: Entry, alias: str) -> Entry:
        kept = " ".join(public_text(alias, "问法", LONGEST_QUESTION).split())
        if not default_analyser().analyse(kept).terms:
            raise BadInput(f"“{kept}”里没有具体的事，请写完整的问法。")
        owner = self._ledger.owner_of(kept)
        if owner is not None and owner.id == entry.id:
            raise WrongState(f"{entry.id} 已经有这个问法了。")
        after = revised(entry, {"aliases": (*entry.aliases, kept)})
        self._ledger.check(after, entry)
        return after

    def _past(self, entry_id: str, past: list[KnowledgeVersion], version: int) -> Entry | None:
        found = next((one for one in past if one.version == version), None)
        if version == 0:
            base = self._ledger.knowledge.base.get(entry_id)
            if base is None:
                raise NotFound(
                    f"{entry_id} 是后来加的，没有出厂底本。发 /知识 历史 {entry_id} 看有哪些版本。"
                )
            return base
        if found is None:
            raise NotFound(f"{entry_id} 没有第 {version} 版。看版本发：/知识 历史 {entry_id}")
        if found.deleted:
            raise BadInput(f"第 {version} 版是删除。要删除请发：/知识 删除 {entry_id} 原因")
        return entry_of(entry_id, found.content)

    def _current(self, entry_id: str) -> Entry:
        entry = self._ledger.knowledge.entries.get(self._known(entry_id))
        if entry is None:
            raise self._not_found(entry_id)
        return entry

    def _known(self, entry_id: str) -> str:
        return entry_id.strip().strip("，,。.：:").lower()

    def _not_found(self, entry_id: str) -> NotFound:
        wanted = self._known(entry_id)
        if wanted in self._ledger.knowledge.base or wanted.startswith("local."):
            return NotFound(f"没有编号 {wanted} 的知识，可能已经删了。发 /知识 历史 {wanted} 看看。")
        near = process.extractOne(
            wanted, list(self._ledger.knowledge.entries), scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH
        )
        hint = f"是不是 {near[0]}？" if near else "编号在答案卡的最后一行。"
        return NotFound(f"没有编号 {wanted} 的知识，{hint}")
