"""导出与比对：文件只在私聊给，联系人电话只在文件里；别的系统导出的表发来就比，结果写成表发回去。"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from storage.words import ObligationState, Role
from tests.chat.asking import audit
from tests.stage import (
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST_ADMIN,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    Stage,
)

REPORT = "/上报 初审 应采集52 已录入52 已审50"


@pytest.fixture
async def underway(stage: Stage) -> Stage:
    """县三中待审，县一中被退回，其余没报。"""
    await stage.tell(THIRD_ADMIN, REPORT)
    await stage.tell(FIRST_ADMIN, REPORT)
    await stage.tell(COUNTY_ADMIN, "/审核 县一中 初审 退回 缺照片")
    return stage


async def _file(stage: Stage, qq: int, text: str) -> tuple[str, str, Workbook]:
    """一条命令的回话、文件名和里面的工作簿。"""
    reply = await stage.tell(qq, text)
    return await _attached(stage, qq, reply.body)


async def _attached(stage: Stage, qq: int, said: str) -> tuple[str, str, Workbook]:
    sent = await stage.world.next_reply(private=qq)
    [file] = sent.files
    return said, file.name, load_workbook(BytesIO(file.content))


def _rows(book: Workbook, sheet: str) -> list[list[object]]:
    return [list(row) for row in book[sheet].iter_rows(values_only=True)]


async def test_county_gets_totals_first_then_its_schools_with_whom_to_call(underway: Stage) -> None:
    said, name, book = await _file(underway, COUNTY_ADMIN, "/导出 进度 初审")
    assert said == (
        "岳阳县 信息采集初审：3 个单位，2 个还欠着，文件发给你了。"
        "欠着的写有联系人和电话，请妥善保管，不要转发到群里。"
    )
    assert name == "岳阳县初审进度20170220.xlsx"
    assert book.sheetnames == ["合计", "岳阳县"]
    assert _rows(book, "合计")[2:] == [
        ["县市区", "应报", "完成", "待审", "退回", "未报", "迟报", "应采集", "已录入", "已审"],
        ["岳阳县", 3, 0, 1, 1, 1, 0, 52, 52, 50],
        ["合计", 3, 0, 1, 1, 1, 0, 52, 52, 50],
    ]
    rows = _rows(book, "岳阳县")
    by_name = {row[1]: row for row in rows[2:]}
    assert rows[1][:5] == ["代码", "单位", "办学类型", "状态", "迟报"]
    assert by_name["岳阳县第一中学"][-3:] == ["缺照片", "王样例（信息管理员）", f"138000{FIRST_ADMIN}"]
    assert by_name["岳阳县荣家湾中心幼儿园"][-2:] == ["未分配管理员", None]
    assert by_name["岳阳县第三中学"][-2:] == [None, None]
    sheet = book["岳阳县"]
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref == "A2:M5"


async def test_city_gets_one_sheet_per_county(underway: Stage) -> None:
    _, _, book = await _file(underway, CITY_ADMIN, "/导出 进度 初审")
    assert book.sheetnames == ["合计", "岳阳县", "华容县", "市直学校"]
    assert _rows(book, "合计")[-1][:3] == ["合计", 5, 0]


async def test_owing_only(underway: Stage) -> None:
    said, name, book = await _file(underway, COUNTY_ADMIN, "/未报 导出")
    assert said.startswith("岳阳县 信息采集初审：还欠着的 2 个单位，文件发给你了。")
    assert name == "岳阳县初审未报名单20170220.xlsx"
    assert [row[1] for row in _rows(book, "岳阳县")[2:]] == ["岳阳县第一中学", "岳阳县荣家湾中心幼儿园"]


async def test_quarter_by_name(underway: Stage) -> None:
    _, name, book = await _file(underway, COUNTY_ADMIN, "/导出 进度 季报 2017Q1")
    assert name == "岳阳县季报2017Q1进度20170220.xlsx"
    assert _rows(book, "岳阳县")[2][1] == "岳阳县"


async def test_export_is_on_record(underway: Stage) -> None:
    await _file(underway, COUNTY_ADMIN, "/导出 进度 初审")
    (entry,) = await audit(underway, 1)
    assert (entry.action, entry.target, entry.actor_qq) == ("export status lists", COUNTY.code, COUNTY_ADMIN)
    assert dict(entry.detail) == {"deliverable": "first_review", "units": 3}


@pytest.mark.parametrize("typed", ["/导出 进度 初审", "/未报 导出"])
async def test_groups_get_no_file(underway: Stage, typed: str) -> None:
    reply = await underway.post(COUNTY_ADMIN, typed, group=COUNTY_GROUP)
    assert "请私聊我" in reply.body
    await underway.silent(COUNTY_GROUP)


async def test_viewers_and_strangers_may_not_export(underway: Stage) -> None:
    await underway.enlist(TEACHER, COUNTY, Role.INFO_VIEWER)
    for typed in ("/导出 进度 初审", "/未报 导出", "/导出 比对"):
        assert "没有办这件事的权限" in (await underway.tell(TEACHER, typed)).body
    assert "没有权限" in (await underway.tell(THIRD_ADMIN, "/导出 进度 岳阳县")).body


async def test_bare_export_shows_the_ways(stage: Stage) -> None:
    assert (await stage.tell(COUNTY_ADMIN, "/导出")).body.startswith("请写导出什么，例如：\n/导出 进度")


async def test_how_to_mention_points_to_the_reminder(underway: Stage) -> None:
    reply = await underway.tell(COUNTY_ADMIN, "/未报 初审 @")
    assert "能 @ 到 1 位管理员，另有 1 个单位还没有管理员" in reply.body
    assert "/提醒 立即 初审 岳阳县" in reply.body


async def test_county_status_points_to_what_is_really_owed(stage: Stage) -> None:
    for who in (THIRD_ADMIN, FIRST_ADMIN):
        await stage.tell(who, REPORT)
    await stage.tell(CITY_ADMIN, "/上报 岳阳县荣家湾中心幼儿园 初审 应采集9 已录入9 已审9")
    reply = await stage.tell(COUNTY_ADMIN, "/进度")
    assert "没报的名单：私聊我发 /未报 季报" in reply.body
    assert (await stage.tell(COUNTY_ADMIN, "/未报")).body.startswith("岳阳县 信息更新季报")


async def test_a_page_beyond_the_last_is_said(underway: Stage) -> None:
    reply = await underway.tell(COUNTY_ADMIN, "/未报 初审 第9页")
    assert reply.body == "没有第 9 页，一共 1 页（2 个）。"


async def test_cancelled_milestone_is_said_to_be_cancelled(stage: Stage) -> None:
    from sqlalchemy import text

    async with stage.services.context.database._writer.begin() as connection:
        await connection.execute(
            text("UPDATE obligations SET state = :state WHERE deliverable = 'first_review'"),
            {"state": ObligationState.CANCELLED.value},
        )
    assert "“信息采集初审”已经取消，岳阳县第三中学不用再报。" in (await stage.tell(THIRD_ADMIN, REPORT)).body
    assert "· 初审：已取消，不用报" in (await stage.tell(THIRD_ADMIN, "/进度")).body
    assert (await stage.tell(COUNTY_ADMIN, "/未报 初审")).body == "信息采集初审已经取消，谁也不用报。"
    reply = await stage.tell(COUNTY_ADMIN, "/审核 县三中 初审 通过")
    assert reply.body == "信息采集初审已经取消，岳阳县第三中学的不用再审。"


# ---- 比对


def _table(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


async def _compared(stage: Stage, content: bytes, name: str = "全国系统导出.xlsx") -> tuple[str, Workbook]:
    await stage.tell(COUNTY_ADMIN, "/导出 比对")
    await stage.world.send_file(COUNTY_ADMIN, name, content)
    reply = await stage.world.next_reply(private=COUNTY_ADMIN)
    said, _, book = await _attached(stage, COUNTY_ADMIN, reply.body)
    return said, book


async def test_a_table_of_another_system_is_matched_and_the_differences_come_back(underway: Stage) -> None:
    said, book = await _compared(
        underway,
        _table(
            ("岳阳县各学校教职工人数统计表",),
            ("序号", "学校标识码", "学校名称", "教职工数（人）"),
            (1, THIRD.code, "岳阳县第三中学", 55),
            (2, "", "县一中", 40),
            (3, "", "不存在的学校", 12),
            (4, "", "岳阳县荣家湾中心幼儿园", "十八"),
            ("", "", "合计", 107),
        ),
    )
    assert said == (
        "比完了：对上 2 个单位，数不同的 2 个。\n没对上 2 行，对方表里没有的 1 个单位，明细在文件里。"
    )
    assert book.sheetnames == ["合计", "差异", "没对上的行", "对方表里没有的单位", "全部对上的"]
    differences = {row[2]: row[3:] for row in _rows(book, "差异")[1:]}
    assert differences == {
        "岳阳县第三中学": [3, "代码", 52, 55, 3],
        "岳阳县第一中学": [4, "名称", None, 40, None],
    }
    assert [row[3] for row in _rows(book, "没对上的行")[1:]] == [
        "名册里没有这个代码，也没有这个名称",
        "“应采集”写的是“十八”，不是人数",
    ]
    assert [row[2] for row in _rows(book, "对方表里没有的单位")[1:]] == ["岳阳县荣家湾中心幼儿园"]


async def test_a_table_without_the_columns_is_explained_and_may_be_sent_again(underway: Stage) -> None:
    await underway.tell(COUNTY_ADMIN, "/导出 比对")
    await underway.world.send_file(COUNTY_ADMIN, "错.xlsx", _table(("甲", "乙"), (1, 2)))
    reply = await underway.world.next_reply(private=COUNTY_ADMIN)
    assert reply.body.startswith(
        "没认出列。表里要有单位代码或名称一列，和人数（应采集、已录入、已审）至少一列"
    )
    await underway.world.send_file(COUNTY_ADMIN, "好.csv", f"代码,人数\n{THIRD.code},52\n".encode("gbk"))
    assert (await underway.world.next_reply(private=COUNTY_ADMIN)).body.startswith("比完了：对上 1 个单位")


async def test_schools_do_not_compare(underway: Stage) -> None:
    assert "比对由县市区、市里办" in (await underway.tell(THIRD_ADMIN, "/导出 比对")).body


async def test_formulas_of_the_outside_stay_text(underway: Stage) -> None:
    content = _table(("学校名称", "人数"), ("@SUM(1)的学校", 5))
    _, book = await _compared(underway, content)
    cell = book["没对上的行"]["C2"]
    assert (cell.value, cell.data_type) == ("@SUM(1)的学校", "s")
