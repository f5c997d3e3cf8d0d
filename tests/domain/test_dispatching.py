"""投递：认领只有一个；断线等着、失败再试、结果不明先查记录；过期算错过；发送前再核一遍。"""

from __future__ import annotations

import asyncio
from datetime import time, timedelta

import pytest

from bot.domain.clock import SimulatedClock
from bot.domain.dispatching import MAX_ATTEMPTS, Dispatcher, SendingPace
from bot.domain.outbox import new_delivery
from bot.domain.reminding import DIGEST_KIND, GROUP_KIND, PRIVATE_KIND, Recheck
from bot.domain.services import Services
from bot.domain.transport import NotConnected, OutcomeUnknown, Outgoing, SendFailed
from storage.deliveries import Delivery
from storage.words import Channel, ReminderState
from tests.domain.desk import bind, in_group, move, outbox, report
from tests.stage import (
    CITY,
    CITY_GROUP,
    COUNTY,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST,
    FIRST_ADMIN,
    MUNICIPAL_ADMIN,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
)

State = ReminderState


class Transport:
    """会出各种毛病的 QQ：按剧本发、丢、断，并记下收到的每一条。"""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.faults: dict[int, list[Exception]] = {}
        self.history: bool | None = None
        self.looked_for: list[str] = []
        self.gate: asyncio.Event | None = None

    async def send(self, outgoing: Outgoing) -> str:
        if self.gate is not None:
            await self.gate.wait()
        faults = self.faults.get(outgoing.target, [])
        if faults:
            raise faults.pop(0)
        self.sent.append(outgoing)
        return str(len(self.sent))

    async def seen(self, outgoing: Outgoing) -> bool | None:
        self.looked_for.append(outgoing.code)
        return self.history


def dispatcher_of(services: Services, transport: Transport, pace: SendingPace | None = None) -> Dispatcher:
    """照装配的样子接起来：三种提醒发送前都再核一遍。"""
    recheck = Recheck(services.context, services.reminding)
    kinds = (GROUP_KIND, PRIVATE_KIND, DIGEST_KIND)
    return Dispatcher(services.context, transport, dict.fromkeys(kinds, recheck), pace)


@pytest.fixture
def qq() -> Transport:
    return Transport()


@pytest.fixture
async def bound(staffed: Services) -> Services:
    """两个群都绑定了。"""
    await bind(staffed, COUNTY_GROUP, COUNTY)
    await bind(staffed, CITY_GROUP, CITY)
    return staffed


@pytest.fixture
def dispatcher(bound: Services, qq: Transport) -> Dispatcher:
    return dispatcher_of(bound, qq)


async def put(
    services: Services,
    kind: str = "review_result",
    channel: Channel = Channel.PRIVATE,
    target: int = THIRD_ADMIN,
    *,
    useful_for: timedelta | None = None,
) -> Delivery:
    """往发件箱放一条此刻就该发的。"""
    now = services.context.now()
    expires_at = now + useful_for if useful_for is not None else None
    delivery = new_delivery(kind, channel, target, {"unit": "样例"}, due_at=now, expires_at=expires_at)
    async with services.context.database.write() as stores:
        await stores.deliveries.add([delivery], now)
    return delivery


async def plan(services: Services, clock: SimulatedClock) -> dict[int, Delivery]:
    """2 月 24 日九点排好初审的提醒；按私聊对象给出。"""
    move(clock, 2, 24)
    await services.reminding.plan_due()
    return {one.target: one for one in await outbox(services) if one.kind == PRIVATE_KIND}


async def now_in(services: Services, delivery: Delivery) -> Delivery:
    """这一条现在怎样。"""
    [found] = [one for one in await outbox(services, list(State)) if one.id == delivery.id]
    return found


async def reminder_states(services: Services, unit_code: str) -> set[ReminderState]:
    async with services.context.database.read() as stores:
        return {row.state for row, _ in await stores.reminders.of_unit(unit_code)}


