"""上报与审核：全程经过真正的 WebSocket。"""

from __future__ import annotations

from tests.stage import THIRD_ADMIN, Stage


async def test_report_is_accepted_and_waits_for_the_county(stage: Stage) -> None:
    reply = await stage.post(THIRD_ADMIN, "/上报 初审 应采集52 已录入52 已审52")
    assert reply.body.startswith("已上报：岳阳县第三中学 信息采集初审")
    assert "等岳阳县审核" in reply.body
