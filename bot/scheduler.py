"""定时心跳：只管按时敲门，不带任何数据；该发什么全看库里的行，因此漏敲几下也不丢。"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

Tick = Callable[[], Awaitable[None]]


class Scheduler:
    """内存里的 APScheduler；一次没跑完不叠加，晚了补一次。"""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def every(self, seconds: float, name: str, tick: Tick) -> None:
        """每隔几秒敲一次；上一次没跑完不叠加。"""

        self._scheduler.add_job(
            tick,
            "interval",
            seconds=seconds,
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """开始敲。"""
        self._scheduler.start()

    def stop(self) -> None:
        """停下，不等正在跑的。"""
        self._scheduler.shutdown(wait=False)
