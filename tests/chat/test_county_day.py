"""县里的季报日：县管员定，本县学校跟着改期，别的县不变。"""

from __future__ import annotations

from datetime import date

from tests.stage import COUNTY_ADMIN, OTHER_SCHOOL, THIRD, THIRD_ADMIN, Stage


async def _due(stage: Stage, code: str) -> date | None:
    async with stage.services.context.database.read() as stores:
        found = await stores.obligations.find(code, "quarterly", "2017Q1")
    return found.due_on if found else None


async def test_county_moves_the_day_of_its_own_schools_only(stage: Stage) -> None:
    reply = await stage.confirm(COUNTY_ADMIN, "/节点 季报日 18日")
    assert reply.body == "已定：岳阳县学校季报日为每季度最后一月 18 日。"
    assert await _due(stage, THIRD.code) == date(2017, 3, 18)
    assert await _due(stage, OTHER_SCHOOL.code) == date(2017, 3, 20)


async def test_day_after_the_citys_is_refused(stage: Stage) -> None:
    reply = await stage.tell(COUNTY_ADMIN, "/节点 季报日 26")
    assert "不能晚于全市的 25 日" in reply.body


async def test_school_may_not_set_the_day(stage: Stage) -> None:
    reply = await stage.tell(THIRD_ADMIN, "/节点 季报日 18")
    assert "没有办这件事的权限" in reply.body
    assert await _due(stage, THIRD.code) == date(2017, 3, 20)


async def test_other_county_is_out_of_reach(stage: Stage) -> None:
    reply = await stage.tell(COUNTY_ADMIN, "/节点 季报日 18 华容县")
    assert "由华容县或市里定" in reply.body
    assert await _due(stage, OTHER_SCHOOL.code) == date(2017, 3, 20)
