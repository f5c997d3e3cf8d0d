"""一问一答：光发命令名时一步一步问。答得不对说哪里不对、再问同一句；取消或别的斜杠命令就离开；过时会说。

一步是一个 ``Ask``：问什么、怎么读懂回答（纯函数）、读懂以后做什么——再给一个 ``Ask`` 就接着问，给回复就完了。
群里没点名的话，像是回答的才算，别的照旧是闲聊。
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.chat.call import Call
from bot.chat.dialogues import Pending
from bot.chat.messages import Reply
from bot.domain.errors import BadInput

GUIDED_SECONDS = 600
HOW_TO_LEAVE = "（发“取消”不办了）"


@dataclass(frozen=True, slots=True)
class Ask:
    """一问。``read`` 看不懂、不合理时抛出 BadInput；``then`` 拿着读懂的值往下走。"""

    text: str
    read: Callable[[str], Any]
    then: Callable[[Call, Any], Awaitable[Ask | Reply | str | None]]

    def fits(self, answer: str) -> bool:
        """像不像这一问的回答。"""
        try:
            self.read(answer)
        except BadInput:
            return False
        return True


def ask(call: Call, question: Ask) -> Reply:
    """问出去，等对方下一句。"""
    expires_at = call.services.context.now() + timedelta(seconds=GUIDED_SECONDS)

    async def answered(again: Call, _word: str) -> Reply | str | None:
        return await _answer(again, question)

    pending = Pending("guided", (), answered, expires_at, call.actor, question.fits)
    call.dialogues.wait(call.actor, pending)
    return Reply(f"{question.text}\n{HOW_TO_LEAVE}")


async def _answer(call: Call, question: Ask) -> Reply | str | None:
    try:
        value = question.read(call.arguments)
    except BadInput as problem:
        again = ask(call, question)
        return Reply(f"{problem}\n{again.text}")
    following = await question.then(call, value)
    return ask(call, following) if isinstance(following, Ask) else following


def read_choice(text: str, count: int) -> int:
    """读 1 到 ``count`` 的一个编号，返回从 0 数的位置。"""
    digits = text.strip().rstrip("。.、号 ")
    if digits.isdecimal() and len(digits) <= 4 and 1 <= int(digits) <= count:
        return int(digits) - 1
    one = "1" if count == 1 else f"1 到 {count}"
    raise BadInput(f"没看懂“{text.strip()[:20]}”，请回编号 {one}。")


def numbered(choices: Sequence[str]) -> str:
    """一行一个编号。"""
    return "\n".join(f"{number}. {choice}" for number, choice in enumerate(choices, start=1))
