"""命令行入口：打印要达到的数、各种样子的细表、快慢和没做对的。"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from faq.datasets import CHATTER, FOLLOWUP, QUESTION, UNANSWERABLE, Sample, load_samples
from faq.entries import load_entries
from faq.evaluate.goals import both, reached
from faq.evaluate.judging import Outcome, figure
from faq.evaluate.speed import speed_lines
from faq.retriever import Retriever

ROUNDS = {
    2: "只看第二批（更难：标准问法里的词尽量不出现）",
    4: "只看第四批（参数定了以后另请人出的考卷）",
}
KIND_NAMES = {QUESTION: "提问", FOLLOWUP: "追问", UNANSWERABLE: "库里没有", CHATTER: "闲聊"}


def goal_table(outcomes: Mapping[bool, Sequence[Outcome]], title: str) -> list[str]:
    """要达到的数的一张表。"""
    lines = [f"\n## {title}", "目标 | 条数 | 实际% [95% 区间] | 要求% | 达到"]
    return [*lines, *(row.line() for row in reached(outcomes))]


def detail_table(outcomes: Sequence[Outcome], *, overheard: bool) -> list[str]:
    """一种场合的细表，一行一种样子。"""
    place = "没点名（overheard）" if overheard else "点名（mentioned）"
    lines = [
        f"\n## 细表：{place}",
        "样子 | 条数 | 首位命中% | 回答或候选命中% | 回答且对% | 不出声% | 答错%",
    ]
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        kind = KIND_NAMES[outcome.sample.kind]
        groups.setdefault(kind, []).append(outcome)
        groups.setdefault(f"{kind}·{outcome.sample.style}", []).append(outcome)
    for name in sorted(groups):
        rows = groups[name]
        asked = rows[0].sample.id is not None
        cells = [
            name,
            str(len(rows)),
            figure(rows, lambda o: o.first) if asked else "-",
            figure(rows, lambda o: o.listed) if asked else "-",
            figure(rows, lambda o: o.right) if asked else "-",
            figure(rows, lambda o: not o.replied),
            figure(rows, lambda o: o.wrong),
        ]
        lines.append(" | ".join(cells))
    return lines


def misses(outcomes: Iterable[Outcome]) -> list[str]:
    """没做对的样本，一行一条：样子、原话、该是、实是、把握。"""
    lines = ["\n## 没做对的"]
    for outcome in outcomes:
        expected = outcome.sample.id
        if outcome.first or (expected is None and not outcome.answered):
            continue
        cells = (
            outcome.sample.style,
            " ⏎ ".join(outcome.sample.turns),
            f"该是 {expected or '不答'}",
            f"{outcome.decision.kind} {'、'.join(outcome.shown) or '（不出声）'}",
            str(outcome.decision.score),
        )
        lines.append(" | ".join(cells))
    return lines


def case_lines(path: Path, retriever: Retriever) -> list[str]:
    """坏例文件（/知识 坏例 导出的 .jsonl）：现在还会不会那样答。"""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    lines = [f"\n## 坏例 {len(rows)} 条", "原话 | 错答过 | 现在"]
    still = 0
    for row in rows:
        decision = retriever.decide(row["q"])
        same = decision.id == row["wrong"]
        still += same
        lines.append(f"{row['q']} | {row['wrong']} | {'仍然这样答' if same else decision.kind}")
    return [*lines, f"仍然错 {still} 条"]


def main(arguments: Sequence[str] | None = None) -> None:
    """命令行入口。"""
    parser = argparse.ArgumentParser(prog="python -m faq.evaluate", description="评测问答检索")
    parser.add_argument("--split", choices=("fit", "test"), default="test", help="看哪一部分，默认 test")
    parser.add_argument("--misses", action="store_true", help="列出没做对的")
    parser.add_argument("--no-speed", action="store_true", help="不量快慢")
    parser.add_argument("--cases", type=Path, help="坏例文件，看现在还会不会那样答")
    options = parser.parse_args(arguments)
    entries = load_entries()
    samples = load_samples(split=options.split)
    retriever = Retriever(entries)
    lines = [
        f"# python -m faq.evaluate --split {options.split}",
        "参数由 python -m faq.fit 只从问法和评测数据的 fit 部分算出（无随机，无种子）；区间为 95% Wilson",
        f"条目 {len(entries)} 条，问法 {sum(1 + len(e.aliases) for e in entries)} 个，样本 {len(samples)} 条",
    ]
    outcomes = both(retriever, samples)
    lines += goal_table(outcomes, "全部样本")
    for number, title in ROUNDS.items():
        chosen = {key: [o for o in rows if o.sample.round == number] for key, rows in outcomes.items()}
        lines += goal_table(chosen, title)
    for overheard, rows in outcomes.items():
        lines += detail_table(rows, overheard=overheard)
        if options.misses:
            lines += misses(rows)
    if options.cases:
        lines += case_lines(options.cases, retriever)
    if not options.no_speed:
        lines += speed_lines(entries, _asked(samples))
    sys.stdout.write("\n".join(lines) + "\n")


def _asked(samples: Iterable[Sample]) -> list[str]:
    return [sample.turns[-1] for sample in samples if sample.kind == QUESTION]


if __name__ == "__main__":
    main()
