"""绑定群：一个工作群属于哪个单位、怎么答问、什么时候免打扰；没绑定的群机器人不说话。"""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.errors import BadInput, Denied, WrongPlace, WrongState
from storage.groups import Group
from storage.units import Unit
from storage.words import AnswerMode, UnitKind

ACTION = "group settings (answer mode and quiet hours)"


class Binding:
    """群的绑定与设置。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def bind(self, actor: Actor, unit: Unit) -> Group:
        """把说话人所在的群绑到某单位；县管理员只能绑自己的县。"""
        group_id = self._group_id(actor)
        if unit.kind.is_school:
            raise BadInput(f"群只能绑定到市或县市区，“{unit.name}”是学校。例如：/绑定 岳阳县")
        self._context.require(actor, ACTION)
        known = self._context.directory.groups.get(group_id)
        self._check_bindable(actor, unit, known)
        group = Group(
            group_id=group_id,
            unit_code=unit.code,
            answer_mode=known.answer_mode if known else AnswerMode.MENTION,
            quiet_from=known.quiet_from if known else None,
            quiet_to=known.quiet_to if known else None,
            bound_by=actor.qq,
            bound_at=self._context.now(),
        )
        await self._save(actor, group, "bind")
        return group

    async def set_answer_mode(self, actor: Actor, mode: AnswerMode) -> Group:
        """设这个群怎么答问。"""
        group = await self._own_group(actor)
        changed = replace(group, answer_mode=mode)
        await self._save(actor, changed, f"answer mode {mode.value}")
        return changed

    async def set_quiet_hours(self, actor: Actor, start: time, end: time) -> Group:
        """设这个群的免打扰时段，可以跨夜。"""
        group = await self._own_group(actor)
        changed = replace(group, quiet_from=start, quiet_to=end)
        await self._save(actor, changed, "quiet hours")
        return changed

    async def _own_group(self, actor: Actor) -> Group:
        self._group_id(actor)
        if actor.group is None:
            raise WrongState("本群还没有绑定，请先发：/绑定 岳阳县")
        unit = self._context.directory.group_unit(actor.group)
        self._context.require(actor, ACTION)
        if not any(self._context.directory.tree.covers(seat, unit) for seat in self._seats(actor)):
            raise Denied(f"本群属于{unit.name}，请由{unit.name}或市级管理员设置。")
        return actor.group

    def _check_bindable(self, actor: Actor, unit: Unit, known: Group | None) -> None:
        """县只能绑自己的，也不能把别处的群改绑过来；市和运维不限。"""
        seats = self._seats(actor)
        if not seats or any(seat.kind is UnitKind.CITY for seat in seats):
            return
        if unit not in seats:
            names = "、".join(seat.name for seat in seats)
            raise Denied(f"你是{names}的管理员，只能绑定到{names}。")
        bound = self._context.directory.group_unit(known) if known else unit
        if bound not in seats:
            raise Denied(f"本群已经绑定到{bound.name}，改绑请找市级管理员。")

    def _seats(self, actor: Actor) -> list[Unit]:
        """说话人凭哪些单位的席位管群；运维凭装机的身份，没有席位。"""
        grants = self._context.permissions.grants(actor, ACTION)
        return [grant.assignment.unit for grant in grants if grant.assignment is not None]

    def _group_id(self, actor: Actor) -> int:
        if actor.place.group_id is None:
            raise WrongPlace("这条命令要在工作群里发。")
        return actor.place.group_id

    async def _save(self, actor: Actor, group: Group, what: str) -> None:
        async with self._context.database.write() as stores:
            await stores.groups.save(group)
            await self._context.log(
                stores, actor, ACTION, group.unit_code, detail={"group": group.group_id, "what": what}
            )
        await self._context.directory.reload_people(self._context.database)


def is_quiet(group: Group, at: time) -> bool:
    """这个时刻是否在群的免打扰时段里（含起点，不含终点；可以跨夜）。"""
    start, end = group.quiet_from, group.quiet_to
    if start is None or end is None or start == end:
        return False
    if start < end:
        return start <= at < end
    return at >= start or at < end
