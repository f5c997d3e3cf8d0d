"""上报、审核、进度、未报的文字。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import ModuleType

import pytest
from inline_snapshot import snapshot

from bot.app import Shell
from bot.domain.progress import CityProgress, CountyProgress, Owing, SchoolProgress, Tally
from bot.domain.reporting import Reported
from bot.domain.reviewing import Reviewed
from storage.obligations import ONCE
from storage.words import ObligationState
from tests.plugins.values import FIRST_QUARTER, PLAN, TODAY, item, obligation, task
from tests.stage import CITY, COUNTY, FIRST, NURSERY, OTHER_COUNTY, THIRD

NUMBERS = {"expected": 52, "entered": 50, "reviewed": 48}
OWING = Owing(
    root=COUNTY,
    deliverable=task("first_review"),
    period=ONCE,
    due_on=date(2017, 2, 28),
    units=(
        (FIRST, obligation("first_review", ObligationState.RETURNED, unit=FIRST.code)),
        (NURSERY, obligation("first_review", unit=NURSERY.code)),
    ),
    by_county=((COUNTY, 2),),
    unassigned=frozenset({NURSERY.code}),
)


@pytest.fixture(scope="module")
def render(shell: tuple[Shell, str]) -> ModuleType:
    """插件由 NoneBot 先装好，这里才能引用。"""
    from plugins.progress import render

    return render


def test_reported_with_a_gap(render: ModuleType) -> None:
    done = Reported(THIRD, task("first_review"), NUMBERS, late=True, again=False, reviewer=COUNTY)
    assert render.reported(done) == snapshot("""\
已上报：岳阳县第三中学 信息采集初审（迟报）
应采集52 已录入50 已审48
还有 2 人没录入，还有 2 人没审
等岳阳县审核。\
""")


def test_corrected_without_a_reviewer(render: ModuleType) -> None:
    done = Reported(THIRD, task("training"), {}, late=False, again=True, reviewer=None)
    assert render.reported(done) == snapshot("""\
已更正：岳阳县第三中学 人员培训
这一项上报即完成。\
""")


def test_report_usages(render: ModuleType) -> None:
    assert render.report_usage("培训、初审") == snapshot("""\
请写要报哪一项。可以报：培训、初审
例如：
/上报 初审 应采集52 已录入52 已审52
/上报 培训\
""")
    assert render.report_usage("培训、初审", "中审 应采集52") == snapshot("""\
没认出“中审 应采集52”是哪一项任务。可以报：培训、初审
例如：
/上报 初审 应采集52 已录入52 已审52
/上报 培训\
""")
    assert render.review_usage() == snapshot("""\
请写单位、任务和结果，例如：
/审核 岳阳县第三中学 初审 通过
/审核 岳阳县第三中学 初审 退回 缺照片\
""")
    assert render.withdrawn("岳阳县第三中学", task("first_review")) == snapshot(
        "已撤回：岳阳县第三中学 信息采集初审，现在是“未报”。"
    )


def test_reviewed(render: ModuleType) -> None:
    approved = Reviewed(
        THIRD, task("first_review"), approved=True, reason="", completed=(("岳阳县第三中学", "完成信息采集"),)
    )
    assert render.reviewed(approved) == snapshot("""\
已通过：岳阳县第三中学 信息采集初审
岳阳县第三中学“完成信息采集”随之完成。\
""")
    returned = replace(approved, approved=False, reason="缺照片", completed=())
    assert render.reviewed(returned) == snapshot("""\
已退回：岳阳县第三中学 信息采集初审
原因：缺照片\
""")


def test_review_result_to_the_reporter(render: ModuleType) -> None:
    facts = {
        "unit": "岳阳县第三中学",
        "deliverable": "first_review",
        "period": ONCE,
        "approved": True,
        "reason": "",
    }
    assert render.review_result(facts, PLAN) == snapshot("岳阳县第三中学 信息采集初审审核通过。")
    assert render.review_result(facts | {"approved": False, "reason": "缺照片"}, PLAN) == snapshot("""\
岳阳县第三中学 信息采集初审被退回。
原因：缺照片
改好后重新报：/上报 初审 应采集52 已录入52 已审52\
""")
    quarterly = {"deliverable": "quarterly", "period": "2017Q1"}
    assert render.review_result(facts | quarterly, PLAN) == snapshot(
        "岳阳县第三中学 2017年第一季度季报已备案。"
    )
    returned = facts | quarterly | {"approved": False, "reason": "漏人"}
    assert render.review_result(returned, PLAN) == snapshot("""\
岳阳县第三中学 2017年第一季度季报被退回。
原因：漏人
改好后重新报：/季报 报送（本季度没有变更发 /零报告）\
""")


def test_school_status(render: ModuleType) -> None:
    progress = SchoolProgress(
        THIRD,
        (
            item("first_review", ObligationState.RETURNED, numbers=NUMBERS, reason="缺照片"),
            item("quarterly"),
            item("finish"),
            item("responsibility_letter", ObligationState.DONE, late=True),
        ),
        (task("training"),),
        TODAY,
    )
    assert render.school(progress) == snapshot("""\
岳阳县第三中学：还有 3 项没报
· 初审：已退回 应采集52 已录入50 已审48，原因：缺照片，2月28日（周二）截止，还有4天
· 季报2017Q1：未报，3月20日（周一）截止，还有24天（全市3月25日周六）
· 完成：未报，3月31日（周五）截止，还有35天
· 责任书：已完成（迟报）
下一步：/上报 初审 应采集52 已录入52 已审52
启用以前的节点，只作历史：培训（2016年12月30日）\
""")


def test_school_with_everything_done(render: ModuleType) -> None:
    progress = SchoolProgress(
        THIRD, (item("first_review", ObligationState.DONE, numbers=NUMBERS),), (), TODAY
    )
    assert render.school(progress) == snapshot("""\
