"""待答问题归组：问得相近的放一起，答一次大家都收到。只看文字，纯函数，同样的输入总是同样的组。"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

from faq.analysis import default_analyser
from faq.index import KIND_WEIGHTS, kind_of
from storage.questions import OpenQuestion

# 在带标注的提问上量过：到了这个余弦，十对里约八对问的是同一条
SIMILAR = 0.5


@dataclass(frozen=True, slots=True)
class Cluster:
    """一组相近的问题，先问的在前，至少一个。"""

    questions: tuple[OpenQuestion, ...]

    @property
    def number(self) -> int:
        """最小的编号，代表这一组。"""
        return self.questions[0].id

    @property
    def text(self) -> str:
        """第一个人的问法。"""
        return self.questions[0].text

    @property
    def people(self) -> int:
        """几个人问。"""
        return len({question.asked_by for question in self.questions})


@dataclass(slots=True)
class _Leaders:
    """每组的第一句话和它的检索词；词 → 含有它的组，只和有共同词的组比。"""

    lengths: list[float] = field(default_factory=list)
    holders: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def nearest(self, terms: dict[str, float], length: float) -> int | None:
        """最像的一组，都不够像返回 None；一样像取早的。"""
        shared: dict[int, float] = defaultdict(float)
        for term, weight in terms.items():
            for number in self.holders.get(term, ()):
                shared[number] += weight * weight
        best, best_score = None, SIMILAR
        for number in sorted(shared):
            score = shared[number] / (length * self.lengths[number])
            if score > best_score or (best is None and score >= SIMILAR):
                best, best_score = number, score
        return best

    def add(self, terms: dict[str, float], length: float) -> None:
        """新起一组。"""
        for term in terms:
            self.holders[term].append(len(self.lengths))
        self.lengths.append(length)


def cluster(questions: Sequence[OpenQuestion]) -> list[Cluster]:
    """把相近的问题归成组：先问的起头，后来的归到最像的一组；人多的组在前，一样多的先问的在前。"""
    leaders = _Leaders()
    groups: list[list[OpenQuestion]] = []
    alone: dict[str, int] = {}
    for question in sorted(questions, key=lambda one: one.id):
        terms = _weights(question.text)
        length = _length(terms)
        # 没有检索词的（只有符号、客套）只和一字不差的放一起
        number = leaders.nearest(terms, length) if terms else alone.get(question.text)
        if number is None:
            alone[question.text] = len(groups)
            leaders.add(terms, length)
            groups.append([question])
        else:
            groups[number].append(question)
    found = [Cluster(tuple(group)) for group in groups]
    return sorted(found, key=lambda one: (-one.people, one.number))


def similarity(left: str, right: str) -> float:
    """两句话有多像，0 到 1。"""
    one, other = _weights(left), _weights(right)
    shared = sum(one[term] ** 2 for term in one.keys() & other.keys())
    return shared / (_length(one) * _length(other))


def _weights(text: str) -> dict[str, float]:
    return {term: KIND_WEIGHTS[kind_of(term)] for term in default_analyser().analyse(text).terms}


def _length(terms: dict[str, float]) -> float:
    return sqrt(sum(weight * weight for weight in terms.values())) or 1.0
