"""待答问题：机器人没答上的记下来、归成组，有人答了告诉提问的人，答案成为一个新条目的提案。"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.actor import Actor, Place, PlaceKind
from bot.domain.clock import local_day
from bot.domain.context import Context
from bot.domain.entry_drafts import LOCAL, LONGEST_QUESTION, content_of, source
from bot.domain.errors import Denied, NotFound, WrongState
from bot.domain.masking import without_numbers
from bot.domain.outbox import new_delivery
from bot.domain.permissions import Grant
from bot.domain.person_names import without_names
from bot.domain.public_text import public_text
from bot.domain.question_clusters import SIMILAR, Cluster, cluster, similarity
from faq.entries import LONGEST_ANSWER, Entry
from storage.deliveries import Delivery
from storage.questions import OpenQuestion
from storage.units import Unit
from storage.words import Channel, ProposalKind, QuestionState, UnitKind

ANSWER_QUESTIONS = "answer open questions and propose knowledge"
MAX_QUESTION = 300
# 机器人自己的话里写的编号：“已记为待答问题（12 号）”“有人转人工（12 号）”；人写的“学校（3 号教学楼）”不算
NUMBER = re.compile(r"(?:待答问题|转人工|没有人答|管理员了?|”)（(\d{1,6}) 号）")
SHORTEST_PART = 4


@dataclass(frozen=True, slots=True)
class Answered:
    """答好了：代表的编号、一起答了的其他编号、几个人会收到、成了第几号提案。"""

    number: int
    others: tuple[int, ...]
    people: int
    proposal: int


class OpenQuestions:
    """待答问题。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def leave_open(self, actor: Actor, question: str) -> int:
        """答不上：遮住号码后记成待答问题，返回编号。"""
        text = without_names(without_numbers(question))[:MAX_QUESTION]
        async with self._context.database.write() as stores:
            return await stores.questions.ask(text, actor.qq, actor.place.group_id, self._context.now())

    async def open_questions(self, actor: Actor) -> list[OpenQuestion]:
        """他管得着的、还没答的问题，先问的在前。"""
        self._context.require(actor, ANSWER_QUESTIONS)
        async with self._context.database.read() as stores:
            found = await stores.questions.open_questions()
        return [question for question in found if self._concerns(actor, question)]

    async def clusters(self, actor: Actor) -> list[Cluster]:
        """他管得着的、还没答的问题，相近的归成组，问的人多的在前。"""
        return cluster(await self.open_questions(actor))

    async def quoted(self, actor: Actor, text: str) -> int:
        """引用的那条消息是第几号待答问题：看机器人写的编号，没有就看问的话。"""
        found = NUMBER.search(text)
        if found:
            return int(found[1])
        wanted = without_names(without_numbers(text)).strip()
        open_here = await self.open_questions(actor)
        # 同一个群里问的先看
        open_here.sort(key=lambda one: one.group_id != actor.place.group_id)
        for matches in (_same, _contained, _similar):
            for question in open_here:
                if matches(wanted, question.text):
                    return question.id
        raise NotFound("引用的这条不在待答问题里。发 /知识 待答 看编号，再发：/知识 回答 编号 答案")

    async def answer(self, actor: Actor, number: int, text: str) -> Answered:
        """答一个待答问题：同组相近的一起答，告诉各自提问的人，答案记成新条目的提案。"""
        grant = self._context.require(actor, ANSWER_QUESTIONS)
        answer = public_text(text, "答复", LONGEST_ANSWER)
        now = self._context.now()
        async with self._context.database.write() as stores:
            question = await stores.questions.question(number)
            if question is None:
                raise NotFound(f"没有第 {number} 号待答问题。发 /知识 待答 看编号。")
            if not self._concerns(actor, question):
                raise Denied(f"第 {number} 号问题不是你管的单位或群里问的，请让那边的管理员或市里回答。")
            if question.state is not QuestionState.OPEN:
                raise WrongState(f"第 {number} 号问题已经有人答过了。")
            waiting = await stores.questions.open_questions()
            together = _cluster_of(question, [one for one in waiting if self._concerns(actor, one)])
            for one in together.questions:
                await stores.questions.answer(one.id, answer, actor.qq, now)
            content = _entry(question, together, answer, self._source(grant, now))
            proposal = await stores.proposals.add(
                ProposalKind.ENTRY, content, actor.qq, now, question_id=number
            )
            detail = {"questions": len(together.questions), "proposal": proposal}
            await self._context.log(stores, actor, ANSWER_QUESTIONS, f"question {number}", detail=detail)
            await stores.deliveries.add(_told(together, answer, now), now)
        others = tuple(one.id for one in together.questions if one.id != number)
        return Answered(number, others, together.people, proposal)

    def _concerns(self, actor: Actor, question: OpenQuestion) -> bool:
        """他管不管这个问题：提问人的单位、问的那个群、转给的单位在他的单位之下，或就是现在这个群。"""
        if question.group_id is not None and question.group_id == actor.place.group_id:
            return True
        tree, units = self._context.directory.tree, self._units_of(question)
        for grant in self._context.permissions.grants(actor, ANSWER_QUESTIONS):
            if grant.assignment is None:
                continue
            own = grant.assignment.unit
            if own.kind is UnitKind.CITY or any(tree.covers(own, unit) for unit in units):
                return True
        return False

    def _units_of(self, question: OpenQuestion) -> list[Unit]:
        directory = self._context.directory
        asker = directory.actor(question.asked_by, Place(PlaceKind.FRIEND))
        units = [seat.unit for seat in asker.assignments]
        group = directory.groups.get(question.group_id) if question.group_id is not None else None
        codes = {question.unit_code, group.unit_code if group else ""} - {""}
        for code in sorted(codes):
            with contextlib.suppress(NotFound):  # 名册换了，那个单位已经没有
                units.append(directory.tree.get(code))
        return units

    def _source(self, grant: Grant, now: datetime) -> str:
        """答复的来源：市级写公布的科室，其他写哪个单位的什么管理员。"""
        seat = grant.assignment
        if seat is None or seat.unit.kind is UnitKind.CITY:
            office = self._context.plan.contact.office
        else:
            office = f"{seat.unit.name}{seat.role.label}"
        return source(office, local_day(now))


