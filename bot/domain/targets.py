"""说话人指的是哪个单位：写了就认，没写就用他自己的，有几个自己的就请他写明。"""

from __future__ import annotations

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.errors import BadInput
from storage.units import Unit


def target_unit(context: Context, actor: Actor, action: str, text: str) -> Unit:
    """把命令里的单位名（可以为空）变成一个单位。

    重名时优先认说话人管得着的；空着而他有几个单位，抛出 BadInput 并列出来。
    """
    mine = [seat.unit for seat in actor.assignments]
    if not context.permissions.allows(actor, action):
        context.require(actor, action)
    if text.strip():
        return context.directory.tree.find(text, within=mine)
    own = context.own_unit(actor, action)
    if own is not None:
        return own
    units = {unit.code: unit for unit in mine}
    if not units:  # 运维没有单位
        context.require(actor, action, context.directory.tree.city)
    if len(units) == 1:
        return next(iter(units.values()))
    names = "、".join(unit.name for unit in units.values())
    raise BadInput(f"你在几个单位担任管理员，请写明单位：{names}")
