"""转人工：按话题和单位找人，重复转不打扰，没人答催一次、转上一级一次。"""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.clock import SimulatedClock
from bot.domain.errors import WrongState
from bot.domain.hand_off_notices import (
    HAND_OFF_GROUP_KIND,
    HAND_OFF_KIND,
    HAND_OFF_MOVED_KIND,
    HAND_OFF_REMINDER_KIND,
    Background,
    GroupNotice,
    StillOpen,
)
from bot.domain.hand_off_routes import ACCOUNTS, RECORDS, TRAINING, Desk, desk_of
from bot.domain.handing_off import Handed, PassedOn, is_final
from bot.domain.services import Services
from storage.deliveries import Delivery
from storage.questions import OpenQuestion
from storage.units import Unit
from storage.words import Channel, Role
from tests.domain.desk import audit_actions, bind, enlist, in_group, move, outbox, privately
from tests.stage import (
    CITY,
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    MUNICIPAL_ADMIN,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    THIRD_SYSTEM,
)

ACCOUNT, RECORD, TRAINED = "我们学校的账号登不上", "审核以后发现学历录错了怎么改", "老师的培训记录怎么录"
COLLEAGUE = 20001


async def ask(services: Services, qq: int, question: str, background: Background | None = None) -> PassedOn:
    return await services.hand_off.pass_on(privately(services, qq), question, background)


async def sent(services: Services, kind: str) -> list[Delivery]:
    return [one for one in await outbox(services) if one.kind == kind]


async def targets(services: Services, kind: str = HAND_OFF_KIND) -> list[int]:
    return [one.target for one in await sent(services, kind)]


async def stored(services: Services, number: int = 1) -> OpenQuestion:
    async with services.context.database.read() as stores:
        found = await stores.questions.question(number)
    assert found is not None
    return found


# ---- 哪一摊


@pytest.mark.parametrize(
    ("question", "desk"),
    [
        ("忘记密码怎么办", ACCOUNTS),
        ("登录提示用户账号或者密码不正确", ACCOUNTS),
        ("权限不够看不到菜单", ACCOUNTS),
        ("系统管理员可以给哪些人建自助账号？", ACCOUNTS),
        ("培训研修记录由谁录、怎么核？", TRAINING),
        ("培训管理员负责什么？", TRAINING),
        ("一季度季报什么时候交", RECORDS),
        ("退休老师要不要填登记表", RECORDS),
        ("火箭怎么发射", RECORDS),
    ],
)
def test_the_topic_decides_the_desk(services: Services, question: str, desk: Desk) -> None:
    assert desk_of(question, services.answering.knowledge) is desk


# ---- 路线


@pytest.mark.parametrize(
    ("seats", "asker", "question", "office", "people"),
    [
        ([(THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)], THIRD_ADMIN, ACCOUNT, THIRD, [THIRD_SYSTEM]),
        ([], THIRD_ADMIN, ACCOUNT, COUNTY, [COUNTY_ADMIN]),
        ([(THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)], THIRD_SYSTEM, RECORD, THIRD, [THIRD_ADMIN]),
        ([], THIRD_ADMIN, RECORD, COUNTY, [COUNTY_ADMIN]),
        ([(COLLEAGUE, THIRD, Role.INFO_ADMIN)], THIRD_ADMIN, RECORD, COUNTY, [COUNTY_ADMIN]),
        ([], MUNICIPAL_ADMIN, RECORD, CITY, [CITY_ADMIN]),
        ([], COUNTY_ADMIN, RECORD, CITY, [CITY_ADMIN]),
        ([(COLLEAGUE, CITY, Role.INFO_ADMIN)], CITY_ADMIN, RECORD, CITY, [COLLEAGUE]),
        ([], TEACHER, RECORD, CITY, [CITY_ADMIN]),
    ],
    ids=[
        "本校系统管理员",
        "本校没有系统管理员到县",
        "本校信息管理员",
        "自己就是信息管理员到县",
        "有同事也到县",
        "市直到市",
        "县到市",
        "市里问同事",
        "没登记的私聊到市",
    ],
)
async def test_the_route_goes_up_to_the_first_level_with_somebody(
    staffed: Services,
    seats: list[tuple[int, Unit, Role]],
    asker: int,
    question: str,
    office: Unit,
    people: list[int],
) -> None:
    for qq, unit, role in seats:
        await enlist(staffed, qq, unit, role)
    assert await ask(staffed, asker, question) == PassedOn(1, Handed.SENT, office.name)
    assert await targets(staffed) == people
    assert (await stored(staffed)).unit_code == office.code


