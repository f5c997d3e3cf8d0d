"""用模型的分寸：连着坏几次就歇一会（熔断），一天最多用多少（预算）。都是纯函数，时刻传进来。"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.clock import local_day

FAILURES = 5
OPEN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Breaker:
    """熔断的状态：连着坏了几次、歇到哪一刻（秒）、是不是正有一次在试。"""

    failures: int = 0
    open_until: float | None = None
    trying: bool = False

    def admits(self, now: float) -> bool:
        """现在让不让调用；歇够了只放一次去试。"""
        return self.open_until is None or (now >= self.open_until and not self.trying)

    def entered(self) -> Breaker:
        """放了一次进去。"""
        return self if self.open_until is None else replace(self, trying=True)

    def succeeded(self) -> Breaker:
        """成了一次，从头数起；歇着的时候别的旧调用成了不算。"""
        return self if self.open_until is not None and not self.trying else Breaker()

    def failed(self, now: float) -> Breaker:
        """又坏了一次；够数了或试的那次坏了就歇着。"""
        if self.open_until is not None and not self.trying:
            return self
        failures = self.failures + 1
        if self.trying or failures >= FAILURES:
            return Breaker(failures, now + OPEN_SECONDS)
        return Breaker(failures)

    def abandoned(self) -> Breaker:
        """那一次没有做完就不要了，成败不论；下一次还可以试。"""
        return replace(self, trying=False)


@dataclass(frozen=True, slots=True)
class Allowance:
    """一天最多几次、几个 token。"""

    calls: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Usage:
    """某一天用了多少。"""

    day: date
    calls: int = 0
    tokens: int = 0


def usage_on(usage: Usage | None, now: datetime) -> Usage:
    """今天（北京时间）用了多少；过了零点从零算起。"""
    today = local_day(now)
    return usage if usage is not None and usage.day == today else Usage(today)


def within(usage: Usage, allowance: Allowance, tokens: int) -> bool:
    """再用一次、约 ``tokens`` 个，还在不在预算里。"""
    return usage.calls < allowance.calls and usage.tokens + tokens <= allowance.tokens


def spent(usage: Usage, tokens: int, *, calls: int = 0) -> Usage:
    """记上一笔。"""
    return replace(usage, calls=usage.calls + calls, tokens=usage.tokens + max(tokens, 0))


def estimated_tokens(text: str) -> int:
    """大约几个 token：一个汉字按一个，宁可多算。"""
    return len(text) + 4
