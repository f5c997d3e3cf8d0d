"""方案文件里一张表的读法：取值时顺便检查，问题攒在一起，最后一次说完。

每个取值方法遇到问题都记一条中文、返回一个无害的占位值，好让后面的键继续检查。
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, Final, TypeVar

from storage.words import Word

AnyWord = TypeVar("AnyWord", bound=Word)
Value = TypeVar("Value")
MISSING: Final = object()


class Section:
    """方案文件里的一张表；``path`` 是它的位置，写进问题里。"""

    def __init__(self, table: Mapping[str, Any], path: str, problems: list[str]) -> None:
        self._table = table
        self._path = path
        self._problems = problems
        self._asked: list[str] = []

    def name_of(self, key: str) -> str:
        """一个键的全名，如 deliverables.first_review.due；空键指这张表自己。"""
        return ".".join(filter(None, (self._path, key)))

    def problem(self, key: str, sentence: str) -> None:
        """记一条问题。"""
        self._problems.append(f"{self.name_of(key)}：{sentence}")

    def has(self, key: str) -> bool:
        """表里写没写这个键。"""
        return key in self._table

    def written(self) -> tuple[str, ...]:
        """表里的键，按文件里的顺序。"""
        return tuple(self._table)

    def _value(self, key: str, default: object = MISSING) -> Any:
        self._asked.append(key)
        if key in self._table:
            return self._table[key]
        if default is MISSING:
            self.problem(key, "没有写，这一项必须有")
            return MISSING
        return default

    def text(self, key: str, default: object = MISSING, *, empty: bool = False) -> str:
        """一句话；``empty`` 为真时允许空着。"""
        value = self._value(key, default)
        if value is MISSING or value is None:
            return ""
        if not isinstance(value, str):
            self.problem(key, f"应是用引号括起来的文字，现在是 {shown(value)}")
            return ""
        if not empty and not value.strip():
            self.problem(key, "不能空着")
        return value.strip()

    def word(self, key: str, default: object = MISSING) -> str:
        """群里要打的词：不能带空格。"""
        value = self.text(key, default)
        if re.search(r"\s", value):
            self.problem(key, f"“{value}”里不能有空格，群里打不出来")
        return value

    def number(self, key: str, low: int, high: int) -> int:
        """一个整数，从 low 到 high。"""
        value = self._value(key)
        if value is MISSING:
            return low
        if not _whole(value) or not low <= value <= high:
            self.problem(key, f"应是 {low} 到 {high} 的整数，现在是 {shown(value)}")
            return low
        return value

    def flag(self, key: str) -> bool:
        """true 或 false。"""
        value = self._value(key)
        if value is not MISSING and not isinstance(value, bool):
            self.problem(key, f"应是 true 或 false，现在是 {shown(value)}")
        return value is True

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """几个词里选一个；写错了返回空文字，免得顺着错的再报一串。"""
        value = self._value(key)
        if value in allowed:
            return value
        if value is not MISSING:
            self.problem(key, f"只能是 {'、'.join(allowed)}，现在是 {shown(value)}")
        return ""

    def _items(self, key: str, default: object) -> list[Any]:
        value = self._value(key, default)
        if value is MISSING:
            return []
        if not isinstance(value, list):
            self.problem(key, f"应是方括号里的一列，现在是 {shown(value)}")
            return []
        return value

    def texts(self, key: str, default: object = MISSING) -> tuple[str, ...]:
        """一列文字，不能重复，也不能有空的。"""
        good: list[str] = []
        for item in self._items(key, default):
            if not isinstance(item, str) or not item.strip():
                self.problem(key, f"每一项都应是不空的文字，{shown(item)} 不是")
            elif item.strip() in good:
                self.problem(key, f"“{item.strip()}”写了两遍")
            else:
                good.append(item.strip())
        return tuple(good)

    def numbers(self, key: str, low: int, high: int) -> tuple[int, ...]:
        """一列整数，各在 low 到 high 之间，不重复。"""
        good: list[int] = []
        for item in self._items(key, MISSING):
            if not _whole(item) or not low <= item <= high:
                self.problem(key, f"每一项都应是 {low} 到 {high} 的整数，{shown(item)} 不是")
            elif item in good:
                self.problem(key, f"{item} 写了两遍")
            else:
                good.append(item)
        return tuple(good)

    def words(self, key: str, kinds: type[AnyWord], *, empty: bool = False) -> frozenset[AnyWord]:
        """一列代码名或中文名，换成词；``empty`` 为真时可以一个都没有。"""
        good: set[AnyWord] = set()
        texts = self.texts(key)
        for text in texts:
            word = kinds.named(text)
            if word is None:
                allowed = "、".join(f"{one.value}（{one.label}）" for one in kinds)
                self.problem(key, f"不认识“{text}”，只能是 {allowed}")
            elif word in good:
                self.problem(key, f"“{text}”写了两遍")
            else:
                good.add(word)
        if not texts and not empty and self._table.get(key) == []:
            self.problem(key, "至少要写一个")
        return frozenset(good)

    def day(self, key: str) -> date:
        """一个真实存在的日子；写 2017-02-28，引号可有可无。"""
        value = self._value(key)
        if value is MISSING:
            return date.min
        if isinstance(value, str):
            found = _date(value)
            if found is None:
                self.problem(key, f"{value} 不是日历上的日子，请写成 2017-02-28 这样")
                return date.min
            value = found
        if not isinstance(value, date) or isinstance(value, datetime):
            self.problem(key, f"应是日期，如 2017-02-28，现在是 {shown(value)}")
            return date.min
        if not 2000 <= value.year <= 2100:
            self.problem(key, f"{value.isoformat()} 的年份不对，应在 2000 到 2100 年之间")
        return value

    def clock(self, key: str) -> time:
        """一天里的时刻，写 "09:00"。"""
        value = self._value(key)
        if isinstance(value, time):
            return value
        if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            return time.fromisoformat(value)
        if value is not MISSING:
            self.problem(key, f'应是时刻，如 "09:00"，现在是 {shown(value)}')
        return time(0)

    def section(self, key: str) -> Section:
        """下一层的表；没有就记一条问题，给一张空表。"""
        value = self._value(key)
        if isinstance(value, dict):
            return Section(value, self.name_of(key), self._problems)
        if value is not MISSING:
            self.problem(key, f"应是一张表 [{self.name_of(key)}]，现在是 {shown(value)}")
        return Section({}, self.name_of(key), [])  # 缺整张表只说一次，不再逐键说

    def sections(self, key: str, default: object = MISSING) -> list[Section]:
        """一列同样的表。"""
        found: list[Section] = []
        for number, item in enumerate(self._items(key, default), start=1):
            place = f"{self.name_of(key)}第{number}项"
            if isinstance(item, dict):
                found.append(Section(item, place, self._problems))
            else:
                self._problems.append(f"{place}：应是一张表，现在是 {shown(item)}")
        return found

    def read(self, key: str, reader: Callable[[Section], Value]) -> Value:
        """读下一层的表，并检查里面有没有不认识的键。"""
        below = self.section(key)
        value = reader(below)
        below.close()
        return value

    def close(self) -> None:
        """读完了：没有被问到的键都是不认识的。"""
        for key in self._table:
            if key not in self._asked:
                near = difflib.get_close_matches(key, self._asked, n=1)
                hint = f"，是不是想写 {near[0]}" if near else ""
                self.problem(key, f"不认识这一项{hint}")


def shown(value: object) -> str:
    """把写错的值照原样说出来，太长就截断。"""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"“{value[:40]}”"
    if isinstance(value, dict):
        return "一张表"
    return str(value)[:40]


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _date(text: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
