"""向量这条检索通道：哪些问法要算、像不像的门槛、怎么并进候选。纯函数；只动候选，从不给答复。"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import sqrt
from operator import mul

from bot.domain.model import Vector, vector_of
from faq.entries import Entry

# 一条取几种问法：标准问法，和均匀挑出来的几个别名
PHRASINGS = 5
# 逐个比过去，最多比这么多个向量；条目比这还多就不用这条通道
MOST_ROWS = 5000
CANDIDATES = 3
# 两个名次并起来：名次越靠前分越高，常数越大越平
FUSION = 5
# 一条的问法太少、量不出门槛时用的
PLAIN_FLOOR = 0.6
SAMPLED = 60


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """全部条目的向量；``floor`` 是像到什么程度才算相关。"""

    rows: Sequence[tuple[str, Vector]]
    floor: float


def phrasings_of(entry: Entry, most: int = PHRASINGS) -> tuple[str, ...]:
    """这一条拿去算向量的问法：标准问法，和均匀挑出来的别名。"""
    aliases, wanted = entry.aliases, most - 1
    step = max(len(aliases) / max(wanted, 1), 1.0)
    picked = (aliases[int(place * step)] for place in range(min(wanted, len(aliases))))
    return tuple(dict.fromkeys((entry.question, *picked)))


def wanted_phrasings(entries: Collection[Entry]) -> dict[str, tuple[str, str]]:
    """内容的哈希 → （条目编号，问法）；条目多了每条少取几种，太多了一种也不取。"""
    most = min(PHRASINGS, MOST_ROWS // max(len(entries), 1))
    if most == 0:
        return {}
    pairs = ((entry.id, phrasing) for entry in entries for phrasing in phrasings_of(entry, most))
    return {content_key(phrasing): (entry_id, phrasing) for entry_id, phrasing in pairs}


def content_key(text: str) -> str:
    """一句话按内容的哈希。"""
    return blake2b(text.encode(), digest_size=16).hexdigest()


def unit_length(vector: Iterable[float]) -> Vector | None:
    """归一成长度为 1；全零、有无穷大的返回 None。"""
    values = vector_of(vector)
    length = sqrt(sum(map(mul, values, values)))
    if not 0 < length < float("inf"):
        return None
    return vector_of(value / length for value in values)


def similarity(one: Vector, other: Vector) -> float:
    """两句有多像，-1 到 1。"""
    return sum(map(mul, one, other))


def index_of(wanted: Mapping[str, tuple[str, str]], vectors: Mapping[str, Vector]) -> VectorIndex:
    """拿已经算好的向量排成索引；还没算好的问法先不算。"""
    rows = [(entry_id, vectors[key]) for key, (entry_id, _) in wanted.items() if key in vectors]
    return VectorIndex(rows, _floor(rows))


def _floor(rows: Sequence[tuple[str, Vector]]) -> float:
    """门槛从知识库自己量：同一条的几种问法有多像，取靠下的四分之一处。各家模型的尺度不同，不能写死。"""
    own: dict[str, list[Vector]] = defaultdict(list)
    for entry_id, vector in rows:
        own[entry_id].append(vector)
    groups = [vectors for vectors in own.values() if len(vectors) > 1]
    sampled = groups[:: max(len(groups) // SAMPLED, 1)]
    found = sorted(similarity(group[0], other) for group in sampled for other in group[1:])
    return found[len(found) // 4] if found else PLAIN_FLOOR


def nearest(index: VectorIndex, vector: Vector) -> list[str]:
    """够像的条目编号，最像的在前，最多三个。"""
    best: dict[str, float] = {}
    for entry_id, row in index.rows:
        score = similarity(row, vector)
        if score >= index.floor and score > best.get(entry_id, -1.0):
            best[entry_id] = score
    return sorted(best, key=lambda one: -best[one])[:CANDIDATES]


def fused(suggested: Sequence[str], near: Sequence[str]) -> tuple[str, ...]:
    """检索给的候选与向量给的候选并成最多三个；一样高的，检索给的在前。"""
    scores: dict[str, float] = {}
    for ranking in (suggested, near):
        for place, entry_id in enumerate(ranking):
            scores[entry_id] = scores.get(entry_id, 0.0) + 1 / (FUSION + place)
    return tuple(sorted(scores, key=lambda one: -scores[one])[:CANDIDATES])
