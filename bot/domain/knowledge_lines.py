"""知识条目与表里的一行互换：写出去的样子，读回来的规矩；没动过的格子原样留着。纯函数。"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from bot.documents.knowledge_sheet import CERTAINTY, EntryLine
from bot.domain.entry_drafts import AUDIENCES, CERTAINTIES, LOCAL, read_changes
from bot.domain.errors import BadInput
from faq.analysis import default_analyser
from faq.entries import Entry
from faq.topics import load_topics

DELETE = "删除"
SEPARATOR = "、"
FACTORY = "出厂"
ID = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")
LONGEST_ID = 80
# 条目字段 → 列名
COLUMNS = {
    "topic": "主题",
    "question": "标准问法",
    "answer": "答复",
    "basis": "依据",
    "certainty": CERTAINTY,
    "audience": "读者",
    "related": "相关",
}


@lru_cache(maxsize=1)
def topics() -> Mapping[str, str]:
    """主题代号 → 中文名。"""
    return load_topics() | {LOCAL: "本地补充"}


def line_of(entry: Entry, version: int = 0, changed: str = FACTORY) -> EntryLine:
    """条目 → 表里的一行。"""
    return EntryLine(
        id=entry.id,
        topic=topics().get(entry.topic, entry.topic),
        question=entry.question,
        answer=entry.answer,
        basis=entry.basis,
        certainty=CERTAINTIES.get(entry.certainty, entry.certainty),
        audience=SEPARATOR.join(AUDIENCES.get(one, one) for one in entry.audience),
        related=SEPARATOR.join(entry.related),
        version=str(version),
        changed=changed,
    )


def plain(text: str) -> str:
    """比较两格用的写法：空白多少、换行的写法不同不算改。"""
    return " ".join(text.split())


def says_something(phrase: str) -> bool:
    """有没有具体的事；只有客套、符号的不能作问法。"""
    return bool(default_analyser().analyse(phrase).terms)


def read_entry(line: EntryLine, reference: Entry) -> tuple[Entry, dict[str, str]]:
    """一行 → 条目（不含问法），和写得不对的各列：列名 → 哪里不对。

    与 ``reference`` 写出去一样的格子原样留着，不再核对。
    """
    written, shown = _fields(line), _fields(line_of(reference))
    entry, problems = reference, {}
    for name, text in written.items():
        if plain(text) == plain(shown[name]) or (name == "topic" and not text):
            continue
        try:
            entry = replace(entry, **{name: _read(name, text)})
        except BadInput as problem:
            problems[COLUMNS[name]] = str(problem)
    return entry, problems


def blank(entry_id: str) -> Entry:
    """新条目读之前的样子。"""
    prefix = entry_id.split(".", 1)[0]
    topic = prefix if prefix in topics() else LOCAL
    return Entry(entry_id, topic, "", "", "", "", audience=("anyone",))


def missing(entry: Entry) -> list[str]:
    """新条目还缺的列。"""
    return [
        COLUMNS[name] for name in ("question", "answer", "basis", "certainty") if not getattr(entry, name)
    ]


def _fields(line: EntryLine) -> dict[str, str]:
    return {name: getattr(line, name) for name in COLUMNS}


def _read(name: str, text: str) -> object:
    if name == "topic":
        return _topic(text)
    if name == "related":
        return tuple(dict.fromkeys(word.lower() for word in re.split(r"[、，,;；\s]+", text) if word))
    if name == "audience" and not text:
        return ("anyone",)
    kept = read_changes({name: text.replace("\r\n", "\n")})[name]
    if name == "question" and not says_something(kept):
        raise BadInput("里面没有具体的事，请写完整的问题")
    return kept


def _topic(text: str) -> str:
    exact = [key for key, title in topics().items() if text in (key, title)]
    found = exact or [key for key, title in topics().items() if len(text) > 1 and text in title]
    if len(found) != 1:
        raise BadInput(f"没有“{text}”这个主题，可以写：{SEPARATOR.join(topics().values())}")
    return found[0]
