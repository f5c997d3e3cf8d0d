"""上班时间：工作日 8 点到 18 点；等人答复的时限只在这里面走，夜里和节假日不算。纯函数。"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.clock import SHANGHAI
from bot.domain.workdays import WorkCalendar

OPENS = 8
CLOSES = 18


def is_working_moment(moment: datetime, calendar: WorkCalendar) -> bool:
    """这一刻上不上班（含 8 点整，不含 18 点整）。"""
    local = moment.astimezone(SHANGHAI)
    return calendar.is_working(local.date()) and OPENS <= local.hour < CLOSES


def after_working_time(start: datetime, span: timedelta, calendar: WorkCalendar) -> datetime:
    """从 ``start`` 起累计够 ``span`` 上班时间是哪一刻（北京时间）。"""
    moment, left = start.astimezone(SHANGHAI), span
    while True:
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        opens, closes = midnight + timedelta(hours=OPENS), midnight + timedelta(hours=CLOSES)
        begins = max(moment, opens)
        if calendar.is_working(moment.date()) and begins < closes:
            if begins + left <= closes:
                return begins + left
            left -= closes - begins
        moment = midnight + timedelta(days=1)
