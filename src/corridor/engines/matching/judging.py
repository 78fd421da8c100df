"""Pairs of rows, many at once, in machine code: their features, or their log odds."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from corridor.engines.matching.cells import Chances, Forms, Kept, learn, look
from corridor.engines.matching.compiled import compiled
from corridor.engines.matching.features import align, facts, measure
from corridor.engines.names.parts import MAX_LETTERS, MAX_PARTS

Array = npt.NDArray[Any]


class Given(NamedTuple):
    """Two lists: forms of their parts, rows of parts, how rare each part sounds, ages, sexes."""

    forms: Forms
    other_forms: Forms
    rows: Array
    other_rows: Array
    rarity: Array
    other_rarity: Array
    age: Array
    other_age: Array
    sex: Array
    other_sex: Array


@compiled
def name_of(
    rows: Array, row: int, rarity: Array, letters: Array, rare: Array, long: Array, side: int
) -> int:
    """Copies rarity and letters of a row's parts to a side of the desk; returns how many parts."""
    count = 0
    while count < MAX_PARTS and rows[row, count] >= 0:
        rare[side, count] = rarity[rows[row, count]]
        long[side, count] = letters[rows[row, count]]
        count += 1
    return count


@compiled
def judge_rows(
    given: Given, how: Chances, known: Kept, left: Array, right: Array, kinds: Array,
    weights: Array, odds: Array, out: Array, places: Array, value: Array,
) -> None:  # fmt: skip
    """Log odds of pairs of rows into odds (n,); weights (kind, feature).

    If out (n, features) has rows: the features too, and the places and nats of left parts.
    """
    rows, others, letters, more = (
        given.rows,
        given.other_rows,
        given.forms.letters,
        given.other_forms.letters,
    )
    rare, long, cell = (
        np.zeros((2, MAX_PARTS)),
        np.zeros((2, MAX_PARTS)),
        np.zeros((MAX_PARTS, MAX_PARTS)),
    )
    to, taken = np.zeros(MAX_PARTS, np.int64), np.zeros(MAX_PARTS, np.bool_)
    room = np.zeros((3, MAX_LETTERS + 1))
    found = np.zeros(weights.shape[1])
    width = len(given.other_forms.of_part)
    for k in range(len(left)):
        a, b = left[k], right[k]
        q = name_of(rows, a, given.rarity, letters, rare, long, 0)
        r = name_of(others, b, given.other_rarity, more, rare, long, 1)
        if look(rows, a, q, others, b, r, width, known, cell):
            learn(given.forms, given.other_forms, how, rows, a, q, others, b, r, known, cell, room)
        align(cell, q, r, to, taken)
        measure(cell, q, r, to, taken, rare, long, found)
        facts(given.age[a], given.other_age[b], given.sex[a], given.other_sex[b], found)
        total = 0.0
        for f in range(len(found)):
            total += found[f] * weights[kinds[k], f]
        odds[k] = total
        if len(out):
            out[k] = found
            for i in range(q):
                places[k, i] = to[i]
                value[k, i] = cell[i, to[i]] if to[i] >= 0 else 0.0
