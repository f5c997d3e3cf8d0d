"""往 QQ 发消息的约定：业务只认这个协议，真正的发送在聊天接入层。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from storage.words import Channel


@dataclass(frozen=True, slots=True)
class Outgoing:
    """一条定稿的消息：``kind`` 决定谁来写文字，``facts`` 是写文字要用的值，``mentions`` 是要 @ 的 QQ 号。

    ``code`` 要印在文字里，结果不明时凭它去聊天记录里找；``tried_at`` 是上次试着发的时刻。
    """

    kind: str
    channel: Channel
    target: int
    code: str
    facts: Mapping[str, Any]
    mentions: tuple[int, ...] = field(default=())
    tried_at: datetime | None = None


class NotConnected(Exception):
    """QQ 没连上，或机器人不在这个群；等连上再发，不算尝试过。"""


class SendFailed(Exception):
    """明确没有发出去；``retry`` 表示过一会再试可能就行。"""

    def __init__(self, reason: str, *, retry: bool) -> None:
        super().__init__(reason)
        self.retry = retry


class OutcomeUnknown(Exception):
    """不知道发没发出去（超时、断线）；先查明再决定，绝不直接重发。"""


class Transport(Protocol):
    """会发消息的东西。"""

    async def send(self, outgoing: Outgoing) -> str:
        """发一条，返回消息编号；只有拿到编号才算发出。"""
        ...

    async def seen(self, outgoing: Outgoing) -> bool | None:
        """聊天记录里有没有这条（凭 ``code``）；记录读不到，或读到的还没早过 ``tried_at``，返回 None。"""
        ...
