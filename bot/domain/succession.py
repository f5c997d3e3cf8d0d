"""接任：移交码用掉的那一刻——接任人登记、移交人的这一席结束，在同一个事务里；双方和上级都知道。"""

from __future__ import annotations

from bot.domain.context import Context
from bot.domain.errors import WrongState
from bot.domain.outbox import new_delivery
from bot.domain.superiors import superiors_of
from storage.database import Stores
from storage.units import Unit
from storage.words import AdministratorState, Channel, Role

HAND_OVER = "hand over own role"
HANDED_OVER_KIND = "handover_done"
SUCCEEDED_KIND = "handover_reported"


async def refuse_frozen(context: Context, stores: Stores, qq: int, unit: Unit) -> None:
    """在这个单位被停用着的人不能凭邀请码、移交码回来，要先由停用他的一级恢复。"""
    for seat in await stores.standings.of_person(qq, AdministratorState.FROZEN):
        if seat.unit_code == unit.code:
            office = context.directory.tree.get(seat.frozen_unit or unit.code)
            raise WrongState(f"你在{unit.name}的登记已停用。请{office.name}的管理员先恢复：/停用 恢复 {qq}")


async def take_over(
    context: Context, stores: Stores, unit: Unit, role: Role, *, giver: int, successor: int
) -> None:
    """移交人的这一席结束，并告诉他和上级；他已经不在任了就抛出 WrongState。"""
    now = context.now()
    if not await stores.standings.end(giver, unit.code, role, now):
        raise WrongState("移交人已经不在任，这张移交码不能用了。请向上级要邀请码。")
    facts = {"unit": unit.name, "role": role.label, "giver": giver, "successor": successor}
    told = superiors_of(context.directory, unit, without=frozenset({giver, successor}))
    await stores.deliveries.add(
        [
            new_delivery(HANDED_OVER_KIND, Channel.PRIVATE, giver, facts, due_at=now),
            *(new_delivery(SUCCEEDED_KIND, Channel.PRIVATE, qq, facts, due_at=now) for qq in told),
        ],
        now,
    )
