"""待答问题：机器人没答上的记下来，有人答了告诉提问的人。"""

from __future__ import annotations

from datetime import datetime

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.errors import NotFound, WrongState
from bot.domain.masking import without_numbers
from bot.domain.outbox import new_delivery
from storage.deliveries import Delivery
from storage.questions import OpenQuestion
from storage.words import Channel

ANSWER_QUESTIONS = "answer open questions and propose knowledge"
MAX_QUESTION = 300


class OpenQuestions:
    """待答问题。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def leave_open(self, actor: Actor, question: str) -> int:
        """答不上：遮住号码后记成待答问题，返回编号。"""
        text = without_numbers(question)[:MAX_QUESTION]
        async with self._context.database.write() as stores:
            return await stores.questions.ask(text, actor.qq, actor.place.group_id, self._context.now())

    async def open_questions(self, actor: Actor) -> list[OpenQuestion]:
        """还没答的问题。"""
        self._context.require(actor, ANSWER_QUESTIONS)
        async with self._context.database.read() as stores:
            return await stores.questions.open_questions()

    async def answer(self, actor: Actor, number: int, text: str) -> OpenQuestion:
        """答一个待答问题，并告诉提问的人。"""
        self._context.require(actor, ANSWER_QUESTIONS)
        now = self._context.now()
        async with self._context.database.write() as stores:
            question = await stores.questions.question(number)
            if question is None:
                raise NotFound(f"没有第 {number} 号待答问题。发 /知识 待答 看编号。")
            if not await stores.questions.answer(number, text, actor.qq, now):
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
