"""进度查询给出的样子：学校、县、市各一种，加上欠报的名单。只是值，怎么写成文字在插件里。"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.domain.numbers import Sums
from bot.domain.tallies import Tally
from bot.plan.values import Deliverable
from storage.obligations import Obligation
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class Item:
    """一个单位的一项任务现在怎样。"""

    deliverable: Deliverable
    period: str
    obligation: Obligation


@dataclass(frozen=True, slots=True)
class SchoolProgress:
    """一个单位自己的各项任务。

    ``history`` 是启用以前就过去的节点；``points`` 是挂靠在它下面、还欠着的教学点和欠的项数。
    """

    unit: Unit
    items: tuple[Item, ...]
    history: tuple[Deliverable, ...]
    today: date
    points: tuple[tuple[Unit, int], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Oldest:
    """最该催的一项：截止最早、还有 ``units`` 个单位欠着；``names`` 是其中几个。"""

    deliverable: Deliverable
    period: str
    due_on: date
    units: int
    names: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Waiting:
    """等这一级审核的有几个；等得最久的是谁、哪一项。"""

    count: int
    unit: Unit
    item: Item


@dataclass(frozen=True, slots=True)
class CountyProgress:
    """一个县：自己的任务，加下属学校各任务的数；``sums`` 是各任务报上来的人数合计。"""

    unit: Unit
    own: tuple[Item, ...]
    tallies: tuple[tuple[Deliverable, str, Tally], ...]
    today: date
    sums: tuple[tuple[Deliverable, Sums], ...] = field(default=())
    oldest: Oldest | None = None
    waiting: Waiting | None = None


@dataclass(frozen=True, slots=True)
class CityProgress:
    """全市某一项任务：各县市区和市直学校各一行。"""

    unit: Unit
    deliverable: Deliverable
    period: str
    due_on: date | None
    rows: tuple[tuple[Unit, Tally], ...]
    total: Tally
    today: date
    sums: Sums | None = None


@dataclass(frozen=True, slots=True)
class Owing:
    """某一项还欠着的单位；``history`` 是启用以前就过去的节点，谁也不欠；``cancelled`` 是这一项取消了。"""

    root: Unit
    deliverable: Deliverable
    period: str
    due_on: date | None
    units: tuple[tuple[Unit, Obligation], ...]
    by_county: tuple[tuple[Unit, int], ...] = field(default=())
    unassigned: frozenset[str] = field(default=frozenset())
    history: bool = False
    cancelled: bool = False
