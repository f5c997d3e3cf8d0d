"""成批提问：一行一问只按换行切，坏行说清是第几行。"""

from __future__ import annotations

import json

import pytest

from bot.domain.errors import BadInput
from bot.offline import answer_batch


def test_other_line_separators_inside_a_question_do_not_cut_it() -> None:
    source = json.dumps({"q": "退休老师要录吗\u2028急"}, ensure_ascii=False) + "\r\n"
    (record,) = answer_batch(source, overheard=False)
    assert record["q"] == "退休老师要录吗\u2028急"


def test_broken_line_is_named_by_its_number() -> None:
    with pytest.raises(BadInput, match="第 2 行不是 JSON"):
        list(answer_batch('{"q": "退休老师要录吗"}\n{q: 1}\n', overheard=False))
