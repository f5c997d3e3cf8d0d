"""知识维护的文字：菜单、待答与回答、提案。条目本身的文字在 render_entries。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.knowledge_proposals import Ruling, summary
from bot.domain.open_questions import Answered
from bot.domain.question_clusters import Cluster
from faq.entries import Entry
from storage.proposals import Proposal
from storage.words import ProposalKind

from .render_entries import card
from .subcommands import Subcommand
from .wording import on_page

SHOWN = 10
SHOWN_PROPOSALS = 5
SHOWN_PHRASES = 3
LONGEST_LINE = 60
LONGEST_ANSWER = 80


def menu(usable: Sequence[Subcommand], waiting: tuple[int, int]) -> str:
    """/知识 单发：有多少等着办，能写什么。"""
    asked, proposed = waiting
    counts = [f"待答问题 {asked} 个"] + ([f"待定提案 {proposed} 个"] if proposed else [])
    lines = [f"知识维护：{'，'.join(counts)}"]
    forms = {one.name: one.form.split("（")[0].split("，")[0] for one in usable}
    lines += [f"/知识 {form}" for name, form in forms.items() if form != name]
    bare = [name for name, form in forms.items() if form == name]
    lines += [f"/知识 后面只写一个词：{'、'.join(bare)}"] if bare else []
    return "\n".join([*lines, "看某一种怎么写，只发前两个词，例如：/知识 回答"])


def unknown(text: str, near: Subcommand | None, usable: Sequence[Subcommand]) -> str:
    """写的不认得。"""
    word = _clipped(text.split(None, 1)[0], 20)
    if near is None:
        names = "、".join(one.name for one in usable)
        return f"/知识 后面没有“{word}”这种写法，可以写：{names}。\n要问问题直接说，不用写 /知识"
    return f"没有“{word}”这种写法，是不是 /知识 {near.name}？\n例如：/知识 {near.example}"


def open_in_group(clusters: Sequence[Cluster]) -> str:
    """群里只给数，有的是私下问的。"""
    if not clusters:
        return "没有待答问题。"
    return f"{_counted(clusters)}，请私聊我发 /知识 待答"


def open_questions(clusters: Sequence[Cluster], page: int = 1) -> str:
    """待答问题一览，相近的归一组。"""
    if not clusters:
        return "没有待答问题。"
    span, pages = on_page(len(clusters), page, SHOWN)
    lines = [f"{_counted(clusters)}："]
    for one in clusters[span]:
        people = f" ×{one.people}人" if one.people > 1 else ""
        lines.append(f"{one.number}. {_clipped(one.text, LONGEST_LINE)}{people}")
    lines += next_page("待答", page, pages)
    return "\n".join([*lines, "回答请发：/知识 回答 编号 答案"])


def _counted(clusters: Sequence[Cluster]) -> str:
    total = sum(len(one.questions) for one in clusters)
    groups = f"，相近的归成 {len(clusters)} 组" if total != len(clusters) else ""
    return f"待答问题 {total} 个{groups}"


def answered(done: Answered, *, publisher: bool) -> str:
    """答好了：回给了几个人，成了第几号提案。"""
    if done.others:
        others = "、".join(str(number) for number in done.others[:SHOWN])
        more = "等" if len(done.others) > SHOWN else ""
        first = f"已答复 {done.number} 号，和相近的 {others}{more} 号，{done.people} 位提问的人会收到。"
    else:
        first = f"已答复 {done.number} 号问题，提问的人会收到。"
    follow = f"要进知识库请发：/知识 通过 {done.proposal}" if publisher else "市级确认后进知识库。"
    return f"{first}\n已记为 {done.proposal} 号提案，{follow}"


def two_numbers(quoted: int, written: int | None) -> str:
    """引用的和写的不是同一个。"""
    return (
        f"引用的是 {quoted} 号，后面写的是 {written} 号，不知道该答哪一个。\n"
        f"请去掉引用，或写成：/知识 回答 {quoted} 答案"
    )


def waiting_in_group(count: int) -> str:
    """群里只给数。"""
    return f"待定提案 {count} 个，请私聊我发 /知识 待定" if count else "没有待定的提案。"


def waiting(found: Sequence[tuple[Proposal, str]], page: int = 1) -> str:
    """等确认的提案。"""
    if not found:
        return "没有待定的提案。"
    span, pages = on_page(len(found), page, SHOWN_PROPOSALS)
    lines = [f"待定提案 {len(found)} 个："]
    for proposal, who in found[span]:
        lines.append(f"{proposal.id}. {_proposed(proposal)}（{who}）")
        if proposal.kind is not ProposalKind.ALIAS:
            lines.append(f"   答：{_clipped(str(proposal.content['answer']), LONGEST_ANSWER)}")
    lines += next_page("待定", page, pages)
    return "\n".join([*lines, "定一个：/知识 通过 编号，或 /知识 驳回 编号 原因"])


def _proposed(proposal: Proposal) -> str:
    text = _clipped(summary(proposal), LONGEST_LINE)
    if proposal.kind is ProposalKind.ALIAS:
        return f"给 {proposal.entry_id} 加问法：{text}"
    return f"新条目：{text}"


def accept_prompt(ruling: Ruling) -> str:
    """通过以前：会成为什么样。"""
    head = f"{ruling.proposal.id} 号提案（{ruling.proposed_by}提）"
    if ruling.before is not None:
        phrase = summary(ruling.proposal)
        return f"{head}通过后，{ruling.before.id}（{ruling.before.question}）多一个问法：\n“{phrase}”"
    lines = [f"{head}通过后成为新条目，所有人都能问到：", card(ruling.after)]
    aliases = ruling.after.aliases
    if aliases:
        listed = "、".join(f"“{_clipped(alias, 30)}”" for alias in aliases[:SHOWN_PHRASES])
        lines.append(
            f"同样答的问法 {len(aliases)} 个：{listed}{'……' if len(aliases) > SHOWN_PHRASES else ''}"
        )
    lines.append(f"要改写：/知识 通过 {ruling.proposal.id} 问：… 答：… 依据：…")
    return "\n".join(lines)


def accepted(ruling: Ruling, entry: Entry) -> str:
    """通过了。"""
    if ruling.before is not None:
        return f"已通过，{entry.id} 多了一个问法，马上生效。"
    return f"已通过，新条目 {entry.id}，马上就答得出。\n试试：/问 {entry.question}"


def reject_prompt(proposal: Proposal, reason: str) -> str:
    """驳回以前。"""
    return f"将驳回 {proposal.id} 号提案（{_proposed(proposal)}）\n原因：{reason}\n提案的人会收到原因。"


def rejected(proposal: Proposal) -> str:
    """驳回了。"""
    return f"已驳回 {proposal.id} 号提案。"


def decided(facts: Mapping[str, Any]) -> str:
    """提案定了，告诉提的人。"""
    alias = facts["kind"] == ProposalKind.ALIAS.value
    what = f"你提的{'新问法' if alias else '新条目'}“{_clipped(str(facts['text']), LONGEST_LINE)}”"
    if facts["entry_id"]:
        return f"{what}通过了，已进知识库，编号 {facts['entry_id']}。"
    return f"{what}没有采纳。\n原因：{facts['reason']}"


def alias_proposed(number: int) -> str:
    """提议的问法记下了。"""
    return f"已记为 {number} 号提案，市级确认后生效，结果会告诉你。"


def next_page(form: str, page: int, pages: int) -> list[str]:
    """不止一页时的提示。"""
    if pages == 1:
        return []
    follow = f"，下一页发 /知识 {form} {page + 1}" if page < pages else ""
    return [f"第 {page} 页，共 {pages} 页{follow}"]


def _clipped(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
