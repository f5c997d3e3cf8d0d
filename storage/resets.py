"""自助密码的重置请求：谁替自己请求、归哪个单位、办完没有。姓名加密存放，办完一个月后清掉；从不存密码。"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, String, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant
from storage.cipher import ColumnCipher
from storage.words import ResetState


@dataclass(frozen=True, slots=True)
class ResetRequest:
    """一个重置请求；``name`` 清掉以后是空串，``done_by`` 是记完成的人。"""

    number: int
    qq: int
    unit_code: str
    name: str
    state: ResetState
    requested_at: datetime
    done_by: int | None = None
    done_at: datetime | None = None


class ResetRow(Base):
    """重置请求表。"""

    __tablename__ = "password_resets"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    qq: Mapped[int] = mapped_column(BigInteger, index=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), index=True)
    name_sealed: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(20), index=True)
    requested_at: Mapped[datetime] = mapped_column(Instant)
    done_by: Mapped[int | None] = mapped_column(BigInteger)
    done_at: Mapped[datetime | None] = mapped_column(Instant)


class ResetStore:
    """重置请求的读写。"""

    def __init__(self, session: AsyncSession, cipher: ColumnCipher) -> None:
        self._session = session
        self._cipher = cipher

    async def add(self, qq: int, unit_code: str, name: str, at: datetime) -> int:
        """记一个请求，返回编号。"""
        key = str(uuid.uuid4())
        row = ResetRow(
            key=key,
            qq=qq,
            unit_code=unit_code,
            name_sealed=self._cipher.encrypt(name, _place(key)),
            state=ResetState.OPEN.value,
            requested_at=at,
        )
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def get(self, number: int) -> ResetRequest | None:
        """按编号取。"""
        row = await self._session.get(ResetRow, number)
        return self._request(row) if row else None

    async def open_of(self, qq: int) -> list[ResetRequest]:
        """这个人还没办完的请求。"""
        return await self._open(ResetRow.qq == qq)

    async def open_at(self, unit_codes: Iterable[str]) -> list[ResetRequest]:
        """这些单位还没办完的请求。"""
        return await self._open(ResetRow.unit_code.in_(list(unit_codes)))

    async def count_since(self, qq: int, since: datetime) -> int:
        """这个人 ``since`` 以来提过几次，办没办都算。"""
        query = select(func.count()).where(ResetRow.qq == qq, ResetRow.requested_at >= since)
        return await self._session.scalar(query) or 0

    async def finish(self, number: int, qq: int, at: datetime) -> bool:
        """记为办完；已经办完则返回 False。"""
        query = (
            update(ResetRow)
            .where(ResetRow.id == number, ResetRow.state == ResetState.OPEN.value)
            .values(state=ResetState.DONE.value, done_by=qq, done_at=at)
            .returning(ResetRow.id)
        )
        return (await self._session.scalar(query)) is not None

    async def forget(self, done_before: datetime, open_before: datetime) -> int:
        """清掉早就办完的、一直没人办的请求里的姓名，后者同时作废；返回清了几个。"""
        is_open = ResetRow.state == ResetState.OPEN.value
        await self._session.execute(
            update(ResetRow)
            .where(is_open, ResetRow.requested_at < open_before)
            .values(state=ResetState.LAPSED.value)
        )
        old = or_(ResetRow.done_at < done_before, ResetRow.state == ResetState.LAPSED.value)
        query = (
            update(ResetRow)
            .where(and_(old, ResetRow.name_sealed != ""))
            .values(name_sealed="")
            .returning(ResetRow.id)
        )
        return len(list(await self._session.scalars(query)))

    async def _open(self, condition: ColumnElement[bool]) -> list[ResetRequest]:
        query = (
            select(ResetRow).where(ResetRow.state == ResetState.OPEN.value, condition).order_by(ResetRow.id)
        )
        return [self._request(row) for row in await self._session.scalars(query)]

    def _request(self, row: ResetRow) -> ResetRequest:
        return ResetRequest(
            number=row.id,
            qq=row.qq,
            unit_code=row.unit_code,
            name=self._cipher.decrypt(row.name_sealed, _place(row.key)) if row.name_sealed else "",
            state=ResetState(row.state),
            requested_at=row.requested_at,
            done_by=row.done_by,
            done_at=row.done_at,
        )


def _place(key: str) -> str:
    return f"password_resets:{key}:name"
