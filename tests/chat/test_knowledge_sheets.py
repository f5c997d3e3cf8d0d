"""/知识 导出、导入在 QQ 里走一遍：导出、在表里改、发回来、预览、确认、再发一遍、回滚；发文件的各种样子。"""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.documents.knowledge_sheet import PhraseLine, knowledge_xlsx
from bot.domain.knowledge_lines import line_of
from bot.sandbox import Message
from storage.knowledge import KnowledgeVersion
from storage.words import KnowledgeChange
from tests.chat.asking import audit
from tests.stage import CITY, CITY_ADMIN, COUNTY_ADMIN, TEACHER, Stage

LOCKED, URL = "accounts.locked", "accounts.url"
NEW_ANSWER = "样例答复：请找本校系统管理员解锁。"
PHRASE = "样例小学老师的号让系统给锁死了"
ASKED = "请在 10 分钟内把改好的 .xlsx 发来（用 /知识 导出 的文件改），先给你看要改什么，确认才生效。"
UNCHANGED = "没有变化，和现在的知识库一样。"


async def exported(stage: Stage) -> bytes:
    """导出，返回文件：整个知识库。"""
    await stage.tell(CITY_ADMIN, "/知识 导出")
    return (await stage.world.next_reply(private=CITY_ADMIN)).files[0].content


def excerpt(stage: Stage, *ids: str) -> bytes:
    """只有这几条的表，免得每个测试都读写两万句。"""
    entries = [stage.services.answering.knowledge.entries[entry_id] for entry_id in ids]
    phrases = [PhraseLine(entry.id, alias) for entry in entries for alias in entry.aliases]
    return knowledge_xlsx([line_of(entry) for entry in entries], phrases, certainties=("方案",), notes=())


class Book:
    """像人一样在 Excel 里改导出的表。"""

    def __init__(self, content: bytes) -> None:
        self._book = load_workbook(BytesIO(content))

    @property
    def entries(self) -> Worksheet:
        return self._book["条目"]

    @property
    def phrases(self) -> Worksheet:
        return self._book["问法"]

    def row_of(self, entry_id: str) -> int:
        return next(
            row for row in range(2, self.entries.max_row + 1) if self.entries.cell(row, 1).value == entry_id
        )

    def put(self, entry_id: str, column: str, text: str) -> int:
        row = self.row_of(entry_id)
        heads = [cell.value for cell in self.entries[1]]
        self.entries.cell(row, heads.index(column) + 1, text)
        return row

    def read(self, entry_id: str, column: str) -> str:
        heads = [cell.value for cell in self.entries[1]]
        return str(self.entries.cell(self.row_of(entry_id), heads.index(column) + 1).value)

    def saved(self) -> bytes:
        buffer = BytesIO()
        self._book.save(buffer)
        return buffer.getvalue()


async def send(stage: Stage, content: bytes, name: str = "知识库.xlsx") -> Message:
    await stage.world.send_file(CITY_ADMIN, name, content)
    return await stage.world.next_reply(private=CITY_ADMIN)


def changed_book(content: bytes) -> bytes:
    """改一条、加一条、删一条、加一个问法。"""
    book = Book(content)
    book.put(LOCKED, "答复", NEW_ANSWER)
    book.put(URL, "可信程度", "删除")
    book.entries.append(["", "", "样例校车司机要不要录进去？", "不用录。", "市里答复", "确认"])
    book.phrases.append([LOCKED, PHRASE])
    return book.saved()


async def versions(stage: Stage) -> list[KnowledgeVersion]:
    async with stage.services.context.database.read() as stores:
        return await stores.knowledge.latest()


