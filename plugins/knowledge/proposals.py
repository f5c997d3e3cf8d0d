"""/知识 待定、通过、驳回，以及告诉提案人结果的消息。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.composing import Parts, composes
from bot.chat.messages import Reply
from bot.domain.errors import BadInput
from bot.domain.knowledge_ledger import PUBLISH
from bot.domain.knowledge_proposals import DECIDED_KIND
from bot.domain.transport import Outgoing
from bot.plan.values import Plan

from . import render
from .subcommands import SUBCOMMANDS, subcommand
from .wording import take_fields, take_number, take_page


@subcommand("待定", action=PUBLISH, form="待定 [页]", example="待定", aliases=("提案",))
async def list_waiting(call: Call) -> str:
    """/知识 待定 [页]。"""
    page = take_page(call.arguments)
    if page is None:
        raise SUBCOMMANDS["待定"].usage()
    found = await call.services.proposals.waiting(call.actor)
    return render.waiting_in_group(len(found)) if call.in_group else render.waiting(found, page)


@subcommand(
    "通过",
    action=PUBLISH,
    form="通过 编号 [主题 标准问法]，或改写：通过 编号 问：… 答：… 依据：…",
    example="通过 3 答：请找县市区系统管理员重置",
    aliases=("采纳",),
)
async def accept(call: Call) -> Reply:
    """/知识 通过 编号 [主题 标准问法 | 问：… 答：… 依据：…]。"""
    number, text = take_number(call.arguments)
    if number is None:
        raise SUBCOMMANDS["通过"].usage()
    service = call.services.proposals
    ruling = await service.prepare(call.actor, number, _written(call, text))

    async def confirmed(again: Call) -> str:
        return render.accepted(ruling, await service.accept(again.actor, ruling))

    return call.ask_confirmation(render.accept_prompt(ruling), confirmed)


def _written(call: Call, text: str) -> dict[str, str]:
    """改写的各字段；没写字段名的话是“主题 标准问法”，主题可以不写。"""
    lead, fields = take_fields(text)
    first = lead.split(None, 1)[0] if lead else ""
    topic = call.services.proposals.topic_named(first)
    if topic is not None:
        fields["topic"], lead = topic, lead[len(first) :].strip()
    if lead and "question" in fields:
        raise BadInput(f"“{lead}”和“问：”写重了，标准问法请只写一次。")
    return fields | ({"question": lead} if lead else {})


@subcommand(
    "驳回", action=PUBLISH, form="驳回 编号 原因", example="驳回 3 方案里已经写明", aliases=("不采纳",)
)
async def reject(call: Call) -> Reply:
    """/知识 驳回 编号 原因。"""
    number, reason = take_number(call.arguments)
    if number is None or not reason:
        raise SUBCOMMANDS["驳回"].usage()
    service = call.services.proposals
    proposal = await service.find(call.actor, number)

    async def confirmed(again: Call) -> str:
        return render.rejected(await service.reject(again.actor, number, reason))

    return call.ask_confirmation(render.reject_prompt(proposal, reason), confirmed)


@composes(DECIDED_KIND)
def compose_decided(outgoing: Outgoing, _plan: Plan) -> Parts:
    """提案定了，告诉提的人。"""
    return (render.decided(outgoing.facts),)
