"""知识提案：下面提的新条目、新问法，市级看过确认才进知识库；一个提案只定一次。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.actor import Actor, Place, PlaceKind
from bot.domain.context import Context
from bot.domain.entry_drafts import LOCAL, content_of, entry_of, next_local_id, read_changes, revised, source
from bot.domain.errors import BadInput, NotFound, WrongState
from bot.domain.knowledge_base import KnowledgeBase
from bot.domain.knowledge_ledger import PUBLISH, KnowledgeLedger
from bot.domain.outbox import new_delivery
from bot.domain.public_text import public_text
from faq.entries import Entry
from faq.topics import load_topics
from storage.deliveries import Delivery
from storage.proposals import Proposal
from storage.words import Channel, KnowledgeChange, ProposalKind, ProposalState

DECIDED_KIND = "proposal_decided"
LONGEST_REASON = 100


@dataclass(frozen=True, slots=True)
class Ruling:
    """准备怎么采纳一个提案；新条目 ``before`` 为空，编号通过时才定。"""

    proposal: Proposal
    proposed_by: str
    before: Entry | None
    after: Entry
    written: Mapping[str, str]


class KnowledgeProposals:
    """知识提案。"""

    def __init__(self, context: Context, knowledge: KnowledgeBase) -> None:
        self._context = context
        self._ledger = KnowledgeLedger(context, knowledge)

    async def waiting(self, actor: Actor) -> list[tuple[Proposal, str]]:
        """等确认的提案和提的人担任什么，先提的在前。"""
        self._context.require(actor, PUBLISH)
        async with self._context.database.read() as stores:
            found = await stores.proposals.waiting()
        return [(proposal, self._seat(proposal.proposed_by)) for proposal in found]

    async def count(self) -> int:
        """等确认的有几个。"""
        async with self._context.database.read() as stores:
            return await stores.proposals.count_waiting()

    def topic_named(self, word: str) -> str | None:
        """这个词是不是主题：代号、中文名，或中文名里的一段；返回代号。"""
        topics = load_topics() | {LOCAL: "本地补充"}
        if word in topics:
            return word
        found = [key for key, title in topics.items() if len(word) > 1 and word in title]
        return found[0] if len(found) == 1 else None

    async def prepare(self, actor: Actor, number: int, written: Mapping[str, str]) -> Ruling:
        """看看通过以后会怎样；``written`` 是市级改写的字段，没写的照提案。"""
        self._context.require(actor, PUBLISH)
        async with self._context.database.read() as stores:
            proposal = _still_waiting(await stores.proposals.proposal(number), number)
        before, after = self._outcome(proposal, written)
        self._ledger.check(after, before)
        return Ruling(proposal, self._seat(proposal.proposed_by), before, after, written)

    async def accept(self, actor: Actor, ruling: Ruling) -> Entry:
        """通过：写进知识库，立刻答得出，告诉提案的人。"""
        self._context.require(actor, PUBLISH)
        proposal = ruling.proposal
        before, after = self._outcome(proposal, ruling.written)
        now = self._context.now()
        change = KnowledgeChange.ALIAS if before else KnowledgeChange.NEW
        async with self._context.database.write() as stores:
            if before is None:
                known = [*self._ledger.knowledge.entries, *await stores.knowledge.ids_under(f"{LOCAL}.")]
                after = replace(after, id=next_local_id(known))
            if not await stores.proposals.decide(
                proposal.id, ProposalState.ACCEPTED, actor.qq, now, entry_id=after.id
            ):
                raise _decided(proposal.id)
            self._ledger.check(after, before)
            seen = self._ledger.knowledge.version(after.id)
            version = await self._ledger.write(stores, actor, after.id, content_of(after), change, after=seen)
            await self._context.log(stores, actor, PUBLISH, f"proposal {proposal.id}", "accepted")
            await stores.deliveries.add(self._told(actor, proposal, after.id), now)
        await self._ledger.publish(version)
        return after

    async def find(self, actor: Actor, number: int) -> Proposal:
        """取一个还没定的提案。"""
        self._context.require(actor, PUBLISH)
        async with self._context.database.read() as stores:
            return _still_waiting(await stores.proposals.proposal(number), number)

    async def reject(self, actor: Actor, number: int, reason: str) -> Proposal:
        """驳回，把原因告诉提案的人。"""
        self._context.require(actor, PUBLISH)
        kept = public_text(reason, "原因", LONGEST_REASON)
        now = self._context.now()
        async with self._context.database.write() as stores:
            proposal = await stores.proposals.proposal(number)
            if proposal is None:
                raise _missing(number)
            if not await stores.proposals.decide(number, ProposalState.REJECTED, actor.qq, now, reason=kept):
                raise _decided(number)
            await self._context.log(stores, actor, PUBLISH, f"proposal {number}", "rejected")
            await stores.deliveries.add(self._told(actor, proposal, "", kept), now)
        return proposal

    def _outcome(self, proposal: Proposal, written: Mapping[str, str]) -> tuple[Entry | None, Entry]:
        if proposal.kind is ProposalKind.ALIAS:
            before = self._ledger.knowledge.entries.get(proposal.entry_id)
            if before is None:
                raise WrongState(f"{proposal.entry_id} 已经删了，请驳回这个提案。")
            if written:
                raise BadInput("新问法的提案不能改写，照收发 /知识 通过 编号，不要就驳回。")
            return before, revised(before, {"aliases": (*before.aliases, str(proposal.content["alias"]))})
        changes = read_changes(written)
        if "answer" in changes and "basis" not in changes:
            # 答案由市级重写了，来源就是市级
            changes["basis"] = source(self._context.plan.contact.office, self._context.today())
        entry = revised(entry_of(f"{LOCAL}.0000", proposal.content), changes)
        free = tuple(alias for alias in entry.aliases if self._ledger.owner_of(alias) is None)
        return None, replace(entry, aliases=free)

    def _told(self, actor: Actor, proposal: Proposal, entry_id: str, reason: str = "") -> list[Delivery]:
        if proposal.proposed_by == actor.qq:
            return []
        facts = {
            "number": proposal.id,
            "kind": proposal.kind.value,
            "text": summary(proposal),
            "entry_id": entry_id,
            "reason": reason,
        }
        now = self._context.now()
        return [new_delivery(DECIDED_KIND, Channel.PRIVATE, proposal.proposed_by, facts, due_at=now)]

    def _seat(self, qq: int) -> str:
        seats = self._context.directory.actor(qq, Place(PlaceKind.FRIEND)).assignments
        return f"{seats[0].unit.name}{seats[0].role.label}" if seats else f"QQ {qq}"


def summary(proposal: Proposal) -> str:
    """提案说的是什么：新条目的问题，或新问法。"""
    key = "alias" if proposal.kind is ProposalKind.ALIAS else "question"
    return str(proposal.content.get(key, ""))


def _still_waiting(proposal: Proposal | None, number: int) -> Proposal:
    if proposal is None:
        raise _missing(number)
    if proposal.state is not ProposalState.WAITING:
        raise _decided(number)
    return proposal


def _missing(number: int) -> NotFound:
    return NotFound(f"没有第 {number} 号提案。发 /知识 待定 看编号。")


def _decided(number: int) -> WrongState:
    return WrongState(f"第 {number} 号提案已经定过了。发 /知识 待定 看还有哪些。")
