"""下载聊天里收到的文件：地址是 QQ 客户端给的，限大小、限时间、只许 http(s)，不许被带到内网去。"""

from __future__ import annotations

import asyncio
import base64
import binascii
import ipaddress
import socket
from pathlib import Path, PurePath
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx

from bot.domain.fetching import LARGEST, NotFetched, TooLarge

BASE64 = "base64://"
MOST_REDIRECTS = 3
CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 60.0


class Downloads:
    """下载；``forbidden`` 是不许当作文件读的文件夹（数据库和钥匙串在里面）。"""

    def __init__(
        self, *, forbidden: Path | None = None, largest: int = LARGEST, seconds: float = TOTAL_SECONDS
    ) -> None:
        self._forbidden = forbidden.resolve() if forbidden else None
        self._largest = largest
        self._seconds = seconds

    async def __call__(self, source: str) -> bytes:
        """见 bot.domain.fetching.Download。"""
        if source.startswith(BASE64):
            return self._decoded(source.removeprefix(BASE64))
        parts = urlsplit(source)
        if parts.scheme.lower() in ("http", "https"):
            return await self._downloaded(source)
        path = url2pathname(parts.path) if parts.scheme.lower() == "file" else source
        if not PurePath(path).is_absolute():
            raise NotFetched("不是网址，也不是本机路径")
        return await asyncio.to_thread(self._read, Path(path))

    def _decoded(self, text: str) -> bytes:
        if len(text) * 3 // 4 > self._largest + 3:
            raise TooLarge(self._largest)
        try:
            content = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise NotFetched("base64 写得不对") from error
        return self._within(content)

    def _read(self, path: Path) -> bytes:
        """读客户端存在本机的文件；机器人自己的数据不许读。"""
        try:
            real = path.resolve(strict=True)
            if self._forbidden is not None and real.is_relative_to(self._forbidden):
                raise NotFetched("不许读机器人的数据目录")
            if not real.is_file():
                raise NotFetched("不是普通文件")
            if real.stat().st_size > self._largest:
                raise TooLarge(self._largest)
            return self._within(real.read_bytes())
        except OSError as error:
            raise NotFetched(f"本机没有这个文件：{type(error).__name__}") from error

    async def _downloaded(self, url: str) -> bytes:
        timeout = httpx.Timeout(self._seconds, connect=CONNECT_SECONDS)
        # 不许压缩：几 KB 能胀成几百 MB
        headers = {"Accept-Encoding": "identity"}
        try:
            async with (
                asyncio.timeout(self._seconds),
                httpx.AsyncClient(trust_env=False, timeout=timeout, headers=headers) as client,
            ):
                return await self._followed(client, httpx.URL(url))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            raise NotFetched(f"没有下载成功：{type(error).__name__}") from error

    async def _followed(self, client: httpx.AsyncClient, url: httpx.URL) -> bytes:
        first = url.host
        for _ in range(MOST_REDIRECTS + 1):
            async with client.stream("GET", url) as response:
                if not response.has_redirect_location:
                    return await self._body(response)
                url = response.url.join(response.headers["Location"])
            if url.scheme not in ("http", "https"):
                raise NotFetched("被转到了别的协议")
            if url.host != first and not await _is_public(url.host):
                raise NotFetched("被转到了内网地址")
        raise NotFetched("转了太多次")

    async def _body(self, response: httpx.Response) -> bytes:
        if response.status_code != httpx.codes.OK:
            raise NotFetched(f"对方回了 {response.status_code}")
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise NotFetched("对方给的是压缩过的")
        announced = response.headers.get("Content-Length", "")
        if announced.isdigit() and int(announced) > self._largest:
            raise TooLarge(self._largest)
        content = bytearray()
        async for chunk in response.aiter_raw():
            content += chunk
            if len(content) > self._largest:
                raise TooLarge(self._largest)
        return self._within(bytes(content))

    def _within(self, content: bytes) -> bytes:
        if len(content) > self._largest:
            raise TooLarge(self._largest)
        if not content:
            raise NotFetched("内容是空的")
        return content


async def _is_public(host: str) -> bool:
    """这个主机的全部地址都在公网上。"""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return all(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found)
