"""答问的短时记忆：每个人在每处刚问过什么、每个群里刚答过哪一条。只在内存里，有上限，重启就忘。"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.chat.shown_lists import ShownLists

# 追问能接上的前文
CONTEXT = timedelta(minutes=10)
MOST_TURNS = 3
# 群里没点名的追问，只接机器人刚答过他的
FOLLOW_UP = timedelta(minutes=2)
# 同一条在群里这么久以内答过就只指一指；点名再问的，只有本人马上重复问才指
POINTED = timedelta(minutes=10)
POINTED_WHEN_NAMED = timedelta(minutes=3)
REMEMBERED_PEOPLE = 1000
REMEMBERED_GROUPS = 200
REMEMBERED_ANSWERS = 50

Spot = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Turn:
    """一个人问过的一句；``answered`` 是机器人当时答上了，``given`` 是给了哪几条（答案或候选的编号）。"""

    text: str
    at: datetime
    answered: bool
    given: tuple[str, ...] = ()


class RecentTurns:
    """每个人（QQ 号）在每处（群号，私聊为空）最近问过的几句。"""

    def __init__(self) -> None:
        self._turns: OrderedDict[Spot, deque[Turn]] = OrderedDict()

    def note(
        self, spot: Spot, text: str, now: datetime, *, answered: bool, given: tuple[str, ...] = ()
    ) -> None:
        """记下一句。"""
        turns = self._turns.setdefault(spot, deque(maxlen=MOST_TURNS))
        turns.append(Turn(text, now, answered, given))
        self._turns.move_to_end(spot)
        if len(self._turns) > REMEMBERED_PEOPLE:
            self._turns.popitem(last=False)

    def before(self, spot: Spot, now: datetime) -> list[str]:
        """他在这里最近问过的几句，先问的在前。"""
        return [turn.text for turn in self.recent(spot, now)]

    def recent(self, spot: Spot, now: datetime) -> list[Turn]:
        """同上，连同机器人给过什么。"""
        return [turn for turn in self._turns.get(spot, ()) if timedelta(0) <= now - turn.at <= CONTEXT]

    def just_answered(self, spot: Spot, now: datetime) -> bool:
        """机器人刚在这里答过他。"""
        turns = self._turns.get(spot, ())
        return any(turn.answered and timedelta(0) <= now - turn.at <= FOLLOW_UP for turn in turns)


@dataclass(frozen=True, slots=True)
class Given:
    """群里给过的一次答复。"""

    entry_id: str
    message_id: str
    asked_by: int
    at: datetime


class RecentAnswers:
    """每个群最近给过的答复。"""

    def __init__(self) -> None:
        self._given: OrderedDict[int, deque[Given]] = OrderedDict()

    def note(self, group_id: int, given: Given) -> None:
        """记下一次；同一条以最近的为准。"""
        answers = self._given.setdefault(group_id, deque(maxlen=REMEMBERED_ANSWERS))
        answers.append(given)
        self._given.move_to_end(group_id)
        if len(self._given) > REMEMBERED_GROUPS:
            self._given.popitem(last=False)

    def forget(self, message_id: str) -> None:
        """那条答复撤回了，不能再指给人看。"""
        for group_id, answers in self._given.items():
            kept = [given for given in answers if given.message_id != message_id]
            self._given[group_id] = deque(kept, maxlen=REMEMBERED_ANSWERS)

    def repeated(self, group_id: int, entry_id: str, qq: int, now: datetime, *, named: bool) -> Given | None:
        """这一条刚在群里答过、指一指就行，返回那一次；该给全文返回 None。"""
        within = POINTED_WHEN_NAMED if named else POINTED
        for given in reversed(self._given.get(group_id, ())):
            if given.entry_id != entry_id or not timedelta(0) <= now - given.at <= within:
                continue
            if not named or given.asked_by == qq:
                return given
        return None


@dataclass(slots=True)
class Memory:
    """几样短时记忆。"""

    turns: RecentTurns = field(default_factory=RecentTurns)
    answers: RecentAnswers = field(default_factory=RecentAnswers)
    lists: ShownLists = field(default_factory=ShownLists)
