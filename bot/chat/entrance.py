"""NoneBot 的匹配器只有三个：消息交给 Router 并把回话发出去，加好友交给 FriendRequests，通知里只认三种。

通知是贴表情、私聊文件和退群。文件有的客户端报成消息，有的报成通知，有的两样都报：认作一条消息，只办一次。
"""

from __future__ import annotations

import logging

from nonebot import on_message, on_notice, on_request
from nonebot.adapters.onebot.v11 import Bot, FriendRequestEvent, MessageEvent, NoticeEvent

from bot.chat.departures import departure, note_departure
from bot.chat.files import FileReader
from bot.chat.friends import FriendRequests
from bot.chat.intake import incoming, offline_file
from bot.chat.messages import Incoming, ReceivedFile
from bot.chat.onebot import QQ
from bot.chat.reactions import note_reaction, reaction
from bot.chat.router import Router

logger = logging.getLogger(__name__)


class Entrance:
    """入口；``router`` 在服务装好之后放进来，之前收到的消息不理。"""

    def __init__(self) -> None:
        self.router: Router | None = None
        self.qq: QQ | None = None
        self.files: FileReader | None = None
        self._friends = FriendRequests()

    def install(self) -> None:
        """登记匹配器；一个进程只做一次。"""
        on_message(priority=1, block=True).append_handler(self._message)
        on_request(priority=1, block=True).append_handler(self._friend_request)
        on_notice(priority=1, block=True).append_handler(self._notice)

    async def _friend_request(self, bot: Bot, event: FriendRequestEvent) -> None:
        if self.router is not None:
            await self._friends.handle(bot, event, self.router.services.context.directory)

    async def _notice(self, bot: Bot, event: NoticeEvent) -> None:
        notice = event.model_dump()
        message = offline_file(notice)
        if message is not None:
            await self._handle(bot, message)
            return
        gone = departure(notice)
        if self.router is not None and gone is not None:
            await note_departure(bot, self.router.services, gone)
        found = reaction(notice)
        if self.router is not None and found is not None:
            note_reaction(self.router.services, found)

    async def _message(self, bot: Bot, event: MessageEvent) -> None:
        message = incoming(event, self.qq.own) if self.qq is not None else None
        if message is not None:
            await self._handle(bot, message)

    async def _handle(self, bot: Bot, message: Incoming) -> None:
        if self.router is None or self.qq is None or self.files is None:
            return
        qq, files = self.qq, self.files
        if not files.arrivals.is_new(message, self.router.services.context.now()):
            return
        qq.notice(message, bot)

        async def read(message_id: str) -> str:
            return await qq.read(bot, message_id)

        async def is_robot() -> bool:
            return await qq.is_robot(bot, message.place.group_id, message.qq)

        async def read_file(file: ReceivedFile) -> bytes:
            return await files.read(bot, message.qq, file)

        reply = await self.router.handle(message, read, is_robot, read_file)
        if reply is not None:
            await qq.reply(bot, message, reply)
