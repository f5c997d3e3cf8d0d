"""测试的舞台：一个真正的 NoneBot 进程（装一次）、每个测试一个新数据库文件、一个真连着的模拟 QQ。"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Shell
from bot.assembly import open_services
from bot.domain.clock import SimulatedClock
from bot.domain.services import Services
from bot.sandbox import SimulatedQQ
from bot.server import bind
from bot.settings import Settings
from storage.groups import Group
from storage.words import AnswerMode
from tests import stage as cast
from tests.stage import Stage, settings_in


@pytest.fixture(scope="session")
async def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """升级好结构、导好小名册的库，测试各拷一份。"""
    folder = tmp_path_factory.mktemp("template")
    async with open_services(settings_in(folder), SimulatedClock(cast.START)) as services:
        await services.roster.save(cast.UNITS)
    return folder


@pytest.fixture
def settings(template: Path, tmp_path: Path) -> Settings:
    """本测试的设置，库里已有小名册。"""
    for name in ("test.db", "keys.json"):
        shutil.copy(template / name, tmp_path / name)
    return settings_in(tmp_path)


@pytest.fixture
def clock() -> SimulatedClock:
    """2017-02-20 08:00 起的模拟时钟。"""
    return SimulatedClock(cast.START)


@pytest.fixture
async def services(settings: Settings, clock: SimulatedClock) -> AsyncIterator[Services]:
    """不带 QQ 的业务服务，真实的库文件。"""
    async with open_services(settings, clock, starting=True) as opened:
        await opened.duties.refresh()
        yield opened


@pytest.fixture(scope="session")
async def shell(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Shell, str]]:
    """真正的 NoneBot，听在随机端口上。"""
    installed = Shell.install(settings_in(tmp_path_factory.mktemp("shell")))
    listener = bind("127.0.0.1", 0)
    async with installed.serve(listener):
        yield installed, f"ws://127.0.0.1:{listener.getsockname()[1]}/onebot/v11/ws"


@pytest.fixture
async def empty_stage(
    shell: tuple[Shell, str], settings: Settings, clock: SimulatedClock
) -> AsyncIterator[Stage]:
    """机器人连上了 QQ，还没有人登记，群还没有绑定。"""
    installed, url = shell
    async with installed.office(settings, clock) as office:
        world = SimulatedQQ(cast.BOT, clock.now)
        people = {
            cast.CITY_ADMIN: "市管理员",
            cast.COUNTY_ADMIN: "县管理员",
            cast.THIRD_ADMIN: "三中管理员",
            cast.FIRST_ADMIN: "一中管理员",
            cast.MUNICIPAL_ADMIN: "市直管理员",
            cast.TEACHER: "老师",
            cast.OTHER_COUNTY_ADMIN: "邻县管理员",
            cast.THIRD_SYSTEM: "三中系统管理员",
            cast.OPERATOR: "运维",
        }
        world.add_group(cast.COUNTY_GROUP, "岳阳县工作群", bot_role="admin")
        world.add_group(cast.CITY_GROUP, "岳阳市工作群", bot_role="admin")
        for qq, nickname in people.items():
            world.add_person(qq, f"{nickname}（样例）")
            world.befriend(qq)
            world.join(cast.COUNTY_GROUP, qq)
            world.join(cast.CITY_GROUP, qq)
        await world.connect(url, cast.TOKEN)
        try:
            yield Stage(office, clock, world)
        finally:
            await world.disconnect()


@pytest.fixture
async def stage(empty_stage: Stage) -> Stage:
    """各级信息管理员都登记了，两个群都绑定了（被@才答）。"""
    one = empty_stage
    for qq, unit in (
        (cast.CITY_ADMIN, cast.CITY),
        (cast.COUNTY_ADMIN, cast.COUNTY),
        (cast.OTHER_COUNTY_ADMIN, cast.OTHER_COUNTY),
        (cast.THIRD_ADMIN, cast.THIRD),
        (cast.FIRST_ADMIN, cast.FIRST),
        (cast.MUNICIPAL_ADMIN, cast.MUNICIPAL),
    ):
        await one.enlist(qq, unit)
    context = one.services.context
    async with context.database.write() as stores:
        for group_id, unit in ((cast.COUNTY_GROUP, cast.COUNTY), (cast.CITY_GROUP, cast.CITY)):
            await stores.groups.save(
                Group(group_id, unit.code, AnswerMode.MENTION, None, None, cast.CITY_ADMIN, one.clock.now())
            )
    await context.directory.reload(context.database)
    return one