async def test_only_a_message_id_counts_as_sent(
    bound: Services, dispatcher: Dispatcher, qq: Transport
) -> None:
    waiting = await put(bound)
    assert await dispatcher.run_once() == 1
    done = await now_in(bound, waiting)
    assert (done.state, done.message_id) == (State.SENT, "1")
    assert await dispatcher.run_once() == 0
    assert len(qq.sent) == 1


async def test_everything_planned_is_sent_and_every_reminder_follows(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock
) -> None:
    await plan(bound, clock)
    assert await dispatcher.run_once() == 8
    assert await outbox(bound) == []
    assert await reminder_states(bound, THIRD.code) == {State.SENT}
    [group] = [one for one in qq.sent if one.target == COUNTY_GROUP]
    assert group.mentions == (THIRD_ADMIN, FIRST_ADMIN)


async def test_who_reported_between_planning_and_sending_is_not_reminded(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock
) -> None:
    told = await plan(bound, clock)
    await report(bound, THIRD_ADMIN, THIRD)
    assert await dispatcher.run_once() == 7
    assert THIRD_ADMIN not in {one.target for one in qq.sent}
    assert (await now_in(bound, told[THIRD_ADMIN])).state is State.CANCELLED
    [group] = [one for one in qq.sent if one.target == COUNTY_GROUP]
    assert group.mentions == (FIRST_ADMIN,)
    assert await reminder_states(bound, THIRD.code) == {State.CANCELLED}
    assert await reminder_states(bound, FIRST.code) == {State.SENT}


async def test_while_qq_is_not_connected_everything_stays_scheduled_without_counting_a_try(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock
) -> None:
    told = await plan(bound, clock)
    for target in (*told, COUNTY_GROUP, CITY_GROUP, COUNTY_ADMIN):
        qq.faults[target] = [NotConnected("QQ 没有连上")]
    await dispatcher.run_once()
    waiting = await now_in(bound, told[THIRD_ADMIN])
    assert (waiting.state, waiting.attempts) == (State.SCHEDULED, 0)
    qq.faults.clear()
    await dispatcher.run_once()
    assert (await now_in(bound, told[THIRD_ADMIN])).state is State.SENT


async def test_what_waited_past_its_use_is_missed_and_never_sent(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock
) -> None:
    told = await plan(bound, clock)
    move(clock, 2, 27, 9, 0)
    assert await dispatcher.run_once() == 0
    assert qq.sent == []
    assert (await now_in(bound, told[THIRD_ADMIN])).state is State.MISSED
    assert await reminder_states(bound, THIRD.code) == {State.MISSED}


async def test_a_minute_before_it_is_still_of_use(
    bound: Services, dispatcher: Dispatcher, clock: SimulatedClock
) -> None:
    await plan(bound, clock)
    move(clock, 2, 27, 8, 58)
    assert await dispatcher.run_once() == 8


async def test_two_dispatchers_send_each_message_once(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock
) -> None:
    await plan(bound, clock)
    other = dispatcher_of(bound, qq)
    qq.gate = asyncio.Event()
    both = [asyncio.create_task(one.run_once()) for one in (dispatcher, other)]
    await asyncio.sleep(0.05)
    qq.gate.set()
    counts = await asyncio.gather(*both)
    assert sum(counts) == 8
    codes = [one.code for one in qq.sent]
    assert len(codes) == len(set(codes)) == 8


async def test_a_refusal_for_good_fails_at_once(
    bound: Services, dispatcher: Dispatcher, qq: Transport
) -> None:
    waiting = await put(bound)
    qq.faults[THIRD_ADMIN] = [SendFailed("请先添加对方为好友", retry=False)]
    await dispatcher.run_once()
    failed = await now_in(bound, waiting)
    assert (failed.state, failed.error) == (State.FAILED, "请先添加对方为好友")
    await dispatcher.run_once()
    assert qq.sent == []


