"""转人工送给谁：问题属于哪一摊、这一摊归哪种管理员、从本校到县到市一站一站找到人。

哪一条归哪一摊写在下面的表里；送到的一站至少有一个人能在机器人里回答，别的对口管理员也一起知道。
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.actor import Actor, Place, PlaceKind
from bot.domain.asker_facts import looked_up
from bot.domain.context import Context
from bot.domain.errors import NotFound
from bot.domain.knowledge_base import KnowledgeBase
from bot.domain.open_questions import ANSWER_QUESTIONS
from storage.units import Unit
from storage.words import Role


@dataclass(frozen=True, slots=True)
class Desk:
    """一摊事；``roles`` 是管它的角色，对口的在前。"""

    name: str
    roles: tuple[Role, ...]


ACCOUNTS = Desk("账号", (Role.SYSTEM_ADMIN,))
TRAINING = Desk("培训记录", (Role.TRAINING_ADMIN, Role.INFO_ADMIN))
# 录入、审核、变更、季报、表格和别的一切
RECORDS = Desk("信息", (Role.INFO_ADMIN,))

# 最像的条目 → 哪一摊。键是条目编号，或以点结尾的前缀；主题也照前缀认
BY_ENTRY: Mapping[str, Desk] = {
    "accounts.": ACCOUNTS,
    "roles.system_admin.": ACCOUNTS,
    "roles.five_level_accounts": ACCOUNTS,
    "roles.info_admin.account_liability": ACCOUNTS,
    "security.account_password": ACCOUNTS,
    "security.teacher_password": ACCOUNTS,
    "security.leak_response": ACCOUNTS,
    "steps.county.3_accounts": ACCOUNTS,
    "entry.training_records": TRAINING,
    "roles.training_admin.": TRAINING,
}
# 答不上的，先看问的话里有没有这些词
BY_WORD: tuple[tuple[Desk, tuple[str, ...]], ...] = (
    (TRAINING, ("培训记录", "培训学分", "学时")),
    (ACCOUNTS, ("账号", "帐号", "账户", "帐户", "密码", "登录", "登陆", "登不", "权限")),
)


@dataclass(frozen=True, slots=True)
class Stop:
    """路线上的一站：哪个单位的哪几个人（QQ 号）；``able`` 是其中能在机器人里回答的。"""

    unit: Unit
    people: tuple[int, ...]
    able: frozenset[int]


def desk_of(question: str, knowledge: KnowledgeBase) -> Desk:
    """这个问题属于哪一摊：答得上的看那一条；答不上的先看用词，再看最像的一条。"""
    retriever = knowledge.retriever
    found = retriever.decide(question).id
    if found is None:
        by_word = next((desk for desk, words in BY_WORD if any(word in question for word in words)), None)
        if by_word is not None:
            return by_word
        found = next((hit.id for hit in retriever.search(question, 1)), "")
    entry = knowledge.entries.get(found)
    if entry is None:
        return RECORDS
    return looked_up(BY_ENTRY, entry.id) or looked_up(BY_ENTRY, f"{entry.topic}.") or RECORDS


class Routes:
    """转人工的路线。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    def way(self, asker: Actor) -> list[Unit]:
        """由近到远经过的单位：登记了的从本单位起，没登记的从群的单位起，都不是就到市里。"""
        tree = self._context.directory.tree
        if not len(tree):
            return []
        if asker.assignments:
            return self.up(asker.assignments[0].unit)
        return self.up(tree.get(asker.group.unit_code) if asker.group else tree.city)

    def up(self, unit: Unit | None) -> list[Unit]:
        """这个单位和它的各级上级，近的在前。"""
        found: list[Unit] = []
        while unit is not None:
            found.append(unit)
            unit = self.unit(unit.parent_code or "")
        return found

    def unit(self, code: str) -> Unit | None:
        """按代码取；名册换了、已经没有的返回 None。"""
        with contextlib.suppress(NotFound):
            return self._context.directory.tree.get(code)
        return None

    def first_stop(self, way: Sequence[Unit], desk: Desk, asker: Actor) -> Stop | None:
        """第一个有人管的站；哪一级都没有人返回 None。"""
        stops = (self.stop(unit, desk, asker) for unit in way)
        return next((stop for stop in stops if stop is not None), None)

    def stop(self, unit: Unit, desk: Desk, asker: Actor) -> Stop | None:
        """这个单位里管这一摊的人，不含提问的人；没有、或他自己就是管的，返回 None。

        县和市没有对口的人，信息管理员也管；能回答的人一个也没有的不算。
        """
        roles = desk.roles if unit.kind.is_school else tuple(dict.fromkeys((*desk.roles, Role.INFO_ADMIN)))
        own = {seat.role for seat in asker.assignments if seat.unit.code == unit.code}
        if own.intersection(desk.roles) and unit.parent_code is not None:
            return None
        people: list[int] = []
        for role in roles:
            seats = self._context.directory.seats_of(unit.code, (role,))
            people += [seat.qq for seat in seats if seat.qq != asker.qq]
            able = frozenset(qq for qq in people if self._may_answer(qq, unit))
            if able:
                return Stop(unit, tuple(dict.fromkeys(people)), able)
        return None

    def _may_answer(self, qq: int, unit: Unit) -> bool:
        """照权限表，这个人能不能回答转给这个单位的问题。"""
        directory = self._context.directory
        grants = self._context.permissions.grants(
            directory.actor(qq, Place(PlaceKind.FRIEND)), ANSWER_QUESTIONS
        )
        return any(
            grant.assignment is not None and directory.tree.covers(grant.assignment.unit, unit)
            for grant in grants
        )
