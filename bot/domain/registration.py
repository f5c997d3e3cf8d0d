"""登记：发邀请码、凭码登记成管理员、看自己是谁。

邀请码 50 位随机，只存指纹，用一次就作废；错的、用过的、过期的都是同一句回答。
"""

from __future__ import annotations

import re
import secrets
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.errors import BadInput, WrongState
from storage.people import Invite
from storage.units import Unit
from storage.words import Role

# 32 个不易看错的字符，10 个一组正好 50 位
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10
NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0003ffff·]{2,20}|[A-Za-z][A-Za-z .'-]{1,39}")
PHONE = re.compile(r"1[3-9]\d{9}|(0\d{2,3}-?)?[2-9]\d{6,7}")
BAD_CODE = "邀请码不对、已经用过或已过期。请核对后重发，或请发码的人再发一张。"
ISSUE = "issue an invite code"
REDEEM = "redeem an invite code"


@dataclass(frozen=True, slots=True)
class IssuedInvite:
    """刚发出的邀请码原文，只有这一次看得到。"""

    code: str
    unit: Unit
    role: Role
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """核对过的登记申请，等本人确认职责后生效。"""

    invite_id: str
    unit: Unit
    role: Role
    name: str
    phone: str
    duties: tuple[str, ...]


def plain_code(text: str) -> str:
    """邀请码的各种写法（小写、全角、少了横线）→ 10 个字符；不像邀请码就报错。"""
    folded = unicodedata.normalize("NFKC", text).upper()
    code = re.sub(r"[\s\-—–_]", "", folded)
    if len(code) != CODE_LENGTH or any(char not in ALPHABET for char in code):
        raise BadInput(BAD_CODE)
    return code


class Registration:
    """邀请与登记。"""

    def __init__(self, context: Context, valid_hours: int) -> None:
        self._context = context
        self._valid = timedelta(hours=valid_hours)

    async def issue(self, actor: Actor, unit: Unit, role: Role) -> IssuedInvite:
        """给某单位某角色发一张邀请码。"""
        grant = self._context.require(actor, ISSUE, unit)
        seat = grant.assignment.unit.code if grant.assignment else ""
        return await self._issue(actor, unit, role, seat)

    async def issue_from_command_line(self, unit: Unit, role: Role, *, force: bool) -> IssuedInvite:
        """装机时在命令行发码；已有市级管理员在任后须 ``force``，并记入日志。"""
        city = self._context.directory.tree.city
        if not force and self._context.directory.seats_of(city.code):
            raise WrongState(
                "已有市级管理员在任，请由他在 QQ 里发 /邀请；确需在命令行发，加 --force（会记入日志）"
            )
        return await self._issue(None, unit, role, "command line --force" if force else "command line")

    async def _issue(self, actor: Actor | None, unit: Unit, role: Role, seat: str) -> IssuedInvite:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        now = self._context.now()
        async with self._context.database.write() as stores:
            invite = Invite(
                id=str(uuid.uuid4()),
                code_index=stores.people.code_index(code),
                unit_code=unit.code,
                role=role,
                issued_by=actor.qq if actor else None,
                issued_at=now,
                expires_at=now + self._valid,
            )
            await stores.people.add_invites([invite])
            await self._context.log(stores, actor, ISSUE, unit.code, detail={"role": role.value}, seat=seat)
        return IssuedInvite(f"{code[:5]}-{code[5:]}", unit, role, invite.expires_at)

    async def prepare(self, actor: Actor, code: str, name: str, phone: str) -> Enrolment:
        """核对邀请码和姓名电话，给出要确认的职责；邀请码此时还没用掉。"""
        self._context.require(actor, REDEEM)
        plain = plain_code(code)
        clean_name, clean_phone = _clean_name(name), _clean_phone(phone)
        async with self._context.database.read() as stores:
            invite = await stores.people.invite(stores.people.code_index(plain))
        if invite is None or invite.used_at is not None or invite.expires_at <= self._context.now():
            raise BadInput(BAD_CODE)
        plan = self._context.plan
        return Enrolment(
            invite_id=invite.id,
            unit=self._context.directory.tree.get(invite.unit_code),
            role=invite.role,
            name=clean_name,
            phone=clean_phone,
            duties=(*plan.role_duties[invite.role].duties, *plan.common_duties.duties),
        )

    async def confirm(self, actor: Actor, enrolment: Enrolment) -> None:
        """本人确认职责：邀请码作废，登记生效。"""
        now = self._context.now()
        async with self._context.database.write() as stores:
            if not await stores.people.use_invite(enrolment.invite_id, actor.qq, now):
                raise BadInput(BAD_CODE)
            await stores.people.enlist(
                actor.qq, enrolment.unit.code, enrolment.role, enrolment.name, enrolment.phone, now
            )
            await self._context.log(
                stores,
                actor,
                REDEEM,
                enrolment.unit.code,
                detail={"role": enrolment.role.value},
                seat=enrolment.unit.code,
            )
        await self._context.directory.reload_people(self._context.database)


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
