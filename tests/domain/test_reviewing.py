"""审核：县审自己的学校，谁报谁不审；退回、重报、通过；局审和完成跟着自动完成，也跟着退回去。"""

from __future__ import annotations

import pytest

from bot.domain.errors import BadInput, Denied, WrongState
from bot.domain.services import Services
from storage.units import Unit
from storage.words import Channel, ObligationState, Role, SubmissionAction
from tests.domain.desk import (
    NUMBERS,
    approve,
    audit_actions,
    enlist,
    history,
    item,
    outbox,
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
    NURSERY,
    OTHER_COUNTY,
    OTHER_COUNTY_ADMIN,
    OTHER_SCHOOL,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
)

STATE = ObligationState


async def send_back(services: Services, qq: int, unit: Unit, reason: str = "缺照片") -> None:
    await services.reviewing.review(
        privately(services, qq), unit, item(services, "first_review"), approve=False, reason=reason
    )


async def state_of(services: Services, unit: Unit, key: str) -> ObligationState:
    return (await standing(services, unit, key)).state


async def all_of_yueyang_county(services: Services) -> None:
    """岳阳县三所学校都报了、都通过了。"""
    await enlist(services, 20003, NURSERY)
    for qq, unit in ((THIRD_ADMIN, THIRD), (FIRST_ADMIN, FIRST), (20003, NURSERY)):
        await report(services, qq, unit)
        await approve(services, COUNTY_ADMIN, unit)


