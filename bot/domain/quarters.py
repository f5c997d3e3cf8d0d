"""季度：季报按“上季度 26 日到本季度 25 日”算，25 日之后发生的变更归下一季度。"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

CUTOFF_DAY = 25
NUMERALS = "一二三四"
WRITTEN = re.compile(
    r"(?:(?P<year>20\d\d|\d\d)年?-?|(?P<relative>今年|本年度?|当年|去年|上年度?)的?)?"
    r"(?:第?(?P<number>[1-4一二三四])季度?|q(?P<letter>[1-4]))",
    re.ASCII,
)
SPOKEN = {"本季度": 0, "这季度": 0, "当季度": 0, "这个季度": 0, "本季": 0, "当季": 0}
SPOKEN |= {"上季度": -1, "上个季度": -1, "上一季度": -1, "上季": -1}
SPOKEN |= {"下季度": 1, "下个季度": 1, "下一季度": 1, "下季": 1}


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """一个季度，``number`` 从 1 到 4。"""

    year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in (1, 2, 3, 4):
            raise ValueError(f"季度只有 1 到 4，没有 {self.number}")

    @property
    def key(self) -> str:
        """写进数据库的写法，如 2017Q1。"""
        return f"{self.year}Q{self.number}"

    @property
    def label(self) -> str:
        """给人看的写法，如 2017年第一季度。"""
        return f"{self.year}年第{NUMERALS[self.number - 1]}季度"

    def due_on(self, day: int = CUTOFF_DAY) -> date:
        """最后一月的 ``day`` 日。"""
        return date(self.year, self.number * 3, day)

    def next(self) -> Quarter:
        """下一季度。"""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    def previous(self) -> Quarter:
        """上一季度。"""
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def window(self) -> tuple[date, date]:
        """本季度收哪些日子的变更：上季度末月 26 日到本季度末月 25 日，两头都算。"""
        return self.window_until(CUTOFF_DAY)

    def window_until(self, day: int) -> tuple[date, date]:
        """截止日改成末月 ``day`` 日时收的日子，两头都算。"""
        return self.previous().due_on(day) + timedelta(days=1), self.due_on(day)


def quarter_of(day: date, cutoff: int = CUTOFF_DAY) -> Quarter:
    """某一天的变更算在哪个季度；末月 ``cutoff`` 日之后算下一季度。"""
    quarter = Quarter(day.year, (day.month + 2) // 3)
    return quarter.next() if day > quarter.due_on(cutoff) else quarter


def parse_quarter(text: str, today: date, cutoff: int = CUTOFF_DAY) -> Quarter | None:
    """读群里写的季度；读不懂返回 None。

    没写年份的按当前季度所在的年算，只有一季度里说“四季度”指上一年。
    """
    spoken = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()
    current = quarter_of(today, cutoff)
    if spoken in SPOKEN:
        return {-1: current.previous(), 0: current, 1: current.next()}[SPOKEN[spoken]]
    match = WRITTEN.fullmatch(spoken)
    if match is None:
        return None
    number = _number(match["number"] or match["letter"])
    return Quarter(_year(match, number, current, today), number)


def _number(text: str) -> int:
    return NUMERALS.index(text) + 1 if text in NUMERALS else int(text)


def _year(match: re.Match[str], number: int, current: Quarter, today: date) -> int:
    if year := match["year"]:
        return int(year) if len(year) == 4 else 2000 + int(year)
    if relative := match["relative"]:
        return today.year - 1 if relative[0] in "去上" else today.year
    return current.year - 1 if (current.number, number) == (1, 4) else current.year
