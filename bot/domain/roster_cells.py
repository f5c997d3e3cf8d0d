"""名册核对的第一步：一行各格的文字认成代码、名称、类别……写得不对的记下第几行、哪一列。"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bot.documents.roster_sheet import RosterLine
from bot.domain.units import plain_name
from storage.units import Unit
from storage.words import Ownership, SchoolType, UnitKind, Word

W = TypeVar("W", bound=Word)
LONGEST_NAME = 60
MOST_ALIASES = 20
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,31}")
_ALIAS_BREAK = re.compile(r"[、,;/|\n]")
_BESIDE_CHINESE = re.compile(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")
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


@dataclass(frozen=True, slots=True)
class Draft:
    """认得出类别的一行；``unit`` 的上级还没有定，``county`` 是「县市区」一列写的字。"""

    number: int
    unit: Unit
    county: str


@dataclass(slots=True)
class Report:
    """边核对边记的问题，最后按行号排；行号 0 是整张名册的问题。"""

    found: list[tuple[int, str]] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)  # 类别没认出来的行的名称和代码，免得再怪别人写错县

    def add(self, number: int, column: str, text: str) -> None:
        """记下一个问题。"""
        self.found.append((number, f"第{number}行「{column}」{text}"))

    def sorted(self) -> tuple[str, ...]:
        """按行号排好的问题。"""
        return tuple(text for _, text in sorted(self.found, key=lambda item: item[0]))


def _clean(text: str) -> str:
    """全角变半角，去掉零宽字符，汉字旁边的空格去掉，其余连续空格并成一个。"""
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
    kind = _read_word(row.number, "类别", row.kind, UnitKind, report)
    school_type = _read_word(row.number, "办学类型", row.school_type, SchoolType, report)
    ownership = _read_word(row.number, "举办者", row.ownership, Ownership, report)
    aliases = _read_aliases(row, name, report)
    if kind is None:
        if not _clean(row.kind):
            report.add(row.number, "类别", f"是空的，请写 {_listed(UnitKind)} 之一")
        report.unsure |= {plain_name(name), plain_name(code)}
        return None
    if not kind.is_school:
        for column, word in (("办学类型", school_type), ("举办者", ownership)):
            if word:
                report.add(row.number, column, f"写的是“{word.label}”；{kind.label}请留空，只有学校才填")
    was = known.get(code.casefold())
    if was and was.kind is not kind:
        report.add(
            row.number,
            "类别",
            f"写的是“{kind.label}”，但 {code} 已登记为{was.kind.label}，请换一个代码",
        )
    return Draft(
        number=row.number,
        unit=Unit(code, name, kind, None, school_type, ownership, aliases),
        county=_clean(row.county),
    )


def _read_code(row: RosterLine, known: Mapping[str, Unit], report: Report) -> str:
    code = _clean(row.code)
    rule = "请写 2 至 32 位字母、数字，中间可用短横线，例如 YY04-0001"
    if not code:
        report.add(row.number, "代码", f"是空的，{rule}")
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


def _read_aliases(row: RosterLine, name: str, report: Report) -> tuple[str, ...]:
    aliases: dict[str, str] = {}
    for part in _ALIAS_BREAK.split(unicodedata.normalize("NFKC", row.aliases)):
        alias = _clean(part)
        if alias and plain_name(alias) != plain_name(name):
            _check_writing(row.number, "别名", alias, report)
            aliases.setdefault(plain_name(alias), alias)
    if len(aliases) > MOST_ALIASES:
        report.add(row.number, "别名", f"有 {len(aliases)} 个，最多 {MOST_ALIASES} 个")
    return tuple(aliases.values())


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
