"""方案的值：读者把方案文件变成这些只读的对象，业务规则只认它们，不认文件写法。"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from storage.words import Role, UnitKind

Cadence = Literal["once", "quarterly", "undated"]
DoneWhen = Literal["reported", "accepted", "derived"]
DerivesOver = Literal["children", "subtree"]


def folded(text: str) -> str:
    """比对名称用的写法：全角变半角、去首尾空白、不分大小写。"""
    return unicodedata.normalize("NFKC", text).strip().casefold()


@dataclass(frozen=True, slots=True)
class NumberField:
    """上报时要填的一个数：``label`` 是群里打的字，如“应采集”。"""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Deliverable:
    """方案要求的一件事：谁在什么时候交什么，怎样才算完成。

    ``due`` 只有 cadence 为 once 时才有。``derives_from``、``derives_over`` 只有 done_when 为 derived 时才有：
    由哪一项汇总，汇总直接下级（children）还是本单位和全部下级（subtree）。
    ``reported_by`` 为空表示不能手工上报。
    """

    key: str
    name: str
    short: str
    aliases: tuple[str, ...]
    cadence: Cadence
    due: date | None
    owed_by: frozenset[UnitKind]
    done_when: DoneWhen
    derives_from: str | None
    derives_over: DerivesOver | None
    numbers: tuple[NumberField, ...]
    what: str
    how_to: str
    clause: str
    action: str
    reported_by: frozenset[Role]

    @property
    def names(self) -> tuple[str, ...]:
        """群里可以用来指这件事的全部写法，不重复。"""
        return tuple(dict.fromkeys((self.key, self.name, self.short, *self.aliases)))


@dataclass(frozen=True, slots=True)
class Ladder:
    """提醒阶梯：截止前几天、当天、逾期第几个工作日，几点发（北京时间）。"""

    before: tuple[int, ...] = (10, 3, 1)
    on_day: bool = True
    overdue: tuple[int, ...] = (1, 3, 7)
    at: time = time(9, 0)


@dataclass(frozen=True, slots=True)
class QuarterlyRule:
    """季报规则：每季度最后一月 ``day`` 日截止，从 ``first`` 季度起；县属学校默认 ``county_day`` 日报到县。"""

    months: tuple[int, ...]
    day: int
    first: tuple[int, int]
    county_day: int


@dataclass(frozen=True, slots=True)
class Contact:
    """方案公布的联系窗口：只写科室，不写个人；``caution`` 提醒可能已变动。"""

    office: str
    phone: str
    mail: str
    caution: str


@dataclass(frozen=True, slots=True)
class Office:
    """一个科室在这项工作里管什么。"""

    name: str
    duty: str
    clause: str


@dataclass(frozen=True, slots=True)
class RoleDuties:
    """一种管理员的职责，逐条照附件1 的意思写。"""

    duties: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Plan:
    """一个城市的工作方案。"""

    name: str
    city: str
    deliverables: tuple[Deliverable, ...]
    quarterly_rule: QuarterlyRule
    ladder: Ladder
    contact: Contact
    offices: tuple[Office, ...]
    role_duties: Mapping[Role, RoleDuties]
    common_duties: RoleDuties
    change_fields: tuple[str, ...]
    wording: Mapping[str, str]

    def deliverable(self, text: str) -> Deliverable | None:
        """按代码、名称、简称或别名找一件事；全角半角、大小写、首尾空白不计。"""
        wanted = folded(text)
        for item in self.deliverables:
            if wanted in map(folded, item.names):
                return item
        return None

    @property
    def quarterly(self) -> Deliverable:
        """季报那一件事；读者保证有且只有一件。"""
        return next(item for item in self.deliverables if item.cadence == "quarterly")
