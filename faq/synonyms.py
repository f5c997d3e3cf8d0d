"""近义说法：把「全教系统」「师管系统」认成同一个意思。说法写在 synonyms.toml，改了不用动代码。"""

import tomllib
from pathlib import Path

from faq.text import normalise

SYNONYMS_FILE = Path(__file__).parent / "synonyms.toml"


class Synonyms:
    """从左到右取最长说法的近义表；一个说法可属于几组。"""

    def __init__(self, groups: dict[str, list[str]]) -> None:
        groups_of: dict[str, set[str]] = {}
        for name, phrases in groups.items():
            for phrase in phrases:
                groups_of.setdefault(normalise(phrase), set()).add(f"〈{name}〉")
        self._groups_of = {phrase: tuple(sorted(names)) for phrase, names in groups_of.items()}
        lengths: dict[str, set[int]] = {}
        for phrase in groups_of:
            lengths.setdefault(phrase[0], set()).add(len(phrase))
        self._lengths = {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()}
        self.phrases = frozenset(groups_of)

    @classmethod
    def load(cls, path: Path = SYNONYMS_FILE) -> "Synonyms":
        """读近义表文件。"""
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls({group["name"]: group["phrases"] for group in document["group"]})

    def find(self, text: str) -> list[tuple[str, str]]:
        """在已规整的文字里找说法，返回（说法，组名）的清单，按出现顺序。"""
        found: list[tuple[str, str]] = []
        position, end = 0, len(text)
        while position < end:
            step = 1
            for length in self._lengths.get(text[position], ()):
                phrase = text[position : position + length]
                names = self._groups_of.get(phrase)
                if names:
                    found.extend((phrase, name) for name in names)
                    step = length
                    break
            position += step
        return found
