"""一项任务该找谁：方案指定的角色，没有就退到系统管理员、信息管理员；教学点没人就找它的中心校。"""

from __future__ import annotations

from bot.domain.context import Context
from storage.people import Seat
from storage.units import Unit
from storage.words import Role

FALLBACK = (Role.INFO_ADMIN, Role.SYSTEM_ADMIN)


def responsible_seats(context: Context, unit_code: str, deliverable: str) -> list[Seat]:
    """该由谁来报；一个也没有就是“未分配管理员”。"""
    own = _seats_at(context, unit_code, deliverable)
    if own:
        return own
    unit = context.directory.tree.get(unit_code)
    return _seats_at(context, unit.central_school_code, deliverable) if unit.central_school_code else []


def contact_seats(context: Context, unit: Unit, deliverable: str) -> list[Seat]:
    """催这个单位时打电话给谁：该由谁来报的，一人一次。"""
    seats = responsible_seats(context, unit.code, deliverable)
    return list({seat.qq: seat for seat in seats}.values())


def _seats_at(context: Context, unit_code: str, deliverable: str) -> list[Seat]:
    item = context.plan.deliverable(deliverable)
    roles = tuple(item.reported_by) if item else ()
    named = context.directory.seats_of(unit_code, roles) if roles else []
    return named or context.directory.seats_of(unit_code, FALLBACK)
