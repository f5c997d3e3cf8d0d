"""与 QQ 来往的唯一一处：回复、发文件、撤回、取引用、投递发件箱。

只有返回了消息编号才算发出；超时和断线是“结果不明”，绝不当成失败重发。
"""

from __future__ import annotations

import base64
import logging
from collections import OrderedDict
from dataclasses import replace
from datetime import datetime
from typing import Any

import nonebot
from nonebot.adapters.onebot.v11 import (
    ActionFailed,
    ApiNotAvailable,
    Bot,
    Message,
    MessageSegment,
    NetworkError,
)

from bot.chat.composing import COMPOSERS
from bot.chat.intake import REMEMBERED, OwnMessages
from bot.chat.messages import File, Incoming, Reply
from bot.domain.transport import NotConnected, OutcomeUnknown, Outgoing, SendFailed
from bot.plan.values import Plan
from storage.words import Channel

logger = logging.getLogger(__name__)

READ_SECONDS = 4.0
UPLOAD_SECONDS = 120.0
HISTORY = 50
# NapCat 的 “Timeout: NTEvent …” 之类
TIMED_OUT = ("Timeout", "timeout", "超时")
PICTURE_LOST = "\n（图没有发成功，请稍后再发一次命令）"
NOT_A_FRIEND = ("好友", "friend", "陌生人", "用户信息", "uid")


def plain_text(message: object) -> str:
    """get_msg 给的消息里的文字；数组和 CQ 码字符串两种写法都认。"""
    if isinstance(message, str):
        return Message(message).extract_plain_text()
    parts = message if isinstance(message, list) else []
    texts = [part["data"].get("text") for part in parts if part["type"] == "text"]
    return "".join(str(text) for text in texts if text)


