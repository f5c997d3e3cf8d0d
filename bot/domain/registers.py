"""季度登记表：学校报送，县备案再汇总报市，市备案；没有变更的报零报告。迟了照收，标“迟报”。"""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from storage.people import Administrator
from storage.submissions import Submission
from storage.units import Unit
from storage.words import NoticeState, ObligationState, Role, SubmissionAction, UnitKind

REPORT = "report first review and quarter"
FULL_VALUES = "official register with full values"
SETTLE = "archive or return a register"
ROWS = "rows"


@dataclass(frozen=True, slots=True)
class RegisterState:
    """一个单位一个季度的登记表走到哪一步；``rows`` 是现有有效登记的行数。

    ``unsent_below`` 只在县报送时有：本县还有几所学校没报。
    """

    unit: Unit
    quarter: Quarter
    rows: int
    obligation: Obligation | None
    unsent_below: int = 0

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
        key = self._context.plan.quarterly.key
        async with self._context.database.write() as stores:
            sources = await self._sources(stores, unit, quarter)
            notices = await stores.changes.of(sources, quarter.key)
            people = await stores.people.of_units([unit.code])
            obligation = await stores.obligations.find(unit.code, key, quarter.key)
            await self._context.log(
                stores, actor, FULL_VALUES, unit.code, detail={"period": quarter.key}, seat=seat.code
            )
        tree = self._context.directory.tree
        active = [notice for notice in notices if notice.state is NoticeState.ACTIVE]
        filler, phone = self._filler(people, actor, obligation.reported_by if obligation else None)
        return RegisterContent(
            unit=unit,
            quarter=quarter,
            filler=filler,
            phone=phone,
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
            done = await self._state(stores, unit, chosen)
            return replace(done, unsent_below=await self._unsent_below(stores, unit, chosen))

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
        counts = await stores.changes.count(await self._sources(stores, unit, quarter), quarter.key)
        return RegisterState(unit, quarter, sum(counts.values()), obligation)

    async def _sources(self, stores: Stores, unit: Unit, quarter: Quarter) -> list[str]:
        """登记表里收哪些单位的行：学校收自己的，县收本县报送了的学校的。"""
        if unit.kind is not UnitKind.COUNTY:
            return [unit.code]
        return [unit.code, *await self._sent_below(stores, unit, quarter)]

    async def _sent_below(self, stores: Stores, unit: Unit | None, quarter: Quarter) -> list[str]:
        """下级里已经报送（待备案或已备案）的单位。"""
        key = self._context.plan.quarterly.key
        root = unit.code if unit else None
        sent = [ObligationState.REPORTED, ObligationState.DONE]
        found = await stores.obligations.below(root, key, quarter.key, sent)
        return [obligation.unit_code for obligation in found if obligation.unit_code != root]

    async def _counts(self, stores: Stores, units: list[Unit], quarter: Quarter) -> dict[str, int]:
        """直属下级各有几行；县的行是它报送了的学校的行。"""
        tree = self._context.directory.tree
        owners = {unit.code: unit.code for unit in units}
        if any(unit.kind is UnitKind.COUNTY for unit in units):
            sent = await self._sent_below(stores, None, quarter)
            parents = {code: tree.get(code).parent_code for code in sent}
            owners |= {code: parent for code, parent in parents.items() if parent in owners}
        totals: dict[str, int] = {}
        for code, rows in (await stores.changes.count(list(owners), quarter.key)).items():
            totals[owners[code]] = totals.get(owners[code], 0) + rows
        return totals

    async def _unsent_below(self, stores: Stores, unit: Unit, quarter: Quarter) -> int:
        """县报送时，本县还有几所学校没报。"""
        if unit.kind is not UnitKind.COUNTY:
            return 0
        key = self._context.plan.quarterly.key
        owing = [ObligationState.OWING, ObligationState.RETURNED]
        found = await stores.obligations.below(unit.code, key, quarter.key, owing)
        return sum(1 for obligation in found if obligation.unit_code != unit.code)

    def _filler(self, people: list[Administrator], actor: Actor, reported_by: int | None) -> tuple[str, str]:
        """填表人和电话：本单位的人自己要就是他，上级来要就是报送的那位，都没有就空着。"""
        for qq in (actor.qq, reported_by):
            mine = [person for person in people if person.qq == qq]
            if mine:
                chosen = min(mine, key=lambda person: person.role is not Role.INFO_ADMIN)
                return chosen.name, chosen.phone
        return "", ""


def _check_zero(current: RegisterState, *, zero: bool) -> None:
    label = f"{current.unit.name}{current.quarter.label}"
    if zero and current.rows:
        raise WrongState(f"{label}已登记 {current.rows} 条变更，不是零报告。请发 /季报 报送")
    if not zero and not current.rows:
        raise WrongState(f"{label}还没有登记变更。确实没有变更请发 /零报告；有变更先发 /变更 登记。")
