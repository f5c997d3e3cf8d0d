"""实时推送：每个打开的网页一条队列，世界里每发生一件事就推一行 SSE。"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from bot.sandbox.page.view import Json, message_view, notice_view
from bot.sandbox.values import Happening
from bot.sandbox.world import SimulatedQQ

_TICK_SECONDS = 1.0


class LiveFeed:
    """世界的旁观者；close() 之后所有推送结束。"""

    def __init__(self, world: SimulatedQQ, status: Callable[[], Json]) -> None:
        self._world = world
        self._status = status
        self._queues: set[asyncio.Queue[Json | None]] = set()
        self._unsubscribe: Callable[[], None] | None = None

    def open(self) -> None:
        """开始旁观。"""
        if self._unsubscribe is None:
            self._unsubscribe = self._world.subscribe(self._on_happening)

    def close(self) -> None:
        """停止旁观，结束所有推送。"""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        for queue in self._queues:
            queue.put_nowait(None)

    async def stream(self) -> AsyncIterator[str]:
        """一个网页的推送：先给状态，之后有事说事，状态（时间、在线）变了也说。"""
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._queues.add(queue)
        status = self._status()
        try:
            yield _line({"event": "status"} | status)
            while True:
                try:
                    item = await asyncio.wait_for(queue.get(), _TICK_SECONDS)
                except TimeoutError:
                    item = {}
                if item is None:
                    return
                if item:
                    yield _line(item)
                if (latest := self._status()) != status:
                    status = latest
                    yield _line({"event": "status"} | status)
        finally:
            self._queues.discard(queue)

    def _on_happening(self, happening: Happening) -> None:
        item = self._describe(happening)
        if item is None:
            return
        for queue in self._queues:
            queue.put_nowait(item)

    def _describe(self, happening: Happening) -> Json | None:
        if happening.kind == "people":
            return {"event": "people"}
        if happening.message is not None:
            view = message_view(self._world, happening.message)
            return {"event": happening.kind, "message": view}
        if happening.kind != "notice" or happening.place is None:
            return None
        return {"event": "notice", "notice": notice_view(self._world.state.notices[-1])}


def _line(item: Json) -> str:
    return f"data: {json.dumps(item, ensure_ascii=False)}\n\n"
