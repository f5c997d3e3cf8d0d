"""转人工的通知：给管理员的、给提问人的写什么；没加好友私聊送不到的，到他单位的群里 @ 一声。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.actor import Actor, PlaceKind
from bot.domain.context import Context
from bot.domain.hand_off_routes import Routes, Stop
from bot.domain.masking import without_numbers
from bot.domain.outbox import new_delivery
from bot.domain.person_names import without_names
from storage.deliveries import Delivery
from storage.questions import OpenQuestion
from storage.words import Channel, QuestionState

HAND_OFF_KIND = "hand_off"
HAND_OFF_REMINDER_KIND = "hand_off_reminder"
HAND_OFF_MOVED_KIND = "hand_off_moved"
HAND_OFF_GROUP_KIND = "hand_off_group"
MAX_SHOWN = 200
MAX_SAID = 60
GROUP_NOTICE_LASTS = timedelta(hours=24)
# 同一个人这么久以内只在群里 @ 一次
ONCE_IN = timedelta(hours=4)

Final = tuple[dict[str, Any], tuple[int, ...]] | None


@dataclass(frozen=True, slots=True)
class Background:
    """问题的来龙去脉：他刚才还说过的几句，机器人给过的答案和候选的编号。"""

    said: tuple[str, ...] = ()
    given: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """写进通知的样子：话先遮住号码再截短。"""
        return {
            "said": [without_names(without_numbers(one))[:MAX_SAID] for one in self.said],
            "given": list(self.given),
        }


def question_facts(question: OpenQuestion, asker: Actor, context: Context) -> dict[str, Any]:
    """给管理员的通知里都要写的：编号、问题、谁问的、来自哪里。"""
    return {
        "number": question.id,
        "question": question.text[:MAX_SHOWN],
        "qq": asker.qq,
        "source": _source(asker, context),
    }


def _source(asker: Actor, context: Context) -> str:
    """登记了的写单位和角色，没登记的写在哪里问的。"""
    if asker.assignments:
        seat = asker.assignments[0]
        return f"{seat.unit.name}{seat.role.label}"
    if asker.group is not None:
        return f"{context.directory.group_unit(asker.group).name}的群，没有登记"
    return "没有登记" if asker.place.kind is PlaceKind.GROUP else "私聊，没有登记"


def for_administrators(kind: str, stop: Stop, facts: dict[str, Any], now: datetime) -> list[Delivery]:
    """给这一站每个人的私聊；``able`` 为假的不能在机器人里回答，文字里另说怎么办。"""
    place = {"unit": stop.unit.code, "office": stop.unit.name}
    return [
        new_delivery(kind, Channel.PRIVATE, qq, {**facts, **place, "able": qq in stop.able}, due_at=now)
        for qq in stop.people
    ]


def for_asker(question: OpenQuestion, office: str, now: datetime) -> Delivery:
    """告诉提问的人已转给上一级；``office`` 为空是上面也没有人。"""
    in_group = question.group_id is not None
    target = question.group_id if question.group_id is not None else question.asked_by
    facts = {
        "number": question.id,
        "question": question.text[:MAX_SHOWN],
        "asked_by": question.asked_by,
        "office": office,
    }
    channel = Channel.GROUP if in_group else Channel.PRIVATE
    return new_delivery(HAND_OFF_MOVED_KIND, channel, target, facts, due_at=now)


class GroupNotice:
    """送不到的私聊改成群里的一声 @，不说问的是什么。"""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._routes = Routes(context)
        self._told: dict[int, tuple[str, datetime]] = {}

    def instead_of(self, delivery: Delivery) -> Sequence[Delivery]:
        """一条送不到的私聊改发什么；单位和上级都没有绑定群的没法改。"""
        unit = self._routes.unit(str(delivery.payload["unit"]))
        groups = [
            group for one in self._routes.up(unit) for group in self._context.directory.groups_of(one.code)
        ]
        if not groups:
            return ()
        now = self._context.now()
        facts = {"unit": delivery.payload["unit"], "qq": delivery.target}
        return (
            new_delivery(
                HAND_OFF_GROUP_KIND,
                Channel.GROUP,
                groups[0].group_id,
                facts,
                due_at=now,
                expires_at=now + GROUP_NOTICE_LASTS,
            ),
        )

    async def finalise(self, delivery: Delivery) -> Final:
        """发送前再看一眼：都答完了、刚 @ 过他的不发；要发的写清有几个等着。"""
        qq, now = int(delivery.payload["qq"]), self._context.now()
        told, at = self._told.get(qq, ("", now))
        if told not in ("", delivery.id) and now - at < ONCE_IN:
            return None
        async with self._context.database.read() as stores:
            found = await stores.questions.open_questions()
        waiting = [one for one in found if one.unit_code == delivery.payload["unit"]]
        if not waiting:
            return None
        self._told[qq] = (delivery.id, now)
        return {"count": len(waiting)}, (qq,)


class StillOpen:
    """催的私聊发送前再看一眼：已经答了的不发。"""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def __call__(self, delivery: Delivery) -> Final:
        """定稿要用的事实；不用再发返回 None。"""
        async with self._context.database.read() as stores:
            question = await stores.questions.question(int(delivery.payload["number"]))
        if question is None or question.state is not QuestionState.OPEN:
            return None
        return dict(delivery.payload), ()
