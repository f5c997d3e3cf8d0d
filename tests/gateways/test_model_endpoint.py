"""端点这一头：真的 HTTP，照规矩用；慢、断、大、乱、转走都只是“用不上”，密钥哪里也不去。"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.clock import SHANGHAI, SimulatedClock
from bot.domain.model import ModelUnavailable
from bot.domain.model_limits import Allowance
from bot.gateways.model import Endpoint, ModelEndpoint
from bot.gateways.model_files import UsageFile
from tests.gateways import model_server as server
from tests.gateways.model_server import ModelServer, Trouble, response, says, vector_of_text

KEY = "sk-never-to-be-seen"
NIGHT = datetime(2017, 2, 20, 23, 50, tzinfo=SHANGHAI)
PLENTY = Allowance(1000, 1_000_000)

Build = Callable[..., ModelEndpoint]


class Stopwatch:
    """拨得动的秒表。"""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def night() -> SimulatedClock:
    return SimulatedClock(NIGHT)


@pytest.fixture
async def build(
    model: ModelServer, tmp_path: Path, night: SimulatedClock, stopwatch: Stopwatch
) -> AsyncIterator[Build]:
    """造端点；测试完了都断开。"""
    made: list[ModelEndpoint] = []

    def make(
        allowance: Allowance = PLENTY, *, url: str = "", key: str = KEY, seconds: float = 2
    ) -> ModelEndpoint:
        endpoint = Endpoint(url or model.url, key, "words-1", "vectors-1", seconds)
        ledger = UsageFile(tmp_path / "usage.json")
        made.append(ModelEndpoint(endpoint, allowance, ledger, night, stopwatch))
        return made[-1]

    yield make
    for endpoint in made:
        await endpoint.close()


async def unavailable(endpoint: ModelEndpoint) -> str:
    """改写一次，用不上的原因。"""
    with pytest.raises(ModelUnavailable) as caught:
        await endpoint.chat("规矩", "话")
    return str(caught.value)


# ---- 照规矩


async def test_wording_is_asked_as_the_protocol_says(model: ModelServer, build: Build) -> None:
    model.content = "好"
    assert await build().chat("规矩", "话") == "好"
    [heard] = model.heard
    assert heard.path == "/v1/chat/completions"
    assert heard.headers["authorization"] == f"Bearer {KEY}"
    assert heard.body["model"] == "words-1"
    assert heard.body["messages"] == [
        {"role": "system", "content": "规矩"},
        {"role": "user", "content": "话"},
    ]
    assert heard.body["stream"] is False


async def test_vectors_come_back_in_the_order_of_the_texts(model: ModelServer, build: Build) -> None:
    texts = ["怎么重置密码", "退休老师要录吗", "附件3怎么填"]
    assert await build().embed(texts) == [vector_of_text(text) for text in texts]
    [heard] = model.heard
    assert (heard.path, heard.body["model"], heard.body["input"]) == ("/v1/embeddings", "vectors-1", texts)


async def test_a_local_model_needs_no_key(model: ModelServer, build: Build) -> None:
    model.content = "好"
    assert await build(key="").chat("规矩", "话") == "好"
    assert "authorization" not in model.heard[0].headers


# ---- 坏法


TROUBLES: dict[str, tuple[Trouble, str]] = {
    "not json": (says(response(200, b"<html>")), "不是 JSON"),
    "json but no object": (says(response(200, b"[]")), "不是 JSON 对象"),
    "json nested too deep": (says(response(200, b"[" * 200_000)), "不是 JSON"),
    "nothing chosen": (says(response(200, b'{"choices": []}')), "没有回答"),
    "no text": (says(server.chat_reply(None)), "没有说完"),
    "cut off": (says(server.chat_reply("{", finish_reason="length")), "没有说完"),
    "half a body": (says(response(200, b'{"choices": [', length=500)), "话没说完就断了"),
    "bad request": (says(response(400, b"{}")), "HTTP 400"),
    "wrong key": (says(response(401, KEY.encode())), "HTTP 401"),
    "too many": (says(response(429, b"{}", "Retry-After: 60")), "HTTP 429"),
    "broken": (says(response(500, b"{}")), "HTTP 500"),
    "hangs up": (server.hang_up, "话没说完就断了"),
    "no http": (says(b"SSH-2.0-OpenSSH\r\n"), "话没说完就断了"),
    "endless": (server.flood, "回应太大"),
    "compressed": (says(response(200, b"\x1f\x8b", "Content-Encoding: gzip")), "压缩过的回应"),
    "silent": (server.stall, "超时"),
    "dripping": (server.drip, "超时"),
}


@pytest.mark.parametrize("name", TROUBLES)
async def test_trouble_is_only_unavailable(model: ModelServer, build: Build, name: str) -> None:
    model.trouble, reason = TROUBLES[name]
    started = time.monotonic()
    assert await unavailable(build(seconds=0.5)) == reason
    assert time.monotonic() - started < 1.5
    assert len(model.heard) == 1, "已经发出去的不重发"


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"index": 0, "embedding": [1.0]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 0, "embedding": [1.0]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": []}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": ["1"]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [True]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [10**400]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 2, "embedding": [1.0]}],
        [{"index": 0, "embedding": [1.0]}, {"index": True, "embedding": [1.0]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [0.0] * 9000}],
        [{"index": 0, "embedding": [1.0]}, "向量"],
        {"index": 0},
    ],
)
async def test_vectors_that_look_wrong_are_refused(model: ModelServer, build: Build, rows: object) -> None:
    model.trouble = says(response(200, json.dumps({"data": rows}).encode()))
    with pytest.raises(ModelUnavailable, match="向量"):
        await build().embed(["一", "二"])


async def test_a_redirect_is_not_followed_and_the_key_stays(model: ModelServer, build: Build) -> None:
    async with server.model_server() as other:
        other.content = "好"
        where = f"Location: {other.url}/chat/completions"
        for status in (301, 302, 307, 308):
            model.trouble = says(response(status, b"", where))
            assert await unavailable(build()) == f"HTTP {status}"
        assert other.heard == []


async def test_a_refused_connection_is_tried_once_more(build: Build) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
    assert await unavailable(build(url=url)) == "连不上"


async def test_a_connection_that_works_the_second_time_is_used(
    model: ModelServer, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """第一次连不上（机器刚醒），第二次通了。"""
    model.content = "好"
    loop, real, tries = asyncio.get_running_loop(), asyncio.get_running_loop().create_connection, []

    async def flaky(*arguments: object, **options: object) -> object:
        tries.append(1)
        if len(tries) == 1:
            raise ConnectionRefusedError
        return await real(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "create_connection", flaky)
    assert await build().chat("规矩", "话") == "好"
    assert len(tries) == 2


# ---- 歇一会


async def test_after_five_failures_it_is_left_alone_for_a_minute(
    model: ModelServer, build: Build, stopwatch: Stopwatch
) -> None:
    endpoint = build()
    model.trouble = says(response(500, b""))
    for _ in range(5):
        assert await unavailable(endpoint) == "HTTP 500"
    started = time.monotonic()
    for _ in range(50):
        assert await unavailable(endpoint) == "正歇着"
    assert time.monotonic() - started < 0.2
    assert len(model.heard) == 5
    stopwatch.seconds = 61
    assert await unavailable(endpoint) == "HTTP 500"
    assert await unavailable(endpoint) == "正歇着"
    stopwatch.seconds = 122
    model.trouble, model.content = None, "好"
    assert await endpoint.chat("规矩", "话") == "好"
    assert await endpoint.chat("规矩", "话") == "好"


async def test_only_one_goes_to_try_again(model: ModelServer, build: Build, stopwatch: Stopwatch) -> None:
    endpoint = build(seconds=0.3)
    model.trouble = says(response(500, b""))
    for _ in range(5):
        await unavailable(endpoint)
    stopwatch.seconds = 61
    model.trouble = server.stall
    reasons = await asyncio.gather(*(unavailable(endpoint) for _ in range(6)))
    assert sorted(reasons) == ["正歇着"] * 5 + ["超时"]


async def test_broken_vectors_do_not_stop_the_wording(model: ModelServer, build: Build) -> None:
    endpoint = build()
    model.trouble = says(response(404, b""))
    for _ in range(6):
        with pytest.raises(ModelUnavailable):
            await endpoint.embed(["一"])
    model.trouble, model.content = None, "好"
    assert await endpoint.chat("规矩", "话") == "好"


async def test_a_try_that_is_given_up_does_not_block_the_next(
    model: ModelServer, build: Build, stopwatch: Stopwatch
) -> None:
    endpoint = build()
    model.trouble = says(response(500, b""))
    for _ in range(5):
        await unavailable(endpoint)
    stopwatch.seconds = 61
    model.trouble = server.stall
    trial = asyncio.create_task(endpoint.chat("规矩", "话"))
    while len(model.heard) < 6:
        await asyncio.sleep(0.01)
    trial.cancel()
    await asyncio.wait([trial])
    model.trouble, model.content = None, "好"
    assert await endpoint.chat("规矩", "话") == "好"


# ---- 预算与并发


async def test_calls_of_a_day_are_limited_until_midnight(
    model: ModelServer, build: Build, night: SimulatedClock
) -> None:
    model.content = "好"
    endpoint = build(Allowance(2, 1_000_000))
    await endpoint.chat("规矩", "话")
    await endpoint.chat("规矩", "话")
    assert await unavailable(endpoint) == "预算用完"
    assert len(model.heard) == 2
    night.set(NIGHT + timedelta(minutes=11))
    assert await endpoint.chat("规矩", "话") == "好"


async def test_the_days_count_survives_a_restart(model: ModelServer, build: Build) -> None:
    model.content = "好"
    await build(Allowance(1, 1_000_000)).chat("规矩", "话")
    assert await unavailable(build(Allowance(1, 1_000_000))) == "预算用完"


async def test_tokens_are_counted_as_the_endpoint_says(model: ModelServer, build: Build) -> None:
    model.content = "好"
    endpoint = build(Allowance(100, 700))
    await endpoint.chat("规矩", "话")
    await endpoint.chat("规矩", "话")
    assert await unavailable(endpoint) == "预算用完"


@pytest.mark.parametrize(
    "usage", [None, {}, {"total_tokens": -9}, {"total_tokens": "9"}, {"total_tokens": True}]
)
async def test_tokens_are_estimated_when_it_does_not_say(
    model: ModelServer, build: Build, tmp_path: Path, usage: object
) -> None:
    choice = {"message": {"content": "好" * 50}, "finish_reason": "stop"}
    model.trouble = says(response(200, json.dumps({"choices": [choice], "usage": usage}).encode()))
    await build().chat("规矩", "话" * 100)
    used = UsageFile(tmp_path / "usage.json").load()
    assert used is not None
    assert used.calls == 1
    assert used.tokens > 150


async def test_failed_calls_are_paid_too(model: ModelServer, build: Build) -> None:
    model.trouble = says(response(500, b""))
    endpoint = build(Allowance(1, 1_000_000))
    assert await unavailable(endpoint) == "HTTP 500"
    assert await unavailable(endpoint) == "预算用完"


async def test_at_most_four_at_once(model: ModelServer, build: Build) -> None:
    async def slowly(writer: asyncio.StreamWriter, _heard: object) -> None:
        await asyncio.sleep(0.05)
        writer.write(server.chat_reply("好"))

    model.trouble = slowly
    endpoint = build()
    assert await asyncio.gather(*(endpoint.chat("规矩", "话") for _ in range(10))) == ["好"] * 10
    assert model.busiest == 4


async def test_waiting_for_a_turn_counts_towards_the_time_limit(model: ModelServer, build: Build) -> None:
    model.trouble = server.stall
    endpoint = build(seconds=0.3)
    started = time.monotonic()
    reasons = await asyncio.gather(*(unavailable(endpoint) for _ in range(10)))
    assert set(reasons) == {"超时"}
    assert time.monotonic() - started < 1


# ---- 密钥


@pytest.mark.parametrize("name", TROUBLES)
async def test_the_key_is_in_no_error_and_no_log(
    model: ModelServer, build: Build, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    model.trouble, _ = TROUBLES[name]
    endpoint = build(seconds=0.3)
    for _ in range(4 if name == "wrong key" else 0):
        await unavailable(endpoint)
    with pytest.raises(ModelUnavailable) as caught:
        await endpoint.chat("规矩", "问题的正文")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    assert not any("问题的正文" in line or model.url in line for line in ours)
    assert KEY not in caplog.text
    assert KEY not in str(caught.value)
    assert KEY not in repr(Endpoint(model.url, KEY))


async def test_the_operator_is_told_once_that_it_is_left_alone(
    model: ModelServer, build: Build, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    model.trouble = says(response(500, b""))
    endpoint = build()
    for _ in range(9):
        await unavailable(endpoint)
    assert [record.getMessage() for record in caplog.records if record.name == "bot.gateways.model"] == [
        "大模型（改写）接连用不上，最近一次：HTTP 500；歇 60 秒再试"
    ]
