"""登记表、季报、零报告、备案：官方文件逐格核对，报送备案一级一级走。"""

from __future__ import annotations

import io

import pytest
from docx import Document
from openpyxl import load_workbook

from bot.documents.register import TITLE, register_footnote
from bot.sandbox import Message
from storage.words import ObligationState, Role
from tests.chat.asking import audit, spoken
from tests.stage import (
    CITY,
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    MUNICIPAL_ADMIN,
    OTHER_COUNTY_ADMIN,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    Stage,
)

FIRST_ROW = (
    "姓名：样例甲\n字段：政治面貌\n原因：入党\n修改前：群众\n修改后：中共党员\n日期：2017-02-13\n本人申请：是"
)
SECOND_ROW = (
    "姓名：样例乙\n字段：学历\n原因：函授毕业\n修改前：大专\n修改后：本科\n"
    "日期：2017-01-20\n本人申请：否\n备注：已核原件"
)
HEADER = [
    "序号",
    "姓名",
    "修改字段",
    "修改原因",
    "修改前",
    "修改后",
    "修改日期",
    "是否教师主动申请变更",
    "备注",
]
ROWS = [
    ["1", "样例甲", "政治面貌", "入党", "群众", "中共党员", "2017-02-13", "是", ""],
    ["2", "样例乙", "学历", "函授毕业", "大专", "本科", "2017-01-20", "否", "已核原件"],
]
NO_ROW = [""] * 9


@pytest.fixture
async def filed(stage: Stage) -> Stage:
    """县三中登记了两条。"""
    await stage.tell(THIRD_ADMIN, f"/变更\n{FIRST_ROW}\n\n{SECOND_ROW}")
    return stage


async def _files(stage: Stage, who: int, typed: str) -> tuple[Message, bytes, bytes]:
    """要登记表，确认，收下两份文件。"""
    await stage.tell(who, typed)
    await stage.world.say(who, "确认")
    text, first, second = await stage.world.replies(3, private=who)
    names = [first.files[0].name, second.files[0].name]
    assert [name.rsplit(".", 1)[1] for name in names] == ["docx", "xlsx"]
    return text, first.files[0].content, second.files[0].content


def _word_table(content: bytes) -> list[list[str]]:
    (table,) = Document(io.BytesIO(content)).tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def _sheet_rows(content: bytes) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[str(value or "") for value in row] for row in sheet.iter_rows(values_only=True)]


# ---- 登记表


async def test_full_values_are_announced_and_need_a_confirmation(filed: Stage) -> None:
    prompt = await filed.tell(THIRD_ADMIN, "/登记表")
    assert prompt.body.startswith(
        "将把 岳阳县第三中学 2017年第一季度的更新登记表（含完整姓名和修改前后内容）"
    )
    assert "不要转发到群里" in prompt.body
    assert all(not one.files for one in filed.world.messages(private=THIRD_ADMIN))


async def test_word_file_is_the_official_form(filed: Stage) -> None:
    text, word, _ = await _files(filed, THIRD_ADMIN, "/登记表")
    assert text.body.startswith("岳阳县第三中学 2017年第一季度更新登记表（附件3），2 条。")
    paragraphs = [one.text for one in Document(io.BytesIO(word)).paragraphs if one.text]
    plan = filed.services.context.plan
    assert paragraphs == [
        TITLE,
        "（学校填报）",
        "单位（公章）：岳阳县第三中学",
        "填表日期：2017年2月20日\t填表人：王样例\t电话：13800010003",
        register_footnote(plan.contact.phone, plan.contact.mail),
    ]
    table = _word_table(word)
    assert table[0] == [*HEADER[:2], *["修改内容"] * 4, *HEADER[6:]]
    assert table[1] == HEADER
    assert table[2:] == [*ROWS, *[NO_ROW] * 6]


