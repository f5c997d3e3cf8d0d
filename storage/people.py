"""管理员登记与邀请码；姓名、电话加密存放，邀请码只存指纹。"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, String, UniqueConstraint, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant
from storage.cipher import ColumnCipher
from storage.units import UnitRow
from storage.words import AdministratorState, Role


@dataclass(frozen=True, slots=True)
class Administrator:
    """某人在某单位担任某种管理员；一个人可以有几条。``pledged_at`` 是确认责任书的时刻。"""

    id: str
    qq: int
    unit_code: str
    role: Role
    state: AdministratorState
    name: str
    phone: str
    registered_at: datetime
    pledged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """一个席位：某 QQ 在某单位担任某种管理员。"""

    qq: int
    unit_code: str
    role: Role


@dataclass(frozen=True, slots=True)
class Invite:
    """一张邀请码；``code_index`` 是码的指纹，原文只在发出时出现一次。

    ``handed_from`` 有值就是移交码：用掉它，这个人的同一席位就结束。
    """

    id: str
    code_index: str
    unit_code: str
    role: Role
    issued_by: int | None
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    handed_from: int | None = None


class AdministratorRow(Base):
    """管理员表。"""

    __tablename__ = "administrators"
    __table_args__ = (UniqueConstraint("qq", "unit_code", "role"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    qq: Mapped[int] = mapped_column(BigInteger, index=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    name_sealed: Mapped[str]
    phone_sealed: Mapped[str]
    registered_at: Mapped[datetime] = mapped_column(Instant)
    pledged_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    frozen_reason: Mapped[str] = mapped_column(String(100), default="", server_default="")
    frozen_unit: Mapped[str] = mapped_column(String(32), default="", server_default="")


class InviteRow(Base):
    """邀请码表。"""

    __tablename__ = "invites"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    code_index: Mapped[str] = mapped_column(String(64), unique=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("units.code"))
    role: Mapped[str] = mapped_column(String(20))
    issued_by: Mapped[int | None] = mapped_column(BigInteger)
    issued_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    used_by: Mapped[int | None] = mapped_column(BigInteger)
    handed_from: Mapped[int | None] = mapped_column(BigInteger)


class PeopleStore:
    """管理员与邀请码的读写。"""

    def __init__(self, session: AsyncSession, cipher: ColumnCipher) -> None:
        self._session = session
        self._cipher = cipher

    async def seats(self) -> list[Seat]:
        """全部在任的席位：谁在哪个单位担任什么，不解密姓名电话。"""
        query = (
            select(AdministratorRow.qq, AdministratorRow.unit_code, AdministratorRow.role)
            .where(AdministratorRow.state == AdministratorState.ACTIVE.value)
            .order_by(AdministratorRow.registered_at, AdministratorRow.id)
        )
        return [Seat(qq, unit, Role(role)) for qq, unit, role in await self._session.execute(query)]

    async def of_units(self, codes: Iterable[str]) -> list[Administrator]:
        """这些单位在任的管理员，带姓名电话。"""
        query = select(AdministratorRow).where(
            AdministratorRow.state == AdministratorState.ACTIVE.value,
            AdministratorRow.unit_code.in_(list(codes)),
        )
        rows = await self._session.scalars(query.order_by(AdministratorRow.registered_at))
        return [self._administrator(row) for row in rows]

    async def all_active(self) -> list[Administrator]:
        """全部在任的管理员，带姓名电话，给通讯录用。"""
        query = select(AdministratorRow).where(AdministratorRow.state == AdministratorState.ACTIVE.value)
        rows = await self._session.scalars(query.order_by(AdministratorRow.registered_at))
        return [self._administrator(row) for row in rows]

    async def enlist(self, qq: int, unit_code: str, role: Role, name: str, phone: str, at: datetime) -> None:
        """登记一位管理员；同一人同一单位同一角色再登记就是更新并恢复在任。"""
        query = select(AdministratorRow).where(
            AdministratorRow.qq == qq,
            AdministratorRow.unit_code == unit_code,
            AdministratorRow.role == role.value,
        )
        row = await self._session.scalar(query)
        if row is None:
            row = AdministratorRow(id=str(uuid.uuid4()), qq=qq, unit_code=unit_code, role=role.value)
            self._session.add(row)
        row.state = AdministratorState.ACTIVE.value
        row.name_sealed = self._cipher.encrypt(name, f"administrators:{row.id}:name")
        row.phone_sealed = self._cipher.encrypt(phone, f"administrators:{row.id}:phone")
        row.registered_at = row.pledged_at = at
        row.confirmed_at = row.ended_at = None
        row.frozen_reason = row.frozen_unit = ""
        await self._session.flush()

    async def add_invites(self, invites: list[Invite]) -> None:
        """存下新发的邀请码。"""
        for invite in invites:
            self._session.add(
                InviteRow(
                    id=invite.id,
                    code_index=invite.code_index,
                    unit_code=invite.unit_code,
                    role=invite.role.value,
                    issued_by=invite.issued_by,
                    issued_at=invite.issued_at,
                    expires_at=invite.expires_at,
                    handed_from=invite.handed_from,
                )
            )
        await self._session.flush()

    async def invite(self, code_index: str) -> Invite | None:
        """按指纹找邀请码。"""
        row = await self._session.scalar(select(InviteRow).where(InviteRow.code_index == code_index))
        if row is None:
            return None
        return Invite(
            id=row.id,
            code_index=row.code_index,
            unit_code=row.unit_code,
            role=Role(row.role),
            issued_by=row.issued_by,
            issued_at=row.issued_at,
            expires_at=row.expires_at,
            used_at=row.used_at,
            handed_from=row.handed_from,
        )

    async def use_invite(self, invite_id: str, qq: int, at: datetime) -> bool:
        """把邀请码用掉；已经被别人抢先用掉、刚刚作废则返回 False。"""
        query = (
            update(InviteRow)
            .where(InviteRow.id == invite_id, InviteRow.used_at.is_(None), InviteRow.expires_at > at)
            .values(used_at=at, used_by=qq)
            .returning(InviteRow.id)
        )
        return (await self._session.scalar(query)) is not None

    async def lapse_handovers(self, qq: int, at: datetime, seat: tuple[str, Role] | None = None) -> int:
        """这个人还没被用掉的移交码作废，返回张数；给出席位（单位代码、角色）就只作废这一席的。"""
        conditions = [InviteRow.handed_from == qq]
        if seat is not None:
            conditions += [InviteRow.unit_code == seat[0], InviteRow.role == seat[1].value]
        return await self._lapse(at, *conditions)

    async def lapse_invites(self, issuer: int, root: str | None, at: datetime) -> int:
        """这个人给 ``root`` 及直属下级发的、还没被用掉的码（含移交码）一律作废，返回张数；空是不论单位。"""
        conditions = [InviteRow.issued_by == issuer]
        if root is not None:
            under = select(UnitRow.code).where(or_(UnitRow.code == root, UnitRow.parent_code == root))
            conditions.append(InviteRow.unit_code.in_(under))
        return await self._lapse(at, *conditions)

    async def _lapse(self, at: datetime, *conditions: ColumnElement[bool]) -> int:
        query = (
            update(InviteRow)
            .where(InviteRow.used_at.is_(None), InviteRow.expires_at > at, *conditions)
            .values(expires_at=at)
            .returning(InviteRow.id)
        )
        return len(list(await self._session.scalars(query)))

    def code_index(self, code: str) -> str:
        """邀请码原文 → 指纹。"""
        return self._cipher.blind_index(code, "invite")

    def _administrator(self, row: AdministratorRow) -> Administrator:
        return Administrator(
            id=row.id,
            qq=row.qq,
            unit_code=row.unit_code,
            role=Role(row.role),
            state=AdministratorState(row.state),
            name=self._cipher.decrypt(row.name_sealed, f"administrators:{row.id}:name"),
            phone=self._cipher.decrypt(row.phone_sealed, f"administrators:{row.id}:phone"),
            registered_at=row.registered_at,
            pledged_at=row.pledged_at,
        )
