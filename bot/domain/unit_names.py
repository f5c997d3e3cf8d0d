"""单位名怎么比：全角半角、繁体简体、看着一样的字、看不见的字符先收成一个样子，再比。

只用来比较，不改存着的名称；两个名称收成一样的就算同名，冒充的名称因此和原来的撞在一起。
"""

from __future__ import annotations

import re
import unicodedata

from faq.characters import SIMPLIFIED

# 校名、地名里常见而答问的字表里没有的繁体与异体（繁、简）
_TRADITIONAL = (
    "萬万東东倉仓偉伟餘余蘭兰興兴獸兽沖冲鳳凤華华臺台檯台呂吕啓启啞哑糰团壩坝牆墙殼壳婁娄甯宁寶宝傢家壽寿"
    "侷局嶺岭峯峰莊庄綵彩纔才搖摇朮术楊杨鬆松闆板楓枫樹树註注窪洼漁渔濱滨燦灿爛烂煙烟貓猫甕瓮鹽盐磯矶礦矿"
    "籃篮紡纺聶聂聾聋緻致蘆芦葦苇蘋苹範范荊荆蕩荡盪荡蓮莲矇蒙濛蒙藍蓝薔蔷蝦虾譽誉誼谊穀谷貝贝賢贤貿贸軒轩"
    "輝辉銅铜鑼锣閘闸閣阁鬚须驢驴騾骡魚鱼鮎鲇雞鸡鴨鸭鴿鸽鴻鸿鵠鹄鵝鹅鶚鹗鶴鹤龍龙龜龟颱台嚮向"
)
# 看着像汉字的片假名、部首、符号
_LOOKALIKES = (
    "ロ口ニ二ハ八カ力タ夕エ工ト卜チ千オ才ヌ又ー一㇐一○〇◯〇"
    "⺠民⺟母⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻚页⻛风⻜飞⻝食⻢马⻣骨⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟"
)
# 看着像拉丁字母的西里尔、希腊字母（都是小写：比较前先折成小写）
_LETTERS = "аaвbсcԁdеeһhнhіiјjкkмmоoрpԛqѕsтtуyүyхxԝwαaβbεeζzηhιiκkμmνnοoρpτtυyχx"
_DASHES = "‐‑‒–—―−﹣－"


def _pairs(text: str) -> dict[int, int]:
    return {ord(left): ord(right) for left, right in zip(text[::2], text[1::2], strict=True)}


_SAME = SIMPLIFIED | _pairs(_TRADITIONAL) | _pairs(_LOOKALIKES) | _pairs(_LETTERS)
_SAME |= {ord(dash): ord("-") for dash in _DASHES}
_ORDINARY = re.compile(r"[0-9a-z一-鿿㐀-䶿()·-]*")
# 不占地方的字符：空白、控制、格式、变体选择符，以及画出来是空白的几个
_BLANK = frozenset("\u115f\u1160\u2800\u3164\u034f")
_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Cn", "Co", "Zs", "Zl", "Zp"))
_VARIATION = re.compile("[\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_QUOTES = "“”\"'‘’「」『』【】[]《》"
_NUMERALS = "零一二三四五六七八九"
# 第3中学、县3中：学校的序号
_ORDINAL = re.compile(r"(?<=第)([1-9]\d?)(?!\d)|(?<![0-9a-z-])([1-9]\d?)(?=[中小完幼])")


def plain_name(text: str) -> str:
    """比较用的写法；空串表示没写名称。"""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_SAME)
    if not _ORDINARY.fullmatch(folded):
        folded = "".join(char for char in _VARIATION.sub("", folded) if not _is_invisible(char))
        folded = folded.strip(_QUOTES)
    return _ORDINAL.sub(_numeral, folded)


def _is_invisible(char: str) -> bool:
    return char.isspace() or char in _BLANK or unicodedata.category(char) in _INVISIBLE


def _numeral(found: re.Match[str]) -> str:
    """1 → 一，12 → 十二，20 → 二十。"""
    tens, ones = divmod(int(found[1] or found[2]), 10)
    if not tens:
        return _NUMERALS[ones]
    return ("" if tens == 1 else _NUMERALS[tens]) + "十" + (_NUMERALS[ones] if ones else "")
