"""拼音：同音错字（审合、张号）和直接打的拼音（mima）靠它认出来。读音表在 pinyin.txt。"""

import re
from functools import lru_cache
from pathlib import Path

TABLE_FILE = Path(__file__).parent / "pinyin.txt"
_FOLDS = (("zh", "z"), ("ch", "c"), ("sh", "s"))


def fold(syllable: str) -> str:
    """把难分的音收成一个：平翘舌、前后鼻音、n 与 l、f 与 h（湖南口音与语音输入常混）。"""
    for long, short in _FOLDS:
        if syllable.startswith(long):
            syllable = short + syllable[2:]
            break
    if syllable[-2:] == "ng":
        syllable = syllable[:-1]
    if syllable[0] == "l":
        syllable = "n" + syllable[1:]
    elif syllable.startswith(("hu", "fu")) and len(syllable) > 2:
        syllable = "f" + syllable[2:]
    return syllable


class Pinyin:
    """单字读音表（不带声调，一字一音）。"""

    def __init__(self, reading_of: dict[str, str]) -> None:
        self.reading_of = reading_of
        self.folded_of = {character: fold(reading) for character, reading in reading_of.items()}
        self._syllables = frozenset(reading_of.values())
        self._longest = max(map(len, self._syllables), default=0)

    @classmethod
    def load(cls, path: Path = TABLE_FILE) -> "Pinyin":
        """读读音表文件，每行「读音 同音字」。"""
        reading_of: dict[str, str] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                reading, characters = line.split(" ", 1)
                reading_of.update(dict.fromkeys(characters, reading))
        return cls(reading_of)

    def split(self, letters: str) -> list[str]:
        """把一段小写字母拆成音节，例如 mima → mi、ma；拆不尽时返回空清单。"""
        best: list[list[str] | None] = [[]] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - self._longest), end):
                head = best[start]
                if head is None or letters[start:end] not in self._syllables:
                    continue
                found = best[end]
                if found is None or len(head) + 1 < len(found):
                    best[end] = [*head, letters[start:end]]
        return best[-1] or []


@lru_cache(maxsize=1)
def default_pinyin() -> Pinyin:
    """随包附带的读音表，只读一次。"""
    return Pinyin.load()


def write_table(path: Path = TABLE_FILE) -> int:
    """用 pypinyin 重新生成读音表（开发时才用），返回收字数；取 GB2312 的汉字，多音字取常用音。"""
    from pypinyin import Style, pinyin

    special = {
        "长": "zhang",
        "重": "chong",
        "调": "diao",
        "校": "xiao",
        "系": "xi",
        "还": "hai",
        "行": "xing",
    }
    by_reading: dict[str, list[str]] = {}
    for code in range(0x4E00, 0x9FA6):
        character = chr(code)
        try:
            character.encode("gb2312")
        except UnicodeEncodeError:
            continue
        reading = special.get(character) or pinyin(character, style=Style.NORMAL)[0][0]
        if re.fullmatch("[a-zü]+", reading):
            by_reading.setdefault(reading.replace("ü", "v"), []).append(character)
    lines = ["# 单字读音表：python -c 'from faq.pinyin import write_table; write_table()' 生成"]
    lines += [f"{reading} {''.join(characters)}" for reading, characters in sorted(by_reading.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sum(len(characters) for characters in by_reading.values())
