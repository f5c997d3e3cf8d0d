"""同一个问题、不同的人该看不同的条目：市直学校与县市区的步骤、老师与管理员忘了密码……

变体是一张表；只有知道提问人是谁、他的话里又没点明说的是谁，才按他的身份换。
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.askers import Asker
from faq.retriever import ABSTAIN, ANSWER, SUGGEST, Decision
from storage.words import UnitKind

# 换成的那一条，得分至少要有第一名的这么多
CLOSE = 0.6
# 两名候选只差身份：别的候选得分不到第二名的这么多
APART = 0.87

TEACHER = frozenset[UnitKind]()  # 写给没登记的老师
CITY = frozenset({UnitKind.CITY})
COUNTY = frozenset({UnitKind.COUNTY})
MUNICIPAL = frozenset({UnitKind.MUNICIPAL_SCHOOL})
COUNTY_SCHOOL = frozenset({UnitKind.SCHOOL})
SCHOOLS = MUNICIPAL | COUNTY_SCHOOL
EVERYONE = frozenset(UnitKind)

# 话里点明了说的是谁，就不看提问的人
SAYS_LEVEL = re.compile("县|市直|市属|区里|各区")
SAYS_WHO = re.compile("老师|教师|教职工|职工|自助|同事|他|她|人家|本人|别人|管理员")
SAYS_REVIEWER = re.compile("县|市|学校|校级|初审|教育局|教体局|行政部门|主管")


@dataclass(frozen=True, slots=True)
class Variant:
    """一组变体：条目编号 → 写给谁的；``said`` 命中就是话里点明了。"""

    readers: Mapping[str, frozenset[UnitKind]]
    said: re.Pattern[str]


def _step(municipal: str, county: str) -> Variant:
    readers = {f"steps.municipal.{municipal}": MUNICIPAL, f"steps.county.{county}": COUNTY}
    return Variant(readers, SAYS_LEVEL)


VARIANTS = (
    _step("overview", "overview"),
    _step("1_group", "1_group"),
    _step("2_letter", "2_plan"),
    _step("3_basic", "3_accounts"),
    _step("4_commitment", "4_training_letter"),
    _step("5_accounts", "5_qq_group"),
    _step("6_filling", "6_data"),
    # 责任书、承诺表、登记表各交到哪里
    Variant(
        {
            "forms.a1.copies": EVERYONE,
            "steps.municipal.2_letter": MUNICIPAL,
            "steps.county.4_training_letter": COUNTY,
        },
        SAYS_LEVEL,
    ),
    Variant({"forms.a2.keeping": EVERYONE, "steps.municipal.4_commitment": MUNICIPAL}, SAYS_LEVEL),
    Variant(
        {
            "change.county_route": COUNTY_SCHOOL | COUNTY,
            "change.who_fills_register": EVERYONE,
            "steps.municipal.8_update": MUNICIPAL,
        },
        SAYS_LEVEL,
    ),
    # 审核：报给谁、什么时候审完、被退回怎么办
    Variant({"review.who_next": EVERYONE, "steps.municipal.7_review": MUNICIPAL}, SAYS_LEVEL),
    Variant(
        {"deadlines.school_first_review": SCHOOLS, "deadlines.admin_review": COUNTY | CITY}, SAYS_REVIEWER
    ),
    Variant({"self.returned": TEACHER, "review.rejected_by_upper": SCHOOLS}, SAYS_WHO),
    # 账号：忘了密码、从哪里领
    Variant(
        {"accounts.teacher.forgot_password": TEACHER, "accounts.admin.forgot_password": EVERYONE}, SAYS_WHO
    ),
    Variant({"accounts.teacher.obtain": TEACHER, "accounts.school.issued_by": SCHOOLS}, SAYS_WHO),
)


def suits(readers: frozenset[UnitKind], asker: Asker) -> bool:
    """写给这些人的一条，合不合适这个提问人；只知道角色、不知道单位的，只认写给所有管理员的。"""
    if not asker.roles and readers == TEACHER:
        return True
    return asker.kind in readers if asker.kind is not None else readers == EVERYONE


def fitted(decision: Decision, ranked: Sequence[tuple[str, float]], said: str, asker: Asker) -> Decision:
    """按提问人的身份换一条：不合适的换成合适的，两名候选只差身份就定下来；不用换就是原来的。

    ``ranked`` 是检索排好的编号和得分，``said`` 是他说的话（连前文）。
    """
    if not asker.is_known or decision.kind == ABSTAIN:
        return decision
    found = [decision.id] if decision.id is not None else list(decision.suggestions)
    for variant in _about(found[0], said):
        if decision.kind == SUGGEST and not _differs_only_in_reader(variant, ranked):
            continue
        if decision.kind == ANSWER and suits(variant.readers[found[0]], asker):
            return decision
        chosen = _closest(variant, ranked, asker)
        if chosen is not None:
            return Decision(ANSWER, chosen, (), decision.score, f"{decision.why}；按提问人的身份选")
    return decision


def _differs_only_in_reader(variant: Variant, ranked: Sequence[tuple[str, float]]) -> bool:
    inside = [score for entry_id, score in ranked if entry_id in variant.readers]
    outside = [score for entry_id, score in ranked if entry_id not in variant.readers]
    return len(inside) > 1 and max(outside, default=0.0) <= APART * inside[1]


def has_variants(entry_id: str) -> bool:
    """这一条有没有别的人该看的变体。"""
    return any(entry_id in variant.readers for variant in VARIANTS)


def _about(entry_id: str, said: str) -> Iterator[Variant]:
    return (
        variant for variant in VARIANTS if entry_id in variant.readers and variant.said.search(said) is None
    )


def _closest(variant: Variant, ranked: Sequence[tuple[str, float]], asker: Asker) -> str | None:
    best = ranked[0][1] if ranked else 0.0
    for entry_id, score in ranked:
        readers = variant.readers.get(entry_id)
        if readers is not None and suits(readers, asker) and score >= CLOSE * best:
            return entry_id
    return None
