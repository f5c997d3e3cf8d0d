"""管理员一览：一个单位现在由谁担任什么，下级还有哪些单位没有人；县、市可以要一份通讯录文件。"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.documents.contact_sheet import ContactLine, contacts_xlsx
from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.errors import Denied
from bot.domain.superiors import IN_CHARGE
from storage.people import Administrator
from storage.units import Unit
from storage.words import UnitKind

LIST = "list administrators"


@dataclass(frozen=True, slots=True)
class Overview:
    """一个单位的管理员；``below`` 是下级单位数，``without`` 是其中没有管理员的。"""

    unit: Unit
    people: tuple[Administrator, ...]
    below: int
    without: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class ContactFile:
    """通讯录文件：哪个单位的、多少人。"""

    unit: Unit
    people: int
    without: int
    content: bytes


class Administrators:
    """管理员一览。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def overview(self, actor: Actor, unit: Unit) -> Overview:
        """一个单位的在任管理员和下级的缺口。"""
        self._context.require(actor, LIST, unit)
        async with self._context.database.read() as stores:
            people = await stores.people.of_units([unit.code])
        below = self._below(unit)
        return Overview(unit, tuple(people), len(below), tuple(self.without_anyone(unit)))

    def without_anyone(self, unit: Unit) -> list[Unit]:
        """它下面没有信息管理员、也没有系统管理员的单位，按代码排。"""
        seats_of = self._context.directory.seats_of
        return [one for one in self._below(unit) if not seats_of(one.code, IN_CHARGE)]

    async def export(self, actor: Actor, unit: Unit) -> ContactFile:
        """一个县或全市的通讯录（含完整电话），记入日志；学校的角色不能要。"""
        grant = self._context.require(actor, LIST, unit)
        if grant.scope != "subtree" or grant.assignment is None:
            raise Denied("通讯录只给县市区和市级管理员。")
        covered = {one.code: one for one in (unit, *self._below(unit))}
        without = self.without_anyone(unit)
        async with self._context.database.write() as stores:
            everyone = await stores.people.all_active()
            people = [one for one in everyone if one.unit_code in covered]
            await self._context.log(
                stores,
                actor,
                LIST,
                unit.code,
                "exported",
                {"rows": len(people)},
                seat=grant.assignment.unit.code,
            )
        people.sort(key=lambda one: (one.unit_code, one.role.value))
        lines = [self._line(covered[one.unit_code], one) for one in people]
        empty = [self._line(one, None) for one in without]
        content = await asyncio.to_thread(contacts_xlsx, lines, empty, title=f"{unit.name}管理员通讯录")
        return ContactFile(unit, len(lines), len(empty), content)

    def _below(self, unit: Unit) -> list[Unit]:
        tree = self._context.directory.tree
        if unit.kind is UnitKind.CITY:
            found = [one for one in tree if one.code != unit.code]
        else:
            found = list(tree.children(unit.code))
        return sorted(found, key=lambda one: one.code)

    def _line(self, unit: Unit, person: Administrator | None) -> ContactLine:
        tree = self._context.directory.tree
        county = tree.get(unit.parent_code).name if unit.kind is UnitKind.SCHOOL and unit.parent_code else ""
        shown = county or (unit.name if unit.kind is UnitKind.COUNTY else unit.kind.label)
        if person is None:
            return ContactLine(shown, unit.name, unit.code)
        return ContactLine(
            shown, unit.name, unit.code, person.role.label, person.name, person.phone, str(person.qq)
        )
