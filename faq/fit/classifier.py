"""拟合分类器：对全部问法做多类逻辑回归（scikit-learn），另有一类「哪条也不是」；无随机，可重算。"""

import warnings
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from faq.classifier import Classifier

STRENGTH = 30.0
FEWEST = 2  # 在这么多个问法里出现过的词才学
KEPT = 220  # 每个条目最多留几个词
SMALLEST = 0.7  # 再小的权重不留
ROUNDS = 50


def _same(clues: list[str]) -> list[str]:
    return clues


def train(rows: Sequence[tuple[list[str], str]]) -> Classifier:
    """从（线索、条目编号）学一个分类器；编号为 ``-`` 的是哪条也不是。"""
    vectoriser = TfidfVectorizer(analyzer=cast("Any", _same), sublinear_tf=True, min_df=FEWEST)
    matrix = vectoriser.fit_transform([clues for clues, _ in rows])
    model: Any = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, tol=1e-5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # 到了轮数就停，是有意的
        model.fit(matrix, [name for _, name in rows])
    terms = [str(term) for term in vectoriser.get_feature_names_out()]
    rarity = dict(zip(terms, np.round(vectoriser.idf_, 3).tolist(), strict=True))
    weights: dict[str, list[tuple[str, float]]] = {}
    names = [str(name) for name in model.classes_]
    for name, row in zip(names, model.coef_, strict=True):
        for number in np.argsort(-np.abs(row), kind="stable")[:KEPT]:
            if abs(row[number]) >= SMALLEST:
                weights.setdefault(terms[number], []).append((name, round(float(row[number]), 2)))
    bias = dict(zip(names, np.round(model.intercept_, 3).tolist(), strict=True))
    return Classifier({term: rarity[term] for term in sorted(weights)}, weights, bias)
