"""审核、按编号批量审核、审核结果的文字。"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.shown_lists import spans
from bot.domain.numbers import numbers_text
from bot.domain.progress_views import Item
from bot.domain.reviewing import Batch, BatchDone, Ready, Reviewed, Skipped
from bot.plan.values import Deliverable, Plan
from storage.obligations import ONCE
from storage.units import Unit

from .paging import Page, page_line
from .wording import period_label

NAMED_COMPLETED = 3


def review_usage() -> str:
    """审核的写法。"""
    return (
        "请写单位、任务和结果，例如：\n/审核 岳阳县第三中学 初审 通过\n"
        "/审核 岳阳县第三中学 初审 退回 缺照片\n"
        "按名单编号一次审几个（私聊）：先发 /审核 看编号，再发 /审核 初审 通过 3-18 20"
    )


def reviewed(done: Reviewed) -> str:
    """审好了。"""
    verdict = "已通过" if done.approved else "已退回"
    lines = [f"{verdict}：{done.unit.name} {done.deliverable.name}"]
    if done.reason:
        lines.append(f"{'说明' if done.approved else '原因'}：{done.reason}")
    return "\n".join([*lines, *_completed(done.completed)])


def _completed(completed: Sequence[tuple[str, str]]) -> list[str]:
    """随之完成的上级任务；同一项完成了好几个单位的只给数。"""
    units: dict[str, list[str]] = defaultdict(list)
    for unit, name in completed:
        units[name].append(unit)
    lines = []
    for name, owners in units.items():
        if len(owners) <= NAMED_COMPLETED:
            lines += [f"{owner}“{name}”随之完成。" for owner in owners]
        else:
            lines.append(f"{len(owners)} 个单位的“{name}”随之完成。")
    return lines


def review_result(facts: Mapping[str, Any], plan: Plan) -> str:
    """告诉上报的人审核结果。"""
    item = plan.deliverable(facts["deliverable"])
    name = item.name if item else facts["deliverable"]
    if facts["period"] != ONCE:
        name = f"{period_label(facts['period'])}季报"
    verdict = "审核通过" if facts["approved"] else "被退回"
    if facts["approved"] and facts["period"] != ONCE:
        verdict = "已备案"
    lines = [f"{facts['unit']} {name}{verdict}。"]
    if facts["reason"]:
        lines.append(f"{'说明' if facts['approved'] else '原因'}：{facts['reason']}")
    if not facts["approved"] and item:
        lines.append(f"改好后重新报：{item.how_to}")
    return "\n".join(lines)


def waiting_count(count: int) -> str:
    """群里只给数。"""
    return f"等你审核的有 {count} 个，名单请私聊我发 /审核" if count else "没有等你审核的。"


def waiting(page: Page[tuple[Unit, Item]], item: Deliverable | None) -> str:
    """等说话人审核的一页。"""
    if not page.total:
        return "没有等你审核的。"
    lines = [f"等你审核的有 {page.total} 个："]
    lines += [f"{number}. {_waiting_line(unit, known)}" for number, (unit, known) in page.rows]
    lines += page_line(page, f"/审核 {item.short}" if item else "/审核")
    return "\n".join([*lines, _waiting_examples(page)])


def _waiting_line(unit: Unit, item: Item) -> str:
    numbers = numbers_text(item.deliverable.numbers, item.obligation.numbers)
    late = "（迟报）" if item.obligation.late else ""
    return f"{unit.name} {item.deliverable.short} {numbers}".rstrip() + late


def _waiting_examples(page: Page[tuple[Unit, Item]]) -> str:
    """怎么审：一次审几个的、审一个的、备案的，用得上的才写。"""
    examples = []
    submissions = [(number, unit, item) for number, (unit, item) in page.rows if item.period == ONCE]
    if submissions:
        _, unit, first = submissions[0]
        short = first.deliverable.short
        examples.append(f"/审核 {unit.name} {short} 通过")
        same = [number for number, _, item in submissions if item.deliverable.key == first.deliverable.key]
        if len(same) > 1:
            examples.append(f"按编号一次审几个 /审核 {short} 通过 {spans(same)}")
    registers = [(unit, item) for _, (unit, item) in page.rows if item.period != ONCE]
    if registers:
        unit, item = registers[0]
        examples.append(f"/备案 {unit.name} {item.period}")
    return "例如：" + "；".join(examples)


def numbers_in_private() -> str:
    """按编号审会列出单位。"""
    return "按编号审会列出单位名单，请私聊我发。"


def which_item_to_review() -> str:
    """名单里有几项任务。"""
    return "这几个编号不是同一项任务，请写明审哪一项，例如：/审核 初审 通过 3-18 20"


def batch_prompt(batch: Batch) -> str:
    """要审的逐个列出来；审不了的说明原因。"""
    verdict = "通过" if batch.approve else "退回"
    lines = [f"将{verdict} {len(batch.ready)} 个单位的{batch.deliverable.name}："]
    lines += [_ready_line(batch, ready) for ready in batch.ready]
    if batch.reason:
        lines.append(f"{'说明' if batch.approve else '退回原因'}：{batch.reason}")
    return "\n".join([*lines, *_skipped_lines(batch.skipped)])


def _ready_line(batch: Batch, ready: Ready) -> str:
    numbers = numbers_text(batch.deliverable.numbers, ready.obligation.numbers)
    late = "（迟报）" if ready.obligation.late else ""
    return f"{ready.pick.number}. {ready.pick.unit.name} {numbers}".rstrip() + late


def _skipped_lines(skipped: Sequence[Skipped]) -> list[str]:
    if not skipped:
        return []
    lines = [f"{one.pick.number}. {one.why}" for one in skipped]
    return [f"不办的 {len(skipped)} 个：", *lines]


def nothing_to_review(batch: Batch) -> str:
    """一个也审不了。"""
    return "\n".join(["这几个都审不了：", *(f"{one.pick.number}. {one.why}" for one in batch.skipped)])


def batch_done(done: BatchDone) -> str:
    """一次审完。"""
    batch = done.batch
    verdict = "已通过" if batch.approve else "已退回"
    if not done.settled:
        return "\n".join(["一个也没有审成：", *_skipped_lines(done.skipped)[1:]])
    first = f"{verdict} {len(done.settled)} 个单位的{batch.deliverable.name}，上报的人会收到通知。"
    return "\n".join([first, *_skipped_lines(done.skipped), *_completed(done.completed)])
