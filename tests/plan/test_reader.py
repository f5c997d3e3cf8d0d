"""写错的方案：每一处都用中文点名，一次说完，没有英文报错。"""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bot.plan
from bot.plan import PlanError, load_plan

BUILT_IN = (Path(bot.plan.__file__).parent / "yueyang.toml").read_text(encoding="utf-8")
LETTER_ACTION = "report the plan's undated deliverables (工作方案 责任书 承诺表)"


def changed(*pairs: tuple[str, str]) -> str:
    text = BUILT_IN
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def problems_of(tmp_path: Path, text: str) -> tuple[str, ...]:
    path = tmp_path / "方案.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError) as caught:
        load_plan(path)
    return caught.value.problems


def test_a_copy_of_the_built_in_plan_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "另一个市.toml"
    path.write_text(changed(('city = "岳阳市"', 'city = "常德市"')), encoding="utf-8")
    assert load_plan(path).city == "常德市"


def test_a_file_saved_by_notepad_with_a_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "方案.toml"
    path.write_text(BUILT_IN, encoding="utf-8-sig")
    assert load_plan(path) == load_plan()


@pytest.mark.parametrize("written", ["2017-02-28", '"2017-02-28"', "2017-02-28  # 月底"])
def test_a_date_may_stand_with_or_without_quotes(tmp_path: Path, written: str) -> None:
    path = tmp_path / "方案.toml"
    path.write_text(changed(("due = 2017-02-28", f"due = {written}")), encoding="utf-8")
    assert load_plan(path) == load_plan()


def test_kinds_and_roles_may_be_written_in_chinese(tmp_path: Path) -> None:
    path = tmp_path / "方案.toml"
    text = changed(
        ('owed_by = ["city", "county"]', 'owed_by = ["市", "县市区"]'),
        ('reported_by = ["training_admin", "info_admin"]', 'reported_by = ["培训管理员", "信息管理员"]'),
    )
    path.write_text(text, encoding="utf-8")
    assert load_plan(path) == load_plan()


