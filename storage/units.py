"""单位：市、县市区、市直学校、学校组成的树，以及名册导入时的整体替换。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import JSON, ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base
from storage.words import Ownership, SchoolType, UnitKind


@dataclass(frozen=True, slots=True)
class Unit:
    """一个单位。``parent_code`` 是它的审核单位：县属学校归县，市直学校和县归市，市没有上级。"""

    code: str
    name: str
    kind: UnitKind
    parent_code: str | None = None
    school_type: SchoolType | None = None
    ownership: Ownership | None = None
    aliases: tuple[str, ...] = field(default=())
    closed_on: date | None = None


class UnitRow(Base):
    """单位表。"""

    __tablename__ = "units"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("units.code"), index=True)
    school_type: Mapped[str | None] = mapped_column(String(20))
    ownership: Mapped[str | None] = mapped_column(String(20))
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    closed_on: Mapped[date | None]


def _unit(row: UnitRow) -> Unit:
    return Unit(
        code=row.code,
        name=row.name,
        kind=UnitKind(row.kind),
        parent_code=row.parent_code,
        school_type=SchoolType(row.school_type) if row.school_type else None,
        ownership=Ownership(row.ownership) if row.ownership else None,
        aliases=tuple(row.aliases),
        closed_on=row.closed_on,
    )


class UnitStore:
    """单位的读写。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> list[Unit]:
        """全部单位，按代码排序。"""
        rows = await self._session.scalars(select(UnitRow).order_by(UnitRow.code))
        return [_unit(row) for row in rows]

    async def save(self, units: Iterable[Unit]) -> None:
        """按代码新增或更新；上级须排在下级前面。"""
        known = {row.code: row for row in await self._session.scalars(select(UnitRow))}
        for unit in units:
            row = known.get(unit.code)
            if row is None:
                row = known[unit.code] = UnitRow(code=unit.code)
                self._session.add(row)
            row.name = unit.name
            row.kind = unit.kind.value
            row.parent_code = unit.parent_code
            row.school_type = unit.school_type.value if unit.school_type else None
            row.ownership = unit.ownership.value if unit.ownership else None
            row.aliases = list(unit.aliases)
            row.closed_on = unit.closed_on
        await self._session.flush()