class QQ:
    """当前连着的 QQ 账号们；也是投递机用的 Transport。"""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.own = OwnMessages()
        self._seen_by: dict[int, str] = {}
        self._robots: OrderedDict[tuple[int, int], bool] = OrderedDict()

    def notice(self, message: Incoming, bot: Bot) -> None:
        """记下哪个账号在哪个群里。"""
        if message.place.group_id is not None:
            self._seen_by[message.place.group_id] = bot.self_id

    async def read(self, bot: Bot, message_id: str) -> str:
        """取一条消息的文字；取不到是空串。"""
        try:
            data = await bot.call_api("get_msg", message_id=int(message_id), _timeout=READ_SECONDS)
            return plain_text(data["message"])
        except (ActionFailed, NetworkError, ApiNotAvailable, AttributeError, KeyError, TypeError, ValueError):
            return ""

    async def is_robot(self, bot: Bot, group_id: int | None, qq: int) -> bool:
        """群里这个人是不是机器人（客户端说的）；问到了就记住，问不到当他是人。"""
        if group_id is None:
            return False
        key = (group_id, qq)
        if key not in self._robots:
            try:
                data = await bot.call_api(
                    "get_group_member_info", group_id=group_id, user_id=qq, _timeout=READ_SECONDS
                )
                self._robots[key] = data.get("is_robot") is True
            except (ActionFailed, NetworkError, ApiNotAvailable, AttributeError):
                return False
            if len(self._robots) > REMEMBERED:
                self._robots.popitem(last=False)
        return self._robots[key]

    async def reply(self, bot: Bot, message: Incoming, reply: Reply) -> None:
        """回一条消息；群里引用对方那条（或指定的那条），要撤回的就先撤回、不引用。"""
        source = message.own_id
        if reply.takes_back and not await self._take_back(bot, reply.takes_back):
            reply = reply.otherwise or reply
        if reply.recall:
            await self._take_back(bot, source)
        if reply.text or reply.images:
            parts = Message()
            if message.place.group_id is not None and not reply.recall:
                parts += MessageSegment.reply(int(reply.quote or source))
                if reply.quote:
                    parts += MessageSegment.at(message.qq) + MessageSegment.text(" ")
            parts += MessageSegment.text(reply.text)
            sent = await self._say(bot, message, parts, reply.images)
            if sent and reply.on_sent is not None:
                reply.on_sent(sent)
        for file in reply.files:
            await self._send_file(bot, message, file)

    async def _take_back(self, bot: Bot, message_id: str) -> bool:
        """撤回一条消息；超过时限、没有权限、等不到回执都算没撤成。"""
        try:
            await bot.call_api("delete_msg", message_id=int(message_id), _timeout=READ_SECONDS)
        except (ActionFailed, NetworkError, ApiNotAvailable, ValueError):
            return False
        return True

    async def _say(
        self, bot: Bot, message: Incoming, content: Message, images: tuple[bytes, ...] = ()
    ) -> str:
        """说一句，返回消息编号；没拿到编号是空串。客户端不收图就只发文字。"""
        pictures = Message([MessageSegment.image(image) for image in images])
        route: dict[str, Any] = {"_timeout": UPLOAD_SECONDS} if images else {}
        try:
            if message.place.group_id is not None:
                route["group_id"] = message.place.group_id
                data = await bot.call_api("send_group_msg", message=content + pictures, **route)
            else:
                if message.temporary_from:
                    route["group_id"] = message.temporary_from
                route["user_id"] = message.qq
                data = await bot.call_api("send_private_msg", message=content + pictures, **route)
        except (ActionFailed, NetworkError, ApiNotAvailable) as error:
            logger.warning("回复没有发出：%s", type(error).__name__)
            if images and isinstance(error, ActionFailed):
                return await self._say(bot, message, content + MessageSegment.text(PICTURE_LOST))
            return ""
        if isinstance(data, dict) and data.get("message_id") is not None:
            self.own.remember(data["message_id"])
            return str(data["message_id"])
        return ""

    async def _send_file(self, bot: Bot, message: Incoming, file: File) -> None:
        content = "base64://" + base64.b64encode(file.content).decode()
        try:
            await bot.call_api(
                "upload_private_file",
                user_id=message.qq,
                file=content,
                name=file.name,
                _timeout=UPLOAD_SECONDS,
            )
        except (ActionFailed, NetworkError, ApiNotAvailable) as error:
            logger.warning("文件没有发出：%s", type(error).__name__)
            note = f"文件“{file.name}”没有发成功。请确认已加我为好友，再发一次命令。"
            await self._say(bot, message, Message(MessageSegment.text(note)))

    def _bot(self, channel: Channel, target: int) -> Bot:
        bots = {key: bot for key, bot in nonebot.get_bots().items() if isinstance(bot, Bot)}
        if not bots:
            raise NotConnected("QQ 没有连上")
        if channel is Channel.GROUP and self._seen_by.get(target) in bots:
            return bots[self._seen_by[target]]
        return next(iter(bots.values()))

    async def send(self, outgoing: Outgoing) -> str:
        """投递一条发件箱消息，返回消息编号。"""
        bot = self._bot(outgoing.channel, outgoing.target)
        content = await self._content(bot, outgoing)
        try:
            if outgoing.channel is Channel.GROUP:
                data = await bot.call_api("send_group_msg", group_id=outgoing.target, message=content)
            else:
                data = await bot.call_api("send_private_msg", user_id=outgoing.target, message=content)
        except ActionFailed as error:
            reason = str(error.info.get("wording") or error.info.get("message") or error.info.get("retcode"))
            if any(word in reason for word in TIMED_OUT):
                # 有的客户端等不到回执就报失败，消息其实常常已经发出
                raise OutcomeUnknown("客户端等回执超时") from error
            never = outgoing.channel is Channel.PRIVATE and any(word in reason for word in NOT_A_FRIEND)
            raise SendFailed(reason, retry=not never) from error
        except NetworkError as error:
            raise OutcomeUnknown("等回执超时") from error
        except ApiNotAvailable as error:
            raise NotConnected("QQ 没有连上") from error
        except Exception as error:
            raise OutcomeUnknown(f"连接中断：{type(error).__name__}") from error
        if not isinstance(data, dict) or data.get("message_id") is None:
            raise OutcomeUnknown("没有返回消息编号")
        self.own.remember(data["message_id"])
        return str(data["message_id"])

    async def seen(self, outgoing: Outgoing) -> bool | None:
        """聊天记录里找机器人自己发的、印着标记的那条；记录没有全盖住那段时间就不下结论。"""
        try:
            bot = self._bot(outgoing.channel, outgoing.target)
            if outgoing.channel is Channel.GROUP:
                data = await bot.call_api(
                    "get_group_msg_history", group_id=outgoing.target, count=HISTORY, _timeout=READ_SECONDS
                )
            else:
                data = await bot.call_api(
                    "get_friend_msg_history", user_id=outgoing.target, count=HISTORY, _timeout=READ_SECONDS
                )
            messages = data["messages"]
        except (NotConnected, ActionFailed, NetworkError, ApiNotAvailable, KeyError, TypeError):
            return None
        mark = f"〔{outgoing.code}〕"
        for message in messages:
            if str(message.get("user_id")) == bot.self_id and mark in str(message.get("message")):
                return True
        return False if _covers(messages, outgoing.tried_at) else None

    async def _content(self, bot: Bot, outgoing: Outgoing) -> Message:
        present = await self._members(bot, outgoing.target) if outgoing.channel is Channel.GROUP else None
        if present is not None:
            staying = tuple(qq for qq in outgoing.mentions if qq in present)
            outgoing = replace(outgoing, mentions=staying)
        parts = COMPOSERS[outgoing.kind](outgoing, self._plan)
        content = Message()
        for part in parts:
            if isinstance(part, str):
                content += MessageSegment.text(part)
            elif present is None or part.qq in present:
                content += MessageSegment.at(part.qq)
                content += MessageSegment.text(" ")
        return content

    async def _members(self, bot: Bot, group_id: int) -> set[int] | None:
        """群里现在的人；已经退群的不 @。读不到返回 None。"""
        try:
            members = await bot.call_api("get_group_member_list", group_id=group_id, _timeout=READ_SECONDS)
            return {int(member["user_id"]) for member in members}
        except (ActionFailed, NetworkError, ApiNotAvailable, KeyError, TypeError, ValueError):
            return None


def _covers(messages: list[dict[str, Any]], moment: datetime | None) -> bool:
    """读到的记录有没有盖住 ``moment`` 之后：没读满就是全部，读满了要看最早一条。"""
    if len(messages) < HISTORY:
        return True
    if moment is None:
        return False
    oldest = min(int(message.get("time") or 0) for message in messages)
    return 0 < oldest <= moment.timestamp()
