"""变更登记：登记、列表、撤回；登记表、季报、零报告、备案。"""

from __future__ import annotations

import asyncio

from bot.chat.call import Call
from bot.chat.grammar import take_quarter
from bot.chat.messages import Reply
from bot.chat.registry import command
from bot.domain.change_filing import CORRECT, FILE, READ
from bot.domain.errors import BadInput, Problems
from bot.domain.quarters import Quarter
from bot.domain.registers import FULL_VALUES, REPORT, SETTLE
from bot.domain.targets import target_unit

from . import render
from .files import register_files
from .form import read_form


@command(
    "变更",
    aliases=("change",),
    action=FILE,
    summary="登记教师信息变更",
    examples=(render.FORM, "/变更 列表", "/变更 撤回 2"),
    menu="变更",
)
async def change(call: Call) -> Reply | str:
    """/变更 加填好的表；/变更 列表 [季度]；/变更 撤回 编号。"""
    first = call.words[0] if call.words else ""
    if first == "列表":
        return await _listing(call)
    if first == "撤回":
        return await _withdraw(call)
    if first == "修改":
        raise BadInput(render.correct_usage())
    unit = target_unit(call.services.context, call.actor, FILE, "")
    call.services.context.require(call.actor, FILE, unit)
    if not first:
        return render.usage(call.services.context.today())
    if "\n" not in call.arguments and not any(mark in call.arguments for mark in ":："):
        return render.unknown_part(first)
    try:
        rows = read_form(call.arguments, call.services.context.today())
        return render.filed(await call.services.changes.file(call.actor, unit, rows))
    except Problems as found:
        return render.problems(str(found))


async def _listing(call: Call) -> str:
    quarter, rest = take_quarter(call.words[1:], call.services.context.today())
    unit = target_unit(call.services.context, call.actor, READ, " ".join(rest))
    quarter = quarter or await call.services.changes.open_quarter(unit)
    return render.listing(unit, quarter, await call.services.changes.listing(call.actor, unit, quarter))


async def _withdraw(call: Call) -> Reply:
    words = call.words
    if len(words) < 2 or not words[1].isdigit():
        raise BadInput(render.number_usage())
    unit = target_unit(call.services.context, call.actor, CORRECT, "")
    notice = await call.services.changes.find(call.actor, unit, int(words[1]))

    async def confirmed(again: Call) -> str:
        await again.services.changes.withdraw(again.actor, notice)
        return render.withdrawn(notice)

    return call.ask_confirmation(render.withdraw_prompt(notice), confirmed)


def _quarter(call: Call, words: list[str]) -> tuple[Quarter, list[str]]:
    quarter, rest = take_quarter(words, call.services.context.today())
    return quarter or call.services.registers.current(), rest


@command(
    "登记表",
    aliases=("registerform",),
    action=FULL_VALUES,
    summary="要官方登记表（附件3）文件",
    examples=("/登记表", "/登记表 2017Q1", "/登记表 岳阳县第三中学 2017Q1"),
    menu="变更",
)
async def register_form(call: Call) -> Reply:
    """/登记表 [单位] [季度]。"""
    quarter, rest = _quarter(call, call.words)
    unit = target_unit(call.services.context, call.actor, FULL_VALUES, " ".join(rest))
    call.services.context.require(call.actor, FULL_VALUES, unit)

    async def confirmed(again: Call) -> Reply:
        content = await again.services.registers.content(again.actor, unit, quarter)
        files = await asyncio.to_thread(register_files, content, again.services.context.plan)
        return Reply(render.register_sent(unit, quarter, len(content.rows)), files=files)

    return call.ask_confirmation(render.register_prompt(unit, quarter), confirmed)


@command(
    "季报",
    aliases=("quarter",),
    action=REPORT,
    summary="看或报送季度登记表",
    examples=("/季报 报送", "/季报", "/季报 岳阳县 2017Q1", "/季报 退回 岳阳县第三中学 2017Q1 缺日期"),
    menu="变更",
)
async def quarterly(call: Call) -> str:
    """/季报 报送 [季度]；/季报 [单位] [季度]；/季报 退回 单位 季度 原因。"""
    first = call.words[0] if call.words else ""
    if first in ("报送", "上报"):
        return await _send(call, call.words[1:], zero=False)
    if first in ("退回", "驳回"):
        return await _give_back(call)
    quarter, rest = _quarter(call, call.words)
    unit = target_unit(call.services.context, call.actor, READ, " ".join(rest))
    own = await call.services.registers.state(call.actor, unit, quarter)
    if unit.kind.is_school:
        mine = unit in [seat.unit for seat in call.actor.assignments]
        return render.state(own, own=mine)
    return render.overview(own, await call.services.registers.states_below(call.actor, unit, quarter))


async def _send(call: Call, words: list[str], *, zero: bool) -> str:
    context = call.services.context
    quarter, rest = take_quarter(words, context.today())
    unit = target_unit(context, call.actor, REPORT, " ".join(rest))
    done = await call.services.registers.send(call.actor, unit, quarter, zero=zero)
    receiver = context.directory.tree.get(unit.parent_code) if unit.parent_code else None
    return render.sent(done, zero=zero, receiver=receiver)


async def _give_back(call: Call) -> str:
    words = call.words[1:]
    quarters = [
        place for place, word in enumerate(words) if take_quarter([word], call.services.context.today())[0]
    ]
    if not quarters or len(words) < quarters[0] + 2 or quarters[0] == 0:
        raise BadInput(render.give_back_usage())
    place = quarters[0]
    quarter, _ = _quarter(call, [words[place]])
    unit = target_unit(call.services.context, call.actor, SETTLE, " ".join(words[:place]))
    reason = " ".join(words[place + 1 :])
    done = await call.services.registers.give_back(call.actor, unit, quarter, reason)
    return render.given_back(done, reason)


@command(
    "零报告",
    aliases=("zero",),
    action=REPORT,
    summary="本季度没有变更，报零报告",
    examples=("/零报告", "/零报告 2017Q1"),
    menu="变更",
)
async def zero(call: Call) -> str:
    """/零报告 [季度]。"""
    return await _send(call, call.words, zero=True)


@command(
    "备案",
    aliases=("archive",),
    action=SETTLE,
    summary="接收下级报来的季度登记表",
    examples=("/备案 岳阳县第三中学 2017Q1",),
    menu="审核",
)
async def archive(call: Call) -> str:
    """/备案 单位 [季度]。"""
    quarter, rest = _quarter(call, call.words)
    if not rest:
        raise BadInput(render.archive_usage())
    unit = target_unit(call.services.context, call.actor, SETTLE, " ".join(rest))
    return render.archived(await call.services.registers.archive(call.actor, unit, quarter))
