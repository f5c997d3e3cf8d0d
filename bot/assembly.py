"""接线：设置 → 数据库 → 服务；命令行与启动共用，不碰 NoneBot。"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta

from bot.chat.manners import Manners
from bot.domain.administrators import Administrators
from bot.domain.answer_log import AnswerLog
from bot.domain.answer_statistics import AnswerStatistics
from bot.domain.answer_withdrawal import AnswerWithdrawal
from bot.domain.answering import Answering
from bot.domain.audit_reading import AuditReading
from bot.domain.binding import Binding
from bot.domain.change_filing import ChangeFiling
from bot.domain.clock import Clock, local_day
from bot.domain.comparing import Comparing
from bot.domain.context import Context
from bot.domain.digest import DailyDigest
from bot.domain.directory import Directory
from bot.domain.dispatching import Dispatcher, Fallback, Finalise, SendingPace
from bot.domain.duty_keeper import DutyKeeper
from bot.domain.exporting import Exporting
from bot.domain.hand_off_follow_up import HandOffFollowUp
from bot.domain.hand_off_notices import (
    HAND_OFF_GROUP_KIND,
    HAND_OFF_KIND,
    HAND_OFF_REMINDER_KIND,
    GroupNotice,
    StillOpen,
)
from bot.domain.handing_off import HandingOff, Patience
from bot.domain.handover import Handover
from bot.domain.knowledge_base import KnowledgeBase
from bot.domain.knowledge_editing import KnowledgeEditing
from bot.domain.knowledge_proposals import KnowledgeProposals
from bot.domain.knowledge_sheets import KnowledgeSheets
from bot.domain.letters import Letters
from bot.domain.milestones import Milestones
from bot.domain.open_questions import OpenQuestions
from bot.domain.permissions import Permissions, load_rules
from bot.domain.progress import Progress
from bot.domain.registers import Registers
from bot.domain.registration import Registration
from bot.domain.reminder_control import ReminderControl
from bot.domain.reminding import DIGEST_KIND, GROUP_KIND, PRIVATE_KIND, Pace, Recheck, Reminding
from bot.domain.reporting import Reporting
from bot.domain.resets import REQUESTED_KIND, Resets
from bot.domain.reviewing import Reviewing
from bot.domain.roster_keeping import RosterKeeping
from bot.domain.services import Services
from bot.domain.standing import Standings
from bot.domain.standing_review import ASKED_KIND, StandingReview
from bot.domain.transport import Transport
from bot.domain.workdays import WorkCalendar
from bot.plan.reader import load_plan
from bot.plan.values import Plan
from bot.settings import PROJECT, Settings
from faq.entries import load_entries
from storage.cipher import ColumnCipher, load_keyring
from storage.database import Database, database_file_exists
from storage.installation import STARTS_ON


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
        handover=Handover(context, settings.invite_hours),
        standing=Standings(context),
        standing_review=StandingReview(context),
        administrators=Administrators(context),
        letters=Letters(context),
        resets=Resets(context),
        audit_reading=AuditReading(context),
        binding=Binding(context),
        roster=RosterKeeping(context),
        duties=duties,
        milestones=Milestones(context, duties),
        reporting=Reporting(context),
        reviewing=reviewing,
        progress=progress,
        exporting=Exporting(context, progress),
        comparing=Comparing(context),
        digest=DailyDigest(context, settings.digest_time),
        changes=ChangeFiling(context),
        registers=Registers(context, reviewing),
        reminding=reminding,
        reminder_control=ReminderControl(context, duties, reminding, progress),
        answering=answering,
        questions=questions,
        editing=KnowledgeEditing(context, answering.knowledge),
        proposals=KnowledgeProposals(context, answering.knowledge),
        sheets=KnowledgeSheets(context, answering.knowledge),
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
        REQUESTED_KIND: services.resets.finalise,
        ASKED_KIND: services.standing_review.finalise,
    }
    pace = SendingPace(settings.send_per_sweep, settings.send_pause_seconds)
    instead = group_notice.instead_of
    fallbacks: dict[str, Fallback] = {
        HAND_OFF_KIND: instead,
        HAND_OFF_REMINDER_KIND: instead,
        REQUESTED_KIND: services.resets.instead_of,
    }
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
