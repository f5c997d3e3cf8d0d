"""给机器人的答复贴表情（👍、👎）也算反馈；各家客户端报得不一样，也有不报的。只记数，从不出声。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.actor import Place, PlaceKind
from bot.domain.services import Services
from storage.words import Feedback

# QQ 表情 76 赞、201 点赞、77 踩；其余是 Unicode 码点
OPINIONS = {
    "76": Feedback.GOOD,
    "201": Feedback.GOOD,
    "128077": Feedback.GOOD,
    "77": Feedback.BAD,
    "128078": Feedback.BAD,
}


@dataclass(frozen=True, slots=True)
class Reaction:
    """某人给群里某条消息贴了一个表示好坏的表情。"""

    qq: int
    group_id: int
    message_id: str
    opinion: Feedback


def reaction(notice: Mapping[str, Any]) -> Reaction | None:
    """认出贴表情的通知；取消的、别的表情、别的通知返回 None。

    NapCat、LLBot：group_msg_emoji_like，likes 里是表情；Lagrange：reaction，code 是表情。
    """
    if notice.get("notice_type") == "group_msg_emoji_like":
        likes = notice.get("likes")
        first = likes[0] if isinstance(likes, list) and likes and isinstance(likes[0], dict) else {}
        emoji, who, removed = first.get("emoji_id"), notice.get("user_id"), notice.get("is_add") is False
    elif notice.get("notice_type") == "reaction":
        emoji, who, removed = (
            notice.get("code"),
            notice.get("operator_id"),
            notice.get("sub_type") == "remove",
        )
    else:
        return None
    opinion = OPINIONS.get(str(emoji))
    numbers = (str(who), str(notice.get("group_id")))
    if opinion is None or removed or who == notice.get("self_id") or not all(map(str.isdigit, numbers)):
        return None
    return Reaction(int(numbers[0]), int(numbers[1]), str(notice.get("message_id")), opinion)


def note_reaction(services: Services, found: Reaction) -> bool:
    """贴在最近的答复上就记下，返回记没记。"""
    place = Place(PlaceKind.GROUP, found.group_id)
    record = services.answer_log.quoted(services.context.directory.actor(found.qq, place), found.message_id)
    return record is not None and services.answer_log.rate(record, found.qq, found.opinion)
