"""知识条目：entries/*.toml 是条目，phrasings/*.txt 是各条的问法；逐条校验，坏的一次说全。"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ENTRIES_FOLDER = Path(__file__).parent / "entries"
PHRASINGS = "phrasings"
CERTAINTIES = ("plan", "confirmed", "general")
LONGEST_ANSWER = 260
TEXT_KEYS = ("id", "question", "answer", "basis", "certainty")
LIST_KEYS = ("audience", "related")


class EntryError(ValueError):
    """知识条目有错；problems 里一条一句中文。"""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("知识条目有 " + str(len(problems)) + " 处错误：\n" + "\n".join(problems))


@dataclass(frozen=True, slots=True)
class Entry:
    """一条知识：标准问法、答复、依据、可信程度与各种问法（别名）。"""

    id: str
    topic: str
    question: str
    answer: str
    basis: str
    certainty: str
    audience: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


def load_entries(folder: Path | None = None) -> tuple[Entry, ...]:
    """读一个文件夹里全部 .toml 条目（按文件名）和旁边 phrasings/ 里的问法；有错时抛 EntryError。"""
    folder = folder or ENTRIES_FOLDER
    entries: list[Entry] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append(f"{path.name}：不是合格的 TOML 文件（{error}）")
            continue
        entries.extend(_entries_of(path.name, document, problems))
    phrasings = _phrasings_of(folder.parent / PHRASINGS, {entry.id for entry in entries}, problems)
    entries = [replace(entry, aliases=tuple(phrasings.get(entry.id, ()))) for entry in entries]
    problems.extend(check_entries(entries))
    if problems:
        raise EntryError(problems)
    return tuple(entries)


def _phrasings_of(folder: Path, known: set[str], problems: list[str]) -> dict[str, list[str]]:
    """读问法：``[编号]`` 一行，接着一行一句；# 开头的是说明。"""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.txt")):
        current: list[str] | None = None
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            if text.startswith("[") and text.endswith("]") and text.count("]") == 1:
                if text[1:-1] not in known:
                    problems.append(f"{PHRASINGS}/{path.name} 第 {number} 行：没有编号为 {text[1:-1]} 的条目")
                current = found.setdefault(text[1:-1], [])
            elif current is None:
                problems.append(f"{PHRASINGS}/{path.name} 第 {number} 行：前面缺 [编号]")
            else:
                current.append(text)
    return found


def check_entries(entries: Iterable[Entry]) -> list[str]:
    """校验一批条目之间的关系与取值，返回中文问题清单（没有问题为空）。"""
    entries = list(entries)
    problems: list[str] = []
    known: set[str] = set()
    owner_of_alias: dict[str, str] = {}
    for entry in entries:
        if entry.id in known:
            problems.append(f"{entry.id}：编号重复")
        known.add(entry.id)
        problems.extend(_value_problems(entry))
        for alias in dict.fromkeys((entry.question, *entry.aliases)):
            owner = owner_of_alias.setdefault(alias, entry.id)
            if owner != entry.id:
                problems.append(f"{entry.id}：问法「{alias}」已属于 {owner}，一个问法只能指向一条")
    for entry in entries:
        problems.extend(
            f"{entry.id}：相关条目 {related} 不存在" for related in entry.related if related not in known
        )
    return problems


def _value_problems(entry: Entry) -> list[str]:
    problems: list[str] = []
    if entry.certainty not in CERTAINTIES:
        problems.append(
            f"{entry.id}：certainty 写的是「{entry.certainty}」，只能是 plan、confirmed 或 general"
        )
    if len(entry.answer) > LONGEST_ANSWER:
        problems.append(f"{entry.id}：答复 {len(entry.answer)} 字，超过 {LONGEST_ANSWER} 字，请精简")
    return problems


def _entries_of(name: str, document: dict[str, Any], problems: list[str]) -> list[Entry]:
    topic = document.get("topic")
    if not isinstance(topic, str) or not topic:
        problems.append(f"{name}：缺 topic（主题）")
        topic = ""
    rows = document.get("entry", [])
    if not isinstance(rows, list):
        problems.append(f"{name}：条目要写成 [[entry]]")
        return []
    found: list[Entry] = []
    for number, row in enumerate(rows, start=1):
        faults = _row_faults(row)
        if faults:
            label = row.get("id", f"第 {number} 条") if isinstance(row, dict) else f"第 {number} 条"
            problems.extend(f"{name} {label}：{fault}" for fault in faults)
            continue
        found.append(_entry_of(topic, row))
    return found


def _row_faults(row: Any) -> list[str]:
    if not isinstance(row, dict):
        return ["条目要写成 [[entry]]"]
    faults = [f"缺 {key}" for key in TEXT_KEYS if not isinstance(row.get(key), str) or not row[key].strip()]
    for key in LIST_KEYS:
        values = row.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
            faults.append(f"{key} 要写成文字的列表")
    return faults


def _entry_of(topic: str, row: dict[str, Any]) -> Entry:
    return Entry(
        id=row["id"],
        topic=topic,
        question=row["question"].strip(),
        answer=row["answer"].strip(),
        basis=row["basis"].strip(),
        certainty=row["certainty"],
        audience=tuple(row.get("audience", [])),
        related=tuple(row.get("related", [])),
    )
