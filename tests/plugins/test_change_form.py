"""变更登记的读法：次序、冒号、空行、写错的每一处。"""

from __future__ import annotations

from datetime import date
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.app import Shell
from bot.domain.errors import Problems
from storage.changes import ChangeRow

TODAY = date(2017, 2, 20)
LINES = (
    "姓名：样例甲",
    "字段：政治面貌",
    "原因：入党",
    "修改前：群众",
    "修改后：中共党员",
    "日期：2017-02-13",
    "本人申请：是",
)
ROW = ChangeRow("样例甲", "政治面貌", "入党", "群众", "中共党员", date(2017, 2, 13), by_teacher=True)


@pytest.fixture(scope="module")
def form(shell: tuple[Shell, str]) -> ModuleType:
    """插件由 NoneBot 先装好，这里才能引用。"""
    from plugins.change_notices import form

    return form


def _problems(form: ModuleType, text: str) -> list[str]:
    with pytest.raises(Problems) as caught:
        form.read_form(text, TODAY)
    return list(caught.value.problems)


@given(
    order=st.permutations(LINES),
    colon=st.sampled_from(["：", ":", " : ", "： ", " "]),
    ending=st.sampled_from(["\n", " \n", "\n  "]),
)
def test_order_colon_and_spaces_do_not_matter(
    form: ModuleType, order: list[str], colon: str, ending: str
) -> None:
    text = ending.join(line.replace("：", colon, 1) for line in order)
    assert form.read_form(text, TODAY) == [ROW]


@given(people=st.integers(min_value=1, max_value=20), gap=st.sampled_from(["\n\n", "\n \n", "\n\n\n\n"]))
def test_blank_lines_separate_people(form: ModuleType, people: int, gap: str) -> None:
    assert form.read_form(gap.join(["\n".join(LINES)] * people), TODAY) == [ROW] * people


@given(text=st.text(max_size=200))
def test_anything_else_is_a_problem_never_an_error(form: ModuleType, text: str) -> None:
    problems: tuple[str, ...] = ()
    rows: list[ChangeRow] = []
    try:
        rows = form.read_form(text, TODAY)
    except Problems as found:
        problems = found.problems
    assert rows == []
    assert all(problems)
    assert bool(problems) == bool(text.strip())


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2017-02-13", date(2017, 2, 13)),
        ("2017/2/13", date(2017, 2, 13)),
        ("2017.2.13", date(2017, 2, 13)),
        ("2017年2月13日", date(2017, 2, 13)),
        ("2月13日", date(2017, 2, 13)),
        ("2月13号", date(2017, 2, 13)),
        ("2-13", date(2017, 2, 13)),
        ("12月20日", date(2016, 12, 20)),
    ],
)
def test_dates(form: ModuleType, written: str, day: date) -> None:
    (row,) = form.read_form("\n".join(LINES).replace("2017-02-13", written), TODAY)
    assert row.changed_on == day


@pytest.mark.parametrize(
    ("written", "meant"),
    [("是", True), ("是的", True), ("√", True), ("Y", True), ("否", False), ("不是", False), ("×", False)],
)
def test_yes_and_no(form: ModuleType, written: str, meant: bool) -> None:
    (row,) = form.read_form("\n".join(LINES).replace("本人申请：是", f"本人申请：{written}"), TODAY)
    assert row.by_teacher is meant


def test_note_is_optional_and_a_value_may_hold_a_colon(form: ModuleType) -> None:
    text = "\n".join((*LINES, "备注：原件：已核（2016年）"))
    (row,) = form.read_form(text, TODAY)
    assert row.note == "原件：已核（2016年）"


def test_words_before_the_form_are_skipped(form: ModuleType) -> None:
    assert form.read_form("您好，麻烦登记\n" + "\n".join(LINES), TODAY) == [ROW]


def test_each_kind_of_mistake_has_its_sentence(form: ModuleType) -> None:
    good = "\n".join(LINES)
    found = {
        name: _problems(form, text)
        for name, text in {
            "nothing known": "今天天气不错啊大家",
            "one label": "姓名：样例甲",
            "empty value": good.replace("修改后：中共党员", "修改后："),
            "twice": good + "\n姓名：样例乙",
            "unknown label": good + "\n颜色：红",
            "no such day": good.replace("2017-02-13", "2月30日"),
            "no date": good.replace("2017-02-13", "前几天"),
            "yes or no": good.replace("本人申请：是", "本人申请：大概"),
            "same values": good.replace("群众", "中共党员"),
            "future": good.replace("2017-02-13", "2017-02-21"),
            "two at once": good.replace("2017-02-13", "前几天").replace("本人申请：是", "本人申请：大概"),
        }.items()
    }
    assert found == snapshot(
        {
            "nothing known": ["看不懂“今天天气不错…”，请照样子一行写一项"],
            "one label": ["缺 字段、原因、修改前、修改后、日期、本人申请"],
            "empty value": ["缺 修改后"],
            "twice": ["“姓名”写了两遍；登记几个人请用空行隔开"],
            "unknown label": ["没有“颜色：红…”这一项，请照样子写"],
            "no such day": ["没有“2月30日”这一天，请核对日期"],
            "no date": ["看不懂日期“前几天”，请写成 2017-03-02 或 3月2日"],
            "yes or no": ["“本人申请”请写 是 或 否，不要写“大概”"],
            "same values": ["“修改前”和“修改后”一样，请核对"],
            "future": ["“日期”2017-02-21 还没到，请写变更生效的日子"],
            "two at once": [
                "看不懂日期“前几天”，请写成 2017-03-02 或 3月2日",
                "“本人申请”请写 是 或 否，不要写“大概”",
            ],
        }
    )


def test_number_is_given_only_when_there_are_several(form: ModuleType) -> None:
    good = "\n".join(LINES)
    without = good.replace("原因：入党\n", "")
    assert _problems(form, without) == snapshot(["缺 原因"])
    assert _problems(form, f"{good}\n\n{without}") == snapshot(["第2条：缺 原因"])


def test_blank_line_inside_one_person_is_explained(form: ModuleType) -> None:
    assert _problems(form, "\n".join(LINES).replace("修改前", "\n修改前")) == snapshot(
        [
            "第1条：缺 修改前、修改后、日期、本人申请",
            "第2条：缺 姓名、字段、原因",
            "同一个人的几行中间不要空行",
        ]
    )
