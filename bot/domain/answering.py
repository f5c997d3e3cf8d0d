"""答问：一句话该怎么答，看知识库、看说话的人；没被点名时几句一起看，取最稳的。"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.actor import Actor
from bot.domain.asker_facts import (
    DEADLINES,
    AskerFacts,
    Reviewer,
    Situation,
    facts_of,
    looked_up,
)
from bot.domain.askers import Asker, asker_of
from bot.domain.context import Context
from bot.domain.knowledge_base import KnowledgeBase, Outcome
from bot.domain.model_help import ModelHelp
from bot.domain.variants import fitted, has_variants
from faq.entries import Entry
from faq.retriever import ABSTAIN, ANSWER, Decision
from storage.obligations import Obligation
from storage.words import Role, UnitKind

SEE_OWN = "see own registration and obligations"
GET_FORMS = "get blank or filled forms 附件1 附件2 附件3"
# 群里没点名的追问，长了就不是追问
FOLLOW_UP_LENGTH = 16
RANKED = 6
SILENT = Decision(ABSTAIN, None, (), 0.0, "没有一种读法够稳")


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


def steadiest(decisions: Sequence[Decision]) -> Decision:
    """几种读法里最有把握的一个答复；一个也不够答就不出声。"""
    answers = [decision for decision in decisions if decision.kind == ANSWER]
    return max(answers, key=lambda decision: decision.score, default=SILENT)


def judge(knowledge: KnowledgeBase, asker: Asker, turns: Sequence[str], *, overheard: bool) -> Decision:
    """检索的判断，再按提问人的身份选变体；``turns`` 的最后一句是这次的问题。"""
    decision = knowledge.retriever.decide_turns(list(turns), overheard=overheard)
    found = [decision.id] if decision.id is not None else list(decision.suggestions)
    if not asker.is_known or not found or not has_variants(found[0]):
        return decision
    said = "，".join(turns)
    ranked = [(hit.id, hit.score) for hit in knowledge.retriever.search(said, RANKED)]
    return fitted(decision, ranked, said, asker)


class Answering:
    """答问。"""

    def __init__(self, context: Context, knowledge: KnowledgeBase) -> None:
        self._context = context
        self.knowledge = knowledge
        self.model: ModelHelp | None = None

    def decide(self, actor: Actor, turns: Sequence[str]) -> Outcome:
        """对着机器人说的一句怎么答；接着前文读不懂就单看这一句，给编号时合说话人身份的排在前面。"""
        asker = asker_of(actor)
        decision = judge(self.knowledge, asker, turns, overheard=False)
        if decision.kind == ABSTAIN and len(turns) > 1:
            decision = judge(self.knowledge, asker, turns[-1:], overheard=False)
        outcome = self.knowledge.outcome(decision)
        mine = audiences(actor)
        ordered = sorted(outcome.suggestions, key=lambda entry: not mine.intersection(entry.audience))
        return Outcome(outcome.entry, tuple(ordered))

    async def widened(self, question: str, outcome: Outcome) -> Outcome:
        """拿不准的，配了大模型就多找几个候选；从不变成答复。"""
        return await self.model.widened(question, outcome) if self.model else outcome

    async def worded(self, question: str, entry: Entry) -> Entry:
        """答得上的，配了大模型就换个贴题的说法；编号与依据不变。"""
        return await self.model.worded(question, entry) if self.model else entry

    def overhear(self, actor: Actor, lines: Sequence[str], earlier: Sequence[str] = ()) -> Outcome:
        """没对着机器人说的几句要不要答：逐句看、合起来看，取最稳的；从不给候选。

        ``earlier`` 是机器人刚答过他的问题，短的追问接着它理解。
        """
        asker = asker_of(actor)
        readings = [[*earlier, line] if len(line) <= FOLLOW_UP_LENGTH else [line] for line in lines]
        if len(lines) > 1:
            readings.append(["，".join(lines)])
        decisions = [judge(self.knowledge, asker, turns, overheard=True) for turns in readings]
        return self.knowledge.outcome(steadiest(decisions))

    async def facts(self, actor: Actor, entry_id: str) -> AskerFacts:
        """这一条后面要附的、与提问人有关的事实；没登记的只有方案日期。"""
        asker, permissions = asker_of(actor), self._context.permissions
        if not permissions.allows(actor, SEE_OWN):
            asker = replace(asker, private=False)
        dated = looked_up(DEADLINES, entry_id) is not None
        facts = facts_of(entry_id, await self.situation(asker, dated=dated), self._context.plan)
        return facts if permissions.allows(actor, GET_FORMS) else replace(facts, form=None)

    async def situation(self, asker: Asker, *, dated: bool = True) -> Situation:
        """手头的事实；``dated`` 为假就不去读他单位的待办。"""
        unit, context = asker.unit, self._context
        if unit is None:
            return Situation(asker, context.today())
        obligations: Sequence[Obligation] = ()
        if dated:
            async with context.database.read() as stores:
                obligations = await stores.obligations.of_unit(unit.code)
        county_day = context.county_days.get(unit.parent_code or "")
        return Situation(asker, context.today(), county_day, obligations, self._reviewer(asker))

    def _reviewer(self, asker: Asker) -> Reviewer | None:
        if asker.unit is None or asker.unit.parent_code is None:
            return None
        directory = self._context.directory
        unit = directory.tree.get(asker.unit.parent_code)
        administrators = len(directory.seats_of(unit.code, (Role.INFO_ADMIN,)))
        return Reviewer(unit, administrators if asker.private else None)

    async def warm(self) -> None:
        """把检索的索引现在就建好，第一个提问的人不用等。"""
        await asyncio.to_thread(lambda: self.knowledge.retriever)

    async def load(self) -> None:
        """读入数据库里批准过的改动。"""
        async with self._context.database.read() as stores:
            self.knowledge.apply(await stores.knowledge.latest())