async def test_export_edit_import_and_the_new_answer_is_there(stage: Stage) -> None:
    content = changed_book(await exported(stage))
    assert (await stage.tell(CITY_ADMIN, "/知识 导入")).body == ASKED
    preview = await send(stage, content)
    assert preview.body.splitlines()[:4] == [
        "将导入：新增 1 条、修改 1 条、删除 1 条，问法增 1 减 0",
        "新增：local.0001",
        f"修改：{LOCKED}",
        f"删除：{URL}",
    ]
    assert await versions(stage) == []
    done = await stage.tell(CITY_ADMIN, "确认")
    assert done.body.splitlines()[0] == "已导入 3 条改动，马上生效。"
    assert {one.change for one in await versions(stage)} == {KnowledgeChange.IMPORT.value}
    assert NEW_ANSWER in (await stage.tell(TEACHER, PHRASE)).body
    assert "编号 local.0001" in (await stage.tell(TEACHER, "样例校车司机要不要录进去？")).body
    assert URL not in stage.services.answering.knowledge.entries
    entry = (await audit(stage, 1))[0]
    assert (entry.target, dict(entry.detail)) == ("import", {"added": 1, "edited": 1, "deleted": 1})


async def test_the_same_file_twice_changes_nothing_the_second_time(stage: Stage) -> None:
    content = changed_book(await exported(stage))
    await stage.tell(CITY_ADMIN, "/知识 导入")
    await send(stage, content)
    await stage.tell(CITY_ADMIN, "确认")
    await stage.tell(CITY_ADMIN, "/知识 导入")
    assert (await send(stage, content)).body == UNCHANGED
    again = await exported(stage)
    await stage.tell(CITY_ADMIN, "/知识 导入")
    assert (await send(stage, again)).body == UNCHANGED


async def test_an_import_can_be_rolled_back_and_its_history_reads(stage: Stage) -> None:
    content = changed_book(excerpt(stage, LOCKED, URL))
    await stage.tell(CITY_ADMIN, "/知识 导入")
    await send(stage, content)
    await stage.tell(CITY_ADMIN, "确认")
    history = await stage.tell(CITY_ADMIN, f"/知识 历史 {URL}")
    assert "第 1 版 2017-02-20 08:00 岳阳市信息管理员 导入，原因：导入的表里写了“删除”" in history.body
    await stage.confirm(CITY_ADMIN, f"/知识 回滚 {URL} 0")
    await stage.confirm(CITY_ADMIN, f"/知识 回滚 {LOCKED} 0")
    assert URL in stage.services.answering.knowledge.entries
    assert NEW_ANSWER not in (await stage.tell(TEACHER, "账号被锁定了怎么办？")).body


async def test_mistakes_are_told_by_sheet_row_and_column_and_nothing_is_imported(stage: Stage) -> None:
    book = Book(excerpt(stage, LOCKED, URL))
    before = book.read(LOCKED, "可信程度")
    row = book.put(LOCKED, "可信程度", "大概")
    book.put(URL, "答复", NEW_ANSWER)
    await stage.tell(CITY_ADMIN, "/知识 导入")
    reply = await send(stage, book.saved())
    assert reply.body.splitlines() == [
        "表格里有 1 处要改，一条也没有导入：",
        f"条目 第{row}行“可信程度”：“可信程度”只能写：方案、确认、一般（要删除写“删除”）",
        "改好把文件再发一遍就行",
    ]
    book.put(LOCKED, "可信程度", before)
    assert (await send(stage, book.saved())).body.startswith("将导入：新增 0 条、修改 1 条")
    assert await versions(stage) == []


async def test_a_row_copied_with_its_version_spoilt_is_named(stage: Stage) -> None:
    """导出以后别人改过的一条，又被抄了一行、版本写成了字：照样一处一句，不是“出错了”。"""
    book = Book(excerpt(stage, LOCKED))
    copied = [cell.value for cell in book.entries[book.row_of(LOCKED)]]
    copied[[cell.value for cell in book.entries[1]].index("版本")] = "新版"
    book.entries.append(copied)
    await stage.confirm(CITY_ADMIN, f"/知识 修改 {LOCKED} 答：{NEW_ANSWER}")
    await stage.tell(CITY_ADMIN, "/知识 导入")
    assert "“编号”：与第2行重复" in (await send(stage, book.saved())).body


