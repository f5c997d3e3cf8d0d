"""单位树：谁归谁审核、谁在谁下面，以及把人写的单位名认成一个单位——认不准就问，绝不猜。"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bot.domain.errors import Ambiguous, Candidate, NotFound, Refusal, Unrecognised
from bot.domain.unit_index import MOST_MATCHES, UnitIndex
from bot.domain.unit_names import plain_name
from storage.units import Unit
from storage.words import UnitKind

__all__ = ["UnitTree", "plain_name"]

SHOWN_CHOICES = 6
LONGEST_NAME = 80
SHOWN_LENGTH = 30
NO_ROSTER = "还没有导入名册，请运维先执行 python -m bot roster import 文件"
WRITE_OUT = "请写全名或代码，例如：岳阳县第三中学。"


class UnitTree:
    """全部单位，按代码、名称、上下级都查得快；名册一变就整棵换新。

    挨个看、数个数、看下级都只看还在办的；撤并了的按代码取得到，按名称问会说它去了哪里。
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        self._by_code = {unit.code: unit for unit in units}
        self._open = [unit for unit in self._by_code.values() if unit.closed_on is None]
        closed = [unit for unit in self._by_code.values() if unit.closed_on is not None]
        self._children: dict[str, list[Unit]] = defaultdict(list)
        for unit in self._open:
            if unit.parent_code:
                self._children[unit.parent_code].append(unit)
        self._index = UnitIndex((unit, self._labels(unit)) for unit in self._open)
        self._closed = UnitIndex((unit, self._labels(unit)) for unit in closed)

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._open)

    def everything(self) -> list[Unit]:
        """全部单位，撤并了的也在内。"""
        return list(self._by_code.values())

    @property
    def city(self) -> Unit:
        """市本级。"""
        for unit in self._open:
            if unit.kind is UnitKind.CITY:
                return unit
        raise NotFound(NO_ROSTER)

    def get(self, code: str) -> Unit:
        """按代码取；没有就是名册与数据对不上。"""
        unit = self._by_code.get(code)
        if unit is None:
            raise NotFound(f"名册里没有代码 {code} 的单位")
        return unit

    def is_open(self, code: str) -> bool:
        """在名册里，没有撤并。"""
        unit = self._by_code.get(code)
        return unit is not None and unit.closed_on is None

    def children(self, code: str) -> Sequence[Unit]:
        """直属下级。"""
        return self._children.get(code, [])

    def counties(self) -> list[Unit]:
        """全部县市区，按代码排。"""
        found = [unit for unit in self._open if unit.kind is UnitKind.COUNTY]
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

        先按代码、全名、别名、曾用名；再按名称的一部分。``within`` 给出说话人管得着的单位，
        重名时优先取其中的。对得上几个就列出来让人选，一个也没有就给最接近的三个。
        """
        wanted = plain_name(text)
        if not wanted:
            raise NotFound("请写上单位名称或代码，例如：岳阳县第三中学")
        if not self._by_code:
            raise NotFound(NO_ROSTER)
        if len(wanted) > LONGEST_NAME:
            raise NotFound(f"单位名有 {len(wanted)} 个字，太长了。{WRITE_OUT}")
        exact = self._index.exact(wanted)
        if not exact and (gone := self._closed.exact(wanted)):
            return self._gone(wanted, text, gone)
        matched = exact or self._index.containing(wanted)
        for found in (self._inside(matched, within), matched):
            if len(found) == 1:
                return found[0]
        if matched:
            raise self._ambiguous(wanted, text, self._inside(matched, within) or matched)
        raise self._unrecognised(wanted, text)

    def _labels(self, unit: Unit) -> tuple[str, ...]:
        return (unit.name, self.title(unit), *unit.aliases, *unit.former_names)

    def _inside(self, units: Sequence[Unit], within: Sequence[Unit]) -> list[Unit]:
        return [unit for unit in units if any(self.covers(root, unit) for root in within)]

    def _candidate(self, unit: Unit) -> Candidate:
        notes = [unit.code]
        if unit.kind is UnitKind.SCHOOL and unit.parent_code:
            notes.insert(0, self.get(unit.parent_code).name)
        elif unit.kind is UnitKind.MUNICIPAL_SCHOOL:
            notes.insert(0, "市直")
        return Candidate(unit.code, f"{unit.name}（{'，'.join(notes)}）")

    def _ambiguous(self, wanted: str, text: str, units: Sequence[Unit]) -> Refusal:
        candidates = tuple(self._candidate(unit) for unit in units[:SHOWN_CHOICES])
        some = "以上" if len(units) >= MOST_MATCHES else ""
        many = f"叫“{_shown(text)}”的有 {len(units)} 个{some}单位，"
        left = len(units) - len(candidates)
        ending = f"……还有 {left} 个，写得再全一点就分得清" if left > 0 else ""
        lines = [f"{many}请写全名或代码：", *_numbered(candidates), *([ending] if ending else [])]
        return Ambiguous(
            "\n".join(lines),
            written=wanted,
            heading=f"{many}回复编号选一个：",
            candidates=candidates,
            ending=ending,
        )

    def _unrecognised(self, wanted: str, text: str) -> Refusal:
        line = f"没有找到单位“{_shown(text)}”。"
        close = self._index.nearest(wanted)
        if not close:
            return NotFound(f"{line}{WRITE_OUT}")
        candidates = tuple(self._candidate(unit) for unit in close)
        labels = "、".join(self.title(unit) for unit in close)
        return Unrecognised(
            f"{line}\n是不是：{labels}？",
            written=wanted,
            heading=f"{line}\n是不是：",
            candidates=candidates,
            ending="是就回复编号；都不是，请写全名或代码。",
        )

    def _gone(self, wanted: str, text: str, units: Sequence[Unit]) -> Unit:
        """撤并了的单位：写代码就是要看它的过去；写名称先说它去了哪里。"""
        for unit in units:
            if plain_name(unit.code) == wanted:
                return unit
        heirs = {heir.code: heir for unit in units if (heir := self._heir(unit))}
        fates = "；".join(self.fate(unit) for unit in units[:SHOWN_CHOICES])
        line = f"{fates}。"
        history = "看过去的记录请写代码。"
        if not heirs:
            raise NotFound(f"{line}\n{history}")
        raise Unrecognised(
            f"{line}\n要办现在的单位，请写：{'、'.join(heir.name for heir in heirs.values())}。{history}",
            written=wanted,
            heading=f"{line}\n是不是要办：",
            candidates=tuple(self._candidate(heir) for heir in heirs.values()),
            ending=f"是就回复编号；{history}",
        )

    def _heir(self, unit: Unit) -> Unit | None:
        """一路并到哪个还在办的单位；直接撤销的没有。"""
        seen: set[str] = set()
        current: Unit | None = unit
        while current is not None and current.closed_on is not None and current.code not in seen:
            seen.add(current.code)
            current = self._by_code.get(current.merged_into) if current.merged_into else None
        return current if current is not None and current.closed_on is None else None

    def fate(self, unit: Unit) -> str:
        """撤并了的单位去了哪里，一句话。"""
        day = (
            f"{unit.closed_on.year}年{unit.closed_on.month}月{unit.closed_on.day}日" if unit.closed_on else ""
        )
        into = self._by_code.get(unit.merged_into) if unit.merged_into else None
        what = f"已并入{into.name}" if into else "已撤销"
        return f"{unit.name}（{unit.code}）{day}{what}"


def _numbered(candidates: Sequence[Candidate]) -> list[str]:
    return [f"{number}. {candidate.label}" for number, candidate in enumerate(candidates, start=1)]


def _shown(text: str) -> str:
    """引用人写的名称：一行、不太长。"""
    plain = " ".join(text.split())
    return plain if len(plain) <= SHOWN_LENGTH else plain[: SHOWN_LENGTH - 1] + "…"
