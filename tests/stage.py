"""测试用的人物、单位和舞台：一台戏 = 机器人 + 时钟 + 真连着的模拟 QQ。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.app import Office
from bot.domain.clock import SHANGHAI, SimulatedClock
from bot.domain.services import Services
from bot.sandbox import Message, SimulatedQQ
from bot.settings import Settings, load_settings
from storage.units import Unit
from storage.words import Ownership, Role, SchoolType, UnitKind

BOT = 99999
TOKEN = "test-token-only"
COUNTY_GROUP = 700001
CITY_GROUP = 700002
START = datetime(2017, 2, 20, 8, 0, tzinfo=SHANGHAI)

CITY = Unit("YY", "岳阳市", UnitKind.CITY, aliases=("市教体局", "岳阳市教育体育局"))
COUNTY = Unit("YY04", "岳阳县", UnitKind.COUNTY, "YY", aliases=("岳阳县教育局",))
OTHER_COUNTY = Unit("YY05", "华容县", UnitKind.COUNTY, "YY")


def _school(code: str, name: str, parent: str, *aliases: str, kind: UnitKind = UnitKind.SCHOOL) -> Unit:
    return Unit(code, name, kind, parent, SchoolType.JUNIOR, Ownership.PUBLIC, aliases)


THIRD = _school("YY04-0001", "岳阳县第三中学", "YY04", "县三中")
FIRST = _school("YY04-0002", "岳阳县第一中学", "YY04", "县一中")
NURSERY = _school("YY04-0003", "岳阳县荣家湾中心幼儿园", "YY04")
OTHER_SCHOOL = _school("YY05-0001", "华容县第三中学", "YY05", "县三中")
MUNICIPAL = _school("YYS01", "岳阳市第一中学", "YY", "市一中", kind=UnitKind.MUNICIPAL_SCHOOL)
UNITS = (CITY, COUNTY, OTHER_COUNTY, THIRD, FIRST, NURSERY, OTHER_SCHOOL, MUNICIPAL)

# 样例人物的 QQ 号
CITY_ADMIN, COUNTY_ADMIN, THIRD_ADMIN, FIRST_ADMIN, MUNICIPAL_ADMIN = 10001, 10002, 10003, 10004, 10005
TEACHER, OTHER_COUNTY_ADMIN, THIRD_SYSTEM, OPERATOR = 10006, 10007, 10008, 10009


def settings_in(folder: Path, **overrides: object) -> Settings:
    """一个测试自己的设置，不读 .env。"""
    values: dict[str, object] = {
        "environment": "test",
        "data_dir": folder,
        "database_url": f"sqlite+aiosqlite:///{(folder / 'test.db').as_posix()}",
        "key_file": folder / "keys.json",
        "onebot_access_token": TOKEN,
        "log_level": "WARNING",
        "reminder_sweep_seconds": 3600,
        "operators": frozenset({OPERATOR}),
        "send_per_sweep": 500,
        "send_pause_seconds": 0,
        "listen_quiet_seconds": 0.1,
    }
    return load_settings(env_file=None, **(values | overrides))


@dataclass(slots=True)
class Stage:
    """一台戏：机器人、时钟和模拟的 QQ。"""

    office: Office
    clock: SimulatedClock
    world: SimulatedQQ

    @property
    def services(self) -> Services:
        """业务服务。"""
        return self.office.services

    async def enlist(self, qq: int, unit: Unit, role: Role = Role.INFO_ADMIN, name: str = "王样例") -> None:
        """直接登记一位管理员（登记的对话另有测试）。"""
        context = self.services.context
        async with context.database.write() as stores:
            await stores.people.enlist(qq, unit.code, role, name, f"138000{qq}", self.clock.now())
        await context.directory.reload(context.database)

    async def tell(self, qq: int, text: str) -> Message:
        """私聊一句，等一句回话。"""
        await self.world.say(qq, text)
        return await self.world.next_reply(private=qq)

    async def post(self, qq: int, text: str, *, group: int = COUNTY_GROUP, at_bot: bool = False) -> Message:
        """群里一句，等一句回话。"""
        await self.world.say(qq, text, group=group, at_bot=at_bot)
        return await self.world.next_reply(group=group)

    async def confirm(self, qq: int, text: str) -> Message:
        """私聊一条要确认的命令，确认后的回话。"""
        prompt = await self.tell(qq, text)
        assert "确认" in prompt.text, prompt.text
        return await self.tell(qq, "确认")

    async def silent(self, group: int = COUNTY_GROUP) -> None:
        """机器人没有在群里出声。"""
        await self.world.quiet(0.4, group=group)

    async def move(self, year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        """把时钟拨到北京时间的某一刻，清点一遍。"""
        self.clock.set(datetime(year, month, day, hour, minute, tzinfo=SHANGHAI))
        await self.office.sweep.run()
