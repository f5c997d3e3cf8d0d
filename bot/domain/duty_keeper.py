"""把方案推出来的待办落到库里：每天、每次换名册后补一遍，已有的现状不动。"""

from __future__ import annotations

import logging

from bot.domain.context import Context
from bot.domain.obligations import duties_of

logger = logging.getLogger(__name__)


class DutyKeeper:
    """待办的登记员。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def refresh(self) -> int:
        """为名册里每个单位补齐到今天为止的待办，返回新增条数。"""
        context = self._context
        today = context.today()
        duties = [
            duty
            for unit in context.directory.tree
            for duty in duties_of(unit, context.plan, starts_on=context.starts_on, until=today)
        ]
        async with context.database.write() as stores:
            added = await stores.obligations.ensure(duties)
        if added:
            logger.info("新增待办 %d 项", added)
        return added
