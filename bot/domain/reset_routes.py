"""重置请求送给谁：本校系统管理员；没有就县里的系统管理员、信息管理员；再没有就市里。自己忘了密码的找上一级。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.actor import Actor, Place, PlaceKind
from bot.domain.context import Context
from bot.domain.superiors import upwards
from storage.units import Unit
from storage.words import Role

FINISH = "record a password reset as done"


@dataclass(frozen=True, slots=True)
class ResetStop:
    """送到的一站：哪个单位的哪几个人；``able`` 是照权限表能记完成的；``about`` 是谁的请求、哪个单位的。"""

    unit: Unit
    people: tuple[int, ...]
    able: frozenset[int]
    about: Unit
    asker: int


class ResetRoutes:
    """重置请求的路线。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    def stop_for(self, unit: Unit, asker: int, *, about: Unit | None = None) -> ResetStop | None:
        """从 ``unit`` 往上第一个有人管的；一路都没有返回 None。"""
        wanted = about or unit
        for one in upwards(self._context.directory, unit):
            people = self._people(one, asker)
            if people:
                able = frozenset(qq for qq in people if self._may_finish(qq, wanted))
                return ResetStop(one, people, able, wanted, asker)
        return None

    def office(self, actor: Actor, unit: Unit) -> Unit | None:
        """说话人凭哪个单位能给 ``unit`` 的请求记完成；不能返回 None。"""
        tree = self._context.directory.tree
        for office, whole in self._offices(actor):
            if office.code == unit.code or (whole and tree.covers(office, unit)):
                return office
        return None

    def codes_in_reach(self, actor: Actor) -> list[str]:
        """说话人能记完成的全部单位；不管这事的是空的。"""
        found: dict[str, None] = {}
        for office, whole in self._offices(actor):
            found[office.code] = None
            if whole:
                found |= dict.fromkeys(one.code for one in self._context.directory.tree.children(office.code))
        return list(found)

    def _offices(self, actor: Actor) -> Iterator[tuple[Unit, bool]]:
        """能记完成的席位在哪个单位、管不管下级。"""
        for grant in self._context.permissions.grants(actor, FINISH):
            if grant.assignment is not None:
                yield grant.assignment.unit, grant.scope == "subtree"

    def _people(self, unit: Unit, asker: int) -> tuple[int, ...]:
        seats = self._context.directory.seats_of(unit.code, (Role.SYSTEM_ADMIN,))
        if any(seat.qq == asker for seat in seats):
            return ()  # 他自己就是这里的系统管理员，找上一级
        if not seats and not unit.kind.is_school:
            seats = self._context.directory.seats_of(unit.code, (Role.INFO_ADMIN,))
        return tuple(dict.fromkeys(seat.qq for seat in seats if seat.qq != asker))

    def _may_finish(self, qq: int, unit: Unit) -> bool:
        return self.office(self._context.directory.actor(qq, Place(PlaceKind.FRIEND)), unit) is not None
