"""每日摘要真的发到审核单位的私聊里：工作日早上一条，没事不发，学校收不到。"""

from __future__ import annotations

from tests.chat.asking import spoken
from tests.stage import CITY_ADMIN, COUNTY_ADMIN, OTHER_COUNTY_ADMIN, THIRD_ADMIN, Stage

REPORT = "/上报 初审 应采集52 已录入52 已审52"


def mornings(stage: Stage, qq: int) -> list[str]:
    return [text for text in spoken(stage, private=qq) if text.startswith("【早报】")]


async def test_the_reviewer_reads_it_at_half_past_eight_and_once(stage: Stage) -> None:
    await stage.move(2017, 2, 20, 15)
    await stage.tell(THIRD_ADMIN, REPORT)
    await stage.move(2017, 2, 21, 8, 29)
    assert mornings(stage, COUNTY_ADMIN) == []
    await stage.move(2017, 2, 21, 8, 30)
    await stage.move(2017, 2, 21, 9, 0)
    assert mornings(stage, COUNTY_ADMIN) == [
        "【早报】岳阳县 2月21日（周二）：等你审 1 个，2月20日周一以来新报 1 个\n"
        "等得最久的：岳阳县第三中学 初审，2月20日（周一）报的\n"
        "看名单发 /审核"
    ]
    for qq in (CITY_ADMIN, OTHER_COUNTY_ADMIN, THIRD_ADMIN):
        assert mornings(stage, qq) == []


async def test_overdue_units_are_counted_and_weekends_are_quiet(stage: Stage) -> None:
    await stage.move(2017, 3, 1, 8, 30)
    assert mornings(stage, COUNTY_ADMIN) == ["【早报】岳阳县 3月1日（周三）：逾期没报 3 个\n看谁没报发 /未报"]
    await stage.move(2017, 3, 4, 8, 30)
    assert len(mornings(stage, COUNTY_ADMIN)) == 1
    await stage.move(2017, 3, 6, 8, 30)
    assert len(mornings(stage, COUNTY_ADMIN)) == 2
