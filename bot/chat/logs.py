"""日志：只有一个出口，不写消息正文、不写设置值、出错时不展开变量。"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from nonebot.log import logger

if TYPE_CHECKING:
    from loguru import Record

FORMAT = "{time:MM-DD HH:mm:ss} {level:<7} {name} | {message}"
# 这些模块会把整条消息或整份配置写进日志
TALKATIVE = ("nonebot.message", "nonebot.internal.matcher", "nonebot.matcher", "nonebot.config")
RAW_EVENT = "Raw:"


class _ToLoguru(logging.Handler):
    """标准库的日志转到同一个出口。"""

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(("uvicorn.access", "websockets")):
            return
        level = (
            logger.level(record.levelname).name if record.levelname in logging.getLevelNamesMapping() else 20
        )
        logger.patch(lambda r: r.update(name=record.name)).opt(exception=record.exc_info).log(
            level, "{}", record.getMessage()
        )


def _harmless(record: Record) -> bool:
    name = record["name"] or ""
    if name.startswith(TALKATIVE) and record["level"].no < logging.WARNING:
        return False
    return RAW_EVENT not in record["message"]


def set_up_logs(level: str) -> None:
    """换掉 NoneBot 自带的日志出口（它会构造每一条 DEBUG 再丢掉，也会写出消息正文）。"""
    logger.remove()
    logger.add(
        sys.stderr,
        level=level,
        format=FORMAT,
        filter=_harmless,
        diagnose=False,
        backtrace=False,
        colorize=False,
    )
    logging.basicConfig(handlers=[_ToLoguru()], level=level, force=True)
