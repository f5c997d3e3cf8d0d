"""设置不对时说得清：一行一处中文，指明哪一项、怎么改，绝不把填的值念出来。"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.settings import PROJECT, Settings, SettingsError, check_for_running, load_settings

SECRET = "hunter2-绝密"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """测试机上的环境变量不算数。"""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def env_file(folder: Path, text: str) -> Path:
    file = folder / ".env"
    file.write_text(text, "utf-8")
    return file


def problems(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(env_file(folder, text))
    return caught.value.problems


def test_without_a_file_everything_has_a_default() -> None:
    settings = load_settings(None)
    assert (settings.environment, settings.host, settings.port) == ("production", "127.0.0.1", 8080)
    assert (
        settings.resolved_database_url == f"sqlite+aiosqlite:///{(PROJECT / 'data/assistant.db').as_posix()}"
    )
    assert settings.resolved_key_file == PROJECT / "data" / "keys.json"


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("PORT=八千", "设置 PORT：要写整数"),
        ("PORT=70000", "设置 PORT：不能大于 65535"),
        ("PORT=-1", "设置 PORT：不能小于 0"),
        ("ENVIRONMENT=staging", "设置 ENVIRONMENT：只能写规定的几个词之一"),
        ("LOG_LEVEL=verbose", "设置 LOG_LEVEL：只能写规定的几个词之一"),
        ("STARTS_ON=明天", "设置 STARTS_ON：要写成 2017-02-20 这样的日期"),
        ("STARTS_ON=2017-02-30", "设置 STARTS_ON：要写成 2017-02-20 这样的日期"),
        ("REMINDER_SWEEP_SECONDS=0", "设置 REMINDER_SWEEP_SECONDS：要大于 0"),
        ("REMINDER_SWEEP_SECONDS=快", "设置 REMINDER_SWEEP_SECONDS：要写数字"),
        ("REMINDER_BATCH_SIZE=51", "设置 REMINDER_BATCH_SIZE：不能大于 50"),
        ("INVITE_HOURS=0", "设置 INVITE_HOURS：不能小于 1"),
        ("OPERATORS=一号", "设置 OPERATORS：要写整数"),
    ],
)
def test_a_bad_line_names_its_key_and_the_remedy(tmp_path: Path, line: str, start: str) -> None:
    [problem] = problems(tmp_path, line)
    assert problem.startswith(start)


def test_several_bad_lines_are_named_all_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, "PORT=八千\nINVITE_HOURS=0\nLOG_LEVEL=x\n")
    assert [problem.split("：")[0] for problem in found] == [
        "设置 PORT",
        "设置 LOG_LEVEL",
        "设置 INVITE_HOURS",
    ]


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_bad_value_is_never_repeated(tmp_path: Path, name: str) -> None:
    try:
        load_settings(env_file(tmp_path, f"{name.upper()}={SECRET}"))
    except SettingsError as error:
        message = str(error)
        assert name.upper() in message
        assert SECRET not in message
        assert "hunter2" not in message
        assert re.search(r"[\u4e00-\u9fff]", message)
        assert "\n" not in message


@pytest.mark.parametrize("value", ["[1,", '["x"]', "[[]]", "{}"])
def test_operators_that_cannot_be_read_are_named(tmp_path: Path, value: str) -> None:
    found = problems(tmp_path, f"OPERATORS={value}")
    assert all("OPERATORS" in problem for problem in found)
    assert not any(value in problem for problem in found)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("10001,10002", {10001, 10002}),
        ("10001，10002", {10001, 10002}),
        ('["10001", "10002"]', {10001, 10002}),
        ("10001", {10001}),
        ("10001, ,", {10001}),
        ("", set[int]()),
    ],
)
def test_operators_may_be_written_in_the_usual_ways(tmp_path: Path, written: str, read: set[int]) -> None:
    assert load_settings(env_file(tmp_path, f"OPERATORS={written}")).operators == read


def test_an_empty_value_is_the_default(tmp_path: Path) -> None:
    settings = load_settings(env_file(tmp_path, "PORT=\nSTARTS_ON=\nKEY_FILE=\n"))
    assert (settings.port, settings.starts_on, settings.key_file) == (8080, None, None)


def test_unknown_lines_are_somebody_elses(tmp_path: Path) -> None:
    assert load_settings(env_file(tmp_path, "SOMETHING_ELSE=1\nPORT=9000\n")).port == 9000


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9100")
    assert load_settings(env_file(tmp_path, "PORT=9000")).port == 9100


def test_paths_and_dates_are_read(tmp_path: Path) -> None:
    settings = load_settings(
        env_file(
            tmp_path, f"STARTS_ON=2017-02-20\nDATA_DIR={tmp_path}\nDATABASE_URL=sqlite+aiosqlite:///x.db"
        )
    )
    assert settings.starts_on == date(2017, 2, 20)
    assert settings.resolved_key_file == tmp_path / "keys.json"
    assert settings.resolved_database_url == "sqlite+aiosqlite:///x.db"


def test_a_file_that_is_no_text_is_refused_without_a_traceback(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"PORT=\xff\xfe\x00")
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("token", ["", "short", "1234567"])
def test_running_without_a_real_token_is_refused(token: str) -> None:
    settings = load_settings(None, onebot_access_token=token)
    with pytest.raises(SettingsError, match="设置 ONEBOT_ACCESS_TOKEN：必填，至少 8 个字符") as caught:
        check_for_running(settings, simulated_clock=False)
    assert not token or token not in str(caught.value)


def test_a_simulated_clock_is_for_tests_only() -> None:
    live = load_settings(None, onebot_access_token="12345678")
    with pytest.raises(SettingsError, match="--clock 只在 ENVIRONMENT=test 时可用"):
        check_for_running(live, simulated_clock=True)
    check_for_running(live, simulated_clock=False)
    trial = load_settings(None, onebot_access_token="12345678", environment="test")
    check_for_running(trial, simulated_clock=True)


def test_both_problems_of_a_start_are_said_together() -> None:
    with pytest.raises(SettingsError) as caught:
        check_for_running(load_settings(None), simulated_clock=True)
    assert len(caught.value.problems) == 2


def test_every_setting_is_documented_and_stands_in_the_example_file() -> None:
    example = (PROJECT / ".env.example").read_text("utf-8")
    written = set(re.findall(r"^#?\s*([A-Z_]+)=", example, re.MULTILINE))
    assert written >= {name.upper() for name in Settings.model_fields}
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