async def test_excel_file_holds_the_same(filed: Stage) -> None:
    _, _, sheet = await _files(filed, THIRD_ADMIN, "/登记表 2017Q1")
    rows = _sheet_rows(sheet)
    assert rows[0][0] == TITLE
    assert rows[2][0] == "单位（公章）：岳阳县第三中学"
    assert [value for value in rows[3] if value] == [
        "填表日期：2017年2月20日",
        "填表人：王样例",
        "电话：13800010003",
    ]
    assert rows[4] == [*HEADER[:2], "修改内容", "", "", "", *HEADER[6:]]
    assert rows[5] == ["", "", *HEADER[2:6], "", "", ""]
    assert rows[6:8] == ROWS
    assert rows[8:14] == [NO_ROW] * 6
    assert rows[14][0].startswith("说明：信息更新维护期间（2017年1月起）实行工作季报制度")


async def test_note_names_the_office_and_no_person(filed: Stage) -> None:
    _, word, _ = await _files(filed, THIRD_ADMIN, "/登记表")
    note = Document(io.BytesIO(word)).paragraphs[-1].text
    assert "每季度最后一月25日前" in note
    assert "联系人：教师工作科" in note


async def test_withdrawn_rows_are_left_out(filed: Stage) -> None:
    await filed.confirm(THIRD_ADMIN, "/变更 撤回 1")
    text, word, _ = await _files(filed, THIRD_ADMIN, "/登记表")
    assert "1 条" in text.body
    assert _word_table(word)[2] == ["1", *ROWS[1][1:]]


async def test_formula_in_a_value_stays_text(stage: Stage) -> None:
    await stage.tell(THIRD_ADMIN, "/变更\n" + FIRST_ROW.replace("中共党员", "=1+1"))
    _, _, content = await _files(stage, THIRD_ADMIN, "/登记表")
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert (sheet.cell(7, 6).value, sheet.cell(7, 6).data_type) == ("=1+1", "s")


async def test_county_form_collects_its_schools_and_says_which(filed: Stage) -> None:
    await filed.tell(FIRST_ADMIN, "/变更\n" + FIRST_ROW.replace("样例甲", "样例丁"))
    for qq in (THIRD_ADMIN, FIRST_ADMIN):
        await filed.tell(qq, "/季报 报送")
    text, word, sheet = await _files(filed, COUNTY_ADMIN, "/登记表")
    assert text.body.startswith("岳阳县 2017年第一季度更新登记表（附件3），3 条。")
    rows = _word_table(word)[2:5]
    assert [row[:2] for row in rows] == [["1", "样例甲"], ["2", "样例乙"], ["3", "样例丁"]]
    assert [row[8] for row in rows] == ["岳阳县第三中学", "岳阳县第三中学；已核原件", "岳阳县第一中学"]
    assert _sheet_rows(sheet)[6:9] == rows


async def test_empty_quarter_gives_an_empty_form(stage: Stage) -> None:
    text, word, _ = await _files(stage, FIRST_ADMIN, "/登记表")
    assert "没有变更，是空表" in text.body
    assert _word_table(word)[2:] == [NO_ROW] * 8


async def test_handing_out_full_values_is_audited(filed: Stage) -> None:
    await _files(filed, COUNTY_ADMIN, "/登记表 县三中")
    (entry,) = await audit(filed, 1)
    assert (entry.action, entry.target, entry.actor_qq) == (
        "official register with full values",
        THIRD.code,
        COUNTY_ADMIN,
    )


@pytest.mark.parametrize(
    ("unit", "role"),
    [
        (THIRD, Role.INFO_VIEWER),
        (COUNTY, Role.INFO_VIEWER),
        (CITY, Role.INFO_VIEWER),
        (THIRD, Role.SYSTEM_ADMIN),
    ],
)
async def test_viewers_and_system_admins_get_no_full_values(filed: Stage, unit, role: Role) -> None:
    await filed.enlist(TEACHER, unit, role)
    reply = await filed.tell(TEACHER, "/登记表 岳阳县第三中学")
    assert reply.body.startswith(f"你登记的是{unit.name}{role.label}，没有办这件事的权限")
    assert all(not one.files for one in filed.world.messages(private=TEACHER))


@pytest.mark.parametrize("who", [FIRST_ADMIN, OTHER_COUNTY_ADMIN])
async def test_somebody_elses_register_is_denied(filed: Stage, who: int) -> None:
    reply = await filed.tell(who, "/登记表 岳阳县第三中学")
    assert reply.body.startswith("你没有权限办理“岳阳县第三中学”的这件事")


