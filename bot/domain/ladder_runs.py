"""到了哪些台阶：把还欠着的待办按任务和截止日归拢，找出此刻该发、该记为错过的台阶。纯规则。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.clock import local_day
from bot.domain.ladder import Step, current_step, next_step, steps_for
from bot.domain.workdays import WorkCalendar
from bot.plan.values import Ladder
from storage.obligations import Obligation
from storage.reminders import Run

# 一级台阶晚发不超过这么久还有用；更久就记为错过，等下一级
USEFUL_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class DueRun:
    """此刻该发的一级台阶，和它涉及的还欠着的待办。"""

    run: Run
    step: Step
    expires_at: datetime
    obligations: tuple[Obligation, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """一次清点的结果：该发的，和错过的。"""

    due: tuple[DueRun, ...]
    missed: tuple[Run, ...]


def horizon(ladder: Ladder, today: date) -> date:
    """第一级提醒最早的那天，能牵涉到的最晚截止日（提前到工作日最多再早十天）。"""
    return today + timedelta(days=max(ladder.before, default=0) + 10)


def agenda_of(
    owing: Iterable[Obligation],
    done: set[Run],
    ladder: Ladder,
    calendar: WorkCalendar,
    *,
    starts_on: date,
    now: datetime,
) -> Agenda:
    """清点到 ``now`` 为止的台阶；``done`` 是已经排过或记为错过的。

    一项任务同时有几级没发过，只发最近的一级，其余记为错过；启用日以前的台阶不算错过，不存在。
    """
    together: dict[tuple[str, str, date], list[Obligation]] = {}
    for obligation in owing:
        if obligation.due_on is not None:
            key = (obligation.deliverable, obligation.period, obligation.due_on)
            together.setdefault(key, []).append(obligation)
    due: list[DueRun] = []
    missed: list[Run] = []
    for (deliverable, period, due_on), obligations in together.items():
        steps = steps_for(due_on, ladder, calendar)
        current = current_step(steps, now)
        following = next_step(steps, now)
        for step in steps:
            run = Run(deliverable, period, due_on, step.key)
            if step.at > now or local_day(step.at) < starts_on or run in done:
                continue
            expires_at = step.at + USEFUL_FOR
            if following is not None:
                expires_at = min(expires_at, following.at)
            # 迟了的一级，今天还有下一级要发，就不补了，免得前后脚收到两条
            soon = following is not None and local_day(following.at) == local_day(now) > local_day(step.at)
            if step is current and now < expires_at and not soon:
                due.append(DueRun(run, step, expires_at, tuple(obligations)))
            else:
                missed.append(run)
    return Agenda(tuple(due), tuple(missed))
