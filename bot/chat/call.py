"""处理函数拿到的全部东西：谁、在哪、写了什么、能用哪些服务。"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.chat.dialogues import (
    CHOICE_SECONDS,
    CONFIRM,
    CONFIRM_SECONDS,
    FILE_SECONDS,
    TEXT,
    Answered,
    Dialogues,
    Pending,
)
from bot.chat.memory import Memory
from bot.chat.messages import Incoming, ReceivedFile, Reply
from bot.domain.actor import Actor, PlaceKind
from bot.domain.errors import BadInput
from bot.domain.services import Services

ReadMessage = Callable[[str], Awaitable[str]]
IsRobot = Callable[[], Awaitable[bool]]
ReadFile = Callable[[ReceivedFile], Awaitable[bytes]]


async def human() -> bool:
    """不去查：当他是人。"""
    return False


async def no_files(_file: ReceivedFile) -> bytes:
    """这里取不到文件。"""
    raise BadInput("这里收不了文件。")


@dataclass(frozen=True, slots=True)
class Call:
    """一次调用。``arguments`` 是命令名后面的内容，已折叠全角和空白，换行保留。

    ``heard`` 只在没被点名时有：他接连说的几句，最后一句就是 ``arguments``；
    ``is_robot`` 去问 QQ 说话的是不是机器人，要说话了才问；``read_file`` 取一个收到的文件的内容，要用了才取。
    """

    actor: Actor
    arguments: str
    message: Incoming
    services: Services
    dialogues: Dialogues
    read_message: ReadMessage
    memory: Memory = field(default_factory=Memory)
    heard: tuple[str, ...] = ()
    is_robot: IsRobot = human
    read_file: ReadFile = no_files

    @property
    def spot(self) -> tuple[int, int | None]:
        """谁在哪里：QQ 号和群号（私聊为空）。"""
        return self.actor.qq, self.actor.place.group_id

    @property
    def in_group(self) -> bool:
        """是不是在群里。"""
        return self.actor.place.kind is PlaceKind.GROUP

    @property
    def words(self) -> list[str]:
        """按空白切开的参数。"""
        return self.arguments.split()

    async def quoted_text(self) -> str:
        """被引用那条消息的文字；没有引用或读不到是空串。"""
        return await self.read_message(self.message.quote_id) if self.message.quote_id else ""

    def ask_confirmation(self, prompt: str, then: Callable[[Call], Awaitable[Reply | str | None]]) -> Reply:
        """先说清要做什么，等对方回“确认”再做。"""

        async def confirmed(call: Call, _word: str) -> Reply | str | None:
            return await then(call)

        self._wait("confirm", (CONFIRM,), confirmed, CONFIRM_SECONDS)
        return Reply(f"{prompt}\n回复“{CONFIRM}”执行，“取消”放弃（{CONFIRM_SECONDS} 秒内有效）。")

    def offer_choices(self, count: int, then: Answered) -> None:
        """等对方回一个编号。"""
        self._wait("choice", tuple(str(number) for number in range(1, count + 1)), then, CHOICE_SECONDS)

    def offer_word(self, word: str, then: Answered) -> None:
        """等对方回一个词（要一样东西）。"""
        self._wait("offer", (word,), then, CHOICE_SECONDS)

    def ask_text(self, then: Answered) -> None:
        """等对方回一句话，写什么都算；``then`` 的参数是那时的 Call 和那句话。"""
        self._wait(TEXT, (), then, CHOICE_SECONDS)

    async def ask_file(self, prompt: str, then: Answered) -> Reply | str | None:
        """要一个文件：刚发来的就用它，没有就等十分钟；``then`` 的参数是那时的 Call 和文件。"""
        self._wait("file", (), then, FILE_SECONDS)
        file = self.dialogues.take_file(self.actor, self.services.context.now())
        return await then(self, file) if file is not None else prompt

    def _wait(self, kind: str, words: tuple[str, ...], then: Answered, seconds: int) -> None:
        expires_at = self.services.context.now() + timedelta(seconds=seconds)
        self.dialogues.wait(self.actor, Pending(kind, words, then, expires_at, self.actor))
