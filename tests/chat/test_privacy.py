"""隐私保护：群里出现校验正确的身份证号就撤回、回一句中性的话；校验不对的不动。号码全是造的。"""

from __future__ import annotations

import pytest

from bot.domain.masking import CHECKS, WEIGHTS
from bot.sandbox import segments
from tests.chat.asking import spoken
from tests.stage import COUNTY_GROUP, FIRST_ADMIN, TEACHER, THIRD_ADMIN, Stage

# 999999 不是任何地方的代码
BASE = "99999919000101000"
NEUTRAL = "刚才有消息带了身份证号，已尝试撤回；没撤掉的请本人手动撤回。\n群里请不要发个人信息，办理请私聊我。"


def _check_digit(base: str) -> str:
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(base, WEIGHTS, strict=True)) % 11]


NUMBER = BASE + _check_digit(BASE)
WITH_X = next(
    base + "X" for base in (f"9999991900010{n:04}" for n in range(1010, 1999)) if _check_digit(base) == "X"
)
WRONG = BASE + ("0" if NUMBER[-1] != "0" else "1")


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f"王老师的身份证号是{NUMBER}，帮忙查一下",
        f"号码{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}",
        f"号码{NUMBER[:6]}-{NUMBER[6:14]}-{NUMBER[14:]}",
        "".join(chr(ord(char) + 0xFEE0) for char in NUMBER),
        WITH_X,
        WITH_X.lower(),
        f"1.{NUMBER}",
        f"{NUMBER[:9]}\u200b{NUMBER[9:]}",
        f"/变更\n姓名：样例甲\n字段：身份证件号\n修改前：{NUMBER}",
        f"/上报 初审 应采集52 已录入52 已审52 {NUMBER}",
        f"/问 {NUMBER} 怎么录",
    ],
)
@pytest.mark.parametrize("who", [TEACHER, THIRD_ADMIN])
async def test_id_number_in_a_group_is_recalled_with_one_neutral_line(
    stage: Stage, text: str, who: int
) -> None:
    said = await stage.world.say(who, text, group=COUNTY_GROUP)
    reply = await stage.world.next_reply(group=COUNTY_GROUP)
    assert reply.text == NEUTRAL
    assert said.recalled
    await stage.world.quiet(0.2, group=COUNTY_GROUP)


async def test_command_with_an_id_number_is_not_carried_out(stage: Stage) -> None:
    await stage.post(THIRD_ADMIN, f"/上报 责任书 {NUMBER}")
    async with stage.services.context.database.read() as stores:
        found = await stores.obligations.find("YY04-0001", "responsibility_letter")
    assert found is not None
    assert found.reported_by is None


async def test_number_split_over_a_mention_is_seen(stage: Stage) -> None:
    parts = [NUMBER[:8], segments.at(FIRST_ADMIN), NUMBER[8:]]
    said = await stage.world.say(TEACHER, parts, group=COUNTY_GROUP)
    assert (await stage.world.next_reply(group=COUNTY_GROUP)).text == NEUTRAL
    assert said.recalled


@pytest.mark.parametrize(
    "text",
    [
        f"号码{WRONG}",
        "13800000000 0730-8888888",
        "9" * 18,
        f"{NUMBER}1",
        "20170220 20170228",
    ],
    ids=["wrong check digit", "phones", "eighteen nines", "nineteen digits", "dates"],
)
async def test_other_long_numbers_are_left_alone(stage: Stage, text: str) -> None:
    said = await stage.world.say(TEACHER, text, group=COUNTY_GROUP)
    await stage.silent()
    assert not said.recalled


async def test_recall_that_fails_still_gets_the_neutral_line(stage: Stage) -> None:
    stage.world.join(COUNTY_GROUP, TEACHER, role="owner")
    said = await stage.world.say(TEACHER, NUMBER, group=COUNTY_GROUP)
    assert (await stage.world.next_reply(group=COUNTY_GROUP)).text == NEUTRAL
    assert not said.recalled


async def test_answer_does_not_quote_the_message(stage: Stage) -> None:
    await stage.world.say(TEACHER, NUMBER, group=COUNTY_GROUP)
    reply = await stage.world.next_reply(group=COUNTY_GROUP)
    assert reply.quoted_id is None
    assert reply.mentions == ()


async def test_private_chat_is_no_group(stage: Stage) -> None:
    said = await stage.world.say(TEACHER, f"{NUMBER} 录不进去怎么办")
    reply = await stage.world.next_reply(private=TEACHER)
    assert reply.text != NEUTRAL
    assert NUMBER not in reply.text
    assert not said.recalled


async def test_unbound_group_is_not_watched(empty_stage: Stage) -> None:
    said = await empty_stage.world.say(TEACHER, NUMBER, group=COUNTY_GROUP)
    await empty_stage.silent()
    assert not said.recalled


async def test_number_never_comes_back_anywhere(stage: Stage) -> None:
    await stage.post(TEACHER, f"{NUMBER} 这个老师怎么录")
    await stage.tell(TEACHER, f"/转人工 {NUMBER} 录不进去")
    await stage.office.sweep.run()
    everything = [one.text for one in stage.world.messages() if one.by_bot]
    assert all(NUMBER not in text for text in everything)
    assert spoken(stage, group=COUNTY_GROUP) == [NEUTRAL]
