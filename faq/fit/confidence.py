"""把握模型：第一名有多可靠。两种场合各一套权重，门槛由交叉检验定。"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from faq.datasets import CHATTER, QUESTION, UNANSWERABLE
from faq.fit.examples import ALIAS, REMOVED, Read
from faq.fit.learning import fit_logistic
from faq.fit.tone import ToneRow, crossed_tone
from faq.parameters import Situation
from faq.retriever import sigmoid
from faq.text import plain_symbols

# 各场合里，交叉检验下每个来源最多错答多少（决定门槛）。
MOST_WRONG = {
    "mentioned": {UNANSWERABLE: 0.035, REMOVED: 0.06},
    "overheard": {CHATTER: 0.006, QUESTION: 0.02, UNANSWERABLE: 0.08, REMOVED: 0.08},
}
# 各来源一条顶几条：真实提问与闲聊比拿掉的问法重。
SHARES = {
    "mentioned": {QUESTION: 3.0, ALIAS: 0.7, REMOVED: 0.3, CHATTER: 1.0, UNANSWERABLE: 3.0},
    "overheard": {QUESTION: 2.0, ALIAS: 0.5, REMOVED: 0.3, CHATTER: 4.0, UNANSWERABLE: 2.0},
}
TONE_SHARES = {QUESTION: 2.0, ALIAS: 0.5, REMOVED: 0.0, CHATTER: 2.0, UNANSWERABLE: 1.0}
LISTED = 0.995  # 真实提问里，前三名有对的，至少这么多要给出候选
MOST_SHOWN = 3
RIDGE = 2.0
PARTS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """把握模型的一行：特征（第 0 个是常数）、第一名对不对、前三名里有没有对的、分量、来源。"""

    vector: list[float]
    right: bool
    listed: bool
    share: float
    source: str


def tone_rows(reads: Sequence[Read]) -> list[ToneRow]:
    """学口气用的句子：提问、问法、库里没有的问题是来问的，闲聊不是。"""
    return [
        (plain_symbols(read.reading.normal), read.example.source != CHATTER, TONE_SHARES[read.example.source])
        for read in reads
    ]


def situations(reads: Sequence[Read], report: Callable[[str], object]) -> dict[str, Situation]:
    """两种场合的把握模型与门槛。"""
    totals = Counter(read.example.source for read in reads)
    tones = _tones(reads)
    found: dict[str, Situation] = {}
    for name in ("mentioned", "overheard"):
        names, rows = _rows(reads, tones, SHARES[name])
        judged = _crossed(names, rows)
        answer = max(_floor(judged, totals, source, most) for source, most in MOST_WRONG[name].items())
        listed, suggest = _listed(names, rows) if name == "mentioned" else ({}, 1.0)
        found[name] = Situation(_weights(names, rows), answer, listed, suggest)
        report(f"{name} 门槛 {answer}：" + "，".join(_rates(judged, totals, answer)))
    return found


def _tones(reads: Sequence[Read]) -> list[float]:
    """每一条的口气，都由没见过这句话的模型来判；装作库里没有的，口气与原句相同。"""
    rows = tone_rows(reads)
    chosen = [i for i, (_, _, share) in enumerate(rows) if share]
    level = dict(zip(chosen, crossed_tone([rows[i] for i in chosen]), strict=True))
    by_text = {rows[i][0]: tone for i, tone in level.items()}
    return [level.get(i, by_text.get(row[0], 0.0)) for i, row in enumerate(rows)]


def _rows(
    reads: Sequence[Read], tones: Sequence[float], shares: dict[str, float]
) -> tuple[list[str], list[Row]]:
    """训练行。"""
    names: list[str] = []
    found: list[Row] = []
    for read, tone in zip(reads, tones, strict=True):
        example, reading = read.example, read.reading
        if not reading.found or reading.exact:
            continue
        features = read.retriever.confidence_features(reading, tone)
        names = names or ["bias", *sorted(features)]
        shown = [candidate.document.entry.id for candidate in reading.found[:MOST_SHOWN]]
        vector = [1.0, *(features[name] for name in names[1:])]
        right, listed = example.id == shown[0], example.id in shown
        found.append(Row(vector, right, listed, shares[example.source], example.source))
    return names, found


def _weights(names: Sequence[str], rows: Sequence[Row]) -> dict[str, float]:
    weights = fit_logistic([(row.vector, row.right, row.share) for row in rows], ridge=RIDGE)
    return {name: round(weight, 3) for name, weight in zip(names, weights, strict=True)}


def _listed(names: Sequence[str], rows: Sequence[Row]) -> tuple[dict[str, float], float]:
    """前三名里有没有对的：权重，与放得过绝大多数真实提问的门槛。"""
    asked = [replace(row, right=row.listed) for row in rows]
    judged = _crossed(names, asked)
    scores = sorted(score for score, row in judged if row.source == QUESTION and row.listed)
    return _weights(names, asked), round(scores[int((1 - LISTED) * len(scores))], 3)


def _crossed(names: Sequence[str], rows: Sequence[Row]) -> list[tuple[float, Row]]:
    """交叉检验的把握：每一行都由没见过它的模型来判。"""
    found: list[tuple[float, Row]] = []
    for part in range(PARTS):
        seen = [row for i, row in enumerate(rows) if i % PARTS != part]
        weights = list(_weights(names, seen).values())
        for i, row in enumerate(rows):
            if i % PARTS == part:
                total = sum(weight * value for weight, value in zip(weights, row.vector, strict=True))
                found.append((sigmoid(total), row))
    return found


def _floor(judged: Sequence[tuple[float, Row]], totals: Counter[str], source: str, most: float) -> float:
    """最低的门槛（百分之一为一格），使某个来源被错答的比例不超过 most；样本少，多算一条作余量。"""
    scores = [score for score, row in judged if row.source == source and not row.right]
    for step in range(30, 100):
        if (1 + sum(score >= step / 100 for score in scores)) / (1 + totals[source]) <= most:
            return step / 100
    return 0.99


def _rates(judged: Sequence[tuple[float, Row]], totals: Counter[str], answer: float) -> list[str]:
    """交叉检验下各来源答对、答错的比例，一个来源一句。"""
    lines: list[str] = []
    for source in (QUESTION, ALIAS, CHATTER, UNANSWERABLE, REMOVED):
        rows = [(score >= answer, row.right) for score, row in judged if row.source == source]
        right = sum(given and good for given, good in rows) / max(1, totals[source])
        wrong = sum(given and not good for given, good in rows) / max(1, totals[source])
        lines.append(f"{source} 答对 {right:.3f} 答错 {wrong:.4f}")
    return lines
