"""邀请码的批量查改：哪些单位有没用的码，重新发码时旧码作废，贴到群里的码作废。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.people import InviteRow
from storage.words import Role

_AT_ONCE = 500


class InviteStore:
    """没用的邀请码；作废就是把有效期截到那一刻。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def units_with_live(self, unit_codes: Sequence[str], role: Role, at: datetime) -> set[str]:
        """这些单位里，有这种角色的码还没用、没过期的；移交码不算。"""
        found: set[str] = set()
        for codes in _chunks(unit_codes):
            query = select(InviteRow.unit_code).where(*_same(codes, role, at))
            found.update(await self._session.scalars(query))
        return found

    async def lapse_same(self, unit_codes: Sequence[str], role: Role, at: datetime) -> int:
        """这些单位这种角色还没被用掉的码作废，返回张数；移交码不算。"""
        count = 0
        for codes in _chunks(unit_codes):
            count += await self._lapse(at, _same(codes, role, at))
        return count

    async def lapse(self, invite_id: str, at: datetime) -> bool:
        """作废一张码；已经用掉、过期的不动，返回 False。"""
        live = (InviteRow.used_at.is_(None), InviteRow.expires_at > at)
        return bool(await self._lapse(at, (InviteRow.id == invite_id, *live)))

    async def _lapse(self, at: datetime, conditions: Sequence[ColumnElement[bool]]) -> int:
        query = update(InviteRow).where(*conditions).values(expires_at=at).returning(InviteRow.id)
        return len(list(await self._session.scalars(query)))


def _same(codes: Sequence[str], role: Role, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        InviteRow.unit_code.in_(codes),
        InviteRow.role == role.value,
        InviteRow.handed_from.is_(None),
        InviteRow.used_at.is_(None),
        InviteRow.expires_at > at,
    )


def _chunks(codes: Sequence[str]) -> list[Sequence[str]]:
    """一条 SQL 里的参数有上限，分批。"""
    return [codes[start : start + _AT_ONCE] for start in range(0, len(codes), _AT_ONCE)]
