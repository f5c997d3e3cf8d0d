"""NoneBot 的唯一一个消息匹配器：事件进来，交给 Router，把回话发出去。"""

from __future__ import annotations

import logging

from nonebot import on_message
from nonebot.adapters.onebot.v11 import Bot, MessageEvent

from bot.chat.intake import incoming
from bot.chat.onebot import QQ
from bot.chat.router import Router

logger = logging.getLogger(__name__)


class Entrance:
    """入口；``router`` 在服务装好之后放进来，之前收到的消息不理。"""

    def __init__(self) -> None:
        self.router: Router | None = None
        self.qq: QQ | None = None

    def install(self) -> None:
        """登记匹配器；一个进程只做一次。"""
        matcher = on_message(priority=1, block=True)
        matcher.append_handler(self._handle)

    async def _handle(self, bot: Bot, event: MessageEvent) -> None:
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
