"""全部业务服务装在一处：装配的地方造一份，处理函数从这里取。"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.actor import Actor
from bot.domain.administrators import Administrators
from bot.domain.answer_log import AnswerLog
from bot.domain.answer_statistics import AnswerStatistics
from bot.domain.answer_withdrawal import AnswerWithdrawal
from bot.domain.answering import Answering
from bot.domain.audit_reading import AuditReading
from bot.domain.binding import Binding
from bot.domain.change_filing import ChangeFiling
from bot.domain.comparing import Comparing
from bot.domain.context import Context
from bot.domain.digest import DailyDigest
from bot.domain.dispatching import Dispatcher
from bot.domain.duty_keeper import DutyKeeper
from bot.domain.exporting import Exporting
from bot.domain.hand_off_follow_up import HandOffFollowUp
from bot.domain.handing_off import HandingOff
from bot.domain.handover import Handover
from bot.domain.knowledge_editing import KnowledgeEditing
from bot.domain.knowledge_proposals import KnowledgeProposals
from bot.domain.knowledge_sheets import KnowledgeSheets
from bot.domain.letters import Letters
from bot.domain.milestones import Milestones
from bot.domain.open_questions import OpenQuestions
from bot.domain.progress import Progress
from bot.domain.registers import Registers
from bot.domain.registration import Registration
from bot.domain.reminder_control import ReminderControl
from bot.domain.reminding import Reminding
from bot.domain.reporting import Reporting
from bot.domain.resets import Resets
from bot.domain.reviewing import Reviewing
from bot.domain.roster_keeping import RosterKeeping
from bot.domain.standing import Standings
from bot.domain.standing_review import StandingReview


@dataclass(slots=True)
class Services:
    """业务服务们。"""

    context: Context
    registration: Registration
    handover: Handover
    standing: Standings
    standing_review: StandingReview
    administrators: Administrators
    letters: Letters
    resets: Resets
    audit_reading: AuditReading
    binding: Binding
    roster: RosterKeeping
    duties: DutyKeeper
    milestones: Milestones
    reporting: Reporting
    reviewing: Reviewing
    progress: Progress
    exporting: Exporting
    comparing: Comparing
    digest: DailyDigest
    changes: ChangeFiling
    registers: Registers
    reminding: Reminding
    reminder_control: ReminderControl
    answering: Answering
    questions: OpenQuestions
    editing: KnowledgeEditing
    proposals: KnowledgeProposals
    sheets: KnowledgeSheets
    hand_off: HandingOff
    hand_off_follow_up: HandOffFollowUp
    answer_log: AnswerLog
    withdrawal: AnswerWithdrawal
    statistics: AnswerStatistics
    dispatcher: Dispatcher | None = None

    async def audit_denial(self, actor: Actor, action: str) -> None:
        """越权被拒绝的记一条日志；只记命令名，不记内容。"""
        async with self.context.database.write() as stores:
            await self.context.log(stores, actor, action[:40], "", "denied")
