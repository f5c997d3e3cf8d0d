"""读表失败的错误：一句句中文，说清哪里不对、该怎么改。"""

from __future__ import annotations


class SheetError(Exception):
    """表格读不了。``problems`` 每项一句中文，可直接给用户看。"""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = problems
