"""网页的服务端：在同一个事件循环里运行的小 HTTP 服务，默认只听本机。"""

from __future__ import annotations

import asyncio
import contextlib
import urllib.parse
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox import segments as forms
from bot.sandbox.page.clock import target_time
from bot.sandbox.page.live import LiveFeed
from bot.sandbox.page.mentions import split_mentions
from bot.sandbox.page.view import Json, local_text, message_view, world_view
from bot.sandbox.values import SandboxError, Segment
from bot.sandbox.world import SimulatedQQ

_STATIC = Path(__file__).parent / "static"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_UPLOAD_LIMIT = 30 * 1024 * 1024
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
MoveClock = Callable[[datetime], Awaitable[None]]


class SandboxPage:
    """world 的网页；move_clock 为空时不显示时钟按钮；port 为 0 时随机，start 之后看 url。"""

    def __init__(
        self,
        world: SimulatedQQ,
        port: int,
        host: str = "127.0.0.1",
        *,
        now: Callable[[], datetime],
        move_clock: MoveClock | None = None,
    ) -> None:
        self._world = world
        self._port = port
        self._host = host
        self._now = now
        self._move_clock = move_clock
        self._clock_lock = asyncio.Lock()
        self._feed = LiveFeed(world, self._status)
        self._server: _QuietServer | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """网页地址。"""
        host = "127.0.0.1" if self._host == "0.0.0.0" else self._host  # noqa: S104
        return f"http://{host}:{self._port}/"

    async def start(self) -> None:
        """开始服务；端口被占用时抛 SandboxError。"""
        config = uvicorn.Config(
            self._application(),
            host=self._host,
            port=self._port,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=2,
        )
        self._server = _QuietServer(config)
        self._feed.open()
        self._task = asyncio.create_task(self._server.run_quietly())
        while not self._server.started:
            if self._task.done():
                self._feed.close()
                raise SandboxError(f"网页端口 {self._port} 用不了，可能已被占用")
            await asyncio.sleep(0.01)
        self._port = self._server.servers[0].sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """停止服务，关掉所有推送；可以重复调用。"""
        self._feed.close()
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task
        self._server = self._task = None

    def _application(self) -> ASGIApp:
        routes = [
            Route("/", self._index),
            Route("/static/{name}", self._static),
            Route("/files/{file_id}", self._file),
            Route("/api/state", self._state),
            Route("/api/live", self._live),
            Route("/api/say", self._say, methods=["POST"]),
            Route("/api/file", self._upload, methods=["POST"]),
            Route("/api/recall", self._recall, methods=["POST"]),
            Route("/api/clock", self._clock, methods=["POST"]),
        ]
        middleware = [Middleware(_Guard)]
        if self._host in {"127.0.0.1", "localhost"}:
            allowed = ["127.0.0.1", "localhost"]
            middleware.append(Middleware(TrustedHostMiddleware, allowed_hosts=allowed, www_redirect=False))
        return Starlette(
            routes=routes,
            middleware=middleware,
            exception_handlers={
                SandboxError: _refused,
                ValueError: _refused,
                KeyError: _refused,
                TypeError: _refused,
            },
        )

    # 读

    async def _index(self, request: Request) -> Response:
        return FileResponse(
            _STATIC / "index.html", media_type="text/html", headers={"Cache-Control": "no-cache"}
        )

    async def _static(self, request: Request) -> Response:
        path = _STATIC / request.path_params["name"]
        if path.parent != _STATIC or path.suffix not in _TYPES or not path.is_file():
            raise HTTPException(404)
        return FileResponse(path, media_type=_TYPES[path.suffix], headers={"Cache-Control": "no-cache"})

    async def _file(self, request: Request) -> Response:
        stored = self._world.state.find_file(request.path_params["file_id"])
        if stored is None:
            raise HTTPException(404)
        kind = next((kind for magic, kind in _PICTURES.items() if stored.content.startswith(magic)), None)
        if kind is not None and "download" not in request.query_params:
            return Response(stored.content, media_type=kind)
        name = urllib.parse.quote(stored.name, safe="")
        headers = {"Content-Disposition": f"attachment; filename*=utf-8''{name}"}
        return Response(stored.content, media_type="application/octet-stream", headers=headers)

    async def _state(self, request: Request) -> Response:
        view = world_view(self._world) | self._status() | {"clock": self._move_clock is not None}
        return JSONResponse(view)

    async def _live(self, request: Request) -> Response:
        headers = {"Cache-Control": "no-cache"}
        return StreamingResponse(self._feed.stream(), media_type="text/event-stream", headers=headers)

    def _status(self) -> Json:
        """时间只精确到分，省得每秒推送。"""
        return {"now": local_text(self._now())[:16], "connected": self._world.connected}

    # 写

    async def _say(self, request: Request) -> Response:
        body = await request.json()
        text = str(body.get("text") or "").strip("\n")
        if not text.strip():
            raise SandboxError("消息不能是空的")
        qq, number = int(body["person"]), int(body["number"])
        quote = int(body["quote"]) if body.get("quote") is not None else None
        if body["kind"] == "group":
            parts = split_mentions(self._world, number, qq, text)
            await self._world.say(qq, parts, group=number, quote=quote, quote_at=False)
        else:
            await self._world.say(qq, text, quote=quote, temporary_from=self._temporary_group(qq))
        return JSONResponse({"ok": True})

    async def _upload(self, request: Request) -> Response:
        query = request.query_params
        name = Path(query["name"].replace("\\", "/")).name or "file"
        content = await self._read_upload(request)
        qq, number = int(query["person"]), int(query["number"])
        group = number if query["kind"] == "group" else None
        temporary_from = None if group is not None else self._temporary_group(qq)
        if query.get("as") == "picture":
            picture: Segment = forms.picture(content, name)
            await self._world.say(qq, picture, group=group, temporary_from=temporary_from)
        else:
            await self._world.send_file(qq, name, content, group=group, temporary_from=temporary_from)
        return JSONResponse({"ok": True})

    async def _read_upload(self, request: Request) -> bytes:
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            if len(content) > _UPLOAD_LIMIT:
                raise SandboxError("文件太大：最多 30 MB")
        if not content:
            raise SandboxError("文件是空的")
        return bytes(content)

    async def _recall(self, request: Request) -> Response:
        body = await request.json()
        message = self._world.state.message(int(body["id"]))
        if message is None or message.recalled or message.sender != int(body["person"]):
            raise SandboxError("只能撤回自己的、还没撤回的消息")
        await self._world.recall(message)
        return JSONResponse({"ok": True, "message": message_view(self._world, message)})

    async def _clock(self, request: Request) -> Response:
        if self._move_clock is None:
            raise HTTPException(404)
        body = await request.json()
        if self._clock_lock.locked():
            raise SandboxError("时钟正在走，请稍等")
        async with self._clock_lock:
            await self._move_clock(target_time(self._now(), body.get("step"), body.get("to")))
        return JSONResponse(self._status())

    def _temporary_group(self, qq: int) -> int | None:
        """不是好友时，从第一个共同的群发起临时会话。"""
        if qq in self._world.state.friends:
            return None
        shared = (group.group_id for group in self._world.groups if qq in group.members)
        return next(shared, None)


class _QuietServer(uvicorn.Server):
    """不抢信号处理：什么时候退出由演示决定。"""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def run_quietly(self) -> None:
        """端口被占用时 uvicorn 会 sys.exit，这里变成普通的结束。"""
        with contextlib.suppress(SystemExit):
            await self.serve()


class _Guard:
    """写操作要求自定义请求头（别的网站发不出来）；所有回答带内容安全策略。"""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 入口。"""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "POST" and (b"x-sandbox", b"1") not in scope["headers"]:
            await JSONResponse({"error": "缺少 X-Sandbox 请求头"}, 403)(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        await self._app(scope, receive, guarded)


async def _refused(request: Request, problem: Exception) -> Response:
    sentence = str(problem) if isinstance(problem, SandboxError) else "请求写得不对"
    return JSONResponse({"error": sentence}, 400)
