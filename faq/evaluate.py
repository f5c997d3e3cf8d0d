"""评测（python -m faq.evaluate）：按说法的样子报命中、沉默与答错，附 95% 置信区间。默认只看 test。"""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from faq.datasets import CHATTER, FOLLOWUP, QUESTION, UNANSWERABLE, Sample, load_samples
from faq.entries import load_entries
from faq.retriever import ABSTAIN, ANSWER, Decision, Retriever

KIND_NAMES = {QUESTION: "提问", FOLLOWUP: "追问", UNANSWERABLE: "库里没有", CHATTER: "闲聊"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """一条样本的判断结果。"""

    sample: Sample
    decision: Decision

    @property
    def right(self) -> bool:
        """回答了，而且答对。"""
        return self.decision.kind == ANSWER and self.decision.id == self.sample.id

    @property
    def first(self) -> bool:
        """不论回答还是给候选，第一个就是对的。"""
        return self.sample.id is not None and self.shown[:1] == (self.sample.id,)

    @property
    def listed(self) -> bool:
        """对的条目在回答或候选里。"""
        return self.sample.id is not None and self.sample.id in self.shown

    @property
    def shown(self) -> tuple[str, ...]:
        """给人看到的条目编号，按先后。"""
        return self.decision.suggestions if self.decision.id is None else (self.decision.id,)

    @property
    def wrong(self) -> bool:
        """回答了，却不是对的（或本不该答）。"""
        return self.decision.kind == ANSWER and not self.right


def judge(retriever: Retriever, samples: Iterable[Sample], *, overheard: bool) -> list[Outcome]:
    """逐条判断；追问按多轮判断。"""
    found: list[Outcome] = []
    for sample in samples:
        turns = list(sample.turns)
        if len(turns) > 1:
            decision = retriever.decide_turns(turns, overheard=overheard)
        else:
            decision = retriever.decide(turns[0], overheard=overheard)
        found.append(Outcome(sample, decision))
    return found


def wilson(count: int, total: int) -> tuple[float, float]:
    """比例的 95% Wilson 置信区间，0 到 1；total 为 0 时是 (0, 1)。"""
    if not total:
        return 0.0, 1.0
    z, share = 1.96, count / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def figure(outcomes: Sequence[Outcome], test: Callable[[Outcome], bool]) -> str:
    """「比例% [下限–上限]」，没有样本时是一横。"""
    total = len(outcomes)
    if not total:
        return "-"
    count = sum(1 for outcome in outcomes if test(outcome))
    low, high = wilson(count, total)
    return f"{100 * count / total:5.1f} [{100 * low:.1f}–{100 * high:.1f}]"


def table(outcomes: Sequence[Outcome], *, overheard: bool) -> list[str]:
    """一种场合的结果表，一行一种样子。"""
    place = "没点名（overheard）" if overheard else "点名（mentioned）"
    lines = [f"\n## {place}", "样子 | 条数 | 首位命中% | 回答或候选命中% | 回答且对% | 不出声% | 答错%"]
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        kind = KIND_NAMES[outcome.sample.kind]
        groups.setdefault(kind, []).append(outcome)
        groups.setdefault(f"{kind}·{outcome.sample.style}", []).append(outcome)
    for name in sorted(groups):
        rows = groups[name]
        asked = rows[0].sample.id is not None
        cells = [
            name,
            str(len(rows)),
            figure(rows, lambda o: o.first) if asked else "-",
            figure(rows, lambda o: o.listed) if asked else "-",
            figure(rows, lambda o: o.right) if asked else "-",
            figure(rows, lambda o: o.decision.kind == ABSTAIN),
            figure(rows, lambda o: o.wrong),
        ]
        lines.append(" | ".join(cells))
    return lines


def misses(outcomes: Iterable[Outcome]) -> list[str]:
    """没做对的样本，一行一条：判断、该是、实是、原话。"""
    lines = ["\n## 没做对的"]
    for outcome in outcomes:
        expected = outcome.sample.id
        if outcome.first or (expected is None and outcome.decision.kind != ANSWER):
            continue
        cells = (
            outcome.sample.style,
            " ⏎ ".join(outcome.sample.turns),
            f"该是 {expected or '不答'}",
            f"{outcome.decision.kind} {'、'.join(outcome.shown) or '（不出声）'}",
            str(outcome.decision.score),
        )
        lines.append(" | ".join(cells))
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """命令行入口。"""
    parser = argparse.ArgumentParser(prog="python -m faq.evaluate", description="评测问答检索")
    parser.add_argument("--split", choices=("fit", "test"), default="test", help="看哪一部分，默认 test")
    parser.add_argument("--misses", action="store_true", help="列出没做对的")
    options = parser.parse_args(arguments)
    entries = load_entries()
    samples = load_samples(split=options.split)
    retriever = Retriever(entries)
    lines = [
        f"# python -m faq.evaluate --split {options.split}",
        "参数由 python -m faq.fit 只在 fit 部分算出；没有随机，无种子；区间为 95% Wilson",
        f"条目 {len(entries)} 条，问法 {sum(1 + len(e.aliases) for e in entries)} 个，样本 {len(samples)} 条",
    ]
    for overheard in (False, True):
        outcomes = judge(retriever, samples, overheard=overheard)
        lines.extend(table(outcomes, overheard=overheard))
        if options.misses:
            lines.extend(misses(outcomes))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
