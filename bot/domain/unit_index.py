"""单位名索引：全名、名称的一部分、最接近的几个，都在内存里查。

几十万个单位也是一趟扫过：全部名称接成一整串，部分名只是在这串字里找子串。
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from bot.domain.unit_names import plain_name
from storage.units import Unit

SHORTEST_PART = 2
NEAREST = 3
NEAREST_SCORE = 45
# 部分名对上这么多就不再往下找：太多了也没法选
MOST_MATCHES = 1000
_BREAK = "\n"


class UnitIndex:
    """一批单位的名称索引；``labels`` 是一个单位的全部叫法，不含代码。"""

    def __init__(self, units: Iterable[tuple[Unit, Sequence[str]]]) -> None:
        # 绝大多数名称只有一个单位：记它的序号；同名的才另记一串，几十万个小列表很占内存
        self._first: dict[str, int] = {}
        self._namesakes: dict[str, list[int]] = {}
        self._units: list[Unit] = []
        self._names: list[str] = []
        self._starts: list[int] = []
        parts: list[str] = []
        length = 0
        for number, (unit, labels) in enumerate(units):
            names = list(dict.fromkeys(plain_name(label) for label in labels))
            for name in dict.fromkeys((plain_name(unit.code), *names)):
                first = self._first.setdefault(name, number)
                if first != number:
                    self._namesakes.setdefault(name, [first]).append(number)
            self._units.append(unit)
            self._names.append(names[0] if names else "")
            self._starts.append(length)
            text = _BREAK.join(names) + _BREAK
            parts.append(text)
            length += len(text)
        self._text = "".join(parts)

    def exact(self, wanted: str) -> Sequence[Unit]:
        """代码、全名、别名、曾用名正好是它的。"""
        first = self._first.get(wanted)
        if first is None:
            return ()
        return [self._units[number] for number in self._namesakes.get(wanted, (first,))]

    def containing(self, wanted: str) -> list[Unit]:
        """名称里有这几个字的，一个单位只算一次；最多 ``MOST_MATCHES`` 个。"""
        if len(wanted) < SHORTEST_PART:
            return []
        found: list[Unit] = []
        place = self._text.find(wanted)
        while place >= 0 and len(found) < MOST_MATCHES:
            number = bisect_right(self._starts, place) - 1
            found.append(self._units[number])
            following = number + 1
            if following == len(self._starts):
                break
            place = self._text.find(wanted, self._starts[following])
        return found

    def nearest(self, wanted: str) -> list[Unit]:
        """写法最接近的几个，近的在前。"""
        close = process.extract(
            wanted, self._names, scorer=fuzz.ratio, limit=NEAREST, score_cutoff=NEAREST_SCORE
        )
        return [self._units[number] for _, _, number in close]
