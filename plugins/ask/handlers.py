"""答问：对机器人说的话就答，拿不准给几个编号，不知道就直说并记下来；没点名的，够稳才答。"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from bot.chat.call import Call
from bot.chat.composing import Parts, composes
from bot.chat.memory import Given
from bot.chat.messages import Reply, folded
from bot.chat.registry import command
from bot.chat.router import CHAIN
from bot.domain.answer_log import Spoken, new_answer_id
from bot.domain.askers import asker_of
from bot.domain.transport import Outgoing
from bot.plan.values import Plan
from faq.entries import Entry
from storage.words import AnswerKind, Channel

from . import render
from .courtesy import Courtesy, courtesy
from .forms import offer_form, wanted_form
from .hand_off import offer_hand_off

SHORT = 6
# 没有实在内容、指着引用的那条说的话
POINTING = re.compile(
    r"(?:这个?|那个?|上面|同问|请问|问一?下|我也想问|怎么[办弄搞]|怎样|咋[办弄]|求[助解]|帮[忙看一下]*|[呢吗啊呀?？!！。,，\s])*"
)


# 给了候选之后说的：都不合适，不是新问题
NONE_OF_THEM = re.compile(r"(?:以上)?都不(?:是|对|合适)[的了啊呢。!！]*|没有我要的")


@dataclass(frozen=True, slots=True)
class Said:
    """对一个问题说了什么：``entry`` 只在答了时有，``overheard`` 是没点名时自己开的口。

    ``recorded_as`` 是答问记录里写的问题（选编号时是原来的问法）；``instead_of`` 是选编号之前的那次；
    ``offered`` 是给的候选。
    """

    kind: AnswerKind
    question: str
    entry: Entry | None = None
    overheard: bool = False
    recorded_as: str = ""
    instead_of: str = ""
    offered: tuple[Entry, ...] = ()
    id: str = field(default_factory=new_answer_id)

    @property
    def given(self) -> tuple[str, ...]:
        """给了哪几条的编号。"""
        return tuple(one.id for one in ((self.entry,) if self.entry else self.offered))


@command(
    "问",
    aliases=("ask", "提问"),
    action="ask a question",
    summary="问操作问题",
    examples=("/问 怎么重置密码", "@我 退休老师要录吗"),
    menu="问答",
)
async def ask(call: Call) -> Reply | str | None:
    """/问 问题；也可以引用一条消息发 /问。"""
    return await _named(call, await _asked(call))


@CHAIN.question
async def hear(call: Call) -> Reply | str | None:
    """@ 机器人、私聊、引用它的话；以及自动答问的群里没点名、已经等他说完的几句。"""
    if call.heard:
        return await _overheard(call)
    return await _named(call, await _asked(call))


async def _asked(call: Call) -> list[str]:
    """要答的话；引用了别人又只写了“这个呢”就答引用的那条，写得短就接着那条理解。"""
    if len(call.arguments) > SHORT or not call.message.quote_id:
        return [call.arguments]
    quoted = folded(await call.quoted_text())
    if quoted and POINTING.fullmatch(call.arguments):
        return [quoted]
    return [quoted, call.arguments] if quoted else [call.arguments]


async def _named(call: Call, asked: list[str]) -> Reply | str | None:
    answering, question = call.services.answering, asked[-1]
    if not question:
        return render.nothing_asked(in_group=call.in_group)
    if NONE_OF_THEM.fullmatch(question) and call.dialogues.last_question(
        call.actor, call.services.context.now()
    ):
        return render.none_of_them()
    kind = courtesy(question)
    if kind is not None:
        return None if kind in (Courtesy.NOTHING, Courtesy.SATISFIED) else render.courtesy(kind)
    form = wanted_form(call, question)
    if form is not None:
        return await form
    now = call.services.context.now()
    call.dialogues.note_question(call.actor, " ".join(asked), now)
    earlier = call.memory.turns.before(call.spot, now) if len(asked) == 1 else []
    outcome = answering.decide(call.actor, [*(turn for turn in earlier if turn != question), *asked])
    outcome = await answering.widened(" ".join(asked), outcome)
    if outcome.entry is not None:
        return await answer(call, Said(AnswerKind.ANSWER, question, outcome.entry), outcome.entry)
    if outcome.suggestions:
        return _suggest(call, question, outcome.suggestions)
    number = await call.services.questions.leave_open(call.actor, " ".join(asked))
    offer_hand_off(call, " ".join(asked))
    unknown = render.unknown(number, in_group=call.in_group)
    return _replied(call, Said(AnswerKind.UNKNOWN, question), unknown)


async def _overheard(call: Call) -> Reply | None:
    """没点名的几句：够稳才答，不给候选，不记待答；刚答过他的，短的追问接着上文理解。"""
    turns, now = call.memory.turns, call.services.context.now()
    earlier = turns.before(call.spot, now) if turns.just_answered(call.spot, now) else []
    outcome = call.services.answering.overhear(call.actor, call.heard, earlier)
    if outcome.entry is None:
        return None
    said = Said(AnswerKind.ANSWER, " ".join(call.heard), outcome.entry, overheard=True)
    return await answer(call, said, outcome.entry)


async def answer(call: Call, said: Said, entry: Entry) -> Reply:
    """答一条；群里刚答过同一条的只指一指。"""
    answering, actor, context = call.services.answering, call.actor, call.services.context
    group_id = actor.place.group_id
    if group_id is not None:
        answers = call.memory.answers
        given = answers.repeated(group_id, entry.id, actor.qq, context.now(), named=not said.overheard)
        if given is not None:
            return _replied(call, said, render.pointer(entry), quote=given.message_id)
    facts = await answering.facts(actor, entry.id)
    shown = entry if said.overheard else await answering.worded(said.question, entry)
    text = render.answer(
        answering.knowledge.card(shown), facts, asker_of(actor), context.plan.contact, in_group=call.in_group
    )
    if facts.form is not None and not call.in_group:
        offer_form(call, facts.form)
    return _replied(call, said, text)


def _suggest(call: Call, question: str, entries: tuple[Entry, ...]) -> Reply:
    said = Said(AnswerKind.SUGGEST, question, offered=entries)
    offer_entries(call, entries, question, said.id)
    offer_hand_off(call, question)
    return _replied(call, said, render.suggestions(entries))


def offer_entries(call: Call, entries: tuple[Entry, ...], question: str, instead_of: str = "") -> None:
    """等他选一个编号，选了就答那一条。"""

    async def chosen(again: Call, word: str) -> Reply:
        entry = entries[int(word) - 1]
        said = Said(AnswerKind.ANSWER, entry.question, entry, recorded_as=question, instead_of=instead_of)
        return await answer(again, said, entry)

    call.offer_choices(len(entries), chosen)


def _replied(call: Call, said: Said, text: str, *, quote: str = "") -> Reply:
    """一个答复、候选或“不知道”从这里出去：记住问过什么，发出后记住答过哪一条。"""
    now, answered = call.services.context.now(), said.kind is AnswerKind.ANSWER
    if not said.overheard and said.kind is not AnswerKind.UNKNOWN:
        call.memory.turns.note(call.spot, said.question, now, answered=answered, given=said.given)

    def sent(message_id: str) -> None:
        if said.overheard:
            call.memory.turns.note(call.spot, said.question, now, answered=True, given=said.given)
            call.dialogues.note_question(call.actor, said.question, now)
        call.services.answer_log.note(call.actor, _spoken(said, message_id, now))
        group_id = call.actor.place.group_id
        if group_id is not None and said.entry is not None and not quote:
            call.memory.answers.note(group_id, Given(said.entry.id, message_id, call.actor.qq, now))

    return Reply(text, on_sent=sent, quote=quote)


def _spoken(said: Said, message_id: str, now: datetime) -> Spoken:
    return Spoken(
        said.id,
        said.kind,
        said.recorded_as or said.question,
        message_id,
        now,
        entry_id=said.entry.id if said.entry else "",
        overheard=said.overheard,
        instead_of=said.instead_of,
    )


@composes("question_answered")
def compose_answered(outgoing: Outgoing, _plan: Plan) -> Parts:
    """待答问题的答复。"""
    return render.answered(outgoing.facts, in_group=outgoing.channel is Channel.GROUP)
