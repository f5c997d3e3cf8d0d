"""拟合追问的参数：用 fit 部分的追问，另把不相干的上一句配上提问、闲聊和库里没有的问题，教它不要硬接。"""

from collections.abc import Sequence
from dataclasses import replace

from faq.classifier import Classifier
from faq.datasets import CHATTER, FOLLOWUP, QUESTION, UNANSWERABLE, Sample
from faq.entries import Entry
from faq.fit.learning import fit_choice, fit_logistic
from faq.parameters import Parameters
from faq.retriever import Retriever
from faq.tone import Tone
from faq.turns import TurnsReading, read_turns, turns_confidence_features

EVERY = {QUESTION: 5, CHATTER: 8, UNANSWERABLE: 2}  # 每几条取一条来配
FOLLOWUP_SHARE = 5.0
START = {"alone": 5.0, "joined": 3.0, "same": -1.0, "topic": 1.0}


def paired(samples: Sequence[Sample]) -> list[tuple[list[str], str | None, float]]:
    """训练用的（几句、正确条目、分量）：真追问，加上不相干的两句。"""
    found: list[tuple[list[str], str | None, float]] = [
        (list(sample.turns), sample.id, FOLLOWUP_SHARE) for sample in samples if sample.kind == FOLLOWUP
    ]
    questions = [sample for sample in samples if sample.kind == QUESTION]
    for kind, step in EVERY.items():
        for position, sample in enumerate([s for s in samples if s.kind == kind][::step]):
            before = questions[(position * 37 + 11) % len(questions)]
            if before.id != sample.id:
                found.append(([before.turns[0], sample.turns[0]], sample.id, 0.6))
    return found


def fit_turns(
    entries: Sequence[Entry],
    samples: Sequence[Sample],
    parameters: Parameters,
    learned: tuple[Classifier, Tone],
) -> Parameters:
    """算出追问的排序权重与把握权重，返回换上它们的参数。"""
    classifier, tone = learned
    retriever = Retriever(entries, parameters=parameters, classifier=classifier, tone=tone)
    rows = [
        (read_turns(retriever, turns, parameters.turns_rank), wanted, share)
        for turns, wanted, share in paired(samples)
    ]
    rows = [row for row in rows if row[0].found]
    rank = _rank(rows, START)
    for reading, _, _ in rows:
        for candidate in reading.found:
            candidate.total = sum(rank[name] * value for name, value in candidate.features.items())
        reading.found.sort(key=lambda candidate: (-candidate.total, candidate.document.entry.id))
    return replace(parameters, turns_rank=rank, turns_weights=_confidence(rows, retriever, parameters))


def _rank(
    rows: Sequence[tuple[TurnsReading, str | None, float]], start: dict[str, float]
) -> dict[str, float]:
    names = sorted(rows[0][0].found[0].features)
    groups: list[tuple[list[list[float]], int, float]] = []
    for reading, wanted, share in rows:
        ids = [candidate.document.entry.id for candidate in reading.found]
        if wanted in ids:
            vectors = [[candidate.features[name] for name in names] for candidate in reading.found]
            groups.append((vectors, ids.index(wanted), share))
    weights = fit_choice(groups, [start.get(name, 0.0) for name in names], ridge=0.01)
    return {name: round(weight, 3) for name, weight in zip(names, weights, strict=True)}


def _confidence(
    rows: Sequence[tuple[TurnsReading, str | None, float]], retriever: Retriever, parameters: Parameters
) -> dict[str, float]:
    names: list[str] = []
    vectors: list[tuple[list[float], bool, float]] = []
    for reading, wanted, share in rows:
        features = turns_confidence_features(
            reading,
            retriever.confidence_logit(reading.alone, parameters.mentioned),
            retriever.confidence_logit(reading.joined, parameters.mentioned),
        )
        names = names or ["bias", *sorted(features)]
        right = wanted is not None and reading.found[0].document.entry.id == wanted
        vectors.append(([1.0, *(features[name] for name in names[1:])], right, share))
    weights = fit_logistic(vectors, ridge=2.0)
    return {name: round(weight, 3) for name, weight in zip(names, weights, strict=True)}
