"""/知识 撤回答复：引用机器人答错的那条；以及告诉提问人的消息。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.composing import Parts, composes
from bot.chat.messages import Reply
from bot.domain.answer_withdrawal import WITHDRAW, WITHDRAWN_KIND
from bot.domain.errors import BadInput
from bot.domain.transport import Outgoing
from bot.plan.values import Plan
from storage.words import Channel

from . import render_statistics as render
from .subcommands import subcommand


@subcommand(
    "撤回答复",
    action=WITHDRAW,
    form="撤回答复（引用答错的那条来发）",
    example="撤回答复",
    aliases=("撤回", "撤销答复"),
)
async def withdraw(call: Call) -> Reply:
    """引用机器人的答复发 /知识 撤回答复。"""
    services, message_id = call.services, call.message.quote_id
    if not message_id:
        services.context.require(call.actor, WITHDRAW)
        raise BadInput(render.how_to_withdraw())
    done = await services.withdrawal.withdraw(call.actor, message_id)
    call.memory.answers.forget(message_id)
    publisher = services.editing.may_publish(call.actor)
    return Reply(
        render.withdrawn(done, publisher=publisher),
        takes_back=message_id,
        otherwise=Reply(render.correction(done, publisher=publisher), quote=message_id),
    )


@composes(WITHDRAWN_KIND)
def compose_withdrawn(outgoing: Outgoing, _plan: Plan) -> Parts:
    """答复撤回了，告诉提问的人。"""
    return render.told(outgoing.facts, in_group=outgoing.channel is Channel.GROUP)
