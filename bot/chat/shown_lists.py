"""每个人最近在私聊里看到的编号名单：后面的命令写“3-18 20”指的就是它。只在内存里，半小时有效。"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.domain.errors import BadInput, WrongState

VALID_FOR = timedelta(minutes=30)
REMEMBERED_PEOPLE = 1000
MOST_AT_ONCE = 50
RANGE = re.compile(r"(\d{1,4})(?:[-~～—–－至到](\d{1,4}))?(?:号|个)?")
BETWEEN = re.compile(r"\s*(?<=\d)\s*[-~～—–－至到]\s*(?=\d)")
SEPARATORS = re.compile(r"[\s,，、;；和]+")


@dataclass(slots=True)
class ShownList:
    """一份名单：``name`` 是哪一份，每个编号记着它指的是什么、什么时候看到的。"""

    name: str
    entries: dict[int, tuple[Any, datetime]] = field(default_factory=dict)


class ShownLists:
    """每人只记最近看的那一份；接着翻页的并在一起，各页上的编号都认。"""

    def __init__(self) -> None:
        self._lists: OrderedDict[int, ShownList] = OrderedDict()

    def note(self, qq: int, name: str, entries: Mapping[int, Any], now: datetime) -> None:
        """记下他刚看到的一页。"""
        known = self._lists.get(qq)
        if known is None or known.name != name:
            known = self._lists[qq] = ShownList(name)
        known.entries |= {number: (entry, now) for number, entry in entries.items()}
        self._lists.move_to_end(qq)
        if len(self._lists) > REMEMBERED_PEOPLE:
            self._lists.popitem(last=False)

    def pick(self, qq: int, numbers: Sequence[int], now: datetime, how_to_list: str) -> list[tuple[int, Any]]:
        """这些编号指的是什么；没看过名单、过期了、编号不在看过的里面，都说清楚。"""
        known = self._lists.get(qq)
        if known is None:
            raise WrongState(f"编号指你最近在私聊里看到的名单，你还没有看过。先私聊我发 {how_to_list}")
        fresh = {number: entry for number, (entry, at) in known.entries.items() if now - at <= VALID_FOR}
        if not fresh:
            minutes = int(VALID_FOR.total_seconds() // 60)
            raise WrongState(f"名单过了 {minutes} 分钟，编号可能对不上了。请重新发 {how_to_list} 再审。")
        missing = [number for number in numbers if number not in fresh]
        if missing:
            shown = "、".join(str(number) for number in missing[:5]) + ("等" if len(missing) > 5 else "")
            seen = spans(sorted(fresh))
            raise BadInput(f"你看到的名单里没有 {shown} 号（看过的是 {seen} 号）。翻页看过的编号才认。")
        return [(number, fresh[number]) for number in numbers]


def take_numbers(words: Sequence[str]) -> tuple[list[int], list[str]]:
    """从头取出编号：3-18 20、3到18，20 都认；返回编号（不重复，照写的次序）和后面的话。"""
    parts = SEPARATORS.split(BETWEEN.sub("-", " ".join(words)).strip())
    numbers: dict[int, None] = {}
    for place, part in enumerate(parts):
        match = RANGE.fullmatch(part)
        if match is None:
            return list(numbers), [rest for rest in parts[place:] if rest]
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise BadInput(f"编号“{part}”前面比后面大，请写成 {last}-{first}")
        if last - first >= MOST_AT_ONCE or len(numbers) + last - first >= MOST_AT_ONCE:
            raise BadInput(f"一次最多审 {MOST_AT_ONCE} 个，请分几次。")
        numbers |= dict.fromkeys(range(first, last + 1))
    return list(numbers), []


def spans(numbers: Sequence[int]) -> str:
    """1-20、41-60。"""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return "、".join(str(first) if first == last else f"{first}-{last}" for first, last in found)
