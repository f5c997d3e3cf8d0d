"""附件1 责任书：谁在什么时候确认过职责，由机器人登记时留下的记录填进去；没确认的留空手签。"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date

from bot.documents.letter import ResponsibilityLetter, letter_docx
from bot.domain.actor import Actor
from bot.domain.answering import GET_FORMS
from bot.domain.clock import local_day
from bot.domain.context import Context
from storage.units import Unit
from storage.words import Role


@dataclass(frozen=True, slots=True)
class Pledge:
    """一个人确认过一种角色的职责。"""

    role: Role
    name: str
    day: date


@dataclass(frozen=True, slots=True)
class FilledLetter:
    """填好的责任书：文件内容，和谁确认过。"""

    unit: Unit
    pledges: tuple[Pledge, ...]
    content: bytes

    @property
    def missing(self) -> tuple[Role, ...]:
        """还没有人确认的角色。"""
        done = {pledge.role for pledge in self.pledges}
        return tuple(role for role in Role if role not in done)


class Letters:
    """责任书。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def letter(self, actor: Actor, unit: Unit) -> FilledLetter:
        """一个单位的责任书，在任管理员的姓名和确认日期填好；记入日志。"""
        grant = self._context.require(actor, GET_FORMS, unit)
        seat = grant.assignment.unit.code if grant.assignment else ""
        async with self._context.database.write() as stores:
            people = await stores.people.of_units([unit.code])
            await self._context.log(stores, actor, GET_FORMS, unit.code, detail={"form": 1}, seat=seat)
        pledges = tuple(
            Pledge(one.role, one.name, local_day(one.pledged_at)) for one in people if one.pledged_at
        )
        content = await asyncio.to_thread(letter_docx, _letter(unit, pledges))
        return FilledLetter(unit, pledges, content)


def _letter(unit: Unit, pledges: tuple[Pledge, ...]) -> ResponsibilityLetter:
    return ResponsibilityLetter(
        unit_name=unit.name,
        system_admin=_signed(pledges, Role.SYSTEM_ADMIN),
        info_admin=_signed(pledges, Role.INFO_ADMIN),
        training_admin=_signed(pledges, Role.TRAINING_ADMIN),
        info_viewer=_signed(pledges, Role.INFO_VIEWER),
    )


def _signed(pledges: tuple[Pledge, ...], role: Role) -> str:
    """王样例，2017年2月20日确认；几个人用分号隔开，没有人是空串。"""
    return "；".join(
        f"{one.name}，{one.day.year}年{one.day.month}月{one.day.day}日确认"
        for one in pledges
        if one.role is role
    )