async def test_a_stranger_in_a_bound_group_is_handed_to_its_unit(staffed: Services) -> None:
    await bind(staffed, COUNTY_GROUP, COUNTY)
    done = await staffed.hand_off.pass_on(in_group(staffed, TEACHER), RECORD)
    assert done.office == "岳阳县"
    [told] = await sent(staffed, HAND_OFF_KIND)
    assert (told.target, told.payload["source"]) == (COUNTY_ADMIN, "岳阳县的群，没有登记")


async def test_a_county_with_a_system_admin_tells_him_and_one_who_may_answer(staffed: Services) -> None:
    await enlist(staffed, COLLEAGUE, COUNTY, Role.SYSTEM_ADMIN)
    await ask(staffed, THIRD_ADMIN, ACCOUNT)
    told = {one.target: one.payload["able"] for one in await sent(staffed, HAND_OFF_KIND)}
    assert told == {COLLEAGUE: False, COUNTY_ADMIN: True}


async def test_training_goes_to_the_training_admin_and_one_who_may_answer(staffed: Services) -> None:
    await enlist(staffed, COLLEAGUE, THIRD, Role.TRAINING_ADMIN)
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    await ask(staffed, THIRD_SYSTEM, TRAINED)
    told = {one.target: one.payload["able"] for one in await sent(staffed, HAND_OFF_KIND)}
    assert told == {COLLEAGUE: False, THIRD_ADMIN: True}


async def test_nobody_registered_anywhere_is_said_plainly(services: Services) -> None:
    assert await ask(services, TEACHER, RECORD) == PassedOn(1, Handed.NOBODY)
    assert await outbox(services) == []
    question = await stored(services)
    assert (question.text, question.unit_code) == (RECORD, "")


async def test_a_query_user_alone_is_nobody(services: Services) -> None:
    await enlist(services, COLLEAGUE, CITY, Role.INFO_VIEWER)
    assert (await ask(services, TEACHER, RECORD)).outcome is Handed.NOBODY


# ---- 通知里写什么


async def test_the_notice_carries_the_background_with_numbers_covered(staffed: Services) -> None:
    background = Background(("13800001234 是我的号",), ("accounts.login_error", "accounts.locked"))
    await ask(staffed, THIRD_ADMIN, "430600199001011234 的账号锁了", background)
    [told] = await sent(staffed, HAND_OFF_KIND)
    assert (told.channel, told.target) == (Channel.PRIVATE, COUNTY_ADMIN)
    assert told.payload == {
        "number": 1,
        "question": "〔号码〕 的账号锁了",
        "qq": THIRD_ADMIN,
        "source": "岳阳县第三中学信息管理员",
        "said": ["〔号码〕 是我的号"],
        "given": ["accounts.login_error", "accounts.locked"],
        "unit": "YY04",
        "office": "岳阳县",
        "able": True,
    }
    assert (await audit_actions(staffed))[-1] == ("ask for a human", "question 1", "done")


# ---- 重复转


async def test_again_within_half_an_hour_disturbs_nobody(staffed: Services, clock: SimulatedClock) -> None:
    await ask(staffed, THIRD_ADMIN, RECORD)
    clock.set(clock.now() + timedelta(minutes=29))
    assert await ask(staffed, THIRD_ADMIN, RECORD) == PassedOn(1, Handed.ALREADY, "岳阳县")
    assert len(await outbox(staffed)) == 1


async def test_again_later_counts_as_the_one_reminder(staffed: Services, clock: SimulatedClock) -> None:
    await ask(staffed, THIRD_ADMIN, RECORD)
    clock.set(clock.now() + timedelta(minutes=31))
    assert (await ask(staffed, THIRD_ADMIN, RECORD)).outcome is Handed.REMINDED
    clock.set(clock.now() + timedelta(minutes=31))
    assert (await ask(staffed, THIRD_ADMIN, RECORD)).outcome is Handed.ALREADY
    assert await targets(staffed, HAND_OFF_REMINDER_KIND) == [COUNTY_ADMIN]


