"""正式运行：装好、开张、等停止信号，再干净地收摊。"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from datetime import datetime

from bot.app import Shell
from bot.domain.clock import Clock, SimulatedClock, SystemClock
from bot.server import StartError, bind
from bot.settings import Settings

logger = logging.getLogger(__name__)


async def run_until_stopped(settings: Settings, start: datetime | None) -> None:
    """运行到收到停止信号；``start`` 给了就用从那一刻开始的模拟时钟。"""
    clock: Clock = SimulatedClock(start) if start is not None else SystemClock()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        # Windows 的事件循环不支持，那里按 Ctrl+C 由 KeyboardInterrupt 收场
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, stopped.set)
    listener = bind(settings.host, settings.port)
    shell = Shell.install(settings)
    async with shell.office(settings, clock) as office, shell.serve(listener) as serving:
        await office.services.answering.warm()
        logger.info("等 QQ 客户端连 ws://%s:%d/onebot/v11/ws", settings.host, listener.getsockname()[1])
        waiting = asyncio.create_task(stopped.wait())
        await asyncio.wait({waiting, serving}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if serving.done():
            raise StartError("WebSocket 服务意外停了，请看上面的日志，重新启动")
        logger.info("收到停止信号，正在收摊")
