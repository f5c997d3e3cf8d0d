"""改前改后：只列变了的字段，长文字只露变了的那一段。"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.domain.entry_differences import Difference, differences, trimmed
from faq.entries import Entry

ENTRY = Entry(
    id="local.0001",
    topic="local",
    question="校车司机要录吗",
    answer="校车司机不是教职工，不用在教师系统里录入，由学校另外登记。",
    basis="岳阳县信息管理员答复 2017-02-20",
    certainty="confirmed",
    audience=("anyone",),
    aliases=("司机录不录",),
)


def test_nothing_changed_nothing_listed() -> None:
    assert differences(ENTRY, ENTRY) == ()
    assert differences(None, None) == ()


def test_only_the_changed_fields_are_listed_in_chinese() -> None:
    after = replace(ENTRY, certainty="general", audience=("teacher", "school_admin"))
    assert differences(ENTRY, after) == (
        Difference("可信程度", "确认", "一般"),
        Difference("读者", "所有人", "老师、学校管理员"),
    )


def test_a_long_text_shows_the_changed_part_with_its_surroundings() -> None:
    after = replace(ENTRY, answer=ENTRY.answer.replace("不用", "也要"))
    [found] = differences(ENTRY, after)
    assert (found.before, found.after) == snapshot(
        ("校车司机不是教职工，不用在教师系统里录入…", "校车司机不是教职工，也要在教师系统里录入…")
    )


def test_phrasings_are_listed_as_added_and_removed() -> None:
    after = replace(ENTRY, aliases=("一", "二", "三", "四"))
    assert differences(ENTRY, after) == (Difference("问法", "“司机录不录”", "“一”、“二”、“三”等 4 个"),)


def test_a_new_entry_and_a_deleted_one_show_one_side() -> None:
    assert all(not one.before for one in differences(None, ENTRY))
    assert all(not one.after for one in differences(ENTRY, None))
    assert [one.label for one in differences(None, ENTRY)] == [
        "问",
        "答",
        "依据",
        "可信程度",
        "读者",
        "主题",
        "问法",
    ]


def test_a_very_long_change_is_cut() -> None:
    before, after = trimmed("甲" * 250, "乙" * 250)
    assert before == "甲" * 89 + "…"
    assert after == "乙" * 89 + "…"


@given(st.text("甲乙丙丁", max_size=40), st.text("甲乙丙丁", max_size=40))
def test_what_is_shown_is_a_part_of_the_text_and_tells_them_apart(before: str, after: str) -> None:
    shown = trimmed(before, after)
    assert shown[0].strip("…") in before
    assert shown[1].strip("…") in after
    assert (shown[0] == shown[1]) is (before == after)
