"""What is measured of a pair of rows before the model judges it."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from corridor.engines.matching.alignment import Aligned, inversions
from corridor.engines.matching.cells import UNLIKE

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]

FEATURES: Final = (
    "bias", "evidence", "evidence_low", "worst", "worst_letter", "mean_letter",
    "first_good", "first_fair", "first_bad", "first_letter", "first_swapped", "first_lost",
    "last_good", "last_bad", "conflict", "conflict_twice", "conflict_unlike", "extra",
    "extra_twice", "order", "one_part", "two_parts", "three_parts",
    "age_same", "age_near", "age_off", "age_far", "age_unknown", "sex_differs", "sex_unknown",
)  # fmt: skip


class Facts(NamedTuple):
    """Ages in years (below 0: unknown) and sex codes (0: unknown) of both sides, (n,) each."""

    age: Whole
    other_age: Whole
    sex: Whole
    other_sex: Whole


def measured(
    ratio: npt.NDArray[Any], found: Aligned, lefts: Bools, rights: Bools,
    rarity: npt.NDArray[Any], letters: npt.NDArray[Any], facts: Facts,
) -> Floats:  # fmt: skip
    """Features (n, len(FEATURES)) of n pairs with q left and r right parts.

    ratio, rarity, letters: (n, q, r) log ratio of two parts, how rare the commoner one sounds in
    nats, letters of both. lefts, rights: which parts there are.
    """
    n, q, _ = ratio.shape
    rows, matched = np.arange(n)[:, None], found.matched
    to = np.maximum(found.to, 0)
    left_count, right_count = lefts.sum(axis=1), rights.sum(axis=1)
    count = matched.sum(axis=1)
    columns = np.arange(q)[None, :]
    letter = ratio / letters
    fit = np.where(matched, letter[rows, columns, to], 1.0)
    strength = np.where(matched, np.minimum(found.value, rarity[rows, columns, to] + 1.0), 0.0)
    evidence = strength.sum(axis=1)
    first = ratio[:, 0, 0]
    last = ratio[rows[:, 0], np.maximum(left_count - 1, 0), np.maximum(right_count - 1, 0)]
    conflicts = np.minimum(left_count, right_count) - count
    free = lefts & ~matched
    taken = np.zeros(rights.shape, dtype=bool)
    for i in range(q):
        taken[rows[:, 0], to[:, i]] |= matched[:, i]
    open_cells = free[:, :, None] & (rights & ~taken)[:, None, :]
    closest = np.where(open_cells, ratio, UNLIKE).max(axis=(1, 2))
    extra = np.abs(left_count - right_count)
    out = np.empty((n, len(FEATURES)))
    for k, value in enumerate((
        1.0,
        np.minimum(evidence, 40.0) / 10.0,
        np.minimum(evidence, 10.0) / 10.0,
        np.where(matched, np.minimum(found.value, 6.0), 6.0).min(axis=1) / 6.0,
        np.minimum(fit.min(axis=1), 0.9),
        np.where(matched, fit, 0.0).sum(axis=1) / np.maximum(count, 1),
        np.clip(first - 3.0, 0.0, 4.0) / 4.0,
        np.clip(first, 0.0, 3.0) / 3.0,
        np.clip(first, UNLIKE, 0.0) / 10.0,
        np.clip(letter[:, 0, 0], -0.5, 0.9),
        (found.to[:, 0] > 0) | (matched[:, 1:] & (found.to[:, 1:] == 0)).any(axis=1),
        ~matched[:, 0] | ~taken[:, 0],
        np.clip(last, 0.0, 6.0) / 6.0,
        np.clip(last, UNLIKE, 0.0) / 10.0,
        conflicts > 0,
        conflicts > 1,
        np.where(conflicts > 0, np.clip(closest, UNLIKE, 0.0), 0.0) / 10.0,
        extra > 0,
        extra > 1,
        np.minimum(inversions(found.to), 3.0),
        count <= 1,
        count == 2,
        count == 3,
        *_facts(facts),
    )):  # fmt: skip
        out[:, k] = value
    return out


def _facts(facts: Facts) -> tuple[Any, ...]:
    unknown = (facts.age < 0) | (facts.other_age < 0)
    gap = np.where(unknown, 0, np.abs(facts.age - facts.other_age))
    silent = (facts.sex == 0) | (facts.other_sex == 0)
    return (
        (gap == 0) & ~unknown, np.minimum(gap, 3), np.clip(gap - 3, 0, 7),
        np.clip(gap - 10, 0, 30) / 10.0, unknown, (facts.sex != facts.other_sex) & ~silent, silent,
    )  # fmt: skip
