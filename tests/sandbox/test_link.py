"""连接：握手头、首帧、心跳、拒绝、断线与重连。"""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox import SandboxError


async def test_handshake_headers_are_those_of_napcat(world, bot_side):
    headers = bot_side.headers[0]
    assert headers["X-Self-ID"] == "10001"
    assert headers["X-Client-Role"] == "Universal"
    assert headers["Authorization"].startswith("Bearer ")
    assert headers["User-Agent"] == "OneBot/11"


async def test_go_cqhttp_says_token_instead_of_bearer(connect, bot_side):
    await connect(dialect="string")
    assert bot_side.headers[0]["Authorization"].startswith("Token ")


async def test_first_frame_is_lifecycle_connect(make_world, bot_side):
    world = make_world()
    await world.connect(bot_side.url, bot_side_token())
    first = await asyncio.wait_for(bot_side.frames.get(), 2)
    await world.disconnect()
    assert (first["post_type"], first["meta_event_type"], first["sub_type"]) == (
        "meta_event",
        "lifecycle",
        "connect",
    )


def bot_side_token() -> str:
    return "测试口令".encode().hex()


async def test_heartbeat_carries_status_and_interval(connect, bot_side):
    await connect(heartbeat=0.05)
    frame = await bot_side.next_frame("meta_event")
    assert frame["meta_event_type"] == "heartbeat"
    assert frame["interval"] == 50
    assert frame["status"]["online"] is True
    assert frame["status"]["good"] is True


async def test_wrong_token_is_a_clear_refusal(make_world, bot_side):
    world = make_world()
    with pytest.raises(SandboxError, match="403"):
        await world.connect(bot_side.url, "wrong")
    assert not world.connected


async def test_nobody_listening_is_a_clear_refusal(make_world):
    with pytest.raises(SandboxError, match="连接机器人失败"):
        await make_world().connect("ws://127.0.0.1:9/onebot/v11/ws", "x")


async def test_second_connect_is_refused(world, bot_side):
    with pytest.raises(SandboxError, match="已经连接"):
        await world.link.open(bot_side.url, bot_side_token(), reconnect_seconds=None, heartbeat=30)


async def test_reconnects_after_a_drop_and_says_lifecycle_again(connect, bot_side):
    world = await connect(reconnect_seconds=0.05)
    await world.link.drop()
    assert not world.connected
    frame = await bot_side.next_frame("meta_event")
    assert frame["meta_event_type"] == "lifecycle"
    assert world.connected


async def test_without_reconnect_a_drop_is_final(connect, bot_side):
    world = await connect()
    await world.link.drop()
    await asyncio.sleep(0.15)
    assert not world.connected
    assert len(bot_side.headers) == 1


async def test_events_during_an_outage_are_lost_like_in_real_clients(connect, bot_side):
    world = await connect(reconnect_seconds=0.05)
    await world.link.drop()
    await world.say(20001, "断线时说的", group=900001)
    await world.link.wait_up(2)
    await world.say(20001, "重连后说的", group=900001)
    frame = await bot_side.next_frame()
    assert frame["raw_message"] == "重连后说的"


async def test_frozen_link_does_not_answer_pings(connect, bot_side):
    world = await connect()
    world.link.freeze()
    pong = await bot_side.connection.ping()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(pong), 0.1)
    world.link.thaw()
    await asyncio.wait_for(pong, 2)


async def test_disconnect_can_be_repeated(world):
    await world.disconnect()
    await world.disconnect()
    assert not world.connected
    assert not await world.push({"post_type": "notice"})


async def test_non_json_frame_and_raw_event_reach_the_bot(world, bot_side):
    await world.push_text("这不是 JSON")
    assert (await asyncio.wait_for(bot_side.frames.get(), 2))["not_json"] == "这不是 JSON"
    await world.push({"post_type": "notice", "notice_type": "bot_offline", "tag": "被踢"})
    frame = await bot_side.next_frame("notice")
    assert (frame["tag"], frame["self_id"]) == ("被踢", 10001)


async def test_malformed_request_is_answered_without_echo(world, bot_side):
    replies = asyncio.get_running_loop().create_future()
    bot_side._replies["None"] = replies
    await bot_side.send("oops")
    reply = await asyncio.wait_for(replies, 2)
    assert reply["retcode"] == 1400
    assert reply["echo"] is None
