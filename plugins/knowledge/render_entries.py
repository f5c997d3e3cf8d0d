"""知识条目的文字：看一条、问法、改前改后、历史。手机一屏看得完。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.clock import SHANGHAI
from bot.domain.entry_differences import Difference
from bot.domain.entry_drafts import AUDIENCES, CERTAINTIES
from bot.domain.knowledge_editing import Draft, Revision, View
from faq.entries import Entry
from storage.words import KnowledgeChange

from .wording import on_page

SHOWN_ALIASES = 20
SHOWN_REVISIONS = 4
SHORT = 24
LONGEST_IN_HISTORY = 40


def card(entry: Entry) -> str:
    """一条的问、答、依据、可信程度、读者。"""
    readers = "、".join(AUDIENCES.get(one, one) for one in entry.audience) or AUDIENCES["anyone"]
    certainty = CERTAINTIES.get(entry.certainty, entry.certainty)
    lines = (f"问：{entry.question}", f"答：{entry.answer}", f"依据：{entry.basis}")
    return "\n".join((*lines, f"可信程度：{certainty} · 读者：{readers}"))


def view(found: View) -> str:
    """看一条：全文与版本。"""
    entry = found.entry
    state = f"第 {found.version} 版，{day(found.changed_at)}" if found.changed_at else "出厂底本，没改过"
    lines = [f"{entry.id}（{state}）", card(entry)]
    return "\n".join([*lines, f"问法 {len(entry.aliases)} 个，看问法发：/知识 别名 {entry.id}"])


def aliases(entry: Entry) -> str:
    """列出问法，最多二十个。"""
    lines = [f"{entry.id}：{entry.question}", f"别的问法 {len(entry.aliases)} 个："]
    lines += [f"{number}. {alias}" for number, alias in enumerate(entry.aliases[:SHOWN_ALIASES], start=1)]
    if len(entry.aliases) > SHOWN_ALIASES:
        lines.append(f"……还有 {len(entry.aliases) - SHOWN_ALIASES} 个")
    return "\n".join([*lines, f"加一个：/知识 别名 {entry.id} 新问法"])


def prompt(draft: Draft, version: int | None = None) -> str:
    """动手以前：改前改后。"""
    question = draft.question
    if draft.after is None:
        return f"将删除 {draft.entry_id}：{question}\n原因：{draft.reason}\n删了就不再这样答，以后可以回滚。"
    if draft.change is KnowledgeChange.ROLL_BACK:
        wanted = "出厂底本" if version == 0 else f"第 {version} 版"
        head = f"将把 {draft.entry_id} 回滚到{wanted}："
    elif draft.change is KnowledgeChange.ALIAS:
        head = f"将给 {draft.entry_id}（{question}）加问法："
    else:
        head = f"将修改 {draft.entry_id}："
    if draft.before is None:
        return f"{head}\n（现在是删除的，回滚就恢复成这样）\n{card(draft.after)}"
    return "\n".join([head, *changed(draft.differences)])


def published(draft: Draft, version: int) -> str:
    """改好了。"""
    if draft.after is None:
        return f"已删除 {draft.entry_id}。\n要恢复发：/知识 回滚 {draft.entry_id} {draft.seen}"
    first = f"已改好，{draft.entry_id} 现在是第 {version} 版，马上生效。"
    return first if draft.before is None else f"{first}\n不对就发：/知识 回滚 {draft.entry_id} {draft.seen}"


def changed(found: Sequence[Difference], longest: int = 0) -> list[str]:
    """改前改后，一个字段一两行；``longest`` 大于零时各截到这么长。"""
    lines: list[str] = []
    for one in found:
        before, after = _cut(one.before, longest), _cut(one.after, longest)
        if not before or not after:
            lines.append(f"{one.label} {'加' if after else '去掉'}：{after or before}")
        elif len(before) + len(after) <= SHORT and "\n" not in before + after:
            lines.append(f"{one.label}：{before} → {after}")
        else:
            lines += [f"{one.label} 改前：{before}", f"{one.label} 改后：{after}"]
    return lines


def history(entry_id: str, revisions: Sequence[Revision], page: int = 1) -> str:
    """一个条目的历史，新的在前。"""
    span, pages = on_page(len(revisions), page, SHOWN_REVISIONS)
    lines = [f"{entry_id} 的历史，现在是第 {revisions[0].version} 版："]
    for one in revisions[span]:
        lines += _revision(one)
    if page < pages:
        lines.append(f"更早的发 /知识 历史 {entry_id} {page + 1}")
    return "\n".join([*lines, f"回到某一版：/知识 回滚 {entry_id} 版本"])


def _revision(one: Revision) -> list[str]:
    if one.at is None:
        return ["第 0 版 出厂底本"]
    head = f"第 {one.version} 版 {moment(one.at)} {one.who} {one.change.label if one.change else '修改'}"
    if one.reason:
        return [f"{head}，原因：{one.reason}"]
    if one.change is KnowledgeChange.NEW:
        return [head]
    return [head, *(f"  {line}" for line in changed(one.differences, LONGEST_IN_HISTORY))]


def day(at: datetime) -> str:
    """2017-02-20。"""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d}"


def moment(at: datetime) -> str:
    """2017-02-20 08:00。"""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _cut(text: str, longest: int) -> str:
    line = " ".join(text.split()) if longest else text
    return f"{line[: longest - 1]}…" if longest and len(line) > longest else line
