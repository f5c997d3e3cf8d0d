"""检索与三段判断；用真条目。"""

from dataclasses import replace

import pytest

from faq.entries import Entry, load_entries
from faq.retriever import Retriever

ENTRIES = load_entries


@pytest.fixture(scope="module")
def retriever() -> Retriever:
    return Retriever(ENTRIES())


def entry(entry_id: str, question: str, *aliases: str) -> Entry:
    return Entry(entry_id, "x", question, "答复。", "方案", "plan", (), aliases)


def test_every_canonical_question_is_answered_when_mentioned(retriever: Retriever) -> None:
    wrong = {e.id: d for e in ENTRIES() if (d := retriever.decide(e.question)).id != e.id}
    assert wrong == {}


def test_every_canonical_question_is_answered_when_overheard(retriever: Retriever) -> None:
    wrong = {e.id: d for e in ENTRIES() if (d := retriever.decide(e.question, overheard=True)).id != e.id}
    assert wrong == {}


CHATTER = [
    "收到", "好的，谢谢", "明天开会吗", "中午吃什么", "辛苦了", "哈哈哈哈", "早上好", "1", "？？？", "",
    "王老师你在哪个办公室", "下周谁监考", "今天吃了没",
]  # fmt: skip


@pytest.mark.parametrize("text", CHATTER)
@pytest.mark.parametrize("overheard", [False, True])
def test_chatter_is_not_answered(retriever: Retriever, text: str, overheard: bool) -> None:
    assert retriever.decide(text, overheard=overheard).kind == "abstain"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mima 忘了怎么办，我是老师", "accounts.teacher.forgot_password"),
        ("季报几号截止", "quarterly.dates"),
        ("我们有个老师身份证被别校占用了，录不进去", "change.duplicate_id"),
        ("三支一扶的要录吗", "scope.people.sanzhi"),
        ("信管跟系管有啥区别", "roles.sys_vs_info"),
        ("責任書要誰簽名蓋章", "forms.a1.signers"),
    ],
)
def test_real_typing_finds_the_entry(retriever: Retriever, text: str, expected: str) -> None:
    assert retriever.search(text)[0].id == expected


def test_a_phrasing_just_added_to_a_known_entry_answers_with_that_entry(retriever: Retriever) -> None:
    """分类器没学过新问法、挑不出这一条，也不能把别的条目当成一字不差的答复。"""
    known, phrase = retriever.entries["quarterly.to"], "小黄鸭功能在哪"
    added = retriever.with_entry(replace(known, aliases=(*known.aliases, phrase)))
    assert added.decide(phrase).id == known.id


def test_background_does_not_drown_the_question(retriever: Retriever) -> None:
    text = (
        "老师好，我是乡下一所小学刚接手的文员，前面那位同事去年调走了什么都没交代。离退休教职工要不要采集？"
    )
    assert retriever.search(text)[0].id == "scope.people.retired"


def test_suggestions_are_two_or_three_and_only_when_mentioned(retriever: Retriever) -> None:
    text = "密码"
    decision = retriever.decide(text)
    assert decision.kind == "suggest"
    assert 2 <= len(decision.suggestions) <= 3
    assert decision.id is None
    assert retriever.decide(text, overheard=True).suggestions == ()


def test_score_is_a_probability(retriever: Retriever) -> None:
    assert all(0 <= retriever.decide(text).score <= 1 for text in [*CHATTER, "密码忘了"])


def test_why_names_the_phrasing(retriever: Retriever) -> None:
    assert "最像「" in retriever.decide("季报具体哪几天截止").why


def test_new_entry_is_found_at_once(retriever: Retriever) -> None:
    fresh = entry("local.lamp", "操场的路灯坏了找谁修？", "路灯不亮了找哪个")
    grown = retriever.with_entry(fresh)
    assert grown.decide("操场路灯坏了找谁修").id == "local.lamp"
    assert retriever.search("操场路灯坏了找谁修")[0].id != "local.lamp"


def test_changed_entry_replaces_the_old(retriever: Retriever) -> None:
    old = ENTRIES()[0]
    changed = retriever.with_entry(entry(old.id, "操场的路灯坏了找谁修？"))
    assert len(changed.entries) == len(retriever.entries)
    assert changed.entries[old.id].question == "操场的路灯坏了找谁修？"


def test_removed_entry_is_gone(retriever: Retriever) -> None:
    fewer = retriever.without_entry("quarterly.dates")
    assert all(hit.id != "quarterly.dates" for hit in fewer.search("季报几号截止"))


def test_empty_base_abstains() -> None:
    assert Retriever(()).decide("密码忘了").kind == "abstain"


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (["在编的要录吗", "退休的呢"], "scope.people.retired"),
        (["县市区第三步做什么", "第四步呢"], "steps.county.4_training_letter"),
        (["系统管理员要做什么", "培训管理员呢"], "roles.training_admin.duty"),
    ],
)
def test_followup_is_read_with_the_turn_before(retriever: Retriever, turns: list[str], expected: str) -> None:
    decision = retriever.decide_turns(turns)
    assert expected in (decision.id, *decision.suggestions[:1])


def test_complete_last_turn_stands_alone(retriever: Retriever) -> None:
    question = retriever.entries["quarterly.dates"].question
    assert retriever.decide_turns(["责任书几份", question]).id == "quarterly.dates"


def test_chatter_after_a_question_is_not_answered(retriever: Retriever) -> None:
    assert retriever.decide_turns(["季报几号截止", "好的谢谢"], overheard=True).kind == "abstain"


def test_another_matter_is_not_joined_to_the_turn_before(retriever: Retriever) -> None:
    assert retriever.decide_turns(["责任书", "体检报告交给谁"]).kind == "abstain"


def test_the_next_step_follows_the_step_before(retriever: Retriever) -> None:
    assert retriever.decide_turns(["市直第五步建账号", "再往后呢"]).id == "steps.municipal.6_filling"


def test_asking_the_same_again_is_not_a_followup(retriever: Retriever) -> None:
    assert retriever.decide_turns(["体检报告交给谁", "体检报告交给谁"]) == retriever.decide("体检报告交给谁")


def test_no_turns_abstain(retriever: Retriever) -> None:
    assert retriever.decide_turns([]).kind == "abstain"
