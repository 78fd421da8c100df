"""The engine's inner loops in machine code, over arrays (extra `lab`)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from corridor.engines.matching import postings, scoring
from corridor.engines.matching import walk as walking
from corridor.engines.matching.compiled import callable_when_compiled, compiled
from corridor.engines.matching.postings import FACT, ROW, ROWS
from corridor.engines.matching.scoring import FIRST_TO_FIRST, HAIR
from corridor.engines.matching.spelling import Spelling
from corridor.engines.matching.vocabulary import MOST_NEIGHBOURS
from corridor.engines.matching.walk import DEPTHS, MOST_FOUND, ROOM, Question, Tree
from corridor.engines.names.parts import MAX_PARTS

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]

for _part in (walking.promised, walking.stands):
    callable_when_compiled(_part)
walk = compiled(walking.walk)
placed = compiled(scoring.placed)
gather = compiled(postings.gather)
living = compiled(postings.living)
filled = compiled(postings.filled)
nothing = compiled(postings.nothing)


class FastWalks:
    """`vocabulary.Walks` in machine code."""

    def __init__(self) -> None:
        self._room = [np.zeros(size) for size in (ROOM, DEPTHS, DEPTHS)]
        self._bounds = np.zeros(DEPTHS, np.int32), np.zeros(DEPTHS, np.int32)
        self._path = np.zeros(DEPTHS, np.int64)
        self._found = np.zeros(MOST_FOUND, np.int32)
        self._value = np.zeros(MOST_FOUND)

    def __call__(self, tree: Tree, asked: Question, least: float) -> list[tuple[int, float]]:
        """See `vocabulary.Walks`."""
        if tree.packed is None:
            tree.packed = [
                np.frombuffer(x, x.typecode)
                for x in (tree.nodes, tree.letters, tree.start, tree.number, tree.cost)
            ]
        if asked.packed is None:
            asked.packed = (
                _chance(asked.how)[:, asked.columns].ravel(),
                np.array(asked.potential),
                *(np.array(x, dtype=np.int64) for x in (asked.wants, asked.helps)),
            )
        nodes, letters, start, number, cost = tree.packed
        steps, *rest = asked.packed
        count = walk(
            nodes, letters, asked.size, steps, *_left(asked.how), *rest, math.exp(least),
            math.exp(least + asked.apart), *self._room, *self._bounds, self._path, self._found,
            self._value,
        )  # fmt: skip
        form, ratio = self._found[:count], np.log(self._value[:count]) - asked.apart
        many = start[form + 1] - start[form]
        first = np.cumsum(many) - many
        at = np.arange(many.sum()) + np.repeat(start[form] - first, many)
        ratio = np.repeat(ratio, many) - cost[at]
        good = np.flatnonzero(ratio > least)
        if len(good) > MOST_NEIGHBOURS:
            good = good[np.argpartition(-ratio[good], MOST_NEIGHBOURS)[:MOST_NEIGHBOURS]]
        return list(zip(number[at[good]].tolist(), ratio[good].tolist(), strict=True))


@cache
def _chance(how: Spelling) -> Floats:
    return np.array(how.chance).reshape(-1, how.width)


@cache
def _left(how: Spelling) -> tuple[Floats, Array]:
    return np.array(how.left), np.array(how.bits, dtype=np.int64)


@compiled
def spread(ids: Ints, ratio: Floats, ends: Ints, value: Array) -> None:
    """Writes the ratios of each asked part's neighbours into value (asked part, part)."""
    for i in range(len(ends) - 1):
        for k in range(ends[i], ends[i + 1]):
            value[i, ids[k]] = ratio[k]


@compiled
def clear(ids: Ints, ends: Ints, value: Array) -> None:
    """Takes them out again."""
    for i in range(len(ends) - 1):
        for k in range(ends[i], ends[i + 1]):
            value[i, ids[k]] = 0.0


@compiled
def consider(
    row: int, parts: Array, value: Array, lost: Floats, facts: float,
    top: Floats, who: Array, count: int, away: float, cell: Floats, to: Array,
) -> int:  # fmt: skip
    """Scores a row and keeps it if it is among the best; returns how many are kept."""
    q, r = len(lost), 0
    while r < MAX_PARTS and parts[r] >= 0:
        r += 1
    bound = facts + FIRST_TO_FIRST
    for i in range(q):
        best = lost[i]
        for j in range(r):
            found = value[i, parts[j]]
            cell[i * MAX_PARTS + j] = found
            best = max(best, found)
        bound += best
    if bound + HAIR < floor(top, count, away):
        return count
    return int(kept(facts + placed(cell, q, r, lost, to), row, top, who, count))


