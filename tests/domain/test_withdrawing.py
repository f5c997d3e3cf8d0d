"""撤回一次上报：没报过的回到未报，被退回过的回到退回（原因、当时的数都在），更正过几次也一起退。"""

from __future__ import annotations

import pytest

from bot.domain.errors import Denied, WrongState
from bot.domain.services import Services
from storage.obligations import PriorState
from storage.words import ObligationState, SubmissionAction
from tests.domain.desk import (
    NUMBERS,
    approve,
    history,
    item,
    privately,
    report,
    standing,
)
from tests.stage import (
    CITY,
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    FIRST_ADMIN,
    NURSERY,
    THIRD,
    THIRD_ADMIN,
)

MORE = {"expected": 60, "entered": 60, "reviewed": 60}


async def withdraw(services: Services, qq: int = THIRD_ADMIN, unit=THIRD, key: str = "first_review"):
    return await services.reporting.withdraw(privately(services, qq), unit, item(services, key))


async def test_returned_and_reported_again_goes_back_to_returned(staffed: Services) -> None:
    first_review = item(staffed, "first_review")
    await report(staffed, THIRD_ADMIN, THIRD)
    await staffed.reviewing.review(
        privately(staffed, COUNTY_ADMIN), THIRD, first_review, approve=False, reason="缺照片"
    )
    await staffed.reporting.report(privately(staffed, THIRD_ADMIN), THIRD, first_review, MORE, "")
    await staffed.reporting.report(privately(staffed, THIRD_ADMIN), THIRD, first_review, NUMBERS, "")
    await withdraw(staffed)
    stored = await standing(staffed, THIRD, "first_review")
    assert (stored.state, stored.reason, stored.numbers, stored.reported_by) == (
        ObligationState.RETURNED,
        "缺照片",
        NUMBERS,
        THIRD_ADMIN,
    )
    assert [step.action for step in await history(staffed, THIRD, "first_review")] == [
        SubmissionAction.REPORT,
        SubmissionAction.RETURN,
        SubmissionAction.REPORT,
        SubmissionAction.REPORT,
        SubmissionAction.WITHDRAW,
    ]


async def test_corrections_are_taken_back_with_the_report(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    await staffed.reporting.report(
        privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "first_review"), MORE, ""
    )
    found = await withdraw(staffed)
    assert found.before == PriorState()
    assert (await standing(staffed, THIRD, "first_review")).state is ObligationState.OWING


async def test_what_nobody_reviews_may_be_taken_back_too(staffed: Services) -> None:
    await staffed.reporting.report(privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "training"), {}, "")
    await withdraw(staffed, key="training")
    assert (await standing(staffed, THIRD, "training")).state is ObligationState.OWING


async def test_a_bureau_review_reported_by_hand_falls_back_to_what_the_schools_say(staffed: Services) -> None:
    await staffed.reporting.report(
        privately(staffed, COUNTY_ADMIN), COUNTY, item(staffed, "bureau_review"), {}, ""
    )
    await withdraw(staffed, COUNTY_ADMIN, COUNTY, "bureau_review")
    assert (await standing(staffed, COUNTY, "bureau_review")).state is ObligationState.OWING


async def test_a_derived_completion_is_not_taken_back(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    await approve(staffed, COUNTY_ADMIN, THIRD)
    with pytest.raises(WrongState):
        await withdraw(staffed, key="finish")


async def test_the_reviewer_returns_and_does_not_withdraw(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    with pytest.raises(Denied, match="只有它能撤回；不对请退回：/审核 岳阳县第三中学 初审 退回 原因"):
        await withdraw(staffed, COUNTY_ADMIN)
    with pytest.raises(Denied):
        await withdraw(staffed, FIRST_ADMIN)
    assert (await standing(staffed, THIRD, "first_review")).state is ObligationState.REPORTED


async def test_who_reported_for_a_school_may_take_it_back(staffed: Services) -> None:
    await report(staffed, COUNTY_ADMIN, NURSERY)
    await withdraw(staffed, COUNTY_ADMIN, NURSERY)
    assert (await standing(staffed, NURSERY, "first_review")).state is ObligationState.OWING


async def test_the_city_takes_back_its_own(staffed: Services) -> None:
    who = privately(staffed, CITY_ADMIN)
    await staffed.reporting.report(who, CITY, item(staffed, "bureau_review"), {}, "")
    await withdraw(staffed, CITY_ADMIN, CITY, "bureau_review")
    assert (await standing(staffed, CITY, "bureau_review")).state is ObligationState.OWING


async def test_preparing_changes_nothing(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    found = await staffed.reporting.prepare_withdrawal(
        privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "first_review")
    )
    assert found.before.state is ObligationState.OWING
    assert (await standing(staffed, THIRD, "first_review")).state is ObligationState.REPORTED
