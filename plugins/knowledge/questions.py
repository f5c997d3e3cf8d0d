"""/知识 待答、回答。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.messages import folded
from bot.domain.errors import BadInput
from bot.domain.open_questions import ANSWER_QUESTIONS

from . import render
from .subcommands import SUBCOMMANDS, subcommand
from .wording import take_number, take_page


@subcommand("待答", action=ANSWER_QUESTIONS, form="待答 [页]", example="待答 2", aliases=("问题", "待答问题"))
async def list_open(call: Call) -> str:
    """/知识 待答 [页]。"""
    page = take_page(call.arguments)
    if page is None:
        raise SUBCOMMANDS["待答"].usage()
    clusters = await call.services.questions.clusters(call.actor)
    return render.open_in_group(clusters) if call.in_group else render.open_questions(clusters, page)


@subcommand(
    "回答",
    action=ANSWER_QUESTIONS,
    form="回答 编号 答案（引用那条提问时不用写编号）",
    example="回答 12 请找县市区系统管理员重置",
    aliases=("答", "答复", "回复"),
)
async def answer(call: Call) -> str:
    """/知识 回答 编号 答案；引用提问或转人工通知时可以不写编号。"""
    service = call.services.questions
    number, text = take_number(call.arguments)
    quoted = folded(await call.quoted_text())
    if quoted and number is None:
        number = await service.quoted(call.actor, quoted)
    elif quoted and text:
        await _agree(call, quoted, number)
    if number is None or not text:
        raise SUBCOMMANDS["回答"].usage()
    return render.answered(await service.answer(call.actor, number, text), publisher=_publisher(call))


async def _agree(call: Call, quoted: str, number: int | None) -> None:
    """引用了一条又写了编号：说的不是同一个就问清楚，绝不替人猜。"""
    found = await call.services.questions.quoted(call.actor, quoted)
    if found != number:
        raise BadInput(render.two_numbers(found, number))


def _publisher(call: Call) -> bool:
    return call.services.editing.may_publish(call.actor)