async def test_register_is_never_sent_in_a_group(filed: Stage) -> None:
    assert (await filed.post(THIRD_ADMIN, "/登记表")).body == "/登记表 请私聊我办理，群里不处理。"
    await filed.world.say(THIRD_ADMIN, "确认", group=COUNTY_GROUP)
    await filed.silent()


async def test_failed_upload_is_said_with_what_to_do(filed: Stage) -> None:
    await filed.tell(THIRD_ADMIN, "/登记表")
    filed.world.faults.fail("upload_private_file")
    await filed.world.say(THIRD_ADMIN, "确认")
    text, note, second = await filed.world.replies(3, private=THIRD_ADMIN)
    assert text.body.startswith("岳阳县第三中学 2017年第一季度更新登记表")
    assert note.body == (
        "文件“岳阳县第三中学2017年第一季度教师信息更新登记表.docx”没有发成功。请确认已加我为好友，再发一次命令。"
    )
    assert second.files[0].name.endswith(".xlsx")


# ---- 季报、零报告、备案、退回


async def test_quarter_goes_from_school_to_county_to_city(filed: Stage) -> None:
    sent = await filed.tell(THIRD_ADMIN, "/季报 报送")
    assert sent.body == (
        "已报送：岳阳县第三中学 2017年第一季度季报 2 条\n"
        "等岳阳县备案。之后又有变更，登记后再发一次 /季报 报送。"
    )
    archived = await filed.tell(COUNTY_ADMIN, "/备案 县三中 2017Q1")
    assert archived.body == "已备案：岳阳县第三中学 2017年第一季度，2 条。"
    await filed.office.sweep.run()
    assert spoken(filed, private=THIRD_ADMIN)[-1] == "岳阳县第三中学 2017年第一季度季报已备案。"
    county = await filed.tell(COUNTY_ADMIN, "/季报 报送")
    assert county.body.splitlines()[:2] == [
        "已报送：岳阳县 2017年第一季度季报 2 条",
        "注意：本县还有 2 所学校没报，没有收进来；等它们报了请再发 /季报 报送。",
    ]
    city = await filed.tell(CITY_ADMIN, "/备案 岳阳县")
    assert city.body == "已备案：岳阳县 2017年第一季度，2 条。"


async def test_supplement_may_be_sent_in_the_same_quarter(filed: Stage) -> None:
    await filed.tell(THIRD_ADMIN, "/季报 报送")
    await filed.tell(COUNTY_ADMIN, "/备案 县三中 2017Q1")
    await filed.tell(THIRD_ADMIN, "/变更\n" + FIRST_ROW.replace("样例甲", "样例戊"))
    again = await filed.tell(THIRD_ADMIN, "/季报 报送")
    assert again.body.startswith("已报送：岳阳县第三中学 2017年第一季度季报 3 条")


async def test_quarter_without_changes_is_a_zero_report(stage: Stage) -> None:
    refused = await stage.tell(MUNICIPAL_ADMIN, "/季报 报送")
    assert refused.body == (
        "岳阳市第一中学2017年第一季度还没有登记变更。确实没有变更请发 /零报告；有变更先发 /变更 登记。"
    )
    zero = await stage.post(MUNICIPAL_ADMIN, "/零报告")
    assert zero.body.startswith("已报送：岳阳市第一中学 2017年第一季度零报告\n等岳阳市备案。")
    state = await stage.tell(MUNICIPAL_ADMIN, "/季报")
    assert state.body.splitlines()[1] == "岳阳市第一中学：已报送，待备案，零报告"


async def test_zero_report_with_rows_is_refused(filed: Stage) -> None:
    reply = await filed.tell(THIRD_ADMIN, "/零报告")
    assert reply.body == "岳阳县第三中学2017年第一季度已登记 2 条变更，不是零报告。请发 /季报 报送"


