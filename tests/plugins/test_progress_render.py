"""上报、审核、进度、未报的文字。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from inline_snapshot import snapshot

from bot.app import Shell
from bot.domain.errors import NotFound
from bot.domain.numbers import Sums
from bot.domain.progress_views import (
    CityProgress,
    CountyProgress,
    Oldest,
    Owing,
    SchoolProgress,
    Waiting,
)
from bot.domain.reporting import Reported, Withdrawal
from bot.domain.reviewing import Batch, BatchDone, Pick, Ready, Reviewed, Skipped
from bot.domain.tallies import Tally
from storage.obligations import ONCE, PriorState
from storage.words import ObligationState
from tests.plugins.values import FIRST_QUARTER, NOON, PLAN, TODAY, item, obligation, task
from tests.stage import CITY, COUNTY, FIRST, NURSERY, OTHER_COUNTY, THIRD

NUMBERS = {"expected": 52, "entered": 50, "reviewed": 48}
OWING = Owing(
    root=COUNTY,
    deliverable=task("first_review"),
    period=ONCE,
    due_on=date(2017, 2, 28),
    units=(
        (FIRST, obligation("first_review", ObligationState.RETURNED, unit=FIRST.code, reason="缺照片")),
        (NURSERY, obligation("first_review", unit=NURSERY.code)),
    ),
    by_county=((COUNTY, 2),),
    unassigned=frozenset({NURSERY.code}),
)


@pytest.fixture(scope="module")
def render(shell: tuple[Shell, str]) -> SimpleNamespace:
    """插件由 NoneBot 先装好，这里才能引用；几个写文字的模块合在一起用。"""
    from plugins.progress import (
        paging,
        picture,
        render_digest,
        render_milestones,
        render_owing,
        render_reporting,
        render_reviewing,
        render_status,
    )

    everything: dict[str, object] = {}
    for module in (
        paging,
        picture,
        render_digest,
        render_milestones,
        render_owing,
        render_reporting,
        render_reviewing,
        render_status,
    ):
        everything |= vars(module)
    return SimpleNamespace(**everything)


def test_reported_with_a_gap(render: SimpleNamespace) -> None:
    done = Reported(THIRD, task("first_review"), NUMBERS, late=True, again=False, reviewer=COUNTY)
    assert render.reported(done) == snapshot("""\
已上报：岳阳县第三中学 信息采集初审（迟报）
应采集52 已录入50 已审48
还有 2 人没录入，还有 2 人没审
等岳阳县审核。\
""")


def test_corrected_without_a_reviewer(render: SimpleNamespace) -> None:
    done = Reported(THIRD, task("training"), {}, late=False, again=True, reviewer=None)
    assert render.reported(done) == snapshot("""\
已更正：岳阳县第三中学 人员培训
这一项上报即完成。\
""")


def test_report_usages(render: SimpleNamespace) -> None:
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
/审核 岳阳县第三中学 初审 退回 缺照片
按名单编号一次审几个（私聊）：先发 /审核 看编号，再发 /审核 初审 通过 3-18 20\
""")
    report = obligation("first_review", ObligationState.REPORTED, numbers=NUMBERS)
    taken = Withdrawal(THIRD, task("first_review"), report, PriorState())
    assert render.withdraw_prompt(taken) == snapshot("""\
将撤回：岳阳县第三中学 信息采集初审
报的是：应采集52 已录入50 已审48
撤回后回到“未报”，历史留着。\
""")
    assert render.withdrawn(taken) == snapshot("已撤回：岳阳县第三中学 信息采集初审，现在是“未报”。")
    returned = replace(taken, before=PriorState(ObligationState.RETURNED, reason="缺照片"))
    assert render.withdraw_prompt(returned) == snapshot("""\
将撤回：岳阳县第三中学 信息采集初审
报的是：应采集52 已录入50 已审48
撤回后回到“已退回”（原因：缺照片），历史留着。\
""")


def test_reviewed(render: SimpleNamespace) -> None:
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


def test_review_result_to_the_reporter(render: SimpleNamespace) -> None:
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


