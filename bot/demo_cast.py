"""演示的人物与台词动作：谁在哪个群，怎么说一句、等一句。"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from bot.sandbox import Message, SimulatedQQ

WAIT = 20.0
COUNTY_GROUP = 700001
CITY_GROUP = 700002


@dataclass(frozen=True, slots=True)
class Cast:
    """登场的人，都是样例。"""

    city: int = 10001
    county: int = 10002
    third: int = 10003
    kindergarten: int = 10004
    municipal: int = 10005
    teacher: int = 10006

    @classmethod
    def enter(cls, world: SimulatedQQ) -> Cast:
        """人和群都进场，管理员都加了机器人好友。"""
        cast = cls()
        world.add_person(cast.teacher, "周样例", "教师")
        world.add_person(cast.third, "王样例", "岳阳县第三中学信息管理员")
        world.add_person(cast.kindergarten, "李样例", "岳阳县荣家湾中心幼儿园信息管理员")
        world.add_person(cast.county, "陈样例", "岳阳县信息管理员")
        world.add_person(cast.municipal, "赵样例", "岳阳市第一中学信息管理员（市直）")
        world.add_person(cast.city, "刘样例", "市教师工作科信息管理员")
        world.add_group(COUNTY_GROUP, "岳阳县教师系统工作群", bot_role="admin")
        world.add_group(CITY_GROUP, "岳阳市教师系统工作群", bot_role="admin")
        cards = {
            cast.teacher: "县三中-周样例",
            cast.third: "县三中-王样例",
            cast.kindergarten: "荣家湾幼儿园-李样例",
            cast.county: "岳阳县局-陈样例",
            cast.city: "市局-刘样例",
        }
        for qq, card in cards.items():
            world.join(COUNTY_GROUP, qq, card)
        for qq, card in ((cast.county, "岳阳县局"), (cast.municipal, "市一中-赵样例"), (cast.city, "市局")):
            world.join(CITY_GROUP, qq, card)
        for qq in (cast.city, cast.county, cast.third, cast.kindergarten, cast.municipal, cast.teacher):
            world.befriend(qq)
        return cast


@dataclass(frozen=True, slots=True)
class Stagehand:
    """照剧本说话，等机器人答。"""

    world: SimulatedQQ
    cast: Cast

    def title(self, text: str) -> None:
        """一段的标题。"""
        sys.stdout.write(f"\n━━━ {text}\n")
        sys.stdout.flush()

    async def tell(self, qq: int, text: str, *, count: int = 1) -> Message:
        """私聊一句，等回话。"""
        await self.world.say(qq, text)
        return (await self.world.replies(count, private=qq, timeout=WAIT))[-1]

    async def confirm(self, qq: int, text: str) -> Message:
        """私聊一条要确认的命令，再确认。"""
        await self.tell(qq, text)
        return await self.tell(qq, "确认")

    async def post(
        self,
        qq: int,
        text: str,
        group: int = COUNTY_GROUP,
        *,
        at_bot: bool = False,
        quote: Message | None = None,
    ) -> Message:
        """群里一句，等回话。"""
        await self.world.say(qq, text, group=group, at_bot=at_bot, quote=quote)
        return await self.heard(group)

    async def heard(self, group: int = COUNTY_GROUP) -> Message:
        """等群里机器人的下一句。"""
        return await self.world.next_reply(group=group, timeout=WAIT)
