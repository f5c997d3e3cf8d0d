"""协议：各家 QQ 客户端真实的写法与坏帧都不崩、不漏、不重；接口只认带令牌的反向 WebSocket。"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from bot.app import Shell
from bot.sandbox import Dialect, SandboxError, SimulatedQQ, segments
from tests.chat.asking import spoken
from tests.stage import (
    BOT,
    COUNTY_GROUP,
    FIRST_ADMIN,
    TEACHER,
    THIRD_ADMIN,
    TOKEN,
    Stage,
)

MILESTONES = "时间节点："
_numbers = itertools.count(5_000_001)
Event = dict[str, Any]


def event(*parts: Any, **changes: Any) -> Event:
    """一条群消息事件；``changes`` 改字段，值是 ... 的去掉。"""
    base: Event = {
        "post_type": "message",
        "message_type": "group",
        "sub_type": "normal",
        "group_id": COUNTY_GROUP,
        "user_id": THIRD_ADMIN,
        "message_id": next(_numbers),
        "message": [
            {"type": "text", "data": {"text": part}} if isinstance(part, str) else part for part in parts
        ],
        "raw_message": "",
        "font": 0,
        "sender": {"user_id": THIRD_ADMIN, "nickname": "三中", "card": "", "role": "member"},
    }
    return {key: value for key, value in (base | changes).items() if value is not ...}


def at(qq: int | str) -> Event:
    """@ 段。"""
    return {"type": "at", "data": {"qq": qq}}


def quote(number: int | str) -> Event:
    """引用段。"""
    return {"type": "reply", "data": {"id": number}}


async def answered(stage: Stage, sent: Event) -> str:
    """推一个事件，等群里一句回话。"""
    await stage.world.push(sent)
    return (await stage.world.next_reply(group=COUNTY_GROUP)).body


async def still_answers(stage: Stage) -> None:
    """坏帧过后，照常答话，而且只答这一句。"""
    assert (await answered(stage, event("/节点"))).startswith(MILESTONES)
    assert len(spoken(stage, group=COUNTY_GROUP)) == 1


# ---- 消息的各种样子


@pytest.mark.parametrize(
    "sent",
    [
        event("/节点", message="/节点"),
        event("/节点", message=f"[CQ:at,qq={BOT}] /节点"),
        event("/节点", message="[CQ:reply,id=-77][CQ:at,qq=10004] /节点"),
        event("/节点", message_id=-2147483000),
        event("/节点", message_id=9_007_199_254_740_991),
        event("/节点", font=...),
        event("/节点", font="宋体"),
        event("/节点", raw_message=...),
        event("/节点", raw_message=["/节点"]),
        event("/节点", sub_type=...),
        event("/节点", sender=...),
        event("/节点", sender=None),
        event("/节点", sender={"level": 5, "user_id": THIRD_ADMIN, "nickname": "三中"}),
        event("/节点", anonymous=None, message_format="array", real_seq="12", raw={"a": 1}),
        event(None, "/节点", message=[{"type": "text", "data": {"text": None}}, *event("/节点")["message"]]),
        event("/节点", message=[None, *event("/节点")["message"]]),
        event("/节点", message=[{"type": "text"}, *event("/节点")["message"]]),
        event({"type": "mface", "data": {"summary": None}}, "/节点"),
        event({"type": "image", "data": {"file": "a.png", "file_size": "3", "sub_type": 1}}, "/节点"),
        event("/", "节点"),
        event("\u200b／节点\u3000"),
        event("\r\n /节点"),
    ],
    ids=[
        "string form",
        "string form with mention",
        "string form with quote and mention",
        "negative id",
        "id beyond 32 bits",
        "no font",
        "font name",
        "no raw_message",
        "raw_message list",
        "no sub_type",
        "no sender",
        "null sender",
        "level as a number",
        "unknown fields",
        "null text",
        "null element",
        "segment without data",
        "market face first",
        "picture first",
        "split text",
        "full-width slash behind an invisible character",
        "line break first",
    ],
)
async def test_command_is_found_in_every_shape(stage: Stage, sent: Event) -> None:
    assert (await answered(stage, sent)).startswith(MILESTONES)


@pytest.mark.parametrize(
    "parts",
    [
        (quote("123456"), at(FIRST_ADMIN), " /节点"),
        (quote(-123456), at(str(FIRST_ADMIN)), " ", at(str(FIRST_ADMIN)), "  /节点"),
        (quote("0"), " /节点"),
        (quote("abc"), "/节点"),
        (at(FIRST_ADMIN), " /节点"),
        (at("all"), " /节点"),
        (at(str(BOT)), at(FIRST_ADMIN), " ／节点"),
    ],
    ids=["quote", "doubled mention", "quote zero", "odd quote", "somebody else", "everybody", "several"],
)
async def test_command_stands_behind_quote_mentions_and_blanks(stage: Stage, parts: tuple) -> None:
    assert (await answered(stage, event(*parts))).startswith(MILESTONES)


async def test_quoted_message_is_not_fetched_for_a_command(stage: Stage) -> None:
    """取引用会让整条消息等满超时，命令用不着它。"""
    asked = await stage.world.say(FIRST_ADMIN, "在的", group=COUNTY_GROUP)
    stage.world.faults.swallow("get_msg", times=9)
    await stage.world.say(THIRD_ADMIN, "/节点", group=COUNTY_GROUP, quote=asked)
    assert (await stage.world.next_reply(group=COUNTY_GROUP, timeout=2)).body.startswith(MILESTONES)
    assert all(call.action != "get_msg" for call in stage.world.calls)


@pytest.mark.parametrize("target", [BOT, str(BOT)])
async def test_mention_counts_as_number_and_as_text(stage: Stage, target: int | str) -> None:
    assert "编号 scope.people.rehired_retiree" in await answered(
        stage, event(at(target), " 退休返聘的老师要不要录")
    )


async def test_code_like_text_in_a_reply_stays_text(stage: Stage) -> None:
    """有人想让机器人替他 @ 全体。"""
    reply = await answered(stage, event("/上报 [CQ:at,qq=all]"))
    assert "没认出“[CQ:at,qq=all]”是哪一项任务" in reply
    (said,) = [one for one in stage.world.messages(group=COUNTY_GROUP) if one.by_bot]
    assert not said.mentions_everyone


# ---- 不该理的


@pytest.mark.parametrize(
    "sent",
    [
        event("/节点", user_id=BOT),
        event("/节点", post_type="message_sent", user_id=BOT),
        event(),
        event("", message=""),
        event(at(FIRST_ADMIN)),
        event({"type": "face", "data": {"id": 14}}),
    ],
    ids=["own message", "message_sent", "empty list", "empty string", "mention only", "face only"],
)
async def test_own_and_empty_messages_are_ignored(stage: Stage, sent: Event) -> None:
    await stage.world.push(sent)
    await stage.silent()
    await still_answers(stage)


async def test_same_message_reported_twice_is_answered_once(stage: Stage) -> None:
    sent = event("/上报 责任书")
    await stage.world.push(sent)
    await stage.world.push(sent)
    await stage.world.next_reply(group=COUNTY_GROUP)
    await stage.world.quiet(0.3, group=COUNTY_GROUP)


async def test_same_command_said_twice_is_two_messages(stage: Stage) -> None:
    await stage.world.push(event("/节点"))
    await stage.world.push(event("/节点"))
    assert len(await stage.world.replies(2, group=COUNTY_GROUP)) == 2


@pytest.mark.parametrize(
    "frame",
    [
        {"post_type": "notice", "notice_type": "group_card", "user_id": TEACHER},
        {"post_type": "notice", "notice_type": "notify", "sub_type": "input_status"},
        {"post_type": "notice", "notice_type": "bot_offline", "tag": "x", "message": "y"},
        {"post_type": "notice", "notice_type": "notify", "sub_type": "poke", "raw_message": ["戳"]},
        {"post_type": "request", "request_type": "something"},
        {"post_type": "meta_event", "meta_event_type": "heartbeat"},
        {"post_type": "meta_event", "meta_event_type": "lifecycle", "sub_type": "enable"},
        {"post_type": "guild"},
        {"post_type": "message"},
        {"post_type": "message", "message_type": "guild", "message": "/节点"},
        {"post_type": "message", "message_type": "group", "notice_type": "x"},
        {"echo": None, "status": "ok", "retcode": 0, "data": None},
        {"echo": "unknown", "status": "failed"},
        {},
        event("/节点", message_id=...),
        event("/节点", message_id="base64=="),
        event("/节点", user_id=...),
        event("/节点", user_id="nobody"),
        event("/节点", message=None),
        event("/节点", message=7),
    ],
)
async def test_unknown_and_broken_events_do_no_harm(stage: Stage, frame: Event) -> None:
    await stage.world.push(frame)
    await still_answers(stage)


@pytest.mark.parametrize("text", ["[]", "7", "null", '"words"', "[{}]"])
async def test_json_that_is_no_object_is_ignored(stage: Stage, text: str) -> None:
    await stage.world.push_text(text)
    await still_answers(stage)


async def test_frame_that_is_not_json_breaks_the_link_and_the_client_returns(
    stage: Stage, shell: tuple[Shell, str]
) -> None:
    await stage.world.disconnect()
    await stage.world.connect(shell[1], TOKEN, reconnect_seconds=0.1)
    await stage.world.push_text("这不是 JSON {")
    await stage.world.link.wait_down(5)
    await stage.world.wait_connected()
    await still_answers(stage)


async def test_dropped_link_is_taken_up_again(stage: Stage, shell: tuple[Shell, str]) -> None:
    await stage.world.disconnect()
    await stage.world.connect(shell[1], TOKEN, reconnect_seconds=0.1)
    await stage.world.drop_link()
    await stage.world.wait_connected()
    await still_answers(stage)


# ---- 三种客户端


@pytest.fixture(params=list(Dialect))
async def client(
    request: pytest.FixtureRequest, stage: Stage, shell: tuple[Shell, str]
) -> AsyncIterator[SimulatedQQ]:
    """换一种客户端连上来（另一个机器人号），群和人照旧。"""
    await stage.world.disconnect()
    world = SimulatedQQ(88888, stage.clock.now, dialect=request.param)
    world.add_group(COUNTY_GROUP, "岳阳县工作群", bot_role="admin")
    for qq in (THIRD_ADMIN, FIRST_ADMIN, TEACHER):
        world.add_person(qq, f"{qq}（样例）")
        world.join(COUNTY_GROUP, qq)
        world.befriend(qq)
    await world.connect(shell[1], TOKEN)
    yield world
    await world.disconnect()


async def test_every_client_gets_one_quoting_answer(client: SimulatedQQ) -> None:
    asked = await client.say(THIRD_ADMIN, "/节点", group=COUNTY_GROUP)
    reply = await client.next_reply(group=COUNTY_GROUP)
    assert reply.body.startswith(MILESTONES)
    assert reply.quoted_id == asked.message_id
    await client.quiet(0.3, group=COUNTY_GROUP)


async def test_every_client_lets_one_quote_a_question(client: SimulatedQQ) -> None:
    asked = await client.say(FIRST_ADMIN, "退休返聘的老师要不要录", group=COUNTY_GROUP)
    await client.say(TEACHER, "这个呢", group=COUNTY_GROUP, at_bot=True, quote=asked)
    reply = await client.next_reply(group=COUNTY_GROUP)
    assert reply.body.endswith("编号 scope.people.rehired_retiree")


async def test_every_client_has_its_dialogues(client: SimulatedQQ) -> None:
    await client.say(THIRD_ADMIN, "/登记表")
    assert "回复“确认”执行" in (await client.next_reply(private=THIRD_ADMIN)).body
    await client.say(THIRD_ADMIN, "取消")
    assert (await client.next_reply(private=THIRD_ADMIN)).body == "已取消。"


# ---- 临时会话


async def test_temporary_session_answers_questions_only(stage: Stage) -> None:
    stage.world.state.friends.discard(THIRD_ADMIN)
    await stage.world.say(THIRD_ADMIN, "退休返聘的老师要不要录", temporary_from=COUNTY_GROUP)
    answer = await stage.world.next_reply(private=THIRD_ADMIN)
    assert answer.body.endswith("编号 scope.people.rehired_retiree")
    await stage.world.say(THIRD_ADMIN, "/进度", temporary_from=COUNTY_GROUP)
    refused = await stage.world.next_reply(private=THIRD_ADMIN)
    assert refused.body == "临时会话里只能问操作问题。办理业务请先加我为好友，再私聊我。"


# ---- 并发


async def test_many_people_at_once_each_get_their_own_answer(stage: Stage) -> None:
    asked = [
        await stage.world.say(qq, "/我的", group=COUNTY_GROUP)
        for qq in (THIRD_ADMIN, FIRST_ADMIN, TEACHER) * 3
    ]
    replies = await stage.world.replies(len(asked), group=COUNTY_GROUP)
    assert {reply.quoted_id for reply in replies} == {one.message_id for one in asked}


async def test_one_persons_messages_are_handled_in_order(stage: Stage) -> None:
    for text in ("/上报 责任书", "/上报 撤回 责任书", "确认", "/上报 责任书"):
        await stage.world.say(THIRD_ADMIN, text)
    replies = await stage.world.replies(4, private=THIRD_ADMIN)
    assert [reply.body[:3] for reply in replies] == ["已上报", "将撤回", "已撤回", "已上报"]


async def test_failed_reply_does_not_stop_the_next(stage: Stage) -> None:
    stage.world.faults.fail("send_group_msg")
    await stage.world.push(event("/节点"))
    await stage.world.next_call("send_group_msg")
    await still_answers(stage)


async def test_text_with_a_picture_still_counts(stage: Stage) -> None:
    await stage.world.say(TEACHER, ["/节点", segments.picture(b"png")], group=COUNTY_GROUP)
    assert (await stage.world.next_reply(group=COUNTY_GROUP)).body.startswith(MILESTONES)


# ---- 接口


@pytest.mark.parametrize("token", ["", "wrong-token", TOKEN + "x", TOKEN.upper()])
async def test_wrong_token_is_refused(shell: tuple[Shell, str], stage: Stage, token: str) -> None:
    stranger = SimulatedQQ(66666, stage.clock.now)
    with pytest.raises(SandboxError, match="403"):
        await stranger.connect(shell[1], token)


async def test_token_in_the_address_is_refused(shell: tuple[Shell, str]) -> None:
    with pytest.raises(InvalidStatus):
        await connect(f"{shell[1]}?access_token={TOKEN}", additional_headers={"X-Self-ID": "66666"})


@pytest.mark.parametrize(
    "path", ["/onebot/v11/", "/onebot/v11/http", "/onebot/v11/http/", "/onebot/v11", "/"]
)
@pytest.mark.parametrize("headers", [{}, {"Authorization": f"Bearer {TOKEN}"}])
async def test_events_posted_over_http_are_not_accepted(
    shell: tuple[Shell, str], stage: Stage, path: str, headers: dict[str, str]
) -> None:
    port = shell[1].split(":")[2].split("/")[0]
    async with httpx.AsyncClient(trust_env=False) as outside:
        response = await outside.post(
            f"http://127.0.0.1:{port}{path}",
            json=event("/节点", self_id=66666, time=1),
            headers={"X-Self-ID": "66666"} | headers,
        )
    assert response.status_code in (403, 404, 405)
    await stage.silent()


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
async def test_no_web_pages_are_offered(shell: tuple[Shell, str], path: str) -> None:
    port = shell[1].split(":")[2].split("/")[0]
    async with httpx.AsyncClient(trust_env=False) as outside:
        assert (await outside.get(f"http://127.0.0.1:{port}{path}")).status_code == 404
