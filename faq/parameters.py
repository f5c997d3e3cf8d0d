"""检索参数：排序权重、把握程度的权重、三段的门槛。由 faq.fit 算出，写在 parameters.toml，人能看懂。"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

PARAMETERS_FILE = Path(__file__).parent / "parameters.toml"


@dataclass(frozen=True, slots=True)
class Situation:
    """一种场合（被点名、没点名）的把握模型与门槛；门槛是 0 到 1 的把握。

    weights 判第一名对不对，listed 判前三名里有没有对的（只有被点名时用得着）。
    """

    weights: dict[str, float]
    answer: float
    listed: dict[str, float]
    suggest: float


@dataclass(frozen=True, slots=True)
class Parameters:
    """全部参数。"""

    rank: dict[str, float]
    mentioned: Situation
    overheard: Situation
    turns_rank: dict[str, float]
    turns_weights: dict[str, float]

    @classmethod
    def blank(cls, rank: dict[str, float]) -> "Parameters":
        """还没有拟合过的参数：只有排序的起步权重，什么也不敢答。"""
        nothing = Situation({}, 1.0, {}, 1.0)
        return cls(rank, nothing, nothing, {}, {})

    @classmethod
    def load(cls, path: Path = PARAMETERS_FILE) -> "Parameters":
        """读参数文件。"""
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        mentioned, overheard = (
            Situation(listed=document[name].get("listed", {}), **_flat(document[name]))
            for name in ("mentioned", "overheard")
        )
        turns = document["turns"]
        return cls(document["rank"], mentioned, overheard, turns["rank"], turns["weights"])


def _flat(table: dict[str, Any]) -> dict[str, Any]:
    return {"weights": table["weights"], **table["bands"]}


@lru_cache(maxsize=1)
def default_parameters() -> Parameters:
    """随包附带的参数，只读一次。"""
    return Parameters.load()
