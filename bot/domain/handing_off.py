"""转人工：问题记成待答，并送到管得着的管理员手里——学校的人找审核单位，群里的人找群所属单位。"""

from __future__ import annotations

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.masking import without_numbers
from bot.domain.open_questions import OpenQuestions
from bot.domain.outbox import new_delivery
from storage.units import Unit
from storage.words import Channel, Role

MAX_SHOWN = 200


class HandingOff:
    """转人工。"""

    def __init__(self, context: Context, questions: OpenQuestions) -> None:
        self._context = context
        self._questions = questions

    async def pass_on(self, actor: Actor, question: str) -> tuple[int, Unit, int]:
        """转出去，返回待答编号、转给哪个单位、送到几位管理员。"""
        number = await self._questions.leave_open(actor, question)
        office = self._office(actor)
        seats = self._context.directory.seats_of(office.code, (Role.INFO_ADMIN,))
        people = {seat.qq for seat in seats} - {actor.qq}
        now = self._context.now()
        facts = {
            "number": number,
            "question": without_numbers(question)[:MAX_SHOWN],
            "qq": actor.qq,
            "source": actor.assignments[0].unit.name if actor.assignments else "未登记的群成员",
        }
        deliveries = [new_delivery("hand_off", Channel.PRIVATE, qq, facts, due_at=now) for qq in people]
        async with self._context.database.write() as stores:
            await stores.deliveries.add(deliveries, now)
        return number, office, len(people)

    def _office(self, actor: Actor) -> Unit:
        tree = self._context.directory.tree
        if actor.assignments:
            unit = actor.assignments[0].unit
            return tree.get(unit.parent_code) if unit.parent_code else unit
        if actor.group is not None:
            return tree.get(actor.group.unit_code)
        return tree.city
