"""一段话的骨架：数字、否定、关键词。改写前后骨架一样，意思才没有走样。纯函数。"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from faq.text import NUMERALS, numeral_value

_COUNTED = "年月日天周号季级步条款项次份张人名种类位岁寸件元期届轮"
_UNIT = rf"个?[{_COUNTED}]|个"
_NUMBER = re.compile(
    rf"(?P<digits>\d+(?:\.\d+)?)\s*(?P<unit>{_UNIT})?"
    rf"|(?P<chinese>[{''.join(NUMERALS)}]?十[{''.join(NUMERALS)}]?|[{''.join(NUMERALS)}]+)(?P<counted>{_UNIT})"
)
# “不”连着后面一个字看：不用、不得、不采……
_NEGATION = re.compile(
    r"不[\u4e00-\u9fff]?|没有?|未|无|非(?!常)|勿|莫|禁止|杜绝|免|拒|(?<![性级类分个区鉴识])别(?![的人处])|除|以外|之外"
)
# 换了、丢了、多了，意思就变了的词
_KEY_WORDS = (
    "系统管理员、信息管理员、信息查询员、培训管理员、管理员、市教育体育局、教育行政部门、教师工作科、市教体局、"
    "联合工作组、责任书、汇总表、登记表、自助子系统、县市区、市直学校、县属学校、学校、中心校、教学点、县级、市级、"
    "省级、教育部、上级、本人、校长、离退休、退休、返聘、临聘、在编、编外、民办、公办、附件、季报、初审、终审、复审、"
    "审核、报送、备案、退回、通过、签名、签字、盖章、公章、手写、打印、身份证、照片、密码、手机、邮箱、"
    "必须、应当、应该、只、仅、至少、最多、以上、以下、以内、前、后、为准、原则上、可能、严"
)
_KEY = re.compile("|".join(sorted(_KEY_WORDS.split("、"), key=len, reverse=True)))
# 只是在说哪样东西的词：条目的标准问法里有，改写时点明也行
_THINGS = "责任书、汇总表、登记表、季报、身份证、照片、密码、手机、邮箱、离退休、退休、返聘、临聘"
THINGS = frozenset(_THINGS.split("、"))
# 写法不同、意思一样
_SAME = {"公章": "盖章", "签字": "签名", "应当": "应该", "号": "日", "天": "日", "名": "人", "位": "人"}


def numbers_of(text: str) -> list[str]:
    """文字里的数字连同单位，按先后，重复的只留第一个；汉字数字换成阿拉伯数字，三个月与3月不同。"""
    found: dict[str, None] = {}
    for match in _NUMBER.finditer(unicodedata.normalize("NFKC", text)):
        unit = match["unit"] or match["counted"] or ""
        if unit not in ("个", "个月"):
            unit = unit.removeprefix("个")
        value = match["digits"] or str(numeral_value(match["chinese"]))
        found[value + _SAME.get(unit, unit)] = None
    return list(found)


def negations_of(text: str) -> Counter[str]:
    """文字里的否定和除外，各几次。"""
    return Counter(_NEGATION.findall(unicodedata.normalize("NFKC", text)))


def key_words_of(text: str) -> set[str]:
    """文字里的角色、单位、表格、时限、语气这些关键词。"""
    words: list[str] = _KEY.findall(unicodedata.normalize("NFKC", text))
    return {_SAME.get(word, word) for word in words}
