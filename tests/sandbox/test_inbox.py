"""读消息：下一条、下几条、安静、书签和旁观者。"""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox import SandboxError

GROUP = 900001
TEACHER = 20001


async def speak(bot_side, message: str, **target: int) -> None:
    await bot_side.data("send_msg", message=message, **(target or {"group_id": GROUP}))


async def test_next_reply_waits_for_the_bot_in_that_place(world, bot_side):
    await world.say(TEACHER, "问", group=GROUP)
    waiting = asyncio.create_task(world.next_reply(group=GROUP))
    await speak(bot_side, "私下的", user_id=TEACHER)
    assert not waiting.done()
    await speak(bot_side, "群里的")
    assert (await waiting).text == "群里的"


async def test_next_reply_goes_on_from_the_last_one_read(world, bot_side):
    await world.say(TEACHER, "问", group=GROUP)
    for text in ("一", "二", "三"):
        await speak(bot_side, text)
    assert [(await world.next_reply(group=GROUP)).text for _ in range(3)] == ["一", "二", "三"]


async def test_saying_something_moves_the_bookmark(world, bot_side):
    await speak(bot_side, "旧的")
    await world.say(TEACHER, "问", group=GROUP)
    await speak(bot_side, "新的")
    assert (await world.next_reply(group=GROUP)).text == "新的"


async def test_after_reaches_back(world, bot_side):
    first = await world.say(TEACHER, "问", group=GROUP)
    await speak(bot_side, "答")
    await world.say(TEACHER, "再问", group=GROUP)
    assert (await world.next_reply(group=GROUP, after=first)).text == "答"
    assert (await world.next_reply(group=GROUP, after=-1)).text == "答"


async def test_replies_collects_in_order(world, bot_side):
    await world.say(TEACHER, "问", group=GROUP)
    waiting = asyncio.create_task(world.replies(2, group=GROUP))
    await speak(bot_side, "一")
    await speak(bot_side, "二")
    assert [message.text for message in await waiting] == ["一", "二"]


async def test_timeout_tells_what_was_seen(world, bot_side):
    await world.say(TEACHER, "问", group=GROUP)
    await bot_side.call("send_private_msg", user_id=20002, message="答")
    with pytest.raises(TimeoutError, match=r"三中 王丽：问[\s\S]*请先添加对方为好友"):
        await world.next_reply(group=GROUP, timeout=0.05)


async def test_quiet_passes_only_without_a_word(world, bot_side):
    await world.say(TEACHER, "闲聊", group=GROUP)
    await world.quiet(0.05)
    await speak(bot_side, "插嘴")
    with pytest.raises(AssertionError, match="插嘴"):
        await world.quiet(0.05, group=GROUP)
    with pytest.raises(AssertionError, match="插嘴"):
        await world.quiet(0.05)


async def test_quiet_in_one_place_ignores_the_other(world, bot_side):
    await speak(bot_side, "群里的")
    await world.quiet(0.05, private=TEACHER)


async def test_settled_waits_for_the_end_of_a_burst(world, bot_side):
    async def burst() -> None:
        for number in range(4):
            await asyncio.sleep(0.02)
            await speak(bot_side, str(number))

    task = asyncio.create_task(burst())
    await world.settled(0.15)
    assert task.done()


async def test_a_place_must_be_one_place(world):
    with pytest.raises(SandboxError, match="一个"):
        await world.next_reply()


async def test_listeners_see_everything_until_they_leave(world, bot_side):
    seen: list[str] = []
    unsubscribe = world.subscribe(lambda happening: seen.append(f"{happening.kind} {happening.text}"))
    message = await world.say(TEACHER, "发错", group=GROUP)
    await world.recall(message)
    await speak(bot_side, "答")
    unsubscribe()
    await speak(bot_side, "看不到")
    assert seen == ["message 发错", "recall 三中 王丽 撤回了一条消息", "message 答"]


async def test_text_shows_at_quote_picture_and_file(world, bot_side):
    first = await world.say(TEACHER, "密码忘了", group=GROUP)
    await speak(
        bot_side,
        f"[CQ:reply,id={first.message_id}][CQ:at,qq={TEACHER}] 找管理员[CQ:image,file=base64://AAAA]",
    )
    reply = await world.next_reply(group=GROUP)
    assert reply.text == "「引用 三中 王丽：密码忘了」@三中 王丽 找管理员[图片]"
    assert reply.body == "@三中 王丽 找管理员[图片]"
    assert reply.quoted_id == first.message_id
