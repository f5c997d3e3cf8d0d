"""时间节点的本地调整：县市区给本县学校定一个早于全市的季报日。"""

from __future__ import annotations

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.duty_keeper import DutyKeeper
from bot.domain.errors import BadInput, Denied
from storage.installation import county_day_key
from storage.units import Unit
from storage.words import UnitKind

ACTION = "set milestones and dates"


class Milestones:
    """节点的调整。"""

    def __init__(self, context: Context, duties: DutyKeeper) -> None:
        self._context = context
        self._duties = duties

    def check_county_day(self, actor: Actor, county: Unit, day: int) -> None:
        """核对能不能把 ``county`` 的季报日定在每季度末月 ``day`` 日。"""
        self._context.require(actor, ACTION)
        grants = self._context.permissions.grants(actor, ACTION)
        seats = [grant.assignment.unit for grant in grants if grant.assignment is not None]
        if county.kind is not UnitKind.COUNTY:
            raise BadInput(f"季报日按县市区定，“{county.name}”不是县市区。例如：/节点 季报日 18 岳阳县")
        if not any(self._context.directory.tree.covers(seat, county) for seat in seats):
            raise Denied(f"{county.name}的季报日由{county.name}或市里定。")
        last = self._context.plan.quarterly_rule.day
        if not 1 <= day <= last:
            raise BadInput(f"季报日要写 1 到 {last} 之间的数，不能晚于全市的 {last} 日。")

    async def set_county_day(self, actor: Actor, county: Unit, day: int) -> None:
        """定下来，本县学校还没过的季报跟着改期。"""
        self.check_county_day(actor, county, day)
        async with self._context.database.write() as stores:
            await stores.installation.put(county_day_key(county.code), str(day))
            await self._context.log(stores, actor, ACTION, county.code, detail={"county_day": day})
        self._context.county_days[county.code] = day
        await self._duties.refresh()
