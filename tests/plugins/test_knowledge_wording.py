"""/知识 后面的话怎么认：编号、页码、版本、字段。"""

from __future__ import annotations

from types import ModuleType

import pytest

from bot.app import Shell
from bot.domain.errors import BadInput


@pytest.fixture(scope="module")
def wording(shell: tuple[Shell, str]) -> ModuleType:
    """插件由 NoneBot 先装好，这里才能引用。"""
    import plugins.knowledge.wording

    return plugins.knowledge.wording


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12 不用录", (12, "不用录")),
        ("12号 不用录", (12, "不用录")),
        ("第12号：不用录", (12, "不用录")),
        ("12，不用录", (12, "不用录")),
        ("12\n不用录\n另外登记", (12, "不用录\n另外登记")),
        ("12", (12, "")),
        ("3月20日前报", (None, "3月20日前报")),
        ("不用录", (None, "不用录")),
        ("", (None, "")),
    ],
)
def test_number_at_the_start(wording: ModuleType, text: str, found: tuple[int | None, str]) -> None:
    assert wording.take_number(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("local.0001", ("local.0001", "")),
        ("编号 local.0001 答：不用录", ("local.0001", "答：不用录")),
        ("编号：local.0001\n答：不用录", ("local.0001", "答：不用录")),
        ("", ("", "")),
    ],
)
def test_entry_id_at_the_start(wording: ModuleType, text: str, found: tuple[str, str]) -> None:
    assert wording.take_id(text) == found


def test_pages_and_versions(wording: ModuleType) -> None:
    assert [wording.take_page(text) for text in ("", "2", "第2页", "2页", "密码")] == [1, 2, 2, 2, None]
    assert [wording.take_version(text) for text in ("0", "v2", "第2版", "2版", "", "密码")] == [
        0,
        2,
        2,
        2,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "lead", "fields"),
    [
        ("答：不用录", "", {"answer": "不用录"}),
        (
            "问：要录吗？ 答：不用录 依据：方案一",
            "",
            {"question": "要录吗？", "answer": "不用录", "basis": "方案一"},
        ),
        (
            "问：要录吗？答：不用录。依据：方案一",
            "",
            {"question": "要录吗？", "answer": "不用录。", "basis": "方案一"},
        ),
        ("答:不用录\n另外登记\n可信程度:一般", "", {"answer": "不用录\n另外登记", "certainty": "一般"}),
        ("读者 ：老师、学校管理员", "", {"audience": "老师、学校管理员"}),
        ("scope 校车司机要录吗", "scope 校车司机要录吗", {}),
        ("scope 答：不用录", "scope", {"answer": "不用录"}),
        ("答：找系统管理员问：不对", "", {"answer": "找系统管理员问：不对"}),
        ("", "", {}),
    ],
)
def test_fields(wording: ModuleType, text: str, lead: str, fields: dict[str, str]) -> None:
    assert wording.take_fields(text) == (lead, fields)


def test_a_field_written_twice_is_refused(wording: ModuleType) -> None:
    with pytest.raises(BadInput, match="“答案”写了两次"):
        wording.take_fields("答：甲 答案：乙")


def test_pages_that_do_not_exist_are_said(wording: ModuleType) -> None:
    assert wording.on_page(11, 2, 10) == (slice(10, 20), 2)
    assert wording.on_page(0, 1, 10) == (slice(0, 10), 1)
    with pytest.raises(BadInput, match="一共 2 页，没有第 3 页"):
        wording.on_page(11, 3, 10)
