"""下载：网址、base64、本机路径；太大、转到内网、压缩过的、机器人自己的数据都不要。"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.domain.fetching import NotFetched, TooLarge
from bot.gateways.downloads import Downloads

BODY = b"PK sample"
Serve = Callable[[bytes], Awaitable[str]]


def answer(*headers: str, status: str = "200 OK", body: bytes = BODY) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """开一个只会回同一句的 HTTP 服务，给出它的地址。"""
    servers: list[asyncio.Server] = []

    async def start(reply: bytes) -> str:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(reply)
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/file?fname=a.xlsx"

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()


async def test_a_web_address_is_downloaded(serve: Serve) -> None:
    url = await serve(answer(f"Content-Length: {len(BODY)}", "Connection: close"))
    assert await Downloads()(url) == BODY


@pytest.mark.parametrize("length", ["Content-Length: 200", "Connection: close"], ids=["说了多大", "没说多大"])
async def test_too_much_is_refused_at_once(serve: Serve, length: str) -> None:
    url = await serve(answer(length, body=b"x" * 200))
    with pytest.raises(TooLarge, match="收不了"):
        await Downloads(largest=100)(url)


@pytest.mark.parametrize(
    "reply",
    [
        answer(status="404 Not Found"),
        answer("Content-Encoding: gzip"),
        answer("Content-Length: 0", body=b""),
        answer("Content-Length: 500", "Connection: close"),
        b"not http at all\r\n\r\n",
        answer("Location: ftp://example.invalid/", status="302 Found"),
    ],
    ids=["没有", "压缩过", "空的", "没传完", "不是HTTP", "转到别的协议"],
)
async def test_what_is_no_file_is_not_fetched(serve: Serve, reply: bytes) -> None:
    with pytest.raises(NotFetched):
        await Downloads(seconds=5)(await serve(reply))


async def test_a_server_that_never_answers_is_given_up(serve: Serve) -> None:
    url = await serve(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
    with pytest.raises(NotFetched):
        await Downloads(seconds=0.3)(url)


async def test_a_redirect_is_followed(serve: Serve) -> None:
    target = await serve(answer("Connection: close"))
    url = await serve(answer(f"Location: {target}", status="302 Found", body=b""))
    assert await Downloads()(url) == BODY


async def test_a_redirect_into_the_local_network_is_refused(serve: Serve) -> None:
    target = await serve(answer("Connection: close"))
    inside = target.replace("127.0.0.1", "localhost")
    url = await serve(answer(f"Location: {inside}", status="302 Found", body=b""))
    with pytest.raises(NotFetched, match="内网"):
        await Downloads()(url)


async def test_endless_redirects_are_given_up(serve: Serve) -> None:
    url = await serve(answer("Location: /again", status="302 Found", body=b""))
    with pytest.raises(NotFetched, match="转了太多次"):
        await Downloads()(url)


async def test_content_given_directly_is_decoded() -> None:
    assert await Downloads()(f"base64://{base64.b64encode(BODY).decode()}") == BODY
    with pytest.raises(NotFetched):
        await Downloads()("base64://不是")
    with pytest.raises(TooLarge):
        await Downloads(largest=5)(f"base64://{base64.b64encode(BODY).decode()}")


@pytest.mark.parametrize("written", ["plain", "file"])
async def test_a_file_on_this_machine_is_read(tmp_path: Path, written: str) -> None:
    path = tmp_path / "名 册.xlsx"
    path.write_bytes(BODY)
    assert await Downloads()(path.as_uri() if written == "file" else str(path)) == BODY


async def test_the_bots_own_data_is_never_read_as_a_file(tmp_path: Path) -> None:
    own = tmp_path / "data"
    own.mkdir()
    (own / "keys.json").write_bytes(BODY)
    (tmp_path / "link.xlsx").symlink_to(own / "keys.json")
    (tmp_path / "big.xlsx").write_bytes(b"x" * 200)
    reader = Downloads(forbidden=own, largest=100)
    for path in (own / "keys.json", tmp_path / "link.xlsx", own / ".." / "data" / "keys.json"):
        with pytest.raises(NotFetched, match="数据目录"):
            await reader(str(path))
    with pytest.raises(TooLarge):
        await reader(str(tmp_path / "big.xlsx"))


@pytest.mark.parametrize(
    "source", ["", "keys.json", "ftp://example.invalid/a", "../etc/passwd", "/没有/a.xlsx"]
)
async def test_other_sources_are_not_fetched(source: str) -> None:
    with pytest.raises(NotFetched):
        await Downloads()(source)
