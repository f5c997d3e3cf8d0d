"""答案后面与提问人有关的几件事实：下一个截止、本单位报到哪一步、找谁审核、用哪张表。

哪一条附哪种事实写在下面的表里：键是条目编号，或以点结尾的前缀；先认整个编号，再认最长的前缀。
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from bot.domain.askers import Asker
from bot.domain.quarters import Quarter, quarter_of
from bot.plan.values import Deliverable, Plan
from storage.obligations import ONCE, Obligation
from storage.units import Unit
from storage.words import ObligationState, UnitKind

NEXT = "next"  # 五个时间节点里的下一个

# 附截止日的条目 → 方案里的哪一项
DEADLINES: Mapping[str, str] = {
    "deadlines.": NEXT,
    "deadlines.training": "training",
    "deadlines.launch": "launch",
    "deadlines.school_first_review": "first_review",
    "deadlines.admin_review": "bureau_review",
    "deadlines.finish": "finish",
    "deadlines.yearly_update": "quarterly",
    "quarterly.": "quarterly",
    "change.who_fills_register": "quarterly",
    "change.county_route": "quarterly",
    "review.flow": "first_review",
    "review.who_next": "first_review",
    "steps.municipal.overview": NEXT,
    "steps.municipal.7_review": "first_review",
    "steps.municipal.8_update": "quarterly",
    "steps.county.overview": NEXT,
    "steps.county.6_data": "bureau_review",
    "forms.a1.copies": "responsibility_letter",
    "forms.a2.keeping": "commitment",
    "steps.municipal.2_letter": "responsibility_letter",
    "steps.municipal.4_commitment": "commitment",
}
# 附审核单位的条目：找谁审核、报给谁、联系谁
REVIEWERS: Mapping[str, bool] = dict.fromkeys(
    (
        "accounts.admin.forgot_password",
        "accounts.school.issued_by",
        "change.county_route",
        "change.who_fills_register",
        "forms.a1.copies",
        "forms.a2.keeping",
        "quarterly.to",
        "quarterly.who",
        "review.flow",
        "review.rejected_by_upper",
        "review.who_next",
        "roles.handover",
        "steps.municipal.7_review",
        "support.ask_order",
        "support.contact",
    ),
    True,
)
# 用得着空白表的条目 → 附件几
FORMS: Mapping[str, int] = {
    "forms.a1.": 1,
    "forms.a2.": 2,
    "forms.a3.": 3,
    "steps.municipal.2_letter": 1,
    "steps.municipal.4_commitment": 2,
    "steps.municipal.8_update": 3,
    "steps.county.4_training_letter": 1,
    "review.commitment_at_review": 2,
    "change.who_fills_register": 3,
    "quarterly.what": 3,
}

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Due:
    """一件事的截止和本单位现在的状态。

    ``due_on`` 是本单位的，``final_on`` 是全市的（只有县属学校的季报两者不同）；方案没定日期的都为空。
    ``state`` 只在本单位有这件事、又是私聊时有。
    """

    item: Deliverable
    period: str
    due_on: date | None
    final_on: date | None
    state: ObligationState | None = None


@dataclass(frozen=True, slots=True)
class Reviewer:
    """提问人单位的审核单位；``administrators`` 是登记了几位信息管理员，群里不说。"""

    unit: Unit
    administrators: int | None = None


@dataclass(frozen=True, slots=True)
class AskerFacts:
    """一个答案后面要附的事实；没有的为空。"""

    today: date
    due: Due | None = None
    reviewer: Reviewer | None = None
    form: int | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """答这个人时手头的事实：``county_day`` 是他所在县自定的季报日，``obligations`` 是他单位的待办。"""

    asker: Asker
    today: date
    county_day: int | None = None
    obligations: Sequence[Obligation] = ()
    reviewer: Reviewer | None = None


def looked_up(table: Mapping[str, Value], entry_id: str) -> Value | None:
    """表里这一条怎么说；先认整个编号，再认最长的前缀。"""
    if entry_id in table:
        return table[entry_id]
    prefixes = [key for key in table if key.endswith(".") and entry_id.startswith(key)]
    return table[max(prefixes, key=len)] if prefixes else None


def facts_of(entry_id: str, situation: Situation, plan: Plan) -> AskerFacts:
    """这一条后面要附的事实；没核权限，空白表给不给由调用者定。"""
    reviewer = situation.reviewer if looked_up(REVIEWERS, entry_id) else None
    due = _due_of(entry_id, situation, plan)
    return AskerFacts(situation.today, due, reviewer, looked_up(FORMS, entry_id))


def _due_of(entry_id: str, situation: Situation, plan: Plan) -> Due | None:
    key, asker = looked_up(DEADLINES, entry_id), situation.asker
    if key is None:
        return None
    item = _next_item(plan, asker.unit, situation.today) if key == NEXT else plan.deliverable(key)
    if item is None:
        return None
    due = _planned(item, situation, plan)
    known = ((one.deliverable, one.period, one) for one in situation.obligations)
    own = next((one for name, period, one in known if (name, period) == (item.key, due.period)), None)
    if own is not None and own.state is not ObligationState.CANCELLED:
        due = Due(item, due.period, own.due_on, own.final_due_on, state=own.state if asker.private else None)
    return due if due.due_on is not None or due.state is not None else None


def _next_item(plan: Plan, unit: Unit | None, today: date) -> Deliverable:
    """还没过的节点里最近的；节点都过了就是季报。"""
    dated = [item for item in plan.deliverables if item.due is not None and item.due >= today]
    mine = [item for item in dated if unit is None or unit.kind in item.owed_by]
    return min(mine, key=lambda item: item.due or today, default=plan.quarterly)


def _planned(item: Deliverable, situation: Situation, plan: Plan) -> Due:
    if item.cadence != "quarterly":
        return Due(item, ONCE, item.due, item.due)
    rule = plan.quarterly_rule
    quarter = max(Quarter(*rule.first), quarter_of(situation.today, rule.day))
    own_day = rule.day
    if situation.asker.kind is UnitKind.SCHOOL:
        own_day = rule.county_day if situation.county_day is None else situation.county_day
    return Due(item, quarter.key, quarter.due_on(own_day), quarter.due_on(rule.day))
