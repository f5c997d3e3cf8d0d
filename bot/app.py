"""装配：服务 → 定时 → OneBot 适配器 → 插件；插件少一个就不启动。

NoneBot 一个进程只能装一次（``Shell``），业务可以开了又关（``Office``）：测试与演示因此能换库换时钟。
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import nonebot

from bot.assembly import build_dispatcher, manners_of, open_services
from bot.chat.adapter import Adapter
from bot.chat.composing import COMPOSERS
from bot.chat.entrance import Entrance
from bot.chat.environment import hidden_environment
from bot.chat.files import FileReader
from bot.chat.listening import Listening
from bot.chat.logs import set_up_logs
from bot.chat.onebot import QQ
from bot.chat.router import Router
from bot.domain.clock import Clock
from bot.domain.model_help import ModelHelp
from bot.domain.model_limits import Allowance
from bot.domain.services import Services
from bot.gateways.downloads import Downloads
from bot.gateways.model import Endpoint, ModelEndpoint
from bot.gateways.model_files import UsageFile, VectorFile
from bot.scheduler import Scheduler
from bot.server import StartError, listening
from bot.settings import PROJECT, Settings
from bot.sweep import Sweep

logger = logging.getLogger(__name__)

PLUGINS = (
    "ask",
    "change_notices",
    "help",
    "knowledge",
    "members",
    "privacy_guard",
    "progress",
    "reminders",
)
API_SECONDS = 15.0


@asynccontextmanager
async def helped_by_model(settings: Settings, services: Services) -> AsyncIterator[None]:
    """配了大模型就接上，离开时断开；没配什么也不做。"""
    if not settings.uses_model:
        yield
        return
    context, folder = services.context, PROJECT / settings.data_dir
    endpoint = Endpoint(
        settings.model_base_url,
        settings.model_api_key.get_secret_value(),
        settings.model_chat,
        settings.model_embedding,
        settings.model_timeout_seconds,
    )
    allowance = Allowance(settings.model_daily_calls, settings.model_daily_tokens)
    model = ModelEndpoint(endpoint, allowance, UsageFile(folder / "model-usage.json"), context.clock)
    store = VectorFile(folder / "model-vectors.bin", settings.model_embedding)
    services.answering.model = ModelHelp(context, services.answering.knowledge, model, store)
    services.answering.model.start()
    try:
        yield
    finally:
        await services.answering.model.close()


@dataclass(slots=True)
class Shell:
    """NoneBot 外壳：驱动、适配器、插件、唯一的消息匹配器。"""

    entrance: Entrance

    @classmethod
    def install(cls, settings: Settings) -> Shell:
        """装好；一个进程只装一次。"""
        os.chdir(PROJECT)
        set_up_logs(settings.log_level)
        with hidden_environment():
            nonebot.init(
                # 设置只有 bot/settings.py 一个读法：NoneBot 自己不读 .env 和环境变量
                _env_file=(os.devnull,),
                host="127.0.0.1",
                port=8080,
                driver="~fastapi",
                log_level=settings.log_level,
                onebot_access_token=settings.onebot_access_token,
                superusers=set(),
                command_start={"/"},
                api_timeout=API_SECONDS,
                fastapi_openapi_url=None,
                fastapi_docs_url=None,
                fastapi_redoc_url=None,
            )
        nonebot.get_driver().register_adapter(Adapter)
        for name in PLUGINS:
            nonebot.load_plugin(f"plugins.{name}")
        loaded = {plugin.name for plugin in nonebot.get_loaded_plugins()}
        missing = sorted(set(PLUGINS) - loaded)
        if missing:
            raise StartError(f"这些功能没有装上：{'、'.join(missing)}，请看上面的日志")
        entrance = Entrance()
        entrance.install()
        return cls(entrance)

    def serve(self, listener: socket.socket) -> AbstractAsyncContextManager[asyncio.Task[None]]:
        """在占好的端口上听 WebSocket，离开时停下。"""
        return listening(nonebot.get_asgi(), listener)

    @asynccontextmanager
    async def office(self, settings: Settings, clock: Clock) -> AsyncIterator[Office]:
        """开张：服务接到消息入口上，定时心跳开始走；离开时打烊。"""
        async with (
            open_services(settings, clock, starting=True) as services,
            helped_by_model(settings, services),
        ):
            qq = QQ(services.context.plan)
            services.dispatcher = build_dispatcher(settings, services, qq)
            await services.dispatcher.recover()
            await services.answer_log.load()
            sweep = Sweep(services)
            await sweep.guarded()
            scheduler = Scheduler()
            scheduler.every(settings.reminder_sweep_seconds, "清点提醒和发件箱", sweep.guarded)
            scheduler.start()
            self.entrance.qq = qq
            self.entrance.files = FileReader(Downloads(forbidden=PROJECT / settings.data_dir))
            router = Router(services, listening=Listening(manners_of(settings)))
            self.entrance.router = router
            logger.info(
                "开始工作：%d 个单位，启用日 %s，消息种类 %d",
                len(services.context.directory.tree),
                services.context.starts_on,
                len(COMPOSERS),
            )
            try:
                yield Office(services, sweep)
            finally:
                self.entrance.router = None
                router.close()
                await sweep.finish()
                scheduler.stop()


@dataclass(frozen=True, slots=True)
class Office:
    """开张着的业务：服务们，和随时可以叫一遍的清点。"""

    services: Services
    sweep: Sweep
