"""一句提问读懂之后的样子：检索器算出它，把握模型、追问、拟合都看它。"""

from dataclasses import dataclass
from math import exp, log1p

from faq.ranking import Candidate, View


@dataclass(slots=True)
class Reading:
    """normal 是规整后的原话；changes 是纠正了几处，exact 表示与某个问法完全相同。"""

    normal: str
    views: list[View]
    found: list[Candidate]
    changes: int
    exact: bool


def confidence_features(
    reading: Reading, cues: dict[str, float], tone: float, foreign: list[str]
) -> dict[str, float]:
    """第一名有多可靠：它的得分与特征、与第二名的差距、有多少生词、说话的样子。候选不能为空，foreign 是说到的别的系统和事情。"""
    found, views = reading.found, reading.views
    top = found[0]
    runner_up = found[1].total if len(found) > 1 else 0.0
    weight = sum(exp(min(0.0, candidate.total - top.total)) for candidate in found)
    return {
        "top": top.total,
        "margin": min(4.0, top.total - runner_up),
        "share": 1 / weight,
        "unknown": min(view.unknown for view in views),
        "unknown_whole": views[0].unknown,
        "length": log1p(len(views[0].analysis.compact)),
        "concepts": min(4.0, float(len(views[0].analysis.concepts))),
        "changes": min(3.0, float(reading.changes)),
        "tone": tone,
        "bare": float(bare(cues)),
        "foreign": float(sum(not _knows(top, words) for words in foreign[:2])),
        **top.features,
        **{"cue_" + kind: value for kind, value in cues.items()},
    }


def _knows(candidate: Candidate, words: str) -> bool:
    """一个条目的问法里有没有这几个字（按双字看）。"""
    holders = candidate.document.holders
    return all(words[i : i + 2] in holders for i in range(max(1, len(words) - 1)))


def bare(cues: dict[str, float]) -> bool:
    """既不像提问、又不像诉苦，也不是一个题目。"""
    return not (cues["question"] or cues["trouble"] or cues["heading"])


def explain(reading: Reading) -> str:
    """一句话说明为什么选它：最像的问法与共同的意思。"""
    top = reading.found[0]
    asked = set(reading.views[0].analysis.terms)
    shared = [term for term in top.best.terms if term in asked and len(term) > 1]
    words = [term.strip("〈〉") for term in shared if term[0] == "〈"] or shared
    tail = "，共同的意思：" + "、".join(words[:4]) if words else ""
    return f"最像「{top.best.text}」{tail}"
