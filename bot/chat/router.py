"""唯一的消息入口：闲聊早早放行，然后依次是隐私保护 → 等着的回答 → 命令 → 提问。

自动答问的群里没点名的话，等他说完（listening）再当提问看。拒绝在这里变成回复，越权在这里记日志，意外在这里变成一句道歉。处理同一个人的消息按先后排队。
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from traceback import extract_tb
from typing import TypeVar
from weakref import WeakValueDictionary

from bot.chat.call import Call, IsRobot, ReadFile, ReadMessage, human, no_files
from bot.chat.choosing import choosing
from bot.chat.dialogues import CANCEL, CONFIRM, Dialogues
from bot.chat.listening import Burst, Listening
from bot.chat.manners import Line
from bot.chat.memory import Memory
from bot.chat.messages import Incoming, Reply, folded
from bot.chat.registry import COMMANDS, Command, Registry
from bot.domain.actor import Actor, PlaceKind
from bot.domain.errors import Denied, Refusal, WrongPlace
from bot.domain.services import Services
from storage.words import AnswerMode

logger = logging.getLogger(__name__)

REMEMBERED_MESSAGES = 2000
BIND = "绑定"
UNASKED_FILE = "收到文件了。要我导入请再发命令（看 /帮助），10 分钟内有效；要问问题请写成文字。"
LEFT_HALFWAY = "刚才问到一半，过了 10 分钟已经作废。还要办请重新发命令。"
SORRY = "这条没办成，我这边出错了，已经记下。请稍后再发一次；还不行请联系运维。"

Step = Callable[[Call], Awaitable["Reply | str | None"]]
Outcome = Reply | Burst | str | None
Result = TypeVar("Result")


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

    def __init__(
        self,
        services: Services,
        commands: Registry = COMMANDS,
        chain: Chain = CHAIN,
        listening: Listening | None = None,
    ) -> None:
        self.services = services
        self.dialogues = Dialogues()
        self.listening = listening or Listening()
        self.memory = Memory()
        self._commands = commands
        self._chain = chain
        self._seen: OrderedDict[str, None] = OrderedDict()
        # 有人拿着、有人等着的锁才留着
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def handle(
        self,
        message: Incoming,
        read_message: ReadMessage,
        is_robot: IsRobot = human,
        read_file: ReadFile = no_files,
    ) -> Reply | None:
        """处理一条消息，返回要回的话；不用回返回 None。"""
        if self._repeated(message.message_id):
            return None
        call = Call(
            actor=self.services.context.directory.actor(message.qq, message.place),
            arguments=folded(message.text),
            message=message,
            services=self.services,
            dialogues=self.dialogues,
            read_message=read_message,
            memory=self.memory,
            is_robot=is_robot,
            read_file=read_file,
        )
        if call.in_group and message.qq in self.listening.manners.ignored:
            self.listening.note(message.place.group_id or 0, self._line(call))
            return None
        reply = await self._in_turn(call, self._dispatch)
        if isinstance(reply, Burst):
            reply = await self._step_in(call, reply)
        return Reply(reply) if isinstance(reply, str) else reply

    def close(self) -> None:
        """打烊：还在等人说完的不等了。"""
        self.listening.close()

    async def _in_turn(self, call: Call, step: Callable[[Call], Awaitable[Result]]) -> Result | str | None:
        """同一个人的消息一条一条办。"""
        lock = self._turns.setdefault(call.actor.qq, asyncio.Lock())
        async with lock:
            return await self._guarded(call, step)

    async def _guarded(self, call: Call, step: Callable[[Call], Awaitable[Result]]) -> Result | str | None:
        actor, text = call.actor, call.arguments
        try:
            return await step(call)
        except Denied as refusal:
            await self.services.audit_denial(actor, self._command_name(text))
            return str(refusal)
        except Refusal as refusal:
            return str(refusal)
        except Exception as error:
            # 正文和出错的说明都可能含个人信息，只记哪一类错误、在哪几行
            where = " ← ".join(f"{f.name}:{f.lineno}" for f in reversed(extract_tb(error.__traceback__)[-5:]))
            logger.error("处理消息出错：%s，%s", type(error).__name__, where)  # noqa: TRY400
            return None if call.heard else SORRY

    def _command_name(self, text: str) -> str:
        """记日志只用登记过的命令名：没打空格时，人写的第一个词可能连着个人信息。"""
        found = self._commands.parse(text) if text.startswith("/") else None
        return f"/{found[0].name}" if found else ""

    async def _dispatch(self, call: Call) -> Outcome:
        in_group, text = call.in_group, call.arguments
        if in_group and call.actor.group is None and not self._may_bind(call, text):
            return None
        for guard in self._chain.guards:
            reply = await guard(call)
            if reply is not None:
                return reply
        if call.message.place.group_id is not None and (call.message.to_me or text.startswith("/")):
            self.listening.drop(call.message.place.group_id, call.actor.qq)
        if call.message.files and not in_group:
            return await self._file(call)
        if text.startswith("/") and text != "/":
            return await self._command(call, text)
        waiting = await self._waiting(call, text)
        if waiting is not None:
            return waiting
        if call.message.to_me and self._forgot_slash(text):
            return await self._command(call, f"/{text}")
        if not in_group:
            return await self._question(call)
        return await self._group_question(call)

    async def _file(self, call: Call) -> Reply | str | None:
        """私聊发来的文件：有命令等着就交给它，没有就先记下，等他说做什么。"""
        now, file = call.services.context.now(), call.message.files[0]
        pending = self.dialogues.file_wanted(call.actor, now)
        if pending is not None:
            return await pending.then(call, file)
        self.dialogues.note_file(call.actor, file, now)
        return UNASKED_FILE

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
        return await choosing(_with_arguments(call, arguments), command.handler)

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
        pending = self.dialogues.take(
            call.actor, word, call.services.context.now(), text=text, named=call.message.to_me
        )
        if pending is None:
            if word == CONFIRM and not call.in_group:
                return "没有等你确认的操作，可能已经办完或过时，请重新发命令。"
            return None
        if call.services.context.now() > pending.expires_at:
            if pending.fits is not None:
                return LEFT_HALFWAY if call.message.to_me else None
            # 群里随口一个“1”不算
            return None if word.isdigit() else "刚才那件事等太久，已经作废，请重新发命令。"
        if not pending.still_holds(call.actor):
            return "你担任的角色变了，刚才那件事已经作废，请重新发命令。"
        return await choosing(call, lambda again: pending.then(again, word))

    async def _group_question(self, call: Call) -> Outcome:
        """群里的话：点了名就答；没点名的只有自动答问的群要听，先记下等他说完。"""
        group = call.actor.group
        if group is None or group.answer_mode is AnswerMode.OFF:
            return None
        if call.message.to_me:
            return await self._named_question(call)
        if group.answer_mode is not AnswerMode.AUTO:
            return None
        return self.listening.hear(group.group_id, self._line(call))

    async def _named_question(self, call: Call) -> Reply | str | None:
        """引用机器人的话来说的，可能是另一个机器人：查一查，太勤就不理，免得互相引用没完。"""
        restraint, qq = self.listening.restraint, call.actor.qq
        if not call.message.quotes_me:
            return await self._question(call)
        if restraint.is_muted(qq, call.services.context.now()) or await call.is_robot():
            return None
        reply = await self._question(call)
        admitted = reply is not None and restraint.admits(qq, call.services.context.now())
        return reply if admitted else None

    async def _step_in(self, call: Call, burst: Burst) -> Reply | str | None:
        """没点名的话：等他说完、没人接话、没到冷却，再当提问看。"""
        if not await self.listening.settle(burst) or not burst.texts:
            return None
        heard = burst.texts
        return await self._in_turn(replace(call, arguments=heard[-1], heard=heard), self._interject)

    async def _interject(self, call: Call) -> Reply | str | None:
        restraint, qq, group_id = self.listening.restraint, call.actor.qq, call.actor.place.group_id or 0
        if not restraint.may_interject(group_id, qq, call.services.context.now()):
            return None
        reply = await self._question(call)
        if reply is None or await call.is_robot():
            return None
        # 查人的工夫里可能已经对别人开过口，要说了再看一次
        now = call.services.context.now()
        if not restraint.may_interject(group_id, qq, now) or not restraint.admits(qq, now):
            return None
        restraint.interjected(group_id, qq, now)
        return reply

    def _line(self, call: Call) -> Line:
        message = call.message
        now = call.services.context.now()
        return Line(message.qq, message.own_id, call.arguments, now, message.quote_id, message.mentions)

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
    return replace(call, arguments=arguments)
