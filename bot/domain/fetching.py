"""取别人发来的文件：业务只认这里的约定，真正的下载在 bot.gateways，从哪里下载由聊天接入层去问客户端。"""

from __future__ import annotations

from typing import Protocol

from bot.domain.errors import BadInput

LARGEST = 20_000_000


class NotFetched(Exception):
    """这个来源取不到，可以换一个来源再试；文字只给日志看，不含地址。"""


class TooLarge(BadInput):
    """文件太大，换来源也没有用。"""

    def __init__(self, largest: int = LARGEST) -> None:
        super().__init__(f"文件超过 {largest // 1_000_000} MB，收不了，请只留下要导入的内容。")


class Download(Protocol):
    """会下载的东西。"""

    async def __call__(self, source: str) -> bytes:
        """取一个来源的内容：http(s) 地址、``base64://``、``file://`` 或本机的绝对路径。

        取不到抛出 NotFetched，超过 LARGEST 字节抛出 TooLarge。
        """
        ...
