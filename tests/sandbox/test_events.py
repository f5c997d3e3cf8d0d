"""上报帧的样子：三种客户端，群、好友、临时会话，引用、@、文件和通知。"""

from __future__ import annotations

import asyncio
import urllib.request

import pytest
from nonebot.adapters.onebot.v11 import (
    Adapter,
    FriendRequestEvent,
    GroupDecreaseNoticeEvent,
    GroupIncreaseNoticeEvent,
    GroupMessageEvent,
    GroupRecallNoticeEvent,
    GroupUploadNoticeEvent,
    PrivateMessageEvent,
)

from bot.sandbox import SandboxError, picture

GROUP = 900001
TEACHER, REVIEWER, STRANGER = 20001, 20002, 20003
DIALECTS = ["array", "string", "lagrange"]


async def test_group_message_of_napcat_field_by_field(world, bot_side):
    message = await world.say(TEACHER, "密码忘了", group=GROUP)
    frame = await bot_side.next_frame()
    assert frame == {
        "self_id": 10001,
        "user_id": TEACHER,
        "time": 1487550600,
        "message_id": message.message_id,
        "message_seq": message.message_id,
        "real_id": message.message_id,
        "real_seq": "1",
        "message_type": "group",
        "sub_type": "normal",
        "sender": {"user_id": TEACHER, "nickname": "王丽", "card": "三中 王丽", "role": "member"},
        "raw_message": "密码忘了",
        "message": [{"type": "text", "data": {"text": "密码忘了"}}],
        "message_format": "array",
        "font": 14,
        "post_type": "message",
        "group_id": GROUP,
        "group_name": "岳阳县教师系统工作群",
    }


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_the_adapter_understands_every_dialect(connect, bot_side, dialect):
    world = await connect(dialect=dialect)
    await world.say(TEACHER, "你好 [CQ:face] & 再见", group=GROUP, at_bot=True)
    event = Adapter.json_to_event(await bot_side.next_frame())
    assert isinstance(event, GroupMessageEvent)
    assert event.message.extract_plain_text() == " 你好 [CQ:face] & 再见"
    await world.say(TEACHER, "私下问")
    event = Adapter.json_to_event(await bot_side.next_frame())
    assert isinstance(event, PrivateMessageEvent)
    assert event.sub_type == "friend"


async def test_string_dialect_speaks_cq_codes_and_negative_ids(connect, bot_side):
    world = await connect(dialect="string")
    first = await world.say(TEACHER, "第一句", group=GROUP)
    await world.say(REVIEWER, "a[b],c", group=GROUP, quote=first, at_bot=True)
    await bot_side.next_frame()
    frame = await bot_side.next_frame()
    assert first.message_id < 0
    assert frame["message"] == (
        f"[CQ:reply,id={first.message_id}][CQ:at,qq=20001] [CQ:at,qq=10001] a&#91;b&#93;,c"
    )
    assert "message_format" not in frame


async def test_message_ids_are_unique_and_fit_31_bits(world):
    sent = [await world.say(TEACHER, "x", group=GROUP) for _ in range(200)]
    numbers = {message.message_id for message in sent}
    assert len(numbers) == 200
    assert all(0 < number < 2**31 for number in numbers)


async def test_quoting_in_a_group_inserts_the_at_of_the_quoted_sender(world, bot_side):
    first = await world.say(TEACHER, "第一句", group=GROUP)
    await world.say(REVIEWER, "同意", group=GROUP, quote=first)
    await world.say(REVIEWER, "删了 @", group=GROUP, quote=first.message_id, quote_at=False)
    await bot_side.next_frame()
    quoted, plain = await bot_side.next_frame(), await bot_side.next_frame()
    assert [part["type"] for part in quoted["message"]] == ["reply", "at", "text"]
    assert quoted["message"][2]["data"]["text"] == " 同意"
    assert [part["type"] for part in plain["message"]] == ["reply", "text"]


async def test_temporary_session_hides_the_nickname_and_names_the_group(world, bot_side):
    await world.say(REVIEWER, "我不是好友", temporary_from=GROUP)
    frame = await bot_side.next_frame()
    assert (frame["sub_type"], frame["group_id"], frame["temp_source"]) == ("group", GROUP, 0)
    assert frame["sender"]["nickname"] == "临时会话"
    assert isinstance(Adapter.json_to_event(frame), PrivateMessageEvent)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"qq": STRANGER, "group": GROUP}, "不存在"),
        ({"qq": REVIEWER}, "不是机器人的好友"),
        ({"qq": 777}, "请先 add_person"),
        ({"qq": TEACHER, "group": 1}, "群 1 不存在"),
        ({"qq": TEACHER, "group": GROUP, "quote": 5}, "可引用"),
    ],
)
async def test_what_people_cannot_do_is_refused(world, arguments, sentence):
    with pytest.raises(SandboxError, match=sentence):
        await world.say(content="你好", **arguments)
    assert world.messages() == []


async def test_muted_group_silences_members_but_not_the_owner(world, bot_side):
    await world.mute(GROUP)
    frame = await bot_side.next_frame("notice")
    assert (frame["notice_type"], frame["user_id"], frame["duration"]) == ("group_ban", 0, -1)
    with pytest.raises(SandboxError, match="禁言"):
        await world.say(TEACHER, "说不出来", group=GROUP)
    assert (await world.say(REVIEWER, "群主能说", group=GROUP)).text == "群主能说"


