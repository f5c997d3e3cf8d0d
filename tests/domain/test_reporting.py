"""上报：该谁报、数字对不对、迟了照收标迟报、审核前可以撤回。"""

from __future__ import annotations

import pytest

from bot.domain.clock import SimulatedClock
from bot.domain.errors import BadInput, Denied, WrongState
from bot.domain.services import Services
from storage.words import ObligationState, Role, SubmissionAction
from tests.domain.desk import (
    NUMBERS,
    approve,
    audit_actions,
    enlist,
    history,
    in_group,
    item,
    move,
    privately,
    report,
    standing,
)
from tests.stage import (
    CITY,
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    FIRST,
    FIRST_ADMIN,
    MUNICIPAL,
    MUNICIPAL_ADMIN,
    THIRD,
    THIRD_ADMIN,
    THIRD_SYSTEM,
)

STATE = ObligationState


async def test_a_report_waits_for_the_county_with_its_numbers(staffed: Services) -> None:
    done = await staffed.reporting.report(
        in_group(staffed, THIRD_ADMIN), THIRD, item(staffed, "first_review"), NUMBERS, "已核对"
    )
    assert (done.reviewer, done.late, done.again) == (COUNTY, False, False)
    stored = await standing(staffed, THIRD, "first_review")
    assert (stored.state, stored.reported_by) == (STATE.REPORTED, THIRD_ADMIN)
    assert stored.numbers == {"expected": 52, "entered": 52, "reviewed": 52}
    [step] = await history(staffed, THIRD, "first_review")
    assert (step.action, step.actor_unit, step.note) == (SubmissionAction.REPORT, THIRD.code, "已核对")


async def test_a_municipal_school_reports_to_the_city(staffed: Services) -> None:
    done = await staffed.reporting.report(
        privately(staffed, MUNICIPAL_ADMIN), MUNICIPAL, item(staffed, "first_review"), NUMBERS, ""
    )
    assert done.reviewer == CITY


async def test_a_teacher_and_another_school_cannot_report(staffed: Services) -> None:
    first_review = item(staffed, "first_review")
    for qq in (FIRST_ADMIN, 20001):
        with pytest.raises(Denied):
            await staffed.reporting.report(privately(staffed, qq), THIRD, first_review, NUMBERS, "")
    assert (await standing(staffed, THIRD, "first_review")).state is STATE.OWING


@pytest.mark.parametrize(
    ("role", "key", "allowed"),
    [
        (Role.SYSTEM_ADMIN, "launch", True),
        (Role.SYSTEM_ADMIN, "responsibility_letter", True),
        (Role.SYSTEM_ADMIN, "first_review", False),
        (Role.SYSTEM_ADMIN, "training", False),
        (Role.TRAINING_ADMIN, "training", True),
        (Role.TRAINING_ADMIN, "first_review", False),
        (Role.INFO_VIEWER, "training", False),
        (Role.INFO_VIEWER, "first_review", False),
    ],
)
async def test_each_role_reports_what_the_table_gives_it(
    staffed: Services, role: Role, key: str, allowed: bool
) -> None:
    await enlist(staffed, THIRD_SYSTEM, THIRD, role)
    who, what = privately(staffed, THIRD_SYSTEM), item(staffed, key)
    if allowed:
        await staffed.reporting.report(who, THIRD, what, NUMBERS, "")
        assert (await standing(staffed, THIRD, key)).reported_by == THIRD_SYSTEM
    else:
        with pytest.raises(Denied):
            await staffed.reporting.report(who, THIRD, what, NUMBERS, "")


@pytest.mark.parametrize(
    ("numbers", "problem"),
    [
        ({}, "还缺 应采集、已录入、已审。"),
        ({"expected": 52}, "还缺 已录入、已审。"),
        ({"expected": 50, "entered": 52, "reviewed": 52}, "已录入52 比应采集50 还多"),
        ({"expected": 52, "entered": 50, "reviewed": 51}, "已审51 比已录入50 还多"),
    ],
)
async def test_numbers_that_cannot_be_right_are_refused_with_the_form(
    staffed: Services, numbers: dict[str, int], problem: str
) -> None:
    with pytest.raises(BadInput) as caught:
        await staffed.reporting.report(
            privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "first_review"), numbers, ""
        )
    assert str(caught.value).startswith(problem)
    assert str(caught.value).endswith("照这样写：/上报 初审 应采集52 已录入52 已审52")
    assert await history(staffed, THIRD, "first_review") == []


async def test_fewer_entered_than_expected_is_honest_and_accepted(staffed: Services) -> None:
    numbers = {"expected": 52, "entered": 40, "reviewed": 30}
    await staffed.reporting.report(
        privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "first_review"), numbers, ""
    )
    assert (await standing(staffed, THIRD, "first_review")).numbers == numbers


@pytest.mark.parametrize(
    ("day", "late"), [((2, 20), False), ((2, 28), False), ((3, 1), True), ((4, 10), True)]
)
async def test_a_late_report_is_marked_and_never_refused(
    staffed: Services, clock: SimulatedClock, day: tuple[int, int], late: bool
) -> None:
    move(clock, *day, hour=23, minute=59)
    done = await staffed.reporting.report(
        privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "first_review"), NUMBERS, ""
    )
    assert done.late is late
    stored = await standing(staffed, THIRD, "first_review")
    assert (stored.state, stored.late) == (STATE.REPORTED, late)


