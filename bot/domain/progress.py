"""进度与未报：我这所学校、我这个县、全市，各看各管的那一层；群里只给数，名单在私聊。"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.errors import NotFound
from bot.domain.obligations import history_of
from bot.domain.progress_views import (
    CityProgress,
    CountyProgress,
    Item,
    Oldest,
    Owing,
    SchoolProgress,
    Waiting,
)
from bot.domain.quarters import parse_quarter, quarter_of
from bot.domain.responsible import responsible_seats
from bot.domain.tallies import Tally, most_pressing, sums_of, tally, tally_of
from bot.plan.values import Deliverable
from storage.database import Stores
from storage.obligations import ONCE, Obligation
from storage.rollups import OpenCount, StateCount
from storage.units import Unit
from storage.words import ObligationState, UnitKind

__all__ = [
    "CityProgress",
    "CountyProgress",
    "Item",
    "Oldest",
    "Owing",
    "Progress",
    "SchoolProgress",
    "Tally",
    "Waiting",
    "tally_of",
]

ACTION = "query status and who still owes"
REVIEW = "review a submission (approve or return)"
OPEN = (ObligationState.OWING, ObligationState.RETURNED)
NAMED_OLDEST = 3


class Progress:
    """进度查询。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def of(
        self, actor: Actor, unit: Unit, item: Deliverable | None, period: str | None = None
    ) -> SchoolProgress | CountyProgress | CityProgress:
        """按单位的层级给出进度；写了任务就只看这一项，季报可以指明哪一季。"""
        self._context.require(actor, ACTION, unit)
        async with self._context.database.read() as stores:
            if unit.kind.is_school:
                return await self._school(stores, unit, item)
            if unit.kind is UnitKind.COUNTY:
                return await self._county(stores, unit, item, period)
            return await self._city(stores, unit, item, period)

    async def owing(
        self, actor: Actor, unit: Unit, item: Deliverable | None, period: str | None = None
    ) -> Owing:
        """一个单位及其下级，某一项还欠着的；没写任务就看最该催的那一项。"""
        self._context.require(actor, ACTION, unit)
        root = None if unit.kind is UnitKind.CITY else unit.code
        async with self._context.database.read() as stores:
            chosen, when = await self._choose(stores, root, item, period)
            every = await stores.obligations.below(root, chosen.key, when)
        found = [obligation for obligation in every if obligation.state.still_owes]
        cancelled = bool(every) and all(o.state is ObligationState.CANCELLED for o in every)
        tree = self._context.directory.tree
        units = tuple((tree.get(o.unit_code), o) for o in found)
        counts = Counter(_owner(owing_unit) for owing_unit, _ in units)
        return Owing(
            root=unit,
            deliverable=chosen,
            period=when,
            due_on=max((o.due_on for o in found if o.due_on), default=chosen.due),
            units=units,
            by_county=tuple((tree.get(code), number) for code, number in sorted(counts.items())),
            history=not every and chosen.due is not None and chosen.due < self._context.starts_on,
            cancelled=cancelled,
            unassigned=frozenset(
                o.unit_code for o in found if not responsible_seats(self._context, o.unit_code, chosen.key)
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
            found = await stores.obligations.below(root, item.key, self.period_of(item), OPEN)
        return [(self._context.directory.tree.get(o.unit_code), o) for o in found]

    async def mine(self, actor: Actor) -> list[SchoolProgress]:
        """说话人每个单位自己的任务。"""
        units = {seat.unit.code: seat.unit for seat in actor.assignments}
        async with self._context.database.read() as stores:
            return [await self._school(stores, unit, None) for unit in units.values()]

    async def pressing(self, unit: Unit) -> tuple[Deliverable, str]:
        """没写任务时指的是哪一项、哪一期：现在最该催的；都不欠就是截止日最近的。"""
        root = None if unit.kind is UnitKind.CITY else unit.code
        async with self._context.database.read() as stores:
            return await self._choose(stores, root, None, None)

    def current_item(self) -> Deliverable:
        """截止日最近的那一项；都过去了就是季报。"""
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

    async def _choose(
        self, stores: Stores, root: str | None, item: Deliverable | None, period: str | None
    ) -> tuple[Deliverable, str]:
        if item is not None:
            wanted = period if item.cadence == "quarterly" else None
            return item, wanted or self.period_of(item)
        found = self._pressing(await stores.rollups.open_below(root))
        known = self._context.plan.deliverable(found.deliverable) if found else None
        if found is None or known is None:
            current = self.current_item()
            return current, self.period_of(current)
        return known, found.period

    def _pressing(self, counts: Sequence[OpenCount]) -> OpenCount | None:
        return most_pressing(counts, self._context.plan, self._context.today())

    async def _school(self, stores: Stores, unit: Unit, item: Deliverable | None) -> SchoolProgress:
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
        tree = self._context.directory.tree
        points = await stores.rollups.open_at_points(unit.code) if item is None else {}
        return SchoolProgress(
            unit=unit,
            items=items,
            history=tuple(history) if item is None else (),
            today=self._context.today(),
            points=tuple((tree.get(code), number) for code, number in points.items()),
        )

    def _items(self, found: Sequence[Obligation], only: Deliverable | None) -> list[Item]:
        items = []
        for obligation in found:
            known = self._context.plan.deliverable(obligation.deliverable)
            if known is not None and (only is None or only.key == known.key):
                items.append(Item(known, obligation.period, obligation))
        return items

    async def _county(
        self, stores: Stores, unit: Unit, item: Deliverable | None, period: str | None
    ) -> CountyProgress:
        plan = self._context.plan
        wanted = [item] if item else plan.deliverables
        periods = {known.key: period or self.period_of(known) for known in wanted}
        periods |= {key: ONCE for key in periods if key != plan.quarterly.key}
        own = await stores.obligations.of_unit(unit.code)
        keys = [number.key for known in wanted for number in known.numbers]
        counts: dict[tuple[str, str], list[StateCount]] = defaultdict(list)
        for count in await stores.rollups.of_schools(unit.code, tuple(set(periods.values())), keys):
            counts[count.deliverable, count.period].append(count)
        rows = [
            (known, periods[known.key], counts[known.key, periods[known.key]])
            for known in wanted
            if counts[known.key, periods[known.key]]
        ]
        return CountyProgress(
            unit=unit,
            own=tuple(self._items(own, item)),
            tallies=tuple((known, when, tally(group)) for known, when, group in rows),
            today=self._context.today(),
            sums=tuple(
                (known, sums) for known, _, group in rows if known.numbers and (sums := sums_of(group))
            ),
            oldest=await self._oldest(stores, unit, item),
            waiting=await self._longest_waiting(stores, unit, item),
        )

    async def _oldest(self, stores: Stores, unit: Unit, item: Deliverable | None) -> Oldest | None:
        counts = [
            count
            for count in await stores.rollups.open_below(unit.code)
            if item is None or count.deliverable == item.key
        ]
        found = self._pressing(counts)
        known = self._context.plan.deliverable(found.deliverable) if found else None
        if found is None or known is None or found.due_on is None:
            return None
        below = await stores.obligations.below(unit.code, known.key, found.period, OPEN, NAMED_OLDEST)
        tree = self._context.directory.tree
        names = tuple(tree.get(o.unit_code).name for o in below if o.due_on == found.due_on)
        return Oldest(known, found.period, found.due_on, found.units, names)

    async def _longest_waiting(self, stores: Stores, unit: Unit, item: Deliverable | None) -> Waiting | None:
        found = self._items(await stores.obligations.awaiting([unit.code]), item)
        if not found:
            return None
        return Waiting(len(found), self._context.directory.tree.get(found[0].obligation.unit_code), found[0])

    async def _city(
        self, stores: Stores, unit: Unit, item: Deliverable | None, period: str | None
    ) -> CityProgress:
        chosen, when = await self._choose(stores, None, item, period)
        keys = [number.key for number in chosen.numbers]
        counts = await stores.rollups.by_reviewer(chosen.key, when, keys)
        tree = self._context.directory.tree
        groups: dict[str, list[StateCount]] = defaultdict(list)
        for count in counts:
            groups[count.group_code].append(count)
        return CityProgress(
            unit=unit,
            deliverable=chosen,
            period=when,
            due_on=self._city_due(chosen, when),
            rows=tuple((tree.get(code), tally(groups[code])) for code in sorted(groups)),
            total=tally(counts),
            today=self._context.today(),
            sums=sums_of(counts) if keys else None,
        )

    def _city_due(self, item: Deliverable, period: str) -> date | None:
        if item.cadence != "quarterly":
            return item.due
        quarter = parse_quarter(period, self._context.today())
        return quarter.due_on(self._context.plan.quarterly_rule.day) if quarter else None


def _owner(unit: Unit) -> str:
    return unit.parent_code if unit.kind.is_school and unit.parent_code else unit.code
