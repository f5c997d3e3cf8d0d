"""要达到的数：点名与没点名两种场合，提问、追问、库里没有的、闲聊各该怎样。评测打印它，测试守着它。"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from faq.datasets import CHATTER, FOLLOWUP, QUESTION, UNANSWERABLE, Sample
from faq.evaluate.judging import Outcome, judge, wilson
from faq.retriever import Retriever

MANGLED = ("typo", "pinyin", "voice", "dialect", "traditional_or_fullwidth")


@dataclass(frozen=True, slots=True)
class Goal:
    """一个要达到的比例：least 是不得低于，most 是不得高于（0 到 1）。"""

    name: str
    overheard: bool
    counted: Callable[[Outcome], bool]
    hit: Callable[[Outcome], bool]
    least: float | None = None
    most: float | None = None


def _asked(outcome: Outcome, *, mangled: bool) -> bool:
    return outcome.sample.kind == QUESTION and (outcome.sample.style in MANGLED) is mangled


def _kind(kind: str) -> Callable[[Outcome], bool]:
    return lambda outcome: outcome.sample.kind == kind


GOALS = (
    Goal(
        "点名·口语与省略：第一个就对",
        False,
        lambda o: _asked(o, mangled=False),
        lambda o: o.first,
        least=0.92,
    ),
    Goal(
        "点名·口语与省略：在回答或候选里",
        False,
        lambda o: _asked(o, mangled=False),
        lambda o: o.listed,
        least=0.97,
    ),
    Goal(
        "点名·错字、语音、方言：第一个就对",
        False,
        lambda o: _asked(o, mangled=True),
        lambda o: o.first,
        least=0.88,
    ),
    Goal(
        "点名·错字、语音、方言：在回答或候选里",
        False,
        lambda o: _asked(o, mangled=True),
        lambda o: o.listed,
        least=0.95,
    ),
    Goal("追问：第一个就对", False, _kind(FOLLOWUP), lambda o: o.first, least=0.85),
    Goal("库里没有：不当成有来答", False, _kind(UNANSWERABLE), lambda o: not o.answered, least=0.92),
    Goal("没点名·闲聊：出了声", True, _kind(CHATTER), lambda o: o.replied, most=0.005),
    Goal("没点名·真提问：答对", True, _kind(QUESTION), lambda o: o.right, least=0.70),
    Goal(
        "没点名·答了提问的：答错",
        True,
        lambda o: o.sample.kind == QUESTION and o.answered,
        lambda o: o.wrong,
        most=0.03,
    ),
)


@dataclass(frozen=True, slots=True)
class Reached:
    """一个目标实际到了多少。"""

    goal: Goal
    count: int
    total: int

    @property
    def share(self) -> float:
        """比例，0 到 1；没有样本为 0。"""
        return self.count / self.total if self.total else 0.0

    @property
    def met(self) -> bool:
        """达到没有。"""
        goal = self.goal
        return (goal.least is None or self.share >= goal.least) and (
            goal.most is None or self.share <= goal.most
        )

    def line(self) -> str:
        """表里的一行。"""
        low, high = wilson(self.count, self.total)
        wanted = f"≥ {100 * self.goal.least:g}" if self.goal.least is not None else ""
        wanted = f"≤ {100 * self.goal.most:g}" if self.goal.most is not None else wanted
        shown = f"{100 * self.share:.1f} [{100 * low:.1f}–{100 * high:.1f}]"
        return f"{self.goal.name} | {self.total} | {shown} | {wanted} | {'是' if self.met else '否'}"


def reached(outcomes: Mapping[bool, Sequence[Outcome]]) -> list[Reached]:
    """各目标到了多少；outcomes 的键是「没点名」。"""
    found: list[Reached] = []
    for goal in GOALS:
        rows = [outcome for outcome in outcomes[goal.overheard] if goal.counted(outcome)]
        found.append(Reached(goal, sum(map(goal.hit, rows)), len(rows)))
    return found


def both(retriever: Retriever, samples: Sequence[Sample]) -> dict[bool, list[Outcome]]:
    """两种场合各判断一遍。"""
    return {overheard: judge(retriever, samples, overheard=overheard) for overheard in (False, True)}
