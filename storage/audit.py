"""操作日志：谁在什么时候对什么做了什么；每行带上一行的指纹，链尾另存一份，改动、删除、调换都查得出来。

指纹用钥匙串里的钥匙算，只拿到数据库文件的人重算不出来。
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import JSON, BigInteger, ColumnElement, String, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant
from storage.cipher import ColumnCipher
from storage.installation import AUDIT_HEAD, InstallationStore
from storage.units import UnitRow

FIRST_LINK = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """一条日志；``detail`` 里只放单位代码、编号、数量，不放个人信息。"""

    at: datetime
    actor_qq: int | None
    actor_unit: str
    action: str
    target: str
    outcome: str
    detail: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """要看哪些日志，写了的条件都要满足。

    ``under`` 是某单位及直属下级的人做的、或对它们做的；``actor_qq`` 是某人做的；``actions`` 是这几种动作。
    """

    since: datetime
    under: str | None = None
    actor_qq: int | None = None
    actions: tuple[str, ...] | None = None


class AuditRow(Base):
    """日志表。"""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    actor_qq: Mapped[int | None] = mapped_column(BigInteger, index=True)
    actor_unit: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(80))
    target: Mapped[str] = mapped_column(String(100))
    outcome: Mapped[str] = mapped_column(String(20))
    detail: Mapped[dict[str, str | int]] = mapped_column(JSON)
    link: Mapped[str] = mapped_column(String(64))


def link_content(previous: str, entry: AuditEntry) -> str:
    """算指纹用的文字：上一行的指纹 + 本行内容。"""
    content = [
        previous,
        entry.at.astimezone(UTC).isoformat(),
        entry.actor_qq,
        entry.actor_unit,
        entry.action,
        entry.target,
        entry.outcome,
        dict(entry.detail),
    ]
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


class AuditStore:
    """操作日志的读写，只增不改。"""

    def __init__(self, session: AsyncSession, cipher: ColumnCipher) -> None:
        self._session = session
        self._cipher = cipher
        self._installation = InstallationStore(session)

    async def add(self, entry: AuditEntry) -> None:
        """接在链尾。"""
        last = await self._installation.get(AUDIT_HEAD)
        link = self._link(last or FIRST_LINK, entry)
        self._session.add(
            AuditRow(
                at=entry.at,
                actor_qq=entry.actor_qq,
                actor_unit=entry.actor_unit,
                action=entry.action,
                target=entry.target,
                outcome=entry.outcome,
                detail=dict(entry.detail),
                link=link,
            )
        )
        await self._installation.put(AUDIT_HEAD, link)

    def _link(self, previous: str, entry: AuditEntry) -> str:
        return self._cipher.blind_index(link_content(previous, entry), "audit")

    async def first_broken(self) -> int | None:
        """从头核对整条链，返回第一处对不上的行号；全对返回 None。"""
        previous, last = FIRST_LINK, 0
        for row in await self._session.scalars(select(AuditRow).order_by(AuditRow.id)):
            if row.link != self._link(previous, _entry(row)):
                return row.id
            previous, last = row.link, row.id
        head = await self._installation.get(AUDIT_HEAD)
        return None if previous == (head or FIRST_LINK) else last + 1

    async def count(self, wanted: AuditWanted) -> int:
        """符合条件的有几条。"""
        return await self._session.scalar(select(func.count(AuditRow.id)).where(*_conditions(wanted))) or 0

    async def page(self, wanted: AuditWanted, limit: int, offset: int = 0) -> list[AuditEntry]:
        """符合条件的一页，新的在前。"""
        query = select(AuditRow).where(*_conditions(wanted)).order_by(AuditRow.id.desc())
        rows = await self._session.scalars(query.limit(limit).offset(offset))
        return [_entry(row) for row in rows]

    async def recent(self, limit: int = 50) -> list[AuditEntry]:
        """最近的日志，新的在前。"""
        query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
        return [_entry(row) for row in await self._session.scalars(query)]


def _conditions(wanted: AuditWanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [AuditRow.at >= wanted.since]
    if wanted.under is not None:
        units = select(UnitRow.code).where(
            or_(UnitRow.code == wanted.under, UnitRow.parent_code == wanted.under)
        )
        found.append(or_(AuditRow.actor_unit.in_(units), AuditRow.target.in_(units)))
    if wanted.actor_qq is not None:
        found.append(AuditRow.actor_qq == wanted.actor_qq)
    if wanted.actions is not None:
        found.append(AuditRow.action.in_(wanted.actions))
    return found


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        at=row.at,
        actor_qq=row.actor_qq,
        actor_unit=row.actor_unit,
        action=row.action,
        target=row.target,
        outcome=row.outcome,
        detail=dict(row.detail),
    )
