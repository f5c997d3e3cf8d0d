"""文件类动作：上传群文件和私聊文件、查下载地址、把文件下载到客户端自己的磁盘。"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.sandbox.actions_messages import MessageActions
from bot.sandbox.desk import Desk, load_bytes
from bot.sandbox.state import file_segment
from bot.sandbox.values import ActionRefused, Dialect, StoredFile

Params = dict[str, Any]


class FileActions:
    """文件类动作。"""

    def __init__(self, desk: Desk, messages: MessageActions) -> None:
        self._desk = desk
        self._messages = messages

    def table(self) -> dict[str, Callable[[Params], Awaitable[Any]]]:
        """动作名到实现。"""
        return {
            "upload_group_file": self._upload_group,
            "upload_private_file": self._upload_private,
            "get_group_file_url": self._url,
            "get_private_file_url": self._url,
            "get_file": self._get_file,
            "get_image": self._get_file,
        }

    async def _upload_group(self, params: Params) -> Params:
        place = self._messages.group_place(params)
        stored = await self._store(params)
        await self._messages.deliver(place, [file_segment(stored)])
        return {"file_id": stored.file_id}

    async def _upload_private(self, params: Params) -> Params:
        place, temporary_from = self._messages.private_place(params)
        stored = await self._store(params)
        await self._messages.deliver(place, [file_segment(stored)], temporary_from=temporary_from)
        return {"file_id": stored.file_id}

    async def _store(self, params: Params) -> StoredFile:
        source = params.get("file")
        if self._desk.dialect is not Dialect.ARRAY and "://" in str(source):
            raise ActionRefused("文件不存在：只接受本机路径")
        content = await load_bytes(source)
        name = str(params.get("name") or "").strip() or "file"
        if "/" in name or "\\" in name:
            raise ActionRefused("文件名不能含有 / 或 \\")
        return self._desk.state.keep_file(name, content)

    async def _url(self, params: Params) -> Params:
        url = self._desk.frames.file_url(self._find(params))
        if url is None:
            raise ActionRefused("real fileUUID not found!")
        return {"url": url}

    async def _get_file(self, params: Params) -> Params:
        stored = self._find(params)
        path = await asyncio.to_thread(self._save, stored)
        data = {"file": path, "url": path, "file_size": str(stored.size), "file_name": stored.name}
        if self._desk.files_as_base64:
            data["base64"] = base64.b64encode(stored.content).decode("ascii")
        return data

    def _find(self, params: Params) -> StoredFile:
        wanted = str(params.get("file_id") or params.get("file") or "")
        stored = self._desk.state.find_file(wanted)
        if stored is None:
            raise ActionRefused("file not found")
        return stored

    def _save(self, stored: StoredFile) -> str:
        """存到客户端自己的临时目录，文件名只用编号和扩展名。"""
        folder = self._desk.file_folder
        if folder is None:
            raise ActionRefused("file not found")
        suffix = Path(stored.name).suffix
        path = folder / (stored.file_id + (suffix if suffix[1:].isalnum() else ""))
        path.write_bytes(stored.content)
        return str(path)
