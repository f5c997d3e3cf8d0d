"""口气：一句话像是来问这摊事的，还是群里的闲话。看单字、双字和三字片段，不看条目；权重在 tone.toml。"""

import tomllib
from functools import lru_cache
from math import sqrt
from pathlib import Path

TONE_FILE = Path(__file__).parent / "tone.toml"


def pieces(compact: str) -> list[str]:
    """一句话（去掉标点空白）的单字、双字与三字，句首句尾带 ^ 与 $；去重。"""
    marked = "^" + compact + "$"
    found = dict.fromkeys(compact)
    for size in (2, 3):
        found.update(dict.fromkeys(marked[i : i + size] for i in range(len(marked) - size + 1)))
    return list(found)


class Tone:
    """片段 → 分量；bias 是起点。"""

    def __init__(self, weights: dict[str, float], bias: float = 0.0) -> None:
        self._weights = weights
        self._bias = bias

    @classmethod
    def load(cls, path: Path = TONE_FILE) -> "Tone":
        """读口气表；文件不存在时一概为 0。"""
        if not path.exists():
            return cls({})
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(document["pieces"], document["bias"])

    def of(self, compact: str) -> float:
        """一句话的口气（对数几率）：正数像来问的，负数像闲话。"""
        found = pieces(compact)
        weights = self._weights
        return self._bias + sum(weights.get(piece, 0.0) for piece in found) / (sqrt(len(found)) or 1.0)


@lru_cache(maxsize=1)
def default_tone() -> Tone:
    """随包附带的口气表，只读一次。"""
    return Tone.load()
