"""答问：一句话该怎么答，看知识库、看说话的人。"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.knowledge_base import KnowledgeBase, Outcome
from storage.words import UnitKind


def audiences(actor: Actor) -> frozenset[str]:
    """说话人算条目里写的哪几种读者：没登记的当作老师。"""
    kinds = {seat.unit.kind for seat in actor.assignments}
    found = {"anyone"}
    if not kinds:
        found.add("teacher")
    if any(kind.is_school for kind in kinds):
        found.add("school_admin")
    if UnitKind.COUNTY in kinds:
        found.add("county_admin")
    if UnitKind.CITY in kinds:
        found |= {"city_admin", "county_admin"}
    return frozenset(found)


class Answering:
    """答问与待答问题。"""

    def __init__(self, context: Context, knowledge: KnowledgeBase) -> None:
        self._context = context
        self.knowledge = knowledge

    def decide(self, actor: Actor, turns: Sequence[str], *, overheard: bool = False) -> Outcome:
        """判断怎么答；给编号让人选的时候，合说话人身份的排在前面。"""
        outcome = self.knowledge.decide(turns, overheard=overheard)
        mine = audiences(actor)
        ordered = sorted(outcome.suggestions, key=lambda entry: not mine.intersection(entry.audience))
        return Outcome(outcome.entry, tuple(ordered))

    async def warm(self) -> None:
        """把检索的索引现在就建好，第一个提问的人不用等。"""
        await asyncio.to_thread(lambda: self.knowledge.retriever)

    async def load(self) -> None:
        """读入数据库里批准过的改动。"""
        async with self._context.database.read() as stores:
            self.knowledge.apply(await stores.knowledge.latest())
