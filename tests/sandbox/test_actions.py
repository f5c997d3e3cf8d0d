"""机器人能调用的 API：发送的各种写法、规矩、撤回、历史、名单和文件。"""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

GROUP = 900001
TEACHER, REVIEWER, STRANGER = 20001, 20002, 20003
PNG = b"\x89PNG1234"


@pytest.mark.parametrize(
    "message",
    [
        [{"type": "at", "data": {"qq": "20001"}}, {"type": "text", "data": {"text": " 请看"}}],
        "[CQ:at,qq=20001] 请看",
        ["[CQ:at,qq=20001]", {"type": "text", "data": {"text": " 请看"}}],
    ],
    ids=["array", "string", "mixed"],
)
async def test_every_form_of_message_is_understood(world, bot_side, message):
    await bot_side.data("send_msg", message_type="group", group_id=GROUP, message=message)
    sent = world.messages(group=GROUP)[0]
    assert sent.text == "@三中 王丽 请看"
    assert sent.mentions == (TEACHER,)


async def test_single_segment_object_is_understood(world, bot_side):
    await bot_side.data("send_group_msg", group_id=GROUP, message={"type": "text", "data": {"text": "一段"}})
    assert world.messages(group=GROUP)[0].text == "一段"


async def test_auto_escape_keeps_cq_codes_as_text(world, bot_side):
    await bot_side.data("send_group_msg", group_id=GROUP, message="[CQ:at,qq=all]", auto_escape=True)
    assert world.messages(group=GROUP)[0].text == "[CQ:at,qq=all]"


async def test_reply_carries_echo_and_message_id(world, bot_side):
    reply = await bot_side.call("send_private_msg", user_id=TEACHER, message="你好")
    assert (reply["status"], reply["retcode"]) == ("ok", 0)
    assert reply["data"]["message_id"] == world.messages(private=TEACHER)[0].message_id


async def test_ids_may_be_strings(world, bot_side):
    await bot_side.data("send_group_msg", group_id=str(GROUP), message="好")
    assert world.messages(group=GROUP)[0].by_bot


async def test_private_message_to_a_non_friend_fails_and_nothing_is_delivered(world, bot_side):
    reply = await bot_side.call("send_private_msg", user_id=REVIEWER, message="你好")
    assert (reply["status"], reply["retcode"], reply["wording"]) == ("failed", 1200, "请先添加对方为好友")
    assert world.messages(private=REVIEWER) == []


async def test_temporary_session_can_be_answered(world, bot_side):
    await world.say(REVIEWER, "你好", temporary_from=GROUP)
    await bot_side.data("send_msg", message_type="private", user_id=REVIEWER, group_id=GROUP, message="您好")
    assert (await world.next_reply(private=REVIEWER)).temporary_from == GROUP


async def test_group_may_forbid_temporary_sessions(world, bot_side):
    world.state.group(GROUP).temporary_chat_allowed = False
    reply = await bot_side.call("send_private_msg", user_id=REVIEWER, group_id=GROUP, message="您好")
    assert "103" in reply["wording"]


async def test_unknown_person_and_missing_group_fail(world, bot_side):
    assert (await bot_side.call("send_private_msg", user_id=1, message="?"))["wording"] == "无法获取用户信息"
    assert "110" in (await bot_side.call("send_group_msg", group_id=1, message="?"))["wording"]


async def test_at_of_a_non_member_becomes_plain_text(world, bot_side):
    await bot_side.data("send_group_msg", group_id=GROUP, message=f"[CQ:at,qq={STRANGER}]在吗")
    sent = world.messages(group=GROUP)[0]
    assert (sent.text, sent.mentions) == ("@路人甲 在吗", ())


async def test_at_all_needs_a_manager_and_a_quota(world, bot_side):
    await bot_side.data("send_group_msg", group_id=GROUP, message="[CQ:at,qq=all]通知")
    assert not world.messages(group=GROUP)[-1].mentions_everyone
    world.join(GROUP, 10001, role="admin")
    before = await bot_side.data("get_group_at_all_remain", group_id=GROUP)
    await bot_side.data("send_group_msg", group_id=GROUP, message="[CQ:at,qq=all]通知")
    after = await bot_side.data("get_group_at_all_remain", group_id=GROUP)
    assert world.messages(group=GROUP)[-1].mentions_everyone
    assert before["remain_at_all_count_for_uin"] - after["remain_at_all_count_for_uin"] == 1


async def test_reply_to_an_unknown_message_is_left_out(world, bot_side):
    await bot_side.data("send_group_msg", group_id=GROUP, message="[CQ:reply,id=77]好")
    assert world.messages(group=GROUP)[0].quoted_id is None


