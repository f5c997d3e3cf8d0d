"""一句话的检索样子：单字、双字和近义组各一串。条目的问法与提问都经过同一道分析。"""

from dataclasses import dataclass
from functools import lru_cache

from faq.pinyin import Pinyin, default_pinyin
from faq.synonyms import Synonyms
from faq.text import compact, grams, normalise, strip_noise


@dataclass(frozen=True, slots=True)
class Analysis:
    """一句话的检索样子；terms 为去重后的检索词。"""

    text: str
    compact: str
    terms: tuple[str, ...]
    concepts: tuple[str, ...]
    matched: tuple[tuple[str, str], ...]


class Analyser:
    """带着近义表和读音表的分析器。"""

    def __init__(self, synonyms: Synonyms, pinyin: Pinyin) -> None:
        self.synonyms = synonyms
        self.pinyin = pinyin

    def analyse(self, text: str) -> Analysis:
        """分析一句原文。"""
        return self.analyse_normal(normalise(text))

    def analyse_normal(self, normal: str) -> Analysis:
        """分析一句已规整的文字。"""
        text = strip_noise(normal)
        matched = tuple(self.synonyms.find(text))
        concepts = tuple(dict.fromkeys(name for _, name in matched))
        terms = tuple(dict.fromkeys(grams(text))) + concepts
        return Analysis(text, compact(text), terms, concepts, matched)


@lru_cache(maxsize=1)
def default_analyser() -> Analyser:
    """用随包附带的近义表和读音表建的分析器，只建一次。"""
    return Analyser(Synonyms.load(), default_pinyin())
