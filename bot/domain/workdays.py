"""工作日：按国务院办公厅公布的放假和调休算；还没公布的年份只认双休日，并如实说明。"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from chinese_calendar.constants import holidays, workdays

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class WorkCalendar:
    """工作日历；``overrides`` 是本地另行规定的日子，True 上班、False 休息，优先于公布的安排。"""

    def __init__(self, overrides: Mapping[date, bool] = MappingProxyType({})) -> None:
        self._overrides = dict(overrides)
        self._years = range(min(holidays).year, max(holidays).year + 1)

    def published(self, year: int) -> bool:
        """这一年的放假安排在不在日历里；不在就是按双休推算。"""
        return year in self._years

    def is_working(self, day: date) -> bool:
        """这一天上不上班。"""
        if day in self._overrides:
            return self._overrides[day]
        if day in workdays:
            return True
        return day.weekday() < SATURDAY and day not in holidays

    def previous_or_same(self, day: date) -> date:
        """这一天上班就是这一天，否则是它前面最近的工作日。"""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def nth_after(self, day: date, n: int) -> date:
        """``day`` 之后的第 n 个工作日，n 从 1 数起，不含 ``day`` 自己。"""
        if n < 1:
            raise ValueError(f"第几个工作日要从 1 数起，不能是 {n}")
        for _ in range(n):
            day += ONE_DAY
            while not self.is_working(day):
                day += ONE_DAY
        return day
