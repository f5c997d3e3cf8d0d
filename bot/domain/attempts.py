"""猜邀请码的限制：一个人一小时、全部人一分钟最多错几次。只记在内存里，重启清零。"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

PERSON_FAILURES = 5
PERSON_WINDOW = timedelta(hours=1)
TOTAL_FAILURES = 30
TOTAL_WINDOW = timedelta(minutes=1)


class Attempts:
    """错过的次数，按滑动的时间窗数。"""

    def __init__(self) -> None:
        self._by_person: dict[int, deque[datetime]] = {}
        self._all: deque[datetime] = deque()

    def person_exhausted(self, qq: int, now: datetime) -> bool:
        """这个人错得太多，先不让试。"""
        failures = self._by_person.get(qq)
        if failures is None:
            return False
        _forget(failures, now - PERSON_WINDOW)
        if not failures:
            del self._by_person[qq]
        return len(failures) >= PERSON_FAILURES

    def all_exhausted(self, now: datetime) -> bool:
        """所有人加起来错得太多，先都不让试。"""
        _forget(self._all, now - TOTAL_WINDOW)
        return len(self._all) >= TOTAL_FAILURES

    def note_failure(self, qq: int, now: datetime) -> None:
        """记一次错。"""
        self._by_person.setdefault(qq, deque()).append(now)
        self._all.append(now)


def _forget(failures: deque[datetime], before: datetime) -> None:
    while failures and failures[0] <= before:
        failures.popleft()
