"""上级是谁：一个单位出了事该告诉哪几个人——从审核单位一级一级往上，找到第一个有人管的。"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from bot.domain.directory import Directory
from bot.domain.errors import NotFound
from storage.units import Unit
from storage.words import Role

# 管人的角色；先找信息管理员（审核人），没有再找系统管理员
IN_CHARGE = (Role.INFO_ADMIN, Role.SYSTEM_ADMIN)


def upwards(directory: Directory, unit: Unit) -> Iterator[Unit]:
    """这个单位和它的各级上级，近的在前。"""
    current: Unit | None = unit
    while current is not None:
        yield current
        parent, current = current.parent_code, None
        with contextlib.suppress(NotFound):
            current = directory.tree.get(parent) if parent else None


def superiors_of(directory: Directory, unit: Unit, *, without: frozenset[int] = frozenset()) -> list[int]:
    """上级审核单位的人（QQ 号）；市没有上级，告诉市里其余的人。"""
    above = [one for one in upwards(directory, unit) if one.code != unit.code] or [unit]
    for one in above:
        for role in IN_CHARGE:
            people = dict.fromkeys(seat.qq for seat in directory.seats_of(one.code, (role,)))
            found = [qq for qq in people if qq not in without]
            if found:
                return found
    return []