async def test_the_county_approves_and_the_reporter_is_told(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    await approve(staffed, COUNTY_ADMIN, THIRD)
    assert await state_of(staffed, THIRD, "first_review") is STATE.DONE
    [told] = await outbox(staffed)
    assert (told.kind, told.channel, told.target) == ("review_result", Channel.PRIVATE, THIRD_ADMIN)
    assert told.payload["approved"] is True


async def test_returned_reported_again_and_approved(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    await send_back(staffed, COUNTY_ADMIN, THIRD, " 缺照片 ")
    returned = await standing(staffed, THIRD, "first_review")
    assert (returned.state, returned.reason) == (STATE.RETURNED, "缺照片")
    assert returned.state.still_owes
    done = await staffed.reporting.report(
        privately(staffed, THIRD_ADMIN), THIRD, item(staffed, "first_review"), NUMBERS, "照片补了"
    )
    assert done.again
    assert (await standing(staffed, THIRD, "first_review")).reason == ""
    await approve(staffed, COUNTY_ADMIN, THIRD)
    assert [step.action for step in await history(staffed, THIRD, "first_review")] == [
        SubmissionAction.REPORT,
        SubmissionAction.RETURN,
        SubmissionAction.REPORT,
        SubmissionAction.APPROVE,
    ]
    assert await state_of(staffed, THIRD, "first_review") is STATE.DONE


@pytest.mark.parametrize(
    ("qq", "unit"),
    [
        (OTHER_COUNTY_ADMIN, THIRD),
        (COUNTY_ADMIN, OTHER_SCHOOL),
        (COUNTY_ADMIN, MUNICIPAL),
        (FIRST_ADMIN, THIRD),
        (TEACHER, THIRD),
    ],
)
async def test_who_is_not_the_reviewer_of_a_unit_is_denied(staffed: Services, qq: int, unit: Unit) -> None:
    await enlist(staffed, 20001, OTHER_SCHOOL)
    reporters = {THIRD.code: THIRD_ADMIN, OTHER_SCHOOL.code: 20001, MUNICIPAL.code: MUNICIPAL_ADMIN}
    await report(staffed, reporters[unit.code], unit)
    with pytest.raises(Denied):
        await approve(staffed, qq, unit)
    assert await state_of(staffed, unit, "first_review") is STATE.REPORTED


async def test_a_viewer_of_the_county_does_not_review(staffed: Services) -> None:
    await enlist(staffed, TEACHER, COUNTY, Role.INFO_VIEWER)
    await report(staffed, THIRD_ADMIN, THIRD)
    with pytest.raises(Denied):
        await approve(staffed, TEACHER, THIRD)


async def test_the_city_reviews_municipal_schools_and_may_review_any_school(staffed: Services) -> None:
    await report(staffed, MUNICIPAL_ADMIN, MUNICIPAL)
    await report(staffed, THIRD_ADMIN, THIRD)
    for unit in (MUNICIPAL, THIRD):
        await approve(staffed, CITY_ADMIN, unit)
        assert await state_of(staffed, unit, "first_review") is STATE.DONE


async def test_who_reported_on_behalf_of_a_school_does_not_review_it(staffed: Services) -> None:
    await report(staffed, COUNTY_ADMIN, THIRD)
    with pytest.raises(Denied, match="谁填报谁负责，谁审核谁负责"):
        await approve(staffed, COUNTY_ADMIN, THIRD)
    await enlist(staffed, TEACHER, COUNTY)
    await approve(staffed, TEACHER, THIRD)
    assert await state_of(staffed, THIRD, "first_review") is STATE.DONE


async def test_a_person_with_seats_at_school_and_county_does_not_review_the_own_report(
    staffed: Services,
) -> None:
    await enlist(staffed, THIRD_ADMIN, COUNTY)
    await report(staffed, THIRD_ADMIN, THIRD)
    with pytest.raises(Denied, match="这一项是你报的"):
        await approve(staffed, THIRD_ADMIN, THIRD)


async def test_such_a_person_reviews_what_a_colleague_reported_from_the_county_seat(
    staffed: Services,
) -> None:
    await enlist(staffed, TEACHER, THIRD)
    await enlist(staffed, TEACHER, COUNTY)
    await report(staffed, THIRD_ADMIN, THIRD)
    await approve(staffed, TEACHER, THIRD)
    last = (await history(staffed, THIRD, "first_review"))[-1]
    assert (last.actor_qq, last.actor_unit) == (TEACHER, COUNTY.code)


async def test_a_county_does_not_review_what_the_county_itself_reported(staffed: Services) -> None:
    """本单位报的，同一单位换个人也不能审。"""
    await enlist(staffed, TEACHER, COUNTY)
    work_plan = item(staffed, "work_plan")
    await staffed.reporting.report(privately(staffed, COUNTY_ADMIN), COUNTY, work_plan, {}, "")
    with pytest.raises(Denied, match="岳阳县报的由上级审核，本单位不能自己审。"):
        await staffed.reviewing.review(privately(staffed, TEACHER), COUNTY, work_plan, approve=True)
    await staffed.reviewing.review(privately(staffed, CITY_ADMIN), COUNTY, work_plan, approve=True)
    assert await state_of(staffed, COUNTY, "work_plan") is STATE.DONE


async def test_nothing_reported_is_nothing_to_review(staffed: Services) -> None:
    with pytest.raises(WrongState, match="岳阳县第三中学还没有报信息采集初审，不能审核。"):
        await approve(staffed, COUNTY_ADMIN, THIRD)


async def test_approving_twice_and_approving_a_returned_one_are_refused(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    await approve(staffed, COUNTY_ADMIN, THIRD)
    with pytest.raises(WrongState, match="已经是“已完成”"):
        await approve(staffed, COUNTY_ADMIN, THIRD)
    await send_back(staffed, COUNTY_ADMIN, THIRD)
    with pytest.raises(WrongState, match="已退回，等它重新上报后再审核"):
        await approve(staffed, COUNTY_ADMIN, THIRD)


@pytest.mark.parametrize("reason", ["", "   "])
async def test_a_return_needs_a_reason(staffed: Services, reason: str) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    with pytest.raises(BadInput, match="退回请写原因，例如：/审核 岳阳县第三中学 初审 退回 缺照片"):
        await send_back(staffed, COUNTY_ADMIN, THIRD, reason)
    assert await state_of(staffed, THIRD, "first_review") is STATE.REPORTED
    assert await outbox(staffed) == []


async def test_a_reason_of_more_than_a_hundred_characters_is_refused(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    with pytest.raises(BadInput, match="100 字以内"):
        await send_back(staffed, COUNTY_ADMIN, THIRD, "缺" * 101)
    await send_back(staffed, COUNTY_ADMIN, THIRD, "缺" * 100)


async def test_the_quarter_is_archived_not_reviewed(staffed: Services) -> None:
    with pytest.raises(BadInput, match="/备案 单位 季度"):
        await staffed.reviewing.review(
            privately(staffed, COUNTY_ADMIN), THIRD, item(staffed, "quarterly"), approve=True
        )


async def test_a_school_is_finished_when_its_own_review_is_accepted(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    assert await state_of(staffed, THIRD, "finish") is STATE.OWING
    await approve(staffed, COUNTY_ADMIN, THIRD)
    assert await state_of(staffed, THIRD, "finish") is STATE.DONE
    assert await state_of(staffed, COUNTY, "finish") is STATE.OWING
    [step] = await history(staffed, THIRD, "finish")
    assert (step.action, step.actor_qq) == (SubmissionAction.DERIVE, 0)


async def test_the_county_is_done_with_its_last_school_and_told_so(staffed: Services) -> None:
    await enlist(staffed, 20003, NURSERY)
    for qq, unit in ((THIRD_ADMIN, THIRD), (FIRST_ADMIN, FIRST)):
        await report(staffed, qq, unit)
        await approve(staffed, COUNTY_ADMIN, unit)
    assert await state_of(staffed, COUNTY, "bureau_review") is STATE.OWING
    await report(staffed, 20003, NURSERY)
    done = await staffed.reviewing.review(
        privately(staffed, COUNTY_ADMIN), NURSERY, item(staffed, "first_review"), approve=True
    )
    assert set(done.completed) == {
        ("岳阳县荣家湾中心幼儿园", "完成信息采集"),
        ("岳阳县", "教育行政部门审核"),
        ("岳阳县", "完成信息采集"),
    }
    assert await state_of(staffed, COUNTY, "bureau_review") is STATE.DONE
    assert await state_of(staffed, COUNTY, "finish") is STATE.DONE


async def test_one_returned_school_takes_bureau_review_and_finish_back(staffed: Services) -> None:
    await all_of_yueyang_county(staffed)
    await send_back(staffed, COUNTY_ADMIN, THIRD)
    for unit, key in ((THIRD, "finish"), (COUNTY, "bureau_review"), (COUNTY, "finish")):
        assert await state_of(staffed, unit, key) is STATE.OWING, (unit.name, key)
    assert await state_of(staffed, FIRST, "finish") is STATE.DONE
    await report(staffed, THIRD_ADMIN, THIRD)
    await approve(staffed, COUNTY_ADMIN, THIRD)
    for unit, key in ((THIRD, "finish"), (COUNTY, "bureau_review"), (COUNTY, "finish")):
        assert await state_of(staffed, unit, key) is STATE.DONE, (unit.name, key)


async def test_the_citys_own_review_looks_at_municipal_schools_only(staffed: Services) -> None:
    await report(staffed, MUNICIPAL_ADMIN, MUNICIPAL)
    await approve(staffed, CITY_ADMIN, MUNICIPAL)
    assert await state_of(staffed, CITY, "bureau_review") is STATE.DONE
    assert await state_of(staffed, CITY, "finish") is STATE.OWING


async def test_the_city_is_finished_with_the_very_last_school(staffed: Services) -> None:
    await all_of_yueyang_county(staffed)
    await report(staffed, MUNICIPAL_ADMIN, MUNICIPAL)
    await approve(staffed, CITY_ADMIN, MUNICIPAL)
    assert await state_of(staffed, CITY, "finish") is STATE.OWING
    await enlist(staffed, 20001, OTHER_SCHOOL)
    await report(staffed, 20001, OTHER_SCHOOL)
    await approve(staffed, OTHER_COUNTY_ADMIN, OTHER_SCHOOL)
    assert await state_of(staffed, CITY, "finish") is STATE.DONE
    assert await state_of(staffed, OTHER_COUNTY, "bureau_review") is STATE.DONE


async def test_a_bureau_review_reported_by_hand_is_not_taken_back_by_derivation(staffed: Services) -> None:
    bureau_review = item(staffed, "bureau_review")
    await staffed.reporting.report(privately(staffed, COUNTY_ADMIN), COUNTY, bureau_review, {}, "")
    await report(staffed, THIRD_ADMIN, THIRD)
    await send_back(staffed, COUNTY_ADMIN, THIRD)
    assert await state_of(staffed, COUNTY, "bureau_review") is STATE.DONE


async def test_a_refused_review_leaves_no_trace_in_history_or_outbox(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    before = await history(staffed, THIRD, "first_review")
    with pytest.raises(Denied):
        await approve(staffed, OTHER_COUNTY_ADMIN, THIRD)
    assert await history(staffed, THIRD, "first_review") == before
    assert await outbox(staffed) == []


async def test_reviews_are_audited_with_their_outcome(staffed: Services) -> None:
    await report(staffed, THIRD_ADMIN, THIRD)
    await send_back(staffed, COUNTY_ADMIN, THIRD)
    await report(staffed, THIRD_ADMIN, THIRD)
    await approve(staffed, COUNTY_ADMIN, THIRD)
    reviews = [entry for entry in await audit_actions(staffed) if entry[0].startswith("review")]
    assert [outcome for _, _, outcome in reviews] == ["returned", "approved"]
