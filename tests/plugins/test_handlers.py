"""不经 NoneBot、不连 QQ：一句话直接交给 Router，看回什么；服务和库文件是真的。"""

from __future__ import annotations

import asyncio
import itertools
import logging
from datetime import timedelta

import pytest

from bot.chat.call import Call
from bot.chat.messages import Incoming, Reply
from bot.chat.registry import Command, Registry
from bot.chat.router import SORRY, Chain, Router
from bot.domain.actor import Place, PlaceKind
from bot.domain.clock import SimulatedClock
from bot.domain.errors import BadInput
from bot.domain.services import Services
from storage.groups import Group
from storage.words import AnswerMode, Role
from tests.stage import COUNTY_GROUP, TEACHER, THIRD, THIRD_ADMIN

pytestmark = pytest.mark.usefixtures("shell")
FRIEND = Place(PlaceKind.FRIEND)
GROUP = Place(PlaceKind.GROUP, COUNTY_GROUP)
_numbers = itertools.count(1)


@pytest.fixture
async def ready(services: Services) -> Services:
    """县三中的信息管理员登记了，县群绑定了。"""
    context = services.context
    async with context.database.write() as stores:
        await stores.people.enlist(
            THIRD_ADMIN, THIRD.code, Role.INFO_ADMIN, "王样例", "13800000003", context.now()
        )
        await stores.groups.save(
            Group(COUNTY_GROUP, "YY04", AnswerMode.MENTION, None, None, 10002, context.now())
        )
    await context.directory.reload(context.database)
    return services


async def _nothing(_message_id: str) -> str:
    return ""


def _message(text: str, qq: int = THIRD_ADMIN, place: Place = FRIEND, *, number: int = 0) -> Incoming:
    number = number or next(_numbers)
    return Incoming(f"99999:{number}", qq, place, text, to_me=place.is_private)


async def _say(router: Router, text: str, qq: int = THIRD_ADMIN, place: Place = FRIEND) -> str | None:
    reply = await router.handle(_message(text, qq, place), _nothing)
    return reply.text if reply else None


def _registry(*commands: tuple[str, object]) -> Registry:
    """只有这几条命令的登记处，权限借用人人可做的那一行。"""
    registry = Registry()
    for name, handler in commands:
        registry.add(Command(name, (), "ask a question", "样例命令", (f"/{name}",), "问答", handler))  # type: ignore[arg-type]
    return registry


async def test_real_handlers_need_no_nonebot(ready: Services) -> None:
    router = Router(ready)
    assert await _say(router, "/上报 责任书") == "已上报：岳阳县第三中学 人员责任书\n等岳阳县审核。"
    assert (await _say(router, "/我的") or "").endswith("· 待审核：责任书")


async def test_confirmation_gets_the_files(ready: Services) -> None:
    router = Router(ready)
    await _say(router, "/登记表")
    reply = await router.handle(_message("“确认”。"), _nothing)
    assert reply is not None
    assert [file.name.rsplit(".", 1)[1] for file in reply.files] == ["docx", "xlsx"]


async def test_confirmation_belongs_to_the_place_it_was_asked_in(ready: Services) -> None:
    router = Router(ready)
    await _say(router, "/登记表")
    assert await _say(router, "确认", place=GROUP) is None
    assert (await _say(router, "确认") or "").startswith("岳阳县第三中学 2017年第一季度更新登记表")


async def test_confirmation_long_forgotten_is_an_ordinary_word(
    ready: Services, clock: SimulatedClock
) -> None:
    router = Router(ready)
    await _say(router, "/登记表")
    clock.set(clock.now() + timedelta(hours=13))
    assert await _say(router, "确认") == "没有等你确认的操作，可能已经办完或过时，请重新发命令。"


async def test_rights_are_looked_at_again_when_confirming(ready: Services) -> None:
    """等确认的时候被停用了，就办不成。"""
    router = Router(ready)
    await _say(router, "/登记表")
    ready.context.directory._by_qq.clear()
    assert (await _say(router, "确认") or "").startswith("你担任的角色变了")


async def test_same_message_id_is_handled_once(ready: Services) -> None:
    router = Router(ready)
    first = await router.handle(_message("/节点", number=77), _nothing)
    second = await router.handle(_message("/节点", number=77), _nothing)
    assert first is not None
    assert second is None


