"""命令登记处：每条命令登记一次（名字、权限、帮助、例子），分派和 /帮助 都看这一份。"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.chat.call import Call
from bot.chat.messages import Reply

NEAR_ENOUGH = 50
NEAR_ENOUGH_IN_GROUP = 50

Handler = Callable[[Call], Awaitable[Reply | str | None]]


@dataclass(frozen=True, slots=True)
class Command:
    """一条命令。``action`` 是权限表里的动作名；``also`` 是它还能做的别的动作，能做其一就列进帮助。"""

    name: str
    aliases: tuple[str, ...]
    action: str
    summary: str
    examples: tuple[str, ...]
    menu: str
    handler: Handler
    also: tuple[str, ...] = ()


class Registry:
    """全部命令；名字和别名都不许重复。"""

    def __init__(self) -> None:
        self._commands: dict[str, Command] = {}
        self._names: dict[str, Command] = {}

    def add(self, command: Command) -> None:
        """登记一条。"""
        for name in (command.name, *command.aliases):
            if name in self._names:
                raise ValueError(f"命令名“{name}”登记了两次")
            self._names[name] = command
        self._commands[command.name] = command

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def get(self, name: str) -> Command | None:
        """按名字或别名取。"""
        return self._names.get(name.lower())

    def parse(self, text: str) -> tuple[Command, str] | None:
        """认出命令和后面的内容；``text`` 是折叠过、以 / 开头的文字。

        名字后面应有空白；忘了空格（/上报初审）也认，但只认最长的名字。
        """
        body = text.removeprefix("/").lstrip(" ")
        word = body.split(None, 1)[0] if body else ""
        command = self.get(word.rstrip("?？。.!！"))
        if command is not None:
            return command, body[len(word) :].strip()
        joined = [name for name in self._names if body.lower().startswith(name)]
        if not joined:
            return None
        name = max(joined, key=len)
        rest = body[len(name) :]
        if name.isascii() and rest[:1].isascii() and rest[:1].isalnum():
            return None
        return self._names[name], rest.strip()

    def nearest(self, text: str, *, strict: bool) -> Command | None:
        """最接近的命令，用于打错字时提示。"""
        body = text.removeprefix("/").lstrip(" ")
        word = body.split(None, 1)[0] if body else ""
        floor = NEAR_ENOUGH_IN_GROUP if strict else NEAR_ENOUGH
        found = process.extractOne(word.lower(), list(self._names), scorer=fuzz.ratio, score_cutoff=floor)
        return self._names[found[0]] if found else None


COMMANDS = Registry()


def command(
    name: str,
    *,
    aliases: tuple[str, ...] = (),
    action: str,
    summary: str,
    examples: tuple[str, ...],
    menu: str,
    also: tuple[str, ...] = (),
) -> Callable[[Handler], Handler]:
    """登记一条命令的装饰器。"""

    def register(handler: Handler) -> Handler:
        COMMANDS.add(Command(name, aliases, action, summary, examples, menu, handler, also))
        return handler

    return register
