"""收到的文件：各家客户端报的样子不同、会报两遍；要用的时候再去取，地址、接口、本机路径挨个试。"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from nonebot.adapters.onebot.v11 import ActionFailed, ApiNotAvailable, Bot, NetworkError

from bot.chat.intake import FROM_NOTICE
from bot.chat.messages import Incoming, ReceivedFile
from bot.domain.errors import BadInput
from bot.domain.fetching import LARGEST, Download, NotFetched, TooLarge

logger = logging.getLogger(__name__)

ASK_SECONDS = 10.0
# 客户端要先把文件存到它自己的盘上
STORE_SECONDS = 60.0
# 同一个文件的消息和通知，前后差不了这么久
REPORTED_TWICE = timedelta(seconds=10)
REMEMBERED = 500
NOT_FETCHED = "文件没有取到，可能已经过期。请再发一次；还不行请联系运维，看 QQ 客户端能不能让我下载文件。"


class FileArrivals:
    """认出报了两遍的文件：看谁发的、叫什么、多大，不看编号（两遍的编号不同）；两条消息是真的发了两次。"""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[int, str], tuple[int | None, bool, datetime]] = OrderedDict()

    def is_new(self, message: Incoming, now: datetime) -> bool:
        """头一回报的；没有文件的消息都算。"""
        if not message.files:
            return True
        file = message.files[0]
        key, noticed = (message.qq, file.name), message.own_id.startswith(FROM_NOTICE)
        size, was_noticed, at = self._seen.get(key, (None, False, now - 2 * REPORTED_TWICE))
        same_size = None in (size, file.size) or size == file.size
        if same_size and (noticed or was_noticed) and timedelta(0) <= now - at < REPORTED_TWICE:
            return False
        self._seen[key] = (file.size, noticed, now)
        self._seen.move_to_end(key)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return True


class FileReader:
    """取文件的内容；``arrivals`` 认出报了两遍的。"""

    def __init__(self, download: Download) -> None:
        self.arrivals = FileArrivals()
        self._download = download

    async def read(self, bot: Bot, qq: int, file: ReceivedFile) -> bytes:
        """``qq`` 私聊发来的文件的内容；太大、取不到抛出给人看的拒绝。"""
        if file.size is not None and file.size > LARGEST:
            raise TooLarge
        async for source in _sources(bot, qq, file):
            try:
                content = await self._download(source)
            except NotFetched as error:
                logger.warning("文件没有取到：%s", error)
                continue
            if file.size in (None, len(content)):
                return content
            logger.warning("文件没有取全：报的是 %s 字节，取到 %d 字节", file.size, len(content))
        raise BadInput(NOT_FETCHED)


async def _sources(bot: Bot, qq: int, file: ReceivedFile) -> AsyncIterator[str]:
    """可以从哪里取，挨个试：消息里的地址、问来的地址、客户端存到本机的（或直接给的内容）。"""
    if file.url:
        yield _completed(file.url, file.name)
    if not file.file_id:
        return
    asked = await _ask(
        bot,
        "get_private_file_url",
        ASK_SECONDS,
        user_id=qq,
        file_id=file.file_id,
        file_hash=file.file_hash,
    )
    if asked.get("url"):
        yield _completed(str(asked["url"]), file.name)
    stored = await _ask(bot, "get_file", STORE_SECONDS, file_id=file.file_id, file=file.file_id)
    if stored.get("base64"):
        yield f"base64://{stored['base64']}"
    for place in dict.fromkeys(str(stored[key]) for key in ("url", "file") if stored.get(key)):
        yield place


async def _ask(bot: Bot, action: str, seconds: float, **params: Any) -> dict[str, Any]:
    """问客户端；没有这个接口、没找到都当作没有。"""
    try:
        data = await bot.call_api(action, _timeout=seconds, **params)
    except (ActionFailed, NetworkError, ApiNotAvailable):
        return {}
    return data if isinstance(data, dict) else {}


def _completed(url: str, name: str) -> str:
    """NapCat 给的地址以 fname= 结尾，后面要补上文件名。"""
    return url + quote(name) if url.endswith("fname=") else url
