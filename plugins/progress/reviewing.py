"""/审核：看谁在等，通过或退回一个，或按名单上的编号一次审几个。"""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.call import Call
from bot.chat.grammar import Words, split_item, take_page
from bot.chat.messages import Reply
from bot.chat.registry import command
from bot.chat.shown_lists import take_numbers
from bot.domain.errors import BadInput, WrongPlace
from bot.domain.reviewing import ACTION, Pick
from bot.domain.targets import target_unit
from bot.plan.values import Deliverable

from . import render_reviewing as render
from .paging import page_of

APPROVE = ("通过", "同意", "合格")
RETURN = ("退回", "驳回", "打回")
LISTING = ("", "待审", "列表")


@command(
    "审核",
    aliases=("review",),
    action=ACTION,
    summary="通过或退回下级报的",
    examples=(
        "/审核",
        "/审核 初审 通过 3-18 20",
        "/审核 岳阳县第三中学 初审 通过",
        "/审核 岳阳县第三中学 初审 退回 缺照片",
    ),
    menu="审核",
)
async def review(call: Call) -> Reply | str:
    """/审核 [任务] [第几页]；/审核 单位 任务 通过 | 退回 原因；/审核 任务 通过 3-18 20。"""
    words = split_item(call.arguments, call.services.context.plan)
    everything = [*words.before, *words.after]
    verdicts = [place for place, word in enumerate(everything) if word in (*APPROVE, *RETURN)]
    if not verdicts:
        return await _listing(call, words)
    place = verdicts[0]
    approve, unit_words, rest = everything[place] in APPROVE, everything[:place], everything[place + 1 :]
    numbers, left = take_numbers(unit_words or rest)
    if numbers and not (unit_words and left):
        reason = " ".join(rest if unit_words else left)
        return await _by_numbers(call, words.item, numbers, approve=approve, reason=reason)
    if words.item is None or not unit_words:
        raise BadInput(render.review_usage())
    unit = target_unit(call.services.context, call.actor, ACTION, " ".join(unit_words))
    return render.reviewed(
        await call.services.reviewing.review(
            call.actor, unit, words.item, approve=approve, reason=" ".join(rest)
        )
    )


async def _listing(call: Call, words: Words) -> Reply | str:
    """等我审的，翻着页看；看过的编号记下来。"""
    page, text = take_page(words.others)
    if text not in LISTING:
        raise BadInput(render.review_usage())
    found = await call.services.progress.waiting(call.actor, words.item)
    if call.in_group:
        return render.waiting_count(len(found))
    shown = page_of(found, page)
    name = f"待审 {words.item.key if words.item else ''}"
    entries = {number: (unit.code, item.deliverable.key) for number, (unit, item) in shown.rows}
    call.memory.lists.note(call.actor.qq, name, entries, call.services.context.now())
    return render.waiting(shown, words.item)


async def _by_numbers(
    call: Call, item: Deliverable | None, numbers: Sequence[int], *, approve: bool, reason: str
) -> Reply | str:
    if call.in_group:
        raise WrongPlace(render.numbers_in_private())
    chosen, picks = _picked(call, item, numbers)
    reviewing = call.services.reviewing
    batch = await reviewing.prepare(call.actor, chosen, picks, approve=approve, reason=reason)
    if not batch.ready:
        return render.nothing_to_review(batch)

    async def confirmed(again: Call) -> str:
        return render.batch_done(await again.services.reviewing.settle(again.actor, batch))

    return call.ask_confirmation(render.batch_prompt(batch), confirmed)


def _picked(call: Call, item: Deliverable | None, numbers: Sequence[int]) -> tuple[Deliverable, list[Pick]]:
    """编号在最近看过的名单里指的是谁；没写任务的，名单里得是同一项。"""
    context = call.services.context
    found = call.memory.lists.pick(call.actor.qq, numbers, context.now(), "/审核")
    picks = [Pick(number, context.directory.tree.get(code), key) for number, (code, key) in found]
    keys = {pick.deliverable for pick in picks}
    chosen = item or (context.plan.deliverable(keys.pop()) if len(keys) == 1 else None)
    if chosen is None:
        raise BadInput(render.which_item_to_review())
    # 名单翻页之间有人报上来，同一个单位可能占着两个编号
    once: dict[tuple[str, str], Pick] = {}
    for pick in picks:
        once.setdefault((pick.unit.code, pick.deliverable), pick)
    return chosen, list(once.values())
