"""遮住个人信息：身份证号、电话、姓名和修改前后的值，凡在聊天里出现都先过这里。"""

from __future__ import annotations

import re
import unicodedata

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
MOBILE_DIGITS = 11
# 中文里没有单词边界，用前后不是数字来断
# 中间可以隔一两个空格或横线；找得着重叠的，免得前面的序号把它带偏
SPACED_ID = re.compile(r"(?<![0-9])(?=([1-9](?:[\s\-]{0,2}[0-9]){16}[\s\-]{0,2}[0-9Xx])(?![0-9]))")
PLAIN_ID = re.compile(
    r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx]", re.ASCII
)
# 分开写的手机号、分开写的身份证号，或连着七位以上的数字（全角也算）；日期、季度不算
LONG_DIGITS = re.compile(
    r"(?<!\d)(?:1[3-9]\d[\s\-]\d{4}[\s\-]?\d{4}(?!\d)"
    r"|\d{6}[\s\-]\d{8}[\s\-]?\d{3}[\dXxＸｘ](?!\d)|\d{7,}[XxＸｘ]?)"
)


def id_numbers(text: str) -> list[str]:
    """文字里校验位正确的 18 位身份证号（全角、中间有空格或横线的也算）。"""
    folded = unicodedata.normalize("NFKC", text)
    numbers = [re.sub(r"[\s\-]", "", found).upper() for found in SPACED_ID.findall(folded)]
    return [number for number in numbers if PLAIN_ID.fullmatch(number) and _check_digit(number)]


def _check_digit(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    return CHECKS[total % 11] == number[17].upper()


def without_numbers(text: str) -> str:
    """长数字（证件号、电话、账号）一律遮住，留给待答问题等要存下来的文字。"""
    return LONG_DIGITS.sub("〔号码〕", text)


def masked_name(name: str) -> str:
    """王丽 → 王*，欧阳样例 → 欧***。"""
    return name[:1] + "*" * max(len(name) - 1, 1)


def masked_phone(phone: str) -> str:
    """138****0003：遮住中间四位；座机遮住末四位前面的四位（不够就全遮）。"""
    digits = [place for place, char in enumerate(phone) if char.isdigit()]
    hidden = set(digits[3:7] if len(digits) == MOBILE_DIGITS and phone[:1] == "1" else digits[-7:-3])
    return "".join("*" if place in hidden else char for place, char in enumerate(phone))


def masked_value(value: str) -> str:
    """只露第一个字；一两个字的全遮。"""
    return value[:1] + "***" if len(value) > 2 else "***"
