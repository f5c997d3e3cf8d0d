"""加好友：绑定群里的人和登记过的管理员加机器人为好友，自动通过；别人的请求不理。"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict

from nonebot.adapters.onebot.v11 import ActionFailed, ApiNotAvailable, Bot, FriendRequestEvent, NetworkError

from bot.domain.directory import Directory

logger = logging.getLogger(__name__)

# 客户端会在一秒内把同一个请求报两次；马上通过有时会引来重复请求
PAUSE_SECONDS = 1.0
REMEMBERED = 500


class FriendRequests:
    """处理加好友的请求。"""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()

    async def handle(self, bot: Bot, event: FriendRequestEvent, directory: Directory) -> bool:
        """认得的人就通过，返回是否通过；查不清的不记，客户端再报一次时再查。"""
        if event.flag in self._seen or not await self._is_known(bot, event.user_id, directory):
            return False
        self._seen[event.flag] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        await asyncio.sleep(PAUSE_SECONDS)
        try:
            await bot.call_api("set_friend_add_request", flag=event.flag, approve=True)
        except (ActionFailed, NetworkError, ApiNotAvailable) as error:
            logger.warning("没能通过好友请求：%s", type(error).__name__)
            return False
        return True

    async def _is_known(self, bot: Bot, qq: int, directory: Directory) -> bool:
        if directory.holds_seat(qq):
            return True
        for group_id in directory.groups:
            try:
                await bot.call_api("get_group_member_info", group_id=group_id, user_id=qq)
            except (ActionFailed, NetworkError, ApiNotAvailable):
                continue
            return True
        return False
