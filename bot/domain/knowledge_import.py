"""导入知识表格的规矩：表里的行和现在的知识库比，得出要改什么；写错的按“表 行 列”一次说全。纯函数。

表里没有的条目不删，可信程度写“删除”才删。导出以后别人改过的条目：这边没动的照别人的，两边都动了的不许导。
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.documents.knowledge_sheet import (
    CERTAINTY,
    ENTRY_SHEET,
    PHRASE_SHEET,
    EntryLine,
    KnowledgeLines,
    PhraseLine,
)
from bot.domain.entry_drafts import LONGEST_QUESTION, next_local_id
from bot.domain.errors import BadInput
from bot.domain.knowledge_import_plan import Change, ImportPlan, Reading, Standing
from bot.domain.knowledge_lines import (
    DELETE,
    ID,
    LONGEST_ID,
    blank,
    missing,
    plain,
    read_entry,
    says_something,
)
from bot.domain.public_text import public_text
from faq.analysis import default_analyser
from faq.entries import Entry


def plan_import(lines: KnowledgeLines, standing: Standing) -> tuple[ImportPlan, list[str]]:
    """要改什么，和一处一句的错；有错就不能导。"""
    reading = Reading(standing)
    named = list(_named(lines.entries, reading))
    aliases = _aliases_of(lines.phrases or (), {entry_id for entry_id, _ in named}, reading)
    for entry_id, line in named:
        given = aliases.get(entry_id, {}) if lines.phrases is not None and line.id else None
        _read_line(entry_id, line, given, reading)
    listed = {entry_id for entry_id, _ in named}
    for entry_id in aliases.keys() - listed:
        _add_phrases(entry_id, tuple(aliases[entry_id]), reading)
    reading.changes.sort(key=lambda one: one.entry_id)
    _check_related(reading)
    _check_phrases(aliases, reading)
    return ImportPlan(tuple(reading.changes), tuple(reading.theirs)), reading.problems


def _named(lines: tuple[EntryLine, ...], reading: Reading) -> Iterator[tuple[str, EntryLine]]:
    """每行说的是哪个编号；没写编号的，标准问法对得上就是那一条，对不上就编一个。"""
    by_question = {plain(entry.question): entry.id for entry in reading.standing.entries.values()}
    taken = {*reading.standing.used, *reading.standing.entries, *(line.id.lower() for line in lines)}
    for line in lines:
        entry_id = line.id.lower() or by_question.get(plain(line.question), "")
        if not entry_id:
            entry_id = next_local_id(taken)
            taken.add(entry_id)
        if not ID.fullmatch(entry_id) or len(entry_id) > LONGEST_ID:
            reading.wrong(
                ENTRY_SHEET,
                line.number,
                "编号",
                "要写成 accounts.locked 这样：小写字母、数字、下划线，中间用点",
            )
        elif entry_id in reading.rows:
            reading.wrong(ENTRY_SHEET, line.number, "编号", f"与第{reading.rows[entry_id]}行重复")
        else:
            reading.rows[entry_id] = line.number
            yield entry_id, line


def _aliases_of(
    phrases: tuple[PhraseLine, ...], listed: set[str], reading: Reading
) -> dict[str, dict[str, int]]:
    """编号 → 各句问法和它在第几行；重复的只算一句。"""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for line in phrases:
        entry_id, phrase = line.id.lower(), plain(line.phrase)
        if not entry_id or not phrase:
            reading.wrong(PHRASE_SHEET, line.number, "问法" if entry_id else "编号", "是空的")
        elif entry_id not in listed and entry_id not in reading.standing.entries:
            if entry_id not in reading.standing.versions:  # 别人删掉的，问法跟着没有了
                reading.wrong(PHRASE_SHEET, line.number, "编号", f"没有编号 {entry_id} 的条目")
        else:
            found[entry_id].setdefault(phrase, line.number)
    return found


def _read_line(entry_id: str, line: EntryLine, given: Mapping[str, int] | None, reading: Reading) -> None:
    """一行和现在比；``given`` 是表里的问法，空是不动问法。"""
    standing = reading.standing
    before, seen = standing.entries.get(entry_id), standing.version(entry_id)
    version = _version(line, seen, reading)
    if version is None:
        return
    if line.certainty == DELETE:
        _delete(entry_id, line, version, reading)
        return
    stale = version < seen
    reference = standing.past.get((entry_id, version)) if stale else before
    entry, problems = read_entry(line, reference or blank(entry_id))
    after = _with_phrases(entry, reference, given)
    if stale and reference is not None and _shape(after) == _shape(reference):
        reading.theirs.append(entry_id)
        return
    if before is not None and not problems and _shape(after) == _shape(before):
        return
    if stale:
        reading.wrong(
            ENTRY_SHEET, line.number, "版本", f"导出以后别人改过（现在第 {seen} 版），请重新导出再改"
        )
        return
    lacking = [one for one in missing(entry) if one not in problems]
    for column, text in (problems | dict.fromkeys(lacking, "是空的，请写上内容")).items():
        hint = f"（要删除写“{DELETE}”）" if column == CERTAINTY else ""
        reading.wrong(ENTRY_SHEET, line.number, column, f"{text.rstrip('。')}{hint}")
    reading.changes.append(Change(entry_id, before, after, seen))


def _version(line: EntryLine, seen: int, reading: Reading) -> int | None:
    """表里写的版本；没写当作现在的，写得不对返回 None。"""
    if not line.version:
        return seen
    if line.version.isdecimal() and int(line.version) <= seen:
        return int(line.version)
    reading.wrong(
        ENTRY_SHEET, line.number, "版本", f"写的是“{line.version[:10]}”，这一列请不要改，照导出的留着"
    )
    return None


def _delete(entry_id: str, line: EntryLine, version: int, reading: Reading) -> None:
    standing = reading.standing
    before, seen = standing.entries.get(entry_id), standing.version(entry_id)
    if before is None and not seen:
        reading.wrong(ENTRY_SHEET, line.number, "编号", f"没有编号 {entry_id} 的条目，删不了")
    elif before is not None and version < seen:
        reading.wrong(
            ENTRY_SHEET, line.number, "版本", f"导出以后别人改过（现在第 {seen} 版），请重新导出再删"
        )
    elif before is not None:
        reading.changes.append(Change(entry_id, before, None, seen))


def _with_phrases(entry: Entry, reference: Entry | None, given: Mapping[str, int] | None) -> Entry:
    """换上表里的问法：原来的照原来的先后，新的排在后面；与标准问法一样的不算。"""
    old = reference.aliases if reference else ()
    if given is None:
        return replace(entry, aliases=tuple(alias for alias in old if alias != entry.question))
    known = {plain(alias): alias for alias in old}
    kept = [alias for key, alias in known.items() if key in given]
    fresh = [phrase for phrase in given if phrase not in known]
    return replace(entry, aliases=tuple(alias for alias in (*kept, *fresh) if alias != entry.question))


def _add_phrases(entry_id: str, phrases: tuple[str, ...], reading: Reading) -> None:
    """条目表里没有、问法表里有的：只加不减。"""
    before = reading.standing.entries[entry_id]
    known = {plain(alias) for alias in (before.question, *before.aliases)}
    fresh = tuple(phrase for phrase in phrases if phrase not in known)
    if fresh:
        after = replace(before, aliases=(*before.aliases, *fresh))
        reading.changes.append(Change(entry_id, before, after, reading.standing.version(entry_id)))


def _check_related(reading: Reading) -> None:
    """改了“相关”的，写的编号要有。"""
    final = _final(reading)
    for change in reading.changes:
        if change.after is None or (change.before and change.before.related == change.after.related):
            continue
        for related in change.after.related:
            if related not in final:
                row = reading.rows.get(change.entry_id, 0)
                reading.wrong(ENTRY_SHEET, row, "相关", f"没有编号 {related} 的条目")


def _check_phrases(aliases: Mapping[str, Mapping[str, int]], reading: Reading) -> None:
    """新加的问法：写得像话，不是别的条目的（标点、客套、语气词不算）。"""
    fresh = [(one.entry_id, phrase) for one in reading.changes for phrase in _fresh(one)]
    if not fresh:
        return
    added = set(fresh)
    owners: dict[str, str] = {}
    for entry in _final(reading).values():
        for phrase in (entry.question, *entry.aliases):
            if (entry.id, phrase) not in added:
                owners.setdefault(_key(phrase), entry.id)
    for entry_id, phrase in fresh:
        row = aliases.get(entry_id, {}).get(phrase)
        sheet, column = (ENTRY_SHEET, "标准问法") if row is None else (PHRASE_SHEET, "问法")
        row = reading.rows.get(entry_id, 0) if row is None else row
        problem = _fault(phrase) if sheet == PHRASE_SHEET else ""
        owner = owners.setdefault(_key(phrase), entry_id)
        if not problem and owner != entry_id:
            problem = f"“{phrase}”已属于 {owner}，一个问法只能指向一条"
        if problem:
            reading.wrong(sheet, row, column, problem)


def _fault(phrase: str) -> str:
    try:
        public_text(phrase, "", LONGEST_QUESTION)
    except BadInput as problem:
        return str(problem)
    return "" if says_something(phrase) else f"“{phrase}”里没有具体的事，请写完整的问法"


def _fresh(change: Change) -> list[str]:
    """这次新加的说法，标准问法也算；空的另外报。"""
    if change.after is None:
        return []
    before = change.before
    known = {before.question, *before.aliases} if before else set()
    phrases = (change.after.question, *change.after.aliases)
    return [phrase for phrase in phrases if phrase and phrase not in known]


def _final(reading: Reading) -> dict[str, Entry]:
    """导入以后的全部条目。"""
    final = dict(reading.standing.entries)
    for change in reading.changes:
        if change.after is None:
            final.pop(change.entry_id, None)
        else:
            final[change.entry_id] = change.after
    return final


def _key(phrase: str) -> str:
    return default_analyser().analyse(phrase).compact or phrase


def _shape(entry: Entry) -> tuple[object, ...]:
    """比较用的样子：问法的先后不算，空白多少不算。"""
    texts = tuple(plain(text) for text in (entry.topic, entry.question, entry.answer, entry.basis))
    return (*texts, entry.certainty, entry.audience, entry.related, frozenset(map(plain, entry.aliases)))
