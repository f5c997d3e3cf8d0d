"""排序权重：让正确条目在候选里得分最高。"""

from collections.abc import Sequence

from faq.datasets import QUESTION
from faq.fit.examples import Read
from faq.fit.learning import fit_choice

START = {"bm25_raw": 4.0, "cover": 4.0, "core": 1.5, "learned": 1.0}  # 从这里起步，不看旧文件，所以可重算
QUESTION_SHARE = 3.0


def rank_weights(reads: Sequence[Read]) -> dict[str, float]:
    """条件逻辑回归算出的权重；真实提问的分量是问法的三倍。"""
    names = sorted(next(read.reading for read in reads if read.reading.found).found[0].features)
    groups: list[tuple[list[list[float]], int, float]] = []
    for read in reads:
        ids = [candidate.document.entry.id for candidate in read.reading.found]
        if read.example.id is None or read.reading.exact or read.example.id not in ids:
            continue
        vectors = [[candidate.features[name] for name in names] for candidate in read.reading.found]
        share = QUESTION_SHARE if read.example.source == QUESTION else 1.0
        groups.append((vectors, ids.index(read.example.id), share))
    weights = fit_choice(groups, [START.get(name, 0.0) for name in names])
    return {name: round(weight, 3) for name, weight in zip(names, weights, strict=True)}


def rerank(reads: Sequence[Read], weights: dict[str, float]) -> None:
    """用新的排序权重给已读懂的提问重新排序（就地）。"""
    for read in reads:
        for candidate in read.reading.found:
            candidate.total = sum(
                weights.get(name, 0.0) * value for name, value in candidate.features.items()
            )
        if not read.reading.exact:
            read.reading.found.sort(key=lambda candidate: (-candidate.total, candidate.document.entry.id))
