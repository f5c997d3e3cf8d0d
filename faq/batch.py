"""成批问答：一行一问进，一行一个判断出，字段与 ask --batch 的约定相同，供别的程序调用。"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from faq.entries import Entry
from faq.retriever import ANSWER, Decision, Retriever


class BatchError(ValueError):
    """成批问答的某一行写得不对；message 里有行号和改法。"""


def answer_lines(
    lines: Iterable[dict[str, Any]],
    retriever: Retriever,
    *,
    overheard: bool,
    render: Callable[[Entry], str],
    judge: Callable[[list[str]], Decision] | None = None,
) -> Iterator[dict[str, Any]]:
    """按输入顺序逐行判断；输入 {"q": 文字} 或 {"turns": [文字…]}，坏行抛 BatchError。

    ``judge`` 给了就用它判断（知道提问人是谁时），不给就只看检索器。
    """
    for number, line in enumerate(lines, start=1):
        turns = _turns_of(line, number)
        if judge is not None:
            decision = judge(turns)
        elif len(turns) == 1:
            decision = retriever.decide(turns[0], overheard=overheard)
        else:
            decision = retriever.decide_turns(turns, overheard=overheard)
        yield _record(turns[-1], decision, retriever, render)


def _turns_of(line: Any, number: int) -> list[str]:
    if isinstance(line, dict):
        if isinstance(line.get("q"), str):
            return [line["q"]]
        turns = line.get("turns")
        if isinstance(turns, list) and turns and all(isinstance(turn, str) for turn in turns):
            return turns
    raise BatchError(f'第 {number} 行要写成 {{"q": "问题"}} 或 {{"turns": ["上一句", "这一句"]}}')


def _record(
    question: str, decision: Decision, retriever: Retriever, render: Callable[[Entry], str]
) -> dict[str, Any]:
    answered = decision.kind == ANSWER and decision.id is not None
    return {
        "q": question,
        "decision": decision.kind,
        "id": decision.id if answered else None,
        "suggestions": list(decision.suggestions),
        "score": decision.score,
        "answer": render(retriever.entries[decision.id]) if answered and decision.id else None,
    }
