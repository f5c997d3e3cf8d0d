"""看操作日志：人人看得到自己做的，县看下级，市看全部，运维只看技术上的几种。"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.errors import BadInput, Denied, NotFound
from storage.audit import AuditEntry, AuditWanted
from storage.units import Unit
from storage.words import UnitKind

READ_LOG = "read the audit log"
PER_PAGE = 12
DEFAULT_DAYS = 7
MOST_DAYS = 366
# 运维看得到的：群的设置、名册、备份，和机器人进出群
TECHNICAL = (
    "group settings (answer mode and quiet hours)",
    "import or edit the roster",
    "backup restore keys and configuration",
    "leave the work group",
)


@dataclass(frozen=True, slots=True)
class LogPage:
    """一页日志；``unit`` 为空是看自己的（运维是技术类的）。``names`` 是里面提到的单位：代码 → 名称。"""

    unit: Unit | None
    days: int
    page: int
    pages: int
    total: int
    entries: tuple[AuditEntry, ...]
    names: Mapping[str, str]


class AuditReading:
    """看操作日志。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def page(self, actor: Actor, unit: Unit | None, days: int, page: int) -> LogPage:
        """一页，新的在前；``unit`` 为空就看自己能看的全部。页码超出时给最后一页。"""
        if not 1 <= days <= MOST_DAYS:
            raise BadInput(f"天数请写 1 到 {MOST_DAYS}，例如：/日志 30")
        wanted, shown = self._wanted(actor, unit, self._context.now() - timedelta(days=days))
        async with self._context.database.read() as stores:
            total = await stores.audit.count(wanted)
            pages = max(1, -(-total // PER_PAGE))
            chosen = min(max(page, 1), pages)
            entries = await stores.audit.page(wanted, PER_PAGE, (chosen - 1) * PER_PAGE)
        if wanted.actor_qq is not None:
            shown = None
        return LogPage(shown, days, chosen, pages, total, tuple(entries), self._names(entries))

    def _names(self, entries: Sequence[AuditEntry]) -> dict[str, str]:
        """日志里提到的单位。"""
        tree, found = self._context.directory.tree, dict[str, str]()
        for entry in entries:
            for code in (entry.actor_unit, entry.target, str(entry.detail.get("unit", ""))):
                with contextlib.suppress(NotFound):
                    found[code] = tree.get(code).name
        return found

    def _wanted(self, actor: Actor, unit: Unit | None, since: datetime) -> tuple[AuditWanted, Unit | None]:
        """照权限能看哪些：凭上级的席位看下级，运维看技术类，别的人看自己做的。"""
        self._context.require(actor, READ_LOG)
        grants = list(self._context.permissions.grants(actor, READ_LOG))
        offices = [grant.assignment.unit for grant in grants if grant.assignment and grant.scope == "subtree"]
        if unit is not None:
            return self._of_unit(actor, unit, offices, since), unit
        if offices:
            top = min(offices, key=lambda one: one.kind is not UnitKind.CITY)
            return _under(top, since), top
        if not actor.assignments and any(grant.scope == "technical_only" for grant in grants):
            return AuditWanted(since, actions=TECHNICAL), None
        return AuditWanted(since, actor_qq=actor.qq), None

    def _of_unit(self, actor: Actor, unit: Unit, offices: Sequence[Unit], since: datetime) -> AuditWanted:
        """写了单位：上级能看；写自己的单位，看的还是自己做的；别的不行。"""
        if any(self._context.directory.tree.covers(office, unit) for office in offices):
            return _under(unit, since)
        if any(seat.unit.code == unit.code for seat in actor.assignments):
            return AuditWanted(since, actor_qq=actor.qq)
        raise Denied("你只能看自己的操作日志，发 /日志 就行。")


def _under(unit: Unit, since: datetime) -> AuditWanted:
    """市看全部；县、学校看自己和直属下级。"""
    return AuditWanted(since) if unit.kind is UnitKind.CITY else AuditWanted(since, under=unit.code)
