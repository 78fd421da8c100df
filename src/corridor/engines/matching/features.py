"""What is measured of a pair of rows before the model judges it."""

from __future__ import annotations

from typing import Any, Final

import numpy.typing as npt

from corridor.engines.matching.cells import UNLIKE
from corridor.engines.matching.compiled import compiled

Array = npt.NDArray[Any]

FEATURES: Final = (
    "bias", "evidence", "evidence_low", "worst", "worst_letter", "mean_letter",
    "conflict", "conflict_twice", "conflict_unlike", "extra", "extra_twice", "order",
    "first_good", "first_fair", "first_bad", "first_letter", "first_swapped", "first_lost",
    "last_good", "last_bad", "one_part", "two_parts", "three_parts",
    "age_same", "age_near", "age_off", "age_far", "age_unknown", "sex_differs", "sex_unknown",
)  # fmt: skip
_FIRST: Final = FEATURES.index("first_good")
_AGE: Final = FEATURES.index("age_same")


@compiled
def align(cell: Array, q: int, r: int, to: Array, taken: Array) -> int:
    """Pairs parts greedily, best first; returns how many. to: right place of each left part, or -1.

    cell: (MAX_PARTS, MAX_PARTS) nats. taken: which right parts were given.
    """
    to[:q], taken[:r] = -1, False
    count = 0
    for _ in range(min(q, r)):
        best, at, on = 0.0, -1, -1
        for i in range(q):
            if to[i] < 0:
                for j in range(r):
                    if not taken[j] and cell[i, j] > best:
                        best, at, on = cell[i, j], i, j
        if at < 0:
            break
        to[at], taken[on] = on, True
        count += 1
    return count


@compiled
def measure(
    cell: Array, q: int, r: int, to: Array, taken: Array, rarity: Array, letters: Array, out: Array
) -> None:
    """Features of the names of a pair with q left and r right parts, aligned.

    rarity, letters: (2, MAX_PARTS) of the parts of both sides.
    """
    count, order = 0, 0
    evidence, fits, worst, worst_fit, closest = 0.0, 0.0, 6.0, 1.0, UNLIKE
    for i in range(q):
        j = to[i]
        if j < 0:
            for k in range(r):
                if not taken[k]:
                    closest = max(closest, cell[i, k])
            continue
        count += 1
        fit = cell[i, j] / (letters[0, i] + letters[1, j])
        fits += fit
        worst_fit = min(worst_fit, fit)
        worst = min(worst, cell[i, j])
        evidence += min(cell[i, j], min(rarity[0, i], rarity[1, j]) + 1.0)
        for k in range(i):
            order += to[k] > j
    conflicts, extra = min(q, r) - count, abs(q - r)
    out[0], out[1], out[2] = 1.0, min(evidence, 40.0) / 10.0, min(evidence, 10.0) / 10.0
    out[3], out[4], out[5] = worst / 6.0, min(worst_fit, 0.9), fits / max(count, 1)
    out[6], out[7] = conflicts > 0, conflicts > 1
    out[8] = max(min(closest, 0.0), UNLIKE) / 10.0 if conflicts > 0 else 0.0
    out[9], out[10], out[11] = extra > 0, extra > 1, min(order, 3)
    ends(cell, q, r, to, taken, letters, out)
    out[_FIRST + 8], out[_FIRST + 9], out[_FIRST + 10] = count <= 1, count == 2, count == 3


@compiled
def ends(cell: Array, q: int, r: int, to: Array, taken: Array, letters: Array, out: Array) -> None:
    """Features of the given names and of the last names."""
    there = q > 0 and r > 0
    first = cell[0, 0] if there else UNLIKE
    last = cell[q - 1, r - 1] if there else UNLIKE
    out[_FIRST] = min(max(first - 3.0, 0.0), 4.0) / 4.0
    out[_FIRST + 1] = min(max(first, 0.0), 3.0) / 3.0
    out[_FIRST + 2] = max(min(first, 0.0), UNLIKE) / 10.0
    by_letter = first / (letters[0, 0] + letters[1, 0]) if there else -0.5
    out[_FIRST + 3] = min(max(by_letter, -0.5), 0.9)
    swapped = there and to[0] > 0
    for i in range(1, q):
        swapped = swapped or to[i] == 0
    out[_FIRST + 4] = swapped
    out[_FIRST + 5] = not there or to[0] < 0 or not taken[0]
    out[_FIRST + 6] = min(max(last, 0.0), 6.0) / 6.0
    out[_FIRST + 7] = max(min(last, 0.0), UNLIKE) / 10.0


@compiled
def facts(age: int, other_age: int, sex: int, other_sex: int, out: Array) -> None:
    """Features of ages in years (below 0: unknown) and sex codes (0: unknown)."""
    unknown, silent = age < 0 or other_age < 0, sex == 0 or other_sex == 0
    gap = 0 if unknown else abs(age - other_age)
    out[_AGE] = gap == 0 and not unknown
    out[_AGE + 1] = min(gap, 3)
    out[_AGE + 2] = min(max(gap - 3, 0), 7)
    out[_AGE + 3] = min(max(gap - 10, 0), 30) / 10.0
    out[_AGE + 4] = unknown
    out[_AGE + 5] = sex != other_sex and not silent
    out[_AGE + 6] = silent
