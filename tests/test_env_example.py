""".env.example 与 bot/settings.py 说的是同一回事：一项不多、一项不少，照抄能用，默认值不骗人。"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import PROJECT, Settings, SettingsError, check_for_running, load_settings

EXAMPLE = PROJECT / ".env.example"
ASSIGNMENT = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)")
# 写什么字都行的几项；其余的都有格式
FREE_TEXT = {"HOST", "ONEBOT_ACCESS_TOKEN", "DATA_DIR", "DATABASE_URL", "KEY_FILE", "PLAN_FILE"}
FREE_TEXT |= {"CONTACT_PHONE", "CONTACT_MAIL", "MODEL_CHAT", "MODEL_EMBEDDING"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def lines() -> list[str]:
    return EXAMPLE.read_text("utf-8").splitlines()


def assigned() -> list[str]:
    return [match[1] for line in lines() if (match := ASSIGNMENT.fullmatch(line))]


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """环境变量优先于文件，先清掉。"""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)


def test_every_setting_stands_in_the_example_once() -> None:
    assert sorted(assigned()) == sorted(name.upper() for name in Settings.model_fields)


def test_every_line_is_empty_a_comment_or_a_setting() -> None:
    strange = [
        line for line in lines() if line and not line.startswith("#") and not ASSIGNMENT.fullmatch(line)
    ]
    assert strange == []


def test_every_setting_is_explained_in_chinese_right_above_it() -> None:
    example = lines()
    unexplained = [
        match[1]
        for place, line in enumerate(example)
        if (match := ASSIGNMENT.fullmatch(line))
        and not (place and example[place - 1].startswith("# ") and CHINESE.search(example[place - 1]))
    ]
    assert unexplained == []


@pytest.mark.usefixtures("clean_environment")
def test_a_plain_copy_loads_and_shows_the_real_defaults() -> None:
    assert load_settings(EXAMPLE) == load_settings(env_file=None)


@pytest.mark.usefixtures("clean_environment")
def test_a_plain_copy_does_not_run_before_the_token_is_filled(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ONEBOT_ACCESS_TOKEN"):
        check_for_running(load_settings(EXAMPLE), simulated_clock=False)
    filled = tmp_path / ".env"
    text = EXAMPLE.read_text("utf-8")
    filled.write_text(text.replace("ONEBOT_ACCESS_TOKEN=\n", "ONEBOT_ACCESS_TOKEN=0123456789\n"), "utf-8")
    check_for_running(load_settings(filled), simulated_clock=False)


@pytest.mark.usefixtures("clean_environment")
def test_values_of_the_example_are_really_read(tmp_path: Path) -> None:
    """把每一项都换成读不懂的字，凡有格式的都要报出来。"""
    broken = tmp_path / ".env"
    broken.write_text("\n".join(f"{name}=？？" for name in assigned()), "utf-8")
    with pytest.raises(SettingsError) as error:
        load_settings(broken)
    named = {match[1] for text in error.value.problems if (match := re.match(r"设置 (\w+)：", text))}
    assert named == set(assigned()) - FREE_TEXT
