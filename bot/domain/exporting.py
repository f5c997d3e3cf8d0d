"""把一项任务的进度导成表：合计、每个县一张明细，欠着的写明该打电话给谁；完整的姓名电话只在文件里。"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.documents.status_sheets import Grid, Value, grids_xlsx
from bot.domain.actor import Actor
from bot.domain.clock import SHANGHAI
from bot.domain.context import Context
from bot.domain.errors import NotFound
from bot.domain.progress import Progress
from bot.domain.responsible import contact_seats
from bot.domain.tallies import Tally, tally_of
from bot.domain.units import UnitTree
from bot.plan.values import Deliverable
from storage.database import Stores
from storage.obligations import Obligation
from storage.people import Administrator
from storage.rollups import COUNTED_STATES
from storage.units import Unit
from storage.words import UnitKind

ACTION = "export status lists"
AT_ONCE = 500
CONTACTS = 2
COUNTS = ("应报", "完成", "待审", "退回", "未报", "迟报")
UNASSIGNED = "未分配管理员"

Row = tuple[Unit, Obligation]


@dataclass(frozen=True, slots=True)
class StatusFile:
    """导出的文件：哪个单位、哪一项、哪一期，写了几个单位、其中几个欠着。"""

    root: Unit
    deliverable: Deliverable
    period: str
    units: int
    owing: int
    content: bytes


class Exporting:
    """导出进度。"""

    def __init__(self, context: Context, progress: Progress) -> None:
        self._context = context
        self._progress = progress

    async def status(
        self,
        actor: Actor,
        root: Unit,
        item: Deliverable | None,
        period: str | None = None,
        *,
        only_owing: bool = False,
    ) -> StatusFile:
        """一个单位及其下级某一项的进度表，记入日志；没写任务就是最该催的那一项。"""
        grant = self._context.require(actor, ACTION, root)
        seat = grant.assignment.unit.code if grant.assignment else ""
        chosen, when = (
            (item, period or self._progress.period_of(item)) if item else await self._progress.pressing(root)
        )
        tree = self._context.directory.tree
        async with self._context.database.write() as stores:
            below = await stores.obligations.below(
                None if root.kind is UnitKind.CITY else root.code, chosen.key, when
            )
            rows = [(tree.get(o.unit_code), o) for o in below]
            owing = [(unit, o) for unit, o in rows if o.state.still_owes]
            if not rows:
                raise NotFound(f"{root.name}没有“{chosen.name}”这一项的单位，没有可导出的。")
            people = await self._people(stores, owing, chosen)
            detail = {"deliverable": chosen.key, "units": len(rows)}
            await self._context.log(stores, actor, ACTION, root.code, detail=detail, seat=seat)
        grids = self._grids(root, chosen, rows, people, only_owing=only_owing)
        content = await asyncio.to_thread(
            grids_xlsx, grids, title=f"{root.name}{chosen.name}进度", day=self._context.today()
        )
        return StatusFile(root, chosen, when, len(rows), len(owing), content)

    async def _people(
        self, stores: Stores, owing: Sequence[Row], item: Deliverable
    ) -> dict[str, list[Administrator]]:
        """欠着的单位各该找谁，最多两位。"""
        seats = {unit.code: contact_seats(self._context, unit, item.key)[:CONTACTS] for unit, _ in owing}
        codes = sorted({seat.unit_code for group in seats.values() for seat in group})
        known: dict[tuple[int, str], Administrator] = {}
        for start in range(0, len(codes), AT_ONCE):
            for person in await stores.people.of_units(codes[start : start + AT_ONCE]):
                known.setdefault((person.qq, person.unit_code), person)
        return {
            code: [known[seat.qq, seat.unit_code] for seat in group if (seat.qq, seat.unit_code) in known]
            for code, group in seats.items()
        }

    def _grids(
        self,
        root: Unit,
        item: Deliverable,
        rows: Sequence[Row],
        people: Mapping[str, list[Administrator]],
        *,
        only_owing: bool,
    ) -> list[Grid]:
        groups = _grouped(rows, self._context.directory.tree)
        listed = [
            (name, [row for row in group if row[1].state.still_owes or not only_owing])
            for name, group in groups.items()
        ]
        note = f"{root.name} {item.name}，截至 {self._context.now().astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        details = [
            Grid(name, _header(item), tuple(_line(item, unit, o, people) for unit, o in group), notes=(note,))
            for name, group in listed
            if group
        ]
        return [_summary(item, groups, note), *details]


def _grouped(rows: Iterable[Row], tree: UnitTree) -> dict[str, list[Row]]:
    """一个县市区一组，县自己的排在它的学校前面；市直学校和市本级一组。学校不用报的，县市区合成一组。"""
    listed = list(rows)
    schools = any(unit.kind.is_school for unit, _ in listed)
    groups: dict[str, list[Row]] = defaultdict(list)
    for unit, obligation in listed:
        owner = tree.get(unit.parent_code) if unit.kind.is_school and unit.parent_code else unit
        name = "市直学校" if owner.kind is UnitKind.CITY else owner.name
        groups[name if schools else "县市区"].append((unit, obligation))
    for group in groups.values():
        group.sort(key=lambda row: (row[0].kind.is_school, row[0].code))
    return dict(groups)


def _summary(item: Deliverable, groups: Mapping[str, Sequence[Row]], note: str) -> Grid:
    labels = tuple(number.label for number in item.numbers)
    rows = tuple((name, *_counts(item, group)) for name, group in groups.items())
    everything = [row for group in groups.values() for row in group]
    notes = (note, f"{'、'.join(labels)}是待审和完成的单位报的人数合计") if labels else (note,)
    return Grid("合计", ("县市区", *COUNTS, *labels), rows, ("合计", *_counts(item, everything)), notes)


def _counts(item: Deliverable, group: Sequence[Row]) -> tuple[int, ...]:
    found: Tally = tally_of([obligation for _, obligation in group])
    totals: Counter[str] = Counter()
    for _, obligation in group:
        if obligation.state in COUNTED_STATES:
            totals.update(obligation.numbers)
    sums = tuple(totals[number.key] for number in item.numbers)
    return (found.total, found.done, found.waiting, found.returned, found.owing, found.late, *sums)


def _header(item: Deliverable) -> tuple[str, ...]:
    labels = (number.label for number in item.numbers)
    return (
        *("代码", "单位", "办学类型", "状态", "迟报", "截止日", "报送日"),
        *labels,
        *("退回原因", "打电话给谁", "电话"),
    )


def _line(
    item: Deliverable, unit: Unit, obligation: Obligation, people: Mapping[str, list[Administrator]]
) -> tuple[Value, ...]:
    found = people.get(unit.code, [])
    names = "、".join(f"{person.name}（{person.role.label}）" for person in found)
    reported = obligation.reported_at
    owes = obligation.state.still_owes
    return (
        unit.code,
        unit.name,
        unit.school_type.label if unit.school_type else "",
        obligation.state.label,
        "迟" if obligation.late else "",
        obligation.due_on.isoformat() if obligation.due_on else "",
        reported.astimezone(SHANGHAI).date().isoformat() if reported else "",
        *(obligation.numbers.get(number.key, "") for number in item.numbers),
        obligation.reason,
        (names or UNASSIGNED) if owes else "",
        "、".join(person.phone for person in found),
    )
