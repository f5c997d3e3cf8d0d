"""没被点名时怎么听：同一人接连说的几句等他安静了一起看，有人接了话、正和人说话的不插嘴。

等待在那条消息自己的任务里，不占着任何人的队；关门时全部叫醒、一句不说。
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from bot.chat.manners import Line, Manners, Restraint, answered_by_others, in_talk, is_addressed

ROOM_LINES = 40
ROOMS = 500
# 说了这么多句还没停，先看这几句，不一直等
MOST_LINES = 5


@dataclass(slots=True, eq=False)
class Burst:
    """一个人在一个群里接连说的几句。"""

    group_id: int
    lines: list[Line] = field(default_factory=list)
    waiting: asyncio.Future[bool] | None = None

    @property
    def key(self) -> tuple[int, int]:
        """哪个群、谁。"""
        return self.group_id, self.lines[0].qq

    @property
    def texts(self) -> tuple[str, ...]:
        """各句的文字，空的（图片、表情）不算。"""
        return tuple(line.text for line in self.lines if line.text)

    def wake(self, settled: bool) -> None:
        """叫醒等着的那一句；``settled`` 是不是轮到它开口。"""
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(settled)


class Listening:
    """各群最近的话，和各人还没说完的几句。"""

    def __init__(self, manners: Manners | None = None) -> None:
        self.manners = manners or Manners()
        self.restraint = Restraint(self.manners)
        self._rooms: OrderedDict[int, deque[Line]] = OrderedDict()
        self._bursts: dict[tuple[int, int], Burst] = {}
        self._waiting: set[Burst] = set()
        self._closed = False

    def note(self, group_id: int, line: Line) -> None:
        """只记下一句，不用理他（别的机器人说的）；它也可能是在替人回答。"""
        room = self._rooms.setdefault(group_id, deque(maxlen=ROOM_LINES))
        self._rooms.move_to_end(group_id)
        if len(self._rooms) > ROOMS:
            self._rooms.popitem(last=False)
        room.append(line)

    def hear(self, group_id: int, line: Line) -> Burst:
        """听到一句，接在他刚说的后面；前一句不用再等，由这一句等。"""
        self.note(group_id, line)
        burst = self._bursts.get((group_id, line.qq))
        if burst is None or len(burst.lines) >= MOST_LINES:
            burst = self._bursts[(group_id, line.qq)] = Burst(group_id)
        burst.wake(settled=False)
        burst.lines.append(line)
        return burst

    async def settle(self, burst: Burst) -> bool:
        """刚说的是这一串的最后一句：等他安静；没再说、又没有理由不插话，返回 True。"""
        if self._closed:
            return False
        line = burst.lines[-1]
        loop = asyncio.get_running_loop()
        burst.waiting = loop.create_future()
        timer = loop.call_later(self.manners.quiet_seconds, burst.wake, True)
        self._waiting.add(burst)
        try:
            settled = await burst.waiting
        finally:
            timer.cancel()
            if burst.lines[-1] is line:
                self._forget(burst)
        return settled and self._may_step_in(burst)

    def drop(self, group_id: int, qq: int) -> None:
        """他已经点名来问了，先前没说完的几句作罢。"""
        burst = self._bursts.get((group_id, qq))
        if burst is not None:
            burst.wake(settled=False)
            self._forget(burst)

    def close(self) -> None:
        """关门：等着的全部叫醒，不再开口。"""
        self._closed = True
        for burst in tuple(self._waiting):
            burst.wake(settled=False)

    def _may_step_in(self, burst: Burst) -> bool:
        if any(is_addressed(line) for line in burst.lines):
            return False
        room = self._rooms.get(burst.group_id, ())
        return not in_talk(burst.lines, room) and not answered_by_others(burst.lines, room)

    def _forget(self, burst: Burst) -> None:
        self._waiting.discard(burst)
        if self._bursts.get(burst.key) is burst:
            del self._bursts[burst.key]
