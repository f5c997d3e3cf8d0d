"""请大模型帮忙，默认没有：拿不准时多找几个候选，答得上时换个贴题的说法。

绝不把“不知道”变成答复；没配、坏了、超时、写得不放心，都当没有这回事。
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.context import Context
from bot.domain.knowledge_base import KnowledgeBase, Outcome
from bot.domain.model import LanguageModel, ModelUnavailable, Vector, VectorStore
from bot.domain.model_redaction import redacted
from bot.domain.model_search import (
    VectorIndex,
    content_key,
    fused,
    index_of,
    nearest,
    unit_length,
    wanted_phrasings,
)
from bot.domain.model_wording import SYSTEM, checked, request_of
from faq.entries import Entry
from faq.text import compact, normalise
from storage.words import UnitKind

logger = logging.getLogger(__name__)

# 太短的话像不像没有意义
SHORTEST = 4
REMEMBERED = 256
BATCH = 10
RETRY = timedelta(minutes=5)


class ModelHelp:
    """大模型能帮的两样；向量在后台算，没算好就当没有。"""

    def __init__(
        self, context: Context, knowledge: KnowledgeBase, model: LanguageModel, store: VectorStore
    ) -> None:
        self._context = context
        self._knowledge = knowledge
        self._model = model
        self._store = store
        self._vectors: dict[str, Vector] | None = None
        self._index: VectorIndex | None = None
        self._indexed: object = None
        self._asked: OrderedDict[str, Vector] = OrderedDict()
        self._refreshing: asyncio.Task[None] | None = None
        self._not_before: datetime | None = None
        self._closed = False

    async def widened(self, question: str, outcome: Outcome) -> Outcome:
        """拿不准或不知道时，用向量给候选重排、补进候选，最多三个；已经有答复的不动。"""
        if outcome.entry is not None or not self._model.embeds or self._closed:
            return outcome
        try:
            near = await self._near(self._redacted(question))
        except ModelUnavailable:
            return outcome
        except Exception as error:
            logger.error("向量检索出错：%s", type(error).__name__)  # noqa: TRY400
            return outcome
        if not near:
            return outcome
        entries = self._knowledge.entries
        ids = fused([entry.id for entry in outcome.suggestions], near)
        return Outcome(suggestions=tuple(entries[known] for known in ids if known in entries))

    async def worded(self, question: str, entry: Entry) -> Entry:
        """换了说法的这一条，编号与依据不变；不放心就是原来那条。"""
        if not self._model.words or self._closed or _same_question(question, entry.question):
            return entry
        try:
            reply = await self._model.chat(SYSTEM, request_of(self._redacted(question), [entry]))
            wording = checked(reply, [entry])
        except ModelUnavailable:
            return entry
        except Exception as error:
            logger.error("改写出错：%s", type(error).__name__)  # noqa: TRY400
            return entry
        if wording.fault:
            logger.info("模型的改写没有采用：%s", wording.fault)
            return entry
        return replace(entry, answer=wording.text)

    def start(self) -> None:
        """在后台把条目的向量补齐；已经齐了、正在补、刚坏过就不动。"""
        if self._refreshing is not None and not self._refreshing.done():
            return
        now = self._context.now()
        waiting = self._not_before is not None and now < self._not_before
        if self._closed or waiting or not self._model.embeds or self._indexed is self._knowledge.entries:
            return
        self._refreshing = asyncio.create_task(self._refresh_guarded())

    async def settle(self) -> None:
        """等后台那一遍补完。"""
        if self._refreshing is not None:
            await asyncio.wait((self._refreshing,))

    async def close(self) -> None:
        """打烊：后台的不等了，连接断开。"""
        self._closed = True
        if self._refreshing is not None:
            self._refreshing.cancel()
            await self.settle()
        await self._model.close()

    def _redacted(self, question: str) -> str:
        return redacted(question, self._unit_names())

    def _unit_names(self) -> Iterator[str]:
        for unit in self._context.directory.tree:
            if unit.kind in (UnitKind.SCHOOL, UnitKind.MUNICIPAL_SCHOOL):
                yield from (unit.name, *unit.aliases)

    async def _near(self, text: str) -> list[str]:
        self.start()
        index = self._index
        if index is None or not index.rows or len(text) < SHORTEST:
            return []
        vector = await self._vector_of(text)
        if len(vector) != len(index.rows[0][1]):
            self._forget()
            return []
        return await asyncio.to_thread(nearest, index, vector)

    async def _vector_of(self, text: str) -> Vector:
        key = content_key(text)
        known = self._asked.get(key)
        if known is None:
            [known] = await self._embedded([text])
            self._asked[key] = known
            if len(self._asked) > REMEMBERED:
                self._asked.popitem(last=False)
        self._asked.move_to_end(key)
        return known

    async def _embedded(self, texts: Sequence[str]) -> list[Vector]:
        vectors = [unit_length(vector) for vector in await self._model.embed(texts)]
        good = [vector for vector in vectors if vector is not None]
        if len(good) != len(texts):
            raise ModelUnavailable("向量不对")
        return good

    def _forget(self) -> None:
        """同一个名字的模型换了维数：存着的全不要，重新算。"""
        self._vectors, self._index, self._indexed = {}, None, None
        self._asked.clear()

    async def _refresh_guarded(self) -> None:
        try:
            await self._refresh()
        except ModelUnavailable:
            self._not_before = self._context.now() + RETRY
        except Exception as error:
            self._not_before = self._context.now() + RETRY
            logger.error("补算条目向量出错：%s", type(error).__name__)  # noqa: TRY400

    async def _refresh(self) -> None:
        entries = self._knowledge.entries
        if self._vectors is None:
            self._vectors = await asyncio.to_thread(self._store.load)
        wanted = wanted_phrasings(entries.values())
        vectors = {key: vector for key, vector in self._vectors.items() if key in wanted}
        missing = [key for key in wanted if key not in vectors]
        try:
            for keys in _batches(missing):
                fresh = await self._embedded([wanted[key][1] for key in keys])
                if len({len(vector) for vector in (*fresh, *list(vectors.values())[:1])}) > 1:
                    raise ModelUnavailable("维数变了")
                vectors.update(zip(keys, fresh, strict=True))
            self._indexed = entries
        finally:
            self._vectors = vectors
            self._index = await asyncio.to_thread(index_of, wanted, vectors)
            if missing:
                await asyncio.to_thread(self._store.save, vectors)


def _batches(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def _same_question(question: str, standard: str) -> bool:
    """问的就是标准问法（标点不算），原文已经贴题。"""
    return compact(normalise(question)) == compact(normalise(standard))
