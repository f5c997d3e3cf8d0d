"""命令登记处与权限表、例子、发件箱的写法对得上。"""

from __future__ import annotations

import ast
import csv
from pathlib import Path

import pytest

from bot.app import Shell
from bot.chat.composing import COMPOSERS, composes
from bot.chat.messages import folded
from bot.chat.registry import COMMANDS, Command, Registry
from bot.domain.permissions import load_rules
from bot.settings import PROJECT

pytestmark = pytest.mark.usefixtures("shell")


def test_every_command_has_a_row_in_the_permission_table() -> None:
    rules = load_rules()
    assert [one.name for one in COMMANDS if one.action not in rules] == []


def test_every_command_stands_in_the_row_of_its_action() -> None:
    """登记的动作那一行里真的写着这条命令，别挂错了行。"""
    with (PROJECT / "bot/domain/permissions.csv").open(encoding="utf-8", newline="") as file:
        written = {row["action"]: row["commands"] for row in csv.DictReader(file)}
    assert {one.name for one in COMMANDS if f"/{one.name}" not in written[one.action]} == UNNAMED


# 表里没有写命令名的：帮助、看节点谁都行；备案那一行只写了动作；在任是自己的登记
UNNAMED = {"帮助", "节点", "备案", "在任"}


def test_names_and_aliases_are_unique() -> None:
    names = [name for one in COMMANDS for name in (one.name, *one.aliases)]
    assert len(names) == len(set(names))


def test_second_command_of_the_same_name_is_refused() -> None:
    registry = Registry()
    first = next(iter(COMMANDS))
    registry.add(first)
    with pytest.raises(ValueError, match="登记了两次"):
        registry.add(first)


def test_every_command_is_found_by_its_names() -> None:
    for one in COMMANDS:
        for name in (one.name, *one.aliases, *(alias.upper() for alias in one.aliases)):
            assert COMMANDS.get(name) is one, name


def test_examples_parse_to_the_command_they_explain() -> None:
    for one in COMMANDS:
        written = [example for example in one.examples if example.startswith("/")]
        assert written, one.name
        for example in written:
            found = COMMANDS.parse(folded(example))
            assert found is not None, example
            assert found[0] is one, example


def test_every_command_has_a_short_summary_and_a_known_menu() -> None:
    from plugins.help.render import ORDER  # 要等 NoneBot 装好插件

    for one in COMMANDS:
        assert 2 <= len(one.summary) <= 20, one.name
        assert one.menu in ORDER, one.name


@pytest.mark.parametrize(
    ("typed", "name", "rest"),
    [
        ("/上报 初审", "上报", "初审"),
        ("/上报初审 应采集52", "上报", "初审 应采集52"),
        ("/ 上报  初审", "上报", "初审"),
        ("/REPORT 初审", "上报", "初审"),
        ("/登记表", "登记表", ""),
        ("/问怎么重置密码", "问", "怎么重置密码"),
        ("/进度？", "进度", ""),
        ("/reporting 初审", None, ""),
        ("/签到", None, ""),
        ("/", None, ""),
    ],
)
def test_parsing(typed: str, name: str | None, rest: str) -> None:
    found = COMMANDS.parse(typed)
    assert (found[0].name, found[1]) == (name, rest) if found else name is None


def test_nearest_command_is_strict_in_a_group() -> None:
    loose, strict = COMMANDS.nearest("/上抱", strict=False), COMMANDS.nearest("/签到", strict=True)
    assert isinstance(loose, Command)
    assert loose.name == "上报"
    assert strict is None


def _kinds_put_into_the_outbox() -> set[str]:
    """bot/domain 里放进发件箱的消息种类：new_delivery 的第一个参数，和叫 …_KIND 的常量。"""
    kinds: set[str] = set()
    for path in sorted((PROJECT / "bot/domain").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(Path(path).name))):
            kinds.update(_kind_in(node))
    return kinds


def _kind_in(node: ast.AST) -> list[str]:
    value: ast.expr | None = None
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) if name.endswith("_KIND"):
            value = node.value
        case ast.Call(func=ast.Name(id="new_delivery")):
            value = node.args[0]
    return [str(value.value)] if isinstance(value, ast.Constant) else []


def test_every_kind_in_the_outbox_has_a_composer_and_none_is_idle() -> None:
    kinds = _kinds_put_into_the_outbox()
    assert {"reminder_group", "review_result", "hand_off"} <= kinds
    assert set(COMPOSERS) == kinds


def test_second_composer_of_a_kind_is_refused() -> None:
    kind = next(iter(COMPOSERS))
    with pytest.raises(ValueError, match="登记了两次"):
        composes(kind)(COMPOSERS[kind])


def test_shell_loads_every_plugin(shell: tuple[Shell, str]) -> None:
    assert {one.name for one in COMMANDS} >= {
        "问",
        "注册",
        "上报",
        "审核",
        "变更",
        "登记表",
        "提醒",
        "知识",
        "帮助",
    }
