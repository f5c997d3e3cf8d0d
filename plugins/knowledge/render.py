"""知识维护的文字。"""

from __future__ import annotations

from collections.abc import Sequence

from storage.questions import OpenQuestion

SHOWN = 10


def open_questions(questions: Sequence[OpenQuestion], *, in_group: bool = False) -> str:
    """待答问题一览；群里只给数，有的是私下问的。"""
    if not questions:
        return "没有待答问题。"
    if in_group:
        return f"待答问题 {len(questions)} 个，请私聊我发 /知识 待答"
    lines = [f"待答问题 {len(questions)} 个："]
    lines += [f"{question.id}. {question.text}" for question in questions[:SHOWN]]
    if len(questions) > SHOWN:
        lines.append(f"……还有 {len(questions) - SHOWN} 个")
    lines.append("回答请发：/知识 回答 编号 答案")
    return "\n".join(lines)


def answered(question: OpenQuestion) -> str:
    """答好了。"""
    return f"已答复 {question.id} 号问题，提问的人会收到。"


def usage() -> str:
    """写法。"""
    return "请这样写：\n/知识 待答\n/知识 回答 12 请找县市区系统管理员重置"
