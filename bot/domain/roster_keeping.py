"""名册的导入导出：先全部核对、给人看会变什么，有一处不对就一行不改；确认了才存，要么全存要么全不存。

运行中的机器人凭版本号发现名册换了；从看到确认之间别人改过，也凭它知道。
"""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.documents.roster_sheet import read_roster, roster_csv, roster_xlsx
from bot.documents.sheet_error import SheetError
from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.derivation import derive_all
from bot.domain.errors import Problems, WrongState
from bot.domain.roster import RosterCheck, check_roster, roster_choices, roster_hints, roster_lines
from bot.domain.roster_changes import Change, RosterChanges, compare_roster, outside_problems
from storage.closures import ClosureStep
from storage.database import Stores
from storage.installation import ROSTER_VERSION
from storage.units import Unit
from storage.words import UnitKind

ACTION = "import or edit the roster"
VIEW = "see the roster of units"
COMMAND_LINE = "command line"
CHANGED_MEANWHILE = "名册刚才有人改过，和你看到的预览对不上了，请把文件再发一次。"


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """一份名册文件看下来的结果；有 ``problems`` 就什么也不会变。

    ``rows`` 是表里有几行；``kinds`` 是各类单位有几个；``conflicts`` 是问题里撞了别的单位的；
    ``version`` 是看的时候名册是哪一版。
    """

    rows: int
    kinds: Counter[UnitKind]
    changes: RosterChanges
    problems: tuple[str, ...]
    conflicts: int
    version: str | None


@dataclass(frozen=True, slots=True)
class RosterCount:
    """一个单位及下级各类有几个；``closed`` 是撤并了的。"""

    root: Unit
    kinds: Counter[UnitKind]
    closed: int


