"""模拟 QQ 的测试：机器人一侧是一个真正的 websockets 服务端，时钟由测试拨动。"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from bot.sandbox import SimulatedQQ

TOKEN = "测试口令".encode().hex()
GROUP = 900001
TEACHER, REVIEWER, STRANGER = 20001, 20002, 20003
BOT = 10001


class Clock:
    """测试拨动的时钟。"""

    def __init__(self) -> None:
        self.time = datetime(2017, 2, 20, 0, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **parts: float) -> None:
        self.time += timedelta(**parts)


class BotSide:
    """机器人一侧：记下握手头和收到的帧，能调用 API。"""

    def __init__(self) -> None:
        self.headers: list[dict[str, str]] = []
        self.frames: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.handler: Callable[[dict[str, Any]], Awaitable[None]] | None = None
        self.connection: ServerConnection | None = None
        self.server: Server | None = None
        self._replies: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._echo = 0

    @property
    def url(self) -> str:
        assert self.server is not None
        return f"ws://127.0.0.1:{next(iter(self.server.sockets)).getsockname()[1]}/onebot/v11/ws"

    def check(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.headers.get("Authorization", "").partition(" ")[2] != TOKEN:
            return connection.respond(403, "")
        self.headers.append(dict(request.headers.raw_items()))
        return None

    async def accept(self, connection: ServerConnection) -> None:
        self.connection = connection
        async for raw in connection:
            try:
                frame = json.loads(raw)
            except ValueError:
                frame = {"not_json": raw}
            if "status" in frame and "post_type" not in frame:
                self._settle(frame)
            else:
                self.frames.put_nowait(frame)
                if self.handler is not None:
                    await self.handler(frame)

    def _settle(self, frame: dict[str, Any]) -> None:
        future = self._replies.pop(str(frame.get("echo")), None)
        if future is not None:
            future.set_result(frame)

    async def send(self, frame: object) -> None:
        assert self.connection is not None
        await self.connection.send(frame if isinstance(frame, str) else json.dumps(frame))

    async def post(self, action: str, **params: Any) -> asyncio.Future[dict[str, Any]]:
        self._echo += 1
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._replies[str(self._echo)] = future
        await self.send({"action": action, "params": params, "echo": str(self._echo)})
        return future

    async def call(self, action: str, **params: Any) -> dict[str, Any]:
        return await asyncio.wait_for(await self.post(action, **params), 2)

    async def data(self, action: str, **params: Any) -> Any:
        reply = await self.call(action, **params)
        assert reply["status"] == "ok", reply
        return reply["data"]

    async def next_frame(self, post_type: str = "message") -> dict[str, Any]:
        while True:
            frame = await asyncio.wait_for(self.frames.get(), 2)
            if frame.get("post_type") == post_type:
                return frame


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def bot_side() -> AsyncIterator[BotSide]:
    side = BotSide()
    side.server = await serve(side.accept, "127.0.0.1", 0, process_request=side.check, ping_interval=None)
    yield side
    side.server.close()
    await side.server.wait_closed()


@pytest.fixture
def make_world(clock: Clock) -> Callable[..., SimulatedQQ]:
    def make(**options: Any) -> SimulatedQQ:
        world = SimulatedQQ(BOT, clock, **options)
        world.add_person(TEACHER, "王丽", "教师 · 岳阳县第三中学")
        world.add_person(REVIEWER, "周敏", "信息管理员 · 岳阳县教育局")
        world.add_person(STRANGER, "路人甲")
        world.add_group(GROUP, "岳阳县教师系统工作群")
        world.join(GROUP, TEACHER, "三中 王丽")
        world.join(GROUP, REVIEWER, "县教育局 周敏", "owner")
        world.befriend(TEACHER)
        return world

    return make


@pytest.fixture
async def connect(
    make_world: Callable[..., SimulatedQQ], bot_side: BotSide
) -> AsyncIterator[Callable[..., Awaitable[SimulatedQQ]]]:
    worlds: list[SimulatedQQ] = []

    async def make(
        reconnect_seconds: float | None = None, heartbeat: float = 30, **options: Any
    ) -> SimulatedQQ:
        world = make_world(**options)
        worlds.append(world)
        await world.connect(bot_side.url, TOKEN, reconnect_seconds=reconnect_seconds, heartbeat=heartbeat)
        await bot_side.next_frame("meta_event")
        return world

    yield make
    for world in worlds:
        await world.disconnect()


@pytest.fixture
async def world(connect: Callable[..., Awaitable[SimulatedQQ]]) -> SimulatedQQ:
    return await connect()
