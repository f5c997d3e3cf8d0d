"""唯一的消息入口：闲聊早早放行，然后依次是隐私保护 → 等着的回答 → 命令 → 提问。

拒绝在这里变成回复，越权在这里记日志，意外在这里变成一句道歉。处理同一个人的消息按先后排队。
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from traceback import extract_tb

from bot.chat.call import Call, ReadMessage
from bot.chat.dialogues import CANCEL, CONFIRM, Dialogues
from bot.chat.messages import Incoming, Reply, folded
from bot.chat.registry import COMMANDS, Command, Registry
from bot.domain.actor import Actor, PlaceKind
from bot.domain.errors import Denied, Refusal, WrongPlace
from bot.domain.services import Services
from storage.words import AnswerMode

logger = logging.getLogger(__name__)

REMEMBERED_MESSAGES = 2000
BIND = "绑定"
SORRY = "这条没办成，我这边出错了，已经记下。请稍后再发一次；还不行请联系运维。"

Step = Callable[[Call], Awaitable["Reply | str | None"]]


class Chain:
    """插件往消息链上挂的两处：``guard`` 在最前（返回回复就到此为止），``question`` 在最后。"""

    def __init__(self) -> None:
        self.guards: list[Step] = []
        self.questions: list[Step] = []

    def guard(self, step: Step) -> Step:
        """登记一道守卫；会看到群里的每一条消息，必须快。"""
        self.guards.append(step)
        return step

    def question(self, step: Step) -> Step:
        """登记答问；收到不是命令、但对机器人说的（或自动答问群里的）话。"""
        self.questions.append(step)
        return step


CHAIN = Chain()


class Router:
    """消息分派。"""

    def __init__(self, services: Services, commands: Registry = COMMANDS, chain: Chain = CHAIN) -> None:
        self.services = services
        self.dialogues = Dialogues()
        self._commands = commands
        self._chain = chain
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._turns: dict[int, asyncio.Lock] = {}

    async def handle(self, message: Incoming, read_message: ReadMessage) -> Reply | None:
        """处理一条消息，返回要回的话；不用回返回 None。"""
        if self._repeated(message.message_id):
            return None
        lock = self._turns.setdefault(message.qq, asyncio.Lock())
        async with lock:
            reply = await self._guarded(message, read_message)
        if not lock.locked() and len(self._turns) > REMEMBERED_MESSAGES:
            self._turns.pop(message.qq, None)
        return Reply(reply) if isinstance(reply, str) else reply

    async def _guarded(self, message: Incoming, read_message: ReadMessage) -> Reply | str | None:
        actor = self.services.context.directory.actor(message.qq, message.place)
        text = folded(message.text)
        call = Call(actor, text, message, self.services, self.dialogues, read_message)
        try:
            return await self._dispatch(call, text)
        except Denied as refusal:
            await self.services.audit_denial(actor, self._command_name(text))
            return str(refusal)
        except Refusal as refusal:
            return str(refusal)
        except Exception as error:
            # 正文和出错的说明都可能含个人信息，只记哪一类错误、在哪几行
            where = " ← ".join(f"{f.name}:{f.lineno}" for f in reversed(extract_tb(error.__traceback__)[-5:]))
            logger.error("处理消息出错：%s，%s", type(error).__name__, where)  # noqa: TRY400
            return SORRY

    def _command_name(self, text: str) -> str:
        """记日志只用登记过的命令名：没打空格时，人写的第一个词可能连着个人信息。"""
        found = self._commands.parse(text) if text.startswith("/") else None
        return f"/{found[0].name}" if found else ""

    async def _dispatch(self, call: Call, text: str) -> Reply | str | None:
        in_group = call.in_group
        if in_group and call.actor.group is None and not self._may_bind(call, text):
            return None
        for guard in self._chain.guards:
            reply = await guard(call)
            if reply is not None:
                return reply
        if text.startswith("/") and text != "/":
            return await self._command(call, text)
        waiting = await self._waiting(call, text)
        if waiting is not None:
            return waiting
        if call.message.to_me and self._forgot_slash(text):
            return await self._command(call, f"/{text}")
        if in_group and not self._wants_answer(call):
            return None
        return await self._question(call)

    def _forgot_slash(self, text: str) -> bool:
        """对机器人说的话，头一个词正好是命令名：忘了打斜杠，照命令办。"""
        word, _, rest = text.partition(" ")
        word = word.split("\n", 1)[0]
        found = self._commands.get(word)
        return found is not None and (bool(rest) or "\n" in text or word == text)

    def _may_bind(self, call: Call, text: str) -> bool:
        """没绑定的群里一概不出声，只理会有权的人来绑定。"""
        found = self._commands.parse(text) if text.startswith("/") else None
        if found is None or found[0].name != BIND:
            return False
        return self.services.context.permissions.allows(call.actor, found[0].action)

    async def _command(self, call: Call, text: str) -> Reply | str | None:
        found = self._commands.parse(text)
        if found is None:
            return self._unknown(call, text)
        command, arguments = found
        self.dialogues.leave(call.actor)
        refusal = self._refused_here(call.actor, command, arguments)
        if refusal is not None:
            return refusal
        return await command.handler(_with_arguments(call, arguments))

    def _refused_here(self, actor: Actor, command: Command, arguments: str) -> Reply | None:
        """先看地方对不对，不看内容。

        要私聊的命令发到群里：后面写了东西就连那条一起撤回，里面可能有邀请码、电话、姓名。
        """
        try:
            self.services.context.permissions.check_place(actor, command.action)
        except WrongPlace as refusal:
            if actor.place.kind is PlaceKind.GROUP:
                text = f"/{command.name} 请私聊我办理，群里不处理。"
                return Reply(text, recall=bool(arguments))
            return Reply(str(refusal))
        return None

    def _unknown(self, call: Call, text: str) -> str | None:
        strict = call.in_group and not call.message.to_me
        near = self._commands.nearest(text, strict=strict)
        if near is None:
            return None if strict else "没有这条命令。发 /帮助 看全部命令；要问问题直接说就行。"
        return f"没有这条命令，是不是 /{near.name}？\n例如：{near.examples[0]}"

    async def _waiting(self, call: Call, text: str) -> Reply | str | None:
        word = text.strip("“”\"'。.!！")
        if word == CANCEL and self.dialogues.leave(call.actor):
            return "已取消。"
        if word == CANCEL and not call.in_group:
            return "没有等你确认的操作，不用取消；已经办了的请用撤回类命令，发 /帮助 看写法。"
        pending = self.dialogues.take(call.actor, word, call.services.context.now())
        if pending is None:
            if word == CONFIRM and not call.in_group:
                return "没有等你确认的操作，可能已经办完或过时，请重新发命令。"
            return None
        if call.services.context.now() > pending.expires_at:
            # 群里随口一个“1”不算
            return None if word.isdigit() else "刚才那件事等太久，已经作废，请重新发命令。"
        return await pending.then(call, word)

    def _wants_answer(self, call: Call) -> bool:
        group = call.actor.group
        if group is None or group.answer_mode is AnswerMode.OFF:
            return False
        return call.message.to_me or group.answer_mode is AnswerMode.AUTO

    async def _question(self, call: Call) -> Reply | str | None:
        for question in self._chain.questions:
            reply = await question(call)
            if reply is not None:
                return reply
        return None

    def _repeated(self, message_id: str) -> bool:
        if message_id in self._seen:
            return True
        self._seen[message_id] = None
        if len(self._seen) > REMEMBERED_MESSAGES:
            self._seen.popitem(last=False)
        return False


def _with_arguments(call: Call, arguments: str) -> Call:
    return Call(call.actor, arguments, call.message, call.services, call.dialogues, call.read_message)
