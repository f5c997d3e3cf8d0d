"""变更登记：照抄填写、哪里不对一次说清、列表遮住、撤回要确认；群里一个字也不重复。"""

from __future__ import annotations

import pytest

from storage.changes import ChangeNotice
from storage.words import NoticeState, Role
from tests.chat.asking import audit, spoken
from tests.stage import (
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    OTHER_COUNTY_ADMIN,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    Stage,
)

LINES = (
    "姓名：样例甲",
    "字段：政治面貌",
    "原因：入党",
    "修改前：群众",
    "修改后：中共党员",
    "日期：2017-02-13",
    "本人申请：是",
)
FORM = "/变更\n" + "\n".join(LINES)
SECOND = (
    "姓名:样例乙\n字段:学历\n原因:函授毕业\n修改前:大专\n修改后:本科\n"
    "日期:1月20日\n本人申请:否\n备注:已核原件"
)
FILED = "1. 样** 政治面貌：***→中***（2017-02-13）"


async def _notices(stage: Stage, period: str = "2017Q1") -> list[ChangeNotice]:
    async with stage.services.context.database.read() as stores:
        return await stores.changes.of([THIRD.code], period)


async def test_filed_form_is_stored_whole_and_shown_masked(stage: Stage) -> None:
    reply = await stage.tell(THIRD_ADMIN, FORM)
    assert reply.body == (
        f"已登记 1 条（岳阳县第三中学 2017年第一季度）\n{FILED}\n"
        "生效的变更请及时报送：/季报 报送；撤回发 /变更 撤回 编号"
    )
    (notice,) = await _notices(stage)
    assert (notice.row.name, notice.row.before, notice.row.after) == ("样例甲", "群众", "中共党员")
    assert notice.row.by_teacher


@pytest.mark.parametrize(
    "form",
    [
        "/变更\n" + "\n".join(reversed(LINES)),
        FORM.replace("：", ":"),
        FORM.replace("：", " ： "),
        FORM.replace("：", "　"),
        FORM.replace("\n", "\r\n"),
        FORM.replace("2017-02-13", "2月13日"),
        FORM.replace("2017-02-13", "２０１７年２月１３日"),
        FORM.replace("姓名", "教师姓名").replace("字段", "修改字段").replace("日期", "修改日期"),
        "／变更\n\n" + "\n".join(LINES),
        "/变更 " + "\n".join(LINES),
    ],
    ids=[
        "reversed",
        "half-width colon",
        "spaces",
        "no colon",
        "CRLF",
        "short date",
        "full-width date",
        "official labels",
        "full-width slash and blank line",
        "same line",
    ],
)
async def test_form_is_read_however_it_is_written(stage: Stage, form: str) -> None:
    reply = await stage.tell(THIRD_ADMIN, form)
    assert FILED in reply.body.splitlines()


async def test_several_people_are_separated_by_a_blank_line(stage: Stage) -> None:
    reply = await stage.tell(THIRD_ADMIN, f"{FORM}\n\n{SECOND}")
    assert reply.body.splitlines()[:3] == [
        "已登记 2 条（岳阳县第三中学 2017年第一季度）",
        FILED,
        "2. 样** 学历：***→***（2017-01-20）",
    ]
    first, second = await _notices(stage)
    assert (first.number, second.number) == (1, 2)
    assert (second.row.note, second.row.by_teacher) == ("已核原件", False)


async def test_chinese_punctuation_reaches_the_official_form_unchanged(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, FORM.replace("入党", "入党（2016年，支部大会通过）"))
    (notice,) = await _notices(stage)
    assert notice.row.reason == "入党（2016年，支部大会通过）"


async def test_value_continues_on_the_next_line(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, FORM.replace("原因：入党", "原因：入党\n支部大会通过"))
    (notice,) = await _notices(stage)
    assert notice.row.reason == "入党 支部大会通过"


