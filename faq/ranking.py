"""排序：为一句提问挑出候选条目，给每个候选算一组看得懂的特征，按权重加成一个分。"""

from dataclasses import dataclass, field
from heapq import nlargest

from faq.analysis import Analyser, Analysis
from faq.index import Document, Index, kind_of, kind_weight
from faq.text import clauses

CANDIDATES = 8
CLAUSE_CANDIDATES = 4
SHORTEST_SPLIT = 9  # 不足这么多字的提问不分句
SHORTEST_CLAUSE = 3
MOST_CLAUSES = 4


@dataclass(slots=True)
class Candidate:
    """一个候选条目：特征、总分、最像的问法。"""

    document: Document
    features: dict[str, float]
    best: Analysis
    total: float = 0.0


@dataclass(slots=True)
class View:
    """一句话（或其中一个小句）对索引的全部得分。"""

    analysis: Analysis
    weight: dict[str, float]
    mass: float
    norm: float
    sound_norm: float
    scores: dict[int, float]
    sound_scores: dict[int, float]
    unknown: float = field(default=0.0)


def view_of(analysis: Analysis, index: Index) -> View:
    """算一句话对索引的得分与自身的量。"""
    weight: dict[str, float] = {}
    mass = square = unknown = 0.0
    for term in analysis.terms:
        known = index.weight.get(term)
        value = index.unseen * kind_weight(term) if known is None else known
        mass += value
        square += value * value
        if known is None:
            unknown += value
        else:
            weight[term] = value
    sounds = [index.sound_weight.get(sound, index.unseen) for sound in analysis.sounds]
    return View(
        analysis,
        weight,
        mass or 0.001,
        square**0.5 or 0.001,
        sum(value * value for value in sounds) ** 0.5 or 0.001,
        index.scores(analysis),
        index.sound_scores(analysis),
        unknown / mass if mass else 1.0,
    )


def views_of(text: str, analyser: Analyser, index: Index) -> list[View]:
    """整句在前；够长且分得开时，后面跟着各小句（最多 4 个，取靠后的）；输入须已规整。"""
    whole = analyser.analyse_normal(text)
    views = [view_of(whole, index)]
    parts = clauses(whole.text)
    if len(whole.compact) < SHORTEST_SPLIT or len(parts) < 2:
        return views
    for part in parts[-MOST_CLAUSES:]:
        analysis = analyser.analyse_normal(part)
        if len(analysis.compact) >= SHORTEST_CLAUSE:
            views.append(view_of(analysis, index))
    return views


def candidates_of(
    views: list[View], index: Index, weights: dict[str, float], also: tuple[Document, ...] = ()
) -> list[Candidate]:
    """候选条目，按总分从高到低；没有共同词时为空。also 里的条目无论如何都算进去。"""
    numbers: dict[int, None] = {}
    for position, view in enumerate(views):
        limit = CLAUSE_CANDIDATES if position else CANDIDATES
        for scores in (view.scores, view.sound_scores):
            numbers.update(dict.fromkeys(nlargest(limit, scores, key=scores.__getitem__)))
    numbers.update(dict.fromkeys(index.number_of[document.entry.id] for document in also))
    found: list[Candidate] = []
    for number in numbers:
        candidate = _candidate(number, views, index)
        candidate.total = sum(weights.get(name, 0.0) * value for name, value in candidate.features.items())
        found.append(candidate)
    found.sort(key=lambda candidate: (-candidate.total, candidate.document.entry.id))
    return found


def _candidate(number: int, views: list[View], index: Index) -> Candidate:
    document = index.documents[number]
    features, best = _features(number, views[0], document, index)
    clause_best = dict(features)
    for view in views[1:]:
        for name, value in _features(number, view, document, index)[0].items():
            if value > clause_best[name]:
                clause_best[name] = value
    features.update({name + "_clause": value for name, value in clause_best.items()})
    return Candidate(document, features, best)


def _features(number: int, view: View, document: Document, index: Index) -> tuple[dict[str, float], Analysis]:
    dots = [0.0] * len(document.phrasings)
    sums = {"single": 0.0, "pair": 0.0, "concept": 0.0, "ask": 0.0}
    asked = dict(sums)
    covered = answered = core = 0.0
    for term, value in view.weight.items():
        if term in document.answer:
            answered += value
        kind = kind_of(term)
        asked[kind] += value
        holders = document.holders.get(term)
        if holders is None:
            continue
        covered += value
        core += document.core.get(term, 0.0)
        sums[kind] += document.impact[term]
        square = value * value
        for holder in holders:
            dots[holder] += square
    cosines = [dot / (norm * view.norm) for dot, norm in zip(dots, document.norms, strict=True)]
    top = max(range(len(cosines)), key=cosines.__getitem__)
    ordered = sorted(cosines, reverse=True)
    features = {
        "bm25": sum(sums.values()) / view.mass,
        "bm25_raw": sum(sums.values()) / 10,
        "pair": sums["pair"] / view.mass,
        "concept": sums["concept"] / view.mass,
        "ask": sums["ask"] / view.mass,
        "concept_share": sums["concept"] / (asked["concept"] + 1),
        "ask_share": sums["ask"] / (asked["ask"] + 1),
        "sound": view.sound_scores.get(number, 0.0) / (view.sound_norm * 3),
        "cosine": ordered[0],
        "top3": sum(ordered[:3]) / 3,
        "cover": covered / view.mass,
        "core": core / document.core_mass,
        "alias_cover": dots[top] / document.norms[top] ** 2,
        "sound_cosine": _sound_cosine(view, document, index),
        "answer": answered / view.mass,
    }
    return features, document.phrasings[top]


def _sound_cosine(view: View, document: Document, index: Index) -> float:
    dots: dict[int, float] = {}
    for sound in view.analysis.sounds:
        holders = document.sound_holders.get(sound)
        if holders:
            square = index.sound_weight[sound] ** 2
            for holder in holders:
                dots[holder] = dots.get(holder, 0.0) + square
    if not dots:
        return 0.0
    return max(dot / document.sound_norms[holder] for holder, dot in dots.items()) / view.sound_norm
