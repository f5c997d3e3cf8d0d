"""收发消息的动作：发送、合并转发、撤回、查消息与历史；规矩（好友、禁言、@）照真实客户端。"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.sandbox import segments as forms
from bot.sandbox.desk import Desk, load_bytes
from bot.sandbox.state import picture_segment
from bot.sandbox.values import ActionRefused, Dialect, Message, Place, Segment

Params = dict[str, Any]
_RECALL_TIME = timedelta(minutes=2)
_RANK = {"member": 0, "admin": 1, "owner": 2}
_HISTORY_DEFAULT = 20


class MessageActions:
    """消息类动作。"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._state = desk.state

    def table(self) -> dict[str, Callable[[Params], Awaitable[Any]]]:
        """动作名到实现。"""
        return {
            "send_msg": self._send_any,
            "send_group_msg": self._send_group,
            "send_private_msg": self._send_private,
            "send_group_forward_msg": self._forward_group,
            "send_private_forward_msg": self._forward_private,
            "send_forward_msg": self._forward_any,
            "delete_msg": self._delete,
            "get_msg": self._get,
            "get_forward_msg": self._get_forward,
            "get_group_msg_history": self._group_history,
            "get_friend_msg_history": self._friend_history,
            "mark_msg_as_read": self._accept,
        }

    def group_place(self, params: Params) -> Place:
        """目标群；机器人不在群里、被禁言时拒绝。"""
        group = self._state.groups.get(int(params["group_id"]))
        if group is None or self._state.self_id not in group.members:
            raise ActionRefused("发送失败：已被移出该群 (result 110)")
        is_manager = group.members[self._state.self_id].role != "member"
        if group.bot_muted or (group.muted and not is_manager):
            raise ActionRefused("发送失败：你已被禁言 (result 120)")
        return Place("group", group.group_id)

    def private_place(self, params: Params) -> tuple[Place, int | None]:
        """目标私聊与临时会话的群；不是好友又没有临时会话时拒绝。"""
        qq = int(params["user_id"])
        if qq not in self._state.people or qq == self._state.self_id:
            raise ActionRefused("无法获取用户信息")
        if qq in self._state.friends:
            return Place("private", qq), None
        if qq in self._state.temporary_sessions:
            return Place("private", qq), self._state.temporary_sessions[qq]
        group = self._state.groups.get(int(params.get("group_id") or 0))
        if group is None or not {qq, self._state.self_id} <= group.members.keys():
            raise ActionRefused("请先添加对方为好友")
        if not group.temporary_chat_allowed:
            raise ActionRefused("发送失败：本群不允许临时会话 (result 103)")
        self._state.temporary_sessions[qq] = group.group_id
        return Place("private", qq), group.group_id

    async def deliver(
        self, place: Place, parts: list[Segment], *, temporary_from: int | None = None
    ) -> Message:
        """机器人的消息入库；按设置把机器人自己的话也上报。"""
        message = self._state.add_message(place, self._state.self_id, parts, temporary_from=temporary_from)
        if self._desk.report_own:
            kind = "message" if self._desk.dialect is Dialect.LAGRANGE else "message_sent"
            await self._desk.push(self._desk.frames.message(message, post_type=kind))
        return message

    async def _send_any(self, params: Params) -> Params:
        kind = params.get("message_type") or ("group" if params.get("group_id") else "private")
        return await (self._send_group(params) if kind == "group" else self._send_private(params))

    async def _send_group(self, params: Params) -> Params:
        place = self.group_place(params)
        message = await self.deliver(place, await self._compose(params, place))
        return {"message_id": message.message_id}

    async def _send_private(self, params: Params) -> Params:
        place, temporary_from = self.private_place(params)
        parts = await self._compose(params, place)
        message = await self.deliver(place, parts, temporary_from=temporary_from)
        return {"message_id": message.message_id}

    async def _compose(self, params: Params, place: Place) -> list[Segment]:
        parsed = forms.parse(params.get("message"), auto_escape=bool(params.get("auto_escape")))
        parts = forms.merge_texts([item for part in parsed for item in await self._accept_part(part, place)])
        if not parts or all(part.type == "reply" for part in parts):
            raise ActionRefused("消息体无法解析, 请检查是否发送了不支持的消息类型")
        length = sum(len(part.data["text"]) for part in parts if part.type == "text")
        if length > self._desk.longest_text:
            raise ActionRefused("发送失败：消息过长 (result 34)")
        return parts

    async def _accept_part(self, part: Segment, place: Place) -> list[Segment]:
        if part.type == "at":
            return [self._accept_at(str(part.data.get("qq", "")), place)]
        if part.type == "reply":
            number = str(part.data.get("id", ""))
            known = number.lstrip("-").isdigit() and self._state.message(int(number)) is not None
            return [Segment("reply", {"id": number})] if known else []
        if part.type == "image":
            content = await load_bytes(part.data.get("file"))
            name = str(part.data.get("name") or f"{secrets.token_hex(8).upper()}.png")
            return [picture_segment(self._state.keep_file(name, content, is_picture=True))]
        if part.type == "node":
            raise ActionRefused("合并转发请用 send_forward_msg")
        return [part]

    def _accept_at(self, target: str, place: Place) -> Segment:
        """@ 不在群里的人、没有资格或次数用完的 @全体，都只剩文字。"""
        if place.kind == "group":
            members = self._state.groups[place.number].members
            if target == "all" and members[self._state.self_id].role != "member":
                if self._state.remaining_at_all > 0:
                    self._state.remaining_at_all -= 1
                    return forms.at("all")
            elif target.isdigit() and int(target) in members:
                return forms.at(target)
        if target.isdigit():
            return forms.text(f"@{self._state.name_of(int(target), place)} ")
        return forms.text("@全体成员 ")

    async def _forward_any(self, params: Params) -> Params:
        return await (
            self._forward_group(params) if params.get("group_id") else self._forward_private(params)
        )

    async def _forward_group(self, params: Params) -> Params:
        place = self.group_place(params)
        return self._forwarded(await self.deliver(place, [await self._forward_segment(params, place)]))

    async def _forward_private(self, params: Params) -> Params:
        place, temporary_from = self.private_place(params)
        part = await self._forward_segment(params, place)
        return self._forwarded(await self.deliver(place, [part], temporary_from=temporary_from))

    async def _forward_segment(self, params: Params, place: Place) -> Segment:
        nodes: list[tuple[str, list[Segment]]] = []
        for item in params["messages"]:
            data = item["data"]
            if data.get("id") is not None:
                quoted = self._state.message(int(data["id"]))
                if quoted is not None:
                    nodes.append((quoted.sender_name, list(quoted.segments)))
                continue
            name = str(data.get("nickname") or data.get("name") or data.get("user_id") or data.get("uin"))
            nodes.append((name, await self._compose({"message": data["content"]}, place)))
        if not nodes:
            raise ActionRefused("未找到节点")
        return Segment("forward", {"id": secrets.token_hex(16), "nodes": nodes})

    def _forwarded(self, message: Message) -> Params:
        forward_id = message.segments[0].data["id"]
        return {"message_id": message.message_id, "res_id": forward_id, "forward_id": forward_id}

    async def _get_forward(self, params: Params) -> Params:
        wanted = params.get("id") or params.get("message_id")
        for message in self._state.messages:
            part = message.segments[0] if message.segments else None
            if part is not None and part.type == "forward" and part.data["id"] == wanted:
                nodes = part.data["nodes"]
                return {"messages": [self._forward_node(name, items) for name, items in nodes]}
        raise ActionRefused("找不到相关的聊天记录")

    def _forward_node(self, name: str, items: list[Segment]) -> Params:
        return {"sender": {"nickname": name}, "content": forms.to_objects(items)}

    async def _delete(self, params: Params) -> None:
        number = params["message_id"]
        message = self._state.message(int(number))
        if message is None or message.recalled:
            raise ActionRefused(f"消息{number}不存在")
        if message.place.kind == "private" and not message.by_bot:
            raise ActionRefused("Recall failed：不能撤回对方的消息")
        if not self._may_recall(message):
            raise ActionRefused('Recall failed: {"result":7,"errMsg":"decode failed!"}')
        self._state.recall(message, self._state.self_id)
        await self._desk.push(self._desk.frames.group_recall(message, self._state.self_id))

    def _may_recall(self, message: Message) -> bool:
        """自己的两分钟内可以；群主和管理员可以撤回比自己低的人。"""
        is_recent = self._state.now() - message.time <= _RECALL_TIME
        if message.by_bot and is_recent:
            return True
        if message.place.kind == "private":
            return False
        members = self._state.groups[message.place.number].members
        own = members[self._state.self_id].role if self._state.self_id in members else "member"
        theirs = members[message.sender].role if message.sender in members else "member"
        return own != "member" and (message.by_bot or _RANK[own] > _RANK[theirs])

    async def _get(self, params: Params) -> Params:
        message = self._state.message(int(params["message_id"]))
        if message is None:
            raise ActionRefused("消息不存在")
        return self._desk.frames.message(message)

    async def _group_history(self, params: Params) -> Params:
        return self._history(Place("group", self._state.group(int(params["group_id"])).group_id), params)

    async def _friend_history(self, params: Params) -> Params:
        return self._history(Place("private", self._state.person(int(params["user_id"])).qq), params)

    def _history(self, place: Place, params: Params) -> Params:
        messages = [message for message in self._state.messages_in(place) if not message.recalled]
        start = int(params.get("message_seq") or params.get("message_id") or 0)
        before = self._state.message(start) if start else None
        if before is not None:
            messages = [message for message in messages if message.index <= before.index]
        kept = messages[-int(params.get("count") or _HISTORY_DEFAULT) :]
        return {"messages": [self._in_history(message) for message in kept]}

    def _in_history(self, message: Message) -> Params:
        is_sent_kind = message.by_bot and self._desk.dialect is not Dialect.LAGRANGE
        return self._desk.frames.message(message, post_type="message_sent" if is_sent_kind else "message")

    async def _accept(self, params: Params) -> None:
        """照收不误，没有别的效果。"""
