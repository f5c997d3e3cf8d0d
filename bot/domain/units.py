"""单位树：谁归谁审核、谁在谁下面，以及把人写的单位名认成一个单位——认不准就问，绝不猜。"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process

from bot.domain.errors import Ambiguous, NotFound
from storage.units import Unit
from storage.words import UnitKind

SHOWN_CHOICES = 6
NEAREST = 3
NEAREST_SCORE = 45
NO_ROSTER = "还没有导入名册，请运维先执行 python -m bot roster import 文件"


def plain_name(text: str) -> str:
    """比较单位名用的写法：全角变半角，去掉空白、零宽字符和引号。"""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = (char for char in folded if not char.isspace() and unicodedata.category(char) != "Cf")
    return "".join(kept).strip("“”\"'「」【】[]")


class UnitTree:
    """全部单位，按代码、名称、上下级都查得快；名册一变就整棵换新。"""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._by_code = {unit.code: unit for unit in units}
        self._children: dict[str, list[Unit]] = defaultdict(list)
        self._by_name: dict[str, list[Unit]] = defaultdict(list)
        for unit in self._by_code.values():
            if unit.parent_code:
                self._children[unit.parent_code].append(unit)
            for name in {plain_name(label) for label in (unit.code, unit.name, *unit.aliases)}:
                self._by_name[name].append(unit)

    def __len__(self) -> int:
        return len(self._by_code)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._by_code.values())

    @property
    def city(self) -> Unit:
        """市本级。"""
        for unit in self._by_code.values():
            if unit.kind is UnitKind.CITY:
                return unit
        raise NotFound(NO_ROSTER)

    def get(self, code: str) -> Unit:
        """按代码取；没有就是名册与数据对不上。"""
        unit = self._by_code.get(code)
        if unit is None:
            raise NotFound(f"名册里没有代码 {code} 的单位")
        return unit

    def children(self, code: str) -> Sequence[Unit]:
        """直属下级。"""
        return self._children.get(code, [])

    def counties(self) -> list[Unit]:
        """全部县市区，按代码排。"""
        found = [unit for unit in self._by_code.values() if unit.kind is UnitKind.COUNTY]
        return sorted(found, key=lambda unit: unit.code)

    def covers(self, root: Unit, unit: Unit) -> bool:
        """``unit`` 就是 ``root``，或在它下面。"""
        current: Unit | None = unit
        while current is not None:
            if current.code == root.code:
                return True
            current = self._by_code.get(current.parent_code) if current.parent_code else None
        return False

    def title(self, unit: Unit) -> str:
        """带县名的全称，用来区分重名学校。"""
        if unit.kind is not UnitKind.SCHOOL or unit.parent_code is None:
            return unit.name
        county = self.get(unit.parent_code).name
        return unit.name if unit.name.startswith(county) else f"{county} {unit.name}"

    def find(self, text: str, within: Sequence[Unit] = ()) -> Unit:
        """认出一个单位。

        先按代码、全名、别名；再按名称的一部分。``within`` 给出说话人管得着的单位，
        重名时优先取其中的。对得上几个就列出来让人选，一个也没有就给最接近的三个。
        """
        wanted = plain_name(text)
        if not wanted:
            raise NotFound("请写上单位名称或代码，例如：岳阳县第三中学")
        if not self._by_code:
            raise NotFound(NO_ROSTER)
        exact = self._by_name.get(wanted, [])
        for found in (self._inside(exact, within), exact):
            if len(found) == 1:
                return found[0]
        if not exact:
            partial = [unit for unit in self._by_code.values() if self._contains(unit, wanted)]
            for found in (self._inside(partial, within), partial):
                if len(found) == 1:
                    return found[0]
            exact = self._inside(partial, within) or partial
        if exact:
            raise Ambiguous(self._choices(text, exact))
        raise NotFound(self._nearest(text, wanted))

    def _inside(self, units: Sequence[Unit], within: Sequence[Unit]) -> list[Unit]:
        return [unit for unit in units if any(self.covers(root, unit) for root in within)]

    def _contains(self, unit: Unit, wanted: str) -> bool:
        if len(wanted) < 2:
            return False
        return any(wanted in plain_name(label) for label in (unit.name, self.title(unit), *unit.aliases))

    def _choices(self, text: str, units: Sequence[Unit]) -> str:
        lines = [f"叫“{text.strip()}”的有 {len(units)} 个单位，请写全名或代码："]
        for number, unit in enumerate(units[:SHOWN_CHOICES], start=1):
            lines.append(f"{number}. {self.title(unit)}（{unit.code}）")
        if len(units) > SHOWN_CHOICES:
            lines.append(f"……还有 {len(units) - SHOWN_CHOICES} 个")
        return "\n".join(lines)

    def _nearest(self, text: str, wanted: str) -> str:
        names = {unit.code: plain_name(unit.name) for unit in self._by_code.values()}
        close = process.extract(wanted, names, scorer=fuzz.ratio, limit=NEAREST, score_cutoff=NEAREST_SCORE)
        line = f"没有找到单位“{text.strip()}”。"
        if not close:
            return line + "请写全名或代码，例如：岳阳县第三中学。"
        labels = "、".join(self.title(self.get(code)) for _, _, code in close)
        return f"{line}\n是不是：{labels}？"
