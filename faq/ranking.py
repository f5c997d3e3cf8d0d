"""排序：为一句提问挑出候选条目，给每个候选算一组看得懂的特征，按权重加成一个分。"""

from dataclasses import dataclass, field
from heapq import nlargest

from faq.analysis import Analyser, Analysis
from faq.classifier import Classifier, Opinion
from faq.index import ASK, CONCEPT, KIND_WEIGHTS, KINDS, PAIR, Document, Index, kind_of
from faq.text import clauses

CANDIDATES = 6
LEARNED_CANDIDATES = 5
CLAUSE_CANDIDATES = 3
SHORTEST_SPLIT = 9  # 不足这么多字的提问不分句
SHORTEST_CLAUSE = 3
MOST_CLAUSES = 2
FEATURES: tuple[str, ...] = (
    "bm25",
    "bm25_raw",
    "pair",
    "concept",
    "ask",
    "concept_share",
    "ask_share",
    "cover",
    "core",
    "answer",
    "learned",
    "unlearned",
)
CLAUSE_FEATURES: tuple[str, ...] = tuple(name + "_clause" for name in FEATURES)


@dataclass(slots=True)
class Candidate:
    """一个候选条目：特征与总分。"""

    document: Document
    features: dict[str, float]
    total: float = 0.0


@dataclass(slots=True)
class View:
    """一句话（或其中一个小句）对索引的全部得分。"""

    analysis: Analysis
    terms: list[tuple[str, float, int]]
    asked: tuple[float, float, float, float]
    mass: float
    norm: float
    scores: dict[int, float]
    opinion: Opinion
    unknown: float = field(default=0.0)


def view_of(analysis: Analysis, index: Index, classifier: Classifier) -> View:
    """算一句话对索引的得分与自身的量。"""
    terms: list[tuple[str, float, int]] = []
    asked = [0.0] * len(KINDS)
    mass = square = unknown = 0.0
    for term in analysis.terms:
        known = index.weight.get(term)
        kind = kind_of(term)
        value = index.unseen * KIND_WEIGHTS[kind] if known is None else known
        mass += value
        square += value * value
        if known is None:
            unknown += value
        else:
            terms.append((term, value, kind))
            asked[kind] += value
    return View(
        analysis,
        terms,
        (asked[0], asked[1], asked[2], asked[3]),
        mass or 0.001,
        square**0.5 or 0.001,
        index.scores(analysis),
        classifier.opinion(analysis),
        unknown / mass if mass else 1.0,
    )


def views_of(text: str, analyser: Analyser, index: Index, classifier: Classifier) -> list[View]:
    """整句在前；够长且分得开时，后面跟着各小句（最多 2 个，取靠后的）；输入须已规整。"""
    whole = analyser.analyse_normal(text)
    views = [view_of(whole, index, classifier)]
    parts = clauses(whole.text)
    if len(whole.compact) < SHORTEST_SPLIT or len(parts) < 2:
        return views
    for part in parts[-MOST_CLAUSES:]:
        analysis = analyser.analyse_normal(part)
        if len(analysis.compact) >= SHORTEST_CLAUSE:
            views.append(view_of(analysis, index, classifier))
    return views


def candidates_of(
    views: list[View], index: Index, weights: dict[str, float], also: tuple[Document, ...] = ()
) -> list[Candidate]:
    """候选条目，按总分从高到低；没有共同词时为空。also 里的条目无论如何都算进去。"""
    numbers: dict[int, None] = {}
    for position, view in enumerate(views):
        limit = CLAUSE_CANDIDATES if position else CANDIDATES
        numbers.update(dict.fromkeys(nlargest(limit, view.scores, key=view.scores.__getitem__)))
        best = view.opinion.best(CLAUSE_CANDIDATES if position else LEARNED_CANDIDATES)
        numbers.update(dict.fromkeys(index.with_learned[n] for n in best if n in index.with_learned))
    numbers.update(dict.fromkeys(index.number_of[document.entry.id] for document in also))
    found: list[Candidate] = []
    for number in numbers:
        candidate = _candidate(index.documents[number], views)
        candidate.total = sum(weights.get(name, 0.0) * value for name, value in candidate.features.items())
        found.append(candidate)
    found.sort(key=lambda candidate: (-candidate.total, candidate.document.entry.id))
    return found


def _candidate(document: Document, views: list[View]) -> Candidate:
    whole = _features(views[0], document)
    best = whole
    for view in views[1:]:
        best = tuple(map(max, best, _features(view, document)))
    features: dict[str, float] = dict(zip(FEATURES, whole, strict=True))
    features.update(zip(CLAUSE_FEATURES, best, strict=True))
    return Candidate(document, features)


def _features(view: View, document: Document) -> tuple[float, ...]:
    sums = [0.0] * len(KINDS)
    covered = answered = core = 0.0
    table = document.table
    for term, value, kind in view.terms:
        row = table.get(term)
        if row is None:
            continue
        impact, core_weight, in_answer, in_phrasing = row
        if in_answer:
            answered += value
        if in_phrasing:
            covered += value
            core += core_weight
            sums[kind] += impact
    total, mass = sum(sums), view.mass
    return (
        total / mass,
        total / 10,
        sums[PAIR] / mass,
        sums[CONCEPT] / mass,
        sums[ASK] / mass,
        sums[CONCEPT] / (view.asked[CONCEPT] + 1),
        sums[ASK] / (view.asked[ASK] + 1),
        covered / mass,
        core / document.core_mass,
        answered / mass,
        view.opinion.share(document.learned),
        float(document.learned < 0),
    )


@dataclass(frozen=True, slots=True)
class Likeness:
    """一句话与一个条目逐个问法比较：最像的问法、余弦、前三个的平均、那个问法被说到了多少。"""

    phrasing: Analysis
    cosine: float
    top3: float
    alias_cover: float


def likeness(view: View, document: Document) -> Likeness:
    """逐个问法比较；只对第一名算。"""
    dots = [0.0] * len(document.phrasings)
    for term, value, _ in view.terms:
        for holder in document.holders.get(term, ()):
            dots[holder] += value * value
    cosines = [dot / norm for dot, norm in zip(dots, document.norms, strict=True)]
    ordered = sorted(cosines, reverse=True)
    top = cosines.index(ordered[0])
    return Likeness(
        document.phrasings[top],
        ordered[0] / view.norm,
        sum(ordered[:3]) / (3 * view.norm),
        dots[top] / document.norms[top] ** 2,
    )
