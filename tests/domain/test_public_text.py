"""要公开的话：太长、空的、带个人号码的不收；办公电话、日期可以写。"""

from __future__ import annotations

import pytest

from bot.domain.errors import BadInput
from bot.domain.public_text import public_text

ID_NUMBER = "11010519491231002X"


@pytest.mark.parametrize(
    "text",
    [
        "请打县局电话 0730-7612345",
        "请打 8805612",
        "3月25日前报，2017-03-25 截止",
        "加群 123456789",
        "发到 1545186384@qq.com",
    ],
)
def test_office_numbers_and_dates_are_fine(text: str) -> None:
    assert public_text(f"  {text}\n", "答复", 260) == text


@pytest.mark.parametrize(
    "text",
    [
        "找王样例 13800001234",
        "找王样例 138 0000 1234",
        "找王样例 138-0000-1234",
        "找王样例１３８００００１２３４",
        f"他的号是{ID_NUMBER}",
        "他的号是110105 19491231 0021",
        "卡号6222020200112233445",
    ],
)
def test_personal_numbers_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="答复里有身份证号或手机号"):
        public_text(text, "答复", 260)


def test_too_long_says_how_long() -> None:
    assert public_text("字" * 260, "答复", 260)
    with pytest.raises(BadInput, match="答复有 261 字，超过 260 字，请精简后重发"):
        public_text("字" * 261, "答复", 260)


def test_empty_is_refused() -> None:
    with pytest.raises(BadInput, match="原因是空的"):
        public_text(" \n", "原因", 100)
