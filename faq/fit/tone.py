"""拟合口气：提问与问法是一边，闲聊是另一边；二类逻辑回归。"""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from faq.tone import Tone, pieces

STRENGTH = 6.0
FEWEST = 3
SMALLEST = 0.3
PARTS = 5

# 一句话（去掉标点空白）、是不是来问的、分量
ToneRow = tuple[str, bool, float]


def train_tone(rows: Sequence[ToneRow]) -> tuple[dict[str, float], float]:
    """片段的权重与起点。"""
    vectoriser = CountVectorizer(analyzer=cast("Any", pieces), binary=True, min_df=FEWEST)
    counts: Any = vectoriser.fit_transform([text for text, _, _ in rows])
    matrix = normalize(counts.astype(float))
    model: Any = LogisticRegression(C=STRENGTH, max_iter=200)
    model.fit(matrix, [right for _, right, _ in rows], sample_weight=[share for _, _, share in rows])
    names = vectoriser.get_feature_names_out()
    order = np.argsort(names, kind="stable")
    weights = {
        str(names[i]): round(float(model.coef_[0][i]), 2) for i in order if abs(model.coef_[0][i]) >= SMALLEST
    }
    return weights, round(float(model.intercept_[0]), 3)


def crossed_tone(rows: Sequence[ToneRow]) -> list[float]:
    """每一句的口气，由没见过它的模型来判。"""
    found = [0.0] * len(rows)
    for part in range(PARTS):
        tone = Tone(*train_tone([row for i, row in enumerate(rows) if i % PARTS != part]))
        for i in range(part, len(rows), PARTS):
            found[i] = tone.of(rows[i][0])
    return found
