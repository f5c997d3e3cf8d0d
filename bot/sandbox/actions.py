"""API 的总入口：认出请求、套上故障、调用对应的动作，按客户端的样子写回答。"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.actions_files import FileActions
from bot.sandbox.actions_messages import MessageActions
from bot.sandbox.actions_rooms import RoomActions
from bot.sandbox.desk import Desk
from bot.sandbox.faults import Fault, FaultKind, Faults
from bot.sandbox.values import ActionRefused, Call, Dialect, SandboxError

Params = dict[str, Any]
Reply = dict[str, Any]
Action = Callable[[Params], Awaitable[Any]]
# 各客户端没有的动作
_ABSENT = {
    Dialect.ARRAY: frozenset[str](),
    Dialect.STRING: frozenset({"get_private_file_url", "get_file", "get_friend_msg_history"}),
    Dialect.LAGRANGE: frozenset({"get_file"}),
}


class Actions:
    """机器人能调用的全部动作。"""

    def __init__(self, desk: Desk, faults: Faults) -> None:
        self._desk = desk
        self._faults = faults
        messages = MessageActions(desk)
        self._table: dict[str, Action] = {
            **messages.table(),
            **FileActions(desk, messages).table(),
            **RoomActions(desk).table(),
        }

    @property
    def names(self) -> list[str]:
        """支持的动作名。"""
        return sorted(self._table.keys() - _ABSENT[self._desk.dialect])

    async def answer(self, request: object) -> Reply | None:
        """处理一帧请求；返回空表示永不回答。"""
        if not isinstance(request, dict) or not isinstance(request.get("action"), str):
            return self._failed(1400, "json解析失败,请检查数据格式") | {"echo": None}
        action, params = request["action"], request.get("params") or {}
        reply = await self._with_fault(self._faults.take(action), action, params)
        if reply is not None and "echo" in request:
            reply["echo"] = request["echo"]
        self._desk.state.record_call(Call(action, params, reply))
        return reply

    async def _with_fault(self, fault: Fault | None, action: str, params: Params) -> Reply | None:
        if fault is None:
            return await self._perform(action, params)
        if fault.kind is FaultKind.SWALLOW:
            return None
        if fault.kind is FaultKind.REFUSE:
            return self._failed(fault.retcode, fault.wording)
        if fault.kind is FaultKind.REPLACE:
            return dict(fault.reply or {})
        reply = await self._perform(action, params)
        if fault.kind is FaultKind.LOSE_ANSWER:
            return None
        if fault.kind is FaultKind.DENY_DELIVERY:
            return self._failed(fault.retcode, fault.wording)
        await asyncio.sleep(fault.seconds)
        return reply

    async def _perform(self, action: str, params: Params) -> Reply:
        handler = self._table.get(action)
        if handler is None or action in _ABSENT[self._desk.dialect]:
            return self._failed(1404, f"不支持的API {action}")
        try:
            data = await handler(params)
        except ActionRefused as refusal:
            return self._failed(refusal.retcode, str(refusal))
        except SandboxError as refusal:
            return self._failed(1200, str(refusal))
        except (KeyError, TypeError, ValueError) as problem:
            return self._failed(1400, f"参数错误：{problem}")
        reply: Reply = {"status": "ok", "retcode": 0, "data": data}
        if self._desk.dialect is Dialect.ARRAY:
            reply |= {"message": "", "wording": "", "stream": "normal-action"}
        return reply

    def _failed(self, retcode: int, wording: str) -> Reply:
        if self._desk.dialect is Dialect.STRING:
            code = 100 if retcode == 1200 else retcode
            return {"status": "failed", "retcode": code, "data": None, "msg": "API_ERROR", "wording": wording}
        reply: Reply = {"status": "failed", "retcode": retcode, "data": None}
        if self._desk.dialect is Dialect.ARRAY:
            reply |= {"message": wording, "wording": wording, "stream": "normal-action"}
        return reply
