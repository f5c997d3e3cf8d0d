"""预览说什么，到时候就真的排什么；立即提醒只给管得着的；为什么提醒我，说得清。"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.domain.clock import SHANGHAI, SimulatedClock
from bot.domain.errors import Denied, NotFound
from bot.domain.reminder_control import Foreseen
from bot.domain.services import Services
from storage.words import Channel, ReminderState, Role
from tests.domain.desk import approve, audit_actions, bind, enlist, item, move, outbox, privately, report
from tests.stage import (
    CITY,
    CITY_ADMIN,
    CITY_GROUP,
    COUNTY,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST,
    FIRST_ADMIN,
    OTHER_COUNTY,
    OTHER_COUNTY_ADMIN,
    OTHER_SCHOOL,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    UNITS,
)

START, END = date(2017, 2, 20), date(2017, 4, 10)


@pytest.fixture
async def bound(staffed: Services) -> Services:
    """两个群都绑定了。"""
    await bind(staffed, COUNTY_GROUP, COUNTY)
    await bind(staffed, CITY_GROUP, CITY)
    return staffed


def keyed(found: list[Foreseen]) -> set[tuple[str, str, str, str, date]]:
    return {
        (
            one.unit.code,
            one.duty.deliverable,
            one.duty.period,
            one.step.key,
            one.at.astimezone(SHANGHAI).date(),
        )
        for one in found
    }


async def live_through(services: Services, clock: SimulatedClock, end: date) -> None:
    """每天九点清点一遍，直到 ``end``。"""
    day = services.context.today()
    while day <= end:
        clock.set(datetime(day.year, day.month, day.day, 9, 0, tzinfo=SHANGHAI))
        await services.duties.refresh()
        await services.reminding.plan_due()
        day += timedelta(days=1)


async def really_planned(services: Services, channel: Channel) -> set[tuple[str, str, str, str, date, int]]:
    """真排下的提醒：单位、任务、期次、台阶、哪天、发给谁。"""
    found = set()
    async with services.context.database.read() as stores:
        for unit in UNITS:
            rows = await stores.reminders.of_unit(unit.code, limit=1000)
            owed = {o.id: o for o in await stores.obligations.of_unit(unit.code)}
            for row, created in rows:
                duty = owed[row.obligation_id]
                if row.channel is channel:
                    day = created.astimezone(SHANGHAI).date()
                    found.add((unit.code, duty.deliverable, duty.period, row.step, day, row.target))
    return found


async def test_the_preview_is_what_is_then_really_planned(bound: Services, clock: SimulatedClock) -> None:
    foreseen = await bound.reminder_control.foresee(START, END)
    await live_through(bound, clock, END)
    expected = {
        Channel.PRIVATE: {
            (*key, qq) for one in foreseen for qq in one.administrators for key in keyed([one])
        },
        Channel.GROUP: {
            (*key, group)
            for one in foreseen
            if one.administrators
            for group in one.groups
            for key in keyed([one])
        },
    }
    for channel, wanted in expected.items():
        assert len(wanted) > 20
        assert await really_planned(bound, channel) == wanted


async def test_the_preview_is_also_right_after_some_have_reported(
    bound: Services, clock: SimulatedClock
) -> None:
    await report(bound, THIRD_ADMIN, THIRD)
    await report(bound, FIRST_ADMIN, FIRST)
    await approve(bound, COUNTY_ADMIN, FIRST)
    foreseen = await bound.reminder_control.foresee(START, END)
    assert not {one.duty.deliverable for one in foreseen if one.unit == FIRST} & {"first_review", "finish"}
    assert not {one.duty.deliverable for one in foreseen if one.unit == THIRD} & {"first_review", "finish"}
    await live_through(bound, clock, END)
    wanted = {(*key, qq) for one in foreseen for qq in one.administrators for key in keyed([one])}
    assert await really_planned(bound, Channel.PRIVATE) == wanted


async def test_the_preview_shows_the_very_steps_of_the_plan(bound: Services) -> None:
    foreseen = await bound.reminder_control.foresee(START, date(2017, 2, 28))
    assert keyed([one for one in foreseen if one.unit == THIRD]) == {
        (THIRD.code, "first_review", "once", "before3", date(2017, 2, 24)),
        (THIRD.code, "first_review", "once", "before1", date(2017, 2, 27)),
        (THIRD.code, "first_review", "once", "due", date(2017, 2, 28)),
    }


async def test_nothing_before_going_live_is_foreseen(bound: Services) -> None:
    foreseen = await bound.reminder_control.foresee(date(2016, 12, 1), date(2017, 2, 28))
    assert min(one.at for one in foreseen) == datetime(2017, 2, 24, 9, tzinfo=SHANGHAI)
    assert not {one.duty.deliverable for one in foreseen} & {"training", "launch"}


async def test_who_has_no_administrator_is_foreseen_without_anybody_to_tell(bound: Services) -> None:
    foreseen = await bound.reminder_control.foresee(START, date(2017, 2, 28))
    [one, *_] = [one for one in foreseen if one.unit == OTHER_SCHOOL]
    assert (one.administrators, one.groups) == ((), ())


async def test_a_county_previews_its_own_units_only_and_only_what_is_to_come(
    bound: Services, clock: SimulatedClock
) -> None:
    move(clock, 2, 24, 9, 1)
    found = await bound.reminder_control.preview(privately(bound, COUNTY_ADMIN), None)
    tree = bound.context.directory.tree
    assert {tree.covers(COUNTY, one.unit) for one in found} == {True}
    assert min(one.at for one in found) == datetime(2017, 2, 27, 9, tzinfo=SHANGHAI)
    only = await bound.reminder_control.preview(privately(bound, COUNTY_ADMIN), item(bound, "quarterly"))
    assert {one.deliverable.key for one in only} == {"quarterly"}


async def test_the_city_previews_everybody(bound: Services) -> None:
    found = await bound.reminder_control.preview(privately(bound, CITY_ADMIN), item(bound, "finish"))
    assert {one.unit.code for one in found} == {unit.code for unit in UNITS}


@pytest.mark.parametrize("qq", [THIRD_ADMIN, TEACHER])
async def test_schools_and_strangers_neither_preview_nor_remind(bound: Services, qq: int) -> None:
    with pytest.raises(Denied):
        await bound.reminder_control.preview(privately(bound, qq), None)
    with pytest.raises(Denied):
        await bound.reminder_control.send_now(privately(bound, qq), THIRD, item(bound, "first_review"))
    assert await outbox(bound) == []


async def test_a_county_reminds_its_own_schools_now_and_no_others(bound: Services) -> None:
    first_review = item(bound, "first_review")
    await bound.reminder_control.send_now(privately(bound, COUNTY_ADMIN), COUNTY, first_review)
    targets = {one.target for one in await outbox(bound)}
    assert {THIRD_ADMIN, FIRST_ADMIN, COUNTY_GROUP} <= targets
    assert CITY_GROUP not in targets
    for elsewhere in (OTHER_COUNTY, CITY, OTHER_SCHOOL):
        with pytest.raises(Denied):
            await bound.reminder_control.send_now(privately(bound, COUNTY_ADMIN), elsewhere, first_review)


async def test_reminding_now_is_audited_with_the_number_of_messages(bound: Services) -> None:
    sent = await bound.reminder_control.send_now(
        privately(bound, COUNTY_ADMIN), THIRD, item(bound, "first_review")
    )
    assert sent == len(await outbox(bound)) == 3
    assert (await audit_actions(bound))[-1] == ("preview pause or send reminders", THIRD.code, "done")


async def test_nobody_owing_is_nobody_to_remind(bound: Services) -> None:
    await report(bound, THIRD_ADMIN, THIRD)
    with pytest.raises(NotFound, match="没有还欠着的单位，不用提醒"):
        await bound.reminder_control.owing_now(
            privately(bound, COUNTY_ADMIN), THIRD, item(bound, "first_review")
        )


async def test_what_has_no_date_is_not_reminded_now_either(bound: Services) -> None:
    with pytest.raises(NotFound):
        await bound.reminder_control.owing_now(
            privately(bound, COUNTY_ADMIN), THIRD, item(bound, "responsibility_letter")
        )


async def test_why_names_the_item_the_step_and_the_outcome(bound: Services, clock: SimulatedClock) -> None:
    move(clock, 2, 24)
    await bound.reminding.plan_due()
    received = await bound.reminder_control.why(privately(bound, THIRD_ADMIN))
    assert {(one.unit, one.deliverable, one.step, one.state) for one in received} == {
        (THIRD, "信息采集初审", "before3", ReminderState.SCHEDULED.label)
    }
    assert len(received) == 2
    assert await bound.reminder_control.why(privately(bound, OTHER_COUNTY_ADMIN)) == []


async def test_a_person_with_two_seats_at_one_school_sees_each_reminder_once(
    bound: Services, clock: SimulatedClock
) -> None:
    await enlist(bound, THIRD_ADMIN, THIRD, Role.SYSTEM_ADMIN)
    move(clock, 2, 24)
    await bound.reminding.plan_due()
    assert len(await bound.reminder_control.why(privately(bound, THIRD_ADMIN))) == 2


async def test_who_is_admin_of_two_counties_previews_both(bound: Services) -> None:
    await enlist(bound, COUNTY_ADMIN, OTHER_COUNTY)
    found = await bound.reminder_control.preview(privately(bound, COUNTY_ADMIN), item(bound, "first_review"))
    assert OTHER_SCHOOL in {one.unit for one in found}
