"""故障：送达与回答可以分别坏掉，用完即止。"""

from __future__ import annotations

import asyncio

import pytest

GROUP = 900001


async def send(bot_side) -> dict:
    return await bot_side.call("send_group_msg", group_id=GROUP, message="提醒")


async def test_fail_is_not_delivered_and_ends_after_n_times(world, bot_side):
    world.faults.fail("send_group_msg", 2, wording="风控")
    assert [(await send(bot_side))["wording"] for _ in range(2)] == ["风控", "风控"]
    assert world.messages() == []
    assert (await send(bot_side))["status"] == "ok"
    assert world.faults.pending == 0


@pytest.mark.parametrize(("fault", "delivered"), [("lose_answer", 1), ("swallow", 0)])
async def test_no_answer(world, bot_side, fault, delivered):
    getattr(world.faults, fault)("send_group_msg")
    future = await bot_side.post("send_group_msg", group_id=GROUP, message="提醒")
    await world.next_call("send_group_msg")
    assert not future.done()
    assert len(world.messages()) == delivered
    assert world.calls[-1].reply is None


async def test_delay_delivers_at_once_and_answers_late(world, bot_side):
    world.faults.delay("send_group_msg", 0.1)
    future = await bot_side.post("send_group_msg", group_id=GROUP, message="提醒")
    assert (await world.next_reply(group=GROUP)).text == "提醒"
    assert not future.done()
    assert (await asyncio.wait_for(future, 2))["status"] == "ok"


async def test_denied_delivery_is_the_eventret_trap(world, bot_side):
    world.faults.deny_delivery("send_group_msg")
    reply = await send(bot_side)
    assert reply["status"] == "failed"
    assert "EventRet:{}" in reply["wording"]
    assert len(world.messages()) == 1


async def test_given_answer_gets_the_echo(world, bot_side):
    world.faults.answer("upload_group_file", {"status": "rich media error", "retcode": -99999, "data": None})
    reply = await bot_side.call("upload_group_file", group_id=GROUP, file="x", name="x")
    assert reply["status"] == "rich media error"


async def test_send_means_every_way_of_sending(world, bot_side):
    world.faults.fail("send")
    assert (await bot_side.call("get_login_info"))["status"] == "ok"
    assert (await bot_side.call("send_private_msg", user_id=20001, message="x"))["status"] == "failed"


async def test_star_means_any_action_and_clear_forgets(world, bot_side):
    world.faults.fail("*", 5)
    assert (await bot_side.call("get_login_info"))["status"] == "failed"
    world.faults.clear()
    assert (await bot_side.call("get_login_info"))["status"] == "ok"
