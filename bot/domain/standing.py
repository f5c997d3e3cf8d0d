"""停用与恢复：谁的席位不能再用了，立刻失效；退出工作群的管理员自动停用并告诉上级。

停用记着是凭哪个单位停的：只有那里或更上级能恢复，学校不能把县里停用的人放回来。
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.errors import BadInput, Denied, NotFound, WrongState
from bot.domain.masking import without_numbers
from bot.domain.outbox import new_delivery
from bot.domain.superiors import superiors_of
from storage.database import Stores
from storage.standings import Standing
from storage.units import Unit
from storage.words import AdministratorState, Channel, Role

FREEZE = "freeze or revoke a role"
LEFT_GROUP = "leave the work group"
FROZEN_KIND = "standing_frozen"
RESTORED_KIND = "standing_restored"
LEFT_KIND = "standing_left"
MAX_REASON = 60

# 去问 QQ：这个人（QQ 号）还在不在这个群里
StillIn = Callable[[int, int], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Seating:
    """一个席位：单位、角色，给人看用。"""

    unit: Unit
    role: Role


def leaves_city_empty(before: Sequence[Standing], frozen: Sequence[Standing]) -> bool:
    """停掉这些以后，市里是不是没有人管了：没有信息管理员，或者一个人也没有。"""
    gone = {seat.id for seat in frozen}
    if not gone.intersection(seat.id for seat in before):
        return False
    after = [seat for seat in before if seat.id not in gone]
    led = any(seat.role is Role.INFO_ADMIN for seat in before)
    return not after or (led and not any(seat.role is Role.INFO_ADMIN for seat in after))


class Standings:
    """席位的停用与恢复。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def in_reach(self, actor: Actor, qq: int) -> list[Seating]:
        """停用这个人会停掉哪些席位；不能停的抛出拒绝。"""
        async with self._context.database.read() as stores:
            found = await self._to_freeze(stores, actor, qq)
        return [self._seating(seat) for seat, _ in found]

    async def freeze(self, actor: Actor, qq: int, reason: str) -> list[Seating]:
        """停用他在说话人管辖范围内的席位，他发出去的邀请码、移交码一并作废。"""
        text, now = clean_reason(reason), self._context.now()
        async with self._context.database.write() as stores:
            found = await self._to_freeze(stores, actor, qq)
            for seat, office in found:
                await stores.standings.freeze([seat.id], text, office.code, now)
                detail = {"role": seat.role.value, "qq": qq}
                await self._context.log(
                    stores, actor, FREEZE, seat.unit_code, "frozen", detail, seat=office.code
                )
            await self._void_codes(stores, qq, [seat for seat, _ in found])
            seats = [self._seating(seat) for seat, _ in found]
            facts = {"seats": _labels(seats), "reason": text, "office": found[0][1].name}
            await stores.deliveries.add(
                [new_delivery(FROZEN_KIND, Channel.PRIVATE, qq, facts, due_at=now)], now
            )
        await self._context.directory.reload_people(self._context.database)
        return seats

    async def restorable(self, actor: Actor, qq: int) -> list[Seating]:
        """恢复这个人会恢复哪些席位；不能恢复的抛出拒绝。"""
        async with self._context.database.read() as stores:
            found = await self._to_restore(stores, actor, qq)
        return [self._seating(seat) for seat in found]

    async def restore(self, actor: Actor, qq: int) -> list[Seating]:
        """恢复他被停用的席位。"""
        now = self._context.now()
        async with self._context.database.write() as stores:
            found = await self._to_restore(stores, actor, qq)
            await stores.standings.restore([seat.id for seat in found])
            for seat in found:
                detail = {"role": seat.role.value, "qq": qq}
                await self._context.log(stores, actor, FREEZE, seat.unit_code, "restored", detail)
            seats = [self._seating(seat) for seat in found]
            facts = {"seats": _labels(seats)}
            await stores.deliveries.add(
                [new_delivery(RESTORED_KIND, Channel.PRIVATE, qq, facts, due_at=now)], now
            )
        await self._context.directory.reload_people(self._context.database)
        return seats

    async def left_group(self, qq: int, group_id: int, still_in: StillIn) -> list[Seating]:
        """有人离开了工作群：他所在单位的工作群里都没有他了，席位就停用，并告诉他和上级。"""
        if group_id not in self._context.directory.groups or not self._context.directory.holds_seat(qq):
            return []
        async with self._context.database.read() as stores:
            active = await stores.standings.of_person(qq, AdministratorState.ACTIVE)
        gone = {seat.id for seat in active if await self._is_out(seat, qq, group_id, still_in)}
        if not gone:
            return []
        async with self._context.database.write() as stores:
            leaving = [
                seat
                for seat in await stores.standings.of_person(qq, AdministratorState.ACTIVE)
                if seat.id in gone and not await self._is_last_of_city(stores, [seat])
            ]
            await self._freeze_leaver(stores, qq, group_id, leaving)
        await self._context.directory.reload_people(self._context.database)
        return [self._seating(seat) for seat in leaving]

    async def bot_left(self, group_id: int) -> None:
        """机器人自己离开了群：只记日志。"""
        group = self._context.directory.groups.get(group_id)
        async with self._context.database.write() as stores:
            target = group.unit_code if group else ""
            await self._context.log(stores, None, LEFT_GROUP, target, "bot", {"group": group_id})

    async def _to_freeze(self, stores: Stores, actor: Actor, qq: int) -> list[tuple[Standing, Unit]]:
        """要停的席位，和凭哪个单位停。"""
        self._context.require(actor, FREEZE)
        if qq == actor.qq:
            raise WrongState("不能停用自己。要换人请发 /移交")
        active = await stores.standings.of_person(qq, AdministratorState.ACTIVE)
        found = [(seat, office) for seat in active if (office := self._office(actor, seat)) is not None]
        if not found:
            refusal = f"在你管的单位里，QQ {qq} 没有在任的登记。发 /管理员 单位 查 QQ 号。"
            raise Denied(refusal) if active else NotFound(refusal)
        if await self._is_last_of_city(stores, [seat for seat, _ in found]):
            raise WrongState("这是最后一位市级管理员，不能停用。请先给接任的人发邀请码，他登记以后再停。")
        return found

    async def _to_restore(self, stores: Stores, actor: Actor, qq: int) -> list[Standing]:
        self._context.require(actor, FREEZE)
        if qq == actor.qq:
            raise WrongState("不能恢复自己，请找停用你的一级。")
        frozen = await stores.standings.of_person(qq, AdministratorState.FROZEN)
        tree = self._context.directory.tree
        grants = list(self._context.permissions.grants(actor, FREEZE))
        offices = [grant.assignment.unit for grant in grants if grant.assignment is not None]
        if not offices:
            raise Denied("运维只能停用，恢复请找停用的那一级或上级。")
        found = [
            seat
            for seat in frozen
            if self._office(actor, seat) is not None
            and any(tree.covers(office, tree.get(seat.frozen_unit or seat.unit_code)) for office in offices)
        ]
        if not found:
            refusal = f"在你管的单位里，QQ {qq} 没有你能恢复的停用登记。哪一级停用的，由那一级或上级恢复。"
            raise Denied(refusal) if frozen else NotFound(refusal)
        return found

    def _office(self, actor: Actor, seat: Standing) -> Unit | None:
        """说话人凭哪个单位管得着这个席位；运维停用的算市里停的。"""
        tree = self._context.directory.tree
        for grant in self._context.permissions.grants(actor, FREEZE):
            if grant.assignment is None:
                return tree.city
            if grant.scope == "own_unit" and grant.assignment.unit.code != seat.unit_code:
                continue
            if tree.covers(grant.assignment.unit, tree.get(seat.unit_code)):
                return grant.assignment.unit
        return None

    async def _is_last_of_city(self, stores: Stores, seats: Sequence[Standing]) -> bool:
        city = self._context.directory.tree.city.code
        if not any(seat.unit_code == city for seat in seats):
            return False
        return leaves_city_empty(await stores.standings.active_at(city), seats)

    async def _is_out(self, seat: Standing, qq: int, group_id: int, still_in: StillIn) -> bool:
        """他离开的是不是这个席位的工作群；同一单位还有别的群、他还在里面的不算。"""
        groups = self._work_groups(self._context.directory.tree.get(seat.unit_code))
        if group_id not in groups:
            return False
        for other in groups:
            if other != group_id and await still_in(other, qq):
                return False
        return True

    def _work_groups(self, unit: Unit) -> list[int]:
        """一个单位的人在哪些工作群里：绑到本单位的；没有就是绑到审核单位的。"""
        directory = self._context.directory
        own = directory.groups_of(unit.code) or directory.groups_of(unit.parent_code or "")
        return [group.group_id for group in own]

    async def _freeze_leaver(
        self, stores: Stores, qq: int, group_id: int, leaving: Sequence[Standing]
    ) -> None:
        now, tree = self._context.now(), self._context.directory.tree
        for seat in leaving:
            unit = tree.get(seat.unit_code)
            office = tree.get(unit.parent_code) if unit.parent_code else unit
            await stores.standings.freeze([seat.id], "退出了工作群", office.code, now)
            detail = {"role": seat.role.value, "qq": qq, "group": group_id}
            await self._context.log(stores, None, LEFT_GROUP, unit.code, "frozen", detail)
            facts = {"seats": _labels([self._seating(seat)]), "qq": qq, "office": office.name}
            told = superiors_of(self._context.directory, unit, without=frozenset({qq}))
            kinds = [(FROZEN_KIND, qq), *((LEFT_KIND, one) for one in told)]
            await stores.deliveries.add(
                [
                    new_delivery(kind, Channel.PRIVATE, one, {**facts, "reason": "退出了工作群"}, due_at=now)
                    for kind, one in kinds
                ],
                now,
            )
        await self._void_codes(stores, qq, leaving)

    async def _void_codes(self, stores: Stores, qq: int, frozen: Sequence[Standing]) -> None:
        """他凭这些席位发出去、还没被用掉的邀请码和移交码作废，给下级发的也算。"""
        for code in {seat.unit_code for seat in frozen}:
            everywhere = code == self._context.directory.tree.city.code
            await stores.people.lapse_invites(qq, None if everywhere else code, self._context.now())

    def _seating(self, seat: Standing) -> Seating:
        return Seating(self._context.directory.tree.get(seat.unit_code), seat.role)


def clean_reason(text: str) -> str:
    """停用的原因：必写，遮住号码，截到一行。"""
    reason = without_numbers(" ".join(text.split()))
    if not reason:
        raise BadInput("请写上原因，例如：/停用 10003 调离本校")
    return reason[:MAX_REASON]


def _labels(seats: Sequence[Seating]) -> list[str]:
    return [f"{seat.unit.name} {seat.role.label}" for seat in seats]
