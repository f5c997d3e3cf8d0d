"""/名册 在 QQ 里走一遍：发表格、看变化、确认、再发一遍；各种坏文件一行不改；导出与模板。"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from bot.documents.roster_sheet import ROSTER_HEADER, RosterLine, read_roster, roster_csv, roster_xlsx
from bot.domain.roster import roster_lines
from bot.sandbox import Message
from storage.units import Unit
from tests.chat.asking import audit
from tests.stage import (
    CITY_ADMIN,
    COUNTY,
    COUNTY_ADMIN,
    COUNTY_GROUP,
    FIRST,
    OPERATOR,
    OTHER_SCHOOL,
    TEACHER,
    THIRD,
    THIRD_ADMIN,
    UNITS,
    Stage,
)

RENAMED = "岳阳县第三高级中学"


def lines(*units: Unit) -> list[RosterLine]:
    """这些单位登记着的样子；县名要认得出。"""
    codes = {unit.code for unit in units}
    return [line for line in roster_lines(UNITS) if line.code in codes]


def changed() -> bytes:
    """三中改名，加一所新学校，一中照旧。"""
    third, first = lines(THIRD, FIRST)
    new = RosterLine("YY04-0009", "岳阳县月田中学", "学校", "岳阳县", "初级中学", "公办")
    return roster_xlsx([replace(third, name=RENAMED), first, new])


async def send(stage: Stage, content: bytes, name: str = "名册.xlsx", qq: int = COUNTY_ADMIN) -> Message:
    await stage.world.send_file(qq, name, content)
    return await stage.world.next_reply(private=qq)


async def start(stage: Stage, qq: int = COUNTY_ADMIN) -> None:
    reply = await stage.tell(qq, "/名册 导入")
    assert reply.body.startswith("请把名册表格（.xlsx 或 .csv）发给我，10 分钟内有效。")


def untouched(stage: Stage) -> bool:
    tree = stage.services.context.directory.tree
    return {unit.code: unit for unit in tree.everything()} == {unit.code: unit for unit in UNITS}


async def test_file_preview_confirmation_and_the_same_file_again(stage: Stage) -> None:
    await start(stage)
    prompt = await send(stage, changed())
    assert prompt.body == (
        "看过了，共 3 行：学校 3\n"
        "新增 1 · 改名 1 · 不变 1 · 冲突 0\n"
        "改名：岳阳县第三中学 → 岳阳县第三高级中学\n"
        "表里没有的 1 个单位保持不变；要撤销请在「状态」列写 撤销，并进别的写 并入 代码。\n"
        "回复“确认”执行，“取消”放弃（120 秒内有效）。"
    )
    assert untouched(stage)
    done = await stage.tell(COUNTY_ADMIN, "确认")
    assert done.body.splitlines()[0] == "名册已更新：新增 1 · 改名 1。"
    again = await send(stage, changed())
    assert again.body.splitlines()[0] == "没有变化：表里 3 个单位和登记的一样。"
    (entry,) = await audit(stage, 1)
    assert (entry.action, entry.actor_qq, entry.actor_unit) == (
        "import or edit the roster",
        COUNTY_ADMIN,
        COUNTY.code,
    )


async def test_the_file_may_come_before_the_command(stage: Stage) -> None:
    await send(stage, changed())
    prompt = await stage.tell(COUNTY_ADMIN, "/名册 导入")
    assert prompt.body.startswith("看过了，共 3 行")


async def test_cancelling_changes_nothing(stage: Stage) -> None:
    await start(stage)
    await send(stage, changed())
    assert (await stage.tell(COUNTY_ADMIN, "取消")).body == "已取消。"
    assert untouched(stage)


async def test_nobody_else_confirms_it(stage: Stage) -> None:
    await start(stage)
    await send(stage, changed())
    assert "没有等你确认的操作" in (await stage.tell(CITY_ADMIN, "确认")).body
    assert untouched(stage)
    assert (await stage.tell(COUNTY_ADMIN, "确认")).body.startswith("名册已更新")
    assert "没有等你确认的操作" in (await stage.tell(COUNTY_ADMIN, "确认")).body


async def test_a_merger_is_shown_before_and_told_after(stage: Stage) -> None:
    await start(stage)
    third, first = lines(THIRD, FIRST)
    prompt = await send(stage, roster_xlsx([replace(third, state="并入", merged_into=FIRST.code), first]))
    assert "撤并：岳阳县第三中学（YY04-0001）并入 YY04-0002" in prompt.body
    assert "撤并的单位：管理员停用，没办完的待办停下，过去的记录留着。" in prompt.body
    await stage.tell(COUNTY_ADMIN, "确认")
    asked = await stage.tell(COUNTY_ADMIN, "/上报 岳阳县第三中学 初审 应采集9 已录入9 已审9")
    assert asked.body.splitlines()[0] == "岳阳县第三中学（YY04-0001）2017年2月20日已并入岳阳县第一中学。"
    refused = await stage.tell(COUNTY_ADMIN, "/上报 YY04-0001 初审 应采集9 已录入9 已审9")
    assert "现在只能查它过去的记录" in refused.body
    history = await stage.tell(COUNTY_ADMIN, "/名册 YY04-0001")
    assert history.body.splitlines()[:2] == [
        "岳阳县第三中学（YY04-0001）：学校，岳阳县，初级中学，公办",
        "岳阳县第三中学（YY04-0001）2017年2月20日已并入岳阳县第一中学。",
    ]


# ---- 有问题的名册


def wrong(number: int) -> bytes:
    rows = [RosterLine(f"YY04-1{row:03}", f"样例小学{row}", "学校", "没有的县") for row in range(number)]
    return roster_csv(rows)


async def test_ten_problems_in_the_chat_and_all_of_them_in_a_file(stage: Stage) -> None:
    await start(stage)
    reply = await send(stage, wrong(12), "名册.csv")
    shown = reply.body.splitlines()
    assert shown[0] == "名册有 12 处问题，一行也没有改："
    assert shown[1].startswith("第2行「县市区」写的是“没有的县”")
    assert shown[11] == "……还有 2 处，全部写在文件里。改好后直接把文件再发一次。"
    sent = (await stage.world.next_reply(private=COUNTY_ADMIN)).files[0]
    assert sent.name == "名册问题.txt"
    assert len(sent.content.decode("utf-8-sig").splitlines()) == 12
    assert untouched(stage)


async def test_a_corrected_file_can_be_sent_at_once(stage: Stage) -> None:
    await start(stage)
    assert (await send(stage, wrong(1), "名册.csv")).body.startswith("名册有 1 处问题")
    assert (await send(stage, changed())).body.startswith("看过了")


async def test_a_county_is_told_which_rows_are_not_its_own(stage: Stage) -> None:
    await start(stage)
    (other,) = lines(OTHER_SCHOOL)
    reply = await send(stage, roster_xlsx([replace(other, name="华容县新三中")]))
    assert "第2行「代码」YY05-0001 华容县新三中不是岳阳县的下级" in reply.body
    assert untouched(stage)


def inflated() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(61_000_000))
    return buffer.getvalue()


def with_part(name: str) -> bytes:
    buffer = BytesIO(changed())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(name, b"<x/>")
    return buffer.getvalue()


def with_formula() -> bytes:
    book = Workbook()
    book.worksheets[0].append(ROSTER_HEADER)
    book.worksheets[0].append(["YY04-0009", "=1+1", "学校", "岳阳县"])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 99


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (inflated(), "名册.xlsx", "文件解开后太大"),
        (changed()[:-300], "名册.xlsx", "文件不完整"),
        (b"%PDF-1.7", "名册.xlsx", "其实是PDF 文件（像是改过扩展名）"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "名册.xlsx", "文件加了密码"),
        (OLE, "名册.xls", "旧版 Office 文件"),
        (with_part("xl/vbaProject.bin"), "名册.xlsm", "文件带有宏"),
        (with_part("xl/externalLinks/externalLink1.xml"), "名册.xlsx", "指向别的文件的链接"),
        (with_formula(), "名册.xlsx", "B2 1 格是公式"),
        (roster_csv([*lines(THIRD), *lines(THIRD)]), "名册.csv", "和第2行重复"),
        ("代码,名称\n1,2".encode(), "../../../etc/passwd.csv", "第1行表头缺少“类别”一列"),
    ],
    ids=[
        "inflated",
        "truncated",
        "renamed",
        "encrypted",
        "old",
        "macro",
        "links",
        "formula",
        "doubled",
        "path",
    ],
)
async def test_hostile_files_get_one_clear_sentence_and_change_nothing(
    stage: Stage, content: bytes, name: str, says: str
) -> None:
    await start(stage)
    reply = await send(stage, content, name)
    assert says in reply.body
    assert "确认" not in reply.body
    assert untouched(stage)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
async def test_csv_of_every_usual_encoding_is_taken(stage: Stage, encoding: str) -> None:
    await start(stage)
    text = roster_csv(read_roster(changed(), "名册.xlsx")).decode("utf-8-sig")
    reply = await send(stage, text.encode(encoding), "..\\..\\名册.csv")
    assert "新增 1 · 改名 1 · 不变 1" in reply.body


# ---- 谁能用、导出、模板


@pytest.mark.parametrize("qq", [THIRD_ADMIN, TEACHER, OPERATOR])
async def test_importing_is_for_counties_and_the_city(stage: Stage, qq: int) -> None:
    reply = await stage.tell(qq, "/名册 导入")
    assert "请把名册表格" not in reply.body
    (entry,) = await audit(stage, 1)
    assert (entry.actor_qq, entry.action, entry.outcome) == (qq, "/名册", "denied")


async def test_in_a_group_there_are_numbers_and_no_names(stage: Stage) -> None:
    reply = await stage.post(COUNTY_ADMIN, "/名册 导出")
    assert reply.body == "岳阳县名册：4 个单位（县市区 1、学校 3）。\n要名单请私聊我发 /名册 导出"
    assert "请私聊" in (await stage.post(COUNTY_ADMIN, "/名册 导入")).body
    assert stage.world.messages(group=COUNTY_GROUP)[-1].files == ()


async def test_export_and_import_without_editing_is_no_change(stage: Stage) -> None:
    await stage.tell(CITY_ADMIN, "/名册 导出")
    sent = (await stage.world.next_reply(private=CITY_ADMIN)).files[0]
    assert sent.name == "岳阳市单位名册.xlsx"
    await start(stage, CITY_ADMIN)
    reply = await send(stage, sent.content, sent.name, CITY_ADMIN)
    assert reply.body == f"没有变化：表里 {len(UNITS)} 个单位和登记的一样。"


async def test_the_city_exports_one_county_as_csv(stage: Stage) -> None:
    await stage.tell(CITY_ADMIN, "/名册 导出 岳阳县 csv")
    sent = (await stage.world.next_reply(private=CITY_ADMIN)).files[0]
    assert sent.name == "岳阳县单位名册.csv"
    assert len(read_roster(sent.content, sent.name)) == 4


async def test_the_template_explains_itself_cell_by_cell(stage: Stage) -> None:
    await stage.tell(COUNTY_ADMIN, "/名册 模板")
    sent = (await stage.world.next_reply(private=COUNTY_ADMIN)).files[0]
    sheet = load_workbook(BytesIO(sent.content)).worksheets[0]
    assert tuple(cell.value for cell in sheet[1]) == ROSTER_HEADER
    assert len(sheet.data_validations.dataValidation) == len(ROSTER_HEADER)


async def test_a_bare_command_counts_and_names_the_next_steps(stage: Stage) -> None:
    reply = await stage.tell(CITY_ADMIN, "/名册")
    assert reply.body == (
        "岳阳市名册：8 个单位（市 1、县市区 2、市直学校 1、学校 4）。\n"
        "/名册 导出、/名册 模板、/名册 导入；看一所学校发 /名册 学校名"
    )
    assert (await stage.tell(OPERATOR, "/名册")).body.startswith("岳阳市名册：8 个单位")
    assert (await stage.tell(THIRD_ADMIN, "/名册")).body.startswith("岳阳县第三中学（YY04-0001）：学校")
