"""训练用的提问：轮流拿掉一份问法与一份标注数据，用没见过它们的检索器去读，学到的权重才不自欺。"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from faq.analysis import default_analyser
from faq.classifier import NOBODY, Classifier, clues
from faq.datasets import FOLLOWUP, Sample
from faq.entries import Entry
from faq.fit.classifier import train
from faq.parameters import Parameters
from faq.reading import Reading
from faq.retriever import Retriever
from faq.tone import Tone

FOLDS = 5
ALIAS, REMOVED = "alias", "removed"
EVERY_ALIAS = 3  # 问法多，读其中几分之一就够
FRESH = 12  # 每轮有这么几分之一的条目装作刚加进来、分类器没学过
FRESH_ALIASES = 4  # 刚加进来的条目只有这么几个问法


@dataclass(frozen=True, slots=True)
class Example:
    """一条训练用的提问：文字与正确条目（空为不该回答）、来源。"""

    text: str
    id: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Read:
    """一条读过的提问。"""

    example: Example
    reading: Reading
    retriever: Retriever


def learned_from(entries: Iterable[Entry], samples: Iterable[Sample], reader: Retriever) -> Classifier:
    """用这些条目的全部问法和标注的提问、闲聊、库里没有的问题学一个分类器。"""
    analyser = default_analyser()
    rows = [(text, entry.id) for entry in entries for text in (entry.question, *entry.aliases)]
    rows += [(sample.turns[0], sample.id or NOBODY) for sample in samples if sample.kind != FOLLOWUP]
    return train([(clues(analyser.analyse_normal(reader.corrected(text))), name) for text, name in rows])


def readings(
    entries: Sequence[Entry], samples: Sequence[Sample], parameters: Parameters, reader: Retriever
) -> list[Read]:
    """全部训练提问读懂之后的样子；每一条都由没见过它的检索器来读。"""
    found: list[Read] = []
    single = [sample for sample in samples if sample.kind != FOLLOWUP]
    for fold in range(FOLDS):
        kept, asked = held_out(entries, fold)
        seen = [sample for number, sample in enumerate(single) if number % FOLDS != fold]
        learned = [entry for number, entry in enumerate(kept) if number % FRESH != fold]
        known = {entry.id for entry in learned}
        classifier = learned_from(learned, [s for s in seen if s.id is None or s.id in known], reader)
        retriever = Retriever(kept, parameters=parameters, classifier=classifier, tone=Tone({}))
        for example in asked:
            reading = retriever.read(example.text)
            found.append(Read(example, reading, retriever))
            removed = replace(example, id=None, source=REMOVED)
            found.append(Read(removed, without(reading, example.id), retriever))
        for number, sample in enumerate(single):
            if number % FOLDS == fold:
                example = Example(sample.turns[0], sample.id, sample.kind)
                found.append(Read(example, retriever.read(example.text), retriever))
    return found


def held_out(entries: Sequence[Entry], fold: int) -> tuple[list[Entry], list[Example]]:
    """拿掉五分之一的问法：（剩下的条目、拿掉来当提问的问法）。"""
    kept: list[Entry] = []
    asked: list[Example] = []
    for number, entry in enumerate(entries):
        away = [a for i, a in enumerate(entry.aliases) if (i + number) % FOLDS == fold]
        rest = tuple(a for i, a in enumerate(entry.aliases) if (i + number) % FOLDS != fold)
        if number % FRESH == fold:
            rest = rest[:: max(1, len(rest) // FRESH_ALIASES)]
        kept.append(replace(entry, aliases=rest))
        asked.extend(Example(alias, entry.id, ALIAS) for alias in away[::EVERY_ALIAS])
    return kept, asked


def without(reading: Reading, entry_id: str | None) -> Reading:
    """假装库里没有正确的那一条：候选和分类器都去掉它，用来学「像在问，但库里没有」。"""
    found = [candidate for candidate in reading.found if candidate.document.entry.id != entry_id]
    gone = [c.document.learned for c in reading.found if c.document.entry.id == entry_id]
    views = reading.views
    if gone:
        views = [replace(view, opinion=view.opinion.without(gone[0])) for view in views]
    return replace(reading, views=views, found=found, exact=False)
