"""网页的服务端：状态、说话、文件、撤回、时钟、推送，以及拒绝别处来的请求。"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.sandbox import SandboxError, at, text
from bot.sandbox.page import SandboxPage
from bot.sandbox.page.mentions import split_mentions

GROUP = 900001
TEACHER, REVIEWER, STRANGER = 20001, 20002, 20003


@pytest.fixture
async def page(world, clock) -> AsyncIterator[SandboxPage]:
    async def move(target) -> None:
        clock.time = target

    page = SandboxPage(world, 0, now=clock, move_clock=move)
    await page.start()
    yield page
    await page.stop()


@pytest.fixture
async def browser(page) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"X-Sandbox": "1"}
    async with httpx.AsyncClient(base_url=page.url, headers=headers, trust_env=False) as client:
        yield client


def in_group(**fields) -> dict:
    return {"person": TEACHER, "kind": "group", "number": GROUP} | fields


async def test_page_and_its_parts_load_without_external_resources(browser):
    index = await browser.get("/")
    assert "http" not in index.text.replace("http-equiv", "")
    for name in ("style.css", "messages.css", "app.js", "store.js", "robot.svg"):
        assert (await browser.get(f"/static/{name}")).status_code == 200
    assert (await browser.get("/static/..%2fserver.py")).status_code == 404


async def test_state_lists_people_with_labels_groups_and_messages(world, browser):
    await world.say(TEACHER, "你好", group=GROUP)
    state = (await browser.get("/api/state")).json()
    assert state["people"][0] == {
        "qq": TEACHER,
        "name": "王丽",
        "label": "教师 · 岳阳县第三中学",
        "friend": True,
    }
    assert state["groups"][0]["members"][1]["name"] == "三中 王丽"
    assert state["messages"][0]["parts"] == [{"type": "text", "text": "你好"}]
    assert (state["now"], state["clock"], state["connected"]) == ("2017-02-20T08:30", True, True)


async def test_saying_turns_at_names_into_real_mentions(world, browser, bot_side):
    await browser.post("/api/say", json=in_group(text="@教师系统助手 请看 @县教育局 周敏 的话"))
    frame = await bot_side.next_frame()
    assert [part["type"] for part in frame["message"]] == ["at", "text", "at", "text"]
    assert world.messages(group=GROUP)[0].mentions == (10001, REVIEWER)


async def test_only_managers_can_at_everyone(world):
    assert split_mentions(world, GROUP, REVIEWER, "@全体成员 开会") == [at("all"), text(" 开会")]
    assert split_mentions(world, GROUP, TEACHER, "@全体成员 开会") == [text("@全体成员 开会")]


async def test_quote_and_private_and_temporary_session(world, browser):
    first = await world.say(TEACHER, "原话", group=GROUP)
    await browser.post("/api/say", json=in_group(text="引用它", quote=first.message_id))
    assert world.messages(group=GROUP)[1].quoted_id == first.message_id
    await browser.post(
        "/api/say", json={"person": REVIEWER, "kind": "private", "number": REVIEWER, "text": "私聊"}
    )
    assert world.messages(private=REVIEWER)[0].temporary_from == GROUP


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (in_group(text="  "), "消息不能是空的"),
        (in_group(text="x", person=STRANGER), "不存在"),
        ({"person": STRANGER, "kind": "private", "number": STRANGER, "text": "x"}, "不是机器人的好友"),
        ({"text": "x"}, "请求写得不对"),
    ],
)
async def test_bad_requests_get_a_sentence(browser, body, sentence):
    response = await browser.post("/api/say", json=body)
    assert response.status_code == 400
    assert sentence in response.json()["error"]


async def test_upload_sends_a_file_and_it_can_be_downloaded(world, browser):
    query = in_group(name="C:\\\\名单 1.xlsx")
    await browser.post("/api/file", params=query, content=b"PK123")
    stored = world.messages(group=GROUP)[0].files[0]
    assert (stored.name, stored.content) == ("名单 1.xlsx", b"PK123")
    response = await browser.get(f"/files/{stored.file_id}?download=1")
    assert response.content == b"PK123"
    assert response.headers["content-disposition"].startswith("attachment")


async def test_uploaded_html_is_never_shown_inline(world, browser):
    await browser.post("/api/file", params=in_group(name="a.png"), content=b"<script>alert(1)</script>")
    stored = world.messages(group=GROUP)[0].files[0]
    response = await browser.get(f"/files/{stored.file_id}")
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_upload_as_picture(world, browser):
    query = in_group(name="图.png") | {"as": "picture"}
    await browser.post("/api/file", params=query, content=b"\x89PNG123")
    stored = world.messages(group=GROUP)[0].pictures[0]
    assert (await browser.get(f"/files/{stored.file_id}")).headers["content-type"] == "image/png"


async def test_people_recall_only_their_own_messages(world, browser):
    message = await world.say(TEACHER, "发错", group=GROUP)
    refused = await browser.post("/api/recall", json={"person": REVIEWER, "id": message.message_id})
    assert refused.status_code == 400
    await browser.post("/api/recall", json={"person": TEACHER, "id": message.message_id})
    assert message.recalled
    assert (await browser.get("/api/state")).json()["messages"][0]["parts"] == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"step": "hour"}, "2017-02-20T09:30"),
        ({"step": "day"}, "2017-02-21T08:30"),
        ({"step": "morning"}, "2017-02-20T09:00"),
        ({"to": "2017-02-28T10:15"}, "2017-02-28T10:15"),
    ],
)
async def test_clock_moves_forward(browser, body, expected):
    assert (await browser.post("/api/clock", json=body)).json()["now"] == expected


@pytest.mark.parametrize(
    ("target", "sentence"),
    [("2017-02-19T00:00", "只能向前"), ("明天", "要写成"), ("2099-01-01T00:00", "十年")],
)
async def test_clock_refuses_nonsense(browser, clock, target, sentence):
    before = clock()
    response = await browser.post("/api/clock", json={"to": target})
    assert sentence in response.json()["error"]
    assert clock() == before


async def test_without_a_clock_callback_there_is_no_clock(world, clock):
    page = SandboxPage(world, 0, now=clock)
    await page.start()
    async with httpx.AsyncClient(base_url=page.url, headers={"X-Sandbox": "1"}, trust_env=False) as client:
        assert (await client.get("/api/state")).json()["clock"] is False
        assert (await client.post("/api/clock", json={"step": "hour"})).status_code == 404
    await page.stop()


async def test_live_feed_pushes_status_messages_recalls_and_notices(world, browser):
    async with browser.stream("GET", "/api/live") as response:
        lines = response.aiter_lines()
        assert (await next_event(lines))["event"] == "status"
        message = await world.say(TEACHER, "你好", group=GROUP)
        assert (await next_event(lines))["message"]["preview"] == "你好"
        await world.recall(message)
        assert (await next_event(lines))["message"]["recalled"]
        await world.depart(GROUP, TEACHER)
        assert (await next_event(lines))["event"] == "people"
        assert (await next_event(lines))["notice"]["text"] == "三中 王丽 离开了群聊"


async def test_stop_ends_open_live_feeds(page, browser):
    async with browser.stream("GET", "/api/live") as response:
        lines = response.aiter_lines()
        await next_event(lines)
        await asyncio.wait_for(page.stop(), 5)
        assert [line async for line in lines if line] == []


async def test_requests_of_other_sites_are_refused(page):
    async with httpx.AsyncClient(base_url=page.url, trust_env=False) as client:
        assert (await client.post("/api/say", json=in_group(text="x"))).status_code == 403
        assert (await client.get("/api/state", headers={"Host": "evil.example"})).status_code == 400


async def test_taken_port_is_a_clear_refusal(world, page, clock):
    port = int(page.url.rsplit(":", 1)[1].strip("/"))
    with pytest.raises(SandboxError, match=f"{port}"):
        await SandboxPage(world, port, now=clock).start()


async def next_event(lines) -> dict:
    async for line in lines:
        if line.startswith("data: "):
            return json.loads(line[6:])
    raise AssertionError("推送断了")
