"""把方案推出来的待办落到库里：每天、每次换名册后补一遍，已有的现状不动。"""

from __future__ import annotations

import logging
from datetime import date

from bot.domain.context import Context
from bot.domain.obligations import duties_of
from storage.obligations import Duty
from storage.units import Unit

logger = logging.getLogger(__name__)


class DutyKeeper:
    """待办的登记员。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def refresh(self) -> int:
        """为名册里每个单位补齐到今天为止的待办，返回新增条数。"""
        context = self._context
        today = context.today()
        duties = [duty for unit in context.directory.tree for duty in self.duties_of(unit, today)]
        async with context.database.write() as stores:
            added = await stores.obligations.ensure(duties, past=today)
        if added:
            logger.info("新增待办 %d 项", added)
        return added

    def duties_of(self, unit: Unit, until: date) -> tuple[Duty, ...]:
        """一个单位到 ``until`` 为止的待办，县属学校按本县的季报日。"""
        context = self._context
        county_day = context.county_days.get(unit.parent_code or "")
        return duties_of(unit, context.plan, starts_on=context.starts_on, until=until, county_day=county_day)
