"""知识条目改前改后差在哪：只列变了的字段，长文字只露变了的那一段，手机一屏看得完。纯函数。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.entry_drafts import AUDIENCES, CERTAINTIES, LABELS
from faq.entries import Entry

CONTEXT = 8
FEW = 4  # 省不了几个字就不省
LONGEST = 90
SHOWN_ALIASES = 3
NOTHING = "（没有）"


@dataclass(frozen=True, slots=True)
class Difference:
    """一个字段的改前改后；``before`` 为空是加上的，``after`` 为空是去掉的。"""

    label: str
    before: str
    after: str


def differences(before: Entry | None, after: Entry | None) -> tuple[Difference, ...]:
    """两个样子差在哪；``None`` 是没有这一条（还没建，或删了）。"""
    found = [
        Difference(label, *trimmed(_text(before, name), _text(after, name)))
        for name, label in LABELS.items()
        if _text(before, name) != _text(after, name)
    ]
    old = before.aliases if before else ()
    new = after.aliases if after else ()
    added = [alias for alias in new if alias not in old]
    removed = [alias for alias in old if alias not in new]
    if added or removed:
        found.append(Difference("问法", _listed(removed), _listed(added)))
    return tuple(found)


def trimmed(before: str, after: str, longest: int = LONGEST) -> tuple[str, str]:
    """去掉头尾相同的文字，各留几个字看得出位置；还太长的截断。"""
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    lead, tail = (same - CONTEXT if same > CONTEXT + FEW else 0 for same in (start, end))
    return _cut(before, lead, tail, longest), _cut(after, lead, tail, longest)


def _cut(text: str, lead: int, tail: int, longest: int) -> str:
    kept = text[lead : len(text) - tail]
    if len(kept) > longest:
        kept = kept[: longest - 1] + "…"
        tail = 0
    return f"{'…' if lead else ''}{kept}{'…' if tail else ''}"


def _common(left: str, right: str) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _text(entry: Entry | None, name: str) -> str:
    if entry is None:
        return ""
    if name == "certainty":
        return CERTAINTIES.get(entry.certainty, entry.certainty)
    if name == "audience":
        return "、".join(AUDIENCES.get(one, one) for one in entry.audience)
    return str(getattr(entry, name))


def _listed(aliases: Iterable[str]) -> str:
    kept = list(aliases)
    if not kept:
        return ""
    more = f"等 {len(kept)} 个" if len(kept) > SHOWN_ALIASES else ""
    return "、".join(f"“{alias}”" for alias in kept[:SHOWN_ALIASES]) + more
