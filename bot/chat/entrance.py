"""NoneBot 的匹配器只有两个：消息交给 Router 并把回话发出去，加好友的请求交给 FriendRequests。"""

from __future__ import annotations

import logging

from nonebot import on_message, on_request
from nonebot.adapters.onebot.v11 import Bot, FriendRequestEvent, MessageEvent

from bot.chat.friends import FriendRequests
from bot.chat.intake import incoming
from bot.chat.onebot import QQ
from bot.chat.router import Router

logger = logging.getLogger(__name__)


class Entrance:
    """入口；``router`` 在服务装好之后放进来，之前收到的消息不理。"""

    def __init__(self) -> None:
        self.router: Router | None = None
        self.qq: QQ | None = None
        self._friends = FriendRequests()

    def install(self) -> None:
        """登记匹配器；一个进程只做一次。"""
        on_message(priority=1, block=True).append_handler(self._message)
        on_request(priority=1, block=True).append_handler(self._friend_request)

    async def _friend_request(self, bot: Bot, event: FriendRequestEvent) -> None:
        if self.router is not None:
            await self._friends.handle(bot, event, self.router.services.context.directory)

    async def _message(self, bot: Bot, event: MessageEvent) -> None:
        if self.router is None or self.qq is None:
            return
        qq = self.qq
        message = incoming(event, qq.own)
        if message is None:
            return
        qq.notice(message, bot)

        async def read(message_id: str) -> str:
            return await qq.read(bot, message_id)

        reply = await self.router.handle(message, read)
        if reply is not None:
            await qq.reply(bot, message, reply)
