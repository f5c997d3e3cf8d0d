"""逐条判断标注样本，数出对错；比例带 95% Wilson 区间。"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from faq.datasets import Sample
from faq.retriever import ABSTAIN, ANSWER, Decision, Retriever


@dataclass(frozen=True, slots=True)
class Outcome:
    """一条样本的判断结果。"""

    sample: Sample
    decision: Decision

    @property
    def replied(self) -> bool:
        """出了声：答了或给了候选。"""
        return self.decision.kind != ABSTAIN

    @property
    def answered(self) -> bool:
        """直接答了。"""
        return self.decision.kind == ANSWER

    @property
    def right(self) -> bool:
        """回答了，而且答对。"""
        return self.answered and self.decision.id == self.sample.id

    @property
    def wrong(self) -> bool:
        """回答了，却不是对的（或本不该答）。"""
        return self.answered and not self.right

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


def judge(retriever: Retriever, samples: Iterable[Sample], *, overheard: bool) -> list[Outcome]:
    """逐条判断；追问按多轮判断。"""
    found: list[Outcome] = []
    for sample in samples:
        decision = retriever.decide_turns(list(sample.turns), overheard=overheard)
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
    return f"{100 * count / total:.1f} [{100 * low:.1f}–{100 * high:.1f}]"
