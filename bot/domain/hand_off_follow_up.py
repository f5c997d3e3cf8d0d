"""转人工以后没人答：催同一批人一次，再没人答就转上一级一次，并告诉提问的人。"""

from __future__ import annotations

from bot.domain.actor import Actor, Place, PlaceKind
from bot.domain.context import Context
from bot.domain.hand_off_notices import (
    HAND_OFF_KIND,
    HAND_OFF_REMINDER_KIND,
    for_administrators,
    for_asker,
    question_facts,
)
from bot.domain.hand_off_routes import Routes, Stop, desk_of
from bot.domain.handing_off import Patience, is_final
from bot.domain.knowledge_base import KnowledgeBase
from bot.domain.working_hours import after_working_time, is_working_moment
from storage.database import Stores
from storage.questions import OpenQuestion
from storage.words import QuestionState

FOLLOW_UP = "follow up a hand-off"


class HandOffFollowUp:
    """盯着转出去没人答的问题。"""

    def __init__(self, context: Context, knowledge: KnowledgeBase, patience: Patience | None = None) -> None:
        self._context = context
        self._knowledge = knowledge
        self._patience = patience or Patience()
        self._routes = Routes(context)

    async def run(self) -> int:
        """清点一遍，只在上班时间；返回催了、转了几个。"""
        now = self._context.now()
        if not is_working_moment(now, self._context.calendar):
            return 0
        async with self._context.database.read() as stores:
            waiting = await stores.questions.unanswered_handed(now - self._patience.span)
        return sum([await self._advance(one.id) for one in waiting if self._is_due(one)])

    def _is_due(self, question: OpenQuestion) -> bool:
        """到了该催、该转的时候。"""
        since = question.reminded_at or question.handed_at
        if question.state is not QuestionState.OPEN or since is None or is_final(question):
            return False
        return self._context.now() >= after_working_time(since, self._patience.span, self._context.calendar)

    async def _advance(self, number: int) -> bool:
        """往前走一步；拿到写锁以后再看一眼，刚被答了的不动。"""
        async with self._context.database.write() as stores:
            question = await stores.questions.question(number)
            if question is None or not self._is_due(question):
                return False
            stop = self._current_stop(question) if question.reminded_at is None else None
            if stop is None:
                await self._move_up(stores, question)
            else:
                await self._remind(stores, question, stop)
        return True

    async def _remind(self, stores: Stores, question: OpenQuestion, stop: Stop) -> None:
        now = self._context.now()
        await stores.questions.remind(question.id, now)
        facts = question_facts(question, self._asker(question), self._context)
        await stores.deliveries.add(for_administrators(HAND_OFF_REMINDER_KIND, stop, facts, now), now)
        await self._log(stores, question, stop.unit.code, "remind")

    async def _move_up(self, stores: Stores, question: OpenQuestion) -> None:
        """转上一级，记成到头；上面没有人就只告诉提问的人。"""
        now, stop = self._context.now(), self._next_stop(question)
        await stores.questions.hand(question.id, stop.unit.code if stop else question.unit_code, now)
        await stores.questions.remind(question.id, now)
        if stop is not None:
            before = self._routes.unit(question.unit_code)
            facts = question_facts(question, self._asker(question), self._context)
            facts["waited"] = before.name if before else ""
            await stores.deliveries.add(for_administrators(HAND_OFF_KIND, stop, facts, now), now)
        await stores.deliveries.add([for_asker(question, stop.unit.name if stop else "", now)], now)
        await self._log(stores, question, stop.unit.code if stop else "", "move")

    def _current_stop(self, question: OpenQuestion) -> Stop | None:
        unit = self._routes.unit(question.unit_code)
        desk = desk_of(question.text, self._knowledge)
        return self._routes.stop(unit, desk, self._asker(question)) if unit else None

    def _next_stop(self, question: OpenQuestion) -> Stop | None:
        unit, asker = self._routes.unit(question.unit_code), self._asker(question)
        way = self._routes.up(unit)[1:] if unit else self._routes.way(asker)
        return self._routes.first_stop(way, desk_of(question.text, self._knowledge), asker)

    def _asker(self, question: OpenQuestion) -> Actor:
        in_group = question.group_id is not None
        place = Place(PlaceKind.GROUP if in_group else PlaceKind.FRIEND, question.group_id)
        return self._context.directory.actor(question.asked_by, place)

    async def _log(self, stores: Stores, question: OpenQuestion, unit_code: str, step: str) -> None:
        detail = {"unit": unit_code, "step": step}
        await self._context.log(stores, None, FOLLOW_UP, f"question {question.id}", detail=detail)