async def test_a_passing_failure_is_tried_again_later_and_later(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock
) -> None:
    move(clock, 2, 24, 10, 0)
    waiting = await put(bound)
    qq.faults[THIRD_ADMIN] = [SendFailed("发得太快", retry=True)] * 2
    await dispatcher.run_once()
    assert (await now_in(bound, waiting)).attempts == 1
    move(clock, 2, 24, 10, 4)
    assert await dispatcher.run_once() == 0
    assert (await now_in(bound, waiting)).attempts == 1
    move(clock, 2, 24, 10, 6)
    await dispatcher.run_once()
    assert (await now_in(bound, waiting)).attempts == 2
    move(clock, 2, 24, 10, 15)
    assert await dispatcher.run_once() == 0
    move(clock, 2, 24, 10, 17)
    assert await dispatcher.run_once() == 1
    assert (await now_in(bound, waiting)).state is State.SENT


async def test_after_enough_tries_it_is_given_up(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock
) -> None:
    move(clock, 2, 24, 10, 0)
    waiting = await put(bound)
    qq.faults[THIRD_ADMIN] = [SendFailed("发得太快", retry=True)] * 20
    for hour in range(10, 20):
        move(clock, 2, 24, hour, 30)
        await dispatcher.run_once()
    failed = await now_in(bound, waiting)
    assert (failed.state, failed.attempts) == (State.FAILED, MAX_ATTEMPTS)
    assert len(qq.faults[THIRD_ADMIN]) == 20 - MAX_ATTEMPTS


async def test_an_unknown_outcome_is_looked_up_before_anything_is_sent_again(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock
) -> None:
    told = await plan(bound, clock)
    qq.faults[THIRD_ADMIN] = [OutcomeUnknown("等回执超时")]
    await dispatcher.run_once()
    assert (await now_in(bound, told[THIRD_ADMIN])).state is State.UNKNOWN
    assert qq.looked_for == []
    qq.history = True
    assert await dispatcher.run_once() == 0
    assert qq.looked_for == [told[THIRD_ADMIN].code]
    assert (await now_in(bound, told[THIRD_ADMIN])).state is State.SENT
    assert THIRD_ADMIN not in {one.target for one in qq.sent}


async def test_what_is_surely_not_there_is_sent_once_more_and_only_once(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock
) -> None:
    told = await plan(bound, clock)
    qq.faults[THIRD_ADMIN] = [OutcomeUnknown("等回执超时"), OutcomeUnknown("等回执超时")]
    qq.history = False
    for _ in range(4):
        await dispatcher.run_once()
    assert qq.faults[THIRD_ADMIN] == []
    assert (await now_in(bound, told[THIRD_ADMIN])).state is State.FAILED
    assert THIRD_ADMIN not in {one.target for one in qq.sent}


async def test_a_second_try_that_works_is_sent(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock
) -> None:
    told = await plan(bound, clock)
    qq.faults[THIRD_ADMIN] = [OutcomeUnknown("等回执超时")]
    qq.history = False
    await dispatcher.run_once()
    assert await dispatcher.run_once() == 1
    again = await now_in(bound, told[THIRD_ADMIN])
    assert again.state is State.SENT
    assert [one.code for one in qq.sent].count(again.code) == 1


async def test_while_the_history_cannot_be_read_nothing_is_sent_again(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock
) -> None:
    told = await plan(bound, clock)
    qq.faults[THIRD_ADMIN] = [OutcomeUnknown("等回执超时")]
    for _ in range(3):
        await dispatcher.run_once()
    assert (await now_in(bound, told[THIRD_ADMIN])).state is State.UNKNOWN
    assert THIRD_ADMIN not in {one.target for one in qq.sent}
    move(clock, 2, 27)
    await dispatcher.run_once()
    assert (await now_in(bound, told[THIRD_ADMIN])).state is State.FAILED


async def test_who_reported_while_the_outcome_was_unknown_is_not_reminded_again(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock
) -> None:
    told = await plan(bound, clock)
    qq.faults[THIRD_ADMIN] = [OutcomeUnknown("等回执超时")]
    await dispatcher.run_once()
    await report(bound, THIRD_ADMIN, THIRD)
    qq.history = False
    await dispatcher.run_once()
    assert (await now_in(bound, told[THIRD_ADMIN])).state is State.CANCELLED
    assert THIRD_ADMIN not in {one.target for one in qq.sent}


