"""进度：上报、审核、进度、未报、节点。"""

from __future__ import annotations

from bot.chat.call import Call
from bot.chat.composing import Parts, composes
from bot.chat.grammar import item_names, read_numbers, split_item, take_page
from bot.chat.messages import Reply
from bot.chat.registry import command
from bot.domain.errors import BadInput
from bot.domain.milestones import ACTION as MILESTONES
from bot.domain.progress import ACTION as STATUS
from bot.domain.progress import CityProgress, CountyProgress
from bot.domain.quarters import quarter_of
from bot.domain.reviewing import ACTION as REVIEW
from bot.domain.targets import target_unit
from bot.domain.transport import Outgoing
from bot.plan.values import Plan

from . import render

APPROVE = ("通过", "同意", "合格")
RETURN = ("退回", "驳回", "打回")


@command(
    "上报",
    aliases=("report",),
    action="report first review and quarter",
    summary="报一项任务",
    examples=("/上报 初审 应采集52 已录入52 已审52", "/上报 培训", "/上报 责任书", "/上报 撤回 初审"),
    menu="报送",
    also=("report training", "report launch and account progress"),
)
async def report(call: Call) -> str:
    """/上报 [单位] 任务 [数字] [备注]；/上报 撤回 任务。"""
    plan = call.services.context.plan
    words = split_item(call.arguments, plan)
    if words.item is None:
        raise BadInput(render.report_usage(item_names(plan), call.arguments))
    withdraw = "撤回" in words.before
    unit_text = " ".join(word for word in words.before if word != "撤回")
    unit = target_unit(call.services.context, call.actor, words.item.action, unit_text)
    if withdraw:
        await call.services.reporting.withdraw(call.actor, unit, words.item)
        return render.withdrawn(unit.name, words.item)
    numbers, rest = read_numbers(words.after, words.item)
    note = " ".join(rest)[:200]
    return render.reported(await call.services.reporting.report(call.actor, unit, words.item, numbers, note))


@command(
    "审核",
    aliases=("review",),
    action=REVIEW,
    summary="通过或退回下级报的",
    examples=("/审核", "/审核 岳阳县第三中学 初审 通过", "/审核 岳阳县第三中学 初审 退回 缺照片"),
    menu="审核",
)
async def review(call: Call) -> str:
    """/审核 单位 任务 通过 | 退回 原因；光写 /审核 看谁在等。"""
    words = split_item(call.arguments, call.services.context.plan)
    if words.others in ("", "待审", "列表"):
        found = await call.services.progress.waiting(call.actor, words.item)
        return render.waiting(found, in_group=call.in_group)
    everything = [*words.before, *words.after]
    verdicts = [place for place, word in enumerate(everything) if word in (*APPROVE, *RETURN)]
    if words.item is None or not verdicts:
        raise BadInput(render.review_usage())
    place = verdicts[0]
    unit_text, reason = " ".join(everything[:place]), " ".join(everything[place + 1 :])
    if not unit_text:
        raise BadInput(render.review_usage())
    unit = target_unit(call.services.context, call.actor, REVIEW, unit_text)
    approve = everything[place] in APPROVE
    return render.reviewed(
        await call.services.reviewing.review(call.actor, unit, words.item, approve=approve, reason=reason)
    )


@command(
    "进度",
    aliases=("status", "状态"),
    action=STATUS,
    summary="看报送进度",
    examples=("/进度", "/进度 岳阳县", "/进度 岳阳县 初审"),
    menu="报送",
)
async def status(call: Call) -> str:
    """/进度 [单位] [任务]。"""
    words = split_item(call.arguments, call.services.context.plan)
    unit = target_unit(call.services.context, call.actor, STATUS, words.others)
    progress = await call.services.progress.of(call.actor, unit, words.item)
    if isinstance(progress, CityProgress):
        return render.city(progress)
    if isinstance(progress, CountyProgress):
        return render.county(progress)
    return render.school(progress, in_group=call.in_group)


@command(
    "未报",
    aliases=("owing",),
    action=STATUS,
    summary="看谁还没报",
    examples=("/未报", "/未报 初审", "/未报 岳阳县 初审"),
    menu="审核",
)
async def owing(call: Call) -> Reply | str | None:
    """/未报 [单位] [任务] [第几页]；群里只给数，私聊给名单。"""
    page, text = take_page(call.arguments)
    words = split_item(text, call.services.context.plan)
    unit = target_unit(call.services.context, call.actor, STATUS, words.others)
    if unit.kind.is_school and words.item is None:
        return await status(call)
    found = await call.services.progress.owing(call.actor, unit, words.item)
    return render.owing_counts(found) if call.in_group else render.owing_names(found, page)


@command(
    "节点",
    aliases=("milestone",),
    action="ask a question",
    summary="看时间节点；县市区定本县的季报日",
    examples=("/节点", "/节点 季报日 18"),
    menu="问答",
)
async def milestones(call: Call) -> Reply | str:
    """/节点；/节点 季报日 几号 [县市区]。"""
    if call.words[:1] == ["季报日"]:
        return await _county_day(call)
    context = call.services.context
    quarter = quarter_of(context.today(), context.plan.quarterly_rule.day)
    return render.milestones(context.plan.deliverables, context.starts_on, context.today(), quarter)


async def _county_day(call: Call) -> Reply:
    words = call.words[1:]
    digits = [word.rstrip("日号") for word in words if word.rstrip("日号").isdigit()]
    if len(digits) != 1:
        raise BadInput(render.county_day_usage())
    day = int(digits[0])
    rest = " ".join(word for word in words if not word.rstrip("日号").isdigit())
    county = target_unit(call.services.context, call.actor, MILESTONES, rest)
    call.services.milestones.check_county_day(call.actor, county, day)

    async def confirmed(again: Call) -> str:
        await again.services.milestones.set_county_day(again.actor, county, day)
        return render.county_day_set(county.name, day)

    return call.ask_confirmation(render.county_day_prompt(county.name, day), confirmed)


@composes("review_result")
def compose_review_result(outgoing: Outgoing, plan: Plan) -> Parts:
    """审核结果的通知。"""
    return (render.review_result(outgoing.facts, plan),)
