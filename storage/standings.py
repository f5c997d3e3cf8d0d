"""席位的来去：停用、恢复、移交走，以及每季度一次“还在任吗”问过谁、谁答了。"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, String, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant
from storage.people import AdministratorRow
from storage.words import AdministratorState, Role


@dataclass(frozen=True, slots=True)
class Standing:
    """一个席位现在怎样；``frozen_unit`` 是停用的人凭哪个单位停的，那里或更上级才能恢复。"""

    id: str
    qq: int
    unit_code: str
    role: Role
    state: AdministratorState
    frozen_reason: str = ""
    frozen_unit: str = ""


class StandingCheckRow(Base):
    """季度复核表：一人一季度一行。"""

    __tablename__ = "standing_checks"

    quarter: Mapped[str] = mapped_column(String(10), primary_key=True)
    qq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    listed_at: Mapped[datetime | None] = mapped_column(Instant)


class StandingStore:
    """席位状态与季度复核的读写。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_person(self, qq: int, state: AdministratorState) -> list[Standing]:
        """这个人处于某状态的席位，先登记的在前。"""
        query = (
            select(AdministratorRow)
            .where(AdministratorRow.qq == qq, AdministratorRow.state == state.value)
            .order_by(AdministratorRow.registered_at, AdministratorRow.id)
        )
        return [_standing(row) for row in await self._session.scalars(query)]

    async def active_at(self, unit_code: str) -> list[Standing]:
        """某单位在任的席位。"""
        query = select(AdministratorRow).where(
            AdministratorRow.unit_code == unit_code,
            AdministratorRow.state == AdministratorState.ACTIVE.value,
        )
        return [_standing(row) for row in await self._session.scalars(query)]

    async def end(self, qq: int, unit_code: str, role: Role, at: datetime) -> bool:
        """席位移交走了；本来就不在任则返回 False。"""
        query = (
            update(AdministratorRow)
            .where(
                AdministratorRow.qq == qq,
                AdministratorRow.unit_code == unit_code,
                AdministratorRow.role == role.value,
                AdministratorRow.state == AdministratorState.ACTIVE.value,
            )
            .values(state=AdministratorState.REVOKED.value, ended_at=at)
            .returning(AdministratorRow.id)
        )
        return (await self._session.scalar(query)) is not None

    async def freeze(self, ids: Iterable[str], reason: str, frozen_unit: str, at: datetime) -> None:
        """停用在任的这些席位。"""
        await self._session.execute(
            update(AdministratorRow)
            .where(
                AdministratorRow.id.in_(list(ids)), AdministratorRow.state == AdministratorState.ACTIVE.value
            )
            .values(
                state=AdministratorState.FROZEN.value,
                ended_at=at,
                frozen_reason=reason,
                frozen_unit=frozen_unit,
            )
        )

    async def restore(self, ids: Iterable[str]) -> None:
        """恢复停用的这些席位。"""
        await self._session.execute(
            update(AdministratorRow)
            .where(
                AdministratorRow.id.in_(list(ids)), AdministratorRow.state == AdministratorState.FROZEN.value
            )
            .values(state=AdministratorState.ACTIVE.value, ended_at=None, frozen_reason="", frozen_unit="")
        )

    async def to_ask(self, quarter: str, since: datetime) -> list[int]:
        """这个季度还没问过的人：有席位是 ``since`` 以前登记的，之后也没说过在任。"""
        asked = select(StandingCheckRow.qq).where(StandingCheckRow.quarter == quarter)
        query = (
            select(AdministratorRow.qq)
            .where(
                AdministratorRow.state == AdministratorState.ACTIVE.value,
                AdministratorRow.registered_at < since,
                or_(AdministratorRow.confirmed_at.is_(None), AdministratorRow.confirmed_at < since),
                AdministratorRow.qq.not_in(asked),
            )
            .distinct()
            .order_by(AdministratorRow.qq)
        )
        return list(await self._session.scalars(query))

    async def note_asked(self, quarter: str, people: Sequence[int], at: datetime) -> None:
        """记下问过这些人；一人一季度只有一行。"""
        self._session.add_all([StandingCheckRow(quarter=quarter, qq=qq, asked_at=at) for qq in people])
        await self._session.flush()

    async def confirm(self, qq: int, at: datetime) -> None:
        """他说还在任：在任的席位都记上，问过他的都算答了。"""
        await self._session.execute(
            update(AdministratorRow)
            .where(AdministratorRow.qq == qq, AdministratorRow.state == AdministratorState.ACTIVE.value)
            .values(confirmed_at=at)
        )
        await self._session.execute(
            update(StandingCheckRow)
            .where(StandingCheckRow.qq == qq, StandingCheckRow.answered_at.is_(None))
            .values(answered_at=at)
        )

    async def answered(self, quarter: str, qq: int) -> bool:
        """这个季度问过他、他已经答了。"""
        row = await self._session.get(StandingCheckRow, (quarter, qq))
        return row is not None and row.answered_at is not None

    async def take_silent(self, asked_before: datetime, at: datetime) -> list[tuple[str, int]]:
        """问了这么久没答、还没报给上级的人（季度，QQ 号），取出来就记为报过。"""
        query = (
            update(StandingCheckRow)
            .where(
                StandingCheckRow.answered_at.is_(None),
                StandingCheckRow.listed_at.is_(None),
                StandingCheckRow.asked_at <= asked_before,
            )
            .values(listed_at=at)
            .returning(StandingCheckRow.quarter, StandingCheckRow.qq)
        )
        return sorted((quarter, qq) for quarter, qq in await self._session.execute(query))

    async def anyone_silent(self, asked_before: datetime) -> bool:
        """有没有该报给上级的；没有就不用开写事务。"""
        query = select(StandingCheckRow.qq).where(
            StandingCheckRow.answered_at.is_(None),
            StandingCheckRow.listed_at.is_(None),
            StandingCheckRow.asked_at <= asked_before,
        )
        return (await self._session.scalar(query.limit(1))) is not None


def _standing(row: AdministratorRow) -> Standing:
    return Standing(
        id=row.id,
        qq=row.qq,
        unit_code=row.unit_code,
        role=Role(row.role),
        state=AdministratorState(row.state),
        frozen_reason=row.frozen_reason,
        frozen_unit=row.frozen_unit,
    )