@compiled
def kept(score: float, row: int, top: Floats, who: Array, count: int) -> int:
    """Keeps a row if it is among the best, ties by row; returns how many are kept."""
    if count == len(top):
        if score < top[-1] or (score == top[-1] and row > who[-1]):
            return count
        count -= 1
    at = count
    while at and (top[at - 1] < score or (top[at - 1] == score and who[at - 1] > row)):
        top[at], who[at] = top[at - 1], who[at - 1]
        at -= 1
    top[at], who[at] = score, row
    return count + 1


@compiled
def floor(top: Floats, count: int, away: float) -> float:
    """What a row must score to be of interest: as much as the last kept, at most `away` behind."""
    if not count:
        return -1e9
    far = top[0] - away
    return float(max(far, top[-1])) if count == len(top) else float(far)


@compiled
def rank(
    ids: Ints, ratio: Floats, ends: Ints, order: Ints, lost: Floats, value: Array,
    starts: Array, posts: Ints, rows: Array, fact: Array, by_fact: Floats,
    settled: int, size: int, away: float, seen: Array, touched: Array, top: Floats, who: Array,
) -> int:  # fmt: skip
    """The best rows for an asked name in top (scores) and who (rows); returns how many.

    Parts are read in `order`, rare ones first, neighbours by their ratio, until no row that was
    not met yet can be of interest; of the others, those whose age and sex rule them out are passed
    over. Rows from `settled` on have no postings yet: all are looked at.
    """
    cell, to = np.zeros(len(lost) * MAX_PARTS), np.zeros(len(lost), np.int64)
    count = met = 0
    may = np.empty(len(lost))  # the most a row that was not met can still have of each asked part
    for i in range(len(lost)):
        may[i] = max(lost[i], ratio[ends[i]] if ends[i] < ends[i + 1] else lost[i])
    likeliest = by_fact.max()
    for row in range(settled, size):
        odds = by_fact[fact[row]]
        count = consider(row, rows[row], value, lost, odds, top, who, count, away, cell, to)
    for i in order:
        for k in range(ends[i], ends[i + 1]):
            may[i] = max(lost[i], ratio[k])
            name = may.sum() + FIRST_TO_FIRST + HAIR
            if name + likeliest < floor(top, count, away):
                break
            if ids[k] + 1 >= len(starts):
                continue
            for at in range(starts[ids[k]], starts[ids[k] + 1]):
                row = posts[at]
                odds = by_fact[fact[row]]
                if seen[row] or name + odds < floor(top, count, away):
                    continue
                seen[row] = 1
                touched[met] = row
                met += 1
                count = consider(row, rows[row], value, lost, odds, top, who, count, away, cell, to)
        else:
            may[i] = lost[i]
    for k in range(met):
        seen[touched[k]] = 0
    while count and top[count - 1] < top[0] - away:
        count -= 1
    return count


@compiled
def settle(
    first: int, end: int, code: Array, head: Ints, link: Ints, cell: Ints, worth: Floats,
    bound: Floats, odds: Floats, lost: Floats, away: float, top: Floats, who: Array, count: int,
) -> int:  # fmt: skip
    """See `reading.PlainLoops.settle`; the best are in top (scores) and who (rows)."""
    cells, to = np.zeros(len(lost) * MAX_PARTS), np.zeros(len(lost), np.int64)
    none = nothing(lost)
    for here in range(first, end):
        facts = odds[code[here] >> FACT]
        if facts + none + bound[here] < floor(top, count, away):
            continue
        parts = filled(here, code, head, link, cell, worth, cells)
        score = facts + placed(cells, len(lost), parts, lost, to)
        count = kept(score, code[here] >> ROW & ROWS, top, who, count)
    return count


class FastLoops:
    """`reading.Loops` in machine code."""

    gather = staticmethod(gather)
    living = staticmethod(living)

    def whole(self, values: Iterable[int]) -> Array:
        return np.array(list(values), dtype=np.int64)

    def real(self, values: Iterable[float]) -> Floats:
        return np.array(list(values), dtype=np.float64)

    def empty(self, size: int, kind: str) -> Array:
        return np.zeros(size, dtype=kind)

    def longer(self, values: Array, size: int) -> Array:
        out = np.zeros(size, dtype=values.dtype)
        out[: len(values)] = values
        return out

    def opened(self, blob: bytes) -> Array:
        return np.frombuffer(blob, dtype=np.int64)

    def settle(self, *values: Any) -> list[tuple[float, int]]:
        """See `reading.PlainLoops.settle`."""
        *rows, most, away, best = values
        top, who = np.zeros(most), np.zeros(most, dtype=np.int64)
        for at, (score, row) in enumerate(best):
            top[at], who[at] = -score, row
        count = settle(*rows, away, top, who, len(best))
        return list(zip((-top[:count]).tolist(), who[:count].tolist(), strict=True))
