"""寒暄：谢谢、好的、在吗这类话不是问题，不去查知识库，更不能记成待答问题。纯函数。"""

from __future__ import annotations

import re
from enum import Enum, auto


class Courtesy(Enum):
    """一句寒暄的意思。"""

    GREETING = auto()  # 打招呼、问你是谁
    THANKS = auto()
    DISSATISFIED = auto()  # 没用、不对、👎
    SATISFIED = auto()  # 有用、赞、👍
    NUMBER = auto()  # 只写了一个编号，可没有在等编号
    NOTHING = auto()  # 好的、收到、哈哈、表情，不用回


_GREETING = r"[你您]好|在吗|在不在|早上好|上午好|中午好|下午好|晚上好|早|hello|hi|嗨|哈+[喽啰]"
_GREETING += (
    r"|你是谁|你是(?:干|做)?什么的?|你叫什么(?:名字)?|你[会能](?:干|做|回答)?什么|你有什么(?:用|功能)"
)
_THANKS = r"(?:十分|非常|太)?(?:谢谢|多谢|感谢|谢了|thanks|thx)|辛苦|麻烦(?:你|您)?了"
_DISSATISFIED = r"没用|没有用|不是这个|不对|答非所问|答错了"
_SATISFIED = r"(?:很|真|非常|挺)?(?:有用|管用|好用)|点?赞|解决了"
_NOTHING = r"好的?|好吧|行|可以|收到|知道了?|明白了?|懂了|了解|嗯+|哦+|噢+|ok(?:ay)?|是的?|对|没事|不用了?"
_NOTHING += r"|没问题|哈+|嘿+|呵+|测试|test"
_TAIL = r"[啊呀哈啦了呢吧哦噢]|你|您|大家|老师|领导|各位|机器人|助手"
# 一次只认一段、认出就不回头：写成整句的 (…)+，几十个“哈”会试遍各种切法，把整个机器人卡住
_PART = re.compile(
    rf"(?P<greeting>{_GREETING})|(?P<thanks>{_THANKS})|(?P<dissatisfied>{_DISSATISFIED})"
    rf"|(?P<satisfied>{_SATISFIED})"
    rf"|{_NOTHING}|{_TAIL}",
    re.IGNORECASE,
)

_SIGNS = {"👎": Courtesy.DISSATISFIED, "👍": Courtesy.SATISFIED}


def courtesy(text: str) -> Courtesy | None:
    """这句话全是寒暄就说出意思；有实在内容返回 None。"""
    plain = "".join(char for char in text if char.isalnum())
    if not plain:
        return next((kind for sign, kind in _SIGNS.items() if sign in text), Courtesy.NOTHING)
    if len(plain) == 1 and plain.isdecimal():
        return Courtesy.NUMBER
    meanings, place = set[str | None](), 0
    while place < len(plain):
        part = _PART.match(plain, place)
        if part is None:
            return None
        meanings.add(part.lastgroup)
        place = part.end()
    for name in ("dissatisfied", "satisfied", "greeting", "thanks"):
        if name in meanings:
            return Courtesy[name.upper()]
    return Courtesy.NOTHING
