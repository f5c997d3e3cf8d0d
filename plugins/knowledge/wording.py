"""从人写的话里认出编号、页码、“问：… 答：…”各字段。纯函数。"""

from __future__ import annotations

import re

from bot.domain.errors import BadInput

FIELD_NAMES = {
    "question": ("问", "问题", "标准问法"),
    "answer": ("答", "答案", "答复"),
    "basis": ("依据", "出处"),
    "certainty": ("可信程度", "可信度", "可信"),
    "audience": ("读者", "对象"),
}
_FIELD_OF = {name: field for field, names in FIELD_NAMES.items() for name in names}
_WORDS = "|".join(sorted(_FIELD_OF, key=len, reverse=True))
# 字段名在开头，或在空白、句末标点后面，再跟冒号
FIELD = re.compile(rf"(?:^|(?<=[\s。？！；?!;]))({_WORDS})[ ]*[:：]")
NUMBERED = re.compile(r"(?:第\s*)?(\d{1,6})(?:\s*号)?(?:[\s:：，,、.]+(.*))?", re.DOTALL)
VERSION = re.compile(r"(?:第\s*)?[vV]?(\d{1,4})(?:\s*版)?")


def take_number(text: str) -> tuple[int | None, str]:
    """开头的编号（12、12号、12：）和后面的话；开头不是编号返回 None。"""
    match = NUMBERED.fullmatch(text.strip())
    return (int(match[1]), (match[2] or "").strip()) if match else (None, text.strip())


def take_id(text: str) -> tuple[str, str]:
    """开头的条目编号和后面的话；多写的“编号”二字去掉。"""
    kept = re.sub(r"^编号\s*[:：]?\s*", "", text.strip())
    word = kept.split(None, 1)[0] if kept else ""
    return word, kept[len(word) :].strip()


def take_page(text: str) -> int | None:
    """整句是页码（2、第2页）；空的是第 1 页，别的返回 None。"""
    if not text:
        return 1
    match = re.fullmatch(r"第?\s*(\d{1,3})\s*页?", text)
    return int(match[1]) if match else None


def on_page(count: int, page: int, size: int) -> tuple[slice, int]:
    """第几页是哪一段，和总页数；没有这一页抛出 BadInput。"""
    pages = max((count + size - 1) // size, 1)
    if not 1 <= page <= pages:
        raise BadInput(f"一共 {pages} 页，没有第 {page} 页。")
    return slice((page - 1) * size, page * size), pages


def take_version(text: str) -> int | None:
    """版本号：2、v2、第2版。"""
    match = VERSION.fullmatch(text.strip())
    return int(match[1]) if match else None


def take_fields(text: str) -> tuple[str, dict[str, str]]:
    """开头没写字段名的话，和“字段名：内容”各项（键是条目的字段名）。"""
    matches = list(FIELD.finditer(text))
    lead = text[: matches[0].start()] if matches else text
    fields: dict[str, str] = {}
    ends = [*(match.start() for match in matches[1:]), len(text)]
    for match, end in zip(matches, ends, strict=False):
        name = _FIELD_OF[match[1]]
        if name in fields:
            raise BadInput(f"“{match[1]}”写了两次，请只写一次。")
        fields[name] = text[match.end() : end].strip()
    return lead.strip(), fields
