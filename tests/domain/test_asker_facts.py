"""答案后面附的事实：哪一条附哪种、日子怎么算、状态什么时候说；以及它们写成什么字。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.chat.answer_card import fact_lines, with_lines
from bot.domain.asker_facts import (
    DEADLINES,
    FORMS,
    NEXT,
    REVIEWERS,
    Reviewer,
    Situation,
    facts_of,
    looked_up,
)
from bot.domain.askers import Asker
from bot.plan import load_plan
from faq.entries import load_entries
from storage.obligations import ONCE, Obligation
from storage.units import Unit
from storage.words import ObligationState, Role
from tests.stage import CITY, COUNTY, MUNICIPAL, THIRD

PLAN = load_plan()
IDS = [entry.id for entry in load_entries()]
FEBRUARY = date(2017, 2, 20)
INFO = frozenset({Role.INFO_ADMIN})


def situation(unit: Unit | None = None, today: date = FEBRUARY, **more: object) -> Situation:
    asker = Asker(unit, INFO if unit else frozenset(), private=True)
    return Situation(asker, today, **more)  # type: ignore[arg-type]


def lines(entry_id: str, of: Situation) -> list[str]:
    return fact_lines(facts_of(entry_id, of, PLAN), of.asker, PLAN.contact)


def obligation(unit: Unit, key: str, period: str, due: date | None, state: ObligationState) -> Obligation:
    return Obligation(
        id=1,
        unit_code=unit.code,
        deliverable=key,
        period=period,
        due_on=due,
        final_due_on=due,
        receiver_code=unit.parent_code,
        state=state,
        late=False,
        numbers={},
        reported_by=None,
        reported_at=None,
        reason="",
    )


@pytest.mark.parametrize("table", [DEADLINES, REVIEWERS, FORMS], ids=["deadlines", "reviewers", "forms"])
def test_every_key_of_a_table_is_an_entry_or_a_prefix_of_some(table: dict[str, object]) -> None:
    stray = [
        key
        for key in table
        if not (any(one.startswith(key) for one in IDS) if key.endswith(".") else key in IDS)
    ]
    assert stray == []


def test_every_deadline_of_the_table_is_in_the_plan() -> None:
    assert [key for key in DEADLINES.values() if key != NEXT and PLAN.deliverable(key) is None] == []


def test_a_whole_number_beats_a_prefix_and_others_find_nothing() -> None:
    assert looked_up(DEADLINES, "deadlines.finish") == "finish"
    assert looked_up(DEADLINES, "deadlines.overview") == NEXT
    assert looked_up(DEADLINES, "scope.people.retired") is None
    assert looked_up(FORMS, "forms.a3.columns") == 3
    assert looked_up(FORMS, "forms.list") is None


# ---- 日子


def test_who_is_not_registered_gets_the_date_of_the_plan() -> None:
    assert lines("quarterly.dates", situation()) == ["下一个截止：2017年3月25日（星期六），还有 33 天"]


def test_a_county_school_gets_the_county_day_and_the_25th() -> None:
    assert lines("quarterly.dates", situation(THIRD)) == [
        "下一个截止：2017年3月20日（星期一）报给县里，还有 28 天；全市是2017年3月25日（星期六）"
    ]
    own = lines("quarterly.dates", situation(THIRD, county_day=18))
    assert own == ["下一个截止：2017年3月18日（星期六）报给县里，还有 26 天；全市是2017年3月25日（星期六）"]


def test_a_municipal_school_and_a_county_get_the_25th() -> None:
    for unit in (MUNICIPAL, COUNTY):
        assert lines("quarterly.dates", situation(unit)) == [
            "下一个截止：2017年3月25日（星期六），还有 33 天"
        ]


def test_between_the_county_day_and_the_25th_both_are_said() -> None:
    assert lines("quarterly.dates", situation(THIRD, date(2017, 3, 22))) == [
        "报给县里的2017年3月20日（星期一）已过；全市截止：2017年3月25日（星期六），还有 3 天"
    ]


def test_after_the_25th_the_next_quarter_is_meant() -> None:
    assert lines("quarterly.dates", situation(MUNICIPAL, date(2017, 3, 26))) == [
        "下一个截止：2017年6月25日（星期日），还有 91 天"
    ]


def test_before_the_first_quarter_the_first_one_is_meant() -> None:
    assert lines("quarterly.dates", situation(None, date(2016, 12, 1)))[0].startswith(
        "下一个截止：2017年3月25日"
    )


def test_on_the_day_itself() -> None:
    assert lines("deadlines.finish", situation(None, date(2017, 3, 31))) == [
        "下一个截止（完成信息采集）：2017年3月31日（星期五），就是今天"
    ]


def test_a_milestone_that_is_over_says_so_and_one_long_over_nothing() -> None:
    assert lines("deadlines.training", situation()) == ["人员培训的截止2016年12月30日（星期五），已过 52 天"]
    assert lines("deadlines.training", situation(None, date(2018, 1, 1))) == []


@pytest.mark.parametrize(
    ("unit", "today", "says"),
    [
        (None, FEBRUARY, "下一个截止（信息采集初审）：2017年2月28日"),
        (THIRD, date(2017, 3, 1), "下一个截止（完成信息采集）：2017年3月31日"),
        (COUNTY, date(2017, 3, 1), "下一个截止（教育行政部门审核）：2017年3月20日"),
        (MUNICIPAL, date(2017, 4, 1), "下一个截止：2017年6月25日"),
    ],
)
def test_the_next_milestone_is_the_next_one_this_unit_owes(unit: Unit | None, today: date, says: str) -> None:
    (line,) = lines("deadlines.overview", situation(unit, today))
    assert line.startswith(says)


# ---- 状态


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (ObligationState.OWING, "未报"),
        (ObligationState.REPORTED, "已报，等审核"),
        (ObligationState.RETURNED, "已退回，请改好重报"),
        (ObligationState.DONE, "已完成"),
    ],
)
def test_the_state_of_the_own_unit_is_said_in_private(state: ObligationState, says: str) -> None:
    own = obligation(THIRD, "first_review", ONCE, date(2017, 2, 28), state)
    found = situation(THIRD, obligations=(own,))
    assert lines("deadlines.school_first_review", found)[1] == f"岳阳县第三中学的初审：{says}"
    in_group = replace(found, asker=replace(found.asker, private=False))
    assert len(lines("deadlines.school_first_review", in_group)) == 1


def test_a_moved_date_of_the_own_unit_beats_the_plan() -> None:
    own = obligation(THIRD, "first_review", ONCE, date(2017, 3, 5), ObligationState.OWING)
    found = situation(THIRD, obligations=(own,))
    assert "2017年3月5日（星期日），还有 13 天" in lines("deadlines.school_first_review", found)[0]


def test_what_has_no_date_shows_only_the_state() -> None:
    own = obligation(THIRD, "responsibility_letter", ONCE, None, ObligationState.OWING)
    assert lines("forms.a1.copies", situation(THIRD, obligations=(own,))) == ["岳阳县第三中学的责任书：未报"]
    assert lines("forms.a1.copies", situation()) == []


def test_entries_outside_the_tables_get_nothing() -> None:
    assert lines("scope.people.retired", situation(THIRD, reviewer=Reviewer(COUNTY, 1))) == []


# ---- 审核单位


@pytest.mark.parametrize(
    ("reviewer", "says"),
    [
        (Reviewer(COUNTY), "你单位的审核单位：岳阳县"),
        (Reviewer(COUNTY, 0), "你单位的审核单位：岳阳县，还没有登记管理员"),
        (Reviewer(CITY, 2), "你单位的审核单位：岳阳市（市教育体育局教师工作科），已登记信息管理员 2 人"),
    ],
)
def test_the_reviewer_of_the_unit_is_named(reviewer: Reviewer, says: str) -> None:
    assert lines("support.ask_order", situation(THIRD, reviewer=reviewer)) == [says]


# ---- 一屏


def test_a_group_message_stays_on_one_screen() -> None:
    card = "字" * 295
    assert with_lines(card, ["一行事实附在后面"], in_group=True) == card
    assert with_lines(card, ["一行事实附在后面"], in_group=False) == f"{card}\n一行事实附在后面"
    assert with_lines("短", ["一", "二"], in_group=True) == "短\n一\n二"
