"""不连 QQ 的活：离线问答、名册、邀请码、提醒预览、核对日志；命令行调用，参数进、值出。"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from bot.assembly import open_services, read_plan
from bot.chat.answer_card import fact_lines, with_lines
from bot.documents.roster_sheet import roster_csv, roster_xlsx
from bot.domain.answering import judge
from bot.domain.asker_facts import Situation, facts_of
from bot.domain.askers import Asker
from bot.domain.clock import SystemClock, local_day
from bot.domain.errors import BadInput
from bot.domain.knowledge_base import KnowledgeBase
from bot.domain.registration import IssuedInvite
from bot.domain.reminder_control import Foreseen
from bot.domain.roster import roster_lines
from bot.domain.sample_roster import sample_units
from bot.plan.values import Plan
from bot.settings import Settings, load_settings
from faq.batch import answer_lines
from faq.entries import Entry, load_entries
from storage.words import Channel, Role, UnitKind


def _knowledge() -> KnowledgeBase:
    return KnowledgeBase(load_entries(), read_plan(load_settings()).contact)


@dataclass(frozen=True, slots=True)
class OfflineDesk:
    """离线答问的桌子；``situation`` 是提问人和日子，没给就只看知识库。"""

    knowledge: KnowledgeBase
    plan: Plan
    situation: Situation | None = None

    def answers(self, lines: Iterable[dict[str, Any]], *, overheard: bool) -> Iterator[dict[str, Any]]:
        """一问一个判断。"""
        situation = self.situation
        if situation is None:
            render, decide = self.knowledge.card, None
        else:
            render = partial(self._card, situation)
            decide = partial(judge, self.knowledge, situation.asker, overheard=overheard)
        return answer_lines(lines, self.knowledge.retriever, overheard=overheard, render=render, judge=decide)

    def _card(self, situation: Situation, entry: Entry) -> str:
        facts = facts_of(entry.id, situation, self.plan)
        lines = fact_lines(facts, situation.asker, self.plan.contact)
        return with_lines(self.knowledge.card(entry), lines, in_group=False)


async def asked_by(unit: str | None, role: str | None, at: date | None) -> Situation | None:
    """--at、--unit、--role 说的是谁、哪一天；一样也没给返回 None。单位要在导入过的名册里。"""
    if unit is None and role is None and at is None:
        return None
    named = Role.named(role) if role is not None else None
    if role is not None and named is None:
        raise BadInput(f"没有“{role}”这种角色，请写：" + "、".join(word.value for word in Role))
    roles = frozenset({named} if named else ())
    today = at or local_day(SystemClock().now())
    if unit is None:
        return Situation(Asker(roles=roles), today)
    if not unit.strip():
        raise BadInput("--unit 是空的，请写单位代码")
    async with open_services(load_settings(), SystemClock()) as services:
        found = services.context.directory.tree.find(unit)
        asker = Asker(found, roles, private=bool(roles))
        return replace(await services.answering.situation(asker), today=today)


def offline_desk(situation: Situation | None = None) -> OfflineDesk:
    """摆好桌子。"""
    return OfflineDesk(_knowledge(), read_plan(load_settings()), situation)


def answer_batch(
    source: str, *, overheard: bool, situation: Situation | None = None
) -> Iterator[dict[str, Any]]:
    """成批回答；``source`` 是 JSONL 全文。"""
    yield from offline_desk(situation).answers(_json_lines(source), overheard=overheard)


def _json_lines(source: str) -> Iterator[dict[str, Any]]:
    # 只认换行：问题里可能有 U+2028 之类别的分行符，splitlines 会把一行切成两行
    for number, line in enumerate(source.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except ValueError as error:
            raise BadInput(f'第 {number} 行不是 JSON，请写成 {{"q": "问题"}}') from error


def answer_one(
    text: str, *, overheard: bool, situation: Situation | None = None
) -> tuple[dict[str, Any], str]:
    """回答一个问题：机器格式和给人看的文字。"""
    desk = offline_desk(situation)
    record = next(desk.answers([{"q": text}], overheard=overheard))
    if record["decision"] == "answer":
        return record, str(record["answer"])
    if record["decision"] == "suggest":
        choices = [
            f"{n}. {desk.knowledge.entry(known).question}" for n, known in enumerate(record["suggestions"], 1)
        ]
        return record, "\n".join(["你是不是想问：", *choices])
    return record, "知识库里没有这个问题的答案。"


def write_sample_roster(file: Path) -> int:
    """写样例名册，返回单位个数。"""
    units = sample_units()
    lines = roster_lines(units)
    content = (
        roster_csv(lines) if file.suffix.lower() == ".csv" else roster_xlsx(lines, sheet_name="样例名册")
    )
    file.write_bytes(content)
    return len(units)


async def import_roster(file: Path, settings: Settings | None = None) -> Counter[UnitKind]:
    """导入名册文件，返回各类单位个数。"""
    content = file.read_bytes()
    async with open_services(settings or load_settings(), SystemClock()) as services:
        return await services.roster.save(services.roster.check(content, file.name))


async def export_roster(file: Path) -> int:
    """导出名册，返回单位个数。"""
    async with open_services(load_settings(), SystemClock()) as services:
        file.write_bytes(services.roster.export(file.name))
        return len(services.context.directory.tree)


async def issue_invite(unit: str, role: str, *, force: bool) -> IssuedInvite:
    """在命令行发一张邀请码。"""
    named = Role.named(role)
    if named is None:
        raise BadInput(f"没有“{role}”这种角色，请写：" + "、".join(word.value for word in Role))
    async with open_services(load_settings(), SystemClock()) as services:
        found = services.context.directory.tree.find(unit)
        return await services.registration.issue_from_command_line(found, named, force=force)


async def preview_reminders(start: date, end: date) -> list[dict[str, Any]]:
    """这段日子会发出的每一条提醒；还没启用过就当作从 ``start`` 起启用。"""
    async with open_services(load_settings(), SystemClock(), assumed_start=start) as services:
        found = await services.reminder_control.foresee(start, end)
    return [_record(one) for one in found]


def _record(one: Foreseen) -> dict[str, Any]:
    channels = [Channel.GROUP.value] if one.groups else []
    channels += [Channel.PRIVATE.value] if one.administrators else []
    due = one.duty.due_on
    reason = f"{one.unit.name}的{one.deliverable.name}{one.state.label}，{one.step.label}"
    return {
        "at": one.at.isoformat(),
        "date": local_day(one.at).isoformat(),
        "milestone": one.deliverable.key,
        "milestone_name": one.deliverable.name,
        "period": one.duty.period,
        "step": one.step.key,
        "due": due.isoformat() if due else None,
        "final_due": one.duty.final_due_on.isoformat() if one.duty.final_due_on else None,
        "unit": one.unit.code,
        "unit_name": one.unit.name,
        "unit_kind": one.unit.kind.value,
        "owed_to": one.duty.receiver_code,
        "channels": channels,
        "groups": list(one.groups),
        "administrators": list(one.administrators),
        "reason": reason if one.administrators else f"{reason}；未分配管理员，列给审核单位",
    }


def reminders_text(records: list[dict[str, Any]]) -> str:
    """给人看的预览：一次一行，附单位数。"""
    runs: Counter[tuple[str, str, str, str]] = Counter()
    for record in records:
        label = record["reason"].split("，")[1].split("；")[0]
        runs[(record["at"][:16].replace("T", " "), record["milestone_name"], record["due"], label)] += 1
    lines = [
        f"{at}  {name}（{due} 截止，{label}）  {units} 个单位"
        for (at, name, due, label), units in runs.items()
    ]
    return "\n".join([*lines, f"共 {len(records)} 条"])


async def verify_audit() -> int | None:
    """核对操作日志，返回第一处对不上的行号。"""
    async with (
        open_services(load_settings(), SystemClock()) as services,
        services.context.database.read() as stores,
    ):
        return await stores.audit.first_broken()
