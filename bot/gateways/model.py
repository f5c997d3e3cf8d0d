"""大模型的端点：任何 OpenAI 兼容的 HTTP。超时、重试、熔断、预算、并发都在这里管住。

密钥只在请求头里，不进日志、不进错误；日志里只有坏的种类（超时、HTTP 500）。
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from bot.domain.clock import Clock
from bot.domain.model import ModelUnavailable, Vector
from bot.domain.model_limits import (
    OPEN_SECONDS,
    Allowance,
    Breaker,
    Usage,
    estimated_tokens,
    spent,
    usage_on,
    within,
)
from bot.gateways.model_files import UsageFile
from bot.gateways.model_protocol import (
    BadReply,
    chat_body,
    embedding_body,
    read_chat,
    read_embeddings,
    read_json,
    read_tokens,
)

logger = logging.getLogger(__name__)

LARGEST_REPLY = 1024 * 1024
AT_ONCE = 4
CONNECT_SECONDS = 3.0
CHAT, EMBEDDING = "改写", "向量"

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """端点在哪、用哪个模型；名字空着就是不用那一样。"""

    base_url: str
    api_key: str = field(default="", repr=False)
    chat: str = ""
    embedding: str = ""
    timeout_seconds: float = 8.0


class ModelEndpoint:
    """会改写、会算向量的端点；用到才连。"""

    def __init__(
        self,
        endpoint: Endpoint,
        allowance: Allowance,
        ledger: UsageFile,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint = endpoint
        self._allowance = allowance
        self._ledger = ledger
        self._clock = clock
        self._monotonic = monotonic
        self._client: httpx.AsyncClient | None = None
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._breakers = {CHAT: Breaker(), EMBEDDING: Breaker()}
        self._usage: Usage | None = None
        self._warned: Usage | None = None

    @property
    def words(self) -> bool:
        """配了改写的模型没有。"""
        return bool(self._endpoint.chat)

    @property
    def embeds(self) -> bool:
        """配了向量的模型没有。"""
        return bool(self._endpoint.embedding)

    async def chat(self, system: str, user: str) -> str:
        """说一轮。"""
        body = chat_body(self._endpoint.chat, system, user)
        return await self._ask(CHAT, "/chat/completions", body, read_chat)

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """算向量。"""
        body = embedding_body(self._endpoint.embedding, texts)
        count = len(texts)
        return await self._ask(EMBEDDING, "/embeddings", body, lambda reply: read_embeddings(reply, count))

    async def close(self) -> None:
        """断开。"""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _ask(
        self, purpose: str, path: str, body: bytes, read: Callable[[Mapping[str, Any]], Read]
    ) -> Read:
        breaker = self._breakers[purpose]
        if not breaker.admits(self._monotonic()):
            raise ModelUnavailable("正歇着")
        prompt = estimated_tokens(body.decode())
        self._reserve(prompt)
        self._breakers[purpose] = breaker.entered()
        try:
            async with asyncio.timeout(self._endpoint.timeout_seconds), self._slots:
                content = await self._post(path, body)
            reply = read_json(content)
            found = read(reply)
        except asyncio.CancelledError:
            self._breakers[purpose] = self._breakers[purpose].abandoned()
            raise
        except Exception as error:
            reason = _reason_of(error)
            self._failed(purpose, reason)
            raise ModelUnavailable(reason) from None
        self._succeeded(purpose)
        said = estimated_tokens(found) if isinstance(found, str) else 0
        self._charge((read_tokens(reply) or prompt + said) - prompt)
        return found

    def _reserve(self, tokens: int) -> None:
        """先记账再去问：问坏了也算用过。"""
        usage = usage_on(self._usage or self._ledger.load(), self._clock.now())
        if not within(usage, self._allowance, tokens):
            if self._warned is None or self._warned.day != usage.day:
                logger.warning("大模型今天的预算用完了，明天零点再用")
                self._warned = usage
            self._usage = usage
            raise ModelUnavailable("预算用完")
        self._usage = spent(usage, tokens, calls=1)
        self._ledger.save(self._usage)

    def _charge(self, tokens: int) -> None:
        self._usage = spent(usage_on(self._usage, self._clock.now()), tokens)
        self._ledger.save(self._usage)

    def _failed(self, purpose: str, reason: str) -> None:
        before = self._breakers[purpose]
        after = self._breakers[purpose] = before.failed(self._monotonic())
        if after.open_until is not None and before.open_until is None:
            logger.warning(
                "大模型（%s）接连用不上，最近一次：%s；歇 %d 秒再试", purpose, reason, OPEN_SECONDS
            )

    def _succeeded(self, purpose: str) -> None:
        before = self._breakers[purpose]
        after = self._breakers[purpose] = before.succeeded()
        if before.open_until is not None and after.open_until is None:
            logger.info("大模型（%s）又能用了", purpose)

    async def _post(self, path: str, body: bytes) -> bytes:
        """连不上再连一次；已经发出去的不重发。"""
        try:
            return await self._send(path, body)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return await self._send(path, body)

    async def _send(self, path: str, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if self._endpoint.api_key:
            headers["Authorization"] = f"Bearer {self._endpoint.api_key}"
        url = self._endpoint.base_url.rstrip("/") + path
        async with self._connected().stream("POST", url, content=body, headers=headers) as response:
            if response.status_code != httpx.codes.OK:
                raise BadReply(f"HTTP {response.status_code}")
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise BadReply("压缩过的回应")
            content = bytearray()
            async for chunk in response.aiter_raw():
                content += chunk
                if len(content) > LARGEST_REPLY:
                    raise BadReply("回应太大")
        return bytes(content)

    def _connected(self) -> httpx.AsyncClient:
        """不跟随重定向（密钥不会被带到别处），不读代理之类的环境变量。"""
        if self._client is None:
            timeout = httpx.Timeout(self._endpoint.timeout_seconds, connect=CONNECT_SECONDS)
            self._client = httpx.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False)
        return self._client


def _reason_of(error: Exception) -> str:
    """坏的种类；不用别人的说明，里面可能有地址、正文。"""
    if isinstance(error, BadReply):
        return str(error)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return "连不上"
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "超时"
    if isinstance(error, httpx.NetworkError | httpx.ProtocolError):
        return "话没说完就断了"
    return type(error).__name__
