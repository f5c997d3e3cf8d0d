"""上班时间：夜里、周末、法定节假日不走钟，调休上班的周末走。"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.clock import SHANGHAI
from bot.domain.workdays import WorkCalendar
from bot.domain.working_hours import after_working_time, is_working_moment

CALENDAR = WorkCalendar()


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2017, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(2, 20, 9), 4, at(2, 20, 13)),
        (at(2, 20, 14), 4, at(2, 20, 18)),
        (at(2, 20, 16, 30), 4, at(2, 21, 10, 30)),
        (at(2, 20, 6), 4, at(2, 20, 12)),
        (at(2, 20, 21), 4, at(2, 21, 12)),
        (at(2, 24, 17), 4, at(2, 27, 11)),
        (at(2, 20, 8), 25, at(2, 22, 13)),
        (at(1, 26, 17), 4, at(2, 3, 11)),
        (at(1, 21, 17), 2, at(1, 22, 10)),
    ],
    ids=["当天", "正好下班", "跨夜", "上班前", "下班后", "跨周末", "几天", "跨春节", "调休的周日上班"],
)
def test_only_working_time_counts(start: datetime, hours: float, end: datetime) -> None:
    assert after_working_time(start, timedelta(hours=hours), CALENDAR) == end


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        (at(2, 20, 8), True),
        (at(2, 20, 17, 59), True),
        (at(2, 20, 18), False),
        (at(2, 20, 7, 59), False),
        (at(2, 25, 10), False),
        (at(1, 22, 10), True),
    ],
)
def test_working_moments(moment: datetime, working: bool) -> None:
    assert is_working_moment(moment, CALENDAR) is working
