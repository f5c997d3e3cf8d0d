"""听 WebSocket 的服务端：自己绑端口（绑不上说得清），信号归命令行，断了半截的连接几秒内发现。"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

PING_SECONDS = 5
STOP_SECONDS = 5


class StartError(Exception):
    """启动不了；文字可以直接给运维看。"""


class _Server(uvicorn.Server):
    """信号由命令行处理，uvicorn 不要插手。"""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """什么也不接。"""
        yield


def bind(host: str, port: int) -> socket.socket:
    """先占住端口，绑不上就趁早说；开门要等业务装好（``listening``）。"""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":
        # Windows 上这个选项会让两个机器人占同一个端口
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise StartError(f"地址 {host} 端口 {port} 用不了（可能被占用），请改设置 HOST、PORT") from error
    return listener


@asynccontextmanager
async def listening(application: Any, listener: socket.socket) -> AsyncIterator[asyncio.Task[None]]:
    """在占好的端口上开门，给出服务任务（它结束就是门关了）；离开时关门，正在处理的最多等几秒。"""
    server = _Server(
        uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            ws_ping_interval=PING_SECONDS,
            ws_ping_timeout=PING_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if task.done():
                raise StartError("WebSocket 服务没能开起来，请看上面的日志")
            await asyncio.sleep(0.02)
        yield task
    finally:
        server.should_exit = True
        await task
        listener.close()
