"""撤回答复、统计、坏例的文字和图。人自己的问法只在私聊里出现，里面可能有姓名。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.chat.composing import Mention, Parts
from bot.documents.pictures import Bar, BarGroup, Picture, Tone
from bot.domain.answer_statistics import Asked, Statistics
from bot.domain.answer_withdrawal import Withdrawn

SHOWN = 5
LONGEST_LINE = 30
LONGEST_LABEL = 40


def how_to_withdraw() -> str:
    """没有引用。"""
    return "请长按我答错的那条，选“引用”，再发：/知识 撤回答复"


def withdrawn(done: Withdrawn, *, publisher: bool) -> str:
    """撤回了。"""
    return "\n".join(["已撤回，记为坏例。", *_follow(done, publisher=publisher)])


def correction(done: Withdrawn, *, publisher: bool) -> str:
    """消息没能撤回（太久、没权限）：引用着那条更正。"""
    first = "更正：这条答复有误，请不要照着办，以管理员的答复为准。"
    return "\n".join(
        [
            first,
            "消息本身没能撤回（超过两分钟，或我没有权限），已记为坏例。",
            *_follow(done, publisher=publisher),
        ]
    )


def _follow(done: Withdrawn, *, publisher: bool) -> list[str]:
    lines = []
    if done.question_number is not None:
        who = "问的人会收到说明，" if done.told else ""
        lines.append(
            f"{who}问题已记为待答 {done.question_number} 号，答复请发：/知识 回答 {done.question_number} 答案"
        )
    if publisher:
        lines.append(f"要改这一条请发：/知识 修改 {done.record.entry_id} 答：新答案")
    return lines


def told(facts: Mapping[str, Any], *, in_group: bool) -> Parts:
    """答复撤回了，告诉提问的人。"""
    text = f"刚才对“{facts['question']}”的答复有误，已撤回，请以管理员的答复为准。"
    return (Mention(int(facts["asked_by"])), text) if in_group else (text,)


def statistics(found: Statistics, *, in_group: bool) -> str:
    """一段时间的答问。"""
    counts = found.counts
    lines = [
        f"{found.unit.name}近{found.days}天问了 {counts.asked} 次，答上 {counts.answered} 次",
        f"给候选 {counts.suggested}，不知道 {counts.unknown}；"
        f"有用 {counts.good}，没用 {counts.bad}，撤回 {counts.withdrawn}",
    ]
    lines += _ranked("问得最多：", found.most)
    if found.failed:
        lines += ["最常答不上的请私聊我看。"] if in_group else _ranked("最常答不上：", found.failed)
    return "\n".join(lines)


def _ranked(title: str, asked: Sequence[Asked]) -> list[str]:
    if not asked:
        return []
    lines = [
        f"{n}. {_clipped(one.text, LONGEST_LINE)} {one.count}次" for n, one in enumerate(asked[:SHOWN], 1)
    ]
    return [title, *lines]


def picture(found: Statistics, today: date, *, in_group: bool) -> Picture | None:
    """两组横条；没有可画的返回 None。"""
    groups = [_group("问得最多", found.most, Tone.BLUE)]
    if not in_group:
        groups.append(_group("最常答不上、说没用", found.failed, Tone.RED))
    kept = tuple(group for group in groups if group.bars)
    if not kept:
        return None
    counts = f"问了 {found.counts.asked} 次，答上 {found.counts.answered} 次"
    return Picture(
        title=f"{found.unit.name}答问统计",
        subtitle=f"截至 {today:%Y-%m-%d}，近 {found.days} 天{counts}",
        groups=kept,
    )


def _group(name: str, asked: Sequence[Asked], tone: Tone) -> BarGroup:
    bars = tuple(Bar(_clipped(one.text, LONGEST_LABEL), one.count, f"{one.count} 次") for one in asked)
    return BarGroup(name, bars, tone)


def cases_in_private() -> str:
    """坏例里是人的问法，只在私聊给。"""
    return "坏例里有大家的问法，请私聊我发：/知识 坏例"


def no_cases() -> str:
    """一条坏例也没有。"""
    return "还没有坏例：没有撤回过答复，也没有人说没用。"


def cases_sent(count: int) -> str:
    """坏例文件随后发来。"""
    return f"坏例 {count} 条，文件发给你了，可用来评测：python -m faq.evaluate --cases 文件"


def _clipped(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