async def test_guard_comes_before_commands(ready: Services) -> None:
    done = []

    async def handler(_call: Call) -> str:
        done.append("command")
        return "做了"

    chain = Chain()

    @chain.guard
    async def guard(call: Call) -> Reply | None:
        return Reply("拦下", recall=True) if "危险" in call.arguments else None

    router = Router(ready, _registry(("做", handler)), chain)
    reply = await router.handle(_message("/做 危险"), _nothing)
    assert reply == Reply("拦下", recall=True)
    assert done == []
    assert await _say(router, "/做 平常") == "做了"


async def test_refusal_becomes_its_sentence(ready: Services) -> None:
    async def handler(_call: Call) -> str:
        raise BadInput("请这样写：/做 一")

    assert await _say(Router(ready, _registry(("做", handler)), Chain()), "/做 二") == "请这样写：/做 一"


async def test_unexpected_error_becomes_an_apology_without_the_text(
    ready: Services, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(call: Call) -> str:
        raise RuntimeError(call.arguments)

    router = Router(ready, _registry(("做", handler)), Chain())
    with caplog.at_level(logging.DEBUG):
        assert await _say(router, "/做 姓名欧阳样例") == SORRY
    assert "RuntimeError" in caplog.text
    assert "欧阳样例" not in caplog.text


async def test_error_does_not_spoil_the_next_message(ready: Services) -> None:
    async def handler(call: Call) -> str:
        return str(1 // int(call.arguments))

    router = Router(ready, _registry(("除", handler)), Chain())
    assert await _say(router, "/除 0") == SORRY
    assert await _say(router, "/除 1") == "1"


async def test_messages_of_one_person_wait_for_each_other(ready: Services) -> None:
    order: list[str] = []

    async def handler(call: Call) -> str:
        order.append(f"{call.arguments} 开始")
        await asyncio.sleep(0.05)
        order.append(f"{call.arguments} 完成")
        return "好"

    router = Router(ready, _registry(("做", handler)), Chain())
    await asyncio.gather(_say(router, "/做 一"), _say(router, "/做 二"))
    assert order == ["一 开始", "一 完成", "二 开始", "二 完成"]


async def test_messages_of_one_person_wait_however_many_people_speak(
    ready: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """前一条刚办完、下一条还没拿到锁的一瞬间又来一条，也要排队。"""
    monkeypatch.setattr("bot.chat.router.REMEMBERED_MESSAGES", 0)
    running: list[str] = []
    together: list[int] = []

    async def handler(call: Call) -> str:
        running.append(call.arguments)
        together.append(len(running))
        await asyncio.sleep(0.02)
        running.remove(call.arguments)
        return "好"

    router = Router(ready, _registry(("做", handler)), Chain())

    async def first_and_then_another() -> None:
        await _say(router, "/做 一")
        await _say(router, "/做 三")

    await asyncio.gather(first_and_then_another(), _say(router, "/做 二"))
    assert together == [1, 1, 1]
    assert not router._turns


async def test_slow_message_of_one_person_does_not_hold_up_another(ready: Services) -> None:
    gate = asyncio.Event()

    async def handler(call: Call) -> str:
        if call.actor.qq == THIRD_ADMIN:
            await gate.wait()
        return "好"

    router = Router(ready, _registry(("做", handler)), Chain())
    slow = asyncio.create_task(_say(router, "/做"))
    assert await asyncio.wait_for(_say(router, "/做", TEACHER), 1) == "好"
    gate.set()
    assert await slow == "好"


async def test_first_question_handler_that_answers_wins(ready: Services) -> None:
    chain = Chain()

    @chain.question
    async def silent(_call: Call) -> None:
        return None

    @chain.question
    async def second(call: Call) -> str:
        return f"听到：{call.arguments}"

    assert await _say(Router(ready, Registry(), chain), "你好　世界") == "听到：你好 世界"


async def test_chatter_in_a_group_touches_no_handler_and_no_database(ready: Services) -> None:
    chain = Chain()

    @chain.question
    async def never(_call: Call) -> str:
        raise AssertionError("没有 @ 机器人的话不该走到这里")

    await ready.context.database.close()
    router = Router(ready, Registry(), chain)
    assert await _say(router, "大家早上好", TEACHER, GROUP) is None
