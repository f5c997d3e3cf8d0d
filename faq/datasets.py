"""评测数据：读 faq/evaluation/*.jsonl 里带标注的提问、闲聊、库里没有的问题和追问。只读，不改。"""

import json
from dataclasses import dataclass
from pathlib import Path

EVALUATION_FOLDER = Path(__file__).parent / "evaluation"
QUESTION, CHATTER, UNANSWERABLE, FOLLOWUP = "question", "chatter", "unanswerable", "followup"
_FILES = {
    QUESTION: "questions.jsonl",
    CHATTER: "chatter.jsonl",
    UNANSWERABLE: "unanswerable.jsonl",
    FOLLOWUP: "followups.jsonl",
}


class DatasetError(ValueError):
    """评测数据有错；说明是哪个文件第几行。"""


@dataclass(frozen=True, slots=True)
class Sample:
    """一条带标注的话：turns 的最后一句是要判断的，id 为空表示不该回答；round 是第几批写的。"""

    kind: str
    turns: tuple[str, ...]
    id: str | None
    style: str
    split: str
    round: int = 1


def load_samples(folder: Path = EVALUATION_FOLDER, *, split: str | None = None) -> list[Sample]:
    """读全部评测数据；split 为 fit 或 test 时只取那一部分。缺的文件当作空。"""
    found: list[Sample] = []
    for kind, name in _FILES.items():
        path = folder / name
        if path.exists():
            found.extend(_read(path, kind))
    return [sample for sample in found if split is None or sample.split == split]


def _read(path: Path, kind: str) -> list[Sample]:
    found: list[Sample] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            turns = tuple(row["turns"]) if kind == FOLLOWUP else (row["q"],)
            style = row.get("style") or row.get("kind") or kind
            found.append(Sample(kind, turns, row.get("id"), style, row["split"], row.get("round", 1)))
        except (ValueError, KeyError, TypeError) as error:
            raise DatasetError(f"{path.name} 第 {number} 行读不懂：{error}") from error
    return found
