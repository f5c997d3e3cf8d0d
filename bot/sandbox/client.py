"""连接：像真实客户端那样主动连到机器人，首帧 lifecycle，定时心跳，断线按固定间隔重连。"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from bot.sandbox.events import Frames
from bot.sandbox.values import Dialect, SandboxError

_INTAKE_LIMIT = 50 * 1024 * 1024  # NapCat 收到更大的帧会断开
_HANDSHAKE_SECONDS = 5.0
Answer = Callable[[object], Awaitable[dict[str, Any] | None]]


class Link:
    """一条反向 WebSocket；answer 处理一次 API 调用，返回空表示不回答。"""

    def __init__(self, self_id: int, dialect: Dialect, frames: Frames, answer: Answer) -> None:
        self._self_id = self_id
        self._dialect = dialect
        self._frames = frames
        self._answer = answer
        self._connection: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._answers: set[asyncio.Task[None]] = set()
        self._up = asyncio.Event()
        self._down = asyncio.Event()
        self._down.set()

    @property
    def is_up(self) -> bool:
        """此刻连着没有。"""
        return self._up.is_set()

    async def open(self, url: str, token: str, *, reconnect_seconds: float | None, heartbeat: float) -> None:
        """连接并发出首帧；被拒绝或没人听时抛 SandboxError。"""
        if self._task is not None and not self._task.done():
            raise SandboxError("已经连接，请先 disconnect")
        await self._dial(url, token)
        self._task = asyncio.create_task(self._run(url, token, reconnect_seconds, heartbeat))
        await asyncio.wait_for(self._up.wait(), _HANDSHAKE_SECONDS)

    async def close(self) -> None:
        """正常断开，不再重连。"""
        task, self._task = self._task, None
        if task is None:
            return
        for pending in [task, *self._answers]:
            pending.cancel()
        await asyncio.gather(task, *self._answers, return_exceptions=True)
        if self._connection is not None:
            await self._connection.close()
            self._connection = None
        self._mark_down()

    async def push(self, frame: object) -> bool:
        """上报一帧；没连着时像真实客户端一样丢掉，返回 False。"""
        return await self.push_text(json.dumps(frame, ensure_ascii=False))

    async def push_text(self, text: str) -> bool:
        """原样发一帧文字。"""
        if self._connection is None or not self.is_up:
            return False
        try:
            await self._connection.send(text)
        except ConnectionClosed:
            return False
        return True

    async def drop(self) -> None:
        """不打招呼地断线。"""
        if self._connection is not None:
            self._connection.transport.abort()
            await self._down.wait()

    def freeze(self) -> None:
        """半开：不再读也不断开，对方的 ping 得不到回应。"""
        if self._connection is not None:
            self._connection.transport.pause_reading()

    def thaw(self) -> None:
        """结束半开。"""
        if self._connection is not None:
            self._connection.transport.resume_reading()

    async def wait_up(self, timeout: float) -> None:
        """等到（重新）连上。"""
        await asyncio.wait_for(self._up.wait(), timeout)

    async def wait_down(self, timeout: float) -> None:
        """等到断开。"""
        await asyncio.wait_for(self._down.wait(), timeout)

    async def _dial(self, url: str, token: str) -> None:
        scheme = "Token" if self._dialect is Dialect.STRING else "Bearer"
        headers = {"X-Self-ID": str(self._self_id), "X-Client-Role": "Universal"}
        if token:
            headers["Authorization"] = f"{scheme} {token}"
        agent = "CQHttp/4.15.0" if self._dialect is Dialect.STRING else "OneBot/11"
        try:
            self._connection = await connect(
                url,
                additional_headers=headers,
                user_agent_header=agent,
                open_timeout=_HANDSHAKE_SECONDS,
                close_timeout=1,
                ping_interval=None,
                max_size=_INTAKE_LIMIT,
                compression=None,
                proxy=None,
            )
        except (OSError, InvalidHandshake, TimeoutError) as problem:
            raise SandboxError(f"连接机器人失败：{problem}") from problem

    async def _run(self, url: str, token: str, reconnect_seconds: float | None, heartbeat: float) -> None:
        while True:
            if self._connection is not None:
                await self._serve(self._connection, heartbeat)
            if reconnect_seconds is None:
                return
            await asyncio.sleep(reconnect_seconds)
            with contextlib.suppress(SandboxError):
                await self._dial(url, token)

    async def _serve(self, connection: ClientConnection, heartbeat: float) -> None:
        beating = asyncio.create_task(self._beat(connection, heartbeat))
        try:
            await connection.send(json.dumps(self._frames.lifecycle()))
            self._down.clear()
            self._up.set()
            async for raw in connection:
                task = asyncio.create_task(self._respond(connection, raw))
                self._answers.add(task)
                task.add_done_callback(self._answers.discard)
        except ConnectionClosed:
            pass
        finally:
            beating.cancel()
            if self._task is None:
                await asyncio.gather(beating, return_exceptions=True)
            else:
                self._connection = None
                self._mark_down()

    async def _beat(self, connection: ClientConnection, heartbeat: float) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(heartbeat)
                await connection.send(json.dumps(self._frames.heartbeat(heartbeat)))

    async def _respond(self, connection: ClientConnection, raw: str | bytes) -> None:
        try:
            request: object = json.loads(raw)
        except ValueError:
            request = None
        reply = await self._answer(request)
        if reply is not None:
            with contextlib.suppress(ConnectionClosed):
                await connection.send(json.dumps(reply, ensure_ascii=False))

    def _mark_down(self) -> None:
        self._up.clear()
        self._down.set()
