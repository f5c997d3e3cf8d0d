"""业务测试的人手：各级信息管理员都已登记。"""

from __future__ import annotations

import pytest

from bot.domain.services import Services
from storage.words import Role
from tests.domain import desk


@pytest.fixture
async def staffed(services: Services) -> Services:
    """业务服务，各级信息管理员都登记了，没有绑定群。"""
    context = services.context
    async with context.database.write() as stores:
        for qq, unit in desk.INFO_ADMINS:
            await stores.people.enlist(qq, unit.code, Role.INFO_ADMIN, "王样例", f"138000{qq}", context.now())
    await context.directory.reload(context.database)
    return services