async def test_a_day_has_a_limit_and_tomorrow_is_another_day(
    staffed: Services, clock: SimulatedClock
) -> None:
    for number in range(10):
        await ask(staffed, THIRD_ADMIN, f"第{number}个样例问题怎么办")
    with pytest.raises(WrongState, match="你今天已经转了 10 次人工"):
        await ask(staffed, THIRD_ADMIN, RECORD)
    assert (await ask(staffed, THIRD_ADMIN, "第3个样例问题怎么办")).outcome is Handed.ALREADY
    assert len(await outbox(staffed)) == 10
    move(clock, 2, 21)
    assert (await ask(staffed, THIRD_ADMIN, RECORD)).outcome is Handed.SENT


# ---- 没人答


async def test_silence_is_reminded_once_then_moved_up_once(staffed: Services, clock: SimulatedClock) -> None:
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    await ask(staffed, THIRD_SYSTEM, RECORD)  # 08:00，送到本校信息管理员
    move(clock, 2, 20, 11, 59)
    assert await staffed.hand_off_follow_up.run() == 0
    move(clock, 2, 20, 12, 1)
    assert await staffed.hand_off_follow_up.run() == 1
    assert await targets(staffed, HAND_OFF_REMINDER_KIND) == [THIRD_ADMIN]
    move(clock, 2, 20, 15, 59)
    assert await staffed.hand_off_follow_up.run() == 0
    move(clock, 2, 20, 16, 2)
    assert await staffed.hand_off_follow_up.run() == 1
    assert await targets(staffed) == [THIRD_ADMIN, COUNTY_ADMIN]
    [moved] = await sent(staffed, HAND_OFF_MOVED_KIND)
    assert (moved.channel, moved.target, moved.payload["office"]) == (
        Channel.PRIVATE,
        THIRD_SYSTEM,
        "岳阳县",
    )
    assert (await sent(staffed, HAND_OFF_KIND))[-1].payload["waited"] == "岳阳县第三中学"
    move(clock, 3, 20)
    assert await staffed.hand_off_follow_up.run() == 0
    assert is_final(await stored(staffed))
    assert (await stored(staffed)).unit_code == "YY04"
    assert (await ask(staffed, THIRD_SYSTEM, RECORD)) == PassedOn(1, Handed.ALREADY, "岳阳县")


async def test_the_follow_up_goes_on_after_a_restart_without_repeating(
    staffed: Services, clock: SimulatedClock
) -> None:
    await ask(staffed, THIRD_ADMIN, RECORD)
    move(clock, 2, 20, 12, 1)
    fresh = type(staffed.hand_off_follow_up)(staffed.context, staffed.answering.knowledge)
    assert await fresh.run() == 1
    assert await staffed.hand_off_follow_up.run() == 0
    assert await targets(staffed, HAND_OFF_REMINDER_KIND) == [COUNTY_ADMIN]


async def test_nights_and_weekends_do_not_count(staffed: Services, clock: SimulatedClock) -> None:
    move(clock, 2, 24, 17)  # 周五下午五点
    await ask(staffed, THIRD_ADMIN, RECORD)
    move(clock, 2, 26, 12)  # 周日
    assert await staffed.hand_off_follow_up.run() == 0
    move(clock, 2, 27, 10, 59)
    assert await staffed.hand_off_follow_up.run() == 0
    move(clock, 2, 27, 11, 1)
    assert await staffed.hand_off_follow_up.run() == 1


async def test_an_answered_question_is_left_alone(staffed: Services, clock: SimulatedClock) -> None:
    await ask(staffed, THIRD_ADMIN, RECORD)
    await staffed.questions.answer(privately(staffed, COUNTY_ADMIN), 1, "按附件3报变更。")
    move(clock, 2, 22)
    assert await staffed.hand_off_follow_up.run() == 0


