"""待办：一个单位的一项任务现在到哪一步。只存现状，汇总一条查询就够；怎么走到这一步的在 submissions。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant
from storage.submissions import Submission, SubmissionStore
from storage.units import UnitRow
from storage.words import ObligationState, SubmissionAction

# 不按季度重复的任务，期次都写这个词
ONCE = "once"
# 一次补的待办不多时只读这些单位的，多了就整表读
FEW_UNITS = 200


@dataclass(frozen=True, slots=True)
class Duty:
    """一个单位欠的一件事（由方案推导，还没有状态）。

    ``period`` 季报为季度（2017Q1），其余为 once。
    ``due_on`` 是本单位的截止日，``final_due_on`` 是全市的截止日，只有县属学校的季报两者不同；
    方案没定日期的两者都为空。``receiver_code`` 是接收审核的单位，市没有。
    """

    unit_code: str
    deliverable: str
    period: str
    due_on: date | None
    final_due_on: date | None
    receiver_code: str | None


@dataclass(frozen=True, slots=True)
class Obligation:
    """一个单位的一项待办。``period`` 对季报是 2017Q1，其余为 once。"""

    id: int
    unit_code: str
    deliverable: str
    period: str
    due_on: date | None
    final_due_on: date | None
    receiver_code: str | None
    state: ObligationState
    late: bool
    numbers: Mapping[str, int]
    reported_by: int | None
    reported_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class PriorState:
    """上报以前的样子，撤回时退回到这里。"""

    state: ObligationState = ObligationState.OWING
    late: bool = False
    numbers: Mapping[str, int] = field(default_factory=dict)
    reported_by: int | None = None
    reported_at: datetime | None = None
    reason: str = ""


class ObligationRow(Base):
    """待办表。"""

    __tablename__ = "obligations"
    __table_args__ = (
        UniqueConstraint("unit_code", "deliverable", "period"),
        Index("ix_obligations_rollup", "deliverable", "period", "state", "unit_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"))
    deliverable: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(10))
    due_on: Mapped[date | None] = mapped_column(index=True)
    final_due_on: Mapped[date | None]
    receiver_code: Mapped[str | None] = mapped_column(ForeignKey("units.code"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    late: Mapped[bool] = mapped_column(default=False)
    numbers: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    reported_by: Mapped[int | None] = mapped_column(BigInteger)
    reported_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(200), default="")


_COLUMNS = tuple(ObligationRow.__table__.columns)


def _obligation(row: Any) -> Obligation:
    return Obligation(
        id=row.id,
        unit_code=row.unit_code,
        deliverable=row.deliverable,
        period=row.period,
        due_on=row.due_on,
        final_due_on=row.final_due_on,
        receiver_code=row.receiver_code,
        state=ObligationState(row.state),
        late=row.late,
        numbers=dict(row.numbers),
        reported_by=row.reported_by,
        reported_at=row.reported_at,
        reason=row.reason,
    )


class ObligationStore:
    """待办的读写。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._submissions = SubmissionStore(session)

    async def ensure(self, duties: Iterable[Duty], *, past: date = date.min) -> int:
        """补上还没有的待办，日期或接收单位变了的改过来；返回新增条数。

        截止日早于 ``past`` 的是过去的事，不再改。
        """
        wanted = list(duties)
        query = select(ObligationRow)
        codes = {duty.unit_code for duty in wanted}
        if len(codes) <= FEW_UNITS:
            query = query.where(ObligationRow.unit_code.in_(codes))
        rows = await self._session.scalars(query)
        known = {(row.unit_code, row.deliverable, row.period): row for row in rows}
        fresh: list[ObligationRow] = []
        for duty in wanted:
            row = known.get((duty.unit_code, duty.deliverable, duty.period))
            if row is None:
                row = ObligationRow(
                    unit_code=duty.unit_code,
                    deliverable=duty.deliverable,
                    period=duty.period,
                    state=ObligationState.OWING.value,
                )
                fresh.append(row)
            elif row.final_due_on is not None and row.final_due_on < past:
                continue
            row.due_on = duty.due_on
            row.final_due_on = duty.final_due_on
            row.receiver_code = duty.receiver_code
        self._session.add_all(fresh)
        await self._session.flush()
        return len(fresh)

    async def find(self, unit_code: str, deliverable: str, period: str = ONCE) -> Obligation | None:
        """某单位的某一项。"""
        query = select(*_COLUMNS).where(
            ObligationRow.unit_code == unit_code,
            ObligationRow.deliverable == deliverable,
            ObligationRow.period == period,
        )
        found = await self._listed(query)
        return found[0] if found else None

    async def of_unit(self, unit_code: str) -> list[Obligation]:
        """某单位的全部待办，先有日期的、日期早的在前。"""
        query = (
            select(*_COLUMNS)
            .where(ObligationRow.unit_code == unit_code)
            .order_by(ObligationRow.due_on.is_(None), ObligationRow.due_on, ObligationRow.id)
        )
        return await self._listed(query)

    async def below(
        self,
        root: str | None,
        deliverable: str,
        period: str = ONCE,
        states: Sequence[ObligationState] = (),
        limit: int | None = None,
    ) -> list[Obligation]:
        """一个单位及其下级的某一项，按单位代码排；``root`` 为空表示全市，``limit`` 是最多要几个。"""
        query = select(*_COLUMNS).where(
            ObligationRow.deliverable == deliverable, ObligationRow.period == period
        )
        if states:
            query = query.where(ObligationRow.state.in_([state.value for state in states]))
        if root is not None:
            query = query.join(UnitRow, UnitRow.code == ObligationRow.unit_code).where(
                or_(UnitRow.code == root, UnitRow.parent_code == root)
            )
        return await self._listed(query.order_by(ObligationRow.unit_code).limit(limit))

    async def owing(self, until: date) -> list[Obligation]:
        """期限不晚于 ``until``、现在还欠着的全部待办。"""
        query = select(*_COLUMNS).where(
            ObligationRow.due_on.is_not(None),
            ObligationRow.due_on <= until,
            ObligationRow.state.in_([ObligationState.OWING.value, ObligationState.RETURNED.value]),
        )
        return await self._listed(query.order_by(ObligationRow.id))

    async def awaiting(self, receivers: Sequence[str], limit: int | None = None) -> list[Obligation]:
        """报给这些单位、等着审核的，先报的在前；``limit`` 是最多要几个。"""
        query = (
            select(*_COLUMNS)
            .where(
                ObligationRow.receiver_code.in_(list(receivers)),
                ObligationRow.state == ObligationState.REPORTED.value,
            )
            .order_by(ObligationRow.reported_at, ObligationRow.id)
            .limit(limit)
        )
        return await self._listed(query)

    async def units_in(self, deliverable: str, state: ObligationState) -> set[str]:
        """某一项正处于某状态的单位代码。"""
        query = select(ObligationRow.unit_code).where(
            ObligationRow.deliverable == deliverable, ObligationRow.state == state.value
        )
        return set(await self._session.scalars(query))

    async def settled(self) -> set[tuple[str, str, str]]:
        """现在不欠着的（单位、任务、期次）：报了、完成了或取消了。"""
        query = select(ObligationRow.unit_code, ObligationRow.deliverable, ObligationRow.period).where(
            ObligationRow.state.not_in([ObligationState.OWING.value, ObligationState.RETURNED.value])
        )
        return {(unit, item, period) for unit, item, period in await self._session.execute(query)}

    async def by_ids(self, ids: Sequence[int]) -> list[Obligation]:
        """按编号取。"""
        query = select(*_COLUMNS).where(ObligationRow.id.in_(list(ids))).order_by(ObligationRow.id)
        return await self._listed(query)

    async def _listed(self, query: Select[Any]) -> list[Obligation]:
        return [_obligation(row) for row in await self._session.execute(query)]

    async def record(self, step: Submission, state: ObligationState) -> None:
        """记下一步历史并把现状改到 ``state``。"""
        await self._submissions.add(step)
        values: dict[str, object] = {"state": state.value, "reason": ""}
        if step.action is SubmissionAction.REPORT:
            values |= {
                "late": step.late,
                "numbers": dict(step.numbers or {}),
                "reported_by": step.actor_qq,
                "reported_at": step.at,
            }
        elif step.action is SubmissionAction.RETURN:
            values["reason"] = step.note
        await self._change(step.obligation_id, values)

    async def withdraw(self, step: Submission, before: PriorState) -> None:
        """记下撤回这一步，现状退回到上报以前的样子。"""
        await self._submissions.add(step)
        values = {
            "state": before.state.value,
            "late": before.late,
            "numbers": dict(before.numbers),
            "reported_by": before.reported_by,
            "reported_at": before.reported_at,
            "reason": before.reason,
        }
        await self._change(step.obligation_id, values)

    async def _change(self, obligation_id: int, values: Mapping[str, object]) -> None:
        await self._session.execute(
            update(ObligationRow).where(ObligationRow.id == obligation_id).values(**values)
        )
        await self._session.flush()
