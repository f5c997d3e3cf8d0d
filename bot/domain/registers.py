"""季度登记表：学校报送，县备案再汇总报市，市备案；没有变更的报零报告。迟了照收，标“迟报”。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.actor import Actor
from bot.domain.change_filing import READ
from bot.domain.context import Context
from bot.domain.errors import NotFound, WrongState
from bot.domain.quarters import Quarter, quarter_of
from bot.domain.reporting import is_late
from bot.domain.reviewing import Reviewing
from storage.changes import ChangeNotice
from storage.database import Stores
from storage.obligations import Obligation
from storage.submissions import Submission
from storage.units import Unit
from storage.words import NoticeState, ObligationState, Role, SubmissionAction, UnitKind

REPORT = "report first review and quarter"
FULL_VALUES = "official register with full values"
SETTLE = "archive or return a register"
ROWS = "rows"


@dataclass(frozen=True, slots=True)
class RegisterState:
    """一个单位一个季度的登记表走到哪一步；``rows`` 是现有有效登记的行数。"""

    unit: Unit
    quarter: Quarter
    rows: int
    obligation: Obligation | None

    @property
    def sent_rows(self) -> int:
        """报送时的行数；还没报是 0。"""
        return self.obligation.numbers.get(ROWS, 0) if self.obligation else 0


@dataclass(frozen=True, slots=True)
class RegisterContent:
    """写进官方表格的内容；``rows`` 里每行带上是哪个单位的（县汇总时要写）。"""

    unit: Unit
    quarter: Quarter
    filler: str
    phone: str
    filled_on: date
    rows: tuple[tuple[Unit, ChangeNotice], ...]


class Registers:
    """季度登记表。"""

    def __init__(self, context: Context, reviewing: Reviewing) -> None:
        self._context = context
        self._reviewing = reviewing

    def current(self) -> Quarter:
        """今天登记的变更算在哪个季度。"""
        return quarter_of(self._context.today(), self._context.plan.quarterly_rule.day)

    async def state(self, actor: Actor, unit: Unit, quarter: Quarter) -> RegisterState:
        """看一个单位的登记表走到哪一步。"""
        self._context.require(actor, READ, unit)
        async with self._context.database.read() as stores:
            return await self._state(stores, unit, quarter)

    async def states_below(self, actor: Actor, unit: Unit, quarter: Quarter) -> list[RegisterState]:
        """县看学校、市看县和市直学校：直属下级各一行。"""
        self._context.require(actor, READ, unit)
        children = self._context.directory.tree.children(unit.code)
        key = self._context.plan.quarterly.key
        async with self._context.database.read() as stores:
            found = await stores.obligations.below(unit.code, key, quarter.key)
            counts = await self._counts(stores, list(children), quarter)
        known = {obligation.unit_code: obligation for obligation in found}
        return [
            RegisterState(child, quarter, counts.get(child.code, 0), known.get(child.code))
            for child in children
        ]

    async def content(self, actor: Actor, unit: Unit, quarter: Quarter) -> RegisterContent:
        """官方登记表的全部内容，含完整姓名和修改前后的值，只给有权的人。"""
        grant = self._context.require(actor, FULL_VALUES, unit)
        seat = grant.assignment.unit if grant.assignment else unit
        async with self._context.database.write() as stores:
            notices = await stores.changes.of(self._sources(unit), quarter.key)
            people = await stores.people.of_units([seat.code])
            await self._context.log(
                stores, actor, FULL_VALUES, unit.code, detail={"period": quarter.key}, seat=seat.code
            )
        tree = self._context.directory.tree
        active = [notice for notice in notices if notice.state is NoticeState.ACTIVE]
        mine = [person for person in people if person.qq == actor.qq]
        mine.sort(key=lambda person: person.role is not Role.INFO_ADMIN)
        return RegisterContent(
            unit=unit,
            quarter=quarter,
            filler=mine[0].name if mine else "",
            phone=mine[0].phone if mine else "",
            filled_on=self._context.today(),
            rows=tuple((tree.get(notice.unit_code), notice) for notice in active),
        )

    async def send(self, actor: Actor, unit: Unit, quarter: Quarter | None, *, zero: bool) -> RegisterState:
        """报送登记表；``zero`` 是零报告。同一季度可以再报，作为补充。"""
        grant = self._context.require(actor, REPORT, unit)
        seat = grant.assignment.unit.code if grant.assignment else unit.code
        item = self._context.plan.quarterly
        if unit.kind not in item.owed_by:
            raise NotFound(f"{unit.name}不用报季报，季报由县市区、市直学校和学校报。")
        now = self._context.now()
        async with self._context.database.write() as stores:
            chosen = quarter or await self._pending(stores, unit)
            current = await self._state(stores, unit, chosen)
            if current.obligation is None:
                raise NotFound(f"{unit.name}没有{chosen.label}的季报。季报从启用后的季度开始报。")
            _check_zero(current, zero=zero)
            await stores.obligations.record(
                Submission(
                    obligation_id=current.obligation.id,
                    action=SubmissionAction.REPORT,
                    actor_qq=actor.qq,
                    actor_unit=seat,
                    at=now,
                    late=is_late(current.obligation, now),
                    numbers={ROWS: current.rows},
                    note="零报告" if zero else "",
                ),
                ObligationState.REPORTED,
            )
            detail = {"period": chosen.key, "rows": current.rows}
            await self._context.log(stores, actor, REPORT, unit.code, detail=detail, seat=seat)
            return await self._state(stores, unit, chosen)

    async def archive(self, actor: Actor, unit: Unit, quarter: Quarter) -> RegisterState:
        """接收单位备案。"""
        return await self._settle(actor, unit, quarter, approve=True, reason="")

    async def give_back(self, actor: Actor, unit: Unit, quarter: Quarter, reason: str) -> RegisterState:
        """接收单位退回，要写原因。"""
        return await self._settle(actor, unit, quarter, approve=False, reason=reason)

    async def _settle(
        self, actor: Actor, unit: Unit, quarter: Quarter, *, approve: bool, reason: str
    ) -> RegisterState:
        self._context.require(actor, SETTLE, unit)
        async with self._context.database.write() as stores:
            await self._reviewing.settle_quarter(
                stores, actor, unit, quarter.key, approve=approve, reason=reason
            )
            return await self._state(stores, unit, quarter)

    async def _pending(self, stores: Stores, unit: Unit) -> Quarter:
        """没写季度时报哪一季：上一季还欠着就先报上一季。"""
        current = self.current()
        previous = current.previous()
        key = self._context.plan.quarterly.key
        obligation = await stores.obligations.find(unit.code, key, previous.key)
        return previous if obligation is not None and obligation.state.still_owes else current

    async def _state(self, stores: Stores, unit: Unit, quarter: Quarter) -> RegisterState:
        key = self._context.plan.quarterly.key
        obligation = await stores.obligations.find(unit.code, key, quarter.key)
        counts = await stores.changes.count(self._sources(unit), quarter.key)
        return RegisterState(unit, quarter, sum(counts.values()), obligation)

    def _sources(self, unit: Unit) -> list[str]:
        """登记表里收哪些单位的行：县收本县学校的，学校收自己的。"""
        if unit.kind is UnitKind.COUNTY:
            children = self._context.directory.tree.children(unit.code)
            return [unit.code, *(child.code for child in children)]
        return [unit.code]

    async def _counts(self, stores: Stores, units: list[Unit], quarter: Quarter) -> dict[str, int]:
        sources = {code: unit.code for unit in units for code in self._sources(unit)}
        counts = await stores.changes.count(list(sources), quarter.key)
        totals: dict[str, int] = {}
        for code, rows in counts.items():
            totals[sources[code]] = totals.get(sources[code], 0) + rows
        return totals


def _check_zero(current: RegisterState, *, zero: bool) -> None:
    label = f"{current.unit.name}{current.quarter.label}"
    if zero and current.rows:
        raise WrongState(f"{label}已登记 {current.rows} 条变更，不是零报告。请发 /季报 报送")
    if not zero and not current.rows:
        raise WrongState(f"{label}还没有登记变更。确实没有变更请发 /零报告；有变更先发 /变更 登记。")
