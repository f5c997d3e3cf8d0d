"""在程序里跑 alembic：启动时升级、测试里核对模型与迁移一致。"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from storage.base import Base


def alembic_config(connection: Connection | None = None) -> Config:
    """指向本目录的 alembic 配置。"""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """升到最新。"""
    command.upgrade(alembic_config(connection), "head")


def drift(connection: Connection) -> list[Any]:
    """模型与数据库结构的差别；没有差别是空列表。"""
    return compare_metadata(MigrationContext.configure(connection), Base.metadata)
