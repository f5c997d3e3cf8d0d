"""通讯录：名册、席位、绑定的群都在内存里，群里的闲聊因此一次数据库也不碰。

改动先写库，提交后再调用 ``reload``。
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from bot.domain.actor import Actor, Assignment, Place
from bot.domain.units import UnitTree
from storage.database import Database
from storage.groups import Group
from storage.people import Seat
from storage.units import Unit
from storage.words import Role


class Directory:
    """内存里的通讯录。"""

    def __init__(self, operators: frozenset[int] = frozenset()) -> None:
        self._operators = operators
        self.tree = UnitTree(())
        self.groups: dict[int, Group] = {}
        self._turn = asyncio.Lock()
        self._by_qq: dict[int, list[Seat]] = {}
        self._by_unit: dict[str, list[Seat]] = {}

    async def reload(self, database: Database) -> None:
        """名册、席位、群全部重读。"""
        async with self._turn:
            async with database.read() as stores:
                units = await stores.units.all()
            self.tree = UnitTree(units)
        await self.reload_people(database)

    async def reload_people(self, database: Database) -> None:
        """只重读席位和群（登记、绑定之后）；一次一个，后到的一定读到先到的。"""
        async with self._turn:
            async with database.read() as stores:
                seats = await stores.people.seats()
                groups = await stores.groups.all()
            self._arrange(seats, groups)

    def _arrange(self, seats: list[Seat], groups: list[Group]) -> None:
        self.groups = {group.group_id: group for group in groups}
        by_qq: dict[int, list[Seat]] = defaultdict(list)
        by_unit: dict[str, list[Seat]] = defaultdict(list)
        # 撤并了的单位，席位一律不算：停用的手续漏了也进不来
        for seat in (one for one in seats if self.tree.is_open(one.unit_code)):
            by_qq[seat.qq].append(seat)
            by_unit[seat.unit_code].append(seat)
        self._by_qq, self._by_unit = dict(by_qq), dict(by_unit)

    def actor(self, qq: int, place: Place) -> Actor:
        """把一个 QQ 号变成 Actor。"""
        seats = self._by_qq.get(qq, ())
        return Actor(
            qq=qq,
            assignments=tuple(Assignment(self.tree.get(seat.unit_code), seat.role) for seat in seats),
            place=place,
            operator=qq in self._operators,
            group=self.groups.get(place.group_id) if place.group_id is not None else None,
        )

    def holds_seat(self, qq: int) -> bool:
        """是不是登记过的在任管理员。"""
        return qq in self._by_qq

    def seats_held(self, qq: int) -> list[Seat]:
        """这个人在任的席位。"""
        return list(self._by_qq.get(qq, ()))

    def seats_of(self, unit_code: str, roles: Sequence[Role] = ()) -> list[Seat]:
        """某单位在任的席位；给出角色就只要这些角色的。"""
        seats = self._by_unit.get(unit_code, [])
        return [seat for seat in seats if not roles or seat.role in roles]

    def groups_of(self, unit_code: str) -> list[Group]:
        """绑定到某单位的群。"""
        return [group for group in self.groups.values() if group.unit_code == unit_code]

    def group_unit(self, group: Group) -> Unit:
        """群绑定的单位。"""
        return self.tree.get(group.unit_code)
