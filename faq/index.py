"""倒排索引：按条目合并问法的词频打分（BM25 的比例写法），以及条目内逐个问法的余弦。纯 Python。"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log, sqrt

from faq.analysis import Analyser, Analysis
from faq.entries import Entry

SATURATION = 0.25
ANSWER_ONLY: tuple[float, float, bool, bool] = (0.0, 0.0, True, False)
CORE_SHARE = 0.3  # 在三成以上问法里出现的词，是这一条的核心词
SINGLE, PAIR, CONCEPT, ASK = KINDS = (0, 1, 2, 3)
KIND_WEIGHTS = (0.5, 1.0, 1.0, 0.7)  # 单字、双字、近义组、问法组
COMMON = 0.35  # 出现在这么多条目里的词分不开条目，挑候选时不看
LONGEST_POSTING = 100  # 一个词最多记住的条目数（取得分高的），条目上万时查得仍快


def kind_of(term: str) -> int:
    """一个检索词的种类：单字、双字、近义组、问法组。"""
    if term[0] == "〈":
        return ASK if term[1] == "问" else CONCEPT
    return SINGLE if len(term) == 1 or term.isascii() else PAIR


@dataclass(slots=True)
class Document:
    """一个条目在索引里的样子：它的每个问法；词 → 含有它的问法；词 →（得分、核心分、答复里有、问法里有）。

    learned 是它在分类器里的号，刚加进来、分类器没学过的是 -1。
    """

    entry: Entry
    phrasings: tuple[Analysis, ...]
    answer: frozenset[str]
    holders: dict[str, list[int]] = field(default_factory=dict)
    table: dict[str, tuple[float, float, bool, bool]] = field(default_factory=dict)
    core_mass: float = 0.0
    norms: list[float] = field(default_factory=list)
    learned: int = -1

    @classmethod
    def of(cls, entry: Entry, analyser: Analyser) -> "Document":
        """分析一个条目的标准问法与全部别名。"""
        texts = dict.fromkeys((entry.question, *entry.aliases))
        phrasings = tuple(analyser.analyse(text) for text in texts)
        document = cls(entry, phrasings, frozenset(analyser.analyse(entry.answer).terms))
        for number, phrasing in enumerate(phrasings):
            for term in phrasing.terms:
                document.holders.setdefault(term, []).append(number)
        return document

    def fresh(self) -> "Document":
        """同一个条目的另一份，供另一个索引填权重，互不影响。"""
        return replace(self, norms=[], table={})


class Index:
    """全部条目的倒排索引。"""

    def __init__(self, documents: Sequence[Document], learned: Mapping[str, int]) -> None:
        self.documents = list(documents)
        for document in self.documents:
            document.learned = learned.get(document.entry.id, -1)
        self.with_learned = {d.learned: n for n, d in enumerate(self.documents) if d.learned >= 0}
        self.number_of = {document.entry.id: number for number, document in enumerate(self.documents)}
        total = len(self.documents)
        frequency: Counter[str] = Counter()
        for document in self.documents:
            frequency.update(document.holders.keys())
        self.weight = {
            term: rarity(count, total) * KIND_WEIGHTS[kind_of(term)] for term, count in frequency.items()
        }
        for document in self.documents:  # 只在答复里出现的词，也算库里有的词
            for term in document.answer:
                self.weight.setdefault(term, rarity(1, total) * KIND_WEIGHTS[kind_of(term)])
        self.unseen = rarity(0, total)
        self.postings: dict[str, list[tuple[int, float]]] = {}
        for number, document in enumerate(self.documents):
            self._post(number, document)
        most = max(20, COMMON * total)
        for posting in self.postings.values():
            if len(posting) > most:
                posting.clear()
            elif len(posting) > LONGEST_POSTING:
                posting.sort(key=lambda pair: -pair[1])
                del posting[LONGEST_POSTING:]

    def _post(self, number: int, document: Document) -> None:
        size = len(document.phrasings)
        core_mass = 0.0
        table: dict[str, tuple[float, float, bool, bool]] = dict.fromkeys(document.answer, ANSWER_ONLY)
        for term, holders in document.holders.items():
            share = len(holders) / size
            impact = self.weight[term] * share * (1 + SATURATION) / (share + SATURATION)
            core = share * self.weight[term] if len(term) > 1 and share >= CORE_SHARE else 0.0
            core_mass += core
            table[term] = (impact, core, term in document.answer, True)
            if document.learned < 0:  # 学过的由分类器挑，不用倒排表
                self.postings.setdefault(term, []).append((number, impact))
        document.table, document.core_mass = table, core_mass or 0.001
        document.norms = [length(self.weight, phrasing.terms) for phrasing in document.phrasings]

    def scores(self, analysis: Analysis) -> dict[int, float]:
        """分类器没学过的条目按字词与近义组的得分（没有共同词的不出现）。"""
        return accumulate(self.postings, analysis.terms)


def rarity(count: int, total: int) -> float:
    """词越少见越重：log(1 + (N - n + 0.5) / (n + 0.5))。"""
    return log(1 + (total - count + 0.5) / (count + 0.5))


def length(weight: dict[str, float], terms: Iterable[str]) -> float:
    """一串词按权重的向量长度，最小 0.001。"""
    return sqrt(sum(weight[term] ** 2 for term in terms)) or 0.001


def accumulate(postings: dict[str, list[tuple[int, float]]], terms: Iterable[str]) -> dict[int, float]:
    """把各词的倒排表加成得分。"""
    total: dict[int, float] = {}
    for term in terms:
        for number, impact in postings.get(term, ()):
            total[number] = total.get(number, 0.0) + impact
    return total
