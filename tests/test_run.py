"""正式启动：照说明填设置就起得来，起不来就一行中文；每次都是真的进程。"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bot.settings import PROJECT, Settings

SECONDS = 40.0
READY = "等 QQ 客户端连"


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """只有这几项设置的环境。"""
    names = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name.upper() not in names}
    plain = {"DATA_DIR": str(folder), "PORT": "0", "ONEBOT_ACCESS_TOKEN": "test-token-only"}
    return kept | {"PYTHONIOENCODING": "utf-8"} | plain | settings


async def start(folder: Path, **settings: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=PROJECT,
        env=environment(folder, **settings),
        stderr=asyncio.subprocess.PIPE,
    )


async def read_until_ready(process: asyncio.subprocess.Process) -> str:
    """读日志直到能连，或进程结束。"""
    assert process.stderr is not None
    log = ""
    async with asyncio.timeout(SECONDS):
        while READY not in log and (line := await process.stderr.readline()):
            log += line.decode()
    return log


# 第二组是 NoneBot 自己的设置，写法它读不懂也不该碍事
@pytest.mark.parametrize(
    "settings", [{"OPERATORS": "10001,10002"}, {"OPERATORS": "", "SUPERUSERS": "10001,10002", "NICKNAME": ""}]
)
async def test_it_starts_and_stops_cleanly(tmp_path: Path, settings: dict[str, str]) -> None:
    process = await start(tmp_path, **settings)
    try:
        assert READY in await read_until_ready(process)
        process.terminate()
        await asyncio.wait_for(process.communicate(), SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0
    assert (tmp_path / "keys.json").is_file()


async def test_a_missing_token_is_one_chinese_line_and_exit_code_two(tmp_path: Path) -> None:
    process = await start(tmp_path, ONEBOT_ACCESS_TOKEN="short")
    _, errors = await asyncio.wait_for(process.communicate(), SECONDS)
    text = errors.decode()
    assert process.returncode == 2
    assert text.startswith("设置 ONEBOT_ACCESS_TOKEN：必填，至少 8 个字符")
    assert len(text.splitlines()) == 1
    assert not (tmp_path / "keys.json").exists()
