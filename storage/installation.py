"""本次安装的几个事实：启用日等，一行一个键值。"""

from __future__ import annotations

from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base

STARTS_ON = "starts_on"
ROSTER_VERSION = "roster_version"
KEYRING = "keyring"
AUDIT_HEAD = "audit_head"
COUNTY_DAY = "county_day:"


def county_day_key(county_code: str) -> str:
    """某县季报日的键。"""
    return COUNTY_DAY + county_code


class InstallationRow(Base):
    """安装事实表。"""

    __tablename__ = "installation"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))


class InstallationStore:
    """安装事实的读写。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, key: str) -> str | None:
        """读一个事实。"""
        row = await self._session.get(InstallationRow, key)
        return row.value if row else None

    async def county_days(self) -> dict[str, int]:
        """各县自己定的季报日。"""
        rows = await self._session.scalars(
            select(InstallationRow).where(InstallationRow.key.startswith(COUNTY_DAY))
        )
        return {row.key.removeprefix(COUNTY_DAY): int(row.value) for row in rows}

    async def put(self, key: str, value: str) -> None:
        """写一个事实。"""
        row = await self._session.get(InstallationRow, key)
        if row is None:
            self._session.add(InstallationRow(key=key, value=value))
        else:
            row.value = value
        await self._session.flush()
