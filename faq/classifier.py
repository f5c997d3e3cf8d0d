"""分类器：从全部问法里学来的「这个词说明问的是哪一条」；权重在 classifier.txt，一行一个词，可重算。"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from itertools import combinations
from math import exp, log, sqrt
from pathlib import Path

from faq.analysis import Analysis

CLASSIFIER_FILE = Path(__file__).parent / "classifier.txt"
NOBODY = "-"  # 哪一条也不是：闲聊、别的事、库里没有的问题
LEAST = -12.0


def clues(analysis: Analysis) -> list[str]:
    """一句话里分类器看的线索：单字、双字、近义组，以及同时出现的两个近义组。"""
    pairs = ("＋".join(pair) for pair in combinations(sorted(analysis.concepts), 2))
    return [*analysis.terms, *pairs]


@dataclass(slots=True)
class Opinion:
    """分类器对一句话的看法：各条目的得分（按分类器里的号），whole 是全部得分的总量（对数）。

    nobody 是「哪条也不是」的号；没有这一类时为空。
    """

    totals: list[float]
    whole: float
    nobody: int | None

    @classmethod
    def of(cls, totals: list[float], nobody: int | None) -> "Opinion":
        """从得分（对数几率的尺度）算总量。"""
        highest = max(totals, default=0.0)
        near = sum(exp(total - highest) for total in totals if total > highest + LEAST)
        return cls(totals, highest + log(near or 1.0), nobody)

    def share(self, number: int) -> float:
        """一个号所占份额的对数，0 以下；没学过的（负号）当作 0。"""
        return max(LEAST, self.totals[number] - self.whole) if number >= 0 else 0.0

    @property
    def none_of_them(self) -> float:
        """「哪条也不是」所占份额的对数。"""
        return LEAST if self.nobody is None else self.share(self.nobody)

    def best(self, limit: int) -> list[int]:
        """得分最高的几个号，从高到低；「哪条也不是」也算一个号。"""
        return nlargest(limit, range(len(self.totals)), key=self.totals.__getitem__)

    def without(self, number: int) -> "Opinion":
        """装作没有某个号：它的份额由别的分掉。"""
        totals = list(self.totals)
        totals[number] = self.whole + 10 * LEAST
        return Opinion.of(totals, self.nobody)


class Classifier:
    """线性分类器：rarity 是词的稀有程度，weights 是词 → 各条目的权重，bias 是各条目的起点。"""

    def __init__(
        self,
        rarity: Mapping[str, float],
        weights: Mapping[str, Iterable[tuple[str, float]]],
        bias: Mapping[str, float],
    ) -> None:
        self.names = tuple(bias)
        self._bias = list(bias.values())
        self.number_of = {name: number for number, name in enumerate(self.names)}
        self._nobody = self.number_of.get(NOBODY)
        self._rows = {
            term: (
                value,
                tuple((self.number_of[name], weight * value) for name, weight in weights.get(term, ())),
            )
            for term, value in rarity.items()
        }

    @classmethod
    def load(cls, path: Path = CLASSIFIER_FILE) -> "Classifier":
        """读权重文件；不存在时是一个什么也不知道的分类器。"""
        if not path.exists():
            return cls({}, {}, {})
        rarity: dict[str, float] = {}
        weights: dict[str, list[tuple[str, float]]] = {}
        bias: dict[str, float] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            term, value, *pairs = line.split(" ")
            found = [(name, float(weight)) for name, _, weight in (pair.partition("=") for pair in pairs)]
            if term == "*":
                bias.update(found)
            else:
                rarity[term], weights[term] = float(value), found
        return cls(rarity, weights, bias)

    def written(self) -> str:
        """权重文件的文字。"""
        lines = [
            "# 分类器：由 python -m faq.fit 从全部问法算出，可重算；不手改。",
            "# 每行：词 稀有程度 条目=权重……；* 是各条目的起点，条目 - 是“哪一条也不是”。",
            "* 0 " + " ".join(f"{name}={bias:g}" for name, bias in zip(self.names, self._bias, strict=True)),
        ]
        for term, (value, row) in self._rows.items():
            pairs = (f"{self.names[number]}={round(weight / value, 2):g}" for number, weight in row)
            lines.append(" ".join((term, f"{value:g}", *pairs)))
        return "\n".join(lines) + "\n"

    def opinion(self, analysis: Analysis) -> Opinion:
        """看一句话，给每个学过的条目打分。"""
        if not self.names:
            return Opinion([], 0.0, None)
        totals = [0.0] * len(self._bias)
        square = 0.0
        get = self._rows.get
        for clue in clues(analysis):
            row = get(clue)
            if row is None:
                continue
            square += row[0] * row[0]
            for number, weight in row[1]:
                totals[number] += weight
        norm = sqrt(square) or 1.0
        totals = [total / norm + bias for total, bias in zip(totals, self._bias, strict=True)]
        return Opinion.of(totals, self._nobody)


@lru_cache(maxsize=1)
def default_classifier() -> Classifier:
    """随包附带的权重，只读一次。"""
    return Classifier.load()
