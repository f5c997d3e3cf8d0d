"""故障：让接下来的几次 API 调用像真实客户端那样出错，测试据此检查机器人的应对。"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

DEFAULT_WORDING = "EventChecker Failed: 消息发送失败"
TIMEOUT_WORDING = "Timeout: NTEvent serviceAndMethod:NodeIKernelMsgService/sendMsg EventRet:{}"
_SENDING = frozenset(
    {"send_msg", "send_group_msg", "send_private_msg", "send_group_forward_msg", "send_private_forward_msg"}
)


class FaultKind(Enum):
    """一次调用的三件事：送达没有，回答没有，回答说什么。"""

    REFUSE = auto()  # 没送达，回答失败
    LOSE_ANSWER = auto()  # 已送达，永不回答
    SWALLOW = auto()  # 没送达，永不回答
    DELAY = auto()  # 已送达，很晚才回答
    DENY_DELIVERY = auto()  # 已送达，却回答失败
    REPLACE = auto()  # 没送达，回答给定的内容


@dataclass(slots=True)
class Fault:
    """排队等着的一个故障。"""

    action: str
    kind: FaultKind
    times: int
    retcode: int = 1200
    wording: str = DEFAULT_WORDING
    seconds: float = 0.0
    reply: dict[str, Any] | None = None

    def hits(self, action: str) -> bool:
        """ "*" 是任何调用，"send" 是任何发消息的调用。"""
        return self.action in {"*", action} or (self.action == "send" and action in _SENDING)


class Faults:
    """action 写 API 名，"send" 指一切发消息的调用，"*" 指一切调用；先排的先用。"""

    def __init__(self) -> None:
        self._queue: list[Fault] = []

    def fail(
        self, action: str, times: int = 1, *, retcode: int = 1200, wording: str = DEFAULT_WORDING
    ) -> None:
        """没送达，回答失败。"""
        self._queue.append(Fault(action, FaultKind.REFUSE, times, retcode=retcode, wording=wording))

    def lose_answer(self, action: str, times: int = 1) -> None:
        """已送达，但永不回答。"""
        self._queue.append(Fault(action, FaultKind.LOSE_ANSWER, times))

    def swallow(self, action: str, times: int = 1) -> None:
        """没送达，也永不回答。"""
        self._queue.append(Fault(action, FaultKind.SWALLOW, times))

    def delay(self, action: str, seconds: float, times: int = 1) -> None:
        """立刻送达，seconds 秒（真实时间）后才回答。"""
        self._queue.append(Fault(action, FaultKind.DELAY, times, seconds=seconds))

    def deny_delivery(self, action: str, times: int = 1, *, wording: str = TIMEOUT_WORDING) -> None:
        """已送达，却回答失败（NapCat 的 EventRet:{} 陷阱）。"""
        self._queue.append(Fault(action, FaultKind.DENY_DELIVERY, times, wording=wording))

    def answer(self, action: str, reply: dict[str, Any], times: int = 1) -> None:
        """没送达，原样回答 reply（echo 会补上），例如 status 里写错误文字。"""
        self._queue.append(Fault(action, FaultKind.REPLACE, times, reply=reply))

    def clear(self) -> None:
        """取消还没用掉的故障。"""
        self._queue.clear()

    @property
    def pending(self) -> int:
        """还没用掉的次数。"""
        return sum(fault.times for fault in self._queue)

    def take(self, action: str) -> Fault | None:
        """这次调用该出什么故障；用掉一次。"""
        for fault in self._queue:
            if fault.hits(action):
                fault.times -= 1
                if fault.times <= 0:
                    self._queue.remove(fault)
                return fault
        return None
