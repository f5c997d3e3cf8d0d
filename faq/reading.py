"""一句提问读懂之后的样子：检索器算出它，把握模型、追问、拟合都看它。"""

from dataclasses import dataclass
from math import exp, log1p

from faq.ranking import Candidate, View, likeness
from faq.text import compact

# 两项特征一起看才说明问题的（乘积也当作特征）：例如说得长而又都覆盖到，才可信。
CROSSED = (
    ("cover_clause", "core_clause"),
    ("cover_clause", "margin"),
    ("cosine", "margin"),
    ("length", "cover_clause"),
    ("length", "unknown_whole"),
    ("length", "margin"),
    ("share", "cover_clause"),
    ("bare", "cover"),
)


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
    """第一名有多可靠的各项特征；候选不能为空，foreign 是说到的别的系统和事情。"""
    found, views = reading.found, reading.views
    top = found[0]
    runner_up = found[1].total if len(found) > 1 else 0.0
    like = likeness(views[0], top.document)
    weight = sum(exp(min(0.0, candidate.total - top.total)) for candidate in found)
    features = {
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
        "cosine": like.cosine,
        "top3": like.top3,
        "alias_cover": like.alias_cover,
        "chance": 0.0 if top.features["unlearned"] else exp(top.features["learned_clause"]),
        "nobody": exp(min(view.opinion.none_of_them for view in views)),
        "nobody_whole": exp(views[0].opinion.none_of_them),
        **top.features,
        **{"cue_" + kind: value for kind, value in cues.items()},
    }
    for left, right in CROSSED:
        features[f"{left}_x_{right}"] = features[left] * features[right]
    return features


def _knows(candidate: Candidate, words: str) -> bool:
    """一个条目的问法里有没有这几个字（按双字看）。"""
    holders = candidate.document.holders
    return all(words[i : i + 2] in holders for i in range(max(1, len(words) - 1)))


def bare(cues: dict[str, float]) -> bool:
    """既不像提问、又不像诉苦，也不是一个题目。"""
    return not (cues["question"] or cues["trouble"] or cues["heading"])


def says_something(reading: Reading) -> bool:
    """除了「怎么弄」「什么情况」这类问法，还有没有两个字以上的内容。"""
    analysis = reading.views[0].analysis
    asking = {phrase for phrase, name in analysis.matched if name.startswith("〈问")}
    return len(analysis.compact) - sum(len(compact(phrase)) for phrase in asking) >= 2


def explain(reading: Reading) -> str:
    """一句话说明为什么选它：最像的问法与共同的意思。"""
    best = likeness(reading.views[0], reading.found[0].document).phrasing
    asked = set(reading.views[0].analysis.terms)
    shared = [term for term in best.terms if term in asked and len(term) > 1]
    words = [term.strip("〈〉") for term in shared if term[0] == "〈"] or shared
    tail = "，共同的意思：" + "、".join(words[:4]) if words else ""
    return f"最像「{best.text}」{tail}"
