"""追问：「那县里的学校呢」要接着上一句才懂。把这一句单看与接着上文看的得分合起来，再看与上一条的关系。"""

import re
from dataclasses import dataclass
from math import exp
from typing import Protocol

from faq.entries import Entry
from faq.index import Document
from faq.ranking import Candidate
from faq.reading import Reading
from faq.text import normalise

MOST_TURNS = 3  # 往前最多看两句
_LEANING = re.compile(r"^(?:那|还有|这|它|他|她|再|然后|要是|如果)|呢[?!。]?$")  # 靠着上一句说的
_NEXT = re.compile(r"下一?步|接下来|接着|然后|下面|再下|之后呢|后面呢|往后")
STRANGE, ELSEWHERE = 0.29, 0.85  # 不认得的词占这么多、哪一条也不是的份额有这么大
WHOLE = 8  # 有这么多字、又不靠着上文说的，自成一句
LONGEST_NEXT = 9  # 「接下来那步怎么弄呢」这么长以内，就是在问下一步


class Reader(Protocol):
    """能读懂一句提问的东西（检索器）。"""

    def read(self, text: str, also: tuple[Document, ...] = ()) -> Reading:
        """读懂一句；also 里的条目也要算进候选。"""
        ...


@dataclass(slots=True)
class TurnsReading:
    """几句连起来读懂之后：这一句单看、接着上文看，以及合起来排好序的候选。"""

    alone: Reading
    joined: Reading
    found: list[Candidate]
    next_step: Document | None = None


def read_turns(reader: Reader, turns: list[str], weights: dict[str, float]) -> TurnsReading:
    """读懂最后一句（turns 至少两句）；候选的 features 换成追问的特征，按 weights 加成总分。"""
    earlier, last = turns[-MOST_TURNS:-1], turns[-1]
    before = reader.read(earlier[-1]).found
    joined_text = "，".join([*earlier, last])
    neighbours = tuple(candidate.document for candidate in before[:3])
    alone = reader.read(last, neighbours)
    joined = reader.read(joined_text, tuple(candidate.document for candidate in alone.found[:8]))
    alone = reader.read(last, tuple(candidate.document for candidate in joined.found))
    alone_total = {candidate.document.entry.id: candidate.total for candidate in alone.found}
    previous = before[0].document.entry if before else None
    wants_next = bool(_NEXT.search(normalise(last)))
    leaning = float(bool(_LEANING.search(alone.normal)))
    whole = min(1.0, len(alone.views[0].analysis.compact) / 12)
    found: list[Candidate] = []
    for candidate in joined.found:
        entry = candidate.document.entry
        single = alone_total.get(entry.id, 0.0) / 10
        both = candidate.total / 10
        features = {
            "alone": single,
            "alone_whole": single * whole,
            "joined": both,
            "joined_leaning": both * leaning,
            "joined_whole": both * whole,
            "same": float(previous is not None and entry.id == previous.id),
            "related": float(
                previous is not None and (entry.id in previous.related or previous.id in entry.related)
            ),
            "topic": float(previous is not None and entry.topic == previous.topic),
            "group": float(
                previous is not None and entry.id.rpartition(".")[0] == previous.id.rpartition(".")[0]
            ),
            "next": float(wants_next and previous is not None and _step(entry.id) == _step(previous.id, 1)),
        }
        total = sum(weights.get(name, 0.0) * value for name, value in features.items())
        found.append(Candidate(candidate.document, features, total))
    found.sort(key=lambda candidate: (-candidate.total, candidate.document.entry.id))
    short = len(alone.views[0].analysis.compact) <= LONGEST_NEXT
    return TurnsReading(alone, joined, found, _next_step(previous, found) if wants_next and short else None)


def _next_step(previous: Entry | None, found: list[Candidate]) -> Document | None:
    """上一句说的是某个流程的一步时，它的下一步。"""
    step = _step(previous.id, 1) if previous else None
    if step is None:
        return None
    return next((c.document for c in found if _step(c.document.entry.id) == step), None)


def is_whole(reading: Reading) -> bool:
    """这一句自成一句：够长，也没有「那」「呢」这样靠着上文的字。"""
    return len(reading.views[0].analysis.compact) >= WHOLE and not _LEANING.search(reading.normal)


def stands_apart(reading: Reading) -> bool:
    """这一句自成一事：不靠着上文说，有不认得的词，而且多半哪一条也不是；不硬接上文。"""
    view = reading.views[0]
    stranger = view.unknown > STRANGE and exp(view.opinion.none_of_them) > ELSEWHERE
    return stranger and not _LEANING.search(reading.normal)


def turns_confidence_features(reading: TurnsReading, alone: float, joined: float) -> dict[str, float]:
    """追问的把握特征；alone 与 joined 是两种读法各自的把握（对数几率）。"""
    top = reading.found[0]
    second = reading.found[1].total if len(reading.found) > 1 else 0.0
    return {
        "alone_logit": alone,
        "leaning": float(bool(_LEANING.search(reading.alone.normal))),
        "length": min(2.0, len(reading.alone.views[0].analysis.compact) / 10),
        "joined_logit": joined,
        "highest_logit": max(alone, joined),
        "top": top.total,
        "margin": min(4.0, top.total - second),
        "agree_alone": float(bool(reading.alone.found) and reading.alone.found[0].document is top.document),
        "agree_joined": float(
            bool(reading.joined.found) and reading.joined.found[0].document is top.document
        ),
    }


def _step(entry_id: str, ahead: int = 0) -> tuple[str, int] | None:
    """步骤类条目的（所属流程、第几步），例如 steps.county.2_plan → (steps.county, 2)；不是步骤时为空。"""
    folder, _, name = entry_id.rpartition(".")
    number = name.split("_", 1)[0]
    return (folder, int(number) + ahead) if number.isdigit() else None
