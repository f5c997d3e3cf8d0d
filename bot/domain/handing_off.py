"""转人工：问题记成待答，连同上下文送到管得着的管理员手里；重复转不重复打扰。

走到哪一步全在待答问题的两个时刻里，重启不丢不重：``handed_at`` 是转出去的时刻，``reminded_at`` 是催过的时刻；
两者相同表示已经转过上一级、到头了，不再催也不再转。没人答时催谁、转给谁在 hand_off_follow_up。
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.actor import Actor
from bot.domain.clock import SHANGHAI
from bot.domain.context import Context
from bot.domain.errors import WrongState
from bot.domain.hand_off_notices import (
    HAND_OFF_KIND,
    HAND_OFF_REMINDER_KIND,
    Background,
    for_administrators,
    question_facts,
)
from bot.domain.hand_off_routes import Routes, Stop, desk_of
from bot.domain.knowledge_base import KnowledgeBase
from bot.domain.masking import without_numbers
from bot.domain.open_questions import MAX_QUESTION
from bot.domain.person_names import without_names
from storage.database import Stores
from storage.questions import OpenQuestion
from storage.units import Unit

ASK_HUMAN = "ask for a human"
# 同一个问题这么久以内再转，不再打扰管理员
NOT_AGAIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Patience:
    """等多少个上班小时没人答就催（再等这么久转上一级）；一个人一天最多转几次。"""

    hours: float = 4
    daily: int = 10

    @property
    def span(self) -> timedelta:
        """等多久。"""
        return timedelta(hours=self.hours)


class Handed(StrEnum):
    """转人工的下场：送到了、没有人可送、刚转过、又催了一次。"""

    SENT = "sent"
    NOBODY = "nobody"
    ALREADY = "already"
    REMINDED = "reminded"


@dataclass(frozen=True, slots=True)
class PassedOn:
    """转了以后：待答编号、下场、在哪个单位手里（没有人可送为空）。"""

    number: int
    outcome: Handed
    office: str = ""


def is_final(question: OpenQuestion) -> bool:
    """转到头了：不再催，也不再转。"""
    return question.handed_at is not None and question.handed_at == question.reminded_at


class HandingOff:
    """转人工。"""

    def __init__(self, context: Context, knowledge: KnowledgeBase, patience: Patience | None = None) -> None:
        self._context = context
        self._knowledge = knowledge
        self._patience = patience or Patience()
        self._routes = Routes(context)

    async def pass_on(self, actor: Actor, question: str, background: Background | None = None) -> PassedOn:
        """转出去；同一个问题还没答的不重复送。"""
        self._context.require(actor, ASK_HUMAN)
        text = without_names(without_numbers(question))[:MAX_QUESTION]
        desk, now = desk_of(text, self._knowledge), self._context.now()
        async with self._context.database.write() as stores:
            number = await stores.questions.ask(text, actor.qq, actor.place.group_id, now)
            known = await stores.questions.question(number)
            if known is None:
                raise WrongState("这个问题没有记下来，请再发一次。")
            unit = self._routes.unit(known.unit_code)
            if unit is not None:
                return await self._again(stores, actor, known, self._routes.stop(unit, desk, actor), unit)
            await self._check_daily(stores, actor)
            stop = self._routes.first_stop(self._routes.way(actor), desk, actor)
            if stop is None:
                await self._log(stores, actor, known, "", 0)
                return PassedOn(number, Handed.NOBODY)
            await stores.questions.hand(number, stop.unit.code, now)
            facts = question_facts(known, actor, self._context) | (background or Background()).facts()
            await stores.deliveries.add(for_administrators(HAND_OFF_KIND, stop, facts, now), now)
            await self._log(stores, actor, known, stop.unit.code, len(stop.people))
        return PassedOn(number, Handed.SENT, stop.unit.name)

    async def _again(
        self, stores: Stores, actor: Actor, question: OpenQuestion, stop: Stop | None, unit: Unit
    ) -> PassedOn:
        """转过了还没人答又来转：半小时后替他催一次，催过就等着。"""
        now = self._context.now()
        soon = question.handed_at is not None and now - question.handed_at < NOT_AGAIN
        if stop is None or soon or not await stores.questions.remind(question.id, now):
            return PassedOn(question.id, Handed.ALREADY, unit.name)
        facts = question_facts(question, actor, self._context)
        await stores.deliveries.add(for_administrators(HAND_OFF_REMINDER_KIND, stop, facts, now), now)
        await self._log(stores, actor, question, unit.code, len(stop.people))
        return PassedOn(question.id, Handed.REMINDED, unit.name)

    async def _check_daily(self, stores: Stores, actor: Actor) -> None:
        today = self._context.now().astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        if await stores.questions.handed_since(actor.qq, today) < self._patience.daily:
            return
        contact = self._context.plan.contact
        urgent = f"打{contact.office}电话 {contact.phone}" if contact.phone else f"联系{contact.office}"
        raise WrongState(f"你今天已经转了 {self._patience.daily} 次人工，请明天再转；着急请{urgent}。")

    async def _log(
        self, stores: Stores, actor: Actor, question: OpenQuestion, unit_code: str, people: int
    ) -> None:
        detail = {"unit": unit_code, "people": people}
        await self._context.log(stores, actor, ASK_HUMAN, f"question {question.id}", detail=detail)