async def test_at_the_top_the_asker_hears_that_nobody_is_left(
    staffed: Services, clock: SimulatedClock
) -> None:
    await bind(staffed, COUNTY_GROUP, CITY)
    await staffed.hand_off.pass_on(in_group(staffed, TEACHER), RECORD)
    for hour, minute in ((12, 1), (16, 2)):
        move(clock, 2, 20, hour, minute)
        await staffed.hand_off_follow_up.run()
    [moved] = await sent(staffed, HAND_OFF_MOVED_KIND)
    assert (moved.channel, moved.target) == (Channel.GROUP, COUNTY_GROUP)
    assert (moved.payload["asked_by"], moved.payload["office"]) == (TEACHER, "")
    move(clock, 3, 1)
    assert await staffed.hand_off_follow_up.run() == 0


async def test_the_one_it_was_handed_to_may_answer_it(staffed: Services) -> None:
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    await ask(staffed, THIRD_ADMIN, ACCOUNT)
    done = await staffed.questions.answer(privately(staffed, THIRD_SYSTEM), 1, "已经解锁，请再登录一次。")
    assert (done.number, done.people) == (1, 1)


# ---- 私聊送不到


async def group_notice(services: Services) -> tuple[GroupNotice, Delivery]:
    await ask(services, THIRD_ADMIN, RECORD)
    [private] = await sent(services, HAND_OFF_KIND)
    notice = GroupNotice(services.context)
    [instead] = notice.instead_of(private)
    return notice, instead


async def test_the_group_notice_says_nothing_of_the_question(staffed: Services) -> None:
    await bind(staffed, COUNTY_GROUP, COUNTY)
    notice, instead = await group_notice(staffed)
    assert (instead.kind, instead.channel, instead.target) == (
        HAND_OFF_GROUP_KIND,
        Channel.GROUP,
        COUNTY_GROUP,
    )
    assert instead.payload == {"unit": "YY04", "qq": COUNTY_ADMIN}
    assert await notice.finalise(instead) == ({"count": 1}, (COUNTY_ADMIN,))


async def test_a_school_without_a_group_uses_the_countys(staffed: Services) -> None:
    await bind(staffed, COUNTY_GROUP, COUNTY)
    await enlist(staffed, THIRD_SYSTEM, THIRD, Role.SYSTEM_ADMIN)
    await ask(staffed, THIRD_ADMIN, ACCOUNT)
    [private] = await sent(staffed, HAND_OFF_KIND)
    [instead] = GroupNotice(staffed.context).instead_of(private)
    assert (instead.target, instead.payload["qq"]) == (COUNTY_GROUP, THIRD_SYSTEM)


async def test_without_any_group_there_is_nothing_to_say_it_in(staffed: Services) -> None:
    await ask(staffed, THIRD_ADMIN, RECORD)
    [private] = await sent(staffed, HAND_OFF_KIND)
    assert GroupNotice(staffed.context).instead_of(private) == ()


async def test_one_person_is_called_in_the_group_once_in_a_while(
    staffed: Services, clock: SimulatedClock
) -> None:
    await bind(staffed, COUNTY_GROUP, COUNTY)
    notice, first = await group_notice(staffed)
    await ask(staffed, THIRD_ADMIN, "一季度季报要盖几个章")
    [second] = notice.instead_of((await sent(staffed, HAND_OFF_KIND))[-1])
    assert await notice.finalise(first) == ({"count": 2}, (COUNTY_ADMIN,))
    assert await notice.finalise(second) is None
    assert await notice.finalise(first) is not None, "断线重发的还是同一条"
    clock.set(clock.now() + timedelta(hours=5))
    assert await notice.finalise(second) is not None


async def test_answered_meanwhile_is_neither_called_nor_reminded(staffed: Services) -> None:
    await bind(staffed, COUNTY_GROUP, COUNTY)
    notice, instead = await group_notice(staffed)
    [private] = await sent(staffed, HAND_OFF_KIND)
    still = StillOpen(staffed.context)
    assert await still(private) == (private.payload, ())
    await staffed.questions.answer(privately(staffed, CITY_ADMIN), 1, "按附件3报变更。")
    assert await notice.finalise(instead) is None
    assert await still(private) is None
