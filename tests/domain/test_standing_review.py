"""季度复核：一季度问一次，刚登记的、说过在任的不问，十四天没答的列给上级一次。"""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.domain.clock import SHANGHAI, SimulatedClock
from bot.domain.errors import WrongState
from bot.domain.quarters import Quarter
from bot.domain.services import Services
from bot.domain.standing_review import ASKED_KIND, SILENT_KIND, asks_from, quarter_in
from bot.domain.workdays import WorkCalendar
from storage.deliveries import Delivery
from storage.words import Role
from tests.domain.desk import INFO_ADMINS, audit_actions, enlist, move, outbox, privately
from tests.stage import CITY_ADMIN, COUNTY_ADMIN, FIRST, TEACHER, THIRD, THIRD_ADMIN

EVERYBODY = {qq for qq, _ in INFO_ADMINS}


async def asked(services: Services, kind: str = ASKED_KIND) -> list[Delivery]:
    return [one for one in await outbox(services) if one.kind == kind]


@pytest.mark.parametrize(
    ("quarter", "day"),
    [
        (Quarter(2017, 1), (2017, 1, 3)),  # 元旦放到 1 月 2 日
        (Quarter(2017, 2), (2017, 4, 1)),  # 周六，清明调休上班
        (Quarter(2017, 3), (2017, 7, 3)),
        (Quarter(2017, 4), (2017, 10, 9)),  # 国庆中秋放到 8 日
    ],
)
def test_the_round_starts_on_the_first_working_day(quarter: Quarter, day: tuple[int, int, int]) -> None:
    assert asks_from(quarter, WorkCalendar(), 9) == datetime(*day, 9, tzinfo=SHANGHAI)


def test_the_quarter_is_the_calendars_not_the_reports() -> None:
    assert quarter_in(datetime(2017, 3, 31, tzinfo=SHANGHAI).date()) == Quarter(2017, 1)
    assert quarter_in(datetime(2017, 4, 1, tzinfo=SHANGHAI).date()) == Quarter(2017, 2)


async def test_who_registered_this_quarter_is_not_asked(staffed: Services) -> None:
    assert await staffed.standing_review.run() == 0


async def test_everybody_is_asked_once_a_quarter(staffed: Services, clock: SimulatedClock) -> None:
    move(clock, 7, 3, 8, 59)
    assert await staffed.standing_review.run() == 0
    move(clock, 7, 3, 9)
    assert await staffed.standing_review.run() == len(EVERYBODY)
    assert await staffed.standing_review.run() == 0
    move(clock, 8, 1)
    assert await staffed.standing_review.run() == 0
    assert {one.target for one in await asked(staffed)} == EVERYBODY
    move(clock, 10, 9)
    assert await staffed.standing_review.run() == len(EVERYBODY)


async def test_one_person_with_several_seats_gets_one_message_naming_all(
    staffed: Services, clock: SimulatedClock
) -> None:
    await enlist(staffed, THIRD_ADMIN, FIRST, Role.INFO_VIEWER)
    move(clock, 7, 3)
    await staffed.standing_review.run()
    (mine,) = [one for one in await asked(staffed) if one.target == THIRD_ADMIN]
    final = await staffed.standing_review.finalise(mine)
    assert final is not None
    assert final[0]["seats"] == ["岳阳县第三中学 信息管理员", "岳阳县第一中学 信息查询员"]
    assert final[0]["label"] == "2017年第三季度"


async def test_who_answered_before_the_message_went_out_does_not_get_it(
    staffed: Services, clock: SimulatedClock
) -> None:
    move(clock, 7, 3)
    await staffed.standing_review.run()
    await staffed.standing_review.confirm(privately(staffed, THIRD_ADMIN))
    finals = {one.target: await staffed.standing_review.finalise(one) for one in await asked(staffed)}
    assert finals.pop(THIRD_ADMIN) is None
    assert None not in finals.values()


async def test_who_was_frozen_meanwhile_does_not_get_it(staffed: Services, clock: SimulatedClock) -> None:
    move(clock, 7, 3)
    await staffed.standing_review.run()
    await staffed.standing.freeze(privately(staffed, COUNTY_ADMIN), THIRD_ADMIN, "调离")
    (mine,) = [one for one in await asked(staffed) if one.target == THIRD_ADMIN]
    assert await staffed.standing_review.finalise(mine) is None


async def test_saying_present_early_in_the_quarter_is_enough(
    staffed: Services, clock: SimulatedClock
) -> None:
    move(clock, 7, 2)
    confirmed = await staffed.standing_review.confirm(privately(staffed, THIRD_ADMIN))
    assert confirmed.quarter == Quarter(2017, 3)
    move(clock, 7, 3)
    await staffed.standing_review.run()
    assert THIRD_ADMIN not in {one.target for one in await asked(staffed)}


async def test_the_silent_are_listed_to_their_superiors_after_fourteen_days_once(
    staffed: Services, clock: SimulatedClock
) -> None:
    move(clock, 7, 3)
    await staffed.standing_review.run()
    await staffed.standing_review.confirm(privately(staffed, THIRD_ADMIN))
    move(clock, 7, 17, 8)
    await staffed.standing_review.run()
    assert await asked(staffed, SILENT_KIND) == []
    move(clock, 7, 17, 9, 1)
    await staffed.standing_review.run()
    await staffed.standing_review.run()
    lists = {one.target: one.payload["seats"] for one in await asked(staffed, SILENT_KIND)}
    assert lists == {
        COUNTY_ADMIN: ["岳阳县第一中学 信息管理员（QQ 10004）"],
        CITY_ADMIN: [
            "岳阳县 信息管理员（QQ 10002）",
            "岳阳市第一中学 信息管理员（QQ 10005）",
            "华容县 信息管理员（QQ 10007）",
        ],
    }


async def test_who_handed_over_is_not_listed(staffed: Services, clock: SimulatedClock) -> None:
    move(clock, 7, 3)
    await staffed.standing_review.run()
    await staffed.standing.freeze(privately(staffed, COUNTY_ADMIN), THIRD_ADMIN, "调离")
    move(clock, 7, 18)
    await staffed.standing_review.run()
    (county,) = [one for one in await asked(staffed, SILENT_KIND) if one.target == COUNTY_ADMIN]
    assert county.payload["count"] == 1


async def test_only_people_with_a_seat_confirm(staffed: Services) -> None:
    with pytest.raises(WrongState, match="没有在任的登记"):
        await staffed.standing_review.confirm(privately(staffed, TEACHER))


async def test_confirming_is_logged_at_ones_unit(staffed: Services) -> None:
    await staffed.standing_review.confirm(privately(staffed, THIRD_ADMIN))
    assert (await audit_actions(staffed))[-1] == (
        "see own registration and obligations",
        THIRD.code,
        "confirmed",
    )
