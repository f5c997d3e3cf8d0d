"""拒绝：做不了的时候抛出，文字就是给人看的那句话——哪里不对、该怎么写。"""

from __future__ import annotations

from dataclasses import dataclass


class Refusal(Exception):
    """一切拒绝的父类；``str(refusal)`` 可以直接回给用户。"""


class BadInput(Refusal):
    """写得不对：缺内容、格式错、数字不合理。"""


class NotFound(Refusal):
    """没有这个单位、编号或任务。"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """让人选的一项：代码和给人看的名称。"""

    code: str
    label: str


class Unclear(Refusal):
    """单位名认不准。``written`` 是比较用的写法；``candidates`` 让人选，前后各有一句话。"""

    def __init__(
        self,
        text: str,
        *,
        written: str = "",
        heading: str = "",
        candidates: tuple[Candidate, ...] = (),
        ending: str = "",
    ) -> None:
        super().__init__(text)
        self.written = written
        self.heading = heading
        self.candidates = candidates
        self.ending = ending


class Ambiguous(Unclear):
    """不止一个对得上，列出来让人选；绝不替人猜。"""


class Unrecognised(Unclear, NotFound):
    """一个也对不上，给出最接近的几个；绝不替人猜。"""


class WrongState(Refusal):
    """现在这个状态做不了这件事。"""


class WrongPlace(Refusal):
    """换个地方（私聊、群里）才能办。"""


class Denied(Refusal):
    """没有权限；会记进操作日志。"""


class Problems(Refusal):
    """一次指出好几处问题，一行一处。"""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
