"""拟合检索参数（python -m faq.fit）：只用知识条目与评测数据的 fit 部分，写出 parameters.toml，可重算。"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from faq.datasets import CHATTER, FOLLOWUP, QUESTION, UNANSWERABLE, Sample, load_samples
from faq.entries import Entry, load_entries
from faq.fit_turns import fit_turns
from faq.learning import dot, fit_choice, fit_logistic, sigmoid
from faq.parameters import PARAMETERS_FILE, Parameters, Situation, default_parameters
from faq.reading import Reading
from faq.retriever import Retriever
from faq.text import plain_symbols
from faq.tone import TONE_FILE, ToneCounts

FOLDS = 5
ALIAS, REMOVED = "alias", "removed"


@dataclass(frozen=True, slots=True)
class Example:
    """一条训练用的提问：文字与正确条目（空为不该回答）、来源。"""

    text: str
    id: str | None
    source: str


# 各场合里，交叉检验下每个来源最多错答多少（决定门槛）。
MOST_WRONG = {
    "mentioned": {UNANSWERABLE: 0.06, REMOVED: 0.06},
    "overheard": {CHATTER: 0.004, QUESTION: 0.01, UNANSWERABLE: 0.05, REMOVED: 0.05},
}
SUGGEST_FLOOR = 0.1
RIDGE = 2.0
START = {"bm25_raw": 4.0, "cover": 4.0, "core": 1.5}  # 排序权重从这里起步，不看旧文件，所以可重算
PARTS = 4


def held_out(entries: Sequence[Entry], folds: int = FOLDS) -> Iterable[tuple[list[Entry], list[Example]]]:
    """轮流拿掉五分之一的别名当提问：每轮给出（剩下的条目、拿掉的问法）。"""
    for fold in range(folds):
        kept: list[Entry] = []
        asked: list[Example] = []
        for entry in entries:
            away = {a for i, a in enumerate(entry.aliases) if (i + len(entry.id)) % folds == fold}
            kept.append(replace(entry, aliases=tuple(a for a in entry.aliases if a not in away)))
            asked.extend(Example(alias, entry.id, ALIAS) for alias in entry.aliases if alias in away)
        yield kept, asked


def readings(
    entries: Sequence[Entry], samples: Iterable[Sample], parameters: Parameters, *, aliases: bool = True
) -> list[tuple[Example, Reading, Retriever]]:
    """全部训练提问读懂之后的样子：拿掉的别名，加上 fit 部分的提问、闲聊与库里没有的问题。"""
    found: list[tuple[Example, Reading, Retriever]] = []
    if aliases:
        for kept, asked in held_out(entries):
            retriever = Retriever(kept, parameters=parameters)
            for example in asked:
                reading = retriever.read(example.text)
                found.append((example, reading, retriever))
                found.append(
                    (replace(example, id=None, source=REMOVED), without(reading, example.id), retriever)
                )
    retriever = Retriever(entries, parameters=parameters)
    for sample in samples:
        if sample.kind != FOLLOWUP:
            example = Example(sample.turns[-1], sample.id, sample.kind)
            found.append((example, retriever.read(example.text), retriever))
    return found


def without(reading: Reading, entry_id: str | None) -> Reading:
    """假装库里没有正确的那一条：候选去掉它，用来学「像在问，但库里没有」。"""
    return replace(reading, found=[c for c in reading.found if c.document.entry.id != entry_id], exact=False)


def rank_weights(
    rows: Sequence[tuple[Example, Reading, Retriever]], start: dict[str, float], question_share: float = 3.0
) -> dict[str, float]:
    """排序权重：让正确条目在候选里得分最高。"""
    names = sorted(next(reading for _, reading, _ in rows if reading.found).found[0].features)
    groups: list[tuple[list[list[float]], int, float]] = []
    for example, reading, _ in rows:
        ids = [candidate.document.entry.id for candidate in reading.found]
        if example.id is None or reading.exact or example.id not in ids:
            continue
        vectors = [[candidate.features[name] for name in names] for candidate in reading.found]
        share = question_share if example.source == QUESTION else 1.0
        groups.append((vectors, ids.index(example.id), share))
    groups = [groups[i * 7919 % len(groups)] for i in range(len(groups))] if len(groups) % 7919 else groups
    weights = fit_choice(groups, [start.get(name, 0.0) for name in names])
    return {name: round(weight, 3) for name, weight in zip(names, weights, strict=True)}


def rerank(rows: Iterable[tuple[Example, Reading, Retriever]], weights: dict[str, float]) -> None:
    """用新的排序权重给已读懂的提问重新排序（就地）。"""
    for _, reading, _ in rows:
        for candidate in reading.found:
            candidate.total = sum(
                weights.get(name, 0.0) * value for name, value in candidate.features.items()
            )
        if not reading.exact:
            reading.found.sort(key=lambda candidate: (-candidate.total, candidate.document.entry.id))


# 各来源一条顶几条：拟合把握模型时，真实提问与闲聊比拿掉的别名重。
SHARES = {
    "mentioned": {QUESTION: 3.0, ALIAS: 0.7, REMOVED: 0.3, CHATTER: 1.0, UNANSWERABLE: 3.0},
    "overheard": {QUESTION: 2.0, ALIAS: 0.5, REMOVED: 0.3, CHATTER: 4.0, UNANSWERABLE: 2.0},
}


def tone_counts(rows: Iterable[tuple[Example, Reading, Retriever]]) -> ToneCounts:
    """口气的计数：提问与别名算像提问，闲聊算像闲聊。"""
    symbols = [(example.source, plain_symbols(reading.normal)) for example, reading, _ in rows]
    asked = [text for source, text in symbols if source in (ALIAS, QUESTION, UNANSWERABLE)]
    return ToneCounts(asked, [text for source, text in symbols if source == CHATTER])


@dataclass(frozen=True, slots=True)
class ConfidenceRow:
    """把握模型的一行：特征（第 0 个是常数）、第一名对不对、分量、来源。"""

    vector: list[float]
    right: bool
    share: float
    source: str


def confidence_rows(
    rows: Sequence[tuple[Example, Reading, Retriever]], shares: dict[str, float], *, skip_bare: bool
) -> tuple[list[str], list[ConfidenceRow]]:
    """把握模型的训练行；skip_bare 时不要既不像提问也不像诉苦的（没点名时它们本来就不答）。"""
    names: list[str] = []
    found: list[ConfidenceRow] = []
    tone = tone_counts(rows)
    for example, reading, retriever in rows:
        if not reading.found or reading.exact:
            continue
        symbols = plain_symbols(reading.normal)
        level = tone.without(symbols, example.source != CHATTER).of(symbols)
        features = retriever.confidence_features(reading, level)
        names = names or ["bias", *sorted(features)]
        if skip_bare and features["bare"]:
            continue
        right = example.id is not None and reading.found[0].document.entry.id == example.id
        vector = [1.0, *(features[name] for name in names[1:])]
        found.append(ConfidenceRow(vector, right, shares[example.source], example.source))
    return names, found


def confidence_weights(names: Sequence[str], rows: Sequence[ConfidenceRow]) -> dict[str, float]:
    """把握模型的权重。"""
    weights = fit_logistic([(row.vector, row.right, row.share) for row in rows], ridge=RIDGE)
    return {name: round(weight, 3) for name, weight in zip(names, weights, strict=True)}


def crossed(names: Sequence[str], rows: Sequence[ConfidenceRow]) -> list[tuple[float, ConfidenceRow]]:
    """交叉检验的把握：每一行都由没见过它的模型来判。"""
    found: list[tuple[float, ConfidenceRow]] = []
    for part in range(PARTS):
        seen = [row for i, row in enumerate(rows) if i % PARTS != part]
        weights = list(confidence_weights(names, seen).values())
        away = [row for i, row in enumerate(rows) if i % PARTS == part]
        found.extend((sigmoid(dot(weights, row.vector)), row) for row in away)
    return found


def floor_for(
    judged: Sequence[tuple[float, ConfidenceRow]], totals: dict[str, int], source: str, most: float
) -> float:
    """最低的门槛（百分之一为一格），使某个来源被错答的比例不超过 most；样本少，多算一条作余量。"""
    scores = [score for score, row in judged if row.source == source and not row.right]
    total = totals.get(source, 1)
    for step in range(50, 100):
        if (1 + sum(score >= step / 100 for score in scores)) / (1 + total) <= most:
            return step / 100
    return 0.99


def fit(
    entries: Sequence[Entry], samples: Sequence[Sample], report: Callable[[str], object]
) -> tuple[Parameters, dict[str, float]]:
    """拟合全部参数与口气表；门槛由交叉检验定。"""
    before = replace(default_parameters(), rank=START)
    rows = readings(entries, samples, before)
    report(f"训练提问 {len(rows)} 条")
    totals = Counter(example.source for example, _, _ in rows)
    rank = rank_weights(rows, START)
    rerank(rows, rank)
    situations: dict[str, Situation] = {}
    for name in ("mentioned", "overheard"):
        names, found = confidence_rows(rows, SHARES[name], skip_bare=name == "overheard")
        judged = crossed(names, found)
        answer = max(floor_for(judged, totals, source, most) for source, most in MOST_WRONG[name].items())
        suggest = SUGGEST_FLOOR if name == "mentioned" else 1.0
        situations[name] = Situation(confidence_weights(names, found), answer, suggest)
        report(f"{name} 门槛 {answer}：" + "，".join(rates(judged, totals, answer)))
    parameters = fit_turns(entries, samples, replace(before, rank=rank, **situations))
    return parameters, tone_counts(rows).tone()


def rates(judged: Sequence[tuple[float, ConfidenceRow]], totals: dict[str, int], answer: float) -> list[str]:
    """交叉检验下各来源答对、答错的比例，一个来源一句。"""
    lines: list[str] = []
    for source in (QUESTION, ALIAS, CHATTER, UNANSWERABLE, REMOVED):
        rows = [(score >= answer, row.right) for score, row in judged if row.source == source]
        right = sum(given and good for given, good in rows) / max(1, totals.get(source, 1))
        wrong = sum(given and not good for given, good in rows) / max(1, totals.get(source, 1))
        lines.append(f"{source} 答对 {right:.3f} 答错 {wrong:.4f}")
    return lines


def written(parameters: Parameters) -> str:
    """参数文件的文字。"""
    lines = ["# 检索参数：由 python -m faq.fit 在 fit 部分上算出，可重算；不手改。", "[rank]"]
    lines += [f"{name} = {value}" for name, value in parameters.rank.items()]
    for name, situation in (("mentioned", parameters.mentioned), ("overheard", parameters.overheard)):
        lines += ["", f"[{name}.weights]"]
        lines += [f"{key} = {value}" for key, value in situation.weights.items()]
        lines += ["", f"[{name}.bands]", f"answer = {situation.answer}", f"suggest = {situation.suggest}"]
    for name, weights in (("rank", parameters.turns_rank), ("weights", parameters.turns_weights)):
        lines += ["", f"[turns.{name}]", *(f"{key} = {value}" for key, value in weights.items())]
    return "\n".join(lines) + "\n"


def written_tone(weights: dict[str, float]) -> str:
    """口气表文件的文字。"""
    lines = ["# 口气：由 python -m faq.fit 算出；正数像提问，负数像闲聊。^ 句首，$ 句尾。", "[pieces]"]
    lines += [f"{json.dumps(piece, ensure_ascii=False)} = {weight}" for piece, weight in weights.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """命令行入口。"""
    parameters, tone = fit(
        load_entries(), load_samples(split="fit"), lambda line: sys.stdout.write(line + "\n")
    )
    PARAMETERS_FILE.write_text(written(parameters), encoding="utf-8")
    TONE_FILE.write_text(written_tone(tone), encoding="utf-8")
    sys.stdout.write(f"已写入 {PARAMETERS_FILE.name}、{TONE_FILE.name}\n")


if __name__ == "__main__":
    main()
