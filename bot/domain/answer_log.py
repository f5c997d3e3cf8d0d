"""答问记录：答了什么、有没有用。先记在内存里，清点和关门时一起写库，答复的路上不等数据库。

只记说出口的：没出声的闲聊到不了这里。问题里的号码先遮住；过了保留期只留次数。
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.masking import without_numbers
from bot.domain.person_names import without_names
from storage.answers import AnswerRecord
from storage.words import AnswerKind, Feedback

Key = TypeVar("Key")
Value = TypeVar("Value")

logger = logging.getLogger(__name__)

LONGEST_QUESTION = 300
# 内存里留着最近这么多次，引用它们说“没用”立刻认得出
REMEMBERED = 2000
REMEMBERED_FOR = timedelta(days=2)
# 数据库一直写不进时，最多攒这么多条
MOST_UNSAVED = 5000
# 刚被答复的人，这么久以内不引用也算在说那条
SAID_WITHIN = timedelta(minutes=10)
FORGET = "forget old answers"


@dataclass(frozen=True, slots=True)
class Spoken:
    """说出口的一次答复；``instead_of`` 是他选编号之前的那次（给了候选），选了就算同一次。"""

    id: str
    kind: AnswerKind
    question: str
    message_id: str
    at: datetime
    entry_id: str = ""
    overheard: bool = False
    instead_of: str = ""


def new_answer_id() -> str:
    """一次答问的编号。"""
    return str(uuid.uuid4())


@dataclass(slots=True)
class _Logged:
    record: AnswerRecord
    opinions: dict[int, Feedback] = field(default_factory=dict)


class AnswerLog:
    """答问记录。"""

    def __init__(self, context: Context, keep_days: int) -> None:
        self._context = context
        self._keep = timedelta(days=keep_days)
        self._recent: OrderedDict[str, _Logged] = OrderedDict()
        self._by_message: OrderedDict[tuple[int | None, str], str] = OrderedDict()
        self._latest: OrderedDict[tuple[int, int | None], str] = OrderedDict()
        self._unsaved: dict[str, AnswerRecord] = {}
        self._turn = asyncio.Lock()

    def note(self, actor: Actor, spoken: Spoken) -> str:
        """记下一次，返回记在哪个编号下；不碰数据库。"""
        before = self._recent.get(spoken.instead_of)
        record = AnswerRecord(
            id=before.record.id if before else spoken.id,
            kind=spoken.kind,
            question=without_names(without_numbers(before.record.question if before else spoken.question))[
                :LONGEST_QUESTION
            ],
            entry_id=spoken.entry_id,
            asked_by=actor.qq,
            group_id=actor.place.group_id,
            asked_at=spoken.at,
            overheard=spoken.overheard,
            message_id=spoken.message_id,
        )
        self._remember(record)
        self.put(record)
        return record.id

    def put(self, record: AnswerRecord) -> None:
        """换成新的样子，等着写库。"""
        if record.id in self._recent:
            self._recent[record.id].record = record
        if len(self._unsaved) >= MOST_UNSAVED and record.id not in self._unsaved:
            self._unsaved.pop(next(iter(self._unsaved)))
            logger.warning("答问记录攒满了 %d 条还没写进数据库，最早的一条丢掉了", MOST_UNSAVED)
        self._unsaved[record.id] = record

    def quoted(self, actor: Actor, message_id: str) -> AnswerRecord | None:
        """他引用的这条消息是最近的哪一次答问；只看内存，不是就返回 None。"""
        logged = self._recent.get(self._by_message.get((actor.place.group_id, message_id), ""))
        return logged.record if logged else None

    def latest(self, actor: Actor, now: datetime) -> AnswerRecord | None:
        """刚在这里答过他的那一次；太久了返回 None。"""
        logged = self._recent.get(self._latest.get((actor.qq, actor.place.group_id), ""))
        if logged is None or not timedelta(0) <= now - logged.record.asked_at <= SAID_WITHIN:
            return None
        return logged.record

    async def find(self, actor: Actor, message_id: str) -> AnswerRecord | None:
        """同 ``quoted``，内存里没有再到库里找；私聊里只找得到答他自己的。"""
        known = self.quoted(actor, message_id)
        if known is None:
            async with self._context.database.read() as stores:
                known = await stores.answers.find(message_id, actor.place.group_id)
        if known is None or (actor.place.is_private and known.asked_by != actor.qq):
            return None
        return known

    def rate(self, record: AnswerRecord, qq: int, opinion: Feedback) -> bool:
        """记下一个人的看法：一人只算最后一次，有一个人说没用就是没用；和上次说的一样返回 False。"""
        logged = self._recent.get(record.id)
        if logged is None or logged.opinions.get(qq) is opinion:
            return False
        logged.opinions[qq] = opinion
        bad = Feedback.BAD in logged.opinions.values() or logged.record.withdrawn_at is not None
        self.put(replace(logged.record, feedback=Feedback.BAD if bad else Feedback.GOOD))
        return True

    async def load(self) -> None:
        """开张时读回最近的，重启前的答复照样引用得着。"""
        since = self._context.now() - REMEMBERED_FOR
        async with self._context.database.read() as stores:
            for record in await stores.answers.recent(since, REMEMBERED):
                self._remember(record)

    async def save(self) -> None:
        """攒着的一次写进数据库；没写成的留着，下次再写。"""
        async with self._turn:
            batch, self._unsaved = self._unsaved, {}
            if not batch:
                return
            try:
                await self._write(tuple(batch.values()))
            except BaseException:
                self._unsaved = batch | self._unsaved
                raise

    async def forget_old(self) -> int:
        """过了保留期的清掉提问人和问题文字，返回清了几条；次数留着。"""
        before = self._context.now() - self._keep
        for answer_id in [one for one, logged in self._recent.items() if logged.record.asked_at < before]:
            del self._recent[answer_id]
        async with self._context.database.write() as stores:
            count = await stores.answers.forget_before(before)
            if count:
                await self._context.log(stores, None, FORGET, "answers", detail={"count": count})
        return count

    async def _write(self, records: Sequence[AnswerRecord]) -> None:
        async with self._context.database.write() as stores:
            await stores.answers.save(records)

    def _remember(self, record: AnswerRecord) -> None:
        logged = self._recent.setdefault(record.id, _Logged(record))
        logged.record = record
        place = record.group_id
        _keep(self._recent, record.id, logged)
        _keep(self._latest, (record.asked_by, place), record.id)
        if record.message_id:
            _keep(self._by_message, (place, record.message_id), record.id)


def _keep(table: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    table[key] = value
    table.move_to_end(key)
    if len(table) > REMEMBERED:
        table.popitem(last=False)
