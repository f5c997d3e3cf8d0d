"""alembic 环境：用程序交来的连接，不自己找配置文件。"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

import storage.database  # noqa: F401  载入全部模型
from storage.base import Base, Instant


def _render(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """迁移脚本里不引用自家类型。"""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
