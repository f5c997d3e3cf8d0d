"""模拟 QQ 的全部状态：人、群、好友、消息、文件和旁观者；不碰网络，谁都可以读。"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime

from bot.sandbox.values import (
    Call,
    Group,
    Happening,
    Member,
    Message,
    Notice,
    PendingRequest,
    Person,
    Place,
    Role,
    SandboxError,
    Segment,
    StoredFile,
)

Listener = Callable[[Happening], None]
_LABELS = {"record": "[语音]", "video": "[视频]", "face": "[表情]", "json": "[卡片]", "markdown": "[卡片]"}
_QUOTE_LENGTH = 24


class State:
    """模拟 QQ 的状态；改动都经过这里，旁观者因此一件不漏。"""

    def __init__(
        self, self_id: int, nickname: str, now: Callable[[], datetime], *, negative_ids: bool
    ) -> None:
        self.self_id = self_id
        self.now = now
        self.people: dict[int, Person] = {self_id: Person(self_id, nickname, "机器人")}
        self.groups: dict[int, Group] = {}
        self.friends: set[int] = set()
        self.temporary_sessions: dict[int, int] = {}
        self.messages: list[Message] = []
        self.notices: list[Notice] = []
        self.files: dict[str, StoredFile] = {}
        self.file_aliases: dict[str, str] = {}
        self.requests: dict[str, PendingRequest] = {}
        self.calls: list[Call] = []
        self.remaining_at_all = 10
        self._by_id: dict[int, Message] = {}
        self._negative_ids = negative_ids
        self._next_number = secrets.randbelow(1 << 30)
        self._listeners: list[Listener] = []
        self._waiting: list[asyncio.Future[None]] = []

    # 人与群

    def add_person(self, person: Person) -> None:
        """登记一个 QQ 用户；同号再来一次就是改昵称。"""
        self.people[person.qq] = person
        self.tell(Happening("people"))

    def add_group(self, group_id: int, name: str, bot_role: Role) -> None:
        """建群，机器人已在群里。"""
        self.groups[group_id] = Group(group_id, name)
        self.join(group_id, self.self_id, "", bot_role)

    def join(self, group_id: int, qq: int, card: str, role: Role) -> None:
        """入群或改名片、改角色。"""
        self.person(qq)
        self.group(group_id).members[qq] = Member(qq, card, role, self.now())
        self.tell(Happening("people"))

    def leave(self, group_id: int, qq: int) -> None:
        """退群。"""
        self.member(group_id, qq)
        del self.groups[group_id].members[qq]
        self.tell(Happening("people"))

    def befriend(self, qq: int) -> None:
        """成为机器人的好友。"""
        self.person(qq)
        self.friends.add(qq)
        self.tell(Happening("people"))

    def person(self, qq: int) -> Person:
        """按 QQ 号找人；没有时抛 SandboxError。"""
        if qq not in self.people:
            raise SandboxError(f"没有 QQ 号为 {qq} 的人，请先 add_person")
        return self.people[qq]

    def group(self, group_id: int) -> Group:
        """按群号找群；没有时抛 SandboxError。"""
        if group_id not in self.groups:
            raise SandboxError(f"群 {group_id} 不存在")
        return self.groups[group_id]

    def member(self, group_id: int, qq: int) -> Member:
        """找群成员；不在群里时抛 SandboxError。"""
        members = self.group(group_id).members
        if qq not in members:
            raise SandboxError(f"群({group_id})成员{qq}不存在")
        return members[qq]

    def name_of(self, qq: int, place: Place | None = None) -> str:
        """群里用名片，没有名片用昵称，不认识用号码。"""
        group = self.groups.get(place.number) if place is not None and place.kind == "group" else None
        member = group.members.get(qq) if group is not None else None
        if member is not None and member.card:
            return member.card
        return self.people[qq].nickname if qq in self.people else str(qq)

    # 消息

    def add_message(
        self, place: Place, sender: int, parts: Iterable[Segment], *, temporary_from: int | None = None
    ) -> Message:
        """存下一条消息并告诉旁观者；parts 里的文件必须已经存好。"""
        kept = tuple(parts)
        stored = [self.files[part.data["file_id"]] for part in kept if part.data.get("file_id") in self.files]
        at_targets = [str(part.data.get("qq")) for part in kept if part.type == "at"]
        body = "".join(self.render(part, place) for part in kept if part.type != "reply").strip()
        quotes = [int(part.data["id"]) for part in kept if part.type == "reply"]
        message = Message(
            message_id=self._new_id(),
            index=len(self.messages),
            place=place,
            sender=sender,
            sender_name=self.name_of(sender, place),
            by_bot=sender == self.self_id,
            segments=kept,
            time=self.now(),
            text="".join(self.render_quote(number) for number in quotes) + body,
            body=body,
            quoted_id=quotes[0] if quotes else None,
            mentions=tuple(int(target) for target in at_targets if target.isdigit()),
            mentions_everyone="all" in at_targets,
            files=tuple(item for item in stored if not item.picture),
            pictures=tuple(item for item in stored if item.picture),
            temporary_from=temporary_from,
        )
        self.messages.append(message)
        self._by_id[message.message_id] = message
        self.tell(Happening("message", place, message, message.text))
        return message

    def message(self, message_id: int) -> Message | None:
        """按编号找消息。"""
        return self._by_id.get(message_id)

    def recall(self, message: Message, operator: int) -> None:
        """标成已撤回并告诉旁观者。"""
        message.recalled = True
        name = self.name_of(operator, message.place)
        self.tell(Happening("recall", message.place, message, f"{name} 撤回了一条消息"))

    def messages_in(self, place: Place) -> list[Message]:
        """一个会话的全部消息，按先后。"""
        return [message for message in self.messages if message.place == place]

    def render(self, part: Segment, place: Place | None) -> str:
        """消息段的文字样子。"""
        if part.type == "text":
            return str(part.data.get("text", ""))
        if part.type == "at":
            target = str(part.data.get("qq"))
            return "@全体成员" if target == "all" else f"@{self.name_of(int(target), place)}"
        if part.type == "image":
            return "[图片]"
        if part.type == "file":
            return f"[文件 {part.data.get('name') or part.data.get('file')}]"
        if part.type == "forward":
            return self._render_forward(part, place)
        return _LABELS.get(part.type, f"[{part.type}]")

    def render_quote(self, message_id: int) -> str:
        """引用的样子：「引用 名字：前几个字」。"""
        quoted = self._by_id.get(message_id)
        if quoted is None or quoted.recalled:
            return "「引用 原消息已不在」"
        line = " ".join(quoted.body.split())
        shown = line if len(line) <= _QUOTE_LENGTH else line[:_QUOTE_LENGTH] + "…"
        return f"「引用 {quoted.sender_name}：{shown}」"

    def _render_forward(self, part: Segment, place: Place | None) -> str:
        nodes: list[tuple[str, list[Segment]]] = part.data.get("nodes", [])
        lines = [f"[合并转发 {len(nodes)} 条]"]
        lines += [f"{name}：{''.join(self.render(item, place) for item in items)}" for name, items in nodes]
        return "\n".join(lines)

    def _new_id(self) -> int:
        """乘奇数取模，编号不重复也不连续，像真的。"""
        self._next_number += 1
        number = (self._next_number * 0x9E3779B1) & 0x7FFFFFFF or 0x7FFFFFFF
        return -number if self._negative_ids else number

    # 文件

    def keep_file(self, name: str, content: bytes, *, is_picture: bool = False) -> StoredFile:
        """存下字节，给出新编号。"""
        stored = StoredFile(secrets.token_hex(16), name, content, is_picture)
        self.files[stored.file_id] = stored
        return stored

    def find_file(self, file_id: str) -> StoredFile | None:
        """按消息里的编号、群文件通知里的编号或图片名找文件。"""
        return self.files.get(self.file_aliases.get(file_id, file_id))

    # 旁观

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """每件事都告诉 listener；返回退订函数。"""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def tell(self, happening: Happening) -> None:
        """通知旁观者，并唤醒等待者；灰字另外留底。"""
        if happening.kind == "notice" and happening.place is not None:
            last = len(self.messages) - 1
            self.notices.append(Notice(happening.place, happening.text, self.now(), last))
        for listener in list(self._listeners):
            listener(happening)
        self.wake()

    def record_call(self, call: Call) -> None:
        """记下机器人的一次调用。"""
        self.calls.append(call)
        self.wake()

    def wake(self) -> None:
        """唤醒所有在 changed() 里等着的人。"""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def changed(self) -> None:
        """等到下一件事发生。"""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future


def quote_segment(message_id: int) -> Segment:
    """引用段。"""
    return Segment("reply", {"id": str(message_id)})


def file_segment(stored: StoredFile) -> Segment:
    """文件段（存内部编号，上报时再换成各客户端的字段）。"""
    return Segment("file", {"file": stored.name, "file_id": stored.file_id, "file_size": str(stored.size)})


def picture_segment(stored: StoredFile) -> Segment:
    """图片段。"""
    return Segment("image", {"file": stored.name, "file_id": stored.file_id, "file_size": str(stored.size)})
