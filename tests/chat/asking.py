"""聊天测试共用的两件小事：读操作日志、看机器人在某处说过的话。"""

from __future__ import annotations

from storage.audit import AuditEntry
from tests.stage import Stage


async def audit(stage: Stage, limit: int = 5) -> list[AuditEntry]:
    """最近的操作日志，新的在前。"""
    async with stage.services.context.database.read() as stores:
        return await stores.audit.recent(limit)


def spoken(stage: Stage, *, private: int | None = None, group: int | None = None) -> list[str]:
    """机器人在一个会话里说过的话。"""
    return [one.body for one in stage.world.messages(private=private, group=group) if one.by_bot]
