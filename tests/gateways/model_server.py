"""说 OpenAI 协议的本地 HTTP 服务器：照规矩答，也可以照吩咐捣乱。每个字节都由它自己写出来。"""

from __future__ import annotations

import asyncio
import json
from array import array
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from math import sqrt
from typing import Any

from bot.domain.model import Vector

DIMENSIONS = 64
# 跟哪一句都不像
NOWHERE = "〔反方向〕"


@dataclass(frozen=True, slots=True)
class Heard:
    """服务器收到的一次请求。"""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def shown(self) -> dict[str, Any]:
        """改写请求里给模型看的：问题与条目。"""
        return json.loads(self.body["messages"][1]["content"])


Trouble = Callable[[asyncio.StreamWriter, Heard], Awaitable[None]]


def response(status: int, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """一份 HTTP 回应。"""
    said = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {said}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def chat_reply(content: object, **choice: object) -> bytes:
    """一份改写的回应。"""
    first = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    body = {"choices": [first | choice], "usage": {"total_tokens": 300}}
    return response(200, json.dumps(body, ensure_ascii=False).encode(), "Content-Type: application/json")


def worded(*ids: str, text: str) -> str:
    """守规矩的模型写的内容。"""
    return json.dumps({"ids": list(ids), "text": text}, ensure_ascii=False)


def vector_of_text(text: str) -> Vector:
    """像不像全看双字：同样的字，同样的向量。"""
    counts = [-1.0 if text == NOWHERE else 0.0] * DIMENSIONS
    for left, right in pairwise(text if text != NOWHERE else ""):
        counts[int.from_bytes(blake2b((left + right).encode(), digest_size=4).digest()) % DIMENSIONS] += 1
    length = sqrt(sum(count * count for count in counts)) or 1.0
    return array("f", [count / length for count in counts])


@dataclass(slots=True)
class ModelServer:
    """``content`` 是改写时说的话，``same`` 把一句话当成另一句来算向量；``trouble`` 设了就照它捣乱。"""

    url: str = ""
    content: object = "不会说话"
    trouble: Trouble | None = None
    same: dict[str, str] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0
    busy: int = 0
    busiest: int = 0

    def of(self, path: str) -> list[Heard]:
        """收到的某一种请求。"""
        return [one for one in self.heard if one.path.endswith(path)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """一次连接，一问一答。"""
        self.connections += 1
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in head[1:])}
            body = json.loads(await reader.readexactly(int(headers["content-length"])))
            heard = Heard(head[0].split()[1], headers, body)
            self.heard.append(heard)
            await (self.trouble or self._answer)(writer, heard)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.busy -= 1
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, heard: Heard) -> None:
        if heard.path.endswith("/chat/completions"):
            writer.write(chat_reply(self.content))
            return
        texts: list[str] = heard.body["input"]
        writer.write(embedding_reply([self.same.get(text, text) for text in texts]))


def embedding_reply(texts: Sequence[str]) -> bytes:
    """一份向量的回应；次序故意倒过来，靠 index 认。"""
    rows = [{"index": place, "embedding": list(vector_of_text(text))} for place, text in enumerate(texts)]
    body = {"data": rows[::-1], "usage": {"total_tokens": 10 * len(texts)}}
    return response(200, json.dumps(body).encode())


def says(raw: bytes) -> Trouble:
    """不管问什么都回这些字节。"""

    async def answer(writer: asyncio.StreamWriter, _heard: Heard) -> None:
        writer.write(raw)

    return answer


async def hang_up(writer: asyncio.StreamWriter, _heard: Heard) -> None:
    """一个字不说就断开。"""
    writer.transport.abort()


async def stall(_writer: asyncio.StreamWriter, _heard: Heard) -> None:
    """不出声，一直拖着。"""
    await asyncio.sleep(5)


async def drip(writer: asyncio.StreamWriter, _heard: Heard) -> None:
    """每次说一个字节，永远说不完：单次读取从不超时。"""
    writer.write(b"HTTP/1.1 200 Said\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(200):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.03)


async def flood(writer: asyncio.StreamWriter, _heard: Heard) -> None:
    """没完没了地说。"""
    writer.write(b"HTTP/1.1 200 Said\r\nConnection: close\r\n\r\n")
    for _ in range(64):
        writer.write(b" " * 65536)
        await writer.drain()


@asynccontextmanager
async def model_server() -> AsyncIterator[ModelServer]:
    """开在本机随机端口上。"""
    model = ModelServer()
    server = await asyncio.start_server(model.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    model.url = f"http://{host}:{port}/v1"
    try:
        yield model
    finally:
        server.close()
