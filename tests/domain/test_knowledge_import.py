"""导入的规矩：和现在比出要改什么；写错的一次说全；表里没有的不删；两边都动了的不许导。"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.documents.knowledge_sheet import EntryLine, KnowledgeLines, PhraseLine
from bot.domain.knowledge_import import plan_import
from bot.domain.knowledge_import_plan import ImportPlan, Standing
from bot.domain.knowledge_lines import line_of
from faq.entries import Entry

LOCKED = Entry(
    "accounts.locked",
    "accounts",
    "样例账号被锁了怎么办？",
    "等二十分钟再试。\n还不行找系统管理员。",
    "方案三",
    "plan",
    ("teacher",),
    ("账号锁住咋办", "锁号了"),
    ("review.flow",),
)
FLOW = Entry(
    "review.flow", "review", "样例审核分几级？", "三级。", "方案四", "plan", ("anyone",), ("几级审核",)
)
BUS = Entry("local.0001", "local", "校车司机要录吗？", "不用录。", "市里答复", "confirmed", ("anyone",))
ALL = (LOCKED, FLOW, BUS)


def standing(*entries: Entry, **versions: int) -> Standing:
    known = entries or ALL
    return Standing({one.id: one for one in known}, versions, {}, frozenset(versions))


def sheet(
    *lines: EntryLine, phrases: tuple[PhraseLine, ...] | None = (), entries: tuple[Entry, ...] = ALL
) -> KnowledgeLines:
    """导出的样子，加上改过的几行（按编号替换）；``phrases`` 是另加的问法，None 是没有问法表。"""
    replaced = {line.id: line for line in lines if line.id}
    body = [replaced.pop(one.id, line_of(one)) for one in entries]
    body += [*replaced.values(), *(line for line in lines if not line.id)]
    rows = tuple(replace(line, number=number) for number, line in enumerate(body, start=2))
    if phrases is None:
        return KnowledgeLines(rows, None)
    said = [PhraseLine(one.id, alias) for one in entries for alias in one.aliases]
    said = [*said, *phrases]
    return KnowledgeLines(
        rows, tuple(replace(line, number=number) for number, line in enumerate(said, start=2))
    )


def plan_of(lines: KnowledgeLines, known: Standing | None = None) -> ImportPlan:
    plan, problems = plan_import(lines, known or standing())
    assert problems == []
    return plan


def problems_of(lines: KnowledgeLines, known: Standing | None = None) -> list[str]:
    return plan_import(lines, known or standing())[1]


# ---- 要改什么


def test_what_was_exported_changes_nothing() -> None:
    assert plan_of(sheet()).changes == ()


def test_sorting_spacing_and_line_ends_change_nothing() -> None:
    lines = sheet(
        replace(line_of(LOCKED), answer=LOCKED.answer.replace("\n", "\r\n"), question=f" {LOCKED.question} ")
    )
    assert lines.phrases is not None
    shuffled = KnowledgeLines(lines.entries[::-1], lines.phrases[::-1])
    assert plan_of(shuffled).changes == ()


def test_an_edited_cell_changes_only_that_field() -> None:
    [change] = plan_of(
        sheet(replace(line_of(LOCKED), answer="请找系统管理员解锁。", certainty="确认"))
    ).changes
    assert change.before == LOCKED
    assert change.after == replace(LOCKED, answer="请找系统管理员解锁。", certainty="confirmed")


def test_a_row_without_a_number_becomes_the_next_local_entry() -> None:
    line = EntryLine("", "审核", "样例保安要录吗？", "不用录。", "市里答复", "确认")
    plan = plan_of(sheet(line))
    [change] = plan.changes
    assert (plan.added, plan.edited, plan.deleted) == (1, 0, 0)
    assert change.after == Entry(
        "local.0002", "review", "样例保安要录吗？", "不用录。", "市里答复", "confirmed", ("anyone",)
    )


def test_the_same_row_a_second_time_is_that_entry() -> None:
    guard = Entry(
        "local.0002",
        "local",
        "样例保安要录吗？",
        "不用录。",
        "市里答复",
        "confirmed",
        ("anyone",),
        ("保安录不",),
    )
    line = EntryLine("", "", "样例保安要录吗？", "不用录。", "市里答复", "确认")
    assert plan_of(sheet(line), standing(*ALL, guard, **{"local.0002": 1})).changes == ()


def test_a_new_entry_with_its_own_number_takes_its_phrases_along() -> None:
    line = EntryLine(
        "local.baoan", "", "样例保安要录吗？", "不用录。", "市里答复", "确认", "老师、学校管理员"
    )
    plan = plan_of(sheet(line, phrases=(PhraseLine("local.baoan", "门卫要不要录进去"),)))
    [change] = plan.changes
    assert change.after is not None
    assert change.after.aliases == ("门卫要不要录进去",)
    assert change.after.audience == ("teacher", "school_admin")
    assert plan.phrases == (1, 0)


def test_phrases_are_added_and_taken_away() -> None:
    lines = sheet(phrases=(PhraseLine("accounts.locked", "号被系统锁死了"),))
    assert lines.phrases is not None
    kept = tuple(line for line in lines.phrases if line.phrase != "锁号了")
    plan = plan_of(KnowledgeLines(lines.entries, kept))
    [change] = plan.changes
    assert change.after == replace(LOCKED, aliases=("账号锁住咋办", "号被系统锁死了"))
    assert (plan.edited, plan.phrases) == (1, (1, 1))


def test_without_the_sheet_of_phrases_they_stay() -> None:
    lines = sheet(replace(line_of(LOCKED), basis="方案五"), phrases=None)
    [change] = plan_of(lines).changes
    assert change.after == replace(LOCKED, basis="方案五")


def test_rows_that_are_missing_delete_nothing() -> None:
    lines = sheet()
    assert plan_of(KnowledgeLines(lines.entries[2:], ())).changes == ()
    only = KnowledgeLines(lines.entries[2:], (PhraseLine("accounts.locked", "号被系统锁死了"),))
    [change] = plan_of(only).changes
    assert change.after == replace(LOCKED, aliases=(*LOCKED.aliases, "号被系统锁死了"))


def test_delete_written_in_the_certainty_deletes() -> None:
    plan = plan_of(sheet(replace(line_of(BUS), certainty="删除", answer="")))
    [change] = plan.changes
    assert (change.entry_id, change.before, change.after) == ("local.0001", BUS, None)
    assert plan.deleted == 1


def test_deleting_twice_changes_nothing() -> None:
    lines = sheet(replace(line_of(BUS), certainty="删除"))
    assert plan_of(lines, standing(LOCKED, FLOW, **{"local.0001": 2})).changes == ()


def test_a_phrase_moves_to_another_entry() -> None:
    lines = sheet()
    assert lines.phrases is not None
    moved = tuple(
        replace(line, id="review.flow") if line.phrase == "锁号了" else line for line in lines.phrases
    )
    plan = plan_of(KnowledgeLines(lines.entries, moved))
    assert [one.entry_id for one in plan.changes] == ["accounts.locked", "review.flow"]
    assert plan.phrases == (1, 1)


# ---- 导出以后别人改过


def changed_since(theirs: Entry) -> Standing:
    known = {one.id: one for one in ALL} | {theirs.id: theirs}
    return Standing(known, {theirs.id: 1}, {(theirs.id, 0): LOCKED, (theirs.id, 1): theirs}, frozenset())


def test_what_only_others_changed_stays_theirs() -> None:
    plan = plan_of(sheet(), changed_since(replace(LOCKED, answer="别人改的。")))
    assert (plan.changes, plan.theirs) == ((), ("accounts.locked",))


def test_what_both_changed_is_refused() -> None:
    lines = sheet(replace(line_of(LOCKED), answer="我改的。"))
    assert problems_of(lines, changed_since(replace(LOCKED, answer="别人改的。"))) == [
        "条目 第2行“版本”：导出以后别人改过（现在第 1 版），请重新导出再改"
    ]


def test_the_same_file_a_second_time_changes_nothing() -> None:
    lines = sheet(replace(line_of(LOCKED), answer="我改的。"))
    [change] = plan_of(lines).changes
    assert change.after is not None
    assert plan_of(lines, changed_since(change.after)).changes == ()


def test_deleting_what_others_changed_is_refused() -> None:
    lines = sheet(replace(line_of(LOCKED), certainty="删除"))
    [problem] = problems_of(lines, changed_since(replace(LOCKED, answer="别人改的。")))
    assert problem == "条目 第2行“版本”：导出以后别人改过（现在第 1 版），请重新导出再删"


# ---- 写错的


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"answer": "字" * 261}, "“答复”：“答”有 261 字，超过 260 字，请精简后重发"),
        ({"answer": "打 13800001234"}, "“答复”：“答”里有身份证号或手机号"),
        ({"answer": ""}, "“答复”：“答”是空的"),
        ({"question": "？？"}, "“标准问法”：里面没有具体的事"),
        ({"question": "问" * 101}, "“标准问法”：“问”有 101 字"),
        ({"certainty": "大概"}, "“可信程度”：“可信程度”只能写：方案、确认、一般（要删除写“删除”）"),
        ({"audience": "家长"}, "“读者”：“读者”只能写"),
        ({"topic": "食堂"}, "“主题”：没有“食堂”这个主题"),
        ({"related": "no.such_entry"}, "“相关”：没有编号 no.such_entry 的条目"),
        ({"version": "9"}, "“版本”：写的是“9”，这一列请不要改"),
        ({"question": "校车司机要录吗"}, "“标准问法”：“校车司机要录吗”已属于 local.0001"),
    ],
)
def test_wrong_cells_are_named_by_sheet_row_and_column(changes: dict[str, str], says: str) -> None:
    [problem] = problems_of(sheet(replace(line_of(LOCKED), **changes)))
    assert problem.startswith(f"条目 第2行{says}")


@pytest.mark.parametrize("written", ["账号", "Accounts", "a b.c", "a." + "b" * 80])
def test_a_malformed_number_is_refused(written: str) -> None:
    line = EntryLine(written, "", "样例保安要录吗？", "不用录。", "市里答复", "确认")
    assert problems_of(sheet(line))[0].startswith("条目 第5行“编号”：要写成 accounts.locked 这样")


def test_a_number_written_twice_is_refused() -> None:
    lines = sheet()
    doubled = KnowledgeLines((*lines.entries, replace(line_of(LOCKED), number=9)), lines.phrases)
    assert problems_of(doubled) == ["条目 第9行“编号”：与第2行重复"]


def test_a_new_entry_lacking_parts_names_each() -> None:
    found = problems_of(sheet(EntryLine("local.baoan", "", "样例保安要录吗？", "", "", "")))
    assert found == [
        "条目 第5行“答复”：是空的，请写上内容",
        "条目 第5行“依据”：是空的，请写上内容",
        "条目 第5行“可信程度”：是空的，请写上内容（要删除写“删除”）",
    ]


@pytest.mark.parametrize(
    ("phrase", "says"),
    [
        (PhraseLine("accounts.locked", "几级审核呢"), "“问法”：“几级审核呢”已属于 review.flow"),
        (PhraseLine("accounts.locked", "请问"), "“问法”：“请问”里没有具体的事"),
        (PhraseLine("accounts.locked", "号是13800001234咋办"), "“问法”：里有身份证号或手机号"),
        (PhraseLine("accounts.locked", ""), "“问法”：是空的"),
        (PhraseLine("", "账号怎么领"), "“编号”：是空的"),
        (PhraseLine("no.such_entry", "账号怎么领"), "“编号”：没有编号 no.such_entry 的条目"),
    ],
)
def test_wrong_phrases_are_named(phrase: PhraseLine, says: str) -> None:
    [problem] = problems_of(sheet(phrases=(phrase,)))
    assert problem.startswith(f"问法 第5行{says}")


def test_the_same_new_phrase_for_two_entries_is_refused_once() -> None:
    same = (PhraseLine("accounts.locked", "样例窗口在哪"), PhraseLine("review.flow", "样例窗口在哪呢"))
    [problem] = problems_of(sheet(phrases=same))
    assert problem == "问法 第6行“问法”：“样例窗口在哪呢”已属于 accounts.locked，一个问法只能指向一条"


def test_deleting_what_never_was_is_refused() -> None:
    assert problems_of(sheet(EntryLine("local.none", "", "", "", "", "删除"))) == [
        "条目 第5行“编号”：没有编号 local.none 的条目，删不了"
    ]


def test_all_problems_are_told_at_once() -> None:
    lines = sheet(
        replace(line_of(LOCKED), certainty="大概", answer=""),
        replace(line_of(FLOW), audience="家长"),
        phrases=(PhraseLine("review.flow", "请问"),),
    )
    assert [problem.split("：")[0] for problem in problems_of(lines)] == [
        "条目 第2行“答复”",
        "条目 第2行“可信程度”",
        "条目 第3行“读者”",
        "问法 第5行“问法”",
    ]
