"""单位：市、县市区、市直学校、学校组成的树；撤并了的留着不删，过去的记录才查得到。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base
from storage.words import Ownership, SchoolType, UnitKind


@dataclass(frozen=True, slots=True)
class Unit:
    """一个单位。``parent_code`` 是它的审核单位：县属学校归县，市直学校和县归市，市没有上级。

    ``closed_on`` 有值就是撤并了；并进别的单位的，``merged_into`` 是那个单位的代码。
    教学点挂靠在哪所中心校，``central_school_code`` 是那所学校的代码；中心校可以替它报。
    """

    code: str
    name: str
    kind: UnitKind
    parent_code: str | None = None
    school_type: SchoolType | None = None
    ownership: Ownership | None = None
    aliases: tuple[str, ...] = field(default=())
    closed_on: date | None = None
    former_names: tuple[str, ...] = field(default=())
    merged_into: str | None = None
    staff_count: int | None = None
    central_school_code: str | None = None


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
    former_names: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    # 不设外键：SQLite 给已有的表加外键要整张重建，而别的表都指着它；导入时核对
    merged_into: Mapped[str | None] = mapped_column(String(32))
    staff_count: Mapped[int | None]
    central_school_code: Mapped[str | None] = mapped_column(String(32), index=True)


_COLUMNS = tuple(UnitRow.__table__.columns)


def _unit(row: Any) -> Unit:
    return Unit(
        code=row.code,
        name=row.name,
        kind=UnitKind(row.kind),
        parent_code=row.parent_code,
        school_type=SchoolType(row.school_type) if row.school_type else None,
        ownership=Ownership(row.ownership) if row.ownership else None,
        aliases=tuple(row.aliases),
        closed_on=row.closed_on,
        former_names=tuple(row.former_names),
        merged_into=row.merged_into,
        staff_count=row.staff_count,
        central_school_code=row.central_school_code,
    )


def _values(unit: Unit) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind.value,
        "parent_code": unit.parent_code,
        "school_type": unit.school_type.value if unit.school_type else None,
        "ownership": unit.ownership.value if unit.ownership else None,
        "aliases": list(unit.aliases),
        "closed_on": unit.closed_on,
        "former_names": list(unit.former_names),
        "merged_into": unit.merged_into,
        "staff_count": unit.staff_count,
        "central_school_code": unit.central_school_code,
    }


class UnitStore:
    """单位的读写。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> list[Unit]:
        """全部单位，撤并了的也在内，按代码排序。"""
        rows = await self._session.execute(select(*_COLUMNS).order_by(UnitRow.code))
        return [_unit(row) for row in rows]

    async def save(self, units: Iterable[Unit]) -> None:
        """按代码新增或更新；上级须排在下级前面。"""
        rows = [_values(unit) for unit in units]
        known = set(await self._session.scalars(select(UnitRow.code)))
        added = [row for row in rows if row["code"] not in known]
        changed = [row for row in rows if row["code"] in known]
        if added:
            await self._session.execute(insert(UnitRow), added)
        if changed:
            await self._session.execute(update(UnitRow), changed)