async def test_what_was_due_before_going_live_is_no_duty_but_may_still_be_reported(staffed: Services) -> None:
    launch = item(staffed, "launch")
    async with staffed.context.database.read() as stores:
        assert await stores.obligations.find(THIRD.code, "launch") is None
    done = await staffed.reporting.report(privately(staffed, THIRD_ADMIN), THIRD, launch, {}, "")
    assert done.late
    stored = await standing(staffed, THIRD, "launch")
    assert (stored.state, stored.due_on) == (STATE.DONE, launch.due)


async def test_a_training_report_is_done_at_once_without_review(staffed: Services) -> None:
    done = await staffed.reporting.report(
        privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "training"), {}, ""
    )
    assert done.reviewer is None
    assert (await standing(staffed, THIRD, "training")).state is STATE.DONE


async def test_nobody_reviews_the_city(staffed: Services) -> None:
    done = await staffed.reporting.report(
        privately(staffed, CITY_ADMIN), CITY, item(staffed, "bureau_review"), {}, ""
    )
    assert done.reviewer is None
    assert (await standing(staffed, CITY, "bureau_review")).state is STATE.DONE


async def test_a_unit_that_does_not_owe_it_is_told_who_does(staffed: Services) -> None:
    with pytest.raises(BadInput, match="岳阳县不用报“信息采集初审”，这一项由学校、市直学校负责。"):
        await staffed.reporting.report(
            privately(staffed, COUNTY_ADMIN), COUNTY, item(staffed, "first_review"), NUMBERS, ""
        )


async def test_finish_is_derived_and_not_reported_by_hand(staffed: Services) -> None:
    with pytest.raises(BadInput, match="“完成信息采集”不用上报"):
        await staffed.reporting.report(
            privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "finish"), {}, ""
        )


async def test_the_quarter_has_its_own_command(staffed: Services) -> None:
    with pytest.raises(BadInput, match="/季报 报送"):
        await staffed.reporting.report(
            privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "quarterly"), {}, ""
        )


async def test_the_county_may_report_on_behalf_of_a_school_under_its_own_seat(staffed: Services) -> None:
    await report(staffed, COUNTY_ADMIN, THIRD)
    [step] = await history(staffed, THIRD, "first_review")
    assert (step.actor_qq, step.actor_unit) == (COUNTY_ADMIN, COUNTY.code)


async def test_reporting_again_before_the_review_replaces_the_numbers_and_keeps_history(
    staffed: Services,
) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    better = {"expected": 53, "entered": 53, "reviewed": 53}
    done = await staffed.reporting.report(
        privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "first_review"), better, ""
    )
    assert done.again
    assert (await standing(staffed, THIRD, "first_review")).numbers == better
    assert [step.numbers for step in await history(staffed, THIRD, "first_review")] == [NUMBERS, better]


async def test_an_approved_report_is_not_overwritten(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    await approve(staffed, COUNTY_ADMIN, THIRD)
    with pytest.raises(WrongState, match="已经审核通过。要更正，请先请审核单位退回。"):
        await report(staffed, THIRD_ADMIN, THIRD)
    assert (await standing(staffed, THIRD, "first_review")).state is STATE.DONE


async def test_a_report_may_be_withdrawn_until_it_is_reviewed(staffed: Services) -> None:
    first_review = item(staffed, "first_review")
    await report(staffed, THIRD_ADMIN, THIRD)
    await staffed.reporting.withdraw(privately(staffed, THIRD_ADMIN), THIRD, first_review)
    stored = await standing(staffed, THIRD, "first_review")
    assert (stored.state, stored.numbers, stored.reported_by) == (STATE.OWING, {}, None)
    await report(staffed, THIRD_ADMIN, THIRD)
    await approve(staffed, COUNTY_ADMIN, THIRD)
    with pytest.raises(WrongState, match="现在是“已完成”，没有可撤回的上报"):
        await staffed.reporting.withdraw(privately(staffed, THIRD_ADMIN), THIRD, first_review)


async def test_nothing_reported_is_nothing_to_withdraw(staffed: Services) -> None:
    with pytest.raises(WrongState, match="现在是“未报”"):
        await staffed.reporting.withdraw(
            privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "first_review")
        )


async def test_another_school_cannot_withdraw_it(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    with pytest.raises(Denied):
        await staffed.reporting.withdraw(
            privately(staffed, FIRST_ADMIN), THIRD, item(staffed, "first_review")
        )


async def test_with_roles_at_two_schools_each_is_reported_for_itself(staffed: Services) -> None:
    await enlist(staffed, THIRD_ADMIN, FIRST)
    await report(staffed, THIRD_ADMIN, FIRST)
    assert (await standing(staffed, THIRD, "first_review")).state is STATE.OWING
    [step] = await history(staffed, FIRST, "first_review")
    assert step.actor_unit == FIRST.code


async def test_report_and_withdrawal_are_audited(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    await staffed.reporting.withdraw(privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "first_review"))
    assert (await audit_actions(staffed))[-2:] == [
        ("report first review and quarter", THIRD.code, "done"),
        ("report first review and quarter", THIRD.code, "withdrawn"),
    ]
