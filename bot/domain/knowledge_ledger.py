"""知识改动的账本：写新版本、核对问法、记日志、提交后让知识库换新；改条目和定提案都经过这里。"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.entry_drafts import check
from bot.domain.errors import BadInput, WrongState
from bot.domain.knowledge_base import KnowledgeBase
from faq.entries import Entry
from storage.database import Stores
from storage.knowledge import KnowledgeVersion, VersionTaken
from storage.words import KnowledgeChange

PUBLISH = "publish change or roll back knowledge"


class KnowledgeLedger:
    """账本。"""

    def __init__(self, context: Context, knowledge: KnowledgeBase) -> None:
        self._context = context
        self.knowledge = knowledge

    def check(self, entry: Entry, before: Entry | None = None) -> None:
        """放得进知识库吗：条目合规矩，新加的问法不是别的条目的。"""
        check(entry, tuple(self.knowledge.entries.values()))
        known = {before.question, *before.aliases} if before else set()
        for phrase in (entry.question, *entry.aliases):
            if phrase in known:
                continue
            owner = self.owner_of(phrase)
            if owner is not None and owner.id != entry.id:
                raise BadInput(f"问法“{phrase}”已属于 {owner.id}（{owner.question}），一个问法只能指向一条。")

    def owner_of(self, phrase: str) -> Entry | None:
        """这句问法已经是哪一条的。"""
        return self.knowledge.owner_of(phrase)

    async def write(
        self,
        stores: Stores,
        actor: Actor,
        entry_id: str,
        content: Mapping[str, Any],
        change: KnowledgeChange,
        *,
        after: int,
    ) -> KnowledgeVersion:
        """接在第 ``after`` 版（拟改动时看到的）后面写一版并记日志；已经不是那一版了就请人重来。"""
        version = KnowledgeVersion(
            entry_id, after + 1, content, actor.qq, self._context.now(), change=change.value
        )
        newest = await stores.knowledge.newest(entry_id)
        if (newest.version if newest else 0) != after:
            raise _taken(entry_id)
        try:
            await stores.knowledge.add(version)
        except VersionTaken as error:
            raise _taken(entry_id) from error
        detail = {"version": version.version, "change": change.value}
        await self._context.log(stores, actor, PUBLISH, f"entry {entry_id}", detail=detail)
        return version

    async def publish(self, version: KnowledgeVersion) -> None:
        """提交之后：知识库换新，立刻就答得出；换索引要十分之一秒，不占着收消息的线程。"""
        await asyncio.to_thread(self.knowledge.apply, [version])


def _taken(entry_id: str) -> WrongState:
    return WrongState(f"{entry_id} 刚刚有人改过，这次没有改。请发 /知识 看 {entry_id} 核对后再来。")
