"""撤回答复：答错了的那条作废、记成坏例、问题重新待答，告诉问的人；消息本身由聊天接入层去撤。"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.actor import Actor
from bot.domain.answer_log import AnswerLog
from bot.domain.context import Context
from bot.domain.errors import BadInput, NotFound, WrongState
from bot.domain.outbox import new_delivery
from storage.answers import AnswerRecord
from storage.deliveries import Delivery
from storage.words import AnswerKind, Channel, Feedback

WITHDRAW = "withdraw a wrong answer of the bot"
WITHDRAWN_KIND = "answer_withdrawn"
MAX_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """作废了的一次答复；``question_number`` 是新的待答编号，``told`` 是另有问的人要告诉。"""

    record: AnswerRecord
    question_number: int | None
    told: bool


class AnswerWithdrawal:
    """撤回答复。"""

    def __init__(self, context: Context, log: AnswerLog) -> None:
        self._context = context
        self._log = log

    async def withdraw(self, actor: Actor, message_id: str) -> Withdrawn:
        """作废引用的那条答复；不是答复、撤回过了都拒绝。"""
        self._context.require(actor, WITHDRAW)
        record = await self._log.find(actor, message_id)
        if record is None:
            raise NotFound("引用的这条不是我给的答复，没法撤回。\n请引用我答错的那条，再发：/知识 撤回答复")
        if record.kind is not AnswerKind.ANSWER:
            raise BadInput("引用的这条没有给出答案，不用撤回。")
        now = self._context.now()
        record = replace(record, withdrawn_by=actor.qq, withdrawn_at=now, feedback=Feedback.BAD)
        told = bool(record.question) and record.asked_by != actor.qq
        async with self._context.database.write() as stores:
            saved = await stores.answers.get(record.id)
            if saved is not None and saved.withdrawn_at is not None:
                raise WrongState("这条答复已经撤回过了。")
            await stores.answers.save([record])
            number = None
            if record.question:
                number = await stores.questions.ask(record.question, record.asked_by, record.group_id, now)
            detail = {"entry": record.entry_id, "question": number or 0}
            await self._context.log(stores, actor, WITHDRAW, f"answer {record.id}", detail=detail)
            if told:
                await stores.deliveries.add([self._notice(record)], now)
        self._log.put(record)
        return Withdrawn(record, number, told)

    def _notice(self, record: AnswerRecord) -> Delivery:
        in_group = record.group_id is not None
        target = record.group_id if record.group_id is not None else record.asked_by
        facts = {"question": record.question[:MAX_SHOWN], "asked_by": record.asked_by}
        channel = Channel.GROUP if in_group else Channel.PRIVATE
        return new_delivery(WITHDRAWN_KIND, channel, target, facts, due_at=self._context.now())
