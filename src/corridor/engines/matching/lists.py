"""Links two lists person by person, and finds people who stand in one list twice.

Rare parts propose a few candidates for each person, the pair model judges them. A chance is shared
among rivals: if two rows of the right list fit one of the left equally well, neither is likelier
than a half. Between two lists each row is linked once at most, so that the sum of log odds is best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from corridor.engines.matching.arrays import Arrays
from corridor.engines.matching.assignment import assign
from corridor.engines.matching.evidence import Person
from corridor.engines.matching.pairs import Comparison, Side
from corridor.engines.matching.search import Asked, adjust, enquiry

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_CANDIDATES: Final = 20
NEVER_FAR: Final = 100.0  # nats: who stands in a list is no measure of the others
HARDLY: Final = -7.0  # log odds below which a pair is forgotten
CHUNK: Final = 4_000  # readings whose candidates are held together
NO_ROWS: Final = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Linked:
    """Two rows that may be one person: places in their lists, chance (0..1) and reasons."""

    left: int
    right: int
    score: float
    reasons: str


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Candidate pairs of people with log odds and the readings that gave them."""

    left: Ints
    right: Ints
    odds: Floats
    readings: Ints  # (n, 2) row of the left comparison, row of the index

    def of(self, keep: npt.NDArray[Any]) -> _Pairs:
        return _Pairs(self.left[keep], self.right[keep], self.odds[keep], self.readings[keep])


def link(left: Sequence[Person], right: Sequence[Person], *, threshold: float) -> list[Linked]:
    """Pairs of the two lists at or above the threshold, each row once, the likeliest first."""
    index = Arrays(right)
    compare = Comparison(Side(left), Side(right))
    found = _candidates(compare, index, len(right), itself=False)
    score = _shared(found, len(left), len(right))
    keep = np.flatnonzero(score >= threshold)
    chosen = keep[assign(found.left[keep], found.right[keep], _odds(score[keep]))]
    return _told(compare, found, score, chosen)


def dedupe(people: Sequence[Person], *, threshold: float) -> list[Linked]:
    """Pairs of one list at or above the threshold, left before right, the likeliest first."""
    index, side = Arrays(people), Side(people)
    compare = Comparison(side, side)
    found = _candidates(compare, index, len(people), itself=True)
    score = 1.0 / (1.0 + np.exp(-found.odds))
    return _told(compare, found, score, np.flatnonzero(score >= threshold))


def _candidates(compare: Comparison, index: Arrays, rights: int, *, itself: bool) -> _Pairs:
    """The likeliest reading of every pair of people that a rare part proposes."""
    asked = [adjust(index, part) for part in compare.left.parts]
    readings = len(compare.left.rows)
    some = [
        _likely(compare, index, asked, range(at, min(at + CHUNK, readings)), itself=itself)
        for at in range(0, readings, CHUNK)
    ]
    found = _Pairs(
        *(np.concatenate([getattr(one, name) for one in some] or [empty])
          for name, empty in (("left", NO_ROWS), ("right", NO_ROWS), ("odds", np.zeros(0)),
                              ("readings", np.zeros((0, 2), np.int64))))
    )  # fmt: skip
    # Each pair once, whichever readings proposed it.
    order = np.lexsort((-found.odds, found.right, found.left))
    code = found.left[order] * max(1, rights) + found.right[order]
    return found.of(order[np.r_[True, code[1:] != code[:-1]]] if len(order) else order)


def _likely(
    compare: Comparison, index: Arrays, asked: Sequence[Asked], readings: range, *, itself: bool
) -> _Pairs:
    """The pairs that some readings of the left propose and that are not wholly unlikely."""
    lefts, rows = [NO_ROWS], [NO_ROWS]
    side = compare.left
    for reading in readings:
        numbers = side.rows[reading]
        parts = [asked[n] for n in numbers[numbers >= 0].tolist()]
        if not parts:
            continue
        person = side.list[side.people[reading]]
        found = index.best(enquiry(index, parts, person), MOST_CANDIDATES, NEVER_FAR)
        near = np.array([row for _, row in found], dtype=np.int64)
        rows.append(near)
        lefts.append(np.full(len(near), reading, dtype=np.int64))
    left, row = np.concatenate(lefts), np.concatenate(rows)
    person, other = side.people[left], index.person_of(row)
    if itself:
        kept = person != other
        left, row, person, other = left[kept], row[kept], person[kept], other[kept]
        person, other = np.minimum(person, other), np.maximum(person, other)
    odds = compare.odds(left, row)
    pairs = _Pairs(person, other, odds, np.column_stack([left, row]))
    return pairs.of(np.flatnonzero(odds > HARDLY))


def _shared(found: _Pairs, lefts: int, rights: int) -> Floats:
    """Chances (n,) with rivals: all pairs of the same left or right row share one whole."""
    weight = np.exp(np.clip(found.odds, -30, 30))
    by_left = np.bincount(found.left, weight, minlength=lefts)[found.left]
    by_right = np.bincount(found.right, weight, minlength=rights)[found.right]
    chance: Floats = weight / (1.0 + by_left + by_right - weight)
    return chance


def _odds(score: Floats) -> Floats:
    kept = np.clip(score, 1e-9, 1 - 1e-9)
    odds: Floats = np.log(kept) - np.log1p(-kept)
    return odds


def _told(compare: Comparison, found: _Pairs, score: Floats, chosen: Ints) -> list[Linked]:
    order = chosen[np.lexsort((found.right[chosen], found.left[chosen], -score[chosen]))]
    reasons = compare.reasons(found.readings[order, 0], found.readings[order, 1])
    return [
        Linked(int(found.left[k]), int(found.right[k]), float(score[k]), why)
        for k, why in zip(order.tolist(), reasons, strict=True)
    ]
