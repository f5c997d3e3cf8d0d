"""等着对方下一句话的事：“确认”、“1 2 3”、一句话或一个文件。记在内存里，按人按地方分开，过时作废并说明。"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat.messages import ReceivedFile, Reply
from bot.domain.actor import Actor

CONFIRM = "确认"
CANCEL = "取消"
CONFIRM_SECONDS = 120
# 等一句话，写什么都算回答
TEXT = "text"
CHOICE_SECONDS = 600
# 先后也是认回答的先后
KINDS = ("confirm", "choice", "offer", "file", TEXT, "guided")
FILE_SECONDS = 600
REMEMBERED_FILES = 500
REMEMBERED_QUESTIONS = 1000
REMEMBER_EXPIRED = timedelta(hours=12)
# 等一句话的，过时再久一点，人家说的就是别的事了
REMEMBER_TEXT = timedelta(minutes=10)

# 参数是那时的 Call 和对方说的那个词
Answered = Callable[..., Awaitable[Reply | str | None]]


@dataclass(frozen=True, slots=True)
class Pending:
    """一件等着的事；``words`` 是认得的回答；``actor`` 是开始等时的他，之后被停用、移交了的不算数。"""

    kind: str
    words: tuple[str, ...]
    then: Answered
    expires_at: datetime
    actor: Actor | None = None
    # 一问一答用：看原话像不像回答
    fits: Callable[[str], bool] | None = None

    def hears(self, word: str, text: str, now: datetime, *, named: bool) -> bool:
        """这句话是不是在等的回答；一问一答的，对机器人说的不像回答也算（好说明哪里不对），过时了就要真像。"""
        if self.fits is not None:
            return self.fits(text) or (named and bool(text) and now <= self.expires_at)
        return bool(word) if self.kind == TEXT else word in self.words

    def still_holds(self, actor: Actor) -> bool:
        """开始等时的席位现在都还在。"""
        before = {(seat.unit.code, seat.role) for seat in self.actor.assignments} if self.actor else set()
        return before <= {(seat.unit.code, seat.role) for seat in actor.assignments}


class Dialogues:
    """全部等着的事；同一人同一地方同一种只留最新的一件。"""

    def __init__(self) -> None:
        self._pending: dict[tuple[int, int | None, str], Pending] = {}
        self._asked: OrderedDict[tuple[int, int | None], tuple[str, datetime]] = OrderedDict()
        self._files: OrderedDict[int, tuple[ReceivedFile, datetime]] = OrderedDict()

    def note_question(self, actor: Actor, question: str, now: datetime) -> None:
        """记下他刚问的一句，接着发 /转人工 就转这一句。"""
        key = (actor.qq, actor.place.group_id)
        self._asked[key] = (question, now)
        self._asked.move_to_end(key)
        if len(self._asked) > REMEMBERED_QUESTIONS:
            self._asked.popitem(last=False)

    def last_question(self, actor: Actor, now: datetime) -> str:
        """他在这里刚问的一句；没有或太久了是空串。"""
        question, at = self._asked.get((actor.qq, actor.place.group_id), ("", now))
        return question if now - at < timedelta(seconds=CHOICE_SECONDS) else ""

    def wait(self, actor: Actor, pending: Pending) -> None:
        """开始等；早就过时的顺手清掉，里面可能有没确认的姓名电话。"""
        old = pending.expires_at - REMEMBER_EXPIRED
        self._pending = {key: one for key, one in self._pending.items() if one.expires_at > old}
        self._pending[(actor.qq, actor.place.group_id, pending.kind)] = pending

    def note_file(self, actor: Actor, file: ReceivedFile, now: datetime) -> None:
        """记下他私聊发来、还不知道做什么的文件，接着发命令就用它。"""
        self._files[actor.qq] = (file, now)
        self._files.move_to_end(actor.qq)
        if len(self._files) > REMEMBERED_FILES:
            self._files.popitem(last=False)

    def take_file(self, actor: Actor, now: datetime) -> ReceivedFile | None:
        """他刚发来的文件，取走；没有或太久了返回 None。"""
        file, at = self._files.pop(actor.qq, (None, now))
        return file if now - at < timedelta(seconds=FILE_SECONDS) else None

    def file_wanted(self, actor: Actor, now: datetime) -> Pending | None:
        """正等着他的文件；不取走，文件不对可以改了再发。"""
        pending = self._pending.get((actor.qq, actor.place.group_id, "file"))
        return pending if pending is not None and now <= pending.expires_at else None

    def leave(self, actor: Actor) -> bool:
        """不等了（取消，或发了别的命令）；返回本来有没有在等确认。"""
        left = [self._pending.pop((actor.qq, actor.place.group_id, kind), None) for kind in KINDS]
        return any(pending is not None for pending in left)

    def take(
        self, actor: Actor, word: str, now: datetime, *, text: str = "", named: bool = True
    ) -> Pending | None:
        """这句话是不是在等的回答；是就取走（过时的也取走，由调用者说明）。

        ``word`` 是去掉引号句号的，``text`` 是原话，``named`` 是对机器人说的。
        """
        for kind in KINDS:
            key = (actor.qq, actor.place.group_id, kind)
            pending = self._pending.get(key)
            if pending is None or not pending.hears(word, text, now, named=named):
                continue
            del self._pending[key]
            if now - pending.expires_at < (REMEMBER_TEXT if kind == TEXT else REMEMBER_EXPIRED):
                return pending
        return None
