"""知识库：底本条目盖上已批准的改动，交给检索器；有改动就整个换新，不动底本文件。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.plan.values import Contact
from faq.entries import Entry
from faq.retriever import Decision, Retriever
from storage.knowledge import KnowledgeVersion


@dataclass(frozen=True, slots=True)
class Outcome:
    """一个问题的下场：答（entry）、请选（suggestions）、不知道（两者都空）。"""

    entry: Entry | None = None
    suggestions: tuple[Entry, ...] = ()


class KnowledgeBase:
    """底本条目与检索器；有改动就整个换新，不动底本文件。"""

    def __init__(self, base: Sequence[Entry], contact: Contact) -> None:
        self._base = {entry.id: entry for entry in base}
        self._contact = contact
        self._entries = dict(self._base)
        self._retriever: Retriever | None = None

    @property
    def retriever(self) -> Retriever:
        """检索器；建索引要小半秒，第一次问到才建（导名册、发邀请码用不着）。"""
        if self._retriever is None:
            self._retriever = Retriever(tuple(self._entries.values()))
        return self._retriever

    def apply(self, versions: Sequence[KnowledgeVersion]) -> None:
        """盖上数据库里的改动。"""
        if not versions:
            return
        entries = dict(self._base)
        for version in versions:
            if version.content:
                entries[version.entry_id] = Entry(id=version.entry_id, **dict(version.content))
            else:
                entries.pop(version.entry_id, None)
        self._entries = entries
        self._retriever = None

    def entry(self, entry_id: str) -> Entry:
        """按编号取条目。"""
        return self._entries[entry_id]

    def decide(self, turns: Sequence[str], *, overheard: bool = False) -> Outcome:
        """判断怎么答；``turns`` 的最后一句是这次的问题。"""
        return self.outcome(self.retriever.decide_turns(list(turns), overheard=overheard))

    def outcome(self, decision: Decision) -> Outcome:
        """检索器的判断 → 条目。"""
        if decision.kind == "answer" and decision.id is not None:
            return Outcome(entry=self._entries[decision.id])
        if decision.kind == "suggest":
            return Outcome(suggestions=tuple(self._entries[known] for known in decision.suggestions))
        return Outcome()

    def card(self, entry: Entry) -> str:
        """一张答案卡：答案、依据、编号；联系方式按设置填进去。"""
        answer = entry.answer.strip()
        answer = answer.replace("{contact_phone}", self._contact.phone or "（以最新通知为准）")
        answer = answer.replace("{contact_mail}", self._contact.mail or "（以最新通知为准）")
        return f"{answer}\n依据：{entry.basis} · 编号 {entry.id}"