def test_school_status(render: SimpleNamespace) -> None:
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
岳阳县第三中学：还有 3 项没报，已报 1 项
· 初审：已退回 应采集52 已录入50 已审48，原因：缺照片，2月28日（周二）截止，还有4天
· 季报2017Q1：未报，3月20日（周一）截止，还有24天（全市3月25日周六）
· 完成：未报，3月31日（周五）截止，还有35天
· 责任书：已完成（迟报）
下一步：初审（2月28日周二，还有4天）
/上报 初审 应采集52 已录入52 已审52
启用以前的节点，只作历史：培训（2016年12月30日）\
""")


def test_school_with_everything_done(render: SimpleNamespace) -> None:
    progress = SchoolProgress(
        THIRD, (item("first_review", ObligationState.DONE, numbers=NUMBERS),), (), TODAY
    )
    assert render.school(progress) == snapshot("""\
岳阳县第三中学：没有欠报的，已报 1 项
· 初审：已完成 应采集52 已录入50 已审48\
""")


def test_county_status(render: SimpleNamespace) -> None:
    progress = CountyProgress(
        COUNTY,
        (item("bureau_review"),),
        (
            (task("training"), ONCE, Tally(total=3, done=3, late=1)),
            (task("first_review"), ONCE, Tally(total=30, done=12, waiting=3, returned=1, owing=14)),
            (task("quarterly"), "2017Q1", Tally(total=30, owing=30)),
        ),
        TODAY,
        sums=((task("first_review"), Sums(15, {"expected": 800, "entered": 790, "reviewed": 700})),),
        oldest=Oldest(task("first_review"), ONCE, date(2017, 2, 28), 15, ("甲校", "乙校", "丙校")),
        waiting=Waiting(3, THIRD, item("first_review", ObligationState.REPORTED, reported_at=NOON)),
    )
    in_group = render.county(progress, in_group=True)
    assert "甲校" not in in_group
    assert THIRD.name not in in_group
    assert render.county(progress) == snapshot("""\
岳阳县（学校）：
· 培训：3/3 完成 · 迟报1
· 初审（2月28日周二截止）：12/30 完成 · 待审3 · 退回1 · 未报14
  应采集800 已录入790 已审700（15 所报的合计）
· 季报2017Q1：0/30 完成 · 未报30
县里自己的：
· 局审：未报，3月20日（周一）截止，还有24天
等县里审 3 个，最早 2月24日（周五）报的（岳阳县第三中学 初审），发 /审核
最该催：初审（还有4天），15 个单位没报：甲校、乙校、丙校等
没报的名单：私聊我发 /未报 初审\
""")


def test_city_status(render: SimpleNamespace) -> None:
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


def test_owing_counts_and_names(render: SimpleNamespace) -> None:
    assert render.owing_counts(OWING) == snapshot("""\
岳阳县 信息采集初审：还有 2 个单位没报，2月28日（周二）截止
其中 1 个还没有登记管理员
名单请私聊我发 /未报 初审\
""")
    assert render.owing_names(OWING, render.page_of(OWING.units, 1)) == snapshot("""\
岳阳县 信息采集初审：还有 2 个单位没报，2月28日（周二）截止
1. 岳阳县第一中学（退回：缺照片）
2. 岳阳县荣家湾中心幼儿园（未报，未分配管理员）\
""")


def test_owing_of_several_counties(render: SimpleNamespace) -> None:
    city = replace(OWING, root=CITY, by_county=((CITY, 1), (COUNTY, 2), (OTHER_COUNTY, 3)))
    assert render.owing_counts(city) == snapshot("""\
