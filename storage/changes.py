"""变更登记：附件3 的一行一行；姓名与修改前后的值按列加密。"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant
from storage.cipher import ColumnCipher
from storage.words import NoticeState

SEALED = ("name", "reason", "before", "after", "note")


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """填报人写的一行变更（还没编号）。"""

    name: str
    field: str
    reason: str
    before: str
    after: str
    changed_on: date
    by_teacher: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChangeNotice:
    """登记好的一行变更；``number`` 在本单位本季度内从 1 连续编号，撤回也不重用。"""

    id: str
    unit_code: str
    period: str
    number: int
    row: ChangeRow
    state: NoticeState
    filed_by: int
    filed_at: datetime


class ChangeNoticeRow(Base):
    """变更登记表。"""

    __tablename__ = "change_notices"
    __table_args__ = (UniqueConstraint("unit_code", "period", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"))
    period: Mapped[str] = mapped_column(String(10), index=True)
    number: Mapped[int]
    field: Mapped[str] = mapped_column(String(50))
    name_index: Mapped[str] = mapped_column(String(64), index=True)
    name_sealed: Mapped[str]
    reason_sealed: Mapped[str]
    before_sealed: Mapped[str]
    after_sealed: Mapped[str]
    note_sealed: Mapped[str]
    changed_on: Mapped[date]
    by_teacher: Mapped[bool]
    state: Mapped[str] = mapped_column(String(20))
    filed_by: Mapped[int] = mapped_column(BigInteger)
    filed_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class ChangeStore:
    """变更登记的读写。"""

    def __init__(self, session: AsyncSession, cipher: ColumnCipher) -> None:
        self._session = session
        self._cipher = cipher

    async def add(
        self, unit_code: str, period: str, rows: Sequence[ChangeRow], qq: int, at: datetime
    ) -> list[ChangeNotice]:
        """登记几行，接着本单位本季度的编号往下编。"""
        last = await self._session.scalar(
            select(func.max(ChangeNoticeRow.number)).where(
                ChangeNoticeRow.unit_code == unit_code, ChangeNoticeRow.period == period
            )
        )
        added = []
        for number, row in enumerate(rows, start=(last or 0) + 1):
            notice = ChangeNotice(
                str(uuid.uuid4()), unit_code, period, number, row, NoticeState.ACTIVE, qq, at
            )
            self._session.add(self._sealed(notice))
            added.append(notice)
        await self._session.flush()
        return added

    async def of(self, unit_codes: Sequence[str], period: str) -> list[ChangeNotice]:
        """几个单位某季度的全部登记（含已撤回），按单位、编号排。"""
        query = (
            select(ChangeNoticeRow)
            .where(ChangeNoticeRow.unit_code.in_(list(unit_codes)), ChangeNoticeRow.period == period)
            .order_by(ChangeNoticeRow.unit_code, ChangeNoticeRow.number)
        )
        return [self._opened(row) for row in await self._session.scalars(query)]

    async def count(self, unit_codes: Sequence[str], period: str) -> dict[str, int]:
        """几个单位某季度有效登记各有几行。"""
        query = (
            select(ChangeNoticeRow.unit_code, func.count())
            .where(
                ChangeNoticeRow.unit_code.in_(list(unit_codes)),
                ChangeNoticeRow.period == period,
                ChangeNoticeRow.state == NoticeState.ACTIVE.value,
            )
            .group_by(ChangeNoticeRow.unit_code)
        )
        return dict((await self._session.execute(query)).all())

    async def same_person_and_field(self, unit_code: str, period: str, row: ChangeRow) -> list[int]:
        """本季度同一人同一字段已有的有效编号。"""
        query = select(ChangeNoticeRow.number).where(
            ChangeNoticeRow.unit_code == unit_code,
            ChangeNoticeRow.period == period,
            ChangeNoticeRow.field == row.field,
            ChangeNoticeRow.name_index == self._name_index(unit_code, row.name),
            ChangeNoticeRow.state == NoticeState.ACTIVE.value,
        )
        return list(await self._session.scalars(query.order_by(ChangeNoticeRow.number)))

    async def withdraw(self, notice_id: str, at: datetime) -> bool:
        """撤回一行；已经撤回过则返回 False。"""
        query = (
            update(ChangeNoticeRow)
            .where(ChangeNoticeRow.id == notice_id, ChangeNoticeRow.state == NoticeState.ACTIVE.value)
            .values(state=NoticeState.WITHDRAWN.value, withdrawn_at=at)
            .returning(ChangeNoticeRow.id)
        )
        return (await self._session.scalar(query)) is not None

    def _name_index(self, unit_code: str, name: str) -> str:
        return self._cipher.blind_index(f"{unit_code}\x1f{name}", "change_notices.name")

    def _sealed(self, notice: ChangeNotice) -> ChangeNoticeRow:
        row = notice.row
        sealed = {
            f"{column}_sealed": self._cipher.encrypt(
                getattr(row, column), f"change_notices:{notice.id}:{column}"
            )
            for column in SEALED
        }
        return ChangeNoticeRow(
            id=notice.id,
            unit_code=notice.unit_code,
            period=notice.period,
            number=notice.number,
            field=row.field,
            name_index=self._name_index(notice.unit_code, row.name),
            changed_on=row.changed_on,
            by_teacher=row.by_teacher,
            state=notice.state.value,
            filed_by=notice.filed_by,
            filed_at=notice.filed_at,
            **sealed,
        )

    def _opened(self, stored: ChangeNoticeRow) -> ChangeNotice:
        opened = {
            column: self._cipher.decrypt(
                getattr(stored, f"{column}_sealed"), f"change_notices:{stored.id}:{column}"
            )
            for column in SEALED
        }
        row = ChangeRow(
            field=stored.field, changed_on=stored.changed_on, by_teacher=stored.by_teacher, **opened
        )
        return ChangeNotice(
            id=stored.id,
            unit_code=stored.unit_code,
            period=stored.period,
            number=stored.number,
            row=row,
            state=NoticeState(stored.state),
            filed_by=stored.filed_by,
            filed_at=stored.filed_at,
        )
