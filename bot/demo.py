"""演示：一次性的数据、样例名册、模拟的 QQ 群和时钟，照一个剧本走完四件事，再打开沙盒网页。

剧本里每一句话都经过真正的 WebSocket；人物都是样例。
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.app import Office, Shell
from bot.demo_cast import Cast, Stagehand
from bot.demo_tour import Tour
from bot.documents.roster_sheet import roster_xlsx
from bot.domain.clock import SHANGHAI, SimulatedClock
from bot.domain.registration import IssuedInvite
from bot.domain.roster import roster_lines
from bot.domain.sample_roster import SAMPLE_SHEET_NAME, sample_units
from bot.sandbox import SandboxError, SimulatedQQ
from bot.sandbox.page import SandboxPage
from bot.sandbox.transcript import Transcript
from bot.server import bind
from bot.settings import Settings, load_settings
from storage.words import Role

STARTS_AT = datetime(2017, 2, 20, 8, 30, tzinfo=SHANGHAI)
BOT_QQ = 99999
Invite = Callable[[str, Role], Awaitable[IssuedInvite]]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def run_demo(*, once: bool, port: int) -> None:
    """走完剧本；``once`` 走完就退出，否则留着网页。"""
    with tempfile.TemporaryDirectory(prefix="teacher-assistant-demo-") as folder:
        settings = _settings(Path(folder))
        clock = SimulatedClock(STARTS_AT)
        async with _stage(settings, clock) as (world, office):
            world.subscribe(Transcript(world, sys.stdout))
            cast = Cast.enter(world)

            async def move(moment: datetime) -> None:
                clock.set(moment)
                await office.sweep.run()

            services = office.services
            await Tour(Stagehand(world, cast), services.registration, services.context.directory, move).play()
            if not once:
                await _keep_page_open(world, port, clock, move)


def _settings(folder: Path) -> Settings:
    """演示不读 .env，不碰正式数据。"""
    return load_settings(
        env_file=None,
        environment="test",
        data_dir=folder,
        database_url=f"sqlite+aiosqlite:///{(folder / 'demo.db').as_posix()}",
        key_file=folder / "keys.json",
        plan_file=None,
        starts_on=None,
        operators=frozenset(),
        send_per_sweep=500,
        send_pause_seconds=0,
        onebot_access_token=secrets.token_urlsafe(16),
        log_level="ERROR",
        host="127.0.0.1",
        port=0,
        reminder_sweep_seconds=2,
    )


@asynccontextmanager
async def _stage(settings: Settings, clock: SimulatedClock) -> AsyncIterator[tuple[SimulatedQQ, Office]]:
    """搭台：装机器人、导名册、连上模拟的 QQ。"""
    _say("准备中：装机器人……")
    shell = Shell.install(settings)
    listener = bind("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with shell.office(settings, clock) as office, shell.serve(listener):
        _say("准备中：导入样例名册（2,234 个单位，不是真实学校名单）……")
        roster = office.services.roster
        sheet = roster_xlsx(roster_lines(sample_units()), sheet_name=SAMPLE_SHEET_NAME)
        await roster.save(roster.check(sheet, "样例名册.xlsx"))
        await office.sweep.run()
        _say("准备中：模拟的 QQ 连上机器人……")
        world = SimulatedQQ(BOT_QQ, clock.now, nickname="教师系统助手")
        await world.connect(f"ws://127.0.0.1:{port}/onebot/v11/ws", settings.onebot_access_token)
        try:
            yield world, office
        finally:
            await world.disconnect()


async def _keep_page_open(
    world: SimulatedQQ, port: int, clock: SimulatedClock, move: Callable[[datetime], Awaitable[None]]
) -> None:
    page = SandboxPage(world, port, now=clock.now, move_clock=move)
    try:
        await page.start()
    except SandboxError as error:
        _say(str(error))
        return
    _say(f"\n沙盒网页：{page.url}　（按 Ctrl+C 结束）")
    try:
        await asyncio.Event().wait()
    finally:
        await page.stop()
