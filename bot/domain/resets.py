"""自助密码重置：老师说出学校和姓名，管得着的系统管理员私聊收到，在系统里重置后记完成，老师得到通知。

机器人只传话：绝不问、不收、不存密码。姓名加密存放，办完一个月后清掉。
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.actor import Actor
from bot.domain.clock import SHANGHAI
from bot.domain.context import Context
from bot.domain.errors import BadInput, Denied, NotFound, WrongState
from bot.domain.outbox import new_delivery
from bot.domain.reset_routes import FINISH, ResetRoutes, ResetStop
from bot.domain.reset_words import HOW_TO, read_request, split
from bot.domain.targets import named_unit
from storage.database import Stores
from storage.deliveries import Delivery
from storage.resets import ResetRequest
from storage.units import Unit
from storage.words import Channel, ResetState

REQUEST = "request a password reset for oneself"
FORGET = "forget old password resets"
REQUESTED_KIND = "reset_requested"
DONE_KIND = "reset_done"
DAILY = 3
KEEP_NAME = timedelta(days=30)
LAPSE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Requested:
    """提了以后：编号、单位、送到了哪个单位（没有人可送为空）；``again`` 是早就提过、还在办。"""

    number: int
    unit: Unit
    office: Unit | None
    again: bool = False


class Resets:
    """密码重置请求。"""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._routes = ResetRoutes(context)

    def read(self, actor: Actor, text: str) -> tuple[Unit, str]:
        """从一句话里认出学校和姓名；认不出的抛出拒绝，像密码的话不重复。"""
        self._context.require(actor, REQUEST)
        said = read_request(text, frozenset(word for word in split(text) if self._is_code(word)))
        failures: list[NotFound] = []
        for unit_text, name in said.readings():
            try:
                return named_unit(self._context, actor, unit_text), name
            except NotFound as error:
                failures.append(error)
        if failures:
            raise failures[0]
        raise BadInput(HOW_TO)

    async def request(self, actor: Actor, unit: Unit, name: str) -> Requested:
        """记下请求，送到管得着的系统管理员手里；还没办完的不重复送。"""
        self._context.require(actor, REQUEST)
        now = self._context.now()
        stop = self._routes.stop_for(unit, actor.qq)
        async with self._context.database.write() as stores:
            waiting = await stores.resets.open_of(actor.qq)
            same = next((one for one in waiting if one.unit_code == unit.code), None)
            if same is not None:
                return Requested(same.number, unit, stop.unit if stop else None, again=True)
            await self._check_daily(stores, actor)
            number = await stores.resets.add(actor.qq, unit.code, name, now)
            people = await self._send(stores, number, stop)
            detail = {"unit": unit.code, "people": people}
            await self._context.log(stores, actor, REQUEST, f"reset {number}", detail=detail)
        return Requested(number, unit, stop.unit if stop else None)

    async def waiting(self, actor: Actor) -> list[tuple[Unit, ResetRequest]]:
        """说话人该办的请求，先提的在前；不管这事的人看到自己提的。"""
        self._context.require(actor, REQUEST)
        codes = self._routes.codes_in_reach(actor)
        async with self._context.database.read() as stores:
            found = await stores.resets.open_at(codes) if codes else await stores.resets.open_of(actor.qq)
        return [(self._context.directory.tree.get(one.unit_code), one) for one in found]

    async def finish(self, actor: Actor, number: int) -> tuple[Unit, ResetRequest]:
        """记为已重置，并告诉老师怎么领初始密码。"""
        now = self._context.now()
        self._context.require(actor, FINISH)
        async with self._context.database.write() as stores:
            request = await stores.resets.get(number)
            unit, office = self._check_reach(actor, number, request)
            if request is None or request.state is not ResetState.OPEN:
                raise WrongState(f"{number} 号已经办过了，不用再记。")
            if request.qq == actor.qq:
                raise WrongState("自己提的请求，要由上一级重置并记完成。")
            await stores.resets.finish(number, actor.qq, now)
            facts = {"number": number, "unit": unit.name, "office": office.name}
            await stores.deliveries.add(
                [new_delivery(DONE_KIND, Channel.PRIVATE, request.qq, facts, due_at=now)], now
            )
            await self._context.log(
                stores, actor, FINISH, f"reset {number}", detail={"unit": unit.code}, seat=office.code
            )
        return unit, request

    async def forget_old(self) -> int:
        """办完满一个月的清掉姓名；三个月没人办的作废，姓名也清掉。"""
        now = self._context.now()
        async with self._context.database.write() as stores:
            count = await stores.resets.forget(now - KEEP_NAME, now - LAPSE)
            if count:
                await self._context.log(stores, None, FORGET, "resets", detail={"count": count})
        return count

    async def finalise(self, delivery: Delivery) -> tuple[dict[str, Any], tuple[int, ...]] | None:
        """发送前再看一眼：办完了、收的人不在任了的不发；姓名只在这一刻解密。"""
        async with self._context.database.read() as stores:
            request = await stores.resets.get(int(delivery.payload["number"]))
        if request is None or request.state is not ResetState.OPEN:
            return None
        if not self._context.directory.holds_seat(delivery.target):
            return None
        unit = self._context.directory.tree.get(request.unit_code)
        return {**delivery.payload, "unit": unit.name, "name": request.name, "qq": request.qq}, ()

    def instead_of(self, delivery: Delivery) -> list[Delivery]:
        """私聊送不到的，改送上一级；上面也没有人就算了。"""
        tree = self._context.directory.tree
        office = tree.get(str(delivery.payload["office"]))
        if not office.parent_code:
            return []
        above = tree.get(office.parent_code)
        stop = self._routes.stop_for(
            above, int(delivery.payload["asker"]), about=tree.get(str(delivery.payload["of"]))
        )
        return self._notices(int(delivery.payload["number"]), stop) if stop else []

    async def _send(self, stores: Stores, number: int, stop: ResetStop | None) -> int:
        notices = self._notices(number, stop) if stop else []
        await stores.deliveries.add(notices, self._context.now())
        return len(notices)

    def _notices(self, number: int, stop: ResetStop) -> list[Delivery]:
        now = self._context.now()
        facts = {"number": number, "office": stop.unit.code, "of": stop.about.code, "asker": stop.asker}
        return [
            new_delivery(REQUESTED_KIND, Channel.PRIVATE, qq, {**facts, "able": qq in stop.able}, due_at=now)
            for qq in stop.people
        ]

    def _check_reach(self, actor: Actor, number: int, request: ResetRequest | None) -> tuple[Unit, Unit]:
        """请求的单位，和说话人凭哪个单位管得着；不归他管和没有这个编号是同一句话。"""
        refusal = f"没有 {number} 号请求，或者不归你管。发 /重置密码 列表 看该你办的。"
        if request is None:
            raise NotFound(refusal)
        unit = self._context.directory.tree.get(request.unit_code)
        office = self._routes.office(actor, unit)
        if office is None:
            raise Denied(refusal)
        return unit, office

    async def _check_daily(self, stores: Stores, actor: Actor) -> None:
        today = self._context.now().astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        if await stores.resets.count_since(actor.qq, today) >= DAILY:
            raise WrongState(f"你今天已经提了 {DAILY} 次，请明天再提，或直接找本校系统管理员。")

    def _is_code(self, word: str) -> bool:
        """这个词就是一个单位的代码（代码里有字母数字，不是密码）。"""
        with contextlib.suppress(NotFound):
            return bool(self._context.directory.tree.get(word.upper()))
        return False
