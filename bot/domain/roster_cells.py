"""名册核对的第一步：一行各格的文字认成代码、名称、类别、撤并……写得不对的记下第几行、哪一列。

表里没有的列照已登记的，不当成要清空；曾用名只增不减，改名时旧名自动记进去。
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from bot.documents.roster_sheet import RosterLine
from bot.domain.unit_names import plain_name
from storage.units import Unit
from storage.words import Ownership, SchoolType, UnitKind, Word

W = TypeVar("W", bound=Word)
LONGEST_NAME = 60
MOST_ALIASES = 20
MOST_STAFF = 20_000
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,31}")
_ALIAS_BREAK = re.compile(r"[、,;/|\n]")
_BESIDE_CHINESE = re.compile(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_EXACT_DIGITS = 15  # 表格软件里的数字只有这么多位是准的
_MERGE = re.compile(r"(?:并入|并到|合并到|合并入|合并)\s*([A-Za-z0-9-]*)")
_OPEN_WORDS = ("正常", "在办", "恢复")
_CLOSE_WORDS = ("撤销", "撤并", "停办", "关闭")
_ALREADY_CLEAN = re.compile(r"[0-9A-Za-z\u3400-\u4dbf\u4e00-\u9fff、·-]*")
_CONTROL = ("Cc", "Cs", "Zl", "Zp")
_FORMULA_STARTS = "=+-@'"
# 文员常写的别的叫法；正式叫法见 storage.words
_OTHER_WORDS: Mapping[str, Word] = {
    "县": UnitKind.COUNTY,
    "区": UnitKind.COUNTY,
    "县区": UnitKind.COUNTY,
    "市直": UnitKind.MUNICIPAL_SCHOOL,
    "县属学校": UnitKind.SCHOOL,
    "初中": SchoolType.JUNIOR,
    "高中": SchoolType.SENIOR,
    "普通高中": SchoolType.SENIOR,
    "完中": SchoolType.COMPLETE,
    "九年一贯制": SchoolType.NINE_YEAR,
    "十二年一贯制": SchoolType.TWELVE_YEAR,
    "中职": SchoolType.VOCATIONAL,
    "职业学校": SchoolType.VOCATIONAL,
    "特殊教育": SchoolType.SPECIAL,
    "特校": SchoolType.SPECIAL,
    "公立": Ownership.PUBLIC,
    "私立": Ownership.PRIVATE,
}


class Fate(StrEnum):
    """「状态」一列的意思；空着是 UNSAID。"""

    UNSAID = "unsaid"
    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Draft:
    """认得出类别的一行；``unit`` 的上级还没有定，``county`` 是「县市区」一列写的字。"""

    number: int
    unit: Unit
    county: str
    fate: Fate = Fate.UNSAID


@dataclass(slots=True)
class Report:
    """边核对边记的问题，最后按行号排；行号 0 是整张名册的问题。``conflicts`` 是其中撞了别的单位的。"""

    found: list[tuple[int, str]] = field(default_factory=list)
    conflicts: int = 0
    unsure: set[str] = field(default_factory=set)  # 类别没认出来的行的名称和代码，免得再怪别人写错县

    def add(self, number: int, column: str, text: str, *, conflict: bool = False) -> None:
        """记下一个问题；``conflict`` 是撞了别的单位（代码、名称重复，类别对不上）。"""
        self.found.append((number, f"第{number}行「{column}」{text}"))
        self.conflicts += conflict

    def sorted(self) -> tuple[str, ...]:
        """按行号排好的问题。"""
        return tuple(text for _, text in sorted(self.found, key=lambda item: item[0]))


def _clean(text: str) -> str:
    """全角变半角，去掉零宽字符，汉字旁边的空格去掉，其余连续空格并成一个。"""
    if _ALREADY_CLEAN.fullmatch(text):
        return text
    for _ in range(2):  # 去掉零宽字符可能让前后字符重新组合，第二遍之后不再变
        folded = unicodedata.normalize("NFKC", text)
        text = "".join(character for character in folded if unicodedata.category(character) != "Cf")
    return _BESIDE_CHINESE.sub("", re.sub(" +", " ", text)).strip()


def shown(text: str) -> str:
    """引用用户写的字：控制字符换成空格，太长的截断。"""
    plain = "".join(" " if unicodedata.category(character) in _CONTROL else character for character in text)
    return plain if len(plain) <= 20 else plain[:19] + "…"


def read_line(row: RosterLine, known: Mapping[str, Unit], report: Report) -> Draft | None:
    """认一行；``known`` 是已登记的单位（键为小写代码）。类别认不出时返回 None。"""
    code, name = _read_code(row, known, report), _read_name(row, report)
    was = known.get(code.casefold())
    kind = _read_word(row.number, "类别", row.kind, UnitKind, report)
    school_type = _read_word(row.number, "办学类型", row.school_type, SchoolType, report)
    ownership = _read_word(row.number, "举办者", row.ownership, Ownership, report)
    aliases = _read_names(row.number, "别名", row.aliases, name, report)
    staff_count = _read_staff(row, report)
    fate, merged_into = _read_fate(row, report)
    if kind is None:
        if not _clean(row.kind):
            report.add(row.number, "类别", f"是空的，请写 {_listed(UnitKind)} 之一")
        report.unsure |= {plain_name(name), plain_name(code)}
        return None
    _check_kind(row, kind, was, (("办学类型", school_type), ("举办者", ownership)), report)
    unit = replace(
        was or Unit(code, name, kind),
        code=code,
        name=name,
        kind=kind,
        parent_code=None,
        school_type=school_type if was is None or "办学类型" in row.given else was.school_type,
        ownership=ownership if was is None or "举办者" in row.given else was.ownership,
        aliases=aliases if was is None or "别名" in row.given else was.aliases,
        former_names=_read_former_names(row, name, was, report),
        staff_count=staff_count if was is None or "教职工数" in row.given else was.staff_count,
        closed_on=None,
        merged_into=merged_into,
    )
    return Draft(number=row.number, unit=unit, county=_clean(row.county), fate=fate)


def _check_kind(
    row: RosterLine,
    kind: UnitKind,
    was: Unit | None,
    school_words: Sequence[tuple[str, Word | None]],
    report: Report,
) -> None:
    if not kind.is_school:
        for column, word in school_words:
            if word:
                report.add(row.number, column, f"写的是“{word.label}”；{kind.label}请留空，只有学校才填")
    if was and was.kind is not kind:
        report.add(
            row.number,
            "类别",
            f"写的是“{kind.label}”，但 {was.code} 已登记为{was.kind.label}，请换一个代码",
            conflict=True,
        )


def _read_code(row: RosterLine, known: Mapping[str, Unit], report: Report) -> str:
    code = _clean(row.code)
    rule = "请写 2 至 32 位字母、数字，中间可用短横线，例如 YY04-0001"
    as_text = "请把这一列设成“文本”格式，重新填代码"
    if not code:
        report.add(row.number, "代码", f"是空的，{rule}")
    elif _SCIENTIFIC.fullmatch(code):
        report.add(row.number, "代码", f"成了“{shown(code)}”，表格把它当数字变成了科学计数，{as_text}")
    elif row.code_as_number and len(code) > _EXACT_DIGITS:
        report.add(row.number, "代码", f"“{shown(code)}”存成了数字，15 位以后的已经丢了，{as_text}")
    elif not _CODE.fullmatch(code):
        report.add(row.number, "代码", f"写的是“{shown(code)}”，{rule}")
    registered = known.get(code.casefold())
    return registered.code if registered else code  # 只差大小写的，认作已登记的那个


def _read_name(row: RosterLine, report: Report) -> str:
    name = _clean(row.name)
    if not name:
        report.add(row.number, "名称", "是空的，请写单位全称，例如 岳阳县第三中学")
    else:
        _check_writing(row.number, "名称", name, report)
    return name


def _read_names(number: int, column: str, text: str, name: str, report: Report) -> tuple[str, ...]:
    """顿号、逗号隔开的几个名称；和全名一样的、重复的不要。"""
    names: dict[str, str] = {}
    for part in _ALIAS_BREAK.split(unicodedata.normalize("NFKC", text)):
        one = _clean(part)
        if one and plain_name(one) != plain_name(name):
            _check_writing(number, column, one, report)
            names.setdefault(plain_name(one), one)
    if len(names) > MOST_ALIASES:
        report.add(number, column, f"有 {len(names)} 个，最多 {MOST_ALIASES} 个")
    return tuple(names.values())


def _read_former_names(row: RosterLine, name: str, was: Unit | None, report: Report) -> tuple[str, ...]:
    """曾用名：已记着的、改名前的、表里写的合在一起。"""
    written = _read_names(row.number, "曾用名", row.former_names, name, report)
    before = (*was.former_names, was.name) if was else ()
    names: dict[str, str] = {}
    for one in (*before, *written):
        names.setdefault(plain_name(one), one)
    names.pop(plain_name(name), None)
    return tuple(names.values())


def _read_staff(row: RosterLine, report: Report) -> int | None:
    written = _clean(row.staff_count)
    if not written:
        return None
    if not written.isascii() or not written.isdigit() or int(written[:9]) > MOST_STAFF:
        rule = f"请写 0 至 {MOST_STAFF} 的整数，不知道就留空"
        report.add(row.number, "教职工数", f"写的是“{shown(written)}”，{rule}")
        return None
    return int(written)


def _read_fate(row: RosterLine, report: Report) -> tuple[Fate, str | None]:
    """「状态」「并入单位」两列：正常、撤销，或并入哪个代码（可以写在同一格）。"""
    written, target = _clean(row.state), _clean(row.merged_into)
    merge = _MERGE.fullmatch(written)
    if merge is not None:
        code = target or merge[1]
        if not code:
            report.add(row.number, "并入单位", "是空的，请写并进哪个单位的代码")
        return Fate.MERGED, code
    if target:
        report.add(row.number, "状态", f"写的是“{shown(written)}”，但「并入单位」写了代码，请写 并入")
    if not written:
        return Fate.UNSAID, None
    if written in _CLOSE_WORDS:
        return Fate.CLOSED, None
    if written not in _OPEN_WORDS:
        report.add(row.number, "状态", f"写的是“{shown(written)}”，请写 正常/撤销/并入 之一，空着就是正常")
    return Fate.OPEN, None


def _check_writing(number: int, column: str, text: str, report: Report) -> None:
    """名称和别名的写法：不长、没有控制字符、不会被表格软件当成公式。"""
    if any(unicodedata.category(character) in _CONTROL for character in text):
        report.add(number, column, f"“{shown(text)}”里有换行或看不见的控制字符，请重新输入这一格")
    elif len(text) > LONGEST_NAME:
        report.add(number, column, f"“{shown(text)}”有 {len(text)} 个字，最多 {LONGEST_NAME} 个")
    elif text[0] in _FORMULA_STARTS:
        report.add(number, column, f"写的是“{shown(text)}”，不能以 {text[0]} 开头，请改成单位名称")


def _read_word(number: int, column: str, text: str, words: type[W], report: Report) -> W | None:
    written = _clean(text)
    word = words.named(written) or words.named(written.casefold()) or _OTHER_WORDS.get(written)
    if isinstance(word, words):
        return word
    if written:
        report.add(number, column, f"写的是“{shown(written)}”，请写 {_listed(words)} 之一")
    return None


def _listed(words: type[Word]) -> str:
    return "/".join(word.label for word in words)
