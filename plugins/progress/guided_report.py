"""光发 /上报：一步一步问——替哪个单位（有几个才问）、哪一项、人数，最后确认。"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.chat.call import Call
from bot.chat.grammar import item_names, read_numbers
from bot.chat.guided import Ask, ask, read_choice
from bot.chat.messages import Reply
from bot.domain.errors import BadInput
from bot.domain.numbers import first_problem
from bot.domain.reporting import QUARTERLY_ELSEWHERE
from bot.plan.values import Deliverable
from storage.units import Unit

from . import render_reporting as render

FIGURES = re.compile(r"\d{1,5}(?:[\s,，、/]+\d{1,5})*(?:人|名)?[。.]?")


async def begin(call: Call) -> Reply | str:
    """问第一句；没有欠的就直接说。"""
    units = await call.services.reporting.places(call.actor)
    if call.in_group and len(units) > 1:
        return render.write_out_in_group()
    first = _which_unit(units) if len(units) > 1 else await _which_item(call, units[0])
    return ask(call, first) if isinstance(first, Ask) else first


def _which_unit(units: Sequence[Unit]) -> Ask:
    async def chosen(call: Call, place: int) -> Ask | str:
        return await _which_item(call, units[place])

    return Ask(render.which_unit(units), lambda text: read_choice(text, len(units)), chosen)


async def _which_item(call: Call, unit: Unit) -> Ask | str:
    items = await call.services.reporting.open_items(call.actor, unit)
    if not items:
        names = item_names(call.services.context.plan)
        return render.nothing_to_report(unit, names, in_group=call.in_group)

    async def chosen(again: Call, item: Deliverable) -> Ask | Reply | str:
        if item.cadence == "quarterly":
            return QUARTERLY_ELSEWHERE
        return _figures(unit, item, {}) if item.numbers else await _confirm(again, unit, item, {})

    question = render.which_item(unit, items, in_group=call.in_group)
    return Ask(question, lambda text: read_item(text, items), chosen)


def _figures(unit: Unit, item: Deliverable, known: Mapping[str, int]) -> Ask:
    missing = [field for field in item.numbers if field.key not in known]

    async def answered(call: Call, numbers: Mapping[str, int]) -> Ask | Reply | str:
        if len(numbers) < len(item.numbers):
            return _figures(unit, item, numbers)
        return await _confirm(call, unit, item, numbers)

    return Ask(render.ask_figures(item, missing), lambda text: read_figures(text, item, known), answered)


async def _confirm(call: Call, unit: Unit, item: Deliverable, numbers: Mapping[str, int]) -> Reply:
    doubts = await call.services.reporting.doubts(call.actor, unit, item, numbers)

    async def confirmed(again: Call) -> str:
        return render.reported(await again.services.reporting.report(again.actor, unit, item, numbers, ""))

    return call.ask_confirmation(
        render.report_prompt(unit, item, numbers, doubts, in_group=call.in_group), confirmed
    )


def read_item(text: str, items: Sequence[Deliverable]) -> Deliverable:
    """编号或任务名。"""
    for item in items:
        if text.strip().rstrip("。") in item.names:
            return item
    try:
        return items[read_choice(text, len(items))]
    except BadInput as error:
        raise BadInput(render.unclear_item(text.strip(), len(items))) from error


def read_figures(text: str, item: Deliverable, known: Mapping[str, int]) -> dict[str, int]:
    """一个数是眼下问的那个；写全了就一次收下；写着名称的照名称。不合理的抛出 BadInput。"""
    missing = [field for field in item.numbers if field.key not in known]
    labelled, rest = read_numbers((text,), item)
    if labelled and not rest:
        numbers = {**known, **labelled}
    else:
        written = [int(part) for part in re.findall(r"\d+", text)]
        if not FIGURES.fullmatch(text.strip()) or len(written) not in (1, len(missing)):
            raise BadInput(render.unclear_figures(text.strip(), missing))
        numbers = {**known, **{field.key: value for field, value in zip(missing, written, strict=False)}}
    problem = first_problem(item.numbers, numbers)
    if problem:
        raise BadInput(f"{problem}，请核对。")
    return numbers
