"""知识的主题：代号与中文名，写在 entries/*.toml 的开头。"""

import tomllib
from pathlib import Path

from faq.entries import ENTRIES_FOLDER


def load_topics(folder: Path = ENTRIES_FOLDER) -> dict[str, str]:
    """主题代号 → 中文名；只读每个文件第一条之前的几行。"""
    heads = (
        path.read_text(encoding="utf-8").split("[[entry]]", 1)[0] for path in sorted(folder.glob("*.toml"))
    )
    documents = (tomllib.loads(head) for head in heads)
    return {document["topic"]: document.get("title", document["topic"]) for document in documents}