async def test_what_was_being_sent_when_the_power_went_is_unknown_after_the_restart(
    bound: Services, qq: Transport, clock: SimulatedClock
) -> None:
    told = await plan(bound, clock)
    qq.gate = asyncio.Event()
    dying = asyncio.create_task(dispatcher_of(bound, qq).run_once())
    await asyncio.sleep(0.05)
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    qq.gate = None
    [stuck] = await outbox(bound, [State.SENDING])
    restarted = dispatcher_of(bound, qq)
    await restarted.recover()
    assert (await now_in(bound, stuck)).state is State.UNKNOWN
    qq.history = True
    assert await restarted.run_once() == 7
    assert (await now_in(bound, stuck)).state is State.SENT
    assert stuck.code not in {one.code for one in qq.sent}
    assert told


async def test_in_the_quiet_hours_of_a_group_nothing_is_sent_there(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock
) -> None:
    await bound.binding.set_quiet_hours(in_group(bound, COUNTY_ADMIN), time(12, 0), time(14, 0))
    await plan(bound, clock)
    move(clock, 2, 24, 12, 30)
    await dispatcher.run_once()
    assert {one.target for one in qq.sent if one.channel is Channel.GROUP} == {CITY_GROUP}
    assert THIRD_ADMIN in {one.target for one in qq.sent}
    move(clock, 2, 24, 14, 0)
    assert await dispatcher.run_once() == 1
    assert qq.sent[-1].target == COUNTY_GROUP


@pytest.mark.parametrize("hour", [21, 23, 3, 7])
async def test_at_night_reminders_wait_for_the_morning_but_answers_do_not(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock, hour: int
) -> None:
    await plan(bound, clock)
    move(clock, 2, 24 if hour > 12 else 25, hour)
    await put(bound, target=TEACHER)
    assert await dispatcher.run_once() == 1
    assert [one.target for one in qq.sent] == [TEACHER]
    move(clock, 2, 25, 8)
    assert await dispatcher.run_once() == 8
    assert MUNICIPAL_ADMIN in {one.target for one in qq.sent}


async def test_one_message_that_cannot_be_written_does_not_hold_up_the_others(
    bound: Services, dispatcher: Dispatcher, qq: Transport
) -> None:
    broken, fine = await put(bound, target=THIRD_ADMIN), await put(bound, target=FIRST_ADMIN)
    qq.faults[THIRD_ADMIN] = [KeyError("王样例")]
    assert await dispatcher.run_once() == 1
    failed = await now_in(bound, broken)
    assert (failed.state, failed.error) == (State.FAILED, "KeyError")
    assert (await now_in(bound, fine)).state is State.SENT


async def test_an_answer_without_a_mark_is_not_sent_twice_after_an_unknown_outcome(
    bound: Services, dispatcher: Dispatcher, qq: Transport
) -> None:
    waiting = await put(bound)
    qq.faults[THIRD_ADMIN] = [OutcomeUnknown("等回执超时")]
    qq.history = False
    for _ in range(3):
        await dispatcher.run_once()
    assert (await now_in(bound, waiting)).state is State.FAILED
    assert qq.sent == []


async def test_a_round_sends_no_more_than_its_pace_and_the_rest_next_time(
    bound: Services, qq: Transport, clock: SimulatedClock
) -> None:
    move(clock, 2, 24, 10)
    for target in range(30001, 30006):
        await put(bound, target=target)
    slow = dispatcher_of(bound, qq, SendingPace(per_round=2))
    assert [await slow.run_once() for _ in range(4)] == [2, 2, 1, 0]


async def test_what_is_due_later_waits(
    bound: Services, dispatcher: Dispatcher, qq: Transport, clock: SimulatedClock
) -> None:
    move(clock, 2, 24, 10)
    now = bound.context.now()
    later = new_delivery(
        "review_result", Channel.PRIVATE, THIRD_ADMIN, {}, due_at=now + timedelta(minutes=30)
    )
    async with bound.context.database.write() as stores:
        await stores.deliveries.add([later], now)
    assert await dispatcher.run_once() == 0
    move(clock, 2, 24, 10, 31)
    assert await dispatcher.run_once() == 1