class RosterKeeping:
    """名册。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def examine(self, actor: Actor, content: bytes, filename: str) -> RosterPreview:
        """读并核对聊天里发来的名册文件，看会变什么；什么也不存。"""
        self._context.require(actor, ACTION)
        roots = self._roots(actor)
        async with self._context.database.read() as stores:
            version = await stores.installation.get(ROSTER_VERSION)
            existing = await stores.units.all()
        today = self._context.today()
        try:
            # 认表格、核对都是算的活，放到别的线程，不耽误别人说话
            lines = await asyncio.to_thread(read_roster, content, filename)
        except SheetError as error:
            raise Problems(tuple(error.problems)) from error
        checked = await asyncio.to_thread(check_roster, lines, existing, today=today)
        return _preview(len(lines), checked, existing, roots, version)

    async def adopt(self, actor: Actor, preview: RosterPreview) -> None:
        """把看过的变化存下；中间名册被别人改过就不存。"""
        grant = self._context.require(actor, ACTION)
        seat = grant.assignment.unit.code if grant.assignment else ""
        async with self._context.database.write() as stores:
            if await stores.installation.get(ROSTER_VERSION) != preview.version:
                raise WrongState(CHANGED_MEANWHILE)
            existing = await stores.units.all()
            rows: dict[str, int] = {}
            if outside_problems(preview.changes, existing, self._roots(actor), rows):
                raise WrongState("你管的单位有变动，请把文件再发一次。")
            await self._store(stores, actor, seat, preview.changes)
        await self._context.directory.reload(self._context.database)

    def check(self, content: bytes, filename: str) -> tuple[Unit, ...]:
        """读并核对一份名册文件；有问题抛出 Problems，一行一处。"""
        try:
            lines = read_roster(content, filename)
        except SheetError as error:
            raise Problems(tuple(error.problems)) from error
        existing = self._context.directory.tree.everything()
        checked = check_roster(lines, existing, today=self._context.today())
        if checked.problems:
            raise Problems(checked.problems)
        return checked.units

    async def save(self, units: tuple[Unit, ...]) -> Counter[UnitKind]:
        """存下核对过的单位（命令行、装样例用），返回各类个数。"""
        context = self._context
        async with context.database.write() as stores:
            changes = compare_roster(units, await stores.units.all(), ())
            if changes.total:
                await self._store(stores, None, COMMAND_LINE, changes)
        await context.directory.reload(context.database)
        return Counter(unit.kind for unit in units)

    def export(self, filename: str) -> bytes:
        """全部单位写成表格：.csv 或 .xlsx，看文件名。"""
        return _table(self._context.directory.tree.everything(), filename)

    def export_for(self, actor: Actor, root: Unit, filename: str) -> bytes:
        """一个单位及下级的名册，撤并了的在最后。"""
        self._context.require(actor, VIEW, root)
        tree = self._context.directory.tree
        return _table([unit for unit in tree.everything() if tree.covers(root, unit)], filename)

    def template(self, actor: Actor) -> bytes:
        """空白名册：有下拉框和每一列的说明。"""
        self._context.require(actor, ACTION)
        return roster_xlsx((), choices=roster_choices(), hints=roster_hints())

    def count(self, actor: Actor, root: Unit | None) -> RosterCount:
        """一个单位及下级各类有几个；运维没有单位，只给全市的数。"""
        self._context.require(actor, VIEW, root)
        tree = self._context.directory.tree
        top = root or tree.city
        covered = [unit for unit in tree.everything() if tree.covers(top, unit)]
        kinds = Counter(unit.kind for unit in covered if unit.closed_on is None)
        return RosterCount(top, kinds, len(covered) - kinds.total())

    def _roots(self, actor: Actor) -> list[Unit]:
        grants = self._context.permissions.grants(actor, ACTION)
        return [grant.assignment.unit for grant in grants if grant.assignment is not None]

    async def _store(self, stores: Stores, actor: Actor | None, seat: str, changes: RosterChanges) -> None:
        """一个事务里存单位、办撤并的善后、记日志、换版本。"""
        context = self._context
        step = ClosureStep(actor.qq, seat, context.now()) if actor else ClosureStep(0, "", context.now())
        await stores.units.save(changes.units)
        await stores.closures.stop([change.after.code for change in changes.closed], step)
        await stores.closures.resume([change.after.code for change in changes.reopened], step)
        await self._derive_again(stores, changes)
        for outcome, found in (("closed", changes.closed), ("reopened", changes.reopened)):
            for change in found:
                into = {"into": change.after.merged_into} if change.after.merged_into else {}
                await context.log(stores, actor, ACTION, change.after.code, outcome, into, seat=seat)
        await context.log(stores, actor, ACTION, "", detail=_numbers(changes), seat=seat)
        await stores.installation.put(ROSTER_VERSION, str(uuid.uuid4()))

    async def _derive_again(self, stores: Stores, changes: RosterChanges) -> None:
        """下级撤并、恢复、换了归属的，上级由它汇总的任务重算。"""
        parents: dict[str, None] = {}
        for change in (*changes.edited, *changes.renamed, *changes.closed, *changes.reopened):
            if change.before.closed_on != change.after.closed_on or _moved(change):
                parents |= dict.fromkeys(
                    code for code in (change.before.parent_code, change.after.parent_code) if code
                )
        tree = self._context.directory.tree
        sources = {item.derives_from for item in self._context.plan.deliverables if item.derives_from}
        known = {unit.code for unit in tree.everything()}
        owners = [tree.get(code) for code in parents if code in known]
        for source in sorted(sources) if owners else ():
            await derive_all(self._context, stores, owners, source)


def _preview(
    rows: int, checked: RosterCheck, existing: Sequence[Unit], roots: Sequence[Unit], version: str | None
) -> RosterPreview:
    changes = compare_roster(checked.units, existing, roots)
    problems = checked.problems or outside_problems(changes, existing, roots, checked.rows)
    kinds = Counter(unit.kind for unit in checked.units)
    return RosterPreview(rows, kinds, changes, problems, checked.conflicts, version)


def _table(units: Iterable[Unit], filename: str) -> bytes:
    lines = roster_lines(units)
    if filename.lower().endswith(".csv"):
        return roster_csv(lines)
    return roster_xlsx(lines, choices=roster_choices(), hints=roster_hints())


def _moved(change: Change) -> bool:
    return change.before.parent_code != change.after.parent_code


def _numbers(changes: RosterChanges) -> dict[str, str | int]:
    numbers = {
        "units": changes.total,
        "added": len(changes.added),
        "renamed": len(changes.renamed),
        "edited": len(changes.edited),
        "closed": len(changes.closed),
        "reopened": len(changes.reopened),
    }
    return {name: number for name, number in numbers.items() if number}
