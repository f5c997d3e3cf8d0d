"""单位撤并时的善后：没办完的待办停下，席位停用，没用的邀请码作废；恢复时再接上。过去的记录一行不动。"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.obligations import ObligationRow
from storage.people import AdministratorRow, InviteRow
from storage.submissions import SubmissionRow
from storage.words import AdministratorState, ObligationState, SubmissionAction

CLOSED_REASON = "单位撤并"
_AT_ONCE = 500
_UNFINISHED = (ObligationState.OWING.value, ObligationState.REPORTED.value, ObligationState.RETURNED.value)


@dataclass(frozen=True, slots=True)
class ClosureStep:
    """谁在什么时候撤并（或恢复）的：``actor_unit`` 是他凭哪个单位办的，命令行办的 ``actor_qq`` 是 0。"""

    actor_qq: int
    actor_unit: str
    at: datetime


class ClosureStore:
    """撤并与恢复的善后。"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def stop(self, codes: Sequence[str], step: ClosureStep) -> None:
        """这些单位撤并了：待办停下并记进报送历史，席位停用，邀请码作废。"""
        for start in range(0, len(codes), _AT_ONCE):
            await self._stop(codes[start : start + _AT_ONCE], step)

    async def resume(self, codes: Sequence[str], step: ClosureStep) -> None:
        """这些单位恢复了：因撤并停下的待办重新欠着，因撤并停用的席位恢复；邀请码要重新发。"""
        for start in range(0, len(codes), _AT_ONCE):
            await self._resume(codes[start : start + _AT_ONCE], step)

    async def _stop(self, codes: Sequence[str], step: ClosureStep) -> None:
        query = select(ObligationRow.id).where(
            ObligationRow.unit_code.in_(codes), ObligationRow.state.in_(_UNFINISHED)
        )
        ids = list(await self._session.scalars(query))
        await self._move(ids, ObligationState.CANCELLED, SubmissionAction.CLOSE, step)
        await self._session.execute(
            update(AdministratorRow)
            .where(
                AdministratorRow.unit_code.in_(codes),
                AdministratorRow.state == AdministratorState.ACTIVE.value,
            )
            .values(
                state=AdministratorState.FROZEN.value,
                ended_at=step.at,
                frozen_reason=CLOSED_REASON,
                frozen_unit=step.actor_unit,
            )
        )
        await self._session.execute(
            update(InviteRow)
            .where(
                InviteRow.unit_code.in_(codes), InviteRow.used_at.is_(None), InviteRow.expires_at > step.at
            )
            .values(expires_at=step.at)
        )

    async def _resume(self, codes: Sequence[str], step: ClosureStep) -> None:
        query = select(ObligationRow.id).where(
            ObligationRow.unit_code.in_(codes),
            ObligationRow.state == ObligationState.CANCELLED.value,
            ObligationRow.reason == CLOSED_REASON,
        )
        ids = list(await self._session.scalars(query))
        await self._move(ids, ObligationState.OWING, SubmissionAction.REOPEN, step)
        await self._session.execute(
            update(AdministratorRow)
            .where(
                AdministratorRow.unit_code.in_(codes),
                AdministratorRow.state == AdministratorState.FROZEN.value,
                AdministratorRow.frozen_reason == CLOSED_REASON,
            )
            .values(state=AdministratorState.ACTIVE.value, ended_at=None, frozen_reason="", frozen_unit="")
        )

    async def _move(
        self, ids: list[int], state: ObligationState, action: SubmissionAction, step: ClosureStep
    ) -> None:
        if not ids:
            return
        reason = CLOSED_REASON if state is ObligationState.CANCELLED else ""
        await self._session.execute(
            update(ObligationRow).where(ObligationRow.id.in_(ids)).values(state=state.value, reason=reason)
        )
        history = [
            {
                "id": str(uuid.uuid4()),
                "obligation_id": number,
                "action": action.value,
                "actor_qq": step.actor_qq,
                "actor_unit": step.actor_unit,
                "at": step.at,
                "note": reason,
            }
            for number in ids
        ]
        await self._session.execute(insert(SubmissionRow), history)
