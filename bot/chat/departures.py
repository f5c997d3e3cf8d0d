"""退群的通知：离开的是管理员就停用他的席位；刚登录时客户端会补报一批旧的，旧的先问清楚人还在不在。"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from nonebot.adapters.onebot.v11 import ActionFailed, ApiNotAvailable, Bot, NetworkError

from bot.domain.services import Services

logger = logging.getLogger(__name__)

ASK_SECONDS = 4.0
# 这么久以前的通知是补报的，他可能已经又进群了
STALE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Departure:
    """某人离开了某个群；``at`` 是客户端说的时刻（秒）。"""

    qq: int
    group_id: int
    own: bool
    at: int


def departure(notice: Mapping[str, Any]) -> Departure | None:
    """认出退群、被移出的通知；解散群、机器人被移出时离开的是机器人自己。"""
    if notice.get("notice_type") not in ("group_decrease", "group_dismiss"):
        return None
    own_id, group_id = notice.get("self_id"), notice.get("group_id")
    qq = own_id if notice["notice_type"] == "group_dismiss" else notice.get("user_id")
    if not (str(qq).isdigit() and str(group_id).isdigit()):
        return None
    own = str(qq) == str(own_id) or notice.get("sub_type") == "kick_me"
    return Departure(int(str(qq)), int(str(group_id)), own, int(notice.get("time") or 0))


async def note_departure(bot: Bot, services: Services, found: Departure) -> None:
    """记下离开的人；出错只记日志，不影响收消息。"""
    try:
        await _note(bot, services, found)
    except Exception as error:
        logger.error("处理退群通知出错：%s", type(error).__name__)  # noqa: TRY400


async def _note(bot: Bot, services: Services, found: Departure) -> None:
    if found.own:
        logger.warning("机器人离开了群 %s", found.group_id)
        await services.standing.bot_left(found.group_id)
        return

    async def still_in(group_id: int, qq: int) -> bool:
        return await _is_member(bot, group_id, qq)

    age = services.context.now().timestamp() - found.at
    if found.at and age > STALE.total_seconds() and await still_in(found.group_id, found.qq):
        return
    await services.standing.left_group(found.qq, found.group_id, still_in)


async def _is_member(bot: Bot, group_id: int, qq: int) -> bool:
    """这个人在不在群里；问不到当不在。"""
    try:
        data = await bot.call_api(
            "get_group_member_info", group_id=group_id, user_id=qq, no_cache=True, _timeout=ASK_SECONDS
        )
        return str(data.get("user_id")) == str(qq)
    except (ActionFailed, NetworkError, ApiNotAvailable, AttributeError):
        return False
