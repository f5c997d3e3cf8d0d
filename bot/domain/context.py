"""各项服务共用的家底：数据库、通讯录、时钟、方案、权限、日历，以及记日志的一个动作。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.actor import Actor
from bot.domain.clock import Clock, local_day
from bot.domain.directory import Directory
from bot.domain.permissions import Grant, Permissions
from bot.domain.workdays import WorkCalendar
from bot.plan.values import Plan
from storage.audit import AuditEntry
from storage.database import Database, Stores
from storage.units import Unit


@dataclass(slots=True)
class Context:
    """一次装配、全程共用。

    ``starts_on`` 是启用日，之前的节点只是历史；``county_days`` 是各县自己定的季报日。
    """

    database: Database
    directory: Directory
    clock: Clock
    plan: Plan
    permissions: Permissions
    calendar: WorkCalendar
    starts_on: date
    county_days: dict[str, int] = field(default_factory=dict)

    def now(self) -> datetime:
        """当前时刻。"""
        return self.clock.now()

    def today(self) -> date:
        """今天（岳阳）。"""
        return local_day(self.clock.now())

    def require(self, actor: Actor, action: str, target: Unit | None = None) -> Grant:
        """照权限表放行并说明依据；不行就抛出拒绝（由收消息的一处统一记日志）。"""
        return self.permissions.require(actor, action, self.directory.tree, target)

    async def log(
        self,
        stores: Stores,
        actor: Actor | None,
        action: str,
        target: str,
        outcome: str = "done",
        detail: Mapping[str, str | int] | None = None,
        *,
        seat: str = "",
    ) -> None:
        """在同一个事务里记一条操作日志。"""
        if not seat and actor is not None and actor.assignments:
            seat = actor.assignments[0].unit.code
        await stores.audit.add(
            AuditEntry(
                at=self.now(),
                actor_qq=actor.qq if actor else None,
                actor_unit=seat,
                action=action,
                target=target,
                outcome=outcome,
                detail=detail or {},
            )
        )

    def own_unit(self, actor: Actor, action: str) -> Unit | None:
        """没写单位时指的是哪个：说话人能办这件事的唯一单位；不止一个就返回 None。"""
        units = {
            grant.assignment.unit.code: grant.assignment.unit
            for grant in self.permissions.grants(actor, action)
            if grant.assignment is not None
        }
        return next(iter(units.values())) if len(units) == 1 else None
