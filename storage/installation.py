"""本次安装的几个事实：启用日等，一行一个键值。"""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base

STARTS_ON = "starts_on"
ROSTER_VERSION = "roster_version"


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

    async def put(self, key: str, value: str) -> None:
        """写一个事实。"""
        row = await self._session.get(InstallationRow, key)
        if row is None:
            self._session.add(InstallationRow(key=key, value=value))
        else:
            row.value = value
        await self._session.flush()