岳阳市 信息采集初审：还有 2 个单位没报，2月28日（周二）截止
· 市直学校：1
· 岳阳县：2
· 华容县：3
其中 1 个还没有登记管理员
名单请私聊我发 /未报 初审\
""")


def test_long_list_of_owing_is_cut(render: SimpleNamespace) -> None:
    many = tuple((NURSERY, obligation("first_review", unit=NURSERY.code)) for _ in range(25))
    text = render.owing_names(replace(OWING, units=many, unassigned=frozenset()), render.page_of(many, 1))
    assert text.count("荣家湾") == 20
    assert text.splitlines()[-1] == snapshot("第 1/2 页，下一页发 /未报 初审 第2页")


def test_a_page_that_is_not_there_is_said() -> None:
    from plugins.progress.paging import page_of

    with pytest.raises(NotFound, match="没有第 3 页，一共 2 页（25 个）。"):
        page_of(range(25), 3)
    with pytest.raises(NotFound, match="没有第 0 页"):
        page_of([], 0)


def test_nothing_owed_and_history(render: SimpleNamespace) -> None:
    assert render.owing_names(replace(OWING, units=()), render.page_of((), 1)) == snapshot(
        "岳阳县 信息采集初审：没有欠报的单位。"
    )
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


def test_milestones(render: SimpleNamespace) -> None:
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


def test_county_day(render: SimpleNamespace) -> None:
    assert render.county_day_usage() == snapshot(
        "请写每季度最后一月的几号，例如：/节点 季报日 18（市里代定再写县名：/节点 季报日 18 岳阳县）"
    )
    assert render.county_day_prompt("岳阳县", 18) == snapshot(
        "岳阳县的学校今后每季度最后一月 18 日前把季报报到县里（全市仍是25日），还没过的季报跟着改期。"
    )
    assert render.county_day_set("岳阳县", 18) == snapshot("已定：岳阳县学校季报日为每季度最后一月 18 日。")


def test_doubtful_numbers_and_the_roster(render: SimpleNamespace) -> None:
    assert render.doubtful(THIRD, task("first_review"), ("应采集 52→90",)) == snapshot(
        "岳阳县第三中学 信息采集初审和上一次报的差得多：应采集 52→90。没写错就确认上报。"
    )
    done = Reported(
        THIRD,
        task("first_review"),
        NUMBERS,
        late=False,
        again=False,
        reviewer=COUNTY,
        hint="名册里教职工 80 人。",
    )
    assert "名册里教职工 80 人。" in render.reported(done)


def test_review_by_numbers(render: SimpleNamespace) -> None:
    item_ = task("first_review")
    reported = obligation("first_review", ObligationState.REPORTED, numbers=NUMBERS, late=True)
    ready = Ready(Pick(3, THIRD, item_.key), reported)
    skipped = Skipped(Pick(4, FIRST, item_.key), "岳阳县第一中学的信息采集初审已经审过了。")
    batch = Batch(item_, True, "", (ready,), (skipped,))
    assert render.batch_prompt(batch) == snapshot("""\
将通过 1 个单位的信息采集初审：
3. 岳阳县第三中学 应采集52 已录入50 已审48（迟报）
不办的 1 个：
4. 岳阳县第一中学的信息采集初审已经审过了。\
""")
    finished = tuple((f"学校{n}", "完成信息采集") for n in range(5))
    done = BatchDone(batch, (ready,), (skipped,), (*finished, ("岳阳县", "教育行政部门审核")))
    assert render.batch_done(done) == snapshot("""\
已通过 1 个单位的信息采集初审，上报的人会收到通知。
不办的 1 个：
4. 岳阳县第一中学的信息采集初审已经审过了。
5 个单位的“完成信息采集”随之完成。
岳阳县“教育行政部门审核”随之完成。\
""")
    assert render.batch_done(replace(done, settled=(), completed=())) == snapshot("""\
一个也没有审成：
4. 岳阳县第一中学的信息采集初审已经审过了。\
""")
    assert render.nothing_to_review(replace(batch, ready=())) == snapshot("""\
这几个都审不了：
4. 岳阳县第一中学的信息采集初审已经审过了。\
""")


def test_school_sees_what_is_next_and_its_teaching_points(render: SimpleNamespace) -> None:
    progress = SchoolProgress(
        THIRD,
        (item("first_review", ObligationState.REPORTED, numbers=NUMBERS), item("quarterly"), item("finish")),
        (),
        TODAY,
        points=((NURSERY, 2),),
    )
    assert render.school(progress) == snapshot("""\
