"""The best one-to-one assignment of asked parts to recorded parts, over many records at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NO_MATCH: Final = -50.0


@dataclass(frozen=True, slots=True)
class Aligned:
    """to: (n, q) column of the record each asked part went to, -1 for none; value: (n, q) nats."""

    to: Ints
    value: Floats

    @property
    def matched(self) -> npt.NDArray[np.bool_]:
        """(n, q) whether an asked part was found."""
        return self.to >= 0


def align(ratio: npt.NDArray[np.floating[Any]]) -> Aligned:
    """Assigns greedily, best first; ratio (n, q, r) in nats, NO_MATCH where not neighbours.

    Greedy by value is exact unless two parts fight over two; then it loses at most the smaller.
    """
    n, q, r = ratio.shape
    left = ratio.copy()
    to = np.full((n, q), -1, dtype=np.int64)
    value = np.zeros((n, q))
    rows = np.arange(n)
    for _ in range(min(q, r)):
        best = left.reshape(n, q * r).argmax(axis=1)
        i, j = best // r, best % r
        found = left[rows, i, j]
        good = found > 0.0
        if not good.any():
            break
        at = rows[good]
        to[at, i[good]] = j[good]
        value[at, i[good]] = found[good]
        left[at, i[good], :] = NO_MATCH
        left[at, :, j[good]] = NO_MATCH
    return Aligned(to, value)


def inversions(to: Ints) -> Floats:
    """Pairs of asked parts found in the other order (n,)."""
    total = np.zeros(len(to))
    for i in range(to.shape[1]):
        for j in range(i + 1, to.shape[1]):
            both = (to[:, i] >= 0) & (to[:, j] >= 0)
            total += both & (to[:, i] > to[:, j])
    return total
