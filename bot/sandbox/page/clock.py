"""时钟栏的几个按钮：从现在出发算出要去的时间；只能向前，因为发生过的事收不回来。"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.sandbox.page.view import SHANGHAI
from bot.sandbox.values import SandboxError

_MORNING_HOUR = 9
_FARTHEST = timedelta(days=3660)


def target_time(now: datetime, step: object, moment: object) -> datetime:
    """step 是 hour、day、morning 之一；否则 moment 是北京时间 2017-02-24T09:00。"""
    local = now.astimezone(SHANGHAI)
    if step == "hour":
        return local + timedelta(hours=1)
    if step == "day":
        return local + timedelta(days=1)
    if step == "morning":
        morning = local.replace(hour=_MORNING_HOUR, minute=0, second=0, microsecond=0)
        return morning if morning > local else morning + timedelta(days=1)
    try:
        target = datetime.fromisoformat(str(moment))
    except ValueError as problem:
        raise SandboxError("时间要写成 2017-02-24T09:00 的样子") from problem
    target = target.replace(tzinfo=SHANGHAI) if target.tzinfo is None else target.astimezone(SHANGHAI)
    if target <= local:
        raise SandboxError(f"时钟只能向前：现在已经是 {local:%Y-%m-%d %H:%M}")
    if target - local > _FARTHEST:
        raise SandboxError("一次最多向前十年")
    return target
