"""收文件：四种客户端报得不一样、有的报两遍，都收得到，只办一次；取不到、取不全说清楚。"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.app import Shell
from bot.chat.dialogues import Dialogues
from bot.chat.files import FileArrivals
from bot.chat.intake import offline_file
from bot.chat.messages import Incoming, ReceivedFile
from bot.domain.actor import Actor, Place, PlaceKind
from bot.sandbox import Dialect, SimulatedQQ
from tests.chat.asking import spoken
from tests.stage import CITY_ADMIN, START, TOKEN, Stage

NOT_A_SHEET = b"hello"
READ = "“知识库.xlsx”不是 .xlsx 表格，请在 Excel 或 WPS 里另存为 .xlsx 后再发"
NOT_FETCHED = "文件没有取到，可能已经过期。"
CLIENTS = {
    "NapCat 有地址": {"dialect": Dialect.ARRAY},
    "NapCat 只有本机路径": {"dialect": Dialect.ARRAY, "file_urls": False},
    "NapCat 带内容": {"dialect": Dialect.ARRAY, "file_urls": False, "files_as_base64": True},
    "Lagrange": {"dialect": Dialect.LAGRANGE},
    "go-cqhttp": {"dialect": Dialect.STRING},
}


@pytest.fixture(params=list(CLIENTS.values()), ids=list(CLIENTS))
async def client(
    request: pytest.FixtureRequest, shell: tuple[Shell, str], stage: Stage
) -> AsyncIterator[SimulatedQQ]:
    """换一种客户端连上来。"""
    await stage.world.disconnect()
    world = SimulatedQQ(88888, stage.clock.now, **request.param)
    world.add_person(CITY_ADMIN, "市管理员（样例）")
    world.befriend(CITY_ADMIN)
    await world.connect(shell[1], TOKEN)
    yield world
    await world.disconnect()


async def test_every_client_gets_its_file_read_once(client: SimulatedQQ) -> None:
    await client.say(CITY_ADMIN, "/知识 导入")
    await client.next_reply(private=CITY_ADMIN)
    await client.send_file(CITY_ADMIN, "知识库.xlsx", NOT_A_SHEET)
    reply = await client.next_reply(private=CITY_ADMIN)
    assert reply.body == READ
    await client.quiet(0.4, private=CITY_ADMIN)


async def test_a_file_nobody_can_fetch_any_more_is_said_so(stage: Stage) -> None:
    await stage.tell(CITY_ADMIN, "/知识 导入")
    host = stage.world
    for action in ("get_private_file_url", "get_file"):
        refused = {"status": "failed", "retcode": 1200, "data": None, "message": "file not found"}
        host.faults.answer(action, refused)
    await host._file_host.stop()
    await host.send_file(CITY_ADMIN, "知识库.xlsx", NOT_A_SHEET)
    assert (await host.next_reply(private=CITY_ADMIN)).body.startswith(NOT_FETCHED)


async def test_a_file_announced_as_too_large_is_not_even_fetched(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.files.LARGEST", 3)
    await stage.tell(CITY_ADMIN, "/知识 导入")
    await stage.world.send_file(CITY_ADMIN, "知识库.xlsx", NOT_A_SHEET)
    assert (await stage.world.next_reply(private=CITY_ADMIN)).body.startswith("文件超过 20 MB，收不了")
    assert "get_file" not in {call.action for call in stage.world.calls}


async def test_a_file_while_the_bot_waits_for_nothing_is_kept_unread(stage: Stage) -> None:
    await stage.world.send_file(CITY_ADMIN, "知识库.xlsx", NOT_A_SHEET)
    await stage.world.next_reply(private=CITY_ADMIN)
    assert {call.action for call in stage.world.calls} == {"send_private_msg"}
    assert len(spoken(stage, private=CITY_ADMIN)) == 1


# ---- 认出报了两遍的


def arrival(
    name: str = "a.xlsx", size: int | None = 5, qq: int = 1, number: str = "file:1:2:a.xlsx"
) -> Incoming:
    return Incoming(
        f"9:{number}", qq, Place(PlaceKind.FRIEND), "", to_me=True, files=(ReceivedFile(name, size),)
    )


@pytest.mark.parametrize(
    ("second", "after", "new"),
    [
        (arrival(), 2, False),
        (arrival(size=None), 2, False),
        (arrival(size=6), 2, True),
        (arrival(name="b.xlsx"), 2, True),
        (arrival(qq=2), 2, True),
        (arrival(), 11, True),
        (replace(arrival(), files=()), 0, True),
        (arrival(number="2"), 2, True),
    ],
    ids=["又报一遍", "没说多大", "大小不同", "名字不同", "别人的", "过了一阵又发", "没有文件", "又发了一条"],
)
def test_the_same_file_reported_twice_is_one(second: Incoming, after: int, new: bool) -> None:
    arrivals = FileArrivals()
    assert arrivals.is_new(arrival(number="1"), START)
    assert arrivals.is_new(second, START + timedelta(seconds=after)) is new


# ---- 通知


NOTICE: dict[str, Any] = {
    "notice_type": "offline_file",
    "self_id": 9,
    "user_id": 7,
    "time": 1,
    "file": {"name": "a.xlsx", "size": 5, "url": "http://example.invalid/a", "hash": "h", "id": "i"},
}


def test_the_notice_of_a_private_file_is_a_message() -> None:
    found = offline_file(NOTICE)
    assert found is not None
    assert (found.qq, found.place, found.text) == (7, Place(PlaceKind.FRIEND), "")
    assert found.files == (ReceivedFile("a.xlsx", 5, "i", "http://example.invalid/a", "h"),)


@pytest.mark.parametrize(
    "change",
    [{"notice_type": "group_upload"}, {"file": None}, {"user_id": 9}, {"user_id": None}],
    ids=["别的通知", "没有文件", "自己发的", "不知道谁发的"],
)
def test_other_notices_are_none(change: dict[str, Any]) -> None:
    assert offline_file(NOTICE | change) is None


def test_an_early_file_is_taken_once() -> None:
    dialogues, actor = Dialogues(), Actor(7, (), Place(PlaceKind.FRIEND))
    file = ReceivedFile("a.xlsx")
    dialogues.note_file(actor, file, START)
    assert dialogues.take_file(actor, START + timedelta(minutes=9)) == file
    assert dialogues.take_file(actor, START + timedelta(minutes=9)) is None
    dialogues.note_file(actor, file, START)
    assert dialogues.take_file(actor, START + timedelta(minutes=11)) is None
