"""python -m bot ask 的 --at、--unit、--role：知道日子和提问人时怎么答；不给就与从前一样。"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.settings import Settings

Ask = Callable[..., Result]


@pytest.fixture
def ask(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """在导好小名册的库上跑 ask。"""
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("KEY_FILE", str(settings.key_file))
    return lambda *arguments, **more: CliRunner().invoke(main, ["ask", *arguments], **more)


def test_the_school_of_a_county_gets_both_dates(ask: Ask) -> None:
    done = ask("--at", "2017-03-01", "--unit", "YY04-0001", "--role", "info_admin", "季报具体是哪几天截止？")
    assert done.exit_code == 0
    assert done.output.splitlines()[-1] == (
        "下一个截止：2017年3月20日（星期一）报给县里，还有 19 天；全市是2017年3月25日（星期六）"
    )


def test_a_day_alone_needs_no_roster(ask: Ask) -> None:
    done = ask("--at", "2017-03-20", "季报具体是哪几天截止？")
    assert done.output.splitlines()[-1] == "下一个截止：2017年3月25日（星期六），还有 5 天"


def test_without_the_options_nothing_is_added(ask: Ask) -> None:
    assert ask("季报具体是哪几天截止？").output.splitlines()[-1].endswith("编号 quarterly.dates")
    assert "编号 accounts.teacher.forgot_password" in ask("忘记密码怎么办").output


@pytest.mark.parametrize(
    ("options", "entry_id"),
    [
        (["--unit", "YYS01", "--role", "info_admin"], "steps.municipal.3_basic"),
        (["--unit", "市一中"], "steps.municipal.3_basic"),
        (["--unit", "YY04", "--role", "info_admin"], "steps.county.3_accounts"),
    ],
)
def test_a_batch_knows_the_asker_too(ask: Ask, options: list[str], entry_id: str) -> None:
    lines = json.dumps({"q": "第三步做什么"}, ensure_ascii=False)
    done = ask("--batch", "-", *options, input=lines)
    assert json.loads(done.output)["id"] == entry_id


def test_the_role_alone_tells_teachers_from_administrators(ask: Ask) -> None:
    done = ask("--json", "--role", "系统管理员", "忘记密码怎么办")
    assert json.loads(done.output)["id"] == "accounts.admin.forgot_password"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--unit", "火星县"], "没有找到单位“火星县”。"),
        (["--unit", " "], "--unit 是空的，请写单位代码"),
        (
            ["--role", "boss"],
            "没有“boss”这种角色，请写：system_admin、info_admin、info_viewer、training_admin",
        ),
    ],
)
def test_a_wrong_asker_is_one_chinese_line_and_code_two(ask: Ask, options: list[str], says: str) -> None:
    done = ask(*options, "忘记密码怎么办")
    assert done.exit_code == 2
    assert done.stderr.startswith(says)


def test_no_roster_is_said_plainly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("KEY_FILE", raising=False)
    done = CliRunner().invoke(main, ["ask", "--unit", "YY04", "忘记密码怎么办"])
    assert (done.exit_code, done.stderr) == (
        2,
        "还没有导入名册，请运维先执行 python -m bot roster import 文件\n",
    )
