"""学习器、评测数字与参数文件。"""

import json
from pathlib import Path

import pytest

from faq.analysis import default_analyser
from faq.classifier import Classifier, clues
from faq.datasets import DatasetError, load_samples
from faq.evaluate.judging import wilson
from faq.fit.__main__ import written, written_tone
from faq.fit.classifier import train
from faq.fit.learning import fit_choice, fit_logistic
from faq.fit.tone import train_tone
from faq.parameters import Parameters, default_parameters
from faq.tone import Tone


def test_choice_learns_which_feature_decides() -> None:
    groups = [([[1.0, 0.0], [0.0, 1.0]], 0, 1.0), ([[0.0, 1.0], [1.0, 0.0]], 1, 1.0)] * 20
    first, second = fit_choice(groups, [0.0, 0.0])
    assert first > second


def test_logistic_separates() -> None:
    rows = [([1.0, x / 10], x > 5, 1.0) for x in range(11)]
    _, slope = fit_logistic(rows, ridge=0.1)
    assert slope > 0


def test_wilson_matches_the_textbook() -> None:
    low, high = wilson(9, 10)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert wilson(0, 0) == (0.0, 1.0)


def test_parameters_survive_writing(tmp_path: Path) -> None:
    path = tmp_path / "parameters.toml"
    path.write_text(written(default_parameters()), encoding="utf-8")
    assert Parameters.load(path) == default_parameters()


def test_tone_tells_question_from_chatter(tmp_path: Path) -> None:
    asked = [(text, True, 1.0) for text in ("怎么填", "怎么录", "怎么改", "怎么报")]
    chatted = [(text, False, 1.0) for text in ("收到啦", "收到了", "收到哈", "收到")]
    path = tmp_path / "tone.toml"
    path.write_text(written_tone(*train_tone(asked + chatted)), encoding="utf-8")
    tone = Tone.load(path)
    assert tone.of("怎么办") > 0 > tone.of("收到")


def test_classifier_survives_writing_and_tells_entries_apart(tmp_path: Path) -> None:
    analyse = default_analyser().analyse
    texts = {"a": ["责任书几份", "责任书要几份", "几份责任书"], "b": ["密码忘了", "忘了密码", "密码忘记"]}
    rows = [(clues(analyse(text)), name) for name, group in texts.items() for text in group]
    rows += [(clues(analyse(text)), "-") for text in ("中午吃饭", "吃饭去", "食堂吃饭")]
    path = tmp_path / "classifier.txt"
    path.write_text(train(rows).written(), encoding="utf-8")
    classifier = Classifier.load(path)
    opinion = classifier.opinion(analyse("老师密码又忘了"))
    assert classifier.names[opinion.best(1)[0]] == "b"
    assert opinion.none_of_them < opinion.share(opinion.best(1)[0])
    chatter = classifier.opinion(analyse("去食堂吃饭"))
    assert classifier.names[chatter.best(1)[0]] == "-"


def test_samples_are_split(tmp_path: Path) -> None:
    rows = [
        {"q": "密码忘了", "id": "a", "style": "typo", "split": "fit"},
        {"q": "忘密码", "id": "a", "style": "voice", "split": "test"},
    ]
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "questions.jsonl").write_text(text, encoding="utf-8")
    (sample,) = load_samples(tmp_path, split="fit")
    assert (sample.turns, sample.id, sample.style) == (("密码忘了",), "a", "typo")


def test_broken_sample_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "chatter.jsonl").write_text('{"q": "好", "split": "fit"}\n{}\n', encoding="utf-8")
    with pytest.raises(DatasetError, match=r"chatter.jsonl 第 2 行"):
        load_samples(tmp_path)
