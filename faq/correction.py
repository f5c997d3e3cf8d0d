"""错字与拼音的纠正：知识库里没见过、读音却与库里常用词相同的片段，换成那个词（审合→审核、mima→密码）。"""

import re
from collections.abc import Container, Iterable

from faq.pinyin import Pinyin, fold

_LETTERS = re.compile(r"[a-z]{2,}(?: +[a-z]{2,})*")
_HAN = re.compile(r"[㐀-鿿]+")
_DIGITS = ("ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu")
_DIGIT_READINGS = {str(digit): reading for digit, reading in enumerate(_DIGITS)}
LONGEST = 6
LONG = 4  # 这么长的近义说法整段同音时，一定是打错
FREQUENT = 20  # 在这么多个问法里出现过的词，才允许两个字都打错
FUNCTION_CHARACTERS = frozenset(
    "的地得了是个这那就都在不有到要给我你他她它们还也又去来和跟把被让没么什一二三四"
)


class Corrector:
    """按读音纠正；known 里的双字视为本来就对，不动。phrases（近义说法）容许口音，其余词只认同音。"""

    def __init__(
        self, words: dict[str, int], known: Iterable[str], phrases: Container[str], pinyin: Pinyin
    ) -> None:
        self._pinyin = pinyin
        self._known = frozenset(known)
        self._exact: dict[tuple[str, ...], tuple[int, str]] = {}
        self._folded: dict[tuple[str, ...], tuple[int, str]] = {}
        for word, count in words.items():
            reading = self._reading(word)
            if reading is None or len(word) > LONGEST:
                continue
            _keep(self._exact, reading, count, word)
            if word in phrases:
                _keep(self._folded, tuple(map(fold, reading)), count, word)

    def correct(self, normal: str) -> tuple[str, int]:
        """纠正一句已规整的文字，返回（新文字、改动的片段数）。"""
        changes = 0

        def letters(found: re.Match[str]) -> str:
            nonlocal changes
            words = self._words_of_letters(found[0])
            if words is None:
                return found[0]
            changes += 1
            return words

        def characters(found: re.Match[str]) -> str:
            nonlocal changes
            text, count = self._characters(found[0])
            changes += count
            return text

        text = _LETTERS.sub(letters, normal) if any("a" <= c <= "z" for c in normal) else normal
        return _HAN.sub(characters, text), changes

    def _reading(self, word: str) -> tuple[str, ...] | None:
        reading = [self._pinyin.reading_of.get(c) or _DIGIT_READINGS.get(c) for c in word]
        return None if None in reading else tuple(part for part in reading if part)

    def _words_of_letters(self, letters: str) -> str | None:
        syllables: list[str] = []
        for part in letters.split():
            pieces = self._pinyin.split(part)
            if not pieces:
                return None
            syllables.extend(pieces)
        found: list[str] = []
        position = 0
        while position < len(syllables):
            for size in range(min(LONGEST, len(syllables) - position), 0, -1):
                key = tuple(syllables[position : position + size])
                hit = self._exact.get(key) or self._folded.get(tuple(map(fold, key)))
                if hit:
                    found.append(hit[1])
                    position += size
                    break
            else:
                found.append(syllables[position])
                position += 1
        return "".join(found) if any(not word.isascii() for word in found) else None

    def _characters(self, text: str) -> tuple[str, int]:
        readings = [self._pinyin.reading_of.get(c, c) for c in text]
        folded = [self._pinyin.folded_of.get(c, c) for c in text]
        doubtful = [text[i : i + 2] not in self._known for i in range(len(text) - 1)] + [False]
        found: list[str] = []
        changes = position = 0
        while position < len(text):
            word = None
            if True in doubtful[position : position + LONGEST - 1]:
                word = self._replacement(text, readings, folded, position)
            if word is None:
                found.append(text[position])
                position += 1
            else:
                found.append(word)
                position += len(word)
                changes += 1
        return "".join(found), changes

    def _replacement(self, text: str, readings: list[str], folded: list[str], position: int) -> str | None:
        for size in range(min(LONGEST, len(text) - position), 1, -1):
            end = position + size
            hit = self._exact.get(tuple(readings[position:end])) or self._folded.get(
                tuple(folded[position:end])
            )
            if hit is None:
                continue
            window = text[position:end]
            if size < LONG and all(window[i : i + 2] in self._known for i in range(size - 1)):
                continue
            if size == 2 and self._protected(text, position):
                continue
            if hit[1] != window and _alike(hit, window):
                return hit[1]
        return None

    def _protected(self, text: str, position: int) -> bool:
        """两个字里有虚字，或者其中一个字与旁边的字已组成库里的词：多半没有打错。"""
        if text[position] in FUNCTION_CHARACTERS or text[position + 1] in FUNCTION_CHARACTERS:
            return True
        left, right = text[max(0, position - 1) : position + 1], text[position + 1 : position + 3]
        return left in self._known and right in self._known


def _alike(hit: tuple[int, str], window: str) -> bool:
    """换上的词与原来的片段至少同一个字；两字全换的，只认库里很常用的词。"""
    count, word = hit
    if any(a == b for a, b in zip(word, window, strict=True)):
        return True
    return len(window) == 2 and count >= FREQUENT


def _keep(table: dict[tuple[str, ...], tuple[int, str]], key: tuple[str, ...], count: int, word: str) -> None:
    if key not in table or table[key][0] < count:
        table[key] = (count, word)
