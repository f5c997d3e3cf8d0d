"""模型帮得上的两样：拿不准时多找候选，答得上时换说法；坏了就当没有，绝不把不知道变成答复。"""

from __future__ import annotations

import asyncio
import json
from array import array
from collections.abc import AsyncIterator, Mapping, Sequence

import pytest

from bot.domain.clock import SimulatedClock
from bot.domain.knowledge_base import KnowledgeBase, Outcome
from bot.domain.model import ModelUnavailable, Vector
from bot.domain.model_help import RETRY, ModelHelp
from bot.domain.services import Services
from faq.entries import Entry
from storage.knowledge import KnowledgeVersion
from tests import stage as cast

RESET = Entry(
    "accounts.reset",
    "accounts",
    "忘记密码怎么办？",
    "找本校系统管理员重置。",
    "方案",
    "plan",
    (),
    ("密码忘了",),
)
RETIRED = Entry(
    "scope.retired", "scope", "离退休教职工要录吗？", "不用录。", "方案", "plan", (), ("退休老师录不录",)
)
FORM = Entry("forms.a3", "forms", "附件3填几份？", "填一份。", "方案", "plan", (), ("登记表填几份",))
# 一个条目一个方向
DIRECTIONS = {"密码": 0, "退": 1, "份": 2}


class Model:
    """听话的模型；``fault`` 设了就坏，``hold`` 设了就等它放行。"""

    def __init__(self) -> None:
        self.words = self.embeds = True
        self.dimensions = 4
        self.reply = ""
        self.asked: list[str] = []
        self.embedded: list[str] = []
        self.fault: Exception | None = None
        self.hold: asyncio.Event | None = None
        self.closed = False

    async def chat(self, system: str, user: str) -> str:
        self.asked.append(user)
        if self.fault:
            raise self.fault
        return self.reply

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        if self.hold:
            await self.hold.wait()
        if self.fault:
            raise self.fault
        self.embedded += texts
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> Vector:
        place = next((place for word, place in DIRECTIONS.items() if word in text), 3)
        return array("f", [2.0 if one == place else 0.1 for one in range(self.dimensions)])

    async def close(self) -> None:
        self.closed = True


class Store:
    """放在内存里的向量。"""

    def __init__(self) -> None:
        self.vectors: dict[str, Vector] = {}
        self.saved = 0

    def load(self) -> dict[str, Vector]:
        return dict(self.vectors)

    def save(self, vectors: Mapping[str, Vector]) -> None:
        self.vectors = dict(vectors)
        self.saved += 1


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def knowledge(services: Services) -> KnowledgeBase:
    return KnowledgeBase((RESET, RETIRED, FORM), services.context.plan.contact)


@pytest.fixture
async def help_(
    services: Services, knowledge: KnowledgeBase, model: Model, store: Store
) -> AsyncIterator[ModelHelp]:
    made = ModelHelp(services.context, knowledge, model, store)
    yield made
    await made.close()


@pytest.fixture
async def ready(help_: ModelHelp) -> ModelHelp:
    """条目的向量都算好了。"""
    help_.start()
    await help_.settle()
    return help_


def reply(text: str, *ids: str) -> str:
    return json.dumps({"ids": ids, "text": text})


# ---- 候选


async def test_what_is_not_known_becomes_choices_and_never_an_answer(ready: ModelHelp) -> None:
    outcome = await ready.widened("登录的密码想不起了", Outcome())
    assert outcome == Outcome(suggestions=(RESET,))


async def test_choices_are_put_in_a_better_order_and_completed(ready: ModelHelp) -> None:
    outcome = await ready.widened("要交几份材料", Outcome(suggestions=(RESET, RETIRED)))
    assert outcome == Outcome(suggestions=(RESET, FORM, RETIRED))
    outcome = await ready.widened("离退休的人怎么办", Outcome(suggestions=(RESET, RETIRED)))
    assert outcome == Outcome(suggestions=(RETIRED, RESET))


async def test_an_answer_is_left_alone(ready: ModelHelp, model: Model) -> None:
    before = list(model.embedded)
    assert await ready.widened("登录的密码想不起了", Outcome(entry=RETIRED)) == Outcome(entry=RETIRED)
    assert model.embedded == before


async def test_what_is_like_nothing_stays_unknown(ready: ModelHelp) -> None:
    assert await ready.widened("今天食堂吃什么", Outcome()) == Outcome()


async def test_a_few_characters_are_too_short_to_compare(ready: ModelHelp, model: Model) -> None:
    before = list(model.embedded)
    assert await ready.widened("密码", Outcome()) == Outcome()
    assert model.embedded == before


async def test_until_the_vectors_are_ready_everything_is_as_before(help_: ModelHelp, model: Model) -> None:
    model.hold = asyncio.Event()
    outcome = await asyncio.wait_for(help_.widened("登录的密码想不起了", Outcome()), 0.5)
    assert outcome == Outcome()
    model.hold.set()
    await help_.settle()
    assert (await help_.widened("登录的密码想不起了", Outcome())).suggestions == (RESET,)


async def test_a_question_asked_again_is_not_computed_again(ready: ModelHelp, model: Model) -> None:
    for _ in range(3):
        await ready.widened("登录的密码想不起了", Outcome())
    assert model.embedded.count("登录的密码想不起了") == 1


async def test_entries_are_computed_once_and_kept(
    services: Services, knowledge: KnowledgeBase, ready: ModelHelp, store: Store
) -> None:
    assert store.saved == 1
    again = Model()
    other = ModelHelp(services.context, knowledge, again, store)
    other.start()
    await other.settle()
    assert again.embedded == []
    assert (await other.widened("登录的密码想不起了", Outcome())).suggestions == (RESET,)
    await other.close()


