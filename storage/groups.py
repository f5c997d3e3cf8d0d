"""绑定过的 QQ 群：绑到哪个单位、怎么答问、什么时候免打扰。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import BigInteger, ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant
from storage.words import AnswerMode


@dataclass(frozen=True, slots=True)
class Group:
    """一个绑定了的群；没绑定的群机器人不说话。"""

    group_id: int
    unit_code: str
    answer_mode: AnswerMode
    quiet_from: time | None
    quiet_to: time | None
    bound_by: int
    bound_at: datetime


class GroupRow(Base):
    """群表。"""

    __tablename__ = "groups"

    group_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), index=True)
    answer_mode: Mapped[str] = mapped_column(String(20))
    quiet_from: Mapped[time | None]
    quiet_to: Mapped[time | None]
    bound_by: Mapped[int] = mapped_column(BigInteger)
    bound_at: Mapped[datetime] = mapped_column(Instant)


def _group(row: GroupRow) -> Group:
    return Group(
        group_id=row.group_id,
        unit_code=row.unit_code,
        answer_mode=AnswerMode(row.answer_mode),
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        bound_by=row.bound_by,
        bound_at=row.bound_at,
    )


class GroupStore:
    """群的读写。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> list[Group]:
        """全部绑定的群。"""
        rows = await self._session.scalars(select(GroupRow).order_by(GroupRow.group_id))
        return [_group(row) for row in rows]

    async def save(self, group: Group) -> None:
        """新增绑定，或改绑、改设置。"""
        row = await self._session.get(GroupRow, group.group_id)
        if row is None:
            row = GroupRow(group_id=group.group_id)
            self._session.add(row)
        row.unit_code = group.unit_code
        row.answer_mode = group.answer_mode.value
        row.quiet_from = group.quiet_from
        row.quiet_to = group.quiet_to
        row.bound_by = group.bound_by
        row.bound_at = group.bound_at
        await self._session.flush()
