"""说话的样子：提问、诉苦、应答、通知、闲聊、别的系统……没人点名时，靠它少插嘴。线索写在 cues.toml。"""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

CUES_FILE = Path(__file__).parent / "cues.toml"


class Cues:
    """每一类线索一个正则；find 返回每类命中几处（最多记 2）。"""

    def __init__(self, patterns: dict[str, list[str]]) -> None:
        self._patterns = {kind: re.compile("|".join(parts)) for kind, parts in patterns.items()}
        self.kinds = tuple(self._patterns)

    @classmethod
    def load(cls, path: Path = CUES_FILE) -> "Cues":
        """读线索文件。"""
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls({kind: table["patterns"] for kind, table in document.items()})

    def find(self, normal: str) -> dict[str, float]:
        """已规整的一句话里各类线索的多少，0、1 或 2。"""
        return {
            kind: float(min(2, sum(1 for _ in pattern.finditer(normal))))
            for kind, pattern in self._patterns.items()
        }

    def matches(self, kind: str, normal: str) -> list[str]:
        """一类线索在句子里命中的文字。"""
        return [found[0] for found in self._patterns[kind].finditer(normal)]


@lru_cache(maxsize=1)
def default_cues() -> Cues:
    """随包附带的线索，只读一次。"""
    return Cues.load()
