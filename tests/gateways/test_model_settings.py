"""大模型的设置：默认关；地址要完整、不带密码，密钥不显示；填了模型没填地址不启动。"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, check_for_running, load_settings

TOKEN = "0123456789"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """测试机上的环境变量不算数。"""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def written(folder: Path, *lines: str) -> Settings:
    file = folder / ".env"
    file.write_text("\n".join(lines), "utf-8")
    return load_settings(file)


def test_it_is_off_unless_it_is_set_up(tmp_path: Path) -> None:
    assert not load_settings(None).uses_model
    assert not written(tmp_path, "MODEL_BASE_URL=https://example.com/v1").uses_model
    assert not written(tmp_path, "MODEL_CHAT=words").uses_model
    assert written(tmp_path, "MODEL_BASE_URL=https://example.com/v1", "MODEL_CHAT=words").uses_model
    assert written(tmp_path, "MODEL_BASE_URL=http://127.0.0.1:11434/v1/", "MODEL_EMBEDDING=v").uses_model


@pytest.mark.parametrize(
    "address",
    [
        "example.com/v1",
        "ftp://example.com",
        "https://",
        "https://user:secret@example.com/v1",
        "https://example.com/v1?key=secret",
        "https://example.com/v1#secret",
        "https://example.com:99999/v1",
        "https://例子/v1",
        "https://exa mple.com/v1",
    ],
)
def test_an_address_must_be_whole_and_carry_no_secret(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingsError) as caught:
        written(tmp_path, f"MODEL_BASE_URL={address}")
    [problem] = caught.value.problems
    assert problem.startswith("设置 MODEL_BASE_URL：写法不对（OpenAI 兼容接口的地址")
    assert "secret" not in problem


@pytest.mark.parametrize("key", ["有中文", "two words", "line\x0bbreak"])
def test_a_key_that_fits_no_header_is_refused_without_showing_it(tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        written(tmp_path, f"MODEL_API_KEY={key}")
    [problem] = caught.value.problems
    assert problem.startswith("设置 MODEL_API_KEY：写法不对")
    assert key not in problem


def test_the_key_is_not_shown_with_the_settings(tmp_path: Path) -> None:
    settings = written(tmp_path, "MODEL_API_KEY=sk-never-to-be-seen")
    assert settings.model_api_key.get_secret_value() == "sk-never-to-be-seen"
    assert "sk-never" not in f"{settings!r} {settings.model_dump_json()}"


@pytest.mark.parametrize("line", ["MODEL_CHAT=words", "MODEL_EMBEDDING=vectors"])
def test_a_model_without_an_address_does_not_start(tmp_path: Path, line: str) -> None:
    settings = written(tmp_path, f"ONEBOT_ACCESS_TOKEN={TOKEN}", line)
    with pytest.raises(SettingsError, match="设置 MODEL_BASE_URL：填了 MODEL_CHAT 或 MODEL_EMBEDDING"):
        check_for_running(settings, simulated_clock=False)
    check_for_running(written(tmp_path, f"ONEBOT_ACCESS_TOKEN={TOKEN}"), simulated_clock=False)
