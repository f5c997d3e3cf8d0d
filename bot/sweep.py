"""清点：定时把该补的补上、该排的排上、该发的发出去；它不带数据，行才是真的。"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import date

from bot.domain.services import Services
from storage.installation import ROSTER_VERSION

logger = logging.getLogger(__name__)


class Sweep:
    """一次清点：几件事挨个做，哪一件出了错都不耽误后面的。"""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._seen: tuple[date, str | None] | None = None
        self._turn = asyncio.Lock()
        self._closed = False
        self._jobs: tuple[tuple[str, Callable[[], Awaitable[object]]], ...] = (
            ("答问记录写库", services.answer_log.save),
            ("换日、换名册", self._keep_up),
            ("催转人工", services.hand_off_follow_up.run),
            ("季度复核", services.standing_review.run),
            ("排提醒", services.reminding.plan_due),
            ("每日摘要", services.digest.run),
            ("发发件箱", self._send),
        )

    async def run(self) -> None:
        """清点一遍；上一遍没完就等它。哪件出了错，做完别的再一起抛出。"""
        async with self._turn:
            if self._closed:
                return
            errors: list[Exception] = []
            for name, job in self._jobs:
                try:
                    await job()
                except Exception as error:
                    error.add_note(f"清点到：{name}")
                    errors.append(error)
            if errors:
                raise ExceptionGroup("清点时出错", errors)

    async def guarded(self) -> None:
        """清点一遍，出错只记日志，下次照旧。"""
        try:
            await self.run()
        except Exception:
            logger.exception("清点时出错")

    async def finish(self) -> None:
        """打烊：等正在清点的那一遍走完，之后不再清点；攒着的答问记录写进库。"""
        async with self._turn:
            self._closed = True
            try:
                await self._services.answer_log.save()
            except Exception:
                logger.exception("答问记录没有写进数据库")

    async def _send(self) -> None:
        if self._services.dispatcher is not None:
            await self._services.dispatcher.run_once()

    async def _keep_up(self) -> None:
        """别的进程（命令行）导入过名册，或者过了零点：通讯录、待办跟上。"""
        context = self._services.context
        async with context.database.read() as stores:
            version = await stores.installation.get(ROSTER_VERSION)
        current = (context.today(), version)
        if current == self._seen:
            return
        await context.directory.reload(context.database)
        await self._services.duties.refresh()
        await self._services.answer_log.forget_old()
        await self._services.resets.forget_old()
        self._seen = current
