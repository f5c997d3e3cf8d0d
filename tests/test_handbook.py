"""手册里写的真的有：聊天命令、命令行、make 目标、链接；有的也都写了。"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.__main__ import main
from bot.app import Shell
from bot.chat.registry import COMMANDS
from bot.settings import PROJECT

README = PROJECT / "README.md"
HANDBOOK = (README, PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").glob("*.md")))
AUDIENCES = ("teacher", "school", "county", "city", "operator")

# 前面是行首、空白、反引号或冒号的 /中文，才是命令；“县/市”之类不是
CHAT_COMMAND = re.compile(r"(?:^|[\s`：])/([\u4e00-\u9fff]+)", re.MULTILINE)
COMMAND_LINE = re.compile(r"python -m bot((?: [a-z]+)*)")
MAKE_TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")
LINK = re.compile(r"\]\(([^)#:]+?)(#[^)]+)?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def command_lines(group: click.Group, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """全部命令行写法：("roster", "import") 这样。"""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from command_lines(command, (*prefix, name))
        else:
            yield (*prefix, name)


def anchor(heading: str) -> str:
    """标题 → 网页上的锚点：去掉标点，空格变短横线。"""
    return "#" + re.sub(r"[^\w\- ]", "", heading).replace(" ", "-").lower()


def page_id(page: Path) -> str:
    return page.name


def test_there_is_a_page_for_every_audience() -> None:
    assert {page.stem for page in HANDBOOK} >= set(AUDIENCES)


async def test_the_readme_lists_exactly_the_commands_that_exist(shell: tuple[Shell, str]) -> None:
    listed = re.findall(r"^\| `/(\S+?)` \|", README.read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(command.name for command in COMMANDS)


@pytest.mark.parametrize("page", HANDBOOK, ids=page_id)
async def test_every_chat_command_in_the_handbook_exists(page: Path, shell: tuple[Shell, str]) -> None:
    written = set(CHAT_COMMAND.findall(page.read_text("utf-8")))
    assert {name for name in written if COMMANDS.get(name) is None} == set()


def test_the_readme_lists_exactly_the_command_lines_that_exist() -> None:
    line = next(line for line in README.read_text("utf-8").splitlines() if line.startswith("命令行（"))
    listed = [tuple(words.split()) for words in re.findall(r"`([a-z]+(?: [a-z]+)?)`", line)]
    assert sorted(listed) == sorted(command_lines(main))


@pytest.mark.parametrize("page", HANDBOOK, ids=page_id)
def test_every_command_line_in_the_handbook_exists(page: Path) -> None:
    known = set(command_lines(main))
    for words in COMMAND_LINE.findall(page.read_text("utf-8")):
        written = tuple(words.split())
        assert not written or any(written[: len(one)] == one for one in known), words


@pytest.mark.parametrize("page", HANDBOOK, ids=page_id)
def test_every_make_target_in_the_handbook_exists(page: Path) -> None:
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    assert set(MAKE_TARGET.findall(page.read_text("utf-8"))) <= targets


@pytest.mark.parametrize("page", HANDBOOK, ids=page_id)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target, place in LINK.findall(page.read_text("utf-8")):
        linked = (page.parent / target).resolve()
        assert linked.is_file(), target
        if place:
            headings = {anchor(heading) for heading in HEADING.findall(linked.read_text("utf-8"))}
            assert place.lower() in headings, f"{target}{place}"