async def test_muted_bot_cannot_send(world, bot_side):
    await world.mute(GROUP, bot_only=True)
    assert "120" in (await bot_side.call("send_group_msg", group_id=GROUP, message="?"))["wording"]
    await world.mute(GROUP, on=False, bot_only=True)
    await bot_side.data("send_group_msg", group_id=GROUP, message="可以了")


@pytest.mark.parametrize("message", ["", [], [{"type": "reply", "data": {"id": "1"}}], None, [3]])
async def test_empty_or_unreadable_message_fails(world, bot_side, message):
    reply = await bot_side.call("send_group_msg", group_id=GROUP, message=message)
    assert reply["status"] == "failed"
    assert world.messages() == []


async def test_too_long_a_message_fails(world, bot_side):
    reply = await bot_side.call("send_group_msg", group_id=GROUP, message="长" * 5001)
    assert "过长" in reply["wording"]


async def test_unknown_action_and_missing_parameter(world, bot_side):
    assert (await bot_side.call("make_coffee"))["retcode"] == 1404
    assert (await bot_side.call("send_group_msg", message="没有群号"))["retcode"] == 1400


async def test_picture_of_the_bot_is_kept_as_bytes(world, bot_side):
    picture = {"type": "image", "data": {"file": "base64://" + base64.b64encode(PNG).decode()}}
    await bot_side.data("send_group_msg", group_id=GROUP, message=[picture])
    sent = world.messages(group=GROUP)[0]
    assert sent.text == "[图片]"
    assert sent.pictures[0].content == PNG


async def test_broken_base64_fails(world, bot_side):
    reply = await bot_side.call("send_group_msg", group_id=GROUP, message="[CQ:image,file=base64://!!]")
    assert "base64" in reply["wording"]


@pytest.mark.parametrize("form", ["base64", "uri", "path"])
async def test_uploaded_file_arrives_with_name_and_bytes(world, bot_side, tmp_path: Path, form):
    path = tmp_path / "登记表.docx"
    path.write_bytes(b"PK-docx")
    source = {
        "base64": "base64://" + base64.b64encode(b"PK-docx").decode(),
        "uri": path.as_uri(),
        "path": str(path),
    }[form]
    await bot_side.data("upload_private_file", user_id=TEACHER, file=source, name="登记表.docx")
    sent = await world.next_reply(private=TEACHER)
    assert sent.text == "[文件 登记表.docx]"
    assert (sent.files[0].name, sent.files[0].content) == ("登记表.docx", b"PK-docx")


async def test_upload_of_a_missing_path_fails(world, bot_side):
    reply = await bot_side.call("upload_group_file", group_id=GROUP, file="/no/such/file", name="a.txt")
    assert "ENOENT" in reply["wording"]


async def test_file_of_a_person_can_be_fetched_in_three_ways(connect, bot_side):
    world = await connect(files_as_base64=True)
    await world.send_file(TEACHER, "名单.xlsx", b"PK123", group=GROUP)
    file_id = (await bot_side.next_frame())["message"][0]["data"]["file_id"]
    notice_id = (await bot_side.next_frame("notice"))["file"]["id"]
    url = (await bot_side.data("get_group_file_url", group_id=GROUP, file_id=notice_id))["url"]
    assert file_id in url
    fetched = await bot_side.data("get_file", file_id=file_id)
    assert Path(fetched["file"]).read_bytes() == b"PK123"
    assert base64.b64decode(fetched["base64"]) == b"PK123"
    assert (await bot_side.call("get_file", file_id="没有"))["wording"] == "file not found"


async def test_get_msg_gives_what_the_adapter_needs_for_a_quote(world, bot_side):
    message = await world.say(TEACHER, "原话", group=GROUP)
    data = await bot_side.data("get_msg", message_id=message.message_id)
    needed = {"time", "message_type", "message_id", "real_id", "sender", "message"}
    assert needed <= data.keys()
    assert data["message"][0]["data"]["text"] == "原话"


async def test_get_msg_of_a_recalled_message_is_empty_but_ok(world, bot_side):
    message = await world.say(TEACHER, "身份证号", group=GROUP)
    await world.recall(message)
    assert (await bot_side.data("get_msg", message_id=message.message_id))["message"] == []


async def test_bot_recalls_members_only_as_manager(world, bot_side):
    message = await world.say(TEACHER, "身份证号", group=GROUP)
    assert "decode failed" in (await bot_side.call("delete_msg", message_id=message.message_id))["wording"]
    world.join(GROUP, 10001, role="admin")
    await bot_side.data("delete_msg", message_id=message.message_id)
    assert message.recalled
    assert (await bot_side.next_frame("notice"))["operator_id"] == 10001


