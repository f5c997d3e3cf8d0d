"""进来的消息和要回的话：与 OneBot 无关的普通值，处理函数因此不用框架也能测。"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.actor import Place

# 人看不见、会让命令认不出来的字符
INVISIBLE = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"}
# 也是全角，但就该这么写
CHINESE_PUNCTUATION = "！（），：；？"


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """别人发来的文件，还没下载；哪个字段有值取决于客户端。"""

    name: str
    size: int | None = None
    file_id: str = ""
    url: str = ""
    file_hash: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """一条进来的消息。

    ``text`` 是去掉 @ 和引用之后的文字（原样）；``to_me`` 是 @ 了机器人、引用了它的话或私聊；
    ``quotes_me`` 是引用了它的话；
    ``mentions`` 是 @ 的其他人；``quote_id`` 是引用的消息编号；
    ``temporary_from`` 是临时会话来自哪个群，回话时要带上。
    """

    message_id: str
    qq: int
    place: Place
    text: str
    to_me: bool
    mentions: tuple[int, ...] = field(default=())
    quote_id: str = ""
    files: tuple[ReceivedFile, ...] = field(default=())
    temporary_from: int | None = None
    quotes_me: bool = False

    @property
    def own_id(self) -> str:
        """OneBot 里的消息编号（``message_id`` 前面还带着收到它的账号）。"""
        return self.message_id.partition(":")[2]


@dataclass(frozen=True, slots=True)
class File:
    """要发出去的文件。"""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """要回的话；群里引用对方那条消息回。

    ``images`` 是跟在文字后面的图（PNG）；
    ``recall`` 是顺手撤回对方那条（含个人信息时，不引用）；``on_sent`` 在发出后带着消息编号被叫一次；
    ``quote`` 是群里改为引用这条消息，并 @ 一下对方；
    ``takes_back`` 是先撤回机器人自己的这条消息，撤不成就改回 ``otherwise``。
    """

    text: str = ""
    files: tuple[File, ...] = field(default=())
    recall: bool = False
    on_sent: Callable[[str], None] | None = None
    quote: str = ""
    images: tuple[bytes, ...] = field(default=())
    takes_back: str = ""
    otherwise: Reply | None = None


def _folded_character(char: str) -> str:
    if "\uff01" <= char <= "\uff5e" and char not in CHINESE_PUNCTUATION:
        return chr(ord(char) - 0xFEE0)
    if "\u2e80" <= char <= "\u2fdf" or "\uf900" <= char <= "\ufaff":  # 从 PDF 里复制来的部首字、兼容字
        return unicodedata.normalize("NFKC", char)
    return char


def folded(text: str) -> str:
    """解析用的写法：全角字母、数字、斜杠变半角，看不见的字符去掉，各种空格变普通空格，换行保留。

    逗号、括号这些中文标点不动：命令里的话会存下来、再拿给人看，也会写进官方表格。
    """
    kept = "".join(_folded_character(char) for char in text.replace("\r\n", "\n") if char not in INVISIBLE)
    lines = kept.split("\n")
    spaced = ["".join(" " if char.isspace() else char for char in line).strip() for line in lines]
    return "\n".join(spaced).strip()
