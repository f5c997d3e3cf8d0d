"""要给众人看、要留下来的话：答复、问法、原因。太长、带个人号码的不收，说清哪里不行。"""

from __future__ import annotations

import re
import unicodedata

from bot.domain.errors import BadInput
from bot.domain.masking import LONG_DIGITS, id_numbers

MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
SHORTEST_PERSONAL = 15  # 身份证、银行卡至少这么多位；座机、QQ 群号没有这么长


def public_text(text: str, what: str, longest: int) -> str:
    """收下一段要公开的话；空的、超过 ``longest`` 字的、带个人号码的抛出 BadInput。"""
    kept = text.strip()
    if not kept:
        raise BadInput(f"{what}是空的，请写上内容。")
    if len(kept) > longest:
        raise BadInput(f"{what}有 {len(kept)} 字，超过 {longest} 字，请精简后重发。")
    if personal_numbers(kept):
        raise BadInput(f"{what}里有身份证号或手机号，会让很多人看到，请去掉后重发（办公电话可以写）。")
    return kept


def personal_numbers(text: str) -> bool:
    """有没有身份证号、手机号、银行卡号；座机、日期不算。"""
    folded = unicodedata.normalize("NFKC", text)
    if id_numbers(folded):
        return True
    runs = (re.sub(r"\D", "", match[0]) for match in LONG_DIGITS.finditer(folded))
    return any(MOBILE.fullmatch(digits) or len(digits) >= SHORTEST_PERSONAL for digits in runs)
