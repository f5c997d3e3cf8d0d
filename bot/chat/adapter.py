"""OneBot v11 适配器，收窄了三处：不开 HTTP 上报口、坏字段先修好、引用不先去查。

HTTP 上报口只凭令牌就能伪造事件，还会把真客户端挡在门外；引用的原文由需要的人自己去取，
否则取不到时整条消息要等满三十秒。
"""

from __future__ import annotations

import logging
from typing import Any

from nonebot.adapters.onebot.v11 import Adapter as OneBotAdapter
from nonebot.adapters.onebot.v11 import Event, Message, MessageEvent
from nonebot.drivers import HTTPServerSetup

logger = logging.getLogger(__name__)


class Adapter(OneBotAdapter):
    """只走反向 WebSocket 的 OneBot v11。"""

    def setup_http_server(self, setup: HTTPServerSetup) -> None:
        """不挂任何 HTTP 上报口。"""

    @classmethod
    def json_to_event(cls, json_data: Any) -> Event | None:
        """先修好各家客户端写坏的消息，再交给原来的解析。"""
        if isinstance(json_data, dict) and json_data.get("post_type") == "message":
            try:
                json_data = mended(json_data)
            except (TypeError, ValueError) as error:
                logger.warning("收到一条修不好的消息（%s），没有处理", type(error).__name__)
                return None
        event = super().json_to_event(json_data)
        if isinstance(event, MessageEvent):
            # 留在 original_message 里的引用段，由消息入口自己看
            event.message = Message([part for part in event.message if part.type != "reply"])
        return event


def mended(data: dict[str, Any]) -> dict[str, Any]:
    """补上缺的字段、换掉空值，否则整条消息会被丢掉。"""
    fixed = dict(data)
    fixed.setdefault("font", 0)
    if not isinstance(fixed.get("font"), int):
        fixed["font"] = 0
    if not isinstance(fixed.get("raw_message"), str):
        fixed["raw_message"] = ""
    sender = _table(fixed.get("sender"))
    if sender.get("level") is not None:
        sender["level"] = str(sender["level"])
    fixed["sender"] = sender
    fixed.setdefault("sub_type", "normal" if fixed.get("message_type") == "group" else "friend")
    if isinstance(fixed.get("message"), list):
        fixed["message"] = [_mended_part(part) for part in fixed["message"] if isinstance(part, dict)]
    return fixed


def _table(value: object) -> dict[str, Any]:
    """本该是对象的字段；写成别的就当空的。"""
    return dict(value) if isinstance(value, dict) else {}


def _mended_part(part: dict[str, Any]) -> dict[str, Any]:
    data = _table(part.get("data"))
    if part.get("type") == "text":
        data["text"] = str(data.get("text") or "")
    return {"type": str(part.get("type") or "unknown"), "data": data}
