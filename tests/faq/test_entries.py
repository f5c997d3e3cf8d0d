"""知识条目的读入与校验。"""

from pathlib import Path

import pytest

from faq.entries import EntryError, load_entries

GOOD = """
topic = "scope"
title = "采集范围"
[[entry]]
id = "scope.a"
question = "退休的要不要录？"
answer = "不采集。"
basis = "方案二"
certainty = "plan"
audience = ["anyone"]
related = []
"""


def folder_of(tmp_path: Path, text: str, phrasings: str = "[scope.a]\n退休录不录\n") -> Path:
    (tmp_path / "entries").mkdir()
    (tmp_path / "phrasings").mkdir()
    (tmp_path / "entries" / "scope.toml").write_text(text, encoding="utf-8")
    (tmp_path / "phrasings" / "scope.txt").write_text(phrasings, encoding="utf-8")
    return tmp_path / "entries"


def problems_of(tmp_path: Path, text: str, phrasings: str = "") -> list[str]:
    with pytest.raises(EntryError) as caught:
        load_entries(folder_of(tmp_path, text, phrasings))
    return caught.value.problems


def test_reads_entry(tmp_path: Path) -> None:
    (entry,) = load_entries(folder_of(tmp_path, GOOD, "# 说明\n[scope.a]\n\n退休录不录\n"))
    assert (entry.id, entry.topic, entry.aliases) == ("scope.a", "scope", ("退休录不录",))


def test_missing_key_is_named(tmp_path: Path) -> None:
    assert problems_of(tmp_path, GOOD.replace('basis = "方案二"\n', "")) == ["scope.toml scope.a：缺 basis"]


def test_doubled_id_is_named(tmp_path: Path) -> None:
    again = GOOD.split("[[entry]]")[1]
    found = problems_of(tmp_path, GOOD + "[[entry]]" + again)
    assert found == ["scope.a：编号重复"]


def test_unknown_related_id_is_named(tmp_path: Path) -> None:
    found = problems_of(tmp_path, GOOD.replace("related = []", 'related = ["scope.x"]'))
    assert found == ["scope.a：相关条目 scope.x 不存在"]


def test_alias_of_two_entries_is_named(tmp_path: Path) -> None:
    other = GOOD.split("[[entry]]")[1].replace("scope.a", "scope.b").replace("退休的要不要录", "离休呢")
    phrasings = "[scope.a]\n退休录不录\n[scope.b]\n退休录不录\n"
    found = problems_of(tmp_path, GOOD + "[[entry]]" + other, phrasings)
    assert found == ["scope.b：问法「退休录不录」已属于 scope.a，一个问法只能指向一条"]


def test_bad_certainty_is_named(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, GOOD.replace('"plan"', '"maybe"'))
    assert problem.startswith("scope.a：certainty 写的是「maybe」")


def test_long_answer_is_named(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, GOOD.replace("不采集。", "不" * 261))
    assert "261 字" in problem


def test_broken_toml_is_named(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, "topic = ")
    assert problem.startswith("scope.toml：不是合格的 TOML")


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    broken = GOOD.replace('basis = "方案二"\n', "").replace('question = "退休的要不要录？"\n', "")
    assert len(problems_of(tmp_path, broken)) == 2


def test_shipped_entries_are_sound() -> None:
    assert len(load_entries()) >= 200


def test_phrasing_of_an_unknown_entry_is_named(tmp_path: Path) -> None:
    found = problems_of(tmp_path, GOOD, "退休录不录\n[scope.x]\n离休呢\n")
    assert found == [
        "phrasings/scope.txt 第 1 行：前面缺 [编号]",
        "phrasings/scope.txt 第 2 行：没有编号为 scope.x 的条目",
    ]


def test_every_shipped_entry_has_many_phrasings() -> None:
    assert min(len(entry.aliases) for entry in load_entries()) >= 30
