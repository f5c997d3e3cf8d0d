"""自带的岳阳市方案：日子、谁交、怎么算完成，逐条对照方案原文。"""

from datetime import date, time

import pytest

from bot.plan import Deliverable, Ladder, load_plan
from storage.words import Role, UnitKind

PLAN = load_plan()
CITY, COUNTY, MUNICIPAL, SCHOOL = UnitKind


def item(text: str) -> Deliverable:
    found = PLAN.deliverable(text)
    assert found is not None
    return found


def test_deliverables_stand_in_the_order_of_the_plan() -> None:
    assert [one.key for one in PLAN.deliverables] == [
        "training",
        "launch",
        "first_review",
        "bureau_review",
        "finish",
        "quarterly",
        "work_plan",
        "responsibility_letter",
        "commitment",
    ]


@pytest.mark.parametrize(
    ("key", "due"),
    [
        ("training", date(2016, 12, 30)),
        ("launch", date(2017, 1, 10)),
        ("first_review", date(2017, 2, 28)),
        ("bureau_review", date(2017, 3, 20)),
        ("finish", date(2017, 3, 31)),
        ("quarterly", None),
        ("work_plan", None),
        ("responsibility_letter", None),
        ("commitment", None),
    ],
)
def test_dates_of_the_plan(key: str, due: date | None) -> None:
    assert item(key).due == due


@pytest.mark.parametrize(
    ("key", "kinds"),
    [
        ("training", {CITY, COUNTY, MUNICIPAL, SCHOOL}),
        ("launch", {MUNICIPAL, SCHOOL}),
        ("first_review", {MUNICIPAL, SCHOOL}),
        ("bureau_review", {CITY, COUNTY}),
        ("finish", {CITY, COUNTY, MUNICIPAL, SCHOOL}),
        ("quarterly", {COUNTY, MUNICIPAL, SCHOOL}),
        ("work_plan", {COUNTY, MUNICIPAL}),
        ("responsibility_letter", {MUNICIPAL, SCHOOL}),
        ("commitment", {MUNICIPAL}),
    ],
)
def test_who_owes_what(key: str, kinds: set[UnitKind]) -> None:
    assert item(key).owed_by == kinds


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("first_review", "first_review"),
        ("FIRST_REVIEW", "first_review"),
        ("信息采集初审", "first_review"),
        (" 初审 ", "first_review"),
        ("附件２", "commitment"),
        ("承诺书", "commitment"),
        ("责任书", "responsibility_letter"),
        ("季报", "quarterly"),
    ],
)
def test_a_deliverable_is_found_by_any_of_its_names(text: str, key: str) -> None:
    assert item(text).key == key


@pytest.mark.parametrize("text", ["", "终审", "初"])
def test_an_unknown_name_finds_nothing(text: str) -> None:
    assert PLAN.deliverable(text) is None


def test_first_review_asks_for_three_numbers_and_its_reviewer() -> None:
    review = item("first_review")
    assert [(number.key, number.label) for number in review.numbers] == [
        ("expected", "应采集"),
        ("entered", "已录入"),
        ("reviewed", "已审"),
    ]
    assert review.done_when == "accepted"
    assert review.reported_by == {Role.INFO_ADMIN}


def test_the_bureau_reviews_its_own_schools_and_may_report_itself() -> None:
    review = item("bureau_review")
    assert (review.done_when, review.derives_from, review.derives_over) == (
        "derived",
        "first_review",
        "children",
    )
    assert review.reported_by == {Role.INFO_ADMIN}


def test_finishing_needs_everyone_below_and_is_never_reported() -> None:
    finish = item("finish")
    assert (finish.done_when, finish.derives_from, finish.derives_over) == (
        "derived",
        "first_review",
        "subtree",
    )
    assert finish.reported_by == frozenset()


def test_undated_deliverables_wait_for_their_receiver() -> None:
    undated = [one for one in PLAN.deliverables if one.cadence == "undated"]
    assert [one.key for one in undated] == ["work_plan", "responsibility_letter", "commitment"]
    assert {one.done_when for one in undated} == {"accepted"}


def test_the_quarter_is_done_when_archived() -> None:
    assert PLAN.quarterly.key == "quarterly"
    assert PLAN.quarterly.done_when == "accepted"
    rule = PLAN.quarterly_rule
    assert (rule.months, rule.day, rule.first, rule.county_day) == ((3, 6, 9, 12), 25, (2017, 1), 20)


def test_the_ladder_is_the_default_one() -> None:
    assert Ladder() == PLAN.ladder
    assert PLAN.ladder.at == time(9, 0)


def test_every_how_to_is_a_command_one_can_type() -> None:
    assert all(one.how_to.startswith("/") for one in PLAN.deliverables)
    assert item("初审").how_to == "/上报 初审 应采集52 已录入52 已审52"


def test_all_four_roles_have_their_duties() -> None:
    counts = {role: len(duties.duties) for role, duties in PLAN.role_duties.items()}
    assert counts == {
        Role.SYSTEM_ADMIN: 4,
        Role.INFO_ADMIN: 7,
        Role.INFO_VIEWER: 3,
        Role.TRAINING_ADMIN: 2,
    }
    assert len(PLAN.common_duties.duties) == 3


def test_the_contact_is_an_office_and_warns_that_it_may_be_old() -> None:
    assert PLAN.contact.office.endswith("教师工作科")
    assert "可能已变动" in PLAN.contact.caution


def test_the_four_offices_of_the_joint_group() -> None:
    assert [office.name for office in PLAN.offices] == ["教师工作科", "人事科", "计财科", "信息科"]


@pytest.mark.parametrize(
    "name",
    ["姓名", "政治面貌", "学历", "学位", "职称", "专业技术职务", "岗位等级", "婚姻状况", "联系电话"],
)
def test_usual_change_fields(name: str) -> None:
    assert name in PLAN.change_fields


def test_the_plan_cannot_be_changed_by_its_readers() -> None:
    with pytest.raises(TypeError):
        PLAN.wording["before"] = ""  # pyright: ignore[reportIndexIssue]