async def test_every_mistake_is_named_with_its_number(stage: Stage) -> None:
    first = FORM.replace("2017-02-13", "2月30日").replace("本人申请：是", "本人申请：也许")
    second = SECOND.replace("本科", "大专").replace("1月20日", "2017-05-01")
    third = "姓名：样例丙\n姓名：样例丁\n颜色：红"
    reply = await stage.tell(THIRD_ADMIN, "\n\n".join((first, second, third)))
    assert reply.body == (
        "一条也没登记，请改好后整段重发：\n"
        "第1条：没有“2月30日”这一天，请核对日期\n"
        "第1条：“本人申请”请写 是 或 否，不要写“也许”\n"
        "第2条：“修改前”和“修改后”一样，请核对\n"
        "第2条：“日期”2017-05-01 还没到，请写变更生效的日子\n"
        "第3条：“姓名”写了两遍；登记几个人请用空行隔开\n"
        "第3条：没有“颜色：红…”这一项，请照样子写\n"
        "第3条：缺 字段、原因、修改前、修改后、日期、本人申请\n"
        "看样子发 /变更"
    )
    assert await _notices(stage) == []


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("/变更\n姓名：样例甲", "缺 字段、原因、修改前、修改后、日期、本人申请"),
        (FORM.replace("修改前：群众", "修改前："), "缺 修改前"),
        (FORM.replace("2017-02-13", "昨天"), "看不懂日期“昨天”，请写成 2017-03-02 或 3月2日"),
        (FORM.replace("群众", "长" * 101), "“修改前”太长，请写在 100 字以内"),
        ("/变更 你好：", "看不懂“你好：…”，请照样子一行写一项"),
        ("/变更\n" + "\n\n".join("\n".join(LINES) for _ in range(21)), "一次最多登记 20 条，这次有 21 条"),
    ],
)
async def test_single_mistakes(stage: Stage, form: str, says: str) -> None:
    reply = await stage.tell(THIRD_ADMIN, form)
    lines = reply.body.splitlines()
    assert lines[0] == "一条也没登记，请改好后整段重发："
    assert lines[1].startswith(says)
    assert await _notices(stage) == []


async def test_same_person_and_field_twice_is_pointed_out(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, FORM)
    reply = await stage.tell(THIRD_ADMIN, FORM)
    assert "注意：与第 1 条是同一人同一字段（政治面貌），重复的请发 /变更 撤回 编号" in reply.body


async def test_change_of_an_earlier_quarter_is_taken_with_a_remark(stage: Stage) -> None:
    reply = await stage.tell(THIRD_ADMIN, FORM.replace("2017-02-13", "2016-11-02"))
    assert "注意：变更日期 2016年11月2日 不在2017年第一季度，按补登收下" in reply.body


async def test_form_filed_after_the_25th_counts_for_the_next_quarter(stage: Stage) -> None:
    await stage.move(2017, 3, 26)
    reply = await stage.tell(THIRD_ADMIN, FORM)
    assert reply.body.startswith("已登记 1 条（岳阳县第三中学 2017年第二季度）")
    assert len(await _notices(stage, "2017Q2")) == 1


async def test_bare_command_shows_the_form_to_copy(stage: Stage) -> None:
    reply = await stage.tell(THIRD_ADMIN, "/变更")
    assert reply.body.startswith("请照下面的样子填好发我")
    example = reply.body[reply.body.index("/变更\n") :]
    await stage.move(2017, 3, 3)
    assert (await stage.tell(THIRD_ADMIN, example)).body.startswith("已登记 1 条")


async def test_group_refuses_without_echoing_anything(stage: Stage) -> None:
    reply = await stage.post(THIRD_ADMIN, FORM)
    assert reply.body == "/变更 请私聊我办理，群里不处理。"
    assert await _notices(stage) == []
    assert all("样例甲" not in said for said in spoken(stage, group=COUNTY_GROUP))


@pytest.mark.parametrize("typed", [FORM, "/变更"])
@pytest.mark.parametrize(
    ("who", "says"),
    [(COUNTY_ADMIN, "你登记的是岳阳县信息管理员，没有办这件事的权限"), (TEACHER, "你还没有登记为管理员")],
)
async def test_only_the_schools_info_admin_files(stage: Stage, who: int, says: str, typed: str) -> None:
    assert (await stage.tell(who, typed)).body.startswith(says)


