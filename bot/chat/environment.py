"""让 NoneBot 看不见环境变量：设置只有 bot/settings.py 一个读法，两家写法不同就启动不了。"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from nonebot.config import Config


@contextmanager
def hidden_environment() -> Iterator[None]:
    """NoneBot 认得的环境变量先收起来，离开时原样放回。"""
    names = [name for name in os.environ if name.partition("__")[0].lower() in Config.model_fields]
    hidden = {name: os.environ.pop(name) for name in names}
    try:
        yield
    finally:
        os.environ.update(hidden)
