"""演示的问答一段：答、候选、追问、不知道转人工，到成为新条目、撤回、回滚。"""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo_cast import COUNTY_GROUP, Stagehand

UNKNOWN = "体检报告交给谁"


@dataclass(frozen=True, slots=True)
class KnowledgeTour:
    """问答与知识怎么长大。"""

    hand: Stagehand

    async def play(self) -> None:
        """从头到尾。"""
        await self._ask()
        await self._grow()
        await self._correct()

    async def _ask(self) -> None:
        hand, cast = self.hand, self.hand.cast
        hand.title("二、答问：写明依据；听得懂追问；拿不准给编号；闲聊不出声")
        await hand.world.say(cast.teacher, "大家早上好，今天降温了", group=COUNTY_GROUP)
        await hand.post(cast.teacher, "mima 忘了怎么办，我是老师", at_bot=True)
        await hand.post(cast.third, "/问 退休返聘的老师要不要录")
        asked = await hand.world.say(cast.teacher, "附件3一季度报几次，几号之前交？", group=COUNTY_GROUP)
        await hand.post(cast.third, "这个呢", at_bot=True, quote=asked)
        await hand.post(cast.kindergarten, "县市区第三步做什么", at_bot=True)
        await hand.post(cast.kindergarten, "那第四步呢", at_bot=True)
        await hand.post(cast.teacher, "责任书", at_bot=True)
        await hand.post(cast.teacher, "1")

    async def _grow(self) -> None:
        hand, cast = self.hand, self.hand.cast
        hand.title("三、知识会长大：不知道 → 转给真人 → 提问的人得到答复 → 市里确认 → 下一个人马上答得出")
        await hand.post(cast.teacher, UNKNOWN, at_bot=True)
        await hand.post(cast.teacher, "/转人工")
        await hand.world.next_reply(private=cast.county)
        await hand.tell(cast.county, "/知识 待答")
        await hand.tell(cast.county, "/知识 回答 1 体检报告不进教师系统，交学校办公室。")
        await hand.heard()
        await hand.tell(cast.city, "/知识 待定")
        await hand.confirm(cast.city, "/知识 通过 1")
        await hand.post(cast.kindergarten, UNKNOWN, at_bot=True)

    async def _correct(self) -> None:
        hand, cast = self.hand, self.hand.cast
        await hand.confirm(cast.city, "/知识 修改 local.0001 答：体检报告不进教师系统，交本单位人事干部。")
        await hand.tell(cast.city, "/知识 历史 local.0001")
        await hand.confirm(cast.city, "/知识 回滚 local.0001 1")
        wrong = await hand.post(cast.third, "教师的照片有什么要求", at_bot=True)
        await hand.post(cast.teacher, "没用", quote=wrong)
        await hand.post(cast.county, "/知识 撤回答复", quote=wrong)
        await hand.tell(cast.city, "/知识 统计")
