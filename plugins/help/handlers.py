"""帮助：照登记处的记录列出来，只列说话人在这里能用的。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.registry import COMMANDS, Command, command

from . import render


@command(
    "帮助",
    aliases=("help", "菜单"),
    action="ask a question",
    summary="看能用的命令",
    examples=("/帮助", "/帮助 上报"),
    menu="问答",
)
async def show_help(call: Call) -> str:
    """/帮助 [命令]。"""
    if call.words:
        name = call.words[0].removeprefix("/")
        found = COMMANDS.get(name)
        if found is None:
            return render.unknown(name, COMMANDS.nearest(name, strict=False))
        return render.one(found, private_only=_private_only(call, found))
    usable = [known for known in COMMANDS if _usable(call, known)]
    return render.menu(usable, in_group=call.in_group)


def _usable(call: Call, known: Command) -> bool:
    if call.in_group and _private_only(call, known):
        return False
    allows = call.services.context.permissions.allows
    return any(allows(call.actor, action) for action in (known.action, *known.also))


def _private_only(call: Call, known: Command) -> bool:
    return call.services.context.permissions.rule(known.action).where == "private"