REVIEW = "deliverables.first_review"
WRONG = [
    ("due = 2017-02-28", "due = 2017-02-30", f"{REVIEW}.due：2017-02-30 不是日历上的日子"),
    ("due = 2017-02-28", "due = 2017-2-28", f"{REVIEW}.due：2017-2-28 不是日历上的日子"),
    ("due = 2017-02-28", 'due = "二月底"', f"{REVIEW}.due：二月底 不是日历上的日子"),
    ("due = 2017-02-28", "due = 2017-02-28T09:00:00", f"{REVIEW}.due：应是日期"),
    ("due = 2017-02-28", "due = true", f"{REVIEW}.due：应是日期，如 2017-02-28，现在是 true"),
    ("due = 2017-02-28", "due = 1017-02-28", f"{REVIEW}.due：1017-02-28 的年份不对"),
    ("due = 2017-02-28", "", f"{REVIEW}.due：没有写"),
    ("due = 2017-02-28", "deu = 2017-02-28", f"{REVIEW}.deu：不认识这一项，是不是想写 due"),
    ('short = "初审"', 'short = "启动"', f"{REVIEW}：“启动”和 launch 的叫法重复"),
    ('aliases = ["采集初审"', 'aliases = ["LAUNCH"', f"{REVIEW}：“launch”和 launch 的叫法重复"),
    ('aliases = ["采集初审"', 'aliases = ["学校初审"', f"{REVIEW}.aliases：“学校初审”写了两遍"),
    ('aliases = ["采集初审"', 'aliases = ["采集 初审"', f"{REVIEW}.aliases：“采集 初审”里不能有空格"),
    ('short = "初审"', 'short = "初 审"', f"{REVIEW}.short：“初 审”里不能有空格"),
    ('short = "初审"', "short = 3", f"{REVIEW}.short：应是用引号括起来的文字，现在是 3"),
    ('short = "初审"', 'short = " "', f"{REVIEW}.short：不能空着"),
    (
        'owed_by = ["city", "county"]',
        'owed_by = ["town"]',
        "deliverables.bureau_review.owed_by：不认识“town”",
    ),
    (
        'owed_by = ["city", "county"]',
        'owed_by = "city"',
        "deliverables.bureau_review.owed_by：应是方括号里的一列",
    ),
    ('owed_by = ["city", "county"]', "owed_by = []", "deliverables.bureau_review.owed_by：至少要写一个"),
    ('owed_by = ["city", "county"]', 'owed_by = ["city", "市"]', "owed_by：“市”写了两遍"),
    (
        'cadence = "quarterly"',
        'cadence = "yearly"',
        "deliverables.quarterly.cadence：只能是 once、quarterly、undated",
    ),
    ('cadence = "quarterly"', 'cadence = "undated"', '"quarterly" 的应有且只有一项，现在有 0 项'),
    ('cadence = "undated"', 'cadence = "quarterly"', '"quarterly" 的应有且只有一项，现在有 2 项'),
    (
        'cadence = "undated"',
        'cadence = "undated"\ndue = 2017-01-01',
        "deliverables.work_plan.due：cadence 是",
    ),
    ('derives_from = "first_review"', "", "deliverables.bureau_review.derives_from：没有写"),
    ('derives_from = "first_review"', 'derives_from = "review"', "derives_from：没有“review”这件事"),
    (
        'derives_from = "first_review"',
        'derives_from = "bureau_review"',
        "bureau_review.derives_from：绕成了圈",
    ),
    (
        'derives_from = "first_review"',
        'derives_from = "finish"',
        "finish 的截止日 2017-03-31 比自己的 2017-03-20 还晚",
    ),
    ('derives_over = "children"', 'derives_over = "all"', "derives_over：只能是 children、subtree"),
    ('done_when = "derived"', 'done_when = "accepted"', "derives_from：done_when 是"),
    ('reported_by = ["info_admin"]', "reported_by = []", f"{REVIEW}.reported_by：至少要写一个"),
    ('reported_by = ["info_admin"]', 'reported_by = ["校长"]', f"{REVIEW}.reported_by：不认识“校长”"),
    ('{ key = "entered", label = "已录入" }', '{ key = "entered" }', f"{REVIEW}.numbers第2项.label：没有写"),
    ('key = "entered"', 'key = "expected"', f"{REVIEW}.numbers：“已录入”写了两遍"),
    ('{ key = "entered", label = "已录入" }', "5", f"{REVIEW}.numbers第2项：应是一张表，现在是 5"),
    ("[deliverables.first_review]", "[deliverables.First-Review]", "First-Review：代码名只能用小写英文字母"),
    ("months = [3, 6, 9, 12]", "months = [1, 4, 7, 10]", "quarterly.months：只支持每季度最后一月"),
    ("day = 25", "day = 31", "quarterly.day：应是 1 到 30 的整数，现在是 31"),
    ("day = 25", 'day = "25"', "quarterly.day：应是 1 到 30 的整数，现在是 “25”"),
    ("county_day = 20", "county_day = 28", "quarterly.county_day：县里的日子 28 不能晚于 25 日"),
    ('first = "2017Q1"', 'first = "2017Q5"', "quarterly.first：应写成 2017Q1 这样"),
    ("before = [10, 3, 1]", "before = [10, 3, 3]", "ladder.before：3 写了两遍"),
    ("before = [10, 3, 1]", "before = [0]", "ladder.before：每一项都应是 1 到 90 的整数，0 不是"),
    ("overdue = [1, 3, 7]", "overdue = [true]", "ladder.overdue：每一项都应是 1 到 60 的整数，true 不是"),
    ("on_day = true", 'on_day = "是"', "ladder.on_day：应是 true 或 false，现在是 “是”"),
    ('at = "09:00"', 'at = "25:00"', 'ladder.at：应是时刻，如 "09:00"'),
    ("[roles.info_admin]", "[roles.headmaster]", "roles.info_admin：没有写"),
    ("[roles.info_admin]", "[roles.headmaster]", "roles.headmaster：不认识这一项"),
    ("[contact]", "[contacts]", "contact：没有写"),
    ('today = "', 'tody = "', "wording.today：没有写"),
    ('today = "{name}', 'today = "{nam}', "wording.today：不认识 {nam}，可用 {due}、{label}、{name}"),
    ('today = "{name}', 'today = "{name', "wording.today：花括号不成对"),
    ('"姓名", "曾用名"', '"姓名", "姓名"', "change_notices.fields：“姓名”写了两遍"),
    ('"姓名", "曾用名"', '"姓名", ""', "change_notices.fields：每一项都应是不空的文字"),
    ('city = "岳阳市"', 'city = "岳阳市"\ncolour = "红"', "colour：不认识这一项"),
]


