"""装配：设置 → 数据库 → 服务 → 定时 → OneBot 适配器 → 插件；插件少一个就不启动。

NoneBot 一个进程只能装一次（``Shell``），业务可以开了又关（``Office``）：测试与演示因此能换库换时钟。
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta

import nonebot

from bot.chat.adapter import Adapter
from bot.chat.composing import COMPOSERS
from bot.chat.entrance import Entrance
from bot.chat.files import FileReader
from bot.chat.environment import hidden_environment
from bot.chat.listening import Listening
from bot.chat.logs import set_up_logs
from bot.chat.manners import Manners
from bot.chat.onebot import QQ
from bot.chat.router import Router
from bot.domain.answer_log import AnswerLog
from bot.domain.answer_statistics import AnswerStatistics
from bot.domain.answer_withdrawal import AnswerWithdrawal
from bot.domain.answering import Answering
from bot.domain.binding import Binding
from bot.domain.change_filing import ChangeFiling
from bot.domain.clock import Clock, local_day
from bot.domain.context import Context
from bot.domain.directory import Directory
from bot.domain.dispatching import Dispatcher, Fallback, Finalise, SendingPace
from bot.domain.duty_keeper import DutyKeeper
from bot.domain.hand_off_follow_up import HandOffFollowUp
from bot.domain.hand_off_notices import (
    HAND_OFF_GROUP_KIND,
    HAND_OFF_KIND,
    HAND_OFF_REMINDER_KIND,
    GroupNotice,
    StillOpen,
)
from bot.domain.handing_off import HandingOff, Patience
from bot.domain.knowledge_base import KnowledgeBase
from bot.domain.knowledge_editing import KnowledgeEditing
from bot.domain.knowledge_proposals import KnowledgeProposals
from bot.domain.milestones import Milestones
from bot.domain.open_questions import OpenQuestions
from bot.domain.permissions import Permissions, load_rules
from bot.domain.progress import Progress
from bot.domain.registers import Registers
from bot.domain.registration import Registration
from bot.domain.reminder_control import ReminderControl
from bot.domain.reminding import DIGEST_KIND, GROUP_KIND, PRIVATE_KIND, Pace, Recheck, Reminding
from bot.domain.reporting import Reporting
from bot.domain.reviewing import Reviewing
from bot.domain.roster_keeping import RosterKeeping
from bot.domain.services import Services
from bot.domain.transport import Transport
from bot.domain.workdays import WorkCalendar
from bot.gateways.downloads import Downloads
from bot.plan.reader import load_plan
from bot.plan.values import Plan
from bot.scheduler import Scheduler
from bot.server import StartError, listening
from bot.settings import PROJECT, Settings
from faq.entries import load_entries
from storage.cipher import ColumnCipher, load_keyring
from storage.database import Database, database_file_exists
from storage.installation import ROSTER_VERSION, STARTS_ON

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


def read_plan(settings: Settings) -> Plan:
    """读方案；设置里填了联系方式就用设置的。"""
    plan = load_plan(PROJECT / settings.plan_file if settings.plan_file else None)
    contact = plan.contact
    if settings.contact_phone is not None:
        contact = replace(contact, phone=settings.contact_phone)
    if settings.contact_mail is not None:
        contact = replace(contact, mail=settings.contact_mail)
    return replace(plan, contact=contact)


def build_services(settings: Settings, context: Context) -> Services:
    """把各项服务接起来。"""
    pace = Pace(
        batch_size=settings.reminder_batch_size,
        batches=settings.reminder_batches,
        pause=timedelta(minutes=30),
    )
    duties = DutyKeeper(context)
    reviewing = Reviewing(context)
    progress = Progress(context)
    reminding = Reminding(context, pace)
    questions = OpenQuestions(context)
    answering = Answering(context, KnowledgeBase(load_entries(), context.plan.contact))
    answer_log = AnswerLog(context, settings.answer_log_days)
    patience = Patience(settings.hand_off_remind_hours, settings.hand_off_daily)
    return Services(
        context=context,
        registration=Registration(context, settings.invite_hours),
        binding=Binding(context),
        roster=RosterKeeping(context),
        duties=duties,
        milestones=Milestones(context, duties),
        reporting=Reporting(context),
        reviewing=reviewing,
        progress=progress,
        changes=ChangeFiling(context),
        registers=Registers(context, reviewing),
        reminding=reminding,
        reminder_control=ReminderControl(context, duties, reminding, progress),
        answering=answering,
        questions=questions,
        editing=KnowledgeEditing(context, answering.knowledge),
        proposals=KnowledgeProposals(context, answering.knowledge),
        hand_off=HandingOff(context, answering.knowledge, patience),
        hand_off_follow_up=HandOffFollowUp(context, answering.knowledge, patience),
        answer_log=answer_log,
        withdrawal=AnswerWithdrawal(context, answer_log),
        statistics=AnswerStatistics(context, answer_log, answering.knowledge),
    )


def manners_of(settings: Settings) -> Manners:
    """没被点名时的分寸。"""
    return Manners(
        quiet_seconds=settings.listen_quiet_seconds,
        person_seconds=settings.listen_person_seconds,
        group_seconds=settings.listen_group_seconds,
        ignored=settings.ignored_qq,
    )


def build_dispatcher(settings: Settings, services: Services, transport: Transport) -> Dispatcher:
    """投递机：提醒和催转人工的发送前都要再核一遍；转人工的私聊送不到就到群里 @ 一声。"""
    recheck = Recheck(services.context, services.reminding)
    finalise: dict[str, Finalise] = dict.fromkeys((GROUP_KIND, PRIVATE_KIND, DIGEST_KIND), recheck)
    group_notice = GroupNotice(services.context)
    finalise |= {
        HAND_OFF_REMINDER_KIND: StillOpen(services.context),
        HAND_OFF_GROUP_KIND: group_notice.finalise,
    }
    pace = SendingPace(settings.send_per_sweep, settings.send_pause_seconds)
    instead = group_notice.instead_of
    fallbacks: dict[str, Fallback] = {HAND_OFF_KIND: instead, HAND_OFF_REMINDER_KIND: instead}
    return Dispatcher(services.context, transport, finalise, pace, fallbacks)


@asynccontextmanager
async def open_services(
    settings: Settings, clock: Clock, *, starting: bool = False, assumed_start: date | None = None
) -> AsyncIterator[Services]:
    """开库、升级表结构、装好服务；离开时关库。

    ``starting`` 表示真的启动：第一次会把启用日定下来。否则启用日没定时用 ``assumed_start`` 或今天。
    """
    url = settings.resolved_database_url
    keyring = load_keyring(settings.resolved_key_file, may_create=not database_file_exists(url))
    database = Database(url, ColumnCipher(keyring))
    try:
        await database.migrate()
        directory = Directory(settings.operators)
        await directory.reload(database)
        starts_on = await _starts_on(settings, database, clock, starting=starting, assumed=assumed_start)
        context = Context(
            database=database,
            directory=directory,
            clock=clock,
            plan=read_plan(settings),
            permissions=Permissions(load_rules()),
            calendar=WorkCalendar(),
            starts_on=starts_on,
        )
        async with database.read() as stores:
            context.county_days.update(await stores.installation.county_days())
        services = build_services(settings, context)
        await services.answering.load()
        yield services
    finally:
        await database.close()


async def _starts_on(
    settings: Settings, database: Database, clock: Clock, *, starting: bool, assumed: date | None
) -> date:
    if settings.starts_on is not None:
        return settings.starts_on
    async with database.read() as stores:
        stored = await stores.installation.get(STARTS_ON)
    if stored is not None:
        return date.fromisoformat(stored)
    today = local_day(clock.now())
    if starting:
        async with database.write() as stores:
            await stores.installation.put(STARTS_ON, today.isoformat())
    return today if starting or assumed is None else assumed


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
        async with open_services(settings, clock, starting=True) as services:
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


class Sweep:
    """一次清点：答问记录写库，换了一天或换了名册先补待办，再催转人工、排提醒，再发发件箱。"""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._seen: tuple[date, str | None] | None = None
        self._turn = asyncio.Lock()
        self._closed = False

    async def run(self) -> None:
        """清点一遍；上一遍没完就等它。排提醒出了错，发件箱照发。"""
        async with self._turn:
            if self._closed:
                return
            await self._save_answers()
            await self._keep_up()
            await self._chase_hand_offs()
            try:
                await self._services.reminding.plan_due()
            finally:
                if self._services.dispatcher is not None:
                    await self._services.dispatcher.run_once()

    async def guarded(self) -> None:
        """清点一遍，出错只记日志，下次照旧。"""
        try:
            await self.run()
        except Exception:
            logger.exception("清点提醒和发件箱时出错")

    async def finish(self) -> None:
        """打烊：等正在清点的那一遍走完，之后不再清点；攒着的答问记录写进库。"""
        async with self._turn:
            self._closed = True
            await self._save_answers()

    async def _save_answers(self) -> None:
        """写不成下次再写，不耽误提醒。"""
        try:
            await self._services.answer_log.save()
        except Exception:
            logger.exception("答问记录没有写进数据库")

    async def _chase_hand_offs(self) -> None:
        """转人工没人答的催一催；出了错不耽误提醒。"""
        try:
            await self._services.hand_off_follow_up.run()
        except Exception:
            logger.exception("清点转人工时出错")

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
        self._seen = current
