"""OpenAI 兼容的报文：请求怎么写、回应怎么读；读不懂抛出 BadReply。纯函数。"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.model import Vector, vector_of

# 改写最多 260 字，连 JSON 也用不了这么多
MOST_TOKENS = 700
MOST_DIMENSIONS = 8192


class BadReply(Exception):
    """回应的样子不对；说明里没有正文。"""


def chat_body(model: str, system: str, user: str) -> bytes:
    """改写的请求。"""
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    body = {
        "model": model,
        "messages": messages,
        "temperature": 0,
        "max_tokens": MOST_TOKENS,
        "stream": False,
    }
    return json.dumps(body, ensure_ascii=False).encode()


def embedding_body(model: str, texts: Sequence[str]) -> bytes:
    """算向量的请求。"""
    body = {"model": model, "input": list(texts), "encoding_format": "float"}
    return json.dumps(body, ensure_ascii=False).encode()


def read_json(content: bytes) -> Mapping[str, Any]:
    """回应的 JSON 对象。"""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        raise BadReply("不是 JSON") from None
    if not isinstance(value, dict):
        raise BadReply("不是 JSON 对象")
    return value


def read_chat(reply: Mapping[str, Any]) -> str:
    """第一个回答的文字；没说完（截断、被拦下）的不要。"""
    try:
        choice = reply["choices"][0]
        text = choice["message"]["content"]
        finished = choice.get("finish_reason") in ("stop", None)
    except (KeyError, IndexError, TypeError, AttributeError):
        raise BadReply("没有回答") from None
    if not isinstance(text, str) or not finished:
        raise BadReply("没有说完")
    return text


def read_embeddings(reply: Mapping[str, Any], count: int) -> list[Vector]:
    """各句的向量，按 index 排好；少了、多了、长短不一都不要。"""
    rows = reply.get("data")
    if not isinstance(rows, list) or len(rows) != count:
        raise BadReply("向量的个数不对")
    found: dict[int, Vector] = {}
    for place, row in enumerate(rows):
        values = row.get("embedding") if isinstance(row, dict) else None
        index = row.get("index", place) if isinstance(row, dict) else None
        if type(index) is not int or not isinstance(values, list) or not 0 < len(values) <= MOST_DIMENSIONS:
            raise BadReply("向量的样子不对")
        found[index] = _vector(values)
    if sorted(found) != list(range(count)) or len({len(vector) for vector in found.values()}) > 1:
        raise BadReply("向量的样子不对")
    return [found[place] for place in range(count)]


def _vector(values: list[Any]) -> Vector:
    if not all(type(value) in (int, float) for value in values):
        raise BadReply("向量里不是数字")
    try:
        return vector_of(values)
    except OverflowError:
        raise BadReply("向量里的数太大") from None


def read_tokens(reply: Mapping[str, Any]) -> int | None:
    """它说用了几个 token；没说、说得不像话返回 None。"""
    usage = reply.get("usage")
    total = usage.get("total_tokens") if isinstance(usage, dict) else None
    return total if type(total) is int and total > 0 else None
