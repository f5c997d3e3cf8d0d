"""测试用的大模型服务器。"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.gateways.model_server import ModelServer, model_server


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    """本机上的一台，说 OpenAI 协议。"""
    async with model_server() as server:
        yield server
