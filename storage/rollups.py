"""汇总：各级进度、欠报、待审的数，每一种只用一条查询；不取一行行的待办。"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Executable, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.obligations import ONCE, ObligationRow
from storage.submissions import SubmissionRow
from storage.units import UnitRow
from storage.words import ObligationState, SubmissionAction, UnitKind

OPEN_STATES = (ObligationState.OWING.value, ObligationState.RETURNED.value)
# 报上来的数：等审核的和完成了的；退回的不作数
COUNTED_STATES = (ObligationState.REPORTED, ObligationState.DONE)


@dataclass(frozen=True, slots=True)
class StateCount:
    """一组单位某项任务某状态有几个；``numbers`` 是这几个单位报的人数之和。"""

    group_code: str
    deliverable: str
    period: str
    state: ObligationState
    late: bool
    units: int
    due_on: date | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenCount:
    """某项任务（同一个截止日的）还有几个单位欠着。"""

    deliverable: str
    period: str
    due_on: date | None
    units: int


class RollupStore:
    """汇总查询，只读。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_reviewer(
        self, deliverable: str, period: str = ONCE, number_keys: Sequence[str] = ()
    ) -> list[StateCount]:
        """全市一览：按审核单位分组（县和市自己归到自己名下）数每种状态。"""
        owner = case(
            (UnitRow.kind.in_([UnitKind.COUNTY.value, UnitKind.CITY.value]), UnitRow.code),
            else_=UnitRow.parent_code,
        )
        chosen = (ObligationRow.deliverable == deliverable, ObligationRow.period == period)
        return await self._counts(owner, chosen, number_keys)

    async def of_schools(
        self, parent: str, periods: Sequence[str], number_keys: Sequence[str] = ()
    ) -> list[StateCount]:
        """一个单位直属下级的各项任务（只看这几期的）各状态的数。"""
        chosen = (UnitRow.parent_code == parent, ObligationRow.period.in_(list(periods)))
        return await self._counts(UnitRow.parent_code, chosen, number_keys)

    async def _counts(
        self, owner: ColumnElement[Any] | Any, chosen: Sequence[ColumnElement[bool]], keys: Sequence[str]
    ) -> list[StateCount]:
        parts = (
            ObligationRow.deliverable,
            ObligationRow.period,
            ObligationRow.state,
            ObligationRow.late,
        )
        sums = [func.sum(ObligationRow.numbers[key].as_integer()) for key in keys]
        query = (
            select(owner.label("owner"), *parts, func.count(), func.max(ObligationRow.due_on), *sums)
            .join(UnitRow, UnitRow.code == ObligationRow.unit_code)
            .where(*chosen)
            .group_by("owner", *parts)
        )
        rows = cast("Iterable[Any]", await self._session.execute(query))
        return [
            StateCount(
                group_code=code,
                deliverable=deliverable,
                period=period,
                state=ObligationState(state),
                late=late,
                units=units,
                due_on=due_on,
                numbers={key: int(total or 0) for key, total in zip(keys, totals, strict=True)},
            )
            for code, deliverable, period, state, late, units, due_on, *totals in rows
        ]

    async def states_below(self, root: str | None, deliverable: str) -> Counter[ObligationState]:
        """一个单位及直属下级的某一项各状态有几个；``root`` 为空表示全市。"""
        query = select(ObligationRow.state, func.count()).where(
            ObligationRow.deliverable == deliverable, ObligationRow.period == ONCE
        )
        if root is not None:
            query = query.join(UnitRow, UnitRow.code == ObligationRow.unit_code).where(
                or_(UnitRow.code == root, UnitRow.parent_code == root)
            )
        rows = await self._session.execute(query.group_by(ObligationRow.state))
        return Counter({ObligationState(state): units for state, units in rows})

    async def open_below(self, root: str | None) -> list[OpenCount]:
        """一个单位及直属下级还欠着的，按任务、期次、截止日分组；``root`` 为空表示全市。"""
        columns = (ObligationRow.deliverable, ObligationRow.period, ObligationRow.due_on)
        query = select(*columns, func.count()).where(ObligationRow.state.in_(OPEN_STATES))
        if root is not None:
            query = query.join(UnitRow, UnitRow.code == ObligationRow.unit_code).where(
                or_(UnitRow.code == root, UnitRow.parent_code == root)
            )
        return [OpenCount(*row) for row in await self._session.execute(query.group_by(*columns))]

    async def _by_unit(self, query: Executable) -> dict[str, int]:
        rows: Iterable[Any] = await self._session.execute(query)
        return {str(code): int(units) for code, units in rows}

    async def waiting(self) -> dict[str, int]:
        """每个审核单位有几个等它审。"""
        query = (
            select(ObligationRow.receiver_code, func.count())
            .where(ObligationRow.state == ObligationState.REPORTED.value)
            .where(ObligationRow.receiver_code.is_not(None))
            .group_by(ObligationRow.receiver_code)
        )
        return await self._by_unit(query)

    async def overdue(self, today: date, deliverables: Sequence[str]) -> dict[str, int]:
        """这几项任务里，每个审核单位下面有几个过了截止日还欠着。"""
        query = (
            select(ObligationRow.receiver_code, func.count())
            .where(
                ObligationRow.state.in_(OPEN_STATES),
                ObligationRow.due_on < today,
                ObligationRow.deliverable.in_(list(deliverables)),
                ObligationRow.receiver_code.is_not(None),
            )
            .group_by(ObligationRow.receiver_code)
        )
        return await self._by_unit(query)

    async def reported_since(self, since: datetime) -> dict[str, int]:
        """``since`` 以来每个审核单位新收到几个（同一个单位的同一项只算一次）。"""
        query = (
            select(ObligationRow.receiver_code, func.count(SubmissionRow.obligation_id.distinct()))
            .join(ObligationRow, ObligationRow.id == SubmissionRow.obligation_id)
            .where(
                SubmissionRow.action == SubmissionAction.REPORT.value,
                SubmissionRow.at >= since,
                ObligationRow.receiver_code.is_not(None),
            )
            .group_by(ObligationRow.receiver_code)
        )
        return await self._by_unit(query)

    async def open_at_points(self, central: str) -> dict[str, int]:
        """挂靠在一所中心校的教学点，各还欠几项有截止日的。"""
        query = (
            select(ObligationRow.unit_code, func.count())
            .join(UnitRow, UnitRow.code == ObligationRow.unit_code)
            .where(UnitRow.central_school_code == central, UnitRow.closed_on.is_(None))
            .where(ObligationRow.state.in_(OPEN_STATES), ObligationRow.due_on.is_not(None))
            .group_by(ObligationRow.unit_code)
            .order_by(ObligationRow.unit_code)
        )
        return await self._by_unit(query)
