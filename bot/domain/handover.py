"""移交：移交人要一张移交码给接任人；接任人用它登记并确认责任书，席位才换人。没人接就不生效。"""

from __future__ import annotations

import uuid
from datetime import timedelta

from bot.domain.actor import Actor, Assignment
from bot.domain.context import Context
from bot.domain.errors import BadInput, WrongState
from bot.domain.invite_codes import new_code, shown_code
from bot.domain.registration import IssuedInvite
from bot.domain.succession import HAND_OVER
from storage.database import Stores
from storage.people import Invite
from storage.units import Unit
from storage.words import Role


class Handover:
    """移交自己的席位。"""

    def __init__(self, context: Context, valid_hours: int) -> None:
        self._context = context
        self._valid = timedelta(hours=valid_hours)

    def seat(self, actor: Actor, role: Role, unit: Unit | None) -> Assignment:
        """要移交的是自己的哪一席；没写单位而在几个单位担任，抛出 BadInput 并列出来。"""
        self._context.require(actor, HAND_OVER)
        held = [seat for seat in actor.assignments if seat.role is role]
        if not held:
            raise BadInput(f"你没有登记为{role.label}，只能移交自己的角色。发 /移交 看你有哪些。")
        if unit is not None:
            held = [seat for seat in held if seat.unit.code == unit.code]
            if not held:
                raise BadInput(f"你不是{unit.name}的{role.label}，只能移交自己的角色。")
        if len(held) > 1:
            names = "、".join(seat.unit.name for seat in held)
            raise BadInput(f"你在几个单位担任{role.label}，请写明单位：{names}")
        return held[0]

    async def offer(self, actor: Actor, seat: Assignment) -> IssuedInvite:
        """给接任人的移交码；这一席以前要过、没用掉的码同时作废。"""
        self._context.require(actor, HAND_OVER)
        code, now = new_code(), self._context.now()
        async with self._context.database.write() as stores:
            await stores.people.lapse_handovers(actor.qq, now, (seat.unit.code, seat.role))
            invite = Invite(
                id=str(uuid.uuid4()),
                code_index=stores.people.code_index(code),
                unit_code=seat.unit.code,
                role=seat.role,
                issued_by=actor.qq,
                issued_at=now,
                expires_at=now + self._valid,
                handed_from=actor.qq,
            )
            await stores.people.add_invites([invite])
            await self._log(stores, actor, seat.unit.code, "offered", {"role": seat.role.value})
        return IssuedInvite(shown_code(code), seat.unit, seat.role, invite.expires_at)

    async def cancel(self, actor: Actor) -> int:
        """收回还没被用掉的移交码，返回张数；一张也没有抛出 WrongState。"""
        self._context.require(actor, HAND_OVER)
        async with self._context.database.write() as stores:
            count = await stores.people.lapse_handovers(actor.qq, self._context.now())
            if not count:
                raise WrongState("没有等人接的移交码：已经被用掉、已过期，或者还没有要过。")
            await self._log(stores, actor, actor.assignments[0].unit.code, "cancelled", {"codes": count})
        return count

    async def _log(
        self, stores: Stores, actor: Actor, target: str, outcome: str, detail: dict[str, str | int]
    ) -> None:
        await self._context.log(stores, actor, HAND_OVER, target, outcome, detail, seat=target)
