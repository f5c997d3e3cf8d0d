"""可选的大模型：业务只认这里的约定，真正的 HTTP 在 bot/gateways；没配、坏了、超时都是同一个意外。"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeAlias

# 一句话的向量：float32，已经归一（长度为 1）
Vector: TypeAlias = "array[float]"


def vector_of(values: Iterable[float]) -> Vector:
    """一串数 → 向量，还没有归一。"""
    return array("f", values)


class ModelUnavailable(Exception):
    """这一次用不上模型；说明只是种类（超时、HTTP 500），没有地址、密钥和正文。"""


class LanguageModel(Protocol):
    """会改写、会把句子变成向量的东西；两样可以只有一样。"""

    @property
    def words(self) -> bool:
        """能不能改写。"""
        ...

    @property
    def embeds(self) -> bool:
        """能不能算向量。"""
        ...

    async def chat(self, system: str, user: str) -> str:
        """说一轮，返回它写的原文；不成抛出 ModelUnavailable，总时限之内一定回来。"""
        ...

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """一句一个向量，次序不变、维数相同；不成抛出 ModelUnavailable。"""
        ...

    async def close(self) -> None:
        """不用了。"""
        ...


class VectorStore(Protocol):
    """向量放在哪里：换了模型，读出来就是空的。"""

    def load(self) -> dict[str, Vector]:
        """内容的哈希 → 向量；没有、读不懂、是别的模型算的都当没有。"""
        ...

    def save(self, vectors: Mapping[str, Vector]) -> None:
        """整个换新，要么全换、要么不动。"""
        ...
