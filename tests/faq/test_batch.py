"""成批问答的记录格式。"""

import pytest

from faq.batch import BatchError, answer_lines
from faq.entries import Entry
from faq.retriever import Retriever

BASE = [
    Entry("a.retired", "a", "离退休教职工要不要采集？", "不采集。", "方案二", "plan"),
    Entry("a.letter", "a", "责任书一式几份？", "两份。", "附件1", "plan"),
    Entry("a.password", "a", "老师忘记密码怎么办？", "找系统管理员。", "附件1", "plan"),
]


def run(*lines: object) -> list[dict[str, object]]:
    return list(answer_lines(lines, Retriever(BASE), overheard=False, render=lambda entry: entry.answer))  # type: ignore[arg-type]


def test_answer_record_has_exactly_the_agreed_keys() -> None:
    (record,) = run({"q": "责任书一式几份？"})
    assert record == {
        "q": "责任书一式几份？",
        "decision": "answer",
        "id": "a.letter",
        "suggestions": [],
        "score": 0.99,
        "answer": "两份。",
    }


def test_abstention_has_no_id_and_no_answer() -> None:
    (record,) = run({"q": "中午吃啥"})
    assert (record["decision"], record["id"], record["answer"]) == ("abstain", None, None)


def test_turns_report_the_last_turn() -> None:
    (record,) = run({"turns": ["你好", "责任书一式几份？"]})
    assert (record["q"], record["id"]) == ("责任书一式几份？", "a.letter")


def test_order_is_kept() -> None:
    records = run({"q": "责任书一式几份？"}, {"q": "离退休教职工要不要采集？"})
    assert [record["id"] for record in records] == ["a.letter", "a.retired"]


@pytest.mark.parametrize("line", [{}, {"q": 3}, {"turns": []}, {"turns": ["a", 1]}, "文字"])
def test_malformed_line_is_named(line: object) -> None:
    with pytest.raises(BatchError, match="第 2 行"):
        run({"q": "责任书几份"}, line)
