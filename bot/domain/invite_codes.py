"""邀请码的样子：怎么生成、怎么认、怎么从一段话里找出来。"""

from __future__ import annotations

import re
import secrets
import unicodedata

from bot.domain.errors import BadInput

# 32 个不易看错的字符，10 个一组正好 50 位
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10
BAD_CODE = "邀请码不对、已经用过或已过期。请核对后重发，或请发码的人再发一张。"

_MARKS = r"\s\-—–_"
_HALF = rf"[{ALPHABET}]{{{CODE_LENGTH // 2}}}"
_POSTED = re.compile(rf"(?<![A-Z0-9]){_HALF}[{_MARKS}]{{0,3}}{_HALF}(?![A-Z0-9])")


def new_code() -> str:
    """一张新码的 10 个字符。"""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def shown_code(code: str) -> str:
    """给人看的写法：ABCDE-FGHJK。"""
    return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"


def plain_code(text: str) -> str:
    """邀请码的各种写法（小写、全角、少了横线）→ 10 个字符；不像邀请码就报错。"""
    folded = unicodedata.normalize("NFKC", text).upper()
    code = re.sub(rf"[{_MARKS}]", "", folded)
    if len(code) != CODE_LENGTH or any(char not in ALPHABET for char in code):
        raise BadInput(BAD_CODE)
    return code


def codes_in(text: str) -> list[str]:
    """一段话里可能是邀请码的，去掉横线；普通的英文词也可能像，要查过才知道。"""
    folded = unicodedata.normalize("NFKC", text).upper()
    return list(dict.fromkeys(re.sub(rf"[{_MARKS}]", "", found) for found in _POSTED.findall(folded)))
