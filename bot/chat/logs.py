"""日志：只有一个出口，不写消息正文、不写设置值、出错时不展开变量。"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from nonebot.log import logger

if TYPE_CHECKING:
    from loguru import Record

FORMAT = "{time:MM-DD HH:mm:ss} {level:<7} {name} | {message}"
# NoneBot 会把记录里的模块名改成 nonebot，只能看是哪个文件写的；这两处逐条写消息，警告以上才留
TALKATIVE = ("/nonebot/message.py", "/nonebot/internal/")
# 解析不了的事件，适配器会连正文一起写成 ERROR
SPILLING = ("Raw:", "Event Parser Error")
# 只有自家的 DEBUG 才留：别人的会写出 WebSocket 帧、请求头里的令牌、整份配置
OURS = ("bot", "faq", "plugins", "storage")


class _ToLoguru(logging.Handler):
    """标准库的日志转到同一个出口。"""

    def emit(self, record: logging.LogRecord) -> None:
        floor = logging.INFO if record.name.startswith("uvicorn") else logging.WARNING
        if record.levelno < floor and record.name.partition(".")[0] not in OURS:
            return
        level = (
            logger.level(record.levelname).name if record.levelname in logging.getLevelNamesMapping() else 20
        )
        logger.patch(lambda r: r.update(name=record.name)).opt(exception=record.exc_info).log(
            level, "{}", record.getMessage()
        )


def _harmless(record: Record) -> bool:
    path = record["file"].path.replace("\\", "/")
    if "/nonebot/" not in path:
        return True
    floor = logging.WARNING if any(part in path for part in TALKATIVE) else logging.INFO
    return record["level"].no >= floor and not any(word in record["message"] for word in SPILLING)


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
