"""知识库：底本条目盖上已批准的改动，交给检索器；改哪条换哪条，底本文件不动。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from bot.domain.entry_drafts import entry_of
from bot.plan.values import Contact
from faq.entries import Entry
from faq.retriever import Decision, Retriever
from storage.knowledge import KnowledgeVersion

# 一次改这么多条以上，整个重建索引比一条一条换还快
MANY = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """一个问题的下场：答（entry）、请选（suggestions）、不知道（两者都空）。"""

    entry: Entry | None = None
    suggestions: tuple[Entry, ...] = ()


@lru_cache(maxsize=1)
def indexed(entries: tuple[Entry, ...]) -> Retriever:
    """这批条目的检索器；同一批只建一次（建好后不变，可以共用）。"""
    return Retriever(entries)


class KnowledgeBase:
    """底本条目、盖在上面的改动、检索器；可以在别的线程里换新，读的人看到的总是换好的。"""

    def __init__(self, base: Sequence[Entry], contact: Contact) -> None:
        self._base = {entry.id: entry for entry in base}
        self._contact = contact
        self._entries = dict(self._base)
        self._versions: dict[str, int] = {}
        self._retriever: Retriever | None = None
        self._turn = Lock()

    @property
    def entries(self) -> Mapping[str, Entry]:
        """现在的全部条目，按编号。"""
        return self._entries

    @property
    def base(self) -> Mapping[str, Entry]:
        """出厂底本的条目，按编号。"""
        return self._base

    @property
    def retriever(self) -> Retriever:
        """检索器；建索引要大半秒，第一次问到才建（导名册、发邀请码用不着）。"""
        if self._retriever is None:
            with self._turn:
                if self._retriever is None:
                    self._retriever = indexed(tuple(self._entries.values()))
        return self._retriever

    def apply(self, versions: Sequence[KnowledgeVersion]) -> None:
        """盖上数据库里的改动，只换改了的条目；比现在旧的版本不理。"""
        with self._turn:
            fresh = [one for one in versions if one.version >= self._versions.get(one.entry_id, 0)]
            entries = dict(self._entries)
            for version in fresh:
                if version.deleted:
                    entries.pop(version.entry_id, None)
                else:
                    entries[version.entry_id] = entry_of(version.entry_id, version.content)
            self._retriever = self._changed_retriever(fresh, entries)
            self._entries = entries
            self._versions |= {version.entry_id: version.version for version in fresh}

    def _changed_retriever(
        self, versions: Sequence[KnowledgeVersion], entries: Mapping[str, Entry]
    ) -> Retriever | None:
        retriever = self._retriever
        if retriever is None:
            return None
        if len(versions) > MANY:
            return Retriever(tuple(entries.values()))
        for version in versions:
            entry = entries.get(version.entry_id)
            retriever = retriever.with_entry(entry) if entry else retriever.without_entry(version.entry_id)
        return retriever

    def entry(self, entry_id: str) -> Entry:
        """按编号取条目。"""
        return self._entries[entry_id]

    def version(self, entry_id: str) -> int:
        """一个条目现在是第几版；没改过是 0。"""
        return self._versions.get(entry_id, 0)

    def owner_of(self, phrase: str) -> Entry | None:
        """这句问法（标点、客套、语气词不算）已经是哪一条的；没有返回 None。"""
        reading = self.retriever.read(phrase)
        return reading.found[0].document.entry if reading.exact and reading.found else None

    def decide(self, turns: Sequence[str], *, overheard: bool = False) -> Outcome:
        """判断怎么答；``turns`` 的最后一句是这次的问题。"""
        return self.outcome(self.retriever.decide_turns(list(turns), overheard=overheard))

    def outcome(self, decision: Decision) -> Outcome:
        """检索器的判断 → 条目；刚好被删掉的不给。"""
        if decision.kind == "answer" and decision.id is not None:
            return Outcome(entry=self._entries.get(decision.id))
        if decision.kind == "suggest":
            found = (self._entries.get(known) for known in decision.suggestions)
            return Outcome(suggestions=tuple(entry for entry in found if entry is not None))
        return Outcome()

    def card(self, entry: Entry) -> str:
        """一张答案卡：答案、依据、编号；联系方式按设置填进去。"""
        answer = entry.answer.strip()
        answer = answer.replace("{contact_phone}", self._contact.phone or "（以最新通知为准）")
        answer = answer.replace("{contact_mail}", self._contact.mail or "（以最新通知为准）")
        return f"{answer}\n依据：{entry.basis} · 编号 {entry.id}"
