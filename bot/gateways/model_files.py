"""大模型留在数据目录里的两个文件：条目的向量、当天用了多少。坏了就当没有，删了也不要紧。"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from array import array
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bot.domain.model import Vector
from bot.domain.model_limits import Usage

MAGIC = b"MODEL-VECTORS 1\n"
KEY_BYTES = 16
FLOAT_BYTES = 4
LARGEST = 512 * 1024 * 1024


class VectorFile:
    """条目的向量：一行说明（模型、维数、个数），后面一个接一个的哈希与 float32（小端）。"""

    def __init__(self, path: Path, model: str) -> None:
        self._path = path
        self._model = model

    def load(self) -> dict[str, Vector]:
        """读出来；没有、坏了、别的模型的返回空的。"""
        try:
            if self._path.stat().st_size > LARGEST:
                return {}
            return self._read(self._path.read_bytes())
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def _read(self, content: bytes) -> dict[str, Vector]:
        if not content.startswith(MAGIC):
            return {}
        end = content.index(b"\n", len(MAGIC))
        header = json.loads(content[len(MAGIC) : end])
        dimensions, count = int(header["dimensions"]), int(header["count"])
        size = KEY_BYTES + dimensions * FLOAT_BYTES
        rows = memoryview(content)[end + 1 :]
        if header["model"] != self._model or dimensions < 1 or len(rows) != size * count:
            return {}
        found = {}
        for start in range(0, len(rows), size):
            key = bytes(rows[start : start + KEY_BYTES]).hex()
            found[key] = _floats(bytes(rows[start + KEY_BYTES : start + size]))
        return found

    def save(self, vectors: Mapping[str, Vector]) -> None:
        """整个换新。"""
        dimensions = len(next(iter(vectors.values()), ()))
        header = {"model": self._model, "dimensions": dimensions, "count": len(vectors)}
        rows = [bytes.fromhex(key) + _bytes(vector) for key, vector in vectors.items()]
        content = b"".join((MAGIC, json.dumps(header, ensure_ascii=False).encode(), b"\n", *rows))
        _replace(self._path, content)


class UsageFile:
    """当天用了多少；写不进去只在内存里记着，不耽误答复。"""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Usage | None:
        """上次记的；没有、坏了返回 None。"""
        try:
            found = json.loads(self._path.read_text("utf-8"))
            calls, tokens = int(found["calls"]), int(found["tokens"])
            return Usage(date.fromisoformat(found["day"]), max(calls, 0), max(tokens, 0))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def save(self, usage: Usage) -> None:
        """记下来。"""
        record = {"day": usage.day.isoformat(), "calls": usage.calls, "tokens": usage.tokens}
        with contextlib.suppress(OSError):
            _replace(self._path, json.dumps(record).encode(), sync=False)


def _replace(path: Path, content: bytes, *, sync: bool = True) -> None:
    """先写旁边再换名，不会剩半个；``sync`` 连断电也不怕，慢几毫秒。"""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        if sync:
            os.fsync(file.fileno())
    beside.replace(path)


def _floats(content: bytes) -> Vector:
    vector = array("f", content)
    if sys.byteorder == "big":
        vector.byteswap()
    return vector


def _bytes(vector: Vector) -> bytes:
    if sys.byteorder == "big":
        vector = array("f", vector)
        vector.byteswap()
    return vector.tobytes()