async def test_a_changed_entry_is_the_only_one_computed_again(
    knowledge: KnowledgeBase, ready: ModelHelp, model: Model, store: Store
) -> None:
    before = len(model.embedded)
    content = {
        "topic": "forms",
        "question": "登记表交几份？",
        "answer": "一份。",
        "basis": "方案",
        "certainty": "plan",
    }
    knowledge.apply([KnowledgeVersion("forms.a3", 1, content, cast.CITY_ADMIN, cast.START)])
    ready.start()
    await ready.settle()
    assert model.embedded[before:] == ["登记表交几份？"]
    found = (await ready.widened("要交几份材料", Outcome())).suggestions
    assert [entry.question for entry in found] == ["登记表交几份？"]
    assert len(store.vectors) == 5


async def test_a_deleted_entry_is_never_offered(knowledge: KnowledgeBase, ready: ModelHelp) -> None:
    knowledge.apply([KnowledgeVersion("forms.a3", 1, {}, cast.CITY_ADMIN, cast.START)])
    assert await ready.widened("要交几份材料", Outcome()) == Outcome()


async def test_a_model_that_changes_its_dimensions_is_computed_anew(
    ready: ModelHelp, model: Model, clock: SimulatedClock
) -> None:
    model.dimensions = 8
    assert await ready.widened("登录的密码想不起了", Outcome()) == Outcome()
    await ready.widened("登录的密码想不起了", Outcome())
    await ready.settle()
    assert (await ready.widened("登录的密码想不起了", Outcome())).suggestions == (RESET,)


async def test_after_a_failure_the_vectors_wait_a_while(
    help_: ModelHelp, model: Model, clock: SimulatedClock
) -> None:
    model.fault = ModelUnavailable("HTTP 500")
    help_.start()
    await help_.settle()
    model.fault = None
    help_.start()
    await help_.settle()
    assert model.embedded == []
    clock.set(clock.now() + RETRY)
    help_.start()
    await help_.settle()
    assert len(model.embedded) == 6


@pytest.mark.parametrize("fault", [ModelUnavailable("超时"), RuntimeError("身份证430602"), ValueError("x")])
async def test_a_broken_model_changes_nothing(
    ready: ModelHelp, model: Model, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    model.fault = fault
    suggested = Outcome(suggestions=(RETIRED, RESET))
    assert await ready.widened("登录的密码想不起了", suggested) == suggested
    assert await ready.worded("密码想不起了咋弄", RESET) is RESET
    assert "430602" not in caplog.text


# ---- 说法


async def test_a_wording_keeps_number_and_basis(ready: ModelHelp, model: Model) -> None:
    model.reply = reply("忘记密码，就找本校系统管理员重置。", RESET.id)
    found = await ready.worded("密码想不起了咋弄", RESET)
    assert (found.id, found.basis) == (RESET.id, RESET.basis)
    assert found.answer == "忘记密码，就找本校系统管理员重置。"


@pytest.mark.parametrize("text", ["找本校信息管理员重置。", "不找本校系统管理员重置。", "", "http://a.cn"])
async def test_a_wording_that_is_not_trusted_is_dropped(
    ready: ModelHelp, model: Model, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot")
    model.reply = reply(text, RESET.id)
    assert await ready.worded("密码想不起了咋弄", RESET) is RESET
    assert "没有采用" in caplog.text
    assert not text or text not in caplog.text


async def test_the_standard_question_needs_no_other_wording(ready: ModelHelp, model: Model) -> None:
    assert await ready.worded("忘记密码怎么办", RESET) is RESET
    assert model.asked == []


async def test_what_says_who_asks_is_not_sent(ready: ModelHelp, model: Model) -> None:
    said = "岳阳县第三中学王丽老师13812345678 QQ 1234567 密码忘了，县一中的也忘了"
    await ready.worded(said, RESET)
    await ready.widened(said, Outcome())
    [question] = [json.loads(user)["question"] for user in model.asked]
    for sent in (question, model.embedded[-1]):
        for private in ("第三中学", "王丽", "138", "1234567", "县一中"):
            assert private not in sent
        assert "密码忘了" in sent


# ---- 关与开


async def test_either_use_may_be_left_out(ready: ModelHelp, model: Model) -> None:
    model.words = model.embeds = False
    before = list(model.embedded)
    assert await ready.worded("密码想不起了咋弄", RESET) is RESET
    assert await ready.widened("登录的密码想不起了", Outcome()) == Outcome()
    assert (model.asked, model.embedded) == ([], before)


async def test_closing_stops_the_work_in_the_background(
    services: Services, knowledge: KnowledgeBase, model: Model, store: Store
) -> None:
    model.hold = asyncio.Event()
    helper = ModelHelp(services.context, knowledge, model, store)
    helper.start()
    await asyncio.sleep(0.05)
    await asyncio.wait_for(helper.close(), 2)
    assert model.closed
    helper.start()
    assert await helper.widened("登录的密码想不起了", Outcome()) == Outcome()
    assert model.embedded == []


async def test_without_a_model_answering_is_as_before(services: Services) -> None:
    assert services.answering.model is None
    assert await services.answering.worded("密码想不起了咋弄", RESET) is RESET
    unsure = Outcome(suggestions=(RESET,))
    assert await services.answering.widened("登录的密码想不起了", unsure) is unsure
