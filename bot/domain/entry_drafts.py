"""知识条目的字段：中文叫什么、能写什么、怎么改；存进数据库与取出来的样子。纯函数。"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.errors import BadInput, Problems
from bot.domain.public_text import public_text
from faq.analysis import default_analyser
from faq.entries import LONGEST_ANSWER, Entry, check_entries

LOCAL = "local"
LOCAL_NUMBER = re.compile(rf"{LOCAL}\.(\d+)")
LONGEST_QUESTION = 100
LONGEST_BASIS = 100
TEXT_FIELDS = {
    "question": ("问", LONGEST_QUESTION),
    "answer": ("答", LONGEST_ANSWER),
    "basis": ("依据", LONGEST_BASIS),
}
LABELS = {name: label for name, (label, _) in TEXT_FIELDS.items()} | {
    "certainty": "可信程度",
    "audience": "读者",
    "topic": "主题",
}
CERTAINTIES = {"plan": "方案", "confirmed": "确认", "general": "一般"}
AUDIENCES = {
    "anyone": "所有人",
    "teacher": "老师",
    "school_admin": "学校管理员",
    "county_admin": "县级管理员",
    "city_admin": "市级管理员",
}
ALSO_CALLED = {"教师": "老师", "大家": "所有人", "县管理员": "县级管理员", "市管理员": "市级管理员"}
LIST_FIELDS = ("audience", "aliases", "related")


def content_of(entry: Entry) -> dict[str, Any]:
    """条目 → 存进数据库的各字段。"""
    names = ("topic", *TEXT_FIELDS, "certainty")
    lists = {name: list(getattr(entry, name)) for name in LIST_FIELDS}
    return {name: getattr(entry, name) for name in names} | lists


def entry_of(entry_id: str, content: Mapping[str, Any]) -> Entry:
    """数据库里的各字段 → 条目；缺的当作空。"""
    return Entry(
        id=entry_id,
        topic=content.get("topic", LOCAL),
        question=content["question"],
        answer=content["answer"],
        basis=content["basis"],
        certainty=content["certainty"],
        audience=tuple(content.get("audience", ())),
        aliases=tuple(content.get("aliases", ())),
        related=tuple(content.get("related", ())),
    )


def read_changes(written: Mapping[str, str]) -> dict[str, Any]:
    """人写的各字段 → 条目的值；写得不对的抛出 BadInput。``written`` 的键是条目字段名。"""
    changes: dict[str, Any] = {}
    for name, text in written.items():
        if name in TEXT_FIELDS:
            label, longest = TEXT_FIELDS[name]
            kept = public_text(text, f"“{label}”", longest)
            changes[name] = kept if name == "answer" else " ".join(kept.split())
        elif name == "certainty":
            changes[name] = _named(text, CERTAINTIES, LABELS[name])
        elif name == "audience":
            words = [word for word in re.split(r"[、，,;；\s和]+", text.strip()) if word]
            changes[name] = tuple(dict.fromkeys(_named(word, AUDIENCES, LABELS[name]) for word in words))
            if not words:
                raise BadInput(_choices(LABELS[name], AUDIENCES))
        else:
            changes[name] = text
    return changes


def _named(text: str, words: Mapping[str, str], label: str) -> str:
    wanted = ALSO_CALLED.get(text.strip(), text.strip())
    for key, word in words.items():
        if wanted in (key, word):
            return key
    raise BadInput(_choices(label, words))


def _choices(label: str, words: Mapping[str, str]) -> str:
    return f"“{label}”只能写：{'、'.join(words.values())}。"


def revised(entry: Entry, changes: Mapping[str, Any]) -> Entry:
    """改过的条目；换了标准问法，原来的留作一种问法，新的不再重复列在问法里。"""
    changed = replace(entry, **changes)
    aliases = (
        *((entry.question,) if changed.question != entry.question else ()),
        *(alias for alias in changed.aliases if alias != changed.question),
    )
    return replace(changed, aliases=tuple(dict.fromkeys(aliases)))


def next_local_id(known: Iterable[str]) -> str:
    """下一个本地条目的编号，例如 local.0001；删掉的编号不再用。"""
    numbers = [int(match[1]) for match in map(LOCAL_NUMBER.fullmatch, known) if match]
    return f"{LOCAL}.{max(numbers, default=0) + 1:04d}"


def source(office: str, day: date) -> str:
    """答复的来源，写在依据里：谁在哪天答复的。"""
    return f"{office}答复 {day.isoformat()}"


def check(entry: Entry, others: Sequence[Entry]) -> None:
    """新条目或改过的条目放进知识库合不合规矩；不合就一次说全。"""
    if not default_analyser().analyse(entry.question).terms:
        raise BadInput(f"“{entry.question}”里没有具体的事，请写完整的问题。")
    # 相关条目可以已经删了，检索时不认就是
    rest = [replace(other, related=()) for other in others if other.id != entry.id]
    problems = check_entries([*rest, replace(entry, related=())])
    if problems:
        raise Problems(tuple(problem.removeprefix(f"{entry.id}：") for problem in problems))
