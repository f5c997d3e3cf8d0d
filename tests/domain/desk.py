"""不经过 QQ 直接找业务办事：登记一位管理员、以他的身份说话、拨时钟。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.actor import Actor, Place, PlaceKind
from bot.domain.clock import SHANGHAI, SimulatedClock
from bot.domain.services import Services
from bot.plan.values import Deliverable
from storage.deliveries import Delivery
from storage.groups import Group
from storage.obligations import ONCE, Obligation
from storage.submissions import Submission
from storage.units import Unit
from storage.words import AnswerMode, ReminderState, Role
from tests import stage as cast

NUMBERS = {"expected": 52, "entered": 52, "reviewed": 52}
INFO_ADMINS = (
    (cast.CITY_ADMIN, cast.CITY),
    (cast.COUNTY_ADMIN, cast.COUNTY),
    (cast.OTHER_COUNTY_ADMIN, cast.OTHER_COUNTY),
    (cast.THIRD_ADMIN, cast.THIRD),
    (cast.FIRST_ADMIN, cast.FIRST),
    (cast.MUNICIPAL_ADMIN, cast.MUNICIPAL),
)


async def enlist(
    services: Services, qq: int, unit: Unit, role: Role = Role.INFO_ADMIN, name: str = "王样例"
) -> None:
    """直接登记一位管理员。"""
    context = services.context
    async with context.database.write() as stores:
        await stores.people.enlist(qq, unit.code, role, name, f"138000{qq}", context.now())
    await context.directory.reload(context.database)


async def bind(services: Services, group_id: int, unit: Unit) -> None:
    """直接绑定一个群。"""
    context = services.context
    group = Group(group_id, unit.code, AnswerMode.MENTION, None, None, cast.CITY_ADMIN, context.now())
    async with context.database.write() as stores:
        await stores.groups.save(group)
    await context.directory.reload(context.database)


def privately(services: Services, qq: int) -> Actor:
    """这个人在私聊里。"""
    return services.context.directory.actor(qq, Place(PlaceKind.FRIEND))


def in_group(services: Services, qq: int, group_id: int = cast.COUNTY_GROUP) -> Actor:
    """这个人在群里。"""
    return services.context.directory.actor(qq, Place(PlaceKind.GROUP, group_id))


def item(services: Services, key: str) -> Deliverable:
    """方案里的一项。"""
    found = services.context.plan.deliverable(key)
    assert found is not None, key
    return found


def move(clock: SimulatedClock, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
    """把时钟拨到 2017 年北京时间的某一刻。"""
    clock.set(datetime(2017, month, day, hour, minute, tzinfo=SHANGHAI))


async def standing(services: Services, unit: Unit, key: str, period: str = ONCE) -> Obligation:
    """一个单位的一项待办现在怎样。"""
    async with services.context.database.read() as stores:
        found = await stores.obligations.find(unit.code, key, period)
    assert found is not None, (unit.name, key, period)
    return found


async def history(services: Services, unit: Unit, key: str, period: str = ONCE) -> list[Submission]:
    """一项待办是怎么走到现在的。"""
    found = await standing(services, unit, key, period)
    async with services.context.database.read() as stores:
        return await stores.submissions.history(found.id)


async def report(services: Services, qq: int, unit: Unit) -> None:
    """报初审。"""
    first_review = item(services, "first_review")
    await services.reporting.report(privately(services, qq), unit, first_review, NUMBERS, "")


async def approve(services: Services, qq: int, unit: Unit) -> None:
    """初审通过。"""
    await services.reviewing.review(
        privately(services, qq), unit, item(services, "first_review"), approve=True
    )


async def outbox(
    services: Services, states: Sequence[ReminderState] = (ReminderState.SCHEDULED,)
) -> list[Delivery]:
    """发件箱里处于这些状态的消息。"""
    async with services.context.database.read() as stores:
        return [one for state in states for one in await stores.deliveries.in_state(state)]


async def audit_actions(services: Services) -> list[tuple[str, str, str]]:
    """操作日志，先记的在前：动作、对象、结果。"""
    async with services.context.database.read() as stores:
        entries = await stores.audit.recent()
    return [(entry.action, entry.target, entry.outcome) for entry in reversed(entries)]
