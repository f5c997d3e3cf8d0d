"""日志里没有消息正文、姓名、电话、邀请码和令牌，调到最细的一级也没有；全程经过真正的 WebSocket。"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator

import pytest
from websockets.asyncio.client import connect

from bot.app import Shell
from bot.chat.logs import set_up_logs
from storage.words import Role
from tests.stage import BOT, COUNTY_GROUP, MUNICIPAL, TEACHER, THIRD_ADMIN, TOKEN, Stage

NAME, PHONE, SECRET = "欧阳样例", "13812345678", "芝麻开门"


@pytest.fixture(params=["DEBUG", "INFO"])
def log(
    request: pytest.FixtureRequest, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> Iterator[io.StringIO]:
    """这一级的全部日志。"""
    written = io.StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", written)
        set_up_logs(request.param)
    yield written
    set_up_logs("WARNING")


async def test_private_and_group_messages_leave_no_trace_in_the_log(stage: Stage, log: io.StringIO) -> None:
    issued = await stage.services.registration.issue_from_command_line(
        MUNICIPAL, Role.SYSTEM_ADMIN, force=True
    )
    await stage.tell(TEACHER, f"/注册 {issued.code} {NAME} {PHONE}")
    await stage.tell(TEACHER, "确认")
    await stage.tell(THIRD_ADMIN, f"/变更\n姓名：{NAME}\n字段：{SECRET}")
    await stage.post(TEACHER, f"{SECRET}怎么重置密码", at_bot=True)
    await stage.world.say(TEACHER, f"{SECRET}闲聊", group=COUNTY_GROUP)
    await stage.silent()
    text = log.getvalue()
    for private in (NAME, PHONE, SECRET, issued.code, TOKEN):
        assert private not in text, [line for line in text.splitlines() if private in line]


async def test_an_event_that_cannot_be_parsed_is_not_written_out(
    shell: tuple[Shell, str], log: io.StringIO
) -> None:
    broken = {"post_type": "message", "message_type": "group", "notice_type": "x", "raw_message": SECRET}
    headers = {"X-Self-ID": "88888", "X-Client-Role": "Universal", "Authorization": f"Bearer {TOKEN}"}
    async with connect(shell[1], additional_headers=headers) as client:
        await client.send(json.dumps(broken, ensure_ascii=False))
    assert "Bot 88888 connected" in log.getvalue()
    assert SECRET not in log.getvalue()


async def test_the_connection_itself_is_logged(
    stage: Stage, shell: tuple[Shell, str], log: io.StringIO
) -> None:
    """滤掉正文，不是什么都滤掉：断线重连运维看得见。"""
    await stage.world.disconnect()
    await stage.world.connect(shell[1], TOKEN)
    assert f"Bot {BOT} connected" in log.getvalue()