async def test_manager_cannot_recall_the_owner(world, bot_side):
    world.join(GROUP, 10001, role="admin")
    message = await world.say(REVIEWER, "群主的话", group=GROUP)
    assert (await bot_side.call("delete_msg", message_id=message.message_id))["status"] == "failed"


async def test_own_messages_can_be_recalled_for_two_minutes(world, bot_side, clock):
    first = (await bot_side.data("send_private_msg", user_id=TEACHER, message="一"))["message_id"]
    second = (await bot_side.data("send_private_msg", user_id=TEACHER, message="二"))["message_id"]
    await bot_side.data("delete_msg", message_id=first)
    clock.advance(minutes=3)
    assert (await bot_side.call("delete_msg", message_id=second))["status"] == "failed"


async def test_private_message_of_the_other_side_cannot_be_recalled(world, bot_side):
    message = await world.say(TEACHER, "身份证号")
    assert (await bot_side.call("delete_msg", message_id=message.message_id))["status"] == "failed"


async def test_history_ends_with_the_newest_and_includes_the_bot(world, bot_side):
    for number in range(5):
        await world.say(TEACHER, f"第{number}句", group=GROUP)
    await bot_side.data("send_group_msg", group_id=GROUP, message="机器人的话")
    data = await bot_side.data("get_group_msg_history", group_id=GROUP, count=3)
    assert [item["raw_message"] for item in data["messages"]] == ["第3句", "第4句", "机器人的话"]
    assert data["messages"][-1]["user_id"] == 10001
    earlier = await bot_side.data(
        "get_group_msg_history", group_id=GROUP, count=2, message_seq=data["messages"][0]["message_seq"]
    )
    assert [item["raw_message"] for item in earlier["messages"]] == ["第2句", "第3句"]


async def test_friend_history(world, bot_side):
    await world.say(TEACHER, "私下说")
    data = await bot_side.data("get_friend_msg_history", user_id=TEACHER)
    assert [item["raw_message"] for item in data["messages"]] == ["私下说"]


async def test_forward_is_one_message_that_can_be_read_back(world, bot_side):
    nodes = [
        {"type": "node", "data": {"user_id": "10001", "nickname": "助手", "content": "第一条"}},
        {"type": "node", "data": {"uin": "10001", "name": "助手", "content": [text("第二条")]}},
    ]
    data = await bot_side.data("send_group_forward_msg", group_id=GROUP, messages=nodes)
    assert world.messages(group=GROUP)[0].text == "[合并转发 2 条]\n助手：第一条\n助手：第二条"
    read = await bot_side.data("get_forward_msg", id=data["forward_id"])
    assert read["messages"][1]["content"] == [text("第二条")]


async def test_forward_without_messages_fails(world, bot_side):
    assert (await bot_side.call("send_private_forward_msg", user_id=TEACHER))["retcode"] == 1400


async def test_lists_of_groups_members_and_friends(world, bot_side):
    assert (await bot_side.data("get_group_list"))[0]["member_count"] == 3
    members = await bot_side.data("get_group_member_list", group_id=GROUP)
    assert {member["user_id"]: member["role"] for member in members} == {
        10001: "member",
        TEACHER: "member",
        REVIEWER: "owner",
    }
    member = await bot_side.data("get_group_member_info", group_id=GROUP, user_id=TEACHER)
    assert member["card"] == "三中 王丽"
    assert [friend["user_id"] for friend in await bot_side.data("get_friend_list")] == [TEACHER]
    left = await bot_side.call("get_group_member_info", group_id=GROUP, user_id=STRANGER)
    assert left["status"] == "failed"


@pytest.mark.parametrize(
    ("action", "params", "key", "value"),
    [
        ("get_login_info", {}, "user_id", 10001),
        ("get_status", {}, "online", True),
        ("get_version_info", {}, "protocol_version", "v11"),
        ("get_group_info", {"group_id": GROUP}, "group_name", "岳阳县教师系统工作群"),
        ("get_stranger_info", {"user_id": STRANGER}, "nickname", "路人甲"),
        ("can_send_image", {}, "yes", True),
    ],
)
async def test_information(world, bot_side, action, params, key, value):
    assert (await bot_side.data(action, **params))[key] == value


async def test_go_cqhttp_takes_only_local_paths_and_lacks_get_file(connect, bot_side):
    await connect(dialect="string")
    reply = await bot_side.call("upload_private_file", user_id=TEACHER, file="base64://AAAA", name="a.txt")
    assert (reply["status"], reply["retcode"]) == ("failed", 100)
    assert (await bot_side.call("get_file", file_id="x"))["retcode"] == 1404


def text(value: str) -> dict[str, object]:
    return {"type": "text", "data": {"text": value}}
