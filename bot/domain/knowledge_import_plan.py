"""导入知识表格用的几样值：现在的知识库、要改什么、读到哪里。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from faq.entries import Entry


@dataclass(frozen=True, slots=True)
class Standing:
    """知识库现在的样子。

    ``versions`` 是改过的条目（删了的也在内）现在第几版；``past`` 是表里写的旧版本的内容，删除的为空；
    ``used`` 是用过的编号。
    """

    entries: Mapping[str, Entry]
    versions: Mapping[str, int]
    past: Mapping[tuple[str, int], Entry | None]
    used: frozenset[str]

    def version(self, entry_id: str) -> int:
        """现在第几版。"""
        return self.versions.get(entry_id, 0)


@dataclass(frozen=True, slots=True)
class Change:
    """一个条目的改动：``before`` 为空是新增，``after`` 为空是删除；``seen`` 是比的时候第几版。"""

    entry_id: str
    before: Entry | None
    after: Entry | None
    seen: int


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """要改的；``theirs`` 是导出以后别人改过、这边没动的条目，照别人的。"""

    changes: tuple[Change, ...]
    theirs: tuple[str, ...] = ()

    @property
    def added(self) -> int:
        """新增几条。"""
        return sum(one.before is None for one in self.changes)

    @property
    def deleted(self) -> int:
        """删除几条。"""
        return sum(one.after is None for one in self.changes)

    @property
    def edited(self) -> int:
        """修改几条。"""
        return len(self.changes) - self.added - self.deleted

    @property
    def phrases(self) -> tuple[int, int]:
        """留着的条目，问法增几句、减几句。"""
        kept = [one for one in self.changes if one.after is not None]
        pairs = [(_aliases(one.before), _aliases(one.after)) for one in kept]
        return sum(len(new - old) for old, new in pairs), sum(len(old - new) for old, new in pairs)


@dataclass(slots=True)
class Reading:
    """读表读到哪里：问题、改动、照别人的。"""

    standing: Standing
    problems: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    def wrong(self, sheet: str, row: int, column: str, text: str) -> None:
        """记一处错。"""
        self.problems.append(f"{sheet} 第{row}行“{column}”：{text.rstrip('。')}")


def _aliases(entry: Entry | None) -> set[str]:
    return set(entry.aliases) if entry else set()
