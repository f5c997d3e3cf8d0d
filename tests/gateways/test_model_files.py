"""留在数据目录里的两个文件：写了读得回来，坏了、换了模型就当没有，写一半不会毁掉旧的。"""

from __future__ import annotations

from array import array
from datetime import date
from pathlib import Path

import pytest

from bot.domain.model import Vector
from bot.domain.model_limits import Usage
from bot.domain.model_search import content_key
from bot.gateways.model_files import MAGIC, UsageFile, VectorFile

VECTORS: dict[str, Vector] = {
    content_key("怎么重置密码"): array("f", [0.6, 0.8, 0.0]),
    content_key("退休老师要录吗"): array("f", [0.0, 1.0, -0.5]),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "model-vectors.bin"


def test_vectors_are_read_back_exactly(file: Path) -> None:
    VectorFile(file, "向量-1").save(VECTORS)
    assert VectorFile(file, "向量-1").load() == VECTORS
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_another_model_starts_from_nothing(file: Path) -> None:
    VectorFile(file, "向量-1").save(VECTORS)
    assert VectorFile(file, "向量-2").load() == {}


def test_without_a_file_there_is_nothing(file: Path) -> None:
    assert VectorFile(file, "向量-1").load() == {}


def test_the_file_is_small_and_says_whose_it_is(file: Path) -> None:
    VectorFile(file, "v").save(VECTORS)
    assert file.stat().st_size < 200
    header = file.read_bytes().split(b"\n")[1]
    assert b'"v"' in header


@pytest.mark.parametrize("kept", [0, 5, 20, 60, -1, -4])
def test_a_file_cut_short_is_nothing(file: Path, kept: int) -> None:
    VectorFile(file, "v").save(VECTORS)
    file.write_bytes(file.read_bytes()[:kept])
    assert VectorFile(file, "v").load() == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        MAGIC,
        MAGIC + b"{}\n",
        MAGIC + b"[]\n",
        MAGIC + b"x\n",
        MAGIC + b'{"model": "v", "dimensions": 0, "count": 0}\n',
        MAGIC + b'{"model": "v", "dimensions": -4, "count": 9}\n',
        MAGIC + b'{"model": "v", "dimensions": null, "count": 1}\n',
        MAGIC + b'{"model": "v", "dimensions": 999999999999, "count": 999999999999}\n',
    ],
)
def test_a_file_of_something_else_is_nothing(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    assert VectorFile(file, "v").load() == {}


def test_a_failed_save_leaves_the_old_file(file: Path) -> None:
    VectorFile(file, "v").save(VECTORS)
    with pytest.raises(ValueError, match="hex"):
        VectorFile(file, "v").save({"不是哈希": array("f", [1.0])})
    assert VectorFile(file, "v").load() == VECTORS


def test_usage_is_read_back(tmp_path: Path) -> None:
    used = Usage(date(2017, 2, 20), 3, 4567)
    UsageFile(tmp_path / "usage.json").save(used)
    assert UsageFile(tmp_path / "usage.json").load() == used


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"day": "昨天", "calls": 1, "tokens": 1}', "\x00", "[" * 100_000]
)
def test_usage_that_cannot_be_read_is_nothing(tmp_path: Path, content: str) -> None:
    file = tmp_path / "usage.json"
    file.write_text(content, "utf-8")
    assert UsageFile(file).load() is None


def test_usage_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "usage.json").mkdir()
    UsageFile(tmp_path / "usage.json").save(Usage(date(2017, 2, 20)))
