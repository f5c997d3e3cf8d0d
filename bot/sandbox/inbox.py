"""读消息：等机器人的下一条、下几条，或确认它没有说话；全部由事件唤醒，不轮询。"""

from __future__ import annotations

import asyncio

from bot.sandbox.state import State
from bot.sandbox.values import Call, Message, Place, SandboxError

PATIENCE = 60.0  # 最多等几秒；等到就走，机器再忙也不误判


class Inbox:
    """每个会话有一个书签：人在那里说话、或读到一条回复，书签就前移；不给 after 时从书签往后找。"""

    def __init__(self, state: State) -> None:
        self._state = state
        self._bookmarks: dict[Place, int] = {}

    def messages(self, *, group: int | None = None, private: int | None = None) -> list[Message]:
        """一个会话（两个都不给时是全部会话）的所有消息，按先后。"""
        if group is None and private is None:
            return list(self._state.messages)
        return self._state.messages_in(_place(group, private))

    async def next_reply(
        self,
        *,
        group: int | None = None,
        private: int | None = None,
        after: Message | int | None = None,
        timeout: float = PATIENCE,
    ) -> Message:
        """机器人在这个会话的下一条消息；after 是消息或 Message.index。

        timeout 是真实秒数；超时抛 TimeoutError，写明其间看到了什么、哪些调用失败。
        """
        place = _place(group, private)
        start = self._start(place, after)
        try:
            async with asyncio.timeout(timeout):
                while True:
                    found = self._spoken_after(start, place)
                    if found:
                        self._bookmarks[place] = found[0].index
                        return found[0]
                    await self._state.changed()
        except TimeoutError:
            raise TimeoutError(self._explain(place, start, timeout)) from None

    async def replies(
        self,
        count: int,
        *,
        group: int | None = None,
        private: int | None = None,
        after: Message | int | None = None,
        timeout: float = PATIENCE,
    ) -> list[Message]:
        """机器人在这个会话的下 count 条消息；timeout 是总时间。"""
        deadline = asyncio.get_running_loop().time() + timeout
        found: list[Message] = []
        while len(found) < count:
            left = deadline - asyncio.get_running_loop().time()
            start = found[-1] if found else after
            found.append(
                await self.next_reply(group=group, private=private, after=start, timeout=max(left, 0.001))
            )
        return found

    async def quiet(self, seconds: float, *, group: int | None = None, private: int | None = None) -> None:
        """书签之后机器人已经说过话、或 seconds 秒（真实时间）内说了话，就抛 AssertionError。"""
        place = None if group is None and private is None else _place(group, private)
        start = max(self._bookmarks.values(), default=-1) if place is None else self._start(place, None)
        try:
            async with asyncio.timeout(seconds):
                while not (found := self._spoken_after(start, place)):
                    await self._state.changed()
        except TimeoutError:
            return
        raise AssertionError(f"机器人本该安静，却说了：{found[0].text!r}")

    async def settled(self, seconds: float = 0.3, timeout: float = 10.0) -> None:
        """等到机器人连续 seconds 秒没有说话也没有调用 API；一直不停时抛 TimeoutError。"""
        async with asyncio.timeout(timeout):
            while True:
                try:
                    async with asyncio.timeout(seconds):
                        await self._state.changed()
                except TimeoutError:
                    return

    async def next_call(
        self,
        action: str,
        *,
        after: int = 0,
        timeout: float = PATIENCE,
    ) -> Call:
        """机器人第 after 次调用（从 0 数，全部动作一起数）以后对 action 的下一次调用。"""
        async with asyncio.timeout(timeout):
            while True:
                for call in self._state.calls[after:]:
                    if call.action == action:
                        return call
                await self._state.changed()

    def _said(self, message: Message) -> None:
        self._bookmarks[message.place] = message.index

    def _start(self, place: Place, after: Message | int | None) -> int:
        if after is None:
            return self._bookmarks.get(place, -1)
        return after if isinstance(after, int) else after.index

    def _spoken_after(self, index: int, place: Place | None) -> list[Message]:
        later = self._state.messages[index + 1 :]
        return [message for message in later if message.by_bot and place in (None, message.place)]

    def _explain(self, place: Place, start: int, seconds: float) -> str:
        recent = "\n".join(
            f"  {item.place.kind} {item.place.number} {item.sender_name}：{item.text}"
            for item in self._state.messages[max(start, 0) :][-8:]
        )
        failed = "\n".join(
            f"  {call.action} → {call.reply and call.reply.get('wording')}"
            for call in self._state.calls[-8:]
            if call.reply is None or call.reply.get("status") != "ok"
        )
        where = f"{place.kind} {place.number}"
        return f"{seconds} 秒内机器人没有在 {where} 说话。\n其后的消息：\n{recent}\n失败的调用：\n{failed}"


def _place(group: int | None, private: int | None) -> Place:
    if group is not None and private is None:
        return Place("group", group)
    if private is not None and group is None:
        return Place("private", private)
    raise SandboxError("group 与 private 要给且只给一个")
