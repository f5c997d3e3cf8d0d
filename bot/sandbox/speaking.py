"""人的动作：在群里或私聊里说话、发文件、撤回、进出群、申请好友，每个动作都变成上报给机器人的事件。"""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from bot.sandbox import segments as forms
from bot.sandbox.desk import load_bytes
from bot.sandbox.events import Frames
from bot.sandbox.inbox import Inbox
from bot.sandbox.state import State, file_segment, picture_segment, quote_segment
from bot.sandbox.values import Happening, Message, PendingRequest, Place, SandboxError, Segment

Content = str | Segment | Sequence[Segment | str]


class Speaking(Inbox, ABC):
    """替人行动；push 由连接的一方实现。"""

    def __init__(self, state: State, frames: Frames) -> None:
        super().__init__(state)
        self.state = state
        self.self_id = state.self_id
        self._frames = frames

    @abstractmethod
    async def push(self, event: dict[str, Any]) -> bool:
        """上报一个事件；没连着时返回 False。"""

    async def say(
        self,
        qq: int,
        content: Content,
        *,
        group: int | None = None,
        at_bot: bool = False,
        quote: Message | int | None = None,
        quote_at: bool = True,
        temporary_from: int | None = None,
    ) -> Message:
        """某人说话：给 group 是群消息，否则私聊机器人。

        quote 在群里会像真实客户端那样自动 @ 被引用的人（quote_at=False 表示用户删掉了它）。
        不是好友时私聊必须给 temporary_from（从哪个群发起的临时会话）。
        """
        place = self._speaking_place(qq, group, temporary_from)
        parts = self._lead(place, quote, quote_at=quote_at, at_bot=at_bot)
        body = [content] if isinstance(content, str | Segment) else list(content)
        for item in body:
            parts.append(await self._own_part(forms.text(item) if isinstance(item, str) else item))
        return await self._speak(place, qq, forms.merge_texts(parts), temporary_from)

    async def send_file(
        self,
        qq: int,
        name: str,
        content: bytes,
        *,
        group: int | None = None,
        temporary_from: int | None = None,
    ) -> Message:
        """某人发文件；上报的样子随客户端不同（消息、通知或两者都有）。"""
        place = self._speaking_place(qq, group, temporary_from)
        stored = self.state.keep_file(name, content)
        return await self._speak(place, qq, [file_segment(stored)], temporary_from)

    async def recall(self, message: Message, *, operator: int | None = None) -> None:
        """某人撤回一条消息（默认撤回自己的）。"""
        who = message.sender if operator is None else operator
        self.state.recall(message, who)
        await self.push(self._frames.group_recall(message, who))

    async def arrive(self, group_id: int, qq: int, card: str = "", *, invited_by: int = 0) -> None:
        """有人入群，机器人收到 group_increase。"""
        self.state.join(group_id, qq, card, "member")
        name = self.state.name_of(qq, Place("group", group_id))
        await self.emit_notice(
            "group_increase",
            f"{name} 加入了群聊",
            sub_type="invite" if invited_by else "approve",
            group_id=group_id,
            user_id=qq,
            operator_id=invited_by,
        )

    async def depart(self, group_id: int, qq: int, *, kicked_by: int | None = None) -> None:
        """有人退群或被移出，机器人收到 group_decrease。"""
        name = self.state.name_of(qq, Place("group", group_id))
        self.state.leave(group_id, qq)
        kind = "leave" if kicked_by is None else ("kick_me" if qq == self.self_id else "kick")
        await self.emit_notice(
            "group_decrease",
            f"{name} 离开了群聊",
            sub_type=kind,
            group_id=group_id,
            user_id=qq,
            operator_id=qq if kicked_by is None else kicked_by,
        )

    async def mute(self, group_id: int, *, on: bool = True, bot_only: bool = False) -> None:
        """开关全员禁言（bot_only 只禁言机器人），机器人收到 group_ban。"""
        group = self.state.group(group_id)
        if bot_only:
            group.bot_muted = on
        else:
            group.muted = on
        duration = 0 if not on else 2592000 if bot_only else -1
        await self.emit_notice(
            "group_ban",
            ("机器人被禁言" if bot_only else "已开启全员禁言") if on else "禁言已解除",
            sub_type="ban" if on else "lift_ban",
            group_id=group_id,
            user_id=self.self_id if bot_only else 0,
            operator_id=0,
            duration=duration,
        )

    async def request_friend(self, qq: int, comment: str = "") -> PendingRequest:
        """某人申请加机器人为好友；机器人同意后成为好友。"""
        request = self._new_request(qq, None, comment)
        await self.push(self._frames.request("friend", user_id=qq, comment=comment, flag=request.flag))
        return request

    async def invite_bot(self, qq: int, group_id: int) -> PendingRequest:
        """某人邀请机器人进群（先让机器人退群：leave(group_id, self_id)）；机器人同意后入群。"""
        request = self._new_request(qq, group_id, "")
        fields = {"sub_type": "invite", "group_id": group_id, "user_id": qq, "comment": ""}
        await self.push(self._frames.request("group", flag=request.flag, **fields))
        return request

    async def emit_notice(self, notice_type: str, text: str = "", **fields: Any) -> bool:
        """上报任意通知；text 有值时旁观者看到一行灰字。"""
        if text:
            group_id, user_id = fields.get("group_id"), fields.get("user_id")
            number = group_id or user_id
            place = Place("group" if group_id else "private", int(number)) if number else None
            self.state.tell(Happening("notice", place, None, text))
        return await self.push(self._frames.notice(notice_type, **fields))

    # 细节

    def _speaking_place(self, qq: int, group: int | None, temporary_from: int | None) -> Place:
        self.state.person(qq)
        if group is not None:
            member = self.state.member(group, qq)
            if self.state.group(group).muted and member.role == "member":
                raise SandboxError("全员禁言中，不能发言")
            return Place("group", group)
        if temporary_from is not None:
            self.state.member(temporary_from, qq)
            self.state.temporary_sessions[qq] = temporary_from
        elif qq not in self.state.friends:
            raise SandboxError(f"{qq} 不是机器人的好友：先 befriend，或给出 temporary_from")
        return Place("private", qq)

    def _lead(
        self, place: Place, quote: Message | int | None, *, quote_at: bool, at_bot: bool
    ) -> list[Segment]:
        """消息开头：引用、客户端自动加的 @、用户自己的 @机器人；@ 后面的文字以空格开头。"""
        parts: list[Segment] = []
        mentioned: list[int] = []
        if quote is not None:
            quoted = self.state.message(quote) if isinstance(quote, int) else quote
            if quoted is None:
                raise SandboxError(f"没有消息 {quote} 可引用")
            parts.append(quote_segment(quoted.message_id))
            if quote_at and place.kind == "group":
                mentioned.append(quoted.sender)
        if at_bot and self.self_id not in mentioned:
            mentioned.append(self.self_id)
        for target in mentioned:
            parts += [forms.at(target), forms.text(" ")]
        return parts

    async def _own_part(self, part: Segment) -> Segment:
        """人发的图片先存下字节，其余原样。"""
        if part.type != "image" or "file_id" in part.data:
            return part
        content = await load_bytes(part.data.get("file"))
        name = str(part.data.get("name") or f"{secrets.token_hex(8).upper()}.png")
        return picture_segment(self.state.keep_file(name, content, is_picture=True))

    async def _speak(
        self, place: Place, qq: int, parts: list[Segment], temporary_from: int | None
    ) -> Message:
        message = self.state.add_message(place, qq, parts, temporary_from=temporary_from)
        self._said(message)
        for frame in self._frames.arrivals(message):
            await self.push(frame)
        return message

    def _new_request(self, qq: int, group_id: int | None, comment: str) -> PendingRequest:
        self.state.person(qq)
        request = PendingRequest(secrets.token_hex(8), qq, group_id, comment)
        self.state.requests[request.flag] = request
        return request
