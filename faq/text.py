"""文字规整与切分：把工作群里的各种打法收成一个样子，再切成单字、双字。检索的每条通道都从这里开始。"""

import re
import unicodedata
from itertools import pairwise

from faq.characters import SIMPLIFIED

NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
NUMERAL = "[零〇一二两三四五六七八九十]+"
_NUMBERED = (
    # 附件一、附表一、附1 → 附件1
    (re.compile(rf"附(?:件|表)?(?:第)?({NUMERAL}|\d)(?=[^月日]|$)"), "附件{}"),
    (re.compile(rf"第({NUMERAL})(?=[步条款点次季期批项个栏列])"), "第{}"),
    (re.compile(rf"(?<![一二三四五六七八九十])({NUMERAL})(?:号|日)"), "{}日"),
    (re.compile(rf"({NUMERAL})(?=月份?)"), "{}"),
    (re.compile(rf"(?<![这每哪])({NUMERAL})(?=季度|份|寸|年以上|式)"), "{}"),
)
_DAY = re.compile(r"(\d{1,2})号")
_SPELLINGS = (
    ("帐", "账"),
    ("登陆", "登录"),
    ("登入", "登录"),
    ("附表", "附件"),
    ("子糸统", "子系统"),
    ("糸统", "系统"),
    ("賬", "账"),
)
_MENTION = re.compile(r"@\S+(?:\s|$)")
_DROPPED = re.compile(r"\[cq:[^\]]*\]|[\u200b-\u200f\u2028-\u202f\ufeff]")
_SEPARATOR = re.compile(r"[，。！？；、,.!?;:：~…\s\n（）()\[\]【】“”\"'‘’《》<>—\-|/\\·`^_=]+")
_CLAUSE = re.compile(r"[。！？；!?;\n…]+|[，,：:~]+|\s{1,}")
# 检索时没有内容的客套与口头语；长的在前。
_NOISE_WORDS = (
    "在线等挺急的、有没有人知道、有哪位老师知道、有没有老师知道、麻烦各位老师、请教一下各位、有谁知道、"
    "有人知道、谁知道、麻烦问一下、麻烦问下、我想问一下、我想问下、我问一下、我问下、想问一下、想问下、"
    "想请问、想咨询、想请教、咨询一下、咨询下、请教一下、请教下、问一下、问一哈、问哈、问下、请问一下、"
    "请问下、请问、请教、打扰一下、打扰了、打扰、老师们好、老师你好、老师您好、各位老师、各位领导、"
    "各位同仁、各位、大家好、老师好、领导好、您好、你好、在吗、在不在、在线等、急急急、求助、求解、"
    "求教、麻烦了、麻烦、谢谢、多谢、感谢、辛苦了、不好意思、那个啥、就是说、就是那个、那个那个、"
    "这个这个、然后呢、话说、说一下、告诉我、告知一下、帮忙看看、帮忙看下、帮我看看、帮看下、弱弱、"
    "晓得不、晓得啵、知道不、知道吗、嗯嗯、我想、哈哈、呵呵、亲们、亲、唉、哎、喂、额、呃、嗯"
)
NOISE = tuple(_NOISE_WORDS.split("、"))
_NOISE = re.compile("|".join(re.escape(word) for word in sorted(NOISE, key=len, reverse=True)))
PARTICLES = frozenset("的了吗呢吧啊呀哦嘛呗哈哟嘞啦咧噻喔咯哇诶欸滴地得着")
_SYMBOL = re.compile(r"[a-z]+|\d+|[㐀-鿿\U00020000-\U0003ffff]|[+*#%]")


def numeral_value(text: str) -> int:
    """把一百以内的中文数字读成整数，例如「二十五」→ 25；已是阿拉伯数字时原样读出。"""
    if text.isdigit():
        return int(text)
    if "十" not in text:
        return int("".join(str(NUMERALS[c]) for c in text))
    tens, _, ones = text.partition("十")
    return (NUMERALS[tens[-1]] if tens else 1) * 10 + (NUMERALS[ones[0]] if ones else 0)


def normalise(text: str) -> str:
    """收成统一写法：全角转半角、小写、繁体转简体、账号与登录的异写、附件与日期的数字；保留标点供分句。"""
    text = unicodedata.normalize("NFKC", text).lower().translate(SIMPLIFIED)
    text = _DROPPED.sub(" ", text + " ").strip()
    for wrong, right in _SPELLINGS:
        if wrong in text:
            text = text.replace(wrong, right)
    for pattern, shape in _NUMBERED:
        text = pattern.sub(lambda found, shape=shape: shape.format(numeral_value(found[1])), text)
    return _DAY.sub(r"\1日", text)


def strip_noise(text: str) -> str:
    """去掉 @某人、没有内容的客套话和口头语（输入须已规整）；全是客套时返回空串。"""
    return _NOISE.sub(" ", _MENTION.sub(" ", text)).strip()


def clauses(text: str) -> list[str]:
    """按标点和空格把已规整的文字分成小句，去掉空的。"""
    return [part for part in (piece.strip() for piece in _CLAUSE.split(text)) if part]


def segments(text: str) -> list[list[str]]:
    """把已规整的文字切成若干段，每段是一串符号：单个汉字、一段字母或一段数字；助词不计。"""
    found: list[list[str]] = []
    for part in _SEPARATOR.split(text):
        symbols = [symbol for symbol in _SYMBOL.findall(part) if symbol not in PARTICLES]
        if symbols:
            found.append(symbols)
    return found


def grams(text: str) -> list[str]:
    """已规整文字的单字与双字，按出现顺序，可重复。"""
    found: list[str] = []
    for symbols in segments(text):
        found.extend(symbols)
        found.extend(left + right for left, right in pairwise(symbols))
    return found


def compact(text: str) -> str:
    """去掉标点、空白和助词，只留符号；用来判断两句话是不是同一句。"""
    return "".join(symbol for symbols in segments(text) for symbol in symbols)


def plain_symbols(text: str) -> str:
    """去掉标点和空白、留着助词的一串字；用来看口气。"""
    return "".join(_SYMBOL.findall(text))
