"""口气：只凭字面看一句话像提问还是像闲聊。各片段的分量由拟合得出，写在 tone.toml，正数像提问、负数像闲聊。"""

import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from math import log
from pathlib import Path

TONE_FILE = Path(__file__).parent / "tone.toml"
SMOOTHING = 1.0
LIMIT = 3.0


def pieces(compact: str) -> list[str]:
    """一句话（去掉标点空白）的单字与双字，句首句尾带 ^ 与 $；去重。"""
    marked = "^" + compact + "$"
    return list(dict.fromkeys([*compact, *(marked[i : i + 2] for i in range(len(marked) - 1))]))


class Tone:
    """片段 → 分量。"""

    def __init__(self, weights: dict[str, float]) -> None:
        self._weights = weights

    @classmethod
    def load(cls, path: Path = TONE_FILE) -> "Tone":
        """读口气表；文件不存在时一概为 0。"""
        if not path.exists():
            return cls({})
        return cls(tomllib.loads(path.read_text(encoding="utf-8"))["pieces"])

    def of(self, compact: str) -> float:
        """一句话的口气，约在 -3 到 3 之间；没有已知片段时为 0。"""
        found = [self._weights.get(piece, 0.0) for piece in pieces(compact)]
        return max(-LIMIT, min(LIMIT, sum(found) / (len(found) + 2) ** 0.5)) if found else 0.0


class ToneCounts:
    """拟合口气用的计数；可以把某一句自己的份扣掉再算，避免拿自己教自己。"""

    def __init__(self, asked: Iterable[str], chatted: Iterable[str]) -> None:
        self._counts = {True: Counter[str](), False: Counter[str]()}
        self._totals = {True: 0, False: 0}
        for right, texts in ((True, asked), (False, chatted)):
            for text in texts:
                self._counts[right].update(pieces(text))
                self._totals[right] += 1

    def weight(self, piece: str, own: bool | None = None) -> float:
        """一个片段的对数比；own 给出时先扣掉这一类里的一次。"""
        rate: dict[bool, float] = {}
        for right in (True, False):
            count = self._counts[right][piece] - (own is right)
            rate[right] = (count + SMOOTHING) / (self._totals[right] + 2 * SMOOTHING)
        seen = self._counts[True][piece] + self._counts[False][piece] - (own is not None)
        return log(rate[True] / rate[False]) * seen / (seen + 2)

    def without(self, compact: str, own: bool) -> "Tone":
        """扣掉这一句之后的口气表（只含这一句的片段）。"""
        return Tone({piece: self.weight(piece, own) for piece in pieces(compact)})

    def tone(self, fewest: int = 4) -> dict[str, float]:
        """最终的口气表：出现够多、分量够大的片段。"""
        seen = self._counts[True] + self._counts[False]
        found = {piece: round(self.weight(piece), 2) for piece, count in seen.items() if count >= fewest}
        return {piece: weight for piece, weight in sorted(found.items()) if abs(weight) >= 0.3}


@lru_cache(maxsize=1)
def default_tone() -> Tone:
    """随包附带的口气表，只读一次。"""
    return Tone.load()
