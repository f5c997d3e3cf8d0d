"""变体：同一个问题按提问人的身份给不同的条目；不知道是谁、话里点明了是谁，就照检索的来。"""

from __future__ import annotations

import pytest

from bot.domain.askers import Asker
from bot.domain.variants import VARIANTS, fitted
from faq.entries import load_entries
from faq.retriever import ABSTAIN, ANSWER, SUGGEST, Decision
from storage.units import Unit
from storage.words import Role
from tests.stage import CITY, COUNTY, MUNICIPAL, THIRD

IDS = {entry.id for entry in load_entries()}
INFO = frozenset({Role.INFO_ADMIN})
THIRD_STEP = (("steps.municipal.3_basic", 10.0), ("steps.county.3_accounts", 9.0), ("import.failed", 4.0))
PASSWORD = (("accounts.teacher.forgot_password", 14.0), ("accounts.admin.forgot_password", 13.0))


def answer(entry_id: str) -> Decision:
    return Decision(ANSWER, entry_id, (), 0.9, "像")


def suggest(*ids: str) -> Decision:
    return Decision(SUGGEST, None, ids, 0.4, "几条相近")


def chosen(decision: Decision, ranked: tuple, said: str, asker: Asker) -> str | tuple[str, ...]:
    found = fitted(decision, ranked, said, asker)
    return found.id if found.id is not None else found.suggestions


def admin_of(unit: Unit | None) -> Asker:
    return Asker(unit, INFO)


def test_every_entry_of_a_variant_exists() -> None:
    assert {one for variant in VARIANTS for one in variant.readers} - IDS == set()


@pytest.mark.parametrize(
    ("unit", "entry_id"),
    [(MUNICIPAL, "steps.municipal.3_basic"), (COUNTY, "steps.county.3_accounts")],
)
def test_two_candidates_that_differ_only_in_the_reader_are_settled_by_the_asker(
    unit: Unit, entry_id: str
) -> None:
    decision = suggest("steps.municipal.3_basic", "steps.county.3_accounts", "import.failed")
    assert chosen(decision, THIRD_STEP, "第三步做什么", admin_of(unit)) == entry_id


def test_an_answer_for_other_readers_is_replaced() -> None:
    found = fitted(answer("steps.county.3_accounts"), THIRD_STEP, "第三步做什么", admin_of(MUNICIPAL))
    assert (found.kind, found.id, found.score) == (ANSWER, "steps.municipal.3_basic", 0.9)


@pytest.mark.parametrize(
    ("asker", "said"),
    [
        (Asker(), "第三步做什么"),
        (admin_of(THIRD), "第三步做什么"),
        (admin_of(CITY), "第三步做什么"),
        (admin_of(None), "第三步做什么"),
        (admin_of(COUNTY), "市直学校第三步做什么"),
    ],
    ids=["unknown", "county school", "city", "role only", "said plainly"],
)
def test_otherwise_the_retrievers_answer_stands(asker: Asker, said: str) -> None:
    assert chosen(answer("steps.municipal.3_basic"), THIRD_STEP, said, asker) == "steps.municipal.3_basic"


def test_a_counterpart_that_hardly_fits_the_words_is_not_taken() -> None:
    ranked = (("steps.county.3_accounts", 12.0), ("steps.municipal.3_basic", 5.0))
    decision = answer("steps.county.3_accounts")
    assert chosen(decision, ranked, "学校账户怎么发", admin_of(MUNICIPAL)) == "steps.county.3_accounts"


def test_a_third_candidate_as_good_leaves_the_choice_to_the_asker() -> None:
    ranked = (*THIRD_STEP[:2], ("forms.a2.keeping", 8.5))
    decision = suggest("steps.municipal.3_basic", "steps.county.3_accounts", "forms.a2.keeping")
    assert chosen(decision, ranked, "那要几份", admin_of(MUNICIPAL)) == decision.suggestions


@pytest.mark.parametrize(
    ("asker", "said", "entry_id"),
    [
        (Asker(), "忘记密码怎么办", "accounts.teacher.forgot_password"),
        (Asker(THIRD), "忘记密码怎么办", "accounts.teacher.forgot_password"),
        (admin_of(THIRD), "忘记密码怎么办", "accounts.admin.forgot_password"),
        (admin_of(COUNTY), "忘记密码怎么办", "accounts.admin.forgot_password"),
        (admin_of(None), "忘记密码怎么办", "accounts.admin.forgot_password"),
        (admin_of(THIRD), "有个老师忘记密码怎么办", "accounts.teacher.forgot_password"),
    ],
)
def test_teachers_and_administrators_reset_passwords_differently(
    asker: Asker, said: str, entry_id: str
) -> None:
    assert chosen(answer("accounts.teacher.forgot_password"), PASSWORD, said, asker) == entry_id


@pytest.mark.parametrize(
    ("unit", "entry_id"),
    [(THIRD, "forms.a1.copies"), (MUNICIPAL, "forms.a1.copies"), (COUNTY, "steps.county.4_training_letter")],
)
def test_where_the_letter_goes_depends_on_the_level(unit: Unit, entry_id: str) -> None:
    ranked = (
        ("steps.county.4_training_letter", 12.5),
        ("forms.a1.copies", 11.4),
        ("steps.municipal.2_letter", 9.3),
    )
    decision = answer("steps.county.4_training_letter")
    assert chosen(decision, ranked, "责任书放哪里保管", admin_of(unit)) == entry_id


def test_nothing_found_stays_nothing() -> None:
    nothing = Decision(ABSTAIN, None, (), 0.1, "没有")
    assert fitted(nothing, THIRD_STEP, "第三步做什么", admin_of(MUNICIPAL)) is nothing