async def test_napcat_group_file_is_a_message_and_a_notice_with_another_id(world, bot_side):
    await world.send_file(TEACHER, "名单.xlsx", b"PK123", group=GROUP)
    message = await bot_side.next_frame()
    notice = await bot_side.next_frame("notice")
    data = message["message"][0]["data"]
    assert (data["file"], data["file_size"]) == ("名单.xlsx", "5")
    assert notice["file"]["name"] == "名单.xlsx"
    assert notice["file"]["id"] != data["file_id"]
    assert "url" not in notice["file"]
    assert isinstance(Adapter.json_to_event(notice), GroupUploadNoticeEvent)


async def test_napcat_private_file_is_only_a_message_with_a_working_url(world, bot_side):
    await world.send_file(TEACHER, "名单.xlsx", b"PK123")
    frame = await bot_side.next_frame()
    url = frame["message"][0]["data"]["url"]
    assert url.endswith("fname=")
    assert await asyncio.to_thread(fetch, url + "x.xlsx") == b"PK123"
    assert bot_side.frames.empty()


async def test_without_file_urls_the_segment_has_none(connect, bot_side):
    world = await connect(file_urls=False)
    await world.send_file(TEACHER, "名单.xlsx", b"PK123")
    frame = await bot_side.next_frame()
    assert "url" not in frame["message"][0]["data"]


async def test_go_cqhttp_private_file_is_only_a_notice(connect, bot_side):
    world = await connect(dialect="string")
    await world.send_file(TEACHER, "名单.xlsx", b"PK123")
    frame = await asyncio.wait_for(bot_side.frames.get(), 2)
    assert frame["notice_type"] == "offline_file"
    assert frame["file"].keys() == {"name", "size", "url"}


async def test_lagrange_group_file_is_an_empty_message_and_a_notice_with_url(connect, bot_side):
    world = await connect(dialect="lagrange")
    await world.send_file(TEACHER, "名单.xlsx", b"PK123", group=GROUP)
    message = await bot_side.next_frame()
    notice = await bot_side.next_frame("notice")
    assert (message["message"], message["raw_message"]) == ([], "")
    assert await asyncio.to_thread(fetch, notice["file"]["url"]) == b"PK123"


async def test_lagrange_reports_the_bots_own_messages_as_ordinary_ones(connect, bot_side):
    await connect(dialect="lagrange")
    await bot_side.data("send_group_msg", group_id=GROUP, message="我说的")
    frame = await bot_side.next_frame()
    assert (frame["user_id"], frame["self_id"], frame["raw_message"]) == (10001, 10001, "我说的")


async def test_own_messages_of_napcat_are_message_sent_when_switched_on(connect, bot_side):
    await connect(report_own=True)
    await bot_side.data("send_group_msg", group_id=GROUP, message="我说的")
    assert (await bot_side.next_frame("message_sent"))["raw_message"] == "我说的"


async def test_picture_carries_url_and_string_size(world, bot_side):
    await world.say(TEACHER, ["看图", picture(b"\x89PNG1234", "图.png")], group=GROUP)
    data = (await bot_side.next_frame())["message"][1]["data"]
    assert (data["file"], data["file_size"], data["sub_type"]) == ("图.png", "8", 0)
    assert await asyncio.to_thread(fetch, data["url"]) == b"\x89PNG1234"


async def test_recall_by_the_sender(world, bot_side):
    message = await world.say(TEACHER, "发错了", group=GROUP)
    await world.recall(message)
    event = Adapter.json_to_event(await bot_side.next_frame("notice"))
    assert isinstance(event, GroupRecallNoticeEvent)
    assert (event.message_id, event.operator_id) == (message.message_id, TEACHER)
    assert message.recalled


async def test_people_come_and_go(world, bot_side):
    await world.arrive(GROUP, STRANGER, "新来的")
    assert isinstance(Adapter.json_to_event(await bot_side.next_frame("notice")), GroupIncreaseNoticeEvent)
    await world.depart(GROUP, STRANGER, kicked_by=REVIEWER)
    event = Adapter.json_to_event(await bot_side.next_frame("notice"))
    assert isinstance(event, GroupDecreaseNoticeEvent)
    assert (event.sub_type, event.operator_id) == ("kick", REVIEWER)
    assert [notice.text for notice in world.state.notices] == ["新来的 加入了群聊", "新来的 离开了群聊"]


async def test_friend_request_is_approved_by_flag(world, bot_side):
    await world.request_friend(STRANGER, "我是新来的老师")
    event = Adapter.json_to_event(await bot_side.next_frame("request"))
    assert isinstance(event, FriendRequestEvent)
    await bot_side.data("set_friend_add_request", flag=event.flag, approve=True)
    assert (await bot_side.next_frame("notice"))["notice_type"] == "friend_add"
    await world.say(STRANGER, "现在是好友了")
    assert (await bot_side.call("set_friend_add_request", flag=event.flag))["status"] == "failed"


async def test_group_invitation_is_approved_by_flag(world, bot_side):
    world.leave(GROUP, 10001)
    await world.invite_bot(REVIEWER, GROUP)
    request = await bot_side.next_frame("request")
    assert (request["sub_type"], request["group_id"]) == ("invite", GROUP)
    await bot_side.data("set_group_add_request", flag=request["flag"], sub_type="invite", approve=True)
    assert [group["group_id"] for group in await bot_side.data("get_group_list")] == [GROUP]


def fetch(url: str) -> bytes:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2) as response:
        return response.read()