async def test_more_than_ten_mistakes_come_as_a_file(stage: Stage) -> None:
    ids = list(stage.services.answering.knowledge.entries)[:12]
    book = Book(excerpt(stage, *ids))
    for entry_id in ids:
        book.put(entry_id, "可信程度", "大概")
    await stage.tell(CITY_ADMIN, "/知识 导入")
    reply = await send(stage, book.saved())
    lines = reply.body.splitlines()
    assert lines[0] == "表格里有 12 处要改，一条也没有导入："
    assert (len(lines), lines[-2]) == (13, "……全部写在“导入要改的地方.txt”里")
    whole = (await stage.world.next_reply(private=CITY_ADMIN)).files[0]
    assert whole.name == "导入要改的地方.txt"
    assert len(whole.content.decode("utf-8-sig").split("\r\n")) == 12


@pytest.mark.parametrize("content", [b"hello", b"PK broken", b""], ids=["文字", "坏的", "空的"])
async def test_what_is_no_workbook_is_refused_in_words(stage: Stage, content: bytes) -> None:
    await stage.tell(CITY_ADMIN, "/知识 导入")
    body = (await send(stage, content)).body
    assert "出错" not in body
    assert any("\u4e00" <= char <= "\u9fff" for char in body)


async def test_someone_else_changing_between_preview_and_confirm_stops_it(stage: Stage) -> None:
    content = changed_book(excerpt(stage, LOCKED, URL))
    await stage.tell(CITY_ADMIN, "/知识 导入")
    await send(stage, content)
    colleague = 20001
    stage.world.add_person(colleague, "市里同事（样例）")
    stage.world.befriend(colleague)
    await stage.enlist(colleague, CITY)
    await stage.confirm(colleague, f"/知识 修改 {LOCKED} 答：同事改的样例答复。")
    stopped = await stage.tell(CITY_ADMIN, "确认")
    assert "导出以后别人改过（现在第 1 版），请重新导出再改" in stopped.body
    assert [one.entry_id for one in await versions(stage)] == [LOCKED]


async def test_cancelled_is_not_imported(stage: Stage) -> None:
    content = changed_book(excerpt(stage, LOCKED, URL))
    await stage.tell(CITY_ADMIN, "/知识 导入")
    await send(stage, content)
    assert (await stage.tell(CITY_ADMIN, "取消")).body == "已取消。"
    assert await versions(stage) == []


# ---- 谁、在哪里


async def test_only_the_city_and_only_in_private(stage: Stage) -> None:
    for typed in ("/知识 导出", "/知识 导入"):
        refused = await stage.tell(COUNTY_ADMIN, typed)
        assert refused.body.startswith("你登记的是岳阳县信息管理员，没有办这件事的权限。")
        in_group = await stage.post(CITY_ADMIN, typed)
        assert in_group.body == "导出、导入知识库请私聊我办理，群里不处理。"
    assert (await audit(stage, 1))[0].outcome == "denied"


# ---- 文件


async def test_the_file_may_come_before_the_command(stage: Stage) -> None:
    content = changed_book(excerpt(stage, LOCKED, URL))
    first = await send(stage, content)
    assert first.body == "收到文件了。要我导入请再发命令（看 /帮助），10 分钟内有效；要问问题请写成文字。"
    assert (await stage.tell(CITY_ADMIN, "/知识 导入")).body.startswith("将导入：新增 1 条")


async def test_a_file_that_is_too_late_is_not_taken(stage: Stage) -> None:
    await stage.tell(CITY_ADMIN, "/知识 导入")
    await stage.move(2017, 2, 20, 8, 11)
    assert (await send(stage, b"late")).body.startswith("收到文件了。")


async def test_another_command_leaves_the_waiting(stage: Stage) -> None:
    await stage.tell(CITY_ADMIN, "/知识 导入")
    await stage.tell(CITY_ADMIN, "/我的")
    assert (await send(stage, b"late")).body.startswith("收到文件了。")


async def test_a_teachers_file_is_never_fetched(stage: Stage) -> None:
    await stage.world.send_file(TEACHER, "名单.xlsx", b"PK names")
    assert (await stage.world.next_reply(private=TEACHER)).body.startswith("收到文件了。")
    assert {call.action for call in stage.world.calls} <= {"send_private_msg"}
