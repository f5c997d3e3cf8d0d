"""两个学习器：条件逻辑回归（排序，scipy）与逻辑回归（把握，scikit-learn）。无随机，结果可重算。"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

Vector = Sequence[float]


def fit_choice(
    groups: Sequence[tuple[Sequence[Vector], int, float]], start: Vector, *, ridge: float = 0.002
) -> list[float]:
    """条件逻辑回归：每组是（候选特征、正确的是第几个、这一组的分量），返回各特征的权重。"""
    most = max(len(vectors) for vectors, _, _ in groups)
    features = np.zeros((len(groups), most, len(start)))
    absent = np.full((len(groups), most), -1e9)
    for row, (vectors, _, _) in enumerate(groups):
        features[row, : len(vectors)] = vectors
        absent[row, : len(vectors)] = 0.0
    right = np.array([position for _, position, _ in groups])
    shares = np.array([share for _, _, share in groups])
    rows = np.arange(len(groups))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        totals = features @ weights + absent
        totals -= totals.max(axis=1, keepdims=True)
        odds = np.exp(totals)
        scale = odds.sum(axis=1)
        pull = odds / scale[:, None]
        pull[rows, right] -= 1.0
        value = (shares * (np.log(scale) - totals[rows, right])).mean() + ridge * weights @ weights / 2
        slope = np.einsum("gc,gcf->f", pull * shares[:, None], features) / len(groups) + ridge * weights
        return float(value), slope

    found = minimize(loss, np.array(start, dtype=float), jac=True, method="L-BFGS-B")
    return [float(weight) for weight in found.x]


def fit_logistic(rows: Sequence[tuple[Vector, bool, float]], *, ridge: float = 1.0) -> list[float]:
    """逻辑回归：每行是（特征、对不对、这一行的分量），第 0 个特征须是常数 1 且不受惩罚。"""
    features = np.array([vector[1:] for vector, _, _ in rows])
    right = np.array([answer for _, answer, _ in rows])
    shares = np.array([share for _, _, share in rows])
    model: Any = LogisticRegression(C=1 / ridge, solver="newton-cholesky", max_iter=200)
    model.fit(features, right, sample_weight=shares)
    return [float(model.intercept_[0]), *(float(weight) for weight in model.coef_[0])]
