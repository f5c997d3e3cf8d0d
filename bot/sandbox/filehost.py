"""文件下载处：真实客户端给的是有签名的下载地址，这里在本机随机端口上提供同样的地址。"""

from __future__ import annotations

import asyncio
import contextlib

from bot.sandbox.state import State

_HEAD_LIMIT = 16 * 1024


class FileHost:
    """只认 GET /ftn_handler/文件编号/ 的最小 HTTP 服务，只听本机。"""

    def __init__(self, state: State) -> None:
        self._state = state
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        """开始服务，返回地址前缀；已经开始时原样返回。"""
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD_LIMIT)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """停止服务。"""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            writer.write(self._answer(head))
            await writer.drain()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    def _answer(self, head: bytes) -> bytes:
        parts = head.split(b" ", 2)
        path = parts[1].split(b"?")[0].decode("ascii", "replace") if len(parts) > 2 else ""
        pieces = path.strip("/").split("/")
        stored = None
        if parts[0] == b"GET" and len(pieces) == 2 and pieces[0] == "ftn_handler":
            stored = self._state.find_file(pieces[1])
        if stored is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        return (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
            + f"Content-Length: {stored.size}\r\nConnection: close\r\n\r\n".encode()
            + stored.content
        )
