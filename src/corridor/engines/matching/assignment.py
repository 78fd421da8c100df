"""The best one-to-one choice among weighted pairs of two lists."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

STEP: Final = 1e-3  # gain below which a choice may stay short of the best, per row


def assign(left: npt.NDArray[Any], right: npt.NDArray[Any], gain: npt.NDArray[Any]) -> Ints:
    """Numbers of the chosen pairs: no row twice, the sum of gains best (within STEP a row).

    An auction: rows of the left bid for rows of the right, at most up to the gain that leaving the
    row alone would cost them. Gains are made positive first, so that more links are better.
    """
    value = np.asarray(gain, dtype=np.float64)
    if not len(value):
        return np.zeros(0, dtype=np.int64)
    value = value - min(0.0, float(value.min())) + STEP
    offers: dict[int, list[tuple[int, float, int]]] = defaultdict(list)
    for number, (i, j, v) in enumerate(
        zip(left.tolist(), right.tolist(), value.tolist(), strict=True)
    ):
        offers[i].append((j, v, number))
    price: dict[int, float] = defaultdict(float)
    owner: dict[int, tuple[int, int]] = {}
    waiting = sorted(offers, reverse=True)
    while waiting:
        i = waiting.pop()
        best, second, won = 0.0, 0.0, (-1, -1)  # staying alone is worth nothing
        for j, v, number in offers[i]:
            profit = v - price[j]
            if profit > best:
                best, second, won = profit, best, (j, number)
            elif profit > second:
                second = profit
        j, number = won
        if j < 0:
            continue
        price[j] += best - second + STEP
        if j in owner:
            waiting.append(owner[j][0])
        owner[j] = (i, number)
    return np.array(sorted(number for _, number in owner.values()), dtype=np.int64)
