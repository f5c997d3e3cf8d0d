"""发给大模型之前先遮住：证件号、电话、QQ、邮箱、网址、人名称呼、单位名。宁可多遮，不可漏。纯函数。"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bot.domain.person_names import without_names

LONGEST = 200
READ = 3 * LONGEST
SHORTEST_UNIT = 3

_HIDDEN = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_CODE = re.compile(r"\[CQ:[^\]]*\]?", re.IGNORECASE)
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]+\s?@\s?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*")
_LINK = re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff]+", re.IGNORECASE)
_MENTION = re.compile(r"@[^\s@，。,!?：:]+")
# 五位以上的一串数字；中间可以隔空格、横线、点
_NUMBER = re.compile(r"\d(?:[\s\-.·]{0,2}\d){5,}[\s\-]{0,2}[Xx]?|\d{5,}[Xx]?")
# 2017-02-28、2017.2.28 不是号码；挨着别的数字的可能是分开写的证件号，不算日期
_DAY = re.compile(
    r"(?<!\d)(?<!\d[\s\-.·])(?:19|20)\d{2}[\-./](?:0?[1-9]|1[0-2])[\-./](?:[12]\d|3[01]|0?[1-9])"
    r"(?![\s\-.·]{0,2}\d)"
)
_CHINESE_NUMBER = re.compile(r"[零〇一二三四五六七八九幺]{5,}")

_SCHOOL = re.compile(
    r"[\u4e00-\u9fff]{2,3}[县市区镇乡](?![属直级所有各内里辖民公的办]|中小)[\u4e00-\u9fff]{0,8}?"
    r"(?:中学|小学|幼儿园|学校|完小|中心校|教学点|职校)"
    r"|第[一二三四五六七八九十\d]+(?:中学|小学|幼儿园|完小)|实验(?:中学|小学|幼儿园|学校)"
    r"|(?<!统)[县市区镇]?[一二三四五六七八九十]中(?![小心等专职])"
)


def redacted(text: str, names: Iterable[str] = ()) -> str:
    """遮住个人信息和单位名后的一句话，最多 200 字；``names`` 是名册里的学校名。"""
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text[:READ]))[:READ]
    for pattern, mark in ((_CODE, ""), (_LINK, "〔网址〕"), (_MAIL, "〔邮箱〕"), (_MENTION, "〔某人〕")):
        plain = pattern.sub(mark, plain)
    plain = _without_numbers(plain)
    for name in sorted({one for one in names if len(one) >= SHORTEST_UNIT}, key=len, reverse=True):
        if name in plain:
            plain = plain.replace(name, "〔某校〕")
    plain = _SCHOOL.sub("〔某校〕", plain)
    plain = without_names(plain)
    return plain[:LONGEST].strip()


def _without_numbers(text: str) -> str:
    """号码遮住，日期留着。"""
    days: list[str] = []

    def aside(found: re.Match[str]) -> str:
        days.append(found[0])
        return f"\x00{chr(0xE000 + len(days) - 1)}\x00"

    marked = _DAY.sub(aside, text)
    marked = _CHINESE_NUMBER.sub("〔号码〕", _NUMBER.sub("〔号码〕", marked))
    for place, day in enumerate(days):
        marked = marked.replace(f"\x00{chr(0xE000 + place)}\x00", day)
    return marked