岳阳县第三中学：还有 2 项没报，已报 1 项
· 初审：待审核 应采集52 已录入50 已审48
· 季报2017Q1：未报，3月20日（周一）截止，还有24天（全市3月25日周六）
· 完成：未报，3月31日（周五）截止，还有35天
挂靠的教学点还有 1 个没报齐：岳阳县荣家湾中心幼儿园 2 项。替它报：/上报 教学点名 任务
下一步：季报2017Q1（3月20日周一，还有24天）
/季报 报送（本季度没有变更发 /零报告）\
""")
    in_group = render.school(progress, in_group=True)
    assert THIRD.name not in in_group
    assert NURSERY.name not in in_group


def test_cancelled_item_is_said_to_be_cancelled(render: SimpleNamespace) -> None:
    progress = SchoolProgress(THIRD, (item("first_review", ObligationState.CANCELLED),), (), TODAY)
    assert render.school(progress) == snapshot("""\
岳阳县第三中学：没有欠报的
· 初审：已取消，不用报\
""")
    cancelled = replace(OWING, units=(), unassigned=frozenset(), cancelled=True)
    assert render.owing_counts(cancelled) == snapshot("信息采集初审已经取消，谁也不用报。")
    assert render.tally_text(Tally()) == "已取消"


def test_how_to_mention(render: SimpleNamespace) -> None:
    assert render.how_to_mention(OWING, 1) == snapshot("""\
岳阳县 信息采集初审：还有 2 个单位没报，2月28日（周二）截止。能 @ 到 1 位管理员，另有 1 个单位还没有管理员。
要在群里 @ 他们，发：/提醒 立即 初审 岳阳县
（先说会提醒几个，回复确认才发，一条最多 @ 20 人）\
""")


def test_daily_digest(render: SimpleNamespace) -> None:
    facts = {
        "unit": "岳阳县",
        "since": "2017-02-23",
        "today": "2017-02-24",
        "fresh": 3,
        "waiting": 5,
        "overdue": 2,
        "oldest": {"unit": "岳阳县第三中学", "item": "初审", "on": "2017-02-20"},
    }
    assert render.daily(facts, PLAN) == snapshot("""\
【早报】岳阳县 2月24日（周五）：等你审 5 个，逾期没报 2 个，2月23日周四以来新报 3 个
等得最久的：岳阳县第三中学 初审，2月20日（周一）报的
看名单发 /审核，看谁没报发 /未报\
""")
    quiet = {**facts, "waiting": 0, "fresh": 0}
    del quiet["oldest"]
    assert render.daily(quiet, PLAN) == snapshot("""\
【早报】岳阳县 2月24日（周五）：逾期没报 2 个
看谁没报发 /未报\
""")


def test_picture_of_the_city_has_a_bar_per_county_and_numbers_beside_it(render: SimpleNamespace) -> None:
    progress = CityProgress(
        CITY,
        task("first_review"),
        ONCE,
        date(2017, 2, 28),
        (
            (CITY, Tally(total=20, done=20)),
            (COUNTY, Tally(total=30, done=12, waiting=3, returned=1, owing=14)),
        ),
        Tally(total=50, done=32, waiting=3, returned=1, owing=14),
        TODAY,
        sums=Sums(35, {"expected": 800, "entered": 790, "reviewed": 700}),
    )
    picture = render.city_picture(progress)
    assert picture is not None
    [group] = picture.groups
    assert [(bar.label, bar.note) for bar in group.bars] == snapshot(
        [("市直学校", "20/20"), ("岳阳县", "12/30 待审3 退回1 待报14")]
    )
    assert [part.value for part in group.bars[1].parts] == [12, 3, 1, 14]
    assert picture.subtitle == snapshot("完成 32/50（64%），2月28日（周二）截止，还有4天，截至 2017-02-24")
    assert picture.footer == snapshot("35 所报的合计：应采集800 已录入790 已审700")
    assert len({tone for _, tone in group.legend}) == 4
    assert render.city_picture(replace(progress, rows=())) is None
