"""处理函数拿到的全部东西：谁、在哪、写了什么、能用哪些服务。"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.chat.dialogues import CHOICE_SECONDS, CONFIRM, CONFIRM_SECONDS, Answered, Dialogues, Pending
from bot.chat.messages import Incoming, Reply
from bot.domain.actor import Actor, PlaceKind
from bot.domain.services import Services

ReadMessage = Callable[[str], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Call:
    """一次调用。``arguments`` 是命令名后面的内容，已折叠全角和空白，换行保留。"""

    actor: Actor
    arguments: str
    message: Incoming
    services: Services
    dialogues: Dialogues
    read_message: ReadMessage

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

    def _wait(self, kind: str, words: tuple[str, ...], then: Answered, seconds: int) -> None:
        expires_at = self.services.context.now() + timedelta(seconds=seconds)
        self.dialogues.wait(self.actor, Pending(kind, words, then, expires_at))
