"""说话人指的是哪个单位：写了就认，没写就用他自己的，有几个自己的就请他写明。"""

from __future__ import annotations

from bot.domain.actor import Actor
from bot.domain.context import Context
from bot.domain.errors import BadInput, WrongState
from bot.domain.unit_names import plain_name
from storage.units import Unit

# 撤并了的单位只能查过去的记录
HISTORY_ACTIONS = frozenset(
    {
        "query status and who still owes",
        "read change notices (masked)",
        "official register with full values",
        "read the audit log",
        "see the roster of units",
        "list administrators",
    }
)


def named_unit(context: Context, actor: Actor, text: str) -> Unit:
    """把写着的单位名认成一个单位；刚从几个里选过的，用选中的那个。重名时优先认说话人管得着的。"""
    wanted = plain_name(text)
    for written, code in actor.chosen:
        if written == wanted:
            return context.directory.tree.get(code)
    return context.directory.tree.find(text, within=[seat.unit for seat in actor.assignments])


def target_unit(context: Context, actor: Actor, action: str, text: str) -> Unit:
    """把命令里的单位名（可以为空）变成一个单位。

    空着而他有几个单位，抛出 BadInput 并列出来。
    """
    mine = [seat.unit for seat in actor.assignments]
    if not context.permissions.allows(actor, action):
        context.require(actor, action)
    if text.strip():
        unit = named_unit(context, actor, text)
        if unit.closed_on is not None and action not in HISTORY_ACTIONS:
            raise WrongState(f"{context.directory.tree.fate(unit)}，现在只能查它过去的记录。")
        return unit
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
