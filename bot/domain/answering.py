"""答问：知识库底本加上已批准的改动交给检索器，答不上的记成待答问题。"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.errors import NotFound, WrongState
from bot.domain.masking import without_numbers
from bot.domain.outbox import new_delivery
from bot.plan.values import Contact
from faq.entries import Entry
from faq.retriever import Decision, Retriever
from storage.deliveries import Delivery
from storage.knowledge import KnowledgeVersion, OpenQuestion
from storage.words import Channel, UnitKind

ANSWER_QUESTIONS = "answer open questions and propose knowledge"
ASK = "ask a question"
MAX_QUESTION = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """一个问题的下场：答（entry）、请选（suggestions）、不知道（两者都空）。"""

    entry: Entry | None = None
    suggestions: tuple[Entry, ...] = ()


class KnowledgeBase:
    """底本条目与检索器；有改动就整个换新，不动底本文件。"""

    def __init__(self, base: Sequence[Entry], contact: Contact) -> None:
        self._base = {entry.id: entry for entry in base}
        self._contact = contact
        self._entries = dict(self._base)
        self._retriever: Retriever | None = None

    @property
    def retriever(self) -> Retriever:
        """检索器；建索引要小半秒，第一次问到才建（导名册、发邀请码用不着）。"""
        if self._retriever is None:
            self._retriever = Retriever(tuple(self._entries.values()))
        return self._retriever

    def apply(self, versions: Sequence[KnowledgeVersion]) -> None:
        """盖上数据库里的改动。"""
        if not versions:
            return
        entries = dict(self._base)
        for version in versions:
            if version.content:
                entries[version.entry_id] = Entry(id=version.entry_id, **dict(version.content))
            else:
                entries.pop(version.entry_id, None)
        self._entries = entries
        self._retriever = None

    def entry(self, entry_id: str) -> Entry:
        """按编号取条目。"""
        return self._entries[entry_id]

    def decide(self, turns: Sequence[str], *, overheard: bool = False) -> Outcome:
        """判断怎么答；``turns`` 的最后一句是这次的问题。"""
        return self.outcome(self.retriever.decide_turns(list(turns), overheard=overheard))

    def outcome(self, decision: Decision) -> Outcome:
        """检索器的判断 → 条目。"""
        if decision.kind == "answer" and decision.id is not None:
            return Outcome(entry=self._entries[decision.id])
        if decision.kind == "suggest":
            return Outcome(suggestions=tuple(self._entries[known] for known in decision.suggestions))
        return Outcome()

    def card(self, entry: Entry) -> str:
        """一张答案卡：答案、依据、编号；联系方式按设置填进去。"""
        answer = entry.answer.strip()
        answer = answer.replace("{contact_phone}", self._contact.phone or "（以最新通知为准）")
        answer = answer.replace("{contact_mail}", self._contact.mail or "（以最新通知为准）")
        return f"{answer}\n依据：{entry.basis} · 编号 {entry.id}"


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

    async def leave_open(self, actor: Actor, question: str) -> int:
        """答不上：遮住号码后记成待答问题，返回编号。"""
        text = without_numbers(question)[:MAX_QUESTION]
        async with self._context.database.write() as stores:
            return await stores.knowledge.ask(text, actor.qq, actor.place.group_id, self._context.now())

    async def open_questions(self, actor: Actor) -> list[OpenQuestion]:
        """还没答的问题。"""
        self._context.require(actor, ANSWER_QUESTIONS)
        async with self._context.database.read() as stores:
            return await stores.knowledge.open_questions()

    async def answer(self, actor: Actor, number: int, text: str) -> OpenQuestion:
        """答一个待答问题，并告诉提问的人。"""
        self._context.require(actor, ANSWER_QUESTIONS)
        now = self._context.now()
        async with self._context.database.write() as stores:
            question = await stores.knowledge.question(number)
            if question is None:
                raise NotFound(f"没有第 {number} 号待答问题。发 /知识 待答 看编号。")
            if not await stores.knowledge.answer(number, text, actor.qq, now):
                raise WrongState(f"第 {number} 号问题已经有人答过了。")
            await self._context.log(stores, actor, ANSWER_QUESTIONS, f"question {number}")
            await stores.deliveries.add([_told(question, text, now)], now)
        return question


def _told(question: OpenQuestion, answer: str, now: datetime) -> Delivery:
    in_group = question.group_id is not None
    channel = Channel.GROUP if in_group else Channel.PRIVATE
    target = question.group_id if question.group_id is not None else question.asked_by
    facts = {"question": question.text, "answer": answer, "asked_by": question.asked_by}
    return new_delivery("question_answered", channel, target, facts, due_at=now)
