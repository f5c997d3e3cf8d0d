"""上报帧：把状态里的消息和通知写成各客户端真实发出的 OneBot v11 事件。"""

from __future__ import annotations

from typing import Any

from bot.sandbox import segments as forms
from bot.sandbox.state import State
from bot.sandbox.values import Dialect, Message, Segment, StoredFile

Frame = dict[str, Any]
_UNKNOWN_GROUP = 284840486  # NapCat 不知道临时会话来自哪个群时填的固定群号


class Frames:
    """按 dialect 写事件；files_url 有值时文件与图片段带下载地址。"""

    def __init__(self, state: State, dialect: Dialect) -> None:
        self._state = state
        self._dialect = dialect
        self.files_url: str | None = None

    def lifecycle(self) -> Frame:
        """连接后的第一帧。"""
        frame = self._meta("lifecycle") | {"sub_type": "connect"}
        return frame | {"_post_method": 2} if self._dialect is Dialect.STRING else frame

    def heartbeat(self, seconds: float) -> Frame:
        """心跳；online 与 good 只是客户端自己的说法。"""
        return self._meta("heartbeat") | {"status": self.status(), "interval": int(seconds * 1000)}

    def status(self) -> Frame:
        """心跳与 get_status 里的状态。"""
        status: Frame = {"online": True, "good": True}
        if self._dialect is Dialect.ARRAY:
            return status | {"stat": {}}
        return status | {"app_initialized": True, "app_enabled": True, "app_good": True, "plugins_good": None}

    def notice(self, notice_type: str, **fields: Any) -> Frame:
        """任意通知。"""
        head = {"time": self._time(), "self_id": self._state.self_id, "post_type": "notice"}
        return head | {"notice_type": notice_type} | fields

    def request(self, request_type: str, **fields: Any) -> Frame:
        """加好友或加群请求。"""
        head = {"time": self._time(), "self_id": self._state.self_id, "post_type": "request"}
        return head | {"request_type": request_type} | fields

    def arrivals(self, message: Message) -> list[Frame]:
        """一条新消息引出的全部上报：消息本身，以及各客户端不同的文件通知。"""
        if not message.files:
            return [self.message(message)]
        stored = message.files[0]
        in_group = message.place.kind == "group"
        if self._dialect is Dialect.STRING:
            return [self._file_notice(message, stored)]
        if self._dialect is Dialect.ARRAY and not in_group:
            return [self.message(message)]
        first = self.message(message)
        if self._dialect is Dialect.LAGRANGE and in_group:
            first |= {"message": [], "raw_message": ""}
        return [first, self._file_notice(message, stored)]

    def message(self, message: Message, *, post_type: str = "message") -> Frame:
        """消息事件；get_msg 与历史消息也用它。"""
        parts = [] if message.recalled else [self._outgoing(part) for part in message.segments]
        in_group = message.place.kind == "group"
        frame: Frame = {
            "self_id": self._state.self_id,
            "user_id": message.sender,
            "time": int(message.time.timestamp()),
            "message_id": message.message_id,
            "real_id": message.message_id,
            "message_type": message.place.kind,
            "sub_type": message.sub_type,
            "sender": self.sender(message),
            "raw_message": forms.to_codes(parts).strip(),
            "message": forms.to_codes(parts),
            "post_type": post_type,
        }
        if self._dialect is not Dialect.STRING:
            frame["message"] = forms.to_objects(parts)
        frame |= self._group_fields(message) if in_group else self._private_fields(message)
        return frame | self._dialect_fields(message)

    def sender(self, message: Message) -> Frame:
        """发送者；临时会话里 NapCat 的昵称固定是“临时会话”。"""
        person = self._state.people[message.sender]
        sender: Frame = {"user_id": person.qq, "nickname": person.nickname, "card": ""}
        if message.temporary_from is not None and self._dialect is Dialect.ARRAY:
            sender["nickname"] = "临时会话"
        if self._dialect is not Dialect.ARRAY:
            sender |= {"sex": "unknown", "age": 0, "area": ""}
        if self._dialect is Dialect.STRING and message.temporary_from is not None:
            sender["group_id"] = message.temporary_from
        if message.place.kind == "group":
            member = self._state.groups[message.place.number].members.get(message.sender)
            sender |= {"card": member.card, "role": member.role} if member else {"role": "member"}
            if self._dialect is not Dialect.ARRAY:
                sender |= {"level": "", "title": ""}
        return sender

    def group_recall(self, message: Message, operator: int) -> Frame:
        """撤回通知，群与好友两种。"""
        if message.place.kind == "private":
            return self.notice("friend_recall", user_id=message.place.number, message_id=message.message_id)
        fields = {"group_id": message.place.number, "user_id": message.sender, "operator_id": operator}
        frame = self.notice("group_recall", **fields, message_id=message.message_id)
        return frame | {"tip": ""} if self._dialect is Dialect.LAGRANGE else frame

    def file_url(self, stored: StoredFile) -> str | None:
        """下载地址；NapCat 的以 fname= 结尾，后面什么也没有。"""
        if self.files_url is None:
            return None
        return f"{self.files_url}/ftn_handler/{stored.file_id}/?fname="

    def _outgoing(self, part: Segment) -> Segment:
        data = {key: value for key, value in part.data.items() if key != "nodes"}
        stored = self._state.files.get(data.get("file_id", ""))
        if part.type == "at" and self._dialect is Dialect.LAGRANGE and data["qq"] != "all":
            return Segment("at", data | {"name": f"@{self._state.name_of(int(data['qq']))}"})
        if part.type not in {"image", "file"} or stored is None:
            return Segment(part.type, data)
        url = self.file_url(stored)
        if part.type == "image":
            extra = {"sub_type": 0, "summary": ""} if self._dialect is Dialect.ARRAY else {"subType": "0"}
            kept = {"file": stored.name, "file_size": str(stored.size), "url": url or ""}
            return Segment("image", kept | extra)
        if self._dialect is Dialect.LAGRANGE:
            return Segment(
                "file",
                {"file_name": stored.name, "file_id": stored.file_id, "file_hash": "", "url": url or ""},
            )
        return Segment("file", data | ({"url": url} if url else {}))

    def _group_fields(self, message: Message) -> Frame:
        group = self._state.groups[message.place.number]
        fields: Frame = {"group_id": group.group_id}
        if self._dialect is Dialect.ARRAY:
            return fields | {"group_name": group.name}
        return fields | {"anonymous": None}

    def _private_fields(self, message: Message) -> Frame:
        other = message.place.number if message.by_bot else self._state.self_id
        fields: Frame = {} if self._dialect is Dialect.STRING else {"target_id": other}
        if message.temporary_from is None:
            return fields
        if self._dialect is Dialect.ARRAY:
            known = message.temporary_from in self._state.groups
            return fields | {
                "group_id": message.temporary_from if known else _UNKNOWN_GROUP,
                "temp_source": 0,
            }
        return fields | ({"temp_source": 0} if self._dialect is Dialect.STRING else {})

    def _dialect_fields(self, message: Message) -> Frame:
        if self._dialect is Dialect.ARRAY:
            real = str(message.index + 1)
            return {
                "message_seq": message.message_id,
                "real_seq": real,
                "font": 14,
                "message_format": "array",
            }
        return (
            {"message_seq": message.index + 1, "font": 0} if self._dialect is Dialect.STRING else {"font": 0}
        )

    def _file_notice(self, message: Message, stored: StoredFile) -> Frame:
        """群文件 group_upload 的编号与消息里的不同；离线文件 offline_file 没有编号（go-cqhttp）。"""
        url = self.file_url(stored) or ""
        if message.place.kind == "private":
            content: Frame = {"name": stored.name, "size": stored.size, "url": url}
            if self._dialect is Dialect.LAGRANGE:
                content |= {"id": stored.file_id, "hash": ""}
            return self.notice("offline_file", user_id=message.sender, file=content)
        alias = f"/{stored.file_id[::-1]}"
        self._state.file_aliases[alias] = stored.file_id
        content = {"id": alias, "name": stored.name, "size": stored.size, "busid": 102}
        if self._dialect is not Dialect.ARRAY:
            content["url"] = url
        return self.notice(
            "group_upload", group_id=message.place.number, user_id=message.sender, file=content
        )

    def _meta(self, kind: str) -> Frame:
        head = {"time": self._time(), "self_id": self._state.self_id, "post_type": "meta_event"}
        return head | {"meta_event_type": kind}

    def _time(self) -> int:
        return int(self._state.now().timestamp())
