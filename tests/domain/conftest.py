"""业务测试的人手：各级信息管理员都已登记。"""

from __future__ import annotations

import pytest

from bot.domain.services import Services
from tests.domain import desk


@pytest.fixture
async def staffed(services: Services) -> Services:
    """业务服务，各级信息管理员都登记了，没有绑定群。"""
    for qq, unit in desk.INFO_ADMINS:
        await desk.enlist(services, qq, unit)
    return services
