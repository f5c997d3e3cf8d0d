"""命令行入口：只用知识条目、问法与评测数据的 fit 部分，写出 classifier.txt、parameters.toml、tone.toml。"""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace

from faq.classifier import CLASSIFIER_FILE, Classifier
from faq.datasets import load_samples
from faq.entries import load_entries
from faq.fit.confidence import situations, tone_rows
from faq.fit.examples import learned_from, readings
from faq.fit.ranking import START, rank_weights, rerank
from faq.fit.tone import train_tone
from faq.fit.turns import fit_turns
from faq.parameters import PARAMETERS_FILE, Parameters
from faq.retriever import Retriever
from faq.tone import TONE_FILE, Tone


def written(parameters: Parameters) -> str:
    """参数文件的文字。"""
    lines = ["# 检索参数：由 python -m faq.fit 在 fit 部分上算出，可重算；不手改。", "[rank]"]
    lines += [f"{name} = {value}" for name, value in parameters.rank.items()]
    for name, situation in (("mentioned", parameters.mentioned), ("overheard", parameters.overheard)):
        lines += ["", f"[{name}.weights]"]
        lines += [f"{key} = {value}" for key, value in situation.weights.items()]
        if situation.listed:
            lines += ["", f"[{name}.listed]"]
            lines += [f"{key} = {value}" for key, value in situation.listed.items()]
        lines += ["", f"[{name}.bands]", f"answer = {situation.answer}", f"suggest = {situation.suggest}"]
    for name, weights in (("rank", parameters.turns_rank), ("weights", parameters.turns_weights)):
        lines += ["", f"[turns.{name}]", *(f"{key} = {value}" for key, value in weights.items())]
    return "\n".join(lines) + "\n"


def written_tone(weights: Mapping[str, float], bias: float) -> str:
    """口气表文件的文字。"""
    lines = ["# 口气：由 python -m faq.fit 算出；正数像来问的，负数像闲话。^ 句首，$ 句尾。"]
    lines += [f"bias = {bias}", "", "[pieces]"]
    lines += [f"{json.dumps(piece, ensure_ascii=False)} = {weight}" for piece, weight in weights.items()]
    return "\n".join(lines) + "\n"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """拟合全部参数。"""
    entries, samples = load_entries(), load_samples(split="fit")
    before = Parameters.blank(START)
    reader = Retriever(entries, parameters=before, tone=Tone({}), classifier=Classifier({}, {}, {}))
    reads = readings(entries, samples, before, reader)
    _say(f"训练提问 {len(reads)} 条")
    rank = rank_weights(reads)
    rerank(reads, rank)
    found = situations(reads, _say)
    classifier = learned_from(entries, samples, reader)
    CLASSIFIER_FILE.write_text(classifier.written(), encoding="utf-8")
    parameters = replace(before, rank=rank, **found)
    tone, bias = train_tone([row for row in tone_rows(reads) if row[2]])
    TONE_FILE.write_text(written_tone(tone, bias), encoding="utf-8")
    parameters = fit_turns(entries, samples, parameters, (classifier, Tone(tone, bias)))
    PARAMETERS_FILE.write_text(written(parameters), encoding="utf-8")
    _say(f"已写入 {CLASSIFIER_FILE.name}、{PARAMETERS_FILE.name}、{TONE_FILE.name}")


if __name__ == "__main__":
    main()
