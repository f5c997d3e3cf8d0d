"""发件箱里的消息由谁写成文字：插件按种类登记写法，投递时按种类找。"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.transport import Outgoing
from bot.plan.values import Plan


@dataclass(frozen=True, slots=True)
class Mention:
    """正文里的一个 @。"""

    qq: int


Parts = tuple[str | Mention, ...]
Composer = Callable[[Outgoing, Plan], Parts]

COMPOSERS: dict[str, Composer] = {}


def composes(kind: str) -> Callable[[Composer], Composer]:
    """登记一种消息的写法。"""

    def register(composer: Composer) -> Composer:
        if kind in COMPOSERS:
            raise ValueError(f"消息种类“{kind}”登记了两次")
        COMPOSERS[kind] = composer
        return composer

    return register
