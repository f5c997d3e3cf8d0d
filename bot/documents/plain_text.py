"""写进文书之前的文字整理：XML 装不下的字符一律去掉，日期按公文写法。"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

# XML 1.0 不允许的字符：除制表、换行、回车以外的控制字符，落单的代理项，FFFE/FFFF
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def writable(text: str) -> str:
    """去掉 .docx / .xlsx 存不下的字符，回车换行统一成 ``\\n``。"""
    return _UNWRITABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def chinese_date(day: date | None) -> str:
    """``2017年3月2日``；没有日期给空串，留给人手填。"""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def display_width(text: str) -> int:
    """占几个半角字宽：汉字算 2，西文算 1。"""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
