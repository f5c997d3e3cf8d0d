"""进度与未报：我这所学校、我这个县、全市，各看各管的那一层；群里只给数，名单在私聊。"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.errors import NotFound
from bot.domain.obligations import history_of
from bot.domain.quarters import quarter_of
from bot.plan.values import Deliverable
from storage.obligations import ONCE, Obligation, StateCount
from storage.units import Unit
from storage.words import ObligationState, Role, UnitKind

ACTION = "query status and who still owes"
REVIEW = "review a submission (approve or return)"


@dataclass(frozen=True, slots=True)
class Item:
    """一个单位的一项任务现在怎样。"""

    deliverable: Deliverable
    period: str
    obligation: Obligation


@dataclass(frozen=True, slots=True)
class Tally:
    """一组单位某项任务的几个数。"""

    total: int = 0
    done: int = 0
    waiting: int = 0
    returned: int = 0
    owing: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class SchoolProgress:
    """一个单位自己的各项任务；``history`` 是启用以前就过去的节点。"""

    unit: Unit
    items: tuple[Item, ...]
    history: tuple[Deliverable, ...]
    today: date


@dataclass(frozen=True, slots=True)
class CountyProgress:
    """一个县：自己的任务，加下属学校各任务的数。"""

    unit: Unit
    own: tuple[Item, ...]
    tallies: tuple[tuple[Deliverable, str, Tally], ...]
    today: date


@dataclass(frozen=True, slots=True)
class CityProgress:
    """全市某一项任务：各县市区和市直学校各一行。"""

    unit: Unit
    deliverable: Deliverable
    period: str
    due_on: date | None
    rows: tuple[tuple[Unit, Tally], ...]
    total: Tally
    today: date


@dataclass(frozen=True, slots=True)
class Owing:
    """某一项还欠着的单位；``history`` 是启用以前就过去的节点，谁也不欠。"""

    root: Unit
    deliverable: Deliverable
    period: str
    due_on: date | None
    units: tuple[tuple[Unit, Obligation], ...]
    by_county: tuple[tuple[Unit, int], ...] = field(default=())
    unassigned: frozenset[str] = field(default=frozenset())
    history: bool = False


class Progress:
    """进度查询。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def of(
        self, actor: Actor, unit: Unit, item: Deliverable | None
    ) -> SchoolProgress | CountyProgress | CityProgress:
        """按单位的层级给出进度；写了任务就只看这一项。"""
        self._context.require(actor, ACTION, unit)
        if unit.kind.is_school:
            return await self._school(unit, item)
        if unit.kind is UnitKind.COUNTY:
            return await self._county(unit, item)
        return await self._city(unit, item or self.current_item())

    async def owing(self, actor: Actor, unit: Unit, item: Deliverable | None) -> Owing:
        """一个单位及其下级，某一项还欠着的。"""
        self._context.require(actor, ACTION, unit)
        chosen = item or self.current_item()
        period = self.period_of(chosen)
        units = await self.owing_of(unit, chosen)
        found = [obligation for _, obligation in units]
        tree = self._context.directory.tree
        counts = Counter(_owner(owing_unit) for owing_unit, _ in units)
        due_on = max((o.due_on for o in found if o.due_on), default=chosen.due)
        return Owing(
            root=unit,
            deliverable=chosen,
            period=period,
            due_on=due_on,
            units=tuple(units),
            by_county=tuple((tree.get(code), number) for code, number in sorted(counts.items())),
            history=not found and chosen.due is not None and chosen.due < self._context.starts_on,
            unassigned=frozenset(
                o.unit_code
                for o in found
                if not self._context.directory.seats_of(o.unit_code, (Role.INFO_ADMIN, Role.SYSTEM_ADMIN))
            ),
        )

    async def waiting(self, actor: Actor, item: Deliverable | None) -> list[tuple[Unit, Item]]:
        """等说话人审核或备案的，先报的在前。"""
        self._context.require(actor, REVIEW)
        grants = self._context.permissions.grants(actor, REVIEW)
        codes = [grant.assignment.unit.code for grant in grants if grant.assignment is not None]
        async with self._context.database.read() as stores:
            found = await stores.obligations.awaiting(codes)
        tree = self._context.directory.tree
        return [(tree.get(known.obligation.unit_code), known) for known in self._items(found, item)]

    async def owing_of(self, unit: Unit, item: Deliverable) -> list[tuple[Unit, Obligation]]:
        """一个单位及其下级，某一项现在还欠着的（不核权限，给服务之间用）。"""
        root = None if unit.kind is UnitKind.CITY else unit.code
        async with self._context.database.read() as stores:
            found = await stores.obligations.below(
                root, item.key, self.period_of(item), [ObligationState.OWING, ObligationState.RETURNED]
            )
        return [(self._context.directory.tree.get(o.unit_code), o) for o in found]

    async def mine(self, actor: Actor) -> list[SchoolProgress]:
        """说话人每个单位自己的任务。"""
        units = {seat.unit.code: seat.unit for seat in actor.assignments}
        return [await self._school(unit, None) for unit in units.values()]

    def current_item(self) -> Deliverable:
        """没写任务时看哪一项：截止日最近的那一项；都过去了就看季报。"""
        today = self._context.today()
        upcoming = [
            item for item in self._context.plan.deliverables if item.due is not None and item.due >= today
        ]
        schools = [item for item in upcoming if UnitKind.SCHOOL in item.owed_by]
        return min(
            schools or upcoming, key=lambda item: item.due or today, default=self._context.plan.quarterly
        )

    def period_of(self, item: Deliverable) -> str:
        """没写季度时看哪一期。"""
        if item.cadence != "quarterly":
            return ONCE
        return quarter_of(self._context.today(), self._context.plan.quarterly_rule.day).key

    async def _school(self, unit: Unit, item: Deliverable | None) -> SchoolProgress:
        async with self._context.database.read() as stores:
            found = await stores.obligations.of_unit(unit.code)
        items = tuple(self._items(found, item))
        if item is not None and not items:
            raise NotFound(f"{unit.name}没有“{item.name}”这一项。")
        plan = self._context.plan
        reported = {obligation.deliverable for obligation in found}
        history = [
            known
            for duty in history_of(unit, plan, self._context.starts_on)
            if (known := plan.deliverable(duty.deliverable)) and known.key not in reported
        ]
        return SchoolProgress(unit, items, tuple(history) if item is None else (), self._context.today())

    def _items(self, found: list[Obligation], only: Deliverable | None) -> list[Item]:
        items = []
        for obligation in found:
            known = self._context.plan.deliverable(obligation.deliverable)
            if known is not None and (only is None or only.key == known.key):
                items.append(Item(known, obligation.period, obligation))
        return items

    async def _county(self, unit: Unit, item: Deliverable | None) -> CountyProgress:
        plan = self._context.plan
        wanted = (
            [item] if item else [known for known in plan.deliverables if UnitKind.SCHOOL in known.owed_by]
        )
        tallies = []
        async with self._context.database.read() as stores:
            own = await stores.obligations.of_unit(unit.code)
            for known in wanted:
                period = self.period_of(known)
                below = await stores.obligations.below(unit.code, known.key, period)
                schools = [o for o in below if o.unit_code != unit.code]
                if schools:
                    tallies.append((known, period, tally_of(schools)))
        return CountyProgress(unit, tuple(self._items(own, item)), tuple(tallies), self._context.today())

    async def _city(self, unit: Unit, item: Deliverable) -> CityProgress:
        period = self.period_of(item)
        async with self._context.database.read() as stores:
            counts = await stores.obligations.count_by_parent(item.key, period)
        tree = self._context.directory.tree
        groups: dict[str, list[StateCount]] = {}
        for count in counts:
            groups.setdefault(count.group_code, []).append(count)
        rows = tuple((tree.get(code), _sum(groups[code])) for code in sorted(groups))
        due_on = item.due
        if item.cadence == "quarterly":
            due_on = quarter_of(self._context.today()).due_on(self._context.plan.quarterly_rule.day)
        return CityProgress(unit, item, period, due_on, rows, _sum(counts), self._context.today())


def _owner(unit: Unit) -> str:
    return unit.parent_code if unit.kind.is_school and unit.parent_code else unit.code


def tally_of(obligations: list[Obligation]) -> Tally:
    """一组待办数成几个数；取消的不算。"""
    return _sum([StateCount("", o.state, o.late, 1) for o in obligations])


def _sum(counts: list[StateCount]) -> Tally:
    states: Counter[ObligationState] = Counter()
    late = 0
    for count in counts:
        states[count.state] += count.units
        late += count.units if count.late else 0
    total = sum(states.values()) - states[ObligationState.CANCELLED]
    return Tally(
        total=total,
        done=states[ObligationState.DONE],
        waiting=states[ObligationState.REPORTED],
        returned=states[ObligationState.RETURNED],
        owing=states[ObligationState.OWING],
        late=late,
    )
