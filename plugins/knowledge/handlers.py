"""知识维护：待答问题与回答。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.registry import command

from . import render


@command(
    "知识",
    aliases=("kb",),
    action="answer open questions and propose knowledge",
    summary="看待答问题、回答问题",
    examples=("/知识 待答", "/知识 回答 12 请找县市区系统管理员重置"),
    menu="知识",
)
async def knowledge(call: Call) -> str:
    """/知识 待答；/知识 回答 编号 答案。"""
    words = call.arguments.split(None, 2)
    questions = call.services.questions
    if words[:1] == ["待答"] or not words:
        return render.open_questions(await questions.open_questions(call.actor), in_group=call.in_group)
    if words[0] == "回答" and len(words) == 3 and words[1].isdigit():
        return render.answered(await questions.answer(call.actor, int(words[1]), words[2]))
    return render.usage()