async def test_returned_quarter_tells_the_school_why(filed: Stage) -> None:
    await filed.tell(THIRD_ADMIN, "/季报 报送")
    reply = await filed.tell(COUNTY_ADMIN, "/季报 退回 县三中 2017Q1 第2条缺证明，请补")
    assert reply.body == "已退回：岳阳县第三中学 2017年第一季度季报\n原因：第2条缺证明，请补"
    await filed.office.sweep.run()
    assert spoken(filed, private=THIRD_ADMIN)[-1] == (
        "岳阳县第三中学 2017年第一季度季报被退回。\n原因：第2条缺证明，请补\n"
        "改好后重新报：/季报 报送（本季度没有变更发 /零报告）"
    )
    state = await filed.tell(THIRD_ADMIN, "/季报")
    assert "岳阳县第三中学：已退回，2 条，原因：第2条缺证明，请补" in state.body


async def test_county_overview_lists_what_waits_for_it(filed: Stage) -> None:
    await filed.tell(THIRD_ADMIN, "/季报 报送")
    reply = await filed.tell(COUNTY_ADMIN, "/季报")
    assert reply.body == (
        "2017年第一季度季报，岳阳县：待备案 1 · 未报 2，共 2 条\n"
        "本级 岳阳县：未报，2 条，3月25日（周六）截止\n"
        "待备案：\n"
        "· 岳阳县第三中学：已报送，待备案，2 条\n"
        "备案发 /备案 岳阳县第三中学 2017Q1"
    )


async def test_quarter_sent_after_the_countys_day_is_late(filed: Stage) -> None:
    await filed.move(2017, 3, 21)
    reply = await filed.tell(THIRD_ADMIN, "/季报 报送")
    assert reply.body.startswith("已报送：岳阳县第三中学 2017年第一季度季报 2 条（迟报）")


async def test_after_the_25th_the_owed_quarter_is_sent_first(filed: Stage) -> None:
    await filed.move(2017, 3, 27)
    reply = await filed.tell(THIRD_ADMIN, "/季报 报送")
    assert reply.body.startswith("已报送：岳阳县第三中学 2017年第一季度季报 2 条（迟报）")


@pytest.mark.parametrize(
    ("who", "typed", "says"),
    [
        (COUNTY_ADMIN, "/备案", "请写单位和季度，例如：/备案 岳阳县第三中学 2017Q1"),
        (COUNTY_ADMIN, "/备案 县一中 2017Q1", "岳阳县第一中学还没有报信息更新季报"),
        (COUNTY_ADMIN, "/季报 退回 县三中", "请写单位、季度和原因，例如：/季报 退回"),
        (COUNTY_ADMIN, "/季报 退回 县三中 2017Q1", "请写单位、季度和原因，例如：/季报 退回"),
        (THIRD_ADMIN, "/备案 县三中 2017Q1", "你登记的是岳阳县第三中学信息管理员，没有办这件事的权限"),
        (OTHER_COUNTY_ADMIN, "/备案 岳阳县第三中学 2017Q1", "你没有权限办理“岳阳县第三中学”的这件事"),
        (COUNTY_ADMIN, "/备案 岳阳县 2017Q1", "岳阳县报的由上级审核，本单位不能自己审。"),
        (CITY_ADMIN, "/季报 报送", "岳阳市不用报季报"),
        (THIRD_ADMIN, "/季报 报送 2016Q4", "岳阳县第三中学没有2016年第四季度的季报"),
        (FIRST_ADMIN, "/季报 报送 岳阳县第三中学", "你没有权限办理“岳阳县第三中学”的这件事"),
    ],
)
async def test_quarters_that_are_refused(filed: Stage, who: int, typed: str, says: str) -> None:
    await filed.tell(THIRD_ADMIN, "/季报 报送")
    assert (await filed.tell(who, typed)).body.startswith(says)
    async with filed.services.context.database.read() as stores:
        found = await stores.obligations.find(THIRD.code, "quarterly", "2017Q1")
    assert found is not None
    assert found.state is ObligationState.REPORTED


async def test_quarter_state_is_not_shown_in_a_group(filed: Stage) -> None:
    assert (await filed.post(COUNTY_ADMIN, "/季报")).body == "这件事请私聊我办理，群里不处理。"
