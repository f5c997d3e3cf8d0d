"""登记：发邀请码、凭码登记成管理员、看自己是谁。

邀请码 50 位随机，只存指纹，用一次就作废；错的、用过的、过期的都是同一句回答。
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.actor import Actor
from bot.domain.attempts import Attempts
from bot.domain.context import Context
from bot.domain.errors import BadInput, WrongState
from bot.domain.invite_codes import ALPHABET, BAD_CODE, new_code, plain_code, shown_code
from bot.domain.outbox import new_delivery
from bot.domain.succession import refuse_frozen, take_over
from storage.database import Stores
from storage.deliveries import Delivery
from storage.people import Invite
from storage.units import Unit
from storage.words import Channel, Role

__all__ = ["ALPHABET", "BAD_CODE", "Enrolment", "IssuedInvite", "Registration", "new_code", "plain_code"]

NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0003ffff·]{2,20}|[A-Za-z][A-Za-z .'-]{1,39}")
PHONE = re.compile(r"1[3-9]\d{9}|(0\d{2,3}-?)?[2-9]\d{6,7}")
ISSUE = "issue an invite code"
REDEEM = "redeem an invite code"
VOIDED_KIND = "invite_voided"
PERSON_LIMIT = "邀请码错得太多，先停一停，一小时后再发 /注册。请先和发码的人核对。"
TOTAL_LIMIT = "现在错的邀请码太多，登记先停几分钟，请稍后再发。"


@dataclass(frozen=True, slots=True)
class IssuedInvite:
    """刚发出的邀请码原文，只有这一次看得到；``voided`` 是同单位同角色以前发的、这次作废的张数。"""

    code: str
    unit: Unit
    role: Role
    expires_at: datetime
    voided: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """成批发码的打算：给哪些单位发；``staffed`` 是已有这种管理员、不用发的，``live`` 是其中有旧码没用的。"""

    root: Unit
    role: Role
    units: tuple[Unit, ...]
    staffed: int
    live: int


@dataclass(frozen=True, slots=True)
class Enrolment:
    """核对过的登记申请，等本人确认职责后生效；``handed_from`` 有值就是从这个人手里接任。"""

    invite_id: str
    unit: Unit
    role: Role
    name: str
    phone: str
    duties: tuple[str, ...]
    handed_from: int | None = None


class Registration:
    """邀请与登记。"""

    def __init__(self, context: Context, valid_hours: int) -> None:
        self._context = context
        self._valid = timedelta(hours=valid_hours)
        self._attempts = Attempts()

    async def issue(self, actor: Actor, unit: Unit, role: Role) -> IssuedInvite:
        """给某单位某角色发一张邀请码；以前发的、还没用的同样的码作废。"""
        grant = self._context.require(actor, ISSUE, unit)
        self._refuse_closed(unit)
        seat = grant.assignment.unit.code if grant.assignment else ""
        async with self._context.database.write() as stores:
            now = self._context.now()
            voided = await stores.invites.lapse_same([unit.code], role, now)
            await self._context.log(stores, actor, ISSUE, unit.code, detail={"role": role.value}, seat=seat)
            return replace((await self._issue(stores, actor, [unit], role))[0], voided=voided)

    async def plan_batch(self, actor: Actor, root: Unit, role: Role, *, whole: bool = False) -> Batch:
        """成批发码先看给谁发：直属下级里没有这种管理员的；``whole`` 是连下级的下级一起。"""
        self._context.require(actor, ISSUE, root)
        tree, seats_of = self._context.directory.tree, self._context.directory.seats_of
        below = [unit for unit in tree if tree.covers(root, unit)] if whole else tree.children(root.code)
        below = [unit for unit in below if unit.code != root.code]
        if not below:
            raise BadInput(f"{root.name}没有下级单位，不用成批发。给一个单位发：/邀请 单位 {role.label}")
        units = [unit for unit in below if not seats_of(unit.code, (role,))]
        async with self._context.database.read() as stores:
            live = await stores.invites.units_with_live(
                [unit.code for unit in units], role, self._context.now()
            )
        return Batch(root, role, tuple(units), len(below) - len(units), len(live))

    async def issue_batch(self, actor: Actor, batch: Batch) -> list[IssuedInvite]:
        """照打算每个单位发一张；旧码作废。"""
        grant = self._context.require(actor, ISSUE, batch.root)
        seat = grant.assignment.unit.code if grant.assignment else ""
        async with self._context.database.write() as stores:
            codes = [unit.code for unit in batch.units]
            await stores.invites.lapse_same(codes, batch.role, self._context.now())
            detail = {"role": batch.role.value, "units": len(codes)}
            await self._context.log(stores, actor, ISSUE, batch.root.code, detail=detail, seat=seat)
            return await self._issue(stores, actor, batch.units, batch.role)

    async def issue_from_command_line(self, unit: Unit, role: Role, *, force: bool) -> IssuedInvite:
        """装机时在命令行发码；已有市级管理员在任后须 ``force``，并记入日志。"""
        self._refuse_closed(unit)
        city = self._context.directory.tree.city
        if not force and self._context.directory.seats_of(city.code):
            raise WrongState(
                "已有市级管理员在任，请由他在 QQ 里发 /邀请；确需在命令行发，加 --force（会记入日志）"
            )
        seat = "command line --force" if force else "command line"
        async with self._context.database.write() as stores:
            await self._context.log(stores, None, ISSUE, unit.code, detail={"role": role.value}, seat=seat)
            return (await self._issue(stores, None, [unit], role))[0]

    def _refuse_closed(self, unit: Unit) -> None:
        if unit.closed_on is not None:
            raise WrongState(f"{self._context.directory.tree.fate(unit)}，不能再发邀请码。")

    async def _issue(
        self, stores: Stores, actor: Actor | None, units: Sequence[Unit], role: Role
    ) -> list[IssuedInvite]:
        now = self._context.now()
        codes = [new_code() for _ in units]
        await stores.people.add_invites(
            [
                Invite(
                    id=str(uuid.uuid4()),
                    code_index=stores.people.code_index(code),
                    unit_code=unit.code,
                    role=role,
                    issued_by=actor.qq if actor else None,
                    issued_at=now,
                    expires_at=now + self._valid,
                )
                for unit, code in zip(units, codes, strict=True)
            ]
        )
        return [
            IssuedInvite(shown_code(code), unit, role, now + self._valid)
            for unit, code in zip(units, codes, strict=True)
        ]

    async def void_posted(self, actor: Actor, codes: Sequence[str]) -> int:
        """贴到群里的码：真的、还能用的作废，并请发码的人重新发；返回作废的张数。"""
        now = self._context.now()
        async with self._context.database.read() as stores:
            found = [await stores.people.invite(stores.people.code_index(code)) for code in codes]
        live = [one for one in found if one and one.used_at is None and one.expires_at > now]
        if not live:
            return 0
        async with self._context.database.write() as stores:
            voided = [invite for invite in live if await stores.invites.lapse(invite.id, now)]
            for invite in voided:
                detail = {"role": invite.role.value}
                await self._context.log(stores, actor, ISSUE, invite.unit_code, "voided", detail)
            notices = [self._voided_notice(one, one.issued_by) for one in voided if one.issued_by]
            await stores.deliveries.add(notices, now)
        return len(voided)

    def _voided_notice(self, invite: Invite, issuer: int) -> Delivery:
        unit = self._context.directory.tree.get(invite.unit_code)
        again = f"/邀请 {unit.code} {invite.role.label}"
        if invite.handed_from is not None:
            again = f"/移交 {invite.role.label} {unit.code}"
        payload = {"unit": unit.name, "role": invite.role.label, "again": again}
        return new_delivery(VOIDED_KIND, Channel.PRIVATE, issuer, payload, due_at=self._context.now())

    async def prepare(self, actor: Actor, code: str, name: str, phone: str) -> Enrolment:
        """核对邀请码和姓名电话，给出要确认的职责；邀请码此时还没用掉。"""
        self._context.require(actor, REDEEM)
        plain = plain_code(code)
        clean_name, clean_phone = _clean_name(name), _clean_phone(phone)
        invite = await self._live_invite(actor, plain)
        if invite.handed_from == actor.qq:
            raise WrongState("这是你自己的移交码，请转给接任人，让他私聊我登记。不移交了发 /移交 取消")
        plan, unit = self._context.plan, self._context.directory.tree.get(invite.unit_code)
        async with self._context.database.read() as stores:
            await refuse_frozen(self._context, stores, actor.qq, unit)
        return Enrolment(
            invite_id=invite.id,
            unit=unit,
            role=invite.role,
            name=clean_name,
            phone=clean_phone,
            duties=(*plan.role_duties[invite.role].duties, *plan.common_duties.duties),
            handed_from=invite.handed_from,
        )

    async def _live_invite(self, actor: Actor, code: str) -> Invite:
        """还能用的邀请码；不能用就记一次错，错多了先不让试——对的码那时也不看。"""
        now = self._context.now()
        if self._attempts.person_exhausted(actor.qq, now):
            raise WrongState(PERSON_LIMIT)
        if self._attempts.all_exhausted(now):
            raise WrongState(TOTAL_LIMIT)
        async with self._context.database.read() as stores:
            invite = await stores.people.invite(stores.people.code_index(code))
        if invite is not None and invite.used_at is None and invite.expires_at > now:
            return invite
        self._attempts.note_failure(actor.qq, now)
        async with self._context.database.write() as stores:
            await self._context.log(stores, actor, REDEEM, "", "refused")
        raise BadInput(BAD_CODE)

    async def confirm(self, actor: Actor, enrolment: Enrolment) -> None:
        """本人确认职责：邀请码作废，登记生效。"""
        now = self._context.now()
        async with self._context.database.write() as stores:
            if not await stores.people.use_invite(enrolment.invite_id, actor.qq, now):
                raise BadInput(BAD_CODE)
            await refuse_frozen(self._context, stores, actor.qq, enrolment.unit)
            if enrolment.handed_from is not None:
                await take_over(
                    self._context,
                    stores,
                    enrolment.unit,
                    enrolment.role,
                    giver=enrolment.handed_from,
                    successor=actor.qq,
                )
            await stores.people.enlist(
                actor.qq, enrolment.unit.code, enrolment.role, enrolment.name, enrolment.phone, now
            )
            await self._context.log(
                stores,
                actor,
                REDEEM,
                enrolment.unit.code,
                detail=_detail(enrolment),
                seat=enrolment.unit.code,
            )
        await self._context.directory.reload_people(self._context.database)


def _detail(enrolment: Enrolment) -> dict[str, str | int]:
    detail: dict[str, str | int] = {"role": enrolment.role.value}
    return detail if enrolment.handed_from is None else {**detail, "handed_from": enrolment.handed_from}


def _clean_name(text: str) -> str:
    name = unicodedata.normalize("NFKC", text).strip().replace("•", "·")
    if not NAME.fullmatch(name):
        raise BadInput("姓名请写真实姓名（2 到 20 个汉字），例如：/注册 ABCDE-FGHJK 王样例 13800000000")
    return name


def _clean_phone(text: str) -> str:
    phone = re.sub(r"[\s—–]", "", unicodedata.normalize("NFKC", text))
    if not PHONE.fullmatch(phone):
        raise BadInput("电话请写 11 位手机号或带区号的座机，例如：/注册 ABCDE-FGHJK 王样例 13800000000")
    return phone
