"""时钟：业务代码只向它问时间，演示和测试因此能让时间走得快些。"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

# 北京时间固定东八区、没有夏令时，不必依赖系统的时区数据（Windows 上没有）
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


class Clock(Protocol):
    """会报时的东西。"""

    def now(self) -> datetime:
        """当前时刻，带时区。"""
        ...


class SystemClock:
    """真实时间。"""

    def now(self) -> datetime:
        """当前时刻（UTC）。"""
        return datetime.now(UTC)


class SimulatedClock:
    """从指定时刻起按真实快慢走，也可以直接拨到某一刻。"""

    def __init__(self, start: datetime) -> None:
        self._base = start.astimezone(UTC)
        self._mark = time.monotonic()

    def now(self) -> datetime:
        """模拟的当前时刻（UTC）。"""
        return self._base + timedelta(seconds=time.monotonic() - self._mark)

    def set(self, moment: datetime) -> None:
        """拨到某一刻。"""
        self._base = moment.astimezone(UTC)
        self._mark = time.monotonic()


def local_day(moment: datetime) -> date:
    """某时刻在岳阳是哪一天。"""
    return moment.astimezone(SHANGHAI).date()