岳阳县第三中学：没有欠报的
· 初审：已完成 应采集52 已录入50 已审48\
""")


def test_county_status(render: ModuleType) -> None:
    progress = CountyProgress(
        COUNTY,
        (item("bureau_review"),),
        (
            (task("training"), ONCE, Tally(total=3, done=3, late=1)),
            (task("first_review"), ONCE, Tally(total=30, done=12, waiting=3, returned=1, owing=14)),
            (task("quarterly"), "2017Q1", Tally(total=30, owing=30)),
        ),
        TODAY,
    )
    assert render.county(progress) == snapshot("""\
岳阳县（学校）：
· 培训：3/3 完成 · 迟报1
· 初审（2月28日周二截止）：12/30 完成 · 待审3 · 退回1 · 未报14
· 季报2017Q1：0/30 完成 · 未报30
县里自己的：
· 局审：未报，3月20日（周一）截止，还有24天
没报的名单：私聊我发 /未报 初审\
""")


def test_city_status(render: ModuleType) -> None:
    progress = CityProgress(
        CITY,
        task("first_review"),
        ONCE,
        date(2017, 2, 28),
        ((CITY, Tally(total=20, done=20)), (COUNTY, Tally(total=30, done=12, owing=18))),
        Tally(total=50, done=32, owing=18),
        TODAY,
    )
    assert render.city(progress) == snapshot("""\
全市 信息采集初审：32/50 完成 · 未报18，2月28日（周二）截止，还有4天
· 市直学校：20/20 完成
· 岳阳县：12/30 完成 · 未报18
看别的任务发 /进度 任务名，例如 /进度 季报\
""")
    quarterly = replace(
        progress, deliverable=task("quarterly"), period=FIRST_QUARTER.key, due_on=date(2017, 2, 23)
    )
    assert render.city(quarterly) == snapshot("""\
全市 信息更新季报（2017年第一季度）：32/50 完成 · 未报18，2月23日（周四）截止，已过1天
· 市直学校：20/20 完成
· 岳阳县：12/30 完成 · 未报18
看别的任务发 /进度 任务名，例如 /进度 季报\
""")


def test_owing_counts_and_names(render: ModuleType) -> None:
    assert render.owing_counts(OWING) == snapshot("""\
岳阳县 信息采集初审：还有 2 个单位没报，2月28日（周二）截止
其中 1 个还没有登记管理员
名单请私聊我发 /未报\
""")
    assert render.owing_names(OWING) == snapshot("""\
岳阳县 信息采集初审：还有 2 个单位没报，2月28日（周二）截止
1. 岳阳县第一中学（已退回）
2. 岳阳县荣家湾中心幼儿园（未分配管理员）\
""")


def test_owing_of_several_counties(render: ModuleType) -> None:
    city = replace(OWING, root=CITY, by_county=((CITY, 1), (COUNTY, 2), (OTHER_COUNTY, 3)))
    assert render.owing_counts(city) == snapshot("""\
岳阳市 信息采集初审：还有 2 个单位没报，2月28日（周二）截止
· 市直学校：1
· 岳阳县：2
· 华容县：3
其中 1 个还没有登记管理员
名单请私聊我发 /未报\
""")


def test_long_list_of_owing_is_cut(render: ModuleType) -> None:
    many = tuple((NURSERY, obligation("first_review", unit=NURSERY.code)) for _ in range(25))
    text = render.owing_names(replace(OWING, units=many, unassigned=frozenset()))
    assert text.count("荣家湾") == 20
    assert text.splitlines()[-1] == snapshot("第 1/2 页，下一页发 /未报 初审 第2页")


def test_nothing_owed_and_history(render: ModuleType) -> None:
    assert render.owing_names(replace(OWING, units=())) == snapshot("岳阳县 信息采集初审：没有欠报的单位。")
    history = replace(
        OWING,
        deliverable=task("training"),
        due_on=date(2016, 12, 30),
        units=(),
        unassigned=frozenset(),
        history=True,
    )
    assert render.owing_counts(history) == snapshot(
        "人员培训是启用以前的节点（2016年12月30日），只作历史，不追报。"
    )


def test_milestones(render: ModuleType) -> None:
    text = render.milestones(PLAN.deliverables, date(2017, 2, 20), TODAY, FIRST_QUARTER)
    assert text == snapshot("""\
时间节点：
· 培训 2016年12月30日（历史）
· 启动 2017年1月10日（历史）
· 初审 2017年2月28日，还有4天
· 局审 2017年3月20日，还有24天
· 完成 2017年3月31日，还有35天
· 季报 每季度最后一月25日，下一个 2017年3月25日，还有29天\
""")


def test_county_day(render: ModuleType) -> None:
    assert render.county_day_usage() == snapshot(
        "请写每季度最后一月的几号，例如：/节点 季报日 18（市里代定再写县名：/节点 季报日 18 岳阳县）"
    )
    assert render.county_day_prompt("岳阳县", 18) == snapshot(
        "岳阳县的学校今后每季度最后一月 18 日前把季报报到县里（全市仍是25日），还没过的季报跟着改期。"
    )
    assert render.county_day_set("岳阳县", 18) == snapshot("已定：岳阳县学校季报日为每季度最后一月 18 日。")
