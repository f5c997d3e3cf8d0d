"""各处回复共用的写法：日期、期限、状态怎么说，一处定下。纯函数。"""

from __future__ import annotations

from datetime import date, datetime

from bot.domain.clock import SHANGHAI

WEEKDAYS = "一二三四五六日"


def day_text(day: date) -> str:
    """2月28日（周二）。"""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def inner_day_text(day: date) -> str:
    """括号里用的写法：2月28日周二。"""
    return f"{day.month}月{day.day}日周{WEEKDAYS[day.weekday()]}"


def full_day_text(day: date) -> str:
    """2017年2月28日。"""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_text(moment: datetime) -> str:
    """2月24日（周五）09:00。"""
    local = moment.astimezone(SHANGHAI)
    return f"{day_text(local.date())}{local:%H:%M}"


def left_text(due: date, today: date) -> str:
    """离截止还有几天：还有4天 / 今天截止 / 已过3天。"""
    days = (due - today).days
    if days > 0:
        return f"还有{days}天"
    return "今天截止" if days == 0 else f"已过{-days}天"
