"""重置密码时人写的话怎么认：只要学校和姓名；像密码、号码的一律不收，话里也不重复。纯函数。"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.errors import BadInput
from bot.domain.masking import id_numbers

NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0003ffff]{1,15}(?:·[\u4e00-\u9fff]{1,15})*")
LABELS = re.compile(r"^(?:我是|我叫|学校|单位|姓名|名字|本人)(?:是|叫)?[:：]?")
# 学校和姓名里不会有的：字母、密码常用的符号、一长串数字
SECRET = re.compile(r"[A-Za-z@#$%^&*_+=!~|\\]|\d{4,}")
MOST_DIGITS = 5
BETWEEN = re.compile(r"(?<=[学校园点院局])的(?:老师|教师)?")
NO_SECRETS = "请只写学校和姓名，不要发密码、身份证号和手机号。这条我没有保存，请你长按撤回。"
HOW_TO = "请写学校全名和你的姓名，中间空一格，例如：\n/重置密码 岳阳县第三中学 王样例"


@dataclass(frozen=True, slots=True)
class Said:
    """拆开的几个词，去掉了“学校：”“我是”这类字样。"""

    words: tuple[str, ...]

    def readings(self) -> tuple[tuple[str, str], ...]:
        """可能的读法（单位，姓名）：姓名在后，或者在前。"""
        last, first = self.words[-1], self.words[0]
        found = [(" ".join(self.words[:-1]), last)] if is_name(last) else []
        if is_name(first):
            found.append((" ".join(self.words[1:]), first))
        return tuple(found)


def is_name(word: str) -> bool:
    """像不像中文姓名；“王老师”不算，管理员认不出是谁。"""
    return len(word) >= 2 and not word.endswith("老师") and NAME.fullmatch(word) is not None


def read_request(text: str, known: frozenset[str]) -> Said:
    """拆开一句话；``known`` 是话里本来就是单位代码的词。像密码、号码的抛出 BadInput，不带原话。"""
    words = split(text)
    unknown = [word for word in words if word not in known]
    digits = sum(char.isdigit() for word in unknown for char in word)
    if id_numbers(text) or digits > MOST_DIGITS or any(SECRET.search(word) for word in unknown):
        raise BadInput(NO_SECRETS)
    if len(words) < 2:
        raise BadInput(HOW_TO)
    return Said(words)


def split(text: str) -> tuple[str, ...]:
    """按空白、标点和“某某中学的某某”里的“的”切开，去掉“学校：”“我是”这类字样。"""
    parts = (LABELS.sub("", part) for part in re.split(r"[\s,，、;；。/]+", BETWEEN.sub(" ", text)))
    return tuple(part for part in parts if part)
