"""箭头只朝一个方向：读遍全部 import，走了别的路就失败。"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
OURS = ("bot", "faq", "plugins", "storage")

# 仓库里的值类型谁都可以用；连接、加密、迁移只有装配的地方能碰
STORAGE_MACHINERY = ("storage.base", "storage.cipher", "storage.database", "storage.migrations")

# 把各层装到一起的地方，不受限制
JOINERS = (
    "bot.app",
    "bot.assembly",
    "bot.sweep",
    "bot.running",
    "bot.offline",
    "bot.__main__",
    "bot.demo",
    "bot.demo_cast",
    "bot.demo_knowledge",
    "bot.demo_tour",
)

# 每一层可以引用哪些自家模块；写得越长的前缀越优先
ARROWS: dict[str, tuple[str, ...]] = {
    "storage": ("storage",),
    "faq": ("faq",),
    "bot": (),
    "bot.settings": (),
    "bot.scheduler": (),
    "bot.documents": ("bot.documents",),
    "bot.sandbox": ("bot.sandbox",),
    "bot.plan": ("bot.plan", "storage.words"),
    "bot.domain": ("bot.domain", "bot.plan", "bot.documents", "storage", "faq"),
    "bot.chat": ("bot.chat", "bot.domain", "bot.plan", "bot.documents", "storage", "faq"),
    "bot.gateways": ("bot.gateways", "bot.domain"),
    "plugins": ("bot.chat", "bot.domain", "bot.plan", "bot.documents", "storage", "faq"),
}
NONEBOT_USERS = ("bot.chat", "bot.app")


@dataclass(frozen=True, slots=True)
class Arrow:
    """一处引用：哪个模块、第几行、引用了谁。"""

    source: str
    line: int
    target: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line} → {self.target}"


def within(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(f"{prefix}.")


def module_name(file: Path) -> str:
    parts = file.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def arrows_of(source: str, text: str, *, package: bool = False) -> Iterator[Arrow]:
    """一个模块里的全部引用，函数里面的、只给类型检查用的也算。"""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Arrow(source, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parent = source.split(".")[: None if package and node.level == 1 else -node.level + package]
                base = ".".join([*parent, *([base] if base else [])])
            for alias in node.names:
                yield Arrow(source, node.lineno, f"{base}.{alias.name}")


def allowed(source: str) -> tuple[str, ...]:
    if source.startswith("plugins."):
        return (*ARROWS["plugins"], ".".join(source.split(".")[:2]))
    layer = max((layer for layer in ARROWS if within(source, layer)), key=len)
    return ARROWS[layer]


def fault(arrow: Arrow) -> str | None:
    """这一处引用错在哪里；没有错返回 None。"""
    source, target = arrow.source, arrow.target
    if within(target, "sqlalchemy") or within(target, "alembic"):
        return None if within(source, "storage") else f"{arrow}：SQL 只在 storage 里"
    if within(target, "nonebot"):
        plugin_root = source.count(".") == 1 and source.startswith("plugins.")
        known = plugin_root or any(within(source, user) for user in NONEBOT_USERS)
        return None if known else f"{arrow}：nonebot 只在 bot.chat、bot.app 和插件的 __init__ 里"
    if within(target, "httpx") and not within(source, "bot.gateways"):
        return f"{arrow}：对外的 HTTP 只在 bot.gateways 里"
    if within(target, "bot.gateways") and source != "bot.app" and not within(source, "bot.gateways"):
        return f"{arrow}：只有 bot.app 引用 bot.gateways"
    if target.split(".")[0] not in OURS or source in JOINERS:
        return None
    if not any(within(target, prefix) for prefix in allowed(source)):
        return f"{arrow}：这个方向没有箭头"
    if within(source, "plugins") and any(within(target, part) for part in STORAGE_MACHINERY):
        return f"{arrow}：插件只能用 storage 的值"
    return None


def faults_in(source: str, text: str, *, package: bool = False) -> list[str]:
    return [found for arrow in arrows_of(source, text, package=package) if (found := fault(arrow))]


def source_files() -> list[Path]:
    return sorted(file for folder in OURS for file in (PROJECT / folder).rglob("*.py"))


def test_every_import_of_the_project_follows_an_arrow() -> None:
    faults = [
        found
        for file in source_files()
        for found in faults_in(module_name(file), file.read_text("utf-8"), package=file.name == "__init__.py")
    ]
    assert faults == []


def test_the_check_reads_every_layer_of_the_project() -> None:
    read = {module_name(file) for file in source_files()}
    assert len(read) > 100
    for layer in ("storage.database", "faq.retriever", "bot.app", "bot.domain.reporting", "plugins.ask"):
        assert layer in read


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("storage.units", "from bot.domain import clock"),
        ("storage.units", "import faq.text"),
        ("faq.retriever", "from storage.words import Role"),
        ("bot.documents.register", "from bot.plan.values import Plan"),
        ("bot.documents.register", "from storage.words import Role"),
        ("bot.sandbox.world", "from bot.domain.clock import SHANGHAI"),
        ("bot.plan.reader", "from storage.units import Unit"),
        ("bot.plan.reader", "from bot.domain.quarters import Quarter"),
        ("bot.domain.reporting", "from bot.chat.messages import Reply"),
        ("bot.domain.reporting", "from bot.settings import Settings"),
        ("bot.domain.reporting", "from bot.gateways.mail import Mail"),
        ("bot.domain.reporting", "from bot import app"),
        ("bot.chat.router", "from bot.app import Shell"),
        ("bot.chat.router", "from plugins.ask import handlers"),
        ("bot.gateways.mail", "from bot.chat.messages import Reply"),
        ("bot.settings", "from storage.words import Role"),
        ("bot.scheduler", "from bot.domain.clock import Clock"),
        ("bot.newcomer", "from bot.domain.clock import Clock"),
        ("plugins.ask.handlers", "from plugins.members import render"),
        ("plugins.ask.handlers", "from ..members import render"),
        ("plugins.ask.handlers", "from bot.app import Office"),
        ("plugins.ask.handlers", "from bot.gateways import mail"),
        ("plugins.ask.handlers", "from storage.database import Database"),
        ("plugins.ask.handlers", "import storage.cipher"),
        ("plugins.ask.handlers", "from nonebot import on_message"),
        ("bot.assembly", "from bot.gateways.model import ModelEndpoint"),
        ("bot.domain.model_help", "import httpx"),
        ("bot.gateways.model", "from bot.settings import Settings"),
        ("bot.domain.reporting", "import nonebot"),
        ("bot.domain.reporting", "def late():\n    from sqlalchemy import select"),
        ("bot.offline", "from sqlalchemy import select"),
        ("bot.demo", "from nonebot.adapters.onebot.v11 import Bot"),
        (
            "bot.domain.reporting",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from bot.chat.call import Call",
        ),
    ],
)
def test_a_planted_wrong_import_is_found(source: str, text: str) -> None:
    assert len(faults_in(source, text)) == 1, faults_in(source, text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plugins.ask.handlers", "from . import render"),
        ("plugins.ask.handlers", "from .render import card"),
        ("plugins.ask.handlers", "from storage.words import Role\nfrom bot.chat.call import Call"),
        ("plugins.ask", "from nonebot.plugin import PluginMetadata"),
        ("bot.domain.services", "from bot.domain.actor import Actor\nfrom storage.database import Database"),
        ("bot.plan.values", "from storage.words import Role"),
        (
            "bot.app",
            "from bot.gateways.mail import Mail\nimport nonebot\nfrom storage.database import Database",
        ),
        ("bot.demo", "from bot.sandbox import SimulatedQQ\nfrom bot.app import Shell"),
        ("storage.database", "import sqlalchemy\nfrom storage.migrations.runner import upgrade"),
    ],
)
def test_an_arrow_of_the_blueprint_passes(source: str, text: str) -> None:
    assert faults_in(source, text) == []


def test_relative_imports_are_resolved() -> None:
    inside = [arrow.target for arrow in arrows_of("plugins.ask.handlers", "from . import render")]
    package = [arrow.target for arrow in arrows_of("plugins.ask", "from . import handlers", package=True)]
    upwards = [arrow.target for arrow in arrows_of("plugins.ask.handlers", "from ..members import render")]
    beside = [arrow.target for arrow in arrows_of("plugins.ask", "from .handlers import ask", package=True)]
    assert inside == ["plugins.ask.render"]
    assert package == ["plugins.ask.handlers"]
    assert upwards == ["plugins.members.render"]
    assert beside == ["plugins.ask.handlers.ask"]


def test_nothing_is_built_at_import_time() -> None:
    """引用即连库、起定时、读文件都不行：模块顶层不许调用这些。"""
    builders = {"create_async_engine", "create_engine", "AsyncIOScheduler", "AsyncClient", "init", "open"}
    faults = []
    for file in source_files():
        tree = ast.parse(file.read_text("utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            for call in (part for part in ast.walk(node) if isinstance(part, ast.Call)):
                name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
                name = call.func.id if isinstance(call.func, ast.Name) else name
                if name in builders:
                    faults.append(f"{module_name(file)}:{call.lineno} {name}")
    assert faults == []
