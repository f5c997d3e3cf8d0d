"""演示的剧本：登记、问答、上报、审核、变更登记，然后让时钟走过几个提醒的日子。"""

from __future__ import annotations

import re
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.demo_cast import CITY_GROUP, WAIT, Stagehand
from bot.demo_knowledge import KnowledgeTour
from bot.domain.clock import SHANGHAI
from bot.domain.directory import Directory
from bot.domain.registration import Registration
from storage.words import Role

CODE = re.compile(r"[A-Z2-9]{5}-[A-Z2-9]{5}")


class Tour:
    """照剧本说话，等机器人答。"""

    def __init__(
        self,
        hand: Stagehand,
        registration: Registration,
        directory: Directory,
        move: Callable[[datetime], Awaitable[None]],
    ) -> None:
        self._hand = hand
        self._registration = registration
        self._directory = directory
        self._move = move

    async def play(self) -> None:
        """从头到尾。"""
        await self._register_everyone()
        await KnowledgeTour(self._hand).play()
        await self._report_and_review()
        await self._file_changes()
        await self._let_time_pass()
        self._hand.title("演示结束：以上每一句都经过真正的 OneBot v11 WebSocket")

    async def _join(self, qq: int, code: str, name: str, phone: str) -> None:
        await self._hand.tell(qq, f"/注册 {code} {name} {phone}")
        await self._hand.tell(qq, "确认")

    async def _register_everyone(self) -> None:
        self._hand.title("一、登记：运维在命令行发第一张邀请码，其余的在聊天里发")
        cast = self._hand.cast
        first = await self._registration.issue_from_command_line(
            self._directory.tree.city, Role.INFO_ADMIN, force=False
        )
        sys.stdout.write(f"$ python -m bot invite --unit 岳阳市 --role info_admin\n{first.code}\n")
        await self._join(cast.city, first.code, "刘样例", "13800000001")
        for qq, unit, name, phone in (
            (cast.county, "岳阳县", "陈样例", "13800000002"),
            (cast.municipal, "岳阳市第一中学", "赵样例", "13800000005"),
        ):
            await self._join(qq, await self._invited(cast.city, unit), name, phone)
        for qq, unit, name, phone in (
            (cast.third, "县三中", "王样例", "13800000003"),
            (cast.kindergarten, "荣家湾中心幼儿园", "李样例", "13800000004"),
        ):
            await self._join(qq, await self._invited(cast.county, unit), name, phone)
        await self._hand.post(cast.county, "/绑定 岳阳县")
        await self._hand.post(cast.city, "/绑定 岳阳市", CITY_GROUP)

    async def _invited(self, by: int, unit: str) -> str:
        reply = await self._hand.tell(by, f"/邀请 {unit} 信息管理员")
        found = CODE.search(reply.text)
        if found is None:
            raise RuntimeError(f"没有拿到邀请码：{reply.text}")
        return found[0]

    async def _report_and_review(self) -> None:
        self._hand.title("四、进度：上报、退回、更正、通过")
        cast = self._hand.cast
        await self._hand.tell(cast.third, "/我的")
        await self._hand.post(cast.third, "/上报 初审 应采集52 已录入53 已审52")
        await self._hand.post(cast.third, "／上报　初审　应采集５２　已录入52 已审50")
        await self._hand.tell(cast.county, "/审核 县三中 初审 退回 缺2人照片")
        await self._hand.world.next_reply(private=cast.third, timeout=WAIT)
        await self._hand.tell(cast.third, "/上报 初审 应采集52 已录入52 已审52")
        await self._hand.post(cast.kindergarten, "/审核 县三中 初审 通过")
        await self._hand.tell(cast.county, "/审核 县三中 初审 通过")
        await self._hand.world.next_reply(private=cast.third, timeout=WAIT)
        await self._hand.post(cast.county, "/进度")
        await self._hand.post(cast.county, "/未报 初审")

    async def _file_changes(self) -> None:
        self._hand.title("五、变更登记：私聊照抄填写，季度登记表自动成形")
        cast = self._hand.cast
        await self._hand.post(cast.third, "/变更\n姓名：样例甲")
        await self._hand.tell(
            cast.third,
            "/变更\n姓名：样例甲\n字段：政治面貌\n原因：入党\n修改前：群众\n修改后：中共党员\n"
            "日期：2月13日\n本人申请：是\n\n"
            "姓名：样例乙\n字段：学历\n原因：函授毕业\n修改前:大专\n修改后:本科\n日期:2017-01-20\n本人申请:是\n备注：已核原件",
        )
        await self._hand.tell(
            cast.third,
            "/变更\n姓名：样例丙\n字段：联系电话\n原因：换号\n修改前：甲\n修改后：乙\n日期：2017-02-15\n本人申请：是",
        )
        await self._hand.tell(cast.third, "/变更 撤回 3")
        await self._hand.tell(cast.third, "确认")
        await self._hand.tell(cast.third, "/登记表")
        await self._hand.tell(cast.third, "确认", count=3)
        await self._hand.tell(cast.third, "/季报 报送")
        await self._hand.tell(cast.county, "/备案 县三中 2017Q1")
        await self._hand.world.next_reply(private=cast.third, timeout=WAIT)
        await self._hand.tell(cast.municipal, "/零报告")

    async def _let_time_pass(self) -> None:
        cast = self._hand.cast
        await self._day(2, 24, "六、2月24日：初审还有4天，只提醒还没报的")
        await self._hand.tell(cast.kindergarten, "/上报 初审 应采集18 已录入18 已审18")
        await self._day(2, 28, "七、2月28日：初审今天截止，刚报上的不再提醒")
        await self._hand.tell(cast.kindergarten, "/提醒 为什么")
        await self._day(3, 20, "八、3月20日：局审截止，县里的季报日")
        await self._hand.tell(cast.county, "/季报")
        await self._day(3, 22, "九、3月22日：季报还有3天，提醒县市区和市直学校")
        await self._hand.tell(cast.city, "/进度 初审")

    async def _day(self, month: int, day: int, title: str) -> None:
        """把时钟拨到那天九点，等提醒发完。"""
        self._hand.title(title)
        await self._move(datetime(2017, month, day, 9, 0, tzinfo=SHANGHAI))
        await self._hand.world.settled(seconds=1.0, timeout=WAIT)
