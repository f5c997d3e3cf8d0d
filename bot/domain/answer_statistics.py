"""答问统计：问了几次、答上几次，问得最多的、最常答不上的；县里只看下级的群和下级的人。"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.actor import Actor
from bot.domain.answer_log import AnswerLog
from bot.domain.context import Context
from bot.domain.errors import BadInput, Denied
from bot.domain.knowledge_base import KnowledgeBase
from bot.domain.knowledge_ledger import PUBLISH
from bot.domain.permissions import Grant
from bot.domain.question_clusters import cluster
from storage.answers import AnswerCounts, AnswerRecord, AnswerScope
from storage.questions import OpenQuestion
from storage.units import Unit
from storage.words import QuestionState, UnitKind

SEE_STATISTICS = "query status and who still owes"
LISTED = 10
LONGEST_PERIOD = 366
# 归组最多看这么多句
MOST_FAILED = 1000
MOST_CASES = 5000


@dataclass(frozen=True, slots=True)
class Asked:
    """一个问题和次数。"""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """一段时间的答问：``most`` 是答得最多的条目，``failed`` 是没答好的问题（人自己的问法）。"""

    unit: Unit
    days: int
    counts: AnswerCounts
    most: tuple[Asked, ...] = ()
    failed: tuple[Asked, ...] = ()


class AnswerStatistics:
    """答问统计与坏例。"""

    def __init__(self, context: Context, log: AnswerLog, knowledge: KnowledgeBase) -> None:
        self._context = context
        self._log = log
        self._knowledge = knowledge

    async def over(self, actor: Actor, days: int) -> Statistics:
        """最近几天的统计。"""
        unit, only_counts = self._unit(actor)
        if not 1 <= days <= LONGEST_PERIOD:
            raise BadInput(f"天数写 1 到 {LONGEST_PERIOD}，例如：/知识 统计 30")
        await self._log.save()
        since = self._context.now() - timedelta(days=days)
        scope = self._scope(unit)
        async with self._context.database.read() as stores:
            counts = await stores.answers.counts(since, scope)
            if only_counts:
                return Statistics(unit, days, counts)
            most = await stores.answers.most_answered(since, LISTED, scope)
            failed = await stores.answers.failed(since, MOST_FAILED, scope)
        entries = self._knowledge.entries
        named = ((entries[entry_id].question if entry_id in entries else entry_id, n) for entry_id, n in most)
        groups = await asyncio.to_thread(_grouped, failed)
        return Statistics(unit, days, counts, tuple(Asked(*one) for one in named), groups)

    async def bad_cases(self, actor: Actor) -> str:
        """答错的问题，一行一个 JSON：``{"q": 问题, "wrong": 错答的条目, "reason": withdrawn 或 bad}``。"""
        self._context.require(actor, PUBLISH)
        await self._log.save()
        async with self._context.database.read() as stores:
            records = await stores.answers.bad_cases(MOST_CASES)
        lines = dict.fromkeys(_case(record) for record in records)
        return "".join(f"{line}\n" for line in lines)

    def _unit(self, actor: Actor) -> tuple[Unit, bool]:
        """看哪个单位的，是不是只给次数：县、市的人能看，坐几个席位取最大的；运维只看得到全市的次数。"""
        self._context.require(actor, SEE_STATISTICS)
        grants = list(self._context.permissions.grants(actor, SEE_STATISTICS))
        units = [unit for unit in map(_office, grants) if unit is not None]
        if units:
            return min(units, key=lambda unit: unit.kind is not UnitKind.CITY), False
        if any(grant.scope == "counts" for grant in grants):
            return self._context.directory.tree.city, True
        raise Denied("答问统计只给县市区和市里看。")

    def _scope(self, unit: Unit) -> AnswerScope | None:
        if unit.kind is UnitKind.CITY:
            return None
        directory = self._context.directory
        units = [one for one in directory.tree if directory.tree.covers(unit, one)]
        groups = (group.group_id for one in units for group in directory.groups_of(one.code))
        people = (seat.qq for one in units for seat in directory.seats_of(one.code))
        return AnswerScope(frozenset(groups), frozenset(people))


def _office(grant: Grant) -> Unit | None:
    unit = grant.assignment.unit if grant.assignment else None
    return unit if unit is not None and unit.kind in (UnitKind.CITY, UnitKind.COUNTY) else None


def _grouped(records: Sequence[AnswerRecord]) -> tuple[Asked, ...]:
    """相近的归成一组，次数多的在前。"""
    questions = [
        OpenQuestion(number, one.question, one.asked_by, one.group_id, one.asked_at, QuestionState.OPEN, "")
        for number, one in enumerate(records)
    ]
    found = [Asked(one.text, len(one.questions)) for one in cluster(questions)]
    return tuple(sorted(found, key=lambda one: -one.count)[:LISTED])


def _case(record: AnswerRecord) -> str:
    reason = "withdrawn" if record.withdrawn_at is not None else "bad"
    content = {"q": record.question, "wrong": record.entry_id, "reason": reason}
    return json.dumps(content, ensure_ascii=False)
