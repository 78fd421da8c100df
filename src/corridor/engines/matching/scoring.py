"""The score of one recorded name for an asked name: the best one-to-one alignment of their parts.

Plain Python over flat sequences; `kernels` compiles the same lines.
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from typing import Final

from corridor.engines.names.parts import MAX_PARTS, Part

HAIR: Final = 1e-9  # nats that sums in another order may differ by
FAR: Final = 12.0  # nats behind the best: a row is no answer any more
FIRST_TO_FIRST: Final = 1.0
FIRST_ELSEWHERE: Final = -1.0
INVERSION: Final = -0.6
RECORD_PART_LEFT: Final = -0.15
MISSING: Final = {
    "name": -4.5,
    "kunya": -0.7,
    "nickname": -0.7,
    "maiden": -0.9,
    "kin": -0.4,
    "initial": -0.5,
}
FIRST_MISSING: Final = -1.5  # the given name weighs more than the others


def missing(asked: Sequence[Part]) -> list[float]:
    """Nats that each asked part costs when the record has none like it."""
    out = [MISSING[part.role] for part in asked]
    if asked and asked[0].role == "name":
        out[0] += FIRST_MISSING
    return out


def placed(
    cell: MutableSequence[float], q: int, r: int, lost: Sequence[float], to: MutableSequence[int]
) -> float:
    """Nats of the alignment of q asked parts with r recorded ones, order and losses counted.

    cell: flat, MAX_PARTS a row, log ratios (0 or less: no match); spoiled. lost: see `missing`.
    to (q,): set to the recorded place of each asked part, -1 for none. Greedy by value: exact
    unless two parts fight over two; then it loses at most the smaller.
    """
    score = 0.0
    for i in range(q):
        to[i] = -1
        score += lost[i]
    count = 0
    for _ in range(min(q, r)):
        best, at = 0.0, -1
        for i in range(q):
            if to[i] < 0:
                for j in range(r):
                    if cell[i * MAX_PARTS + j] > best:
                        best, at = cell[i * MAX_PARTS + j], i * MAX_PARTS + j
        if at < 0:
            break
        i, j = at // MAX_PARTS, at % MAX_PARTS
        to[i] = j
        score += best - lost[i]
        count += 1
        for k in range(q):
            cell[k * MAX_PARTS + j] = 0.0
    if to[0] == 0:
        score += FIRST_TO_FIRST
    elif to[0] > 0:
        score += FIRST_ELSEWHERE
    for i in range(q):
        for k in range(i + 1, q):
            if to[i] > to[k] >= 0:
                score += INVERSION
    return score + RECORD_PART_LEFT * (r - count)
