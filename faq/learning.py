"""两个小小的学习器：条件逻辑回归（排序）与逻辑回归（把握）。纯 Python、无随机，结果可重算。"""

from collections.abc import Sequence
from math import exp, sqrt

Vector = Sequence[float]


def fit_choice(
    groups: Sequence[tuple[Sequence[Vector], int, float]],
    start: Vector,
    *,
    ridge: float = 0.002,
    rounds: int = 25,
    batch: int = 50,
) -> list[float]:
    """条件逻辑回归：每组是（候选特征、正确的是第几个、这一组的分量），返回各特征的权重。"""
    size = len(start)
    weights, momentum, variance = list(start), [0.0] * size, [0.0] * size
    step = 0
    for round_number in range(rounds):
        rate = 0.15 * (1 - round_number / rounds) + 0.005
        for offset in range(0, len(groups), batch):
            step += 1
            gradient = [-ridge * weight * batch for weight in weights]
            for vectors, right, share in groups[offset : offset + batch]:
                _add_choice_gradient(gradient, weights, vectors, right, share)
            for i, slope in enumerate(gradient):
                slope /= batch
                momentum[i] = 0.9 * momentum[i] + 0.1 * slope
                variance[i] = 0.99 * variance[i] + 0.01 * slope * slope
                corrected = momentum[i] / (1 - 0.9**step)
                weights[i] += rate * corrected / (sqrt(variance[i] / (1 - 0.99**step)) + 1e-8)
    return weights


def _add_choice_gradient(
    gradient: list[float], weights: Vector, vectors: Sequence[Vector], right: int, share: float
) -> None:
    totals = [dot(weights, vector) for vector in vectors]
    highest = max(totals)
    odds = [exp(total - highest) for total in totals]
    scale = sum(odds)
    for position, vector in enumerate(vectors):
        pull = share * ((position == right) - odds[position] / scale)
        if abs(pull) > 1e-6:
            for i, value in enumerate(vector):
                if value:
                    gradient[i] += pull * value


def fit_logistic(
    rows: Sequence[tuple[Vector, bool, float]], *, ridge: float = 1.0, rounds: int = 12
) -> list[float]:
    """逻辑回归（牛顿法）：每行是（特征、对不对、这一行的分量），第 0 个特征须是常数 1 且不受惩罚。"""
    size = len(rows[0][0])
    weights = [0.0] * size
    for _ in range(rounds):
        gradient = [-ridge * weight if i else 0.0 for i, weight in enumerate(weights)]
        hessian = [[ridge if i == j and i else 0.0 for j in range(size)] for i in range(size)]
        for vector, right, share in rows:
            chance = sigmoid(dot(weights, vector))
            pull, bend = share * (right - chance), share * chance * (1 - chance)
            present = [(i, value) for i, value in enumerate(vector) if value]
            for i, value in present:
                gradient[i] += pull * value
                line, scaled = hessian[i], bend * value
                for j, other in present:
                    line[j] += scaled * other
        for i in range(size):
            hessian[i][i] += 1e-6
        change = solve(hessian, gradient)
        weights = [weight + delta for weight, delta in zip(weights, change, strict=True)]
        if max(map(abs, change)) < 1e-5:
            break
    return weights


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """解线性方程组（选主元的高斯消元）；矩阵须可逆。"""
    size = len(right)
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda i: abs(rows[i][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = rows[column]
        for line in rows[column + 1 :]:
            factor = line[column] / head[column]
            if factor:
                for j in range(column, size + 1):
                    line[j] -= factor * head[j]
    found = [0.0] * size
    for i in range(size - 1, -1, -1):
        tail = sum(rows[i][j] * found[j] for j in range(i + 1, size))
        found[i] = (rows[i][size] - tail) / rows[i][i]
    return found


def dot(left: Vector, right: Vector) -> float:
    """两串数的点积。"""
    return sum(a * b for a, b in zip(left, right, strict=True))


def sigmoid(value: float) -> float:
    """把任意数压到 0 到 1。"""
    return 1 / (1 + exp(-max(-30.0, min(30.0, value))))