def _entry(question: OpenQuestion, together: Cluster, answer: str, basis: str) -> dict[str, Any]:
    """新条目的提案：答的那句作标准问法，同组其他人的问法作别名。"""
    phrases = dict.fromkeys(_phrase(one.text) for one in together.questions)
    phrases.pop(_phrase(question.text))
    entry = Entry(
        id="",
        topic=LOCAL,
        question=_phrase(question.text),
        answer=answer,
        basis=basis,
        certainty="confirmed",
        audience=("anyone",),
        aliases=tuple(phrases),
    )
    return content_of(entry)


def _phrase(text: str) -> str:
    return " ".join(text.split())[:LONGEST_QUESTION]


def _cluster_of(question: OpenQuestion, waiting: Sequence[OpenQuestion]) -> Cluster:
    return next(one for one in cluster(waiting) if question in one.questions)


def _told(together: Cluster, answer: str, now: datetime) -> list[Delivery]:
    """一个人在一处只告诉一次，说的是他自己的问法。"""
    first = {(one.asked_by, one.group_id): one for one in reversed(together.questions)}
    found: list[Delivery] = []
    for question in sorted(first.values(), key=lambda one: one.id):
        in_group = question.group_id is not None
        channel = Channel.GROUP if in_group else Channel.PRIVATE
        target = question.group_id if question.group_id is not None else question.asked_by
        facts = {"question": question.text, "answer": answer, "asked_by": question.asked_by}
        found.append(new_delivery("question_answered", channel, target, facts, due_at=now))
    return found


def _same(wanted: str, text: str) -> bool:
    return wanted == text


def _contained(wanted: str, text: str) -> bool:
    """引用的是“/转人工 问题”，或问题是连着前一句一起记的。"""
    shorter = min(len(wanted), len(text))
    return shorter >= SHORTEST_PART and (wanted.endswith(text) or text.endswith(wanted))


def _similar(wanted: str, text: str) -> bool:
    return similarity(wanted, text) >= SIMILAR
