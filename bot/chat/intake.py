"""门口：把 OneBot 的消息事件变成 Incoming，只留用得着的，认 @ 不看它在句子的哪里。"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from nonebot.adapters.onebot.v11 import GroupMessageEvent, MessageEvent

from bot.chat.messages import Incoming, ReceivedFile
from bot.domain.actor import Place, PlaceKind

REMEMBERED = 5000
# 由通知认出来的文件，编号这样开头
FROM_NOTICE = "file:"
# QQ 表情里当话看的几个
SPOKEN_FACES = {"76": "👍", "201": "👍", "77": "👎"}


class OwnMessages:
    """机器人自己发过的消息编号；引用它们就是在对机器人说话。"""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()

    def remember(self, message_id: object) -> None:
        """记下一条。"""
        self._ids[str(message_id)] = None
        if len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)

    def __contains__(self, message_id: object) -> bool:
        return str(message_id) in self._ids


def incoming(event: MessageEvent, own: OwnMessages) -> Incoming | None:
    """事件 → Incoming；机器人自己说的返回 None。"""
    if event.user_id == event.self_id:
        return None
    place = _place(event)
    texts: list[str] = []
    mentions: list[int] = []
    files: list[ReceivedFile] = []
    quote_id = ""
    to_me = place.is_private
    for part in event.original_message:
        if part.type == "text":
            texts.append(str(part.data.get("text") or ""))
        elif part.type == "face":
            texts.append(SPOKEN_FACES.get(str(part.data.get("id", "")), ""))
        elif part.type == "at":
            target = str(part.data.get("qq", ""))
            if target == str(event.self_id):
                to_me = True
            elif target.isdigit():
                mentions.append(int(target))
        elif part.type == "reply":
            quote_id = str(part.data.get("id") or "")
        elif part.type == "file":
            files.append(_file(part.data))
    quotes_me = bool(quote_id) and quote_id in own
    return Incoming(
        message_id=f"{event.self_id}:{event.message_id}",
        qq=event.user_id,
        place=place,
        text="".join(texts),
        to_me=to_me or quotes_me,
        mentions=tuple(mentions),
        quote_id=quote_id,
        files=tuple(files),
        temporary_from=_origin(event) if place.kind is PlaceKind.TEMPORARY else None,
        quotes_me=quotes_me,
    )


def _place(event: MessageEvent) -> Place:
    if isinstance(event, GroupMessageEvent):
        return Place(PlaceKind.GROUP, event.group_id)
    if event.sub_type == "group":
        return Place(PlaceKind.TEMPORARY)
    return Place(PlaceKind.FRIEND)


def _origin(event: MessageEvent) -> int | None:
    """临时会话来自哪个群：各家放的地方不同，也可能哪里都没有。"""
    places = (getattr(event, "group_id", ""), getattr(event.sender, "group_id", ""))
    return next((int(str(found)) for found in places if str(found or "").isdigit()), None)


def _file(data: dict[str, Any]) -> ReceivedFile:
    name = next((str(data[key]) for key in ("name", "file_name", "file") if data.get(key)), "")
    size = str(data.get("file_size") or data.get("size") or "")
    return ReceivedFile(
        name=name,
        size=int(size) if size.isdigit() else None,
        file_id=str(data.get("file_id") or data.get("id") or ""),
        url=str(data.get("url") or ""),
        file_hash=str(data.get("file_hash") or data.get("hash") or ""),
    )


def offline_file(notice: Mapping[str, Any]) -> Incoming | None:
    """私聊文件的通知（Lagrange、go-cqhttp 这样报）→ Incoming；别的通知、机器人自己发的返回 None。"""
    data, qq = notice.get("file"), notice.get("user_id")
    if notice.get("notice_type") != "offline_file" or not isinstance(data, dict) or not isinstance(qq, int):
        return None
    if qq == notice.get("self_id"):
        return None
    file = _file(data)
    # 通知没有消息编号，拿内容和时刻凑一个
    number = f"{FROM_NOTICE}{qq}:{notice.get('time')}:{file.name}"
    place = Place(PlaceKind.FRIEND)
    return Incoming(f"{notice.get('self_id')}:{number}", qq, place, "", to_me=True, files=(file,))
