"""网页看到的数据：把状态写成 JSON 能表达的样子，时间一律是北京时间。"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from bot.sandbox.values import Group, Message, Notice, Person, Place, Segment
from bot.sandbox.world import SimulatedQQ

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
Json = dict[str, Any]
_HISTORY = 400  # 每个会话给网页的最近消息数


def world_view(world: SimulatedQQ) -> Json:
    """人、群、全部会话最近的消息。"""
    recent: list[Message] = []
    kept: dict[Place, int] = {}
    for message in reversed(world.state.messages):
        kept[message.place] = kept.get(message.place, 0) + 1
        if kept[message.place] <= _HISTORY:
            recent.append(message)
    return {
        "bot": {"qq": world.self_id, "name": world.state.name_of(world.self_id)},
        "people": [person_view(world, person) for person in world.people],
        "groups": [group_view(world, group) for group in world.groups],
        "messages": [message_view(world, message) for message in reversed(recent)],
        "notices": [notice_view(notice) for notice in world.state.notices],
    }


def person_view(world: SimulatedQQ, person: Person) -> Json:
    """一个人，和他能不能直接私聊机器人。"""
    return {
        "qq": person.qq,
        "name": person.nickname,
        "label": person.label,
        "friend": person.qq in world.state.friends,
    }


def group_view(world: SimulatedQQ, group: Group) -> Json:
    """一个群和它的成员。"""
    place = Place("group", group.group_id)
    members = [
        {"qq": member.qq, "name": world.state.name_of(member.qq, place), "role": member.role}
        for member in group.members.values()
    ]
    return {"id": group.group_id, "name": group.name, "members": members, "muted": group.muted}


def message_view(world: SimulatedQQ, message: Message) -> Json:
    """一条消息；撤回了的不再给出内容。"""
    quote = None
    if message.quoted_id is not None:
        quoted = world.state.message(message.quoted_id)
        is_readable = quoted is not None and not quoted.recalled
        quote = {
            "id": message.quoted_id,
            "name": quoted.sender_name if quoted is not None else "",
            "text": quoted.body if quoted is not None and is_readable else "原消息已撤回",
        }
    parts = [] if message.recalled else [part_view(world, message, part) for part in message.segments]
    return {
        "id": message.message_id,
        "index": message.index,
        "kind": message.place.kind,
        "number": message.place.number,
        "sender": message.sender,
        "name": message.sender_name,
        "bot": message.by_bot,
        "time": local_text(message.time),
        "parts": [part for part in parts if part is not None],
        "quote": quote,
        "mentions": list(message.mentions),
        "everyone": message.mentions_everyone,
        "recalled": message.recalled,
        "preview": "已撤回" if message.recalled else message.body[:60],
    }


def notice_view(notice: Notice) -> Json:
    """一行灰字；index 落在前后两条消息之间。"""
    return {
        "index": notice.after + 0.5,
        "kind": notice.place.kind,
        "number": notice.place.number,
        "text": notice.text,
        "time": local_text(notice.time),
    }


def part_view(world: SimulatedQQ, message: Message, part: Segment) -> Json | None:
    """一个消息段；引用另外给出，所以是空。"""
    if part.type == "reply":
        return None
    stored = world.state.files.get(str(part.data.get("file_id", "")))
    if part.type == "image" and stored is not None:
        return {"type": "image", "url": f"/files/{stored.file_id}", "name": stored.name}
    if part.type == "file" and stored is not None:
        url = f"/files/{stored.file_id}?download=1"
        return {"type": "file", "name": stored.name, "size": stored.size, "url": url}
    if part.type == "forward":
        nodes = [
            {"name": name, "text": "".join(world.state.render(item, message.place) for item in items)}
            for name, items in part.data.get("nodes", [])
        ]
        return {"type": "forward", "nodes": nodes}
    text = world.state.render(part, message.place)
    if part.type == "at":
        return {"type": "at", "qq": str(part.data.get("qq")), "text": text}
    return {"type": "text", "text": text}


def local_text(moment: datetime) -> str:
    """北京时间，形如 2017-02-20T08:30:00。"""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S")
