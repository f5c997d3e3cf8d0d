"""谁在说话、在哪里说：QQ 事件在门口就变成 Actor，里面只认 QQ 号，不认昵称、名片、群头衔。"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from storage.groups import Group
from storage.units import Unit
from storage.words import Role


class PlaceKind(StrEnum):
    """对话发生的地方。"""

    GROUP = "group"
    FRIEND = "friend"
    TEMPORARY = "temporary"


@dataclass(frozen=True, slots=True)
class Place:
    """一个对话的地方；``group_id`` 只有群里才有。"""

    kind: PlaceKind
    group_id: int | None = None

    @property
    def is_private(self) -> bool:
        """一对一的对话。"""
        return self.kind is not PlaceKind.GROUP


@dataclass(frozen=True, slots=True)
class Assignment:
    """在某单位担任某种管理员。"""

    unit: Unit
    role: Role


@dataclass(frozen=True, slots=True)
class Actor:
    """说话的人：QQ 号、担任的角色、所在的地方；``operator`` 是装机运维的人。

    ``chosen`` 是他刚在几个重名单位里选定的：他写的名称（比较用的写法）和单位代码。
    """

    qq: int
    assignments: tuple[Assignment, ...]
    place: Place
    operator: bool = False
    group: Group | None = None
    chosen: tuple[tuple[str, str], ...] = field(default=())
