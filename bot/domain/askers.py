"""提问的人：在哪个单位、担任什么。答复的变体和与他有关的事实都只看这一份，命令行也能造一个。"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.actor import Actor, PlaceKind
from storage.units import Unit
from storage.words import Role, UnitKind


@dataclass(frozen=True, slots=True)
class Asker:
    """提问的人；没登记、或说不准是哪个单位的 ``unit`` 为空，``private`` 是私聊里问的。"""

    unit: Unit | None = None
    roles: frozenset[Role] = frozenset()
    private: bool = False

    @property
    def kind(self) -> UnitKind | None:
        """单位类别。"""
        return self.unit.kind if self.unit else None

    @property
    def is_known(self) -> bool:
        """知不知道他是谁；不知道就照检索的结果答。"""
        return self.unit is not None or bool(self.roles)


def asker_of(actor: Actor) -> Asker:
    """说话的人 → 提问的人；在几个单位都有席位的，说不准他问的是哪个。"""
    units = {seat.unit.code: seat.unit for seat in actor.assignments}
    return Asker(
        unit=next(iter(units.values())) if len(units) == 1 else None,
        roles=frozenset(seat.role for seat in actor.assignments),
        private=actor.place.kind is PlaceKind.FRIEND,
    )