async def test_denied_form_leaves_no_personal_data_in_the_log(stage: Stage) -> None:
    await stage.tell(COUNTY_ADMIN, FORM)
    (entry,) = await audit(stage, 1)
    assert (entry.action, entry.outcome) == ("/变更", "denied")
    assert "样例甲" not in str(entry)


# ---- 列表


async def test_listing_is_masked_and_keeps_withdrawn_numbers(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, f"{FORM}\n\n{SECOND}")
    await stage.confirm(THIRD_ADMIN, "/变更 撤回 1")
    reply = await stage.tell(THIRD_ADMIN, "/变更 列表")
    assert reply.body == (
        f"岳阳县第三中学 2017年第一季度：有效 1 条\n{FILED}［已撤回］\n2. 样** 学历：***→***（2017-01-20）"
    )


async def test_empty_listing_says_what_to_type(stage: Stage) -> None:
    reply = await stage.tell(THIRD_ADMIN, "/变更 列表 2016Q4")
    assert reply.body == "岳阳县第三中学 2016年第四季度还没有登记变更。登记发 /变更"


async def test_county_reads_its_schools_listing_and_is_told_how(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, FORM)
    own = await stage.tell(COUNTY_ADMIN, "/变更 列表")
    assert own.body.endswith("看学校的发 /变更 列表 学校名，看汇总发 /季报")
    school = await stage.tell(COUNTY_ADMIN, "/变更 列表 县三中 2017年第一季度")
    assert school.body == f"岳阳县第三中学 2017年第一季度：有效 1 条\n{FILED}"


async def test_viewer_of_the_school_reads_the_masked_listing(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, FORM)
    await stage.enlist(TEACHER, THIRD, Role.INFO_VIEWER)
    assert FILED in (await stage.tell(TEACHER, "/变更 列表")).body


@pytest.mark.parametrize("who", [FIRST_ADMIN, OTHER_COUNTY_ADMIN])
async def test_listing_of_somebody_elses_school_is_denied(stage: Stage, who: int) -> None:
    reply = await stage.tell(who, "/变更 列表 岳阳县第三中学")
    assert reply.body.startswith("你没有权限办理“岳阳县第三中学”的这件事")


# ---- 撤回


async def test_withdrawal_shows_the_row_and_waits_for_confirmation(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, FORM)
    prompt = await stage.tell(THIRD_ADMIN, "/变更 撤回 1")
    assert prompt.body == (f"将撤回这一条：\n{FILED}\n回复“确认”执行，“取消”放弃（120 秒内有效）。")
    assert (await _notices(stage))[0].state is NoticeState.ACTIVE
    assert (await stage.tell(THIRD_ADMIN, "确认")).body == "已撤回第 1 条，编号保留不再用。"
    assert (await _notices(stage))[0].state is NoticeState.WITHDRAWN


async def test_cancelled_withdrawal_changes_nothing(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, FORM)
    await stage.tell(THIRD_ADMIN, "/变更 撤回 1")
    assert (await stage.tell(THIRD_ADMIN, "取消")).body == "已取消。"
    assert (await _notices(stage))[0].state is NoticeState.ACTIVE


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/变更 撤回", "请写要撤回的编号，例如：/变更 撤回 2"),
        ("/变更 撤回 第一条", "请写要撤回的编号"),
        ("/变更 撤回 9", "岳阳县第三中学2017年第一季度没有第 9 条登记"),
        ("/变更 修改 1 修改后：本科", "登记过的不能直接改：先发 /变更 撤回 编号，再重新登记"),
    ],
)
async def test_withdrawals_that_cannot_be(stage: Stage, typed: str, says: str) -> None:
    await stage.tell(THIRD_ADMIN, FORM)
    assert (await stage.tell(THIRD_ADMIN, typed)).body.startswith(says)


async def test_archived_rows_stay(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, FORM)
    await stage.tell(THIRD_ADMIN, "/季报 报送")
    await stage.tell(COUNTY_ADMIN, "/备案 县三中 2017Q1")
    reply = await stage.tell(THIRD_ADMIN, "/变更 撤回 1")
    assert "已经备案，第 1 条不能再改" in reply.body
