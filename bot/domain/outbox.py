"""往发件箱里放消息：审核结果、待答回复等，提交后由投递机发出。"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.deliveries import Delivery
from storage.words import Channel, ReminderState

# 印在提醒末尾的标记，凭它在聊天记录里认出这条消息发没发到
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 5


def new_delivery(
    kind: str,
    channel: Channel,
    target: int,
    payload: Mapping[str, Any],
    *,
    due_at: datetime,
    expires_at: datetime | None = None,
) -> Delivery:
    """一条待发的消息；``payload`` 只放能写成 JSON 的值，不放个人信息。"""
    return Delivery(
        id=str(uuid.uuid4()),
        kind=kind,
        channel=channel,
        target=target,
        payload=payload,
        code="".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)),
        state=ReminderState.SCHEDULED,
        due_at=due_at,
        expires_at=expires_at,
    )
