"""快慢：同一次运行里与按词的 BM25 相比，以及条目从 200 增到 20,000 慢多少。只打印比值，测试不看快慢。"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from math import log
from statistics import median
from time import perf_counter

import rjieba

from faq.entries import Entry
from faq.retriever import Retriever

SEED = 20170220
ROUNDS = 5
GROWN = 20_000
ASKED = 300


class WordBM25:
    """对照：普通的按词 BM25（k1=1.5，b=0.75），一条知识的全部问法是一篇。"""

    def __init__(self, entries: Sequence[Entry]) -> None:
        documents = [
            Counter(word for text in (entry.question, *entry.aliases) for word in rjieba.cut(text))
            for entry in entries
        ]
        lengths = [sum(document.values()) for document in documents]
        average = sum(lengths) / len(lengths)
        holders = Counter(word for document in documents for word in document)
        self.postings: dict[str, list[tuple[int, float]]] = {}
        for number, document in enumerate(documents):
            for word, count in document.items():
                rarity = log(1 + (len(documents) - holders[word] + 0.5) / (holders[word] + 0.5))
                share = count * 2.5 / (count + 1.5 * (0.25 + 0.75 * lengths[number] / average))
                self.postings.setdefault(word, []).append((number, rarity * share))

    def search(self, text: str) -> list[tuple[int, float]]:
        """得分最高的五条。"""
        totals: dict[int, float] = {}
        for word in rjieba.cut(text):
            for number, weight in self.postings.get(word, ()):
                totals[number] = totals.get(number, 0.0) + weight
        return sorted(totals.items(), key=lambda pair: -pair[1])[:5]


def grown(entries: Sequence[Entry], size: int) -> list[Entry]:
    """把条目撑到 size 条：多出来的由别的条目的问法打乱字词拼成，编号 grown.*。"""
    chance = random.Random(SEED)  # noqa: S311 只求可重算
    texts = [text for entry in entries for text in (entry.question, *entry.aliases)]
    found = list(entries)
    while len(found) < size:
        halves = [
            text[: len(text) // 2] if i % 2 else text[len(text) // 2 :]
            for i, text in enumerate(chance.sample(texts, 8))
        ]
        phrasings = tuple(dict.fromkeys(a + b for a, b in pairwise(halves)))
        found.append(
            replace(entries[0], id=f"grown.{len(found)}", question=phrasings[0], aliases=phrasings[1:])
        )
    return found


def seconds(search: Callable[[str], object], texts: Sequence[str]) -> float:
    """一问平均几秒：几轮取中位。"""
    took: list[float] = []
    for _ in range(ROUNDS):
        start = perf_counter()
        for text in texts:
            search(text)
        took.append((perf_counter() - start) / len(texts))
    return median(took)


def speed_lines(entries: Sequence[Entry], texts: Sequence[str]) -> list[str]:
    """快慢的几行。"""
    chosen = random.Random(SEED).sample(list(texts), min(ASKED, len(texts)))  # noqa: S311 只求可重算
    retriever, words = Retriever(entries), WordBM25(entries)
    ours, theirs = seconds(retriever.search, chosen), seconds(words.search, chosen)
    many = Retriever(grown(entries, GROWN))
    slow = seconds(many.search, chosen)
    return [
        f"\n## 快慢（随机种子 {SEED}，{len(chosen)} 问，{ROUNDS} 轮取中位；看比值，绝对值随机器而变）",
        "项目 | 比值 | 目标",
        f"检索一问 ÷ 按词 BM25（同样的 {len(entries)} 条） | {ours / theirs:.1f} | ≤ 5",
        f"条目 {len(entries)} → {GROWN}：检索一问慢了 | {slow / ours:.1f} 倍 | ≤ 20",
        f"（本机：检索 {1000 * ours:.2f} 毫秒，按词 BM25 {1000 * theirs:.2f} 毫秒，"
        f"{GROWN} 条时 {1000 * slow:.2f} 毫秒）",
    ]
