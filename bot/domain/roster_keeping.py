"""名册的导入导出：先全部核对，有一处不对就一行不改；运行中的机器人凭版本号发现名册换了。"""

from __future__ import annotations

import uuid
from collections import Counter

from bot.documents.roster_sheet import read_roster, roster_csv, roster_xlsx
from bot.documents.sheet_error import SheetError
from bot.domain.context import Context
from bot.domain.errors import Problems
from bot.domain.roster import check_roster, roster_choices, roster_lines
from storage.installation import ROSTER_VERSION
from storage.units import Unit
from storage.words import UnitKind

ACTION = "import or edit the roster"


class RosterKeeping:
    """名册。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    def check(self, content: bytes, filename: str) -> tuple[Unit, ...]:
        """读并核对一份名册文件；有问题抛出 Problems，一行一处。"""
        try:
            lines = read_roster(content, filename)
        except SheetError as error:
            raise Problems(tuple(error.problems)) from error
        checked = check_roster(lines, existing=self._context.directory.tree)
        if checked.problems:
            raise Problems(checked.problems)
        return checked.units

    async def save(self, units: tuple[Unit, ...]) -> Counter[UnitKind]:
        """存下核对过的单位，返回各类个数。"""
        context = self._context
        async with context.database.write() as stores:
            await stores.units.save(units)
            await context.log(stores, None, ACTION, "", detail={"units": len(units)}, seat="command line")
            await stores.installation.put(ROSTER_VERSION, str(uuid.uuid4()))
        await context.directory.reload(context.database)
        return Counter(unit.kind for unit in units)

    def export(self, filename: str) -> bytes:
        """全部单位写成表格：.csv 或 .xlsx，看文件名。"""
        lines = roster_lines(self._context.directory.tree)
        if filename.lower().endswith(".csv"):
            return roster_csv(lines)
        return roster_xlsx(lines, choices=roster_choices())
