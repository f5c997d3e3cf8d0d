"""动作们共用的台面：状态、上报帧、连接和几样设置，避免每个动作都收一长串参数。"""

from __future__ import annotations

import asyncio
import base64
import binascii
import urllib.parse
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.events import Frame, Frames
from bot.sandbox.state import State
from bot.sandbox.values import ActionRefused, Dialect

_DOWNLOAD_SECONDS = 10


@dataclass(slots=True)
class Desk:
    """动作的共同环境。

    report_own：机器人自己的话也上报；files_as_base64：get_file 附带内容；longest_text：一条消息最多几个字。
    """

    state: State
    frames: Frames
    dialect: Dialect
    push: Callable[[Frame], Awaitable[bool]]
    report_own: bool
    file_folder: Path | None = None
    files_as_base64: bool = False
    longest_text: int = 5000


async def load_bytes(source: object) -> bytes:
    """读 file 参数：base64://、data:、http(s)://、file:// 或本机路径。"""
    if not isinstance(source, str) or not source:
        raise ActionRefused("识别URL失败")
    if source.startswith("base64://"):
        return _decode(source.removeprefix("base64://"))
    if source.startswith("data:"):
        return _decode(source.partition(",")[2])
    if source.startswith(("http://", "https://")):
        return await asyncio.to_thread(_download, source)
    path = source
    if source.startswith("file://"):
        path = urllib.request.url2pathname(urllib.parse.urlsplit(source).path)
    try:
        return await asyncio.to_thread(Path(path).read_bytes)
    except OSError as problem:
        raise ActionRefused(f"ENOENT: no such file or directory, copyfile '{path}'") from problem


def _decode(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise ActionRefused("识别URL失败：base64 内容不完整") from problem


def _download(url: str) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=_DOWNLOAD_SECONDS) as response:
            return response.read()
    except OSError as problem:
        raise ActionRefused(f"文件下载失败：{problem}") from problem