@pytest.mark.parametrize(("old", "new", "problem"), WRONG)
def test_each_mistake_is_named_by_its_key(tmp_path: Path, old: str, new: str, problem: str) -> None:
    found = problems_of(tmp_path, changed((old, new)))
    assert any(problem in one for one in found), found


def test_a_cycle_of_two_is_found(tmp_path: Path) -> None:
    text = changed(
        (
            'derives_from = "first_review"\nderives_over = "children"',
            'derives_from = "finish"\nderives_over = "children"',
        ),
        (
            'derives_from = "first_review"\nderives_over = "subtree"',
            'derives_from = "bureau_review"\nderives_over = "subtree"',
        ),
    )
    found = problems_of(tmp_path, text)
    assert [one.split("：")[0] for one in found] == [
        "deliverables.bureau_review.derives_from",
        "deliverables.finish.derives_from",
    ]


def test_all_mistakes_are_told_together(tmp_path: Path) -> None:
    text = changed(
        ("due = 2017-02-28", "due = 2017-02-30"),
        ('short = "启动"', 'short = "培训"'),
        ("day = 25", "day = 0"),
        ('at = "09:00"', 'at = "九点"'),
        ("[wording]", "[wording]\nextra = 1"),
    )
    found = problems_of(tmp_path, text)
    keys = {one.split("：")[0] for one in found}
    assert keys >= {f"{REVIEW}.due", "deliverables.launch", "quarterly.day", "ladder.at", "wording.extra"}


def test_one_wrong_word_causes_one_problem_only(tmp_path: Path) -> None:
    found = problems_of(tmp_path, changed(('cadence = "quarterly"', 'cadence = "yearly"')))
    assert found == ("deliverables.quarterly.cadence：只能是 once、quarterly、undated，现在是 “yearly”",)


def test_a_missing_table_is_told_once(tmp_path: Path) -> None:
    found = problems_of(tmp_path, changed(("[ladder]", "[leiter]")))
    assert [one for one in found if one.startswith("ladder")] == ["ladder：没有写，这一项必须有"]


def test_an_empty_file_lists_what_a_plan_needs(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "")
    assert {one.split("：")[0] for one in found} >= {
        "name",
        "city",
        "deliverables",
        "quarterly",
        "ladder",
        "roles",
    }


def test_a_plan_without_anything_to_hand_in_is_refused(tmp_path: Path) -> None:
    start, end = BUILT_IN.index("[deliverables.training]"), BUILT_IN.index("[quarterly]")
    found = problems_of(tmp_path, f"{BUILT_IN[:start]}[deliverables]\n{BUILT_IN[end:]}")
    assert found == ("deliverables：一件要交的事都没有写",)


def test_broken_writing_names_the_line(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, 'name = "方案"\ncity = "岳阳\n')
    assert problem.startswith("方案.toml：第2行")


def test_a_table_written_twice_is_told_as_such(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, f"{BUILT_IN}\n[deliverables.training]\n")
    assert "写了两遍" in problem


def test_a_missing_file_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="打不开这个文件"):
        load_plan(tmp_path / "没有.toml")


def test_a_folder_is_no_plan(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="打不开这个文件"):
        load_plan(tmp_path)


def test_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "方案.toml"
    path.write_bytes(BUILT_IN.encode("gb18030"))
    with pytest.raises(PlanError, match="不是 UTF-8 编码"):
        load_plan(path)


VALUES = [
    "1",
    "-1",
    "true",
    '""',
    '"x y"',
    '"{"',
    "[]",
    "[1]",
    '["a", "a"]',
    "{}",
    "2017-01-01",
    "1.5",
    "09:00:00",
]
LINES = [
    number
    for number, line in enumerate(BUILT_IN.splitlines())
    if re.fullmatch(r"\w+ = [^\[]+|\w+ = \[.*\]", line)
]


@given(st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(VALUES)), min_size=1, max_size=5))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_the_file_the_reader_answers_in_chinese(
    tmp_path: Path, edits: list[tuple[int, str]]
) -> None:
    lines = BUILT_IN.splitlines()
    for number, value in edits:
        lines[number] = f"{lines[number].split(' = ')[0]} = {value}"
    path = tmp_path / "方案.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert all(re.search(r"[一-鿿]", one) for one in problems_if_any(path))


def problems_if_any(path: Path) -> tuple[str, ...]:
    try:
        load_plan(path)
    except PlanError as error:
        return error.problems
    return ()
