"""模拟 QQ 里的名词：人、群、会话、消息、文件；只有数据，没有行为，页面、记录和协议三处共用。"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

Role = Literal["owner", "admin", "member"]


class SandboxError(Exception):
    """现实里做不到的操作（不是好友、不在群里、被禁言……），句子说明原因。"""


class ActionRefused(SandboxError):
    """API 调用失败；retcode 与说明照 NapCat 的习惯。"""

    def __init__(self, wording: str, retcode: int = 1200) -> None:
        super().__init__(wording)
        self.retcode = retcode


class Dialect(StrEnum):
    """模仿哪一种客户端的说话方式。"""

    ARRAY = "array"  # NapCat：数组消息，正 31 位编号
    STRING = "string"  # go-cqhttp：CQ 码字符串，负编号，文件只有通知
    LAGRANGE = "lagrange"  # Lagrange.OneBot：群文件是空消息加通知，机器人自己的话也当普通消息上报


@dataclass(frozen=True, slots=True)
class Segment:
    """消息段，字段名与 OneBot v11 相同。"""

    type: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """一个会话：群（number 是群号）或某人与机器人的私聊（number 是那个人的 QQ）。"""

    kind: Literal["group", "private"]
    number: int


@dataclass(frozen=True, slots=True)
class Person:
    """一个 QQ 用户；label 是页面上的身份说明，机器人看不到。"""

    qq: int
    nickname: str
    label: str = ""


@dataclass(slots=True)
class Member:
    """某人在某群里的名片、角色和入群时间。"""

    qq: int
    card: str
    role: Role
    joined_at: datetime


@dataclass(slots=True)
class Group:
    """一个群；muted 是全员禁言，bot_muted 只禁言机器人。"""

    group_id: int
    name: str
    members: dict[int, Member] = field(default_factory=dict)
    muted: bool = False
    bot_muted: bool = False
    temporary_chat_allowed: bool = True


@dataclass(frozen=True, slots=True)
class StoredFile:
    """收发过的一个文件或图片的全部字节。"""

    file_id: str
    name: str
    content: bytes
    picture: bool = False

    @property
    def size(self) -> int:
        """字节数。"""
        return len(self.content)


@dataclass(slots=True)
class Message:
    """会话里的一条消息；text 带引用，body 不带引用，名字是发出时的名片。"""

    message_id: int
    index: int
    place: Place
    sender: int
    sender_name: str
    by_bot: bool
    segments: tuple[Segment, ...]
    time: datetime
    text: str
    body: str
    quoted_id: int | None = None
    mentions: tuple[int, ...] = ()
    mentions_everyone: bool = False
    files: tuple[StoredFile, ...] = ()
    pictures: tuple[StoredFile, ...] = ()
    temporary_from: int | None = None
    recalled: bool = False

    @property
    def sub_type(self) -> str:
        """OneBot 的 sub_type：群 normal，好友 friend，群临时会话 group。"""
        if self.place.kind == "group":
            return "normal"
        return "friend" if self.temporary_from is None else "group"


@dataclass(frozen=True, slots=True)
class Happening:
    """旁观者看到的一件事：message 新消息，recall 撤回，notice 灰字提示（入群、禁言等），people 名单变化。"""

    kind: Literal["message", "recall", "notice", "people"]
    place: Place | None = None
    message: Message | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """会话里的一行灰字；after 是它前面那条消息的 index（之前没有消息时为 -1）。"""

    place: Place
    text: str
    time: datetime
    after: int


@dataclass(frozen=True, slots=True)
class PendingRequest:
    """等机器人处理的加好友（group_id 为空）或邀请机器人进群的请求。"""

    flag: str
    qq: int
    group_id: int | None
    comment: str


@dataclass(frozen=True, slots=True)
class Call:
    """机器人的一次 API 调用；reply 为空表示没有回答。"""

    action: str
    params: dict[str, Any]
    reply: dict[str, Any] | None
