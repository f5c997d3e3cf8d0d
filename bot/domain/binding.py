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
        grant = self._context.require(actor, ACTION)
        seat = grant.assignment
        if seat is not None and seat.unit.kind is not UnitKind.CITY and seat.unit.code != unit.code:
            raise Denied(f"你是{seat.unit.name}的管理员，只能绑定到{seat.unit.name}。")
        known = self._context.directory.groups.get(group_id)
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
        grant = self._context.require(actor, ACTION)
        seat = grant.assignment
        if seat is None or not self._context.directory.tree.covers(seat.unit, unit):
            raise Denied(f"本群属于{unit.name}，请由{unit.name}或市级管理员设置。")
        return actor.group

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
        await self._context.directory.reload(self._context.database)


def is_quiet(group: Group, at: time) -> bool:
    """这个时刻是否在群的免打扰时段里（含起点，不含终点；可以跨夜）。"""
    start, end = group.quiet_from, group.quiet_to
    if start is None or end is None or start == end:
        return False
    if start < end:
        return start <= at < end
    return at >= start or at < end
