"""模拟 QQ 的门面：布置人和群、连接机器人、制造故障；说话与读回复见 speaking 和 inbox。"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.sandbox.actions import Actions
from bot.sandbox.client import Link
from bot.sandbox.desk import Desk
from bot.sandbox.events import Frames
from bot.sandbox.faults import Faults
from bot.sandbox.filehost import FileHost
from bot.sandbox.speaking import Speaking
from bot.sandbox.state import Listener, State
from bot.sandbox.values import Call, Dialect, Group, Person, Role, SandboxError


class SimulatedQQ(Speaking):
    """一个 QQ 账号（机器人）所见的世界，也是真正的 OneBot v11 反向 WebSocket 客户端。

    now 是注入的时钟（带时区）。dialect 见 Dialect。report_own 为空时按客户端的默认。
    file_urls=False 时文件不带下载地址，机器人只能用 get_file。
    """

    def __init__(
        self,
        self_id: int,
        now: Callable[[], datetime],
        *,
        nickname: str = "教师系统助手",
        dialect: Dialect | str = Dialect.ARRAY,
        report_own: bool | None = None,
        file_urls: bool = True,
        files_as_base64: bool = False,
    ) -> None:
        self.now = now
        self.dialect = Dialect(dialect)
        self.faults = Faults()
        self.state = State(self_id, nickname, now, negative_ids=self.dialect is not Dialect.ARRAY)
        frames = Frames(self.state, self.dialect)
        super().__init__(self.state, frames)
        self._file_urls = file_urls
        self._file_host = FileHost(self.state)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        own = self.dialect is Dialect.LAGRANGE if report_own is None else report_own
        self.desk = Desk(self.state, frames, self.dialect, self.push, own, files_as_base64=files_as_base64)
        self._actions = Actions(self.desk, self.faults)
        self.link = Link(self_id, self.dialect, frames, self._actions.answer)

    # 布置（不发通知）

    def add_person(self, qq: int, nickname: str, label: str = "") -> Person:
        """登记一个 QQ 用户；label 是页面上的身份说明，机器人看不到。"""
        person = Person(qq, nickname, label)
        self.state.add_person(person)
        return person

    def add_group(self, group_id: int, name: str, *, bot_role: Role = "member") -> Group:
        """建一个机器人已经在里面的群。"""
        self.state.add_group(group_id, name, bot_role)
        return self.state.group(group_id)

    def join(self, group_id: int, qq: int, card: str = "", role: Role = "member") -> None:
        """让人进群，或改名片和角色。"""
        self.state.join(group_id, qq, card, role)

    def leave(self, group_id: int, qq: int) -> None:
        """让人退群。"""
        self.state.leave(group_id, qq)

    def befriend(self, qq: int) -> None:
        """让人成为机器人的好友。"""
        self.state.befriend(qq)

    @property
    def people(self) -> list[Person]:
        """除机器人以外的人，按登记先后。"""
        return [person for person in self.state.people.values() if person.qq != self.self_id]

    @property
    def groups(self) -> list[Group]:
        """全部群。"""
        return list(self.state.groups.values())

    @property
    def calls(self) -> list[Call]:
        """机器人调用过的 API，按完成先后。"""
        return self.state.calls

    @property
    def action_names(self) -> list[str]:
        """支持的 API。"""
        return self._actions.names

    def subscribe(self, callback: Listener) -> Callable[[], None]:
        """每件事发生时调用 callback(Happening)；返回退订函数。"""
        return self.state.subscribe(callback)

    # 连接

    async def connect(
        self, url: str, token: str, *, reconnect_seconds: float | None = None, heartbeat: float = 30.0
    ) -> None:
        """连到机器人的 ws 地址并发出 lifecycle；reconnect_seconds 有值时断线后按此间隔重连。"""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="sandbox-qq-")
            self.desk.file_folder = Path(self._folder.name)
        if self._file_urls:
            self._frames.files_url = await self._file_host.start()
        try:
            await self.link.open(url, token, reconnect_seconds=reconnect_seconds, heartbeat=heartbeat)
        except SandboxError:
            await self.disconnect()
            raise

    async def disconnect(self) -> None:
        """断开并停掉文件下载处；可以重复调用。"""
        await self.link.close()
        self._frames.files_url = None
        await self._file_host.stop()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
            self.desk.file_folder = None

    @property
    def connected(self) -> bool:
        """此刻连着没有。"""
        return self.link.is_up

    async def drop_link(self) -> None:
        """不打招呼地断线；connect 时给了 reconnect_seconds 就会重连。"""
        await self.link.drop()

    async def wait_connected(self, timeout: float = 5.0) -> None:
        """等到（重新）连上；超时抛 TimeoutError。"""
        await self.link.wait_up(timeout)

    async def push(self, event: dict[str, Any]) -> bool:
        """原样上报一个事件（缺 time、self_id 时补上）；没连着时丢掉并返回 False。"""
        head = {"time": int(self.now().timestamp()), "self_id": self.self_id}
        return await self.link.push(head | event)

    async def push_text(self, text: str) -> bool:
        """原样发一帧文字，可以不是 JSON。"""
        return await self.link.push_text(text)
