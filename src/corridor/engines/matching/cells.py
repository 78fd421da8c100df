"""Log ratios of part pairs: how likely two spellings are one name, part by part.

Unlike the walk of `vocabulary`, this judges any two parts, unlike ones too. Two parts that share
hardly a consonant are not summed; what was summed is kept in a table that forgets.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from corridor.engines.matching.compiled import compiled
from corridor.engines.matching.spelling import SCRIPTS, groups, spelling
from corridor.engines.names.channel import channel
from corridor.engines.names.fold import Script
from corridor.engines.names.parts import MAX_LETTERS, Part
from corridor.engines.names.sound import sounds

Array = npt.NDArray[Any]

UNLIKE: Final = -12.0  # log ratio of two parts that have nothing in common, and the least of all
MOST_FORMS: Final = 2  # forms of a part that are compared
INITIAL: Final = 1.0  # log ratio of an initial and a name that begins with its sound
NO_INITIAL: Final = -2.0
MOST_APART: Final = 7  # letters that two forms may differ by
MOST_BITS: Final = 23  # of the number of cells that are kept
_CLASSES: Final = {c: 1 << i for i, c in enumerate("BFTSKJCLMNR")}
_COUNTS: Final = np.array([n.bit_count() for n in range(1 << len(_CLASSES))], dtype=np.int8)


class Forms(NamedTuple):
    """The forms of a list of parts, numbered, as arrays.

    of_part: (parts, MOST_FORMS) form or -1. one, two: (forms, MAX_LETTERS) groups. kind: script.
    sounds: classes as bits. marginal: (forms, scripts) nats. initial, first, letters: of parts.
    """

    of_part: Array
    one: Array
    two: Array
    length: Array
    kind: Array
    sounds: Array
    cost: Array
    marginal: Array
    initial: Array
    first: Array
    letters: Array


class Chances(NamedTuple):
    """All channels in one array: chance[start[left, right] + left group * width[right] + right]."""

    chance: Array
    start: Array
    width: Array


@cache
def chances() -> Chances:
    """The shipped channels."""
    flat: list[float] = []
    start = np.zeros((3, 3), dtype=np.int64)
    width = np.zeros(3, dtype=np.int64)
    for a, left in enumerate(SCRIPTS):
        for b, right in enumerate(SCRIPTS):
            how = spelling(left, right)
            start[a, b], width[b] = len(flat), how.width
            flat += how.chance
    return Chances(np.array(flat, dtype=np.float32), start, width)


def log_marginal(form: str, script: Script, other: Script) -> float:
    """log P(form) as the channel to `other` spells any name, in nats."""
    return math.log(max(channel(script, other).marginal(form, of_left=True), 1e-280))


def forms(parts: Sequence[Part]) -> Forms:
    """The forms of parts as arrays."""
    spelled = [
        (number, k, form, cost, part.script)
        for number, part in enumerate(parts)
        for k, (form, cost) in enumerate(part.forms[:MOST_FORMS])
    ]
    count = max(1, len(spelled))
    of_part = np.full((max(1, len(parts)), MOST_FORMS), -1, dtype=np.int32)
    one, two = (np.zeros((count, MAX_LETTERS), dtype=np.int16) for _ in range(2))
    marginal = np.zeros((count, len(SCRIPTS)))
    for at, (number, k, form, _, script) in enumerate(spelled):
        of_part[number, k] = at
        one[at, : len(form)], two[at, : len(form)] = groups(script).code(form)
        marginal[at] = [log_marginal(form, script, other) for other in SCRIPTS]
    return Forms(
        of_part, one, two,
        np.array([len(form) for _, _, form, _, _ in spelled] or [0], dtype=np.int64),
        np.array([SCRIPTS.index(script) for *_, script in spelled] or [0], dtype=np.int64),
        np.array([_bits(sounds(form)) for _, _, form, _, _ in spelled] or [0], dtype=np.int64),
        np.array([cost for *_, cost, _ in spelled] or [0.0]),
        marginal,
        np.array([p.role == "initial" for p in parts] or [False]),
        np.array([_bits(sounds(p.text[:1])) for p in parts] or [0], dtype=np.int64),
        np.array([len(p.text) for p in parts] or [1], dtype=np.float64),
    )  # fmt: skip


def _bits(found: tuple[str, ...]) -> int:
    return sum(_CLASSES[c] for c in set("".join(found)))


class Kept(NamedTuple):
    """Cells that were summed, by place: tag[2 * place] names the cell, ratio[2 * place + 1] is it.

    Two views of one array, so that a look is one step into memory; a later cell takes the place.
    """

    tag: Array
    ratio: Array
    bits: int


def kept(most: int) -> Kept:
    """Room for `most` cells, or for as many as MOST_BITS can count."""
    bits = max(10, min(MOST_BITS, most.bit_length()))
    both = np.zeros(2 << bits, dtype=np.uint32)
    return Kept(both, both.view(np.float32), bits)


@compiled
def look(
    rows: Array, a: int, q: int, others: Array, b: int, r: int, width: int, known: Kept, cell: Array
) -> int:
    """Fills cell (q, r) with what is known of a pair of rows, nan elsewhere; returns how many lack.

    The low bits of a cell's number are its place, the others its tag, so no two cells share both.
    Parts that came early are common: their cells lie side by side, and stay near the processor.
    """
    lack = 0
    places, bits = len(known.tag) // 2, known.bits
    for i in range(q):
        for j in range(r):
            code = rows[a, i] * width + others[b, j]
            at = 2 * (code & (places - 1))
            if known.tag[at] == (code >> bits) + 1:
                cell[i, j] = known.ratio[at + 1]
            else:
                cell[i, j] = np.nan
                lack += 1
    return lack


@compiled
def joint(left: Forms, right: Forms, a: int, b: int, how: Chances, room: Array) -> float:
    """P(form a, form b), summed over all cuts into groups; room: (3, MAX_LETTERS + 1)."""
    n, m = left.length[a], right.length[b]
    base, width = how.start[left.kind[a], right.kind[b]], how.width[right.kind[b]]
    chance = how.chance
    room[0, 0] = 1.0
    for j in range(1, m + 1):
        room[0, j] = room[0, j - 1] * chance[base + right.one[b, j - 1]]
    for i in range(1, n + 1):
        here, before, twice = i % 3, (i - 1) % 3, (i - 2) % 3
        a1 = base + left.one[a, i - 1] * width
        a2 = base + left.two[a, i - 1] * width
        last = room[before, 0] * chance[a1]
        room[here, 0] = last
        for j in range(1, m + 1):
            b1 = right.one[b, j - 1]
            last = last * chance[base + b1] + room[before, j] * chance[a1]
            last += room[before, j - 1] * chance[a1 + b1]
            if i > 1:
                last += room[twice, j - 1] * chance[a2 + b1]
            if j > 1:
                b2 = right.two[b, j - 1]
                last += room[before, j - 2] * chance[a1 + b2]
                if i > 1:
                    last += room[twice, j - 2] * chance[a2 + b2]
            room[here, j] = last
    return float(room[n % 3, m])


@compiled
def summed(left: Forms, right: Forms, p: int, o: int, how: Chances, room: Array) -> float:
    """The log ratio of parts p and o, UNLIKE at least."""
    if left.initial[p] or right.initial[o]:
        one, two = left.first[p], right.first[o]
        return float(INITIAL if one & two or one == two else NO_INITIAL)
    best = UNLIKE
    for x in range(MOST_FORMS):
        a = left.of_part[p, x]
        for y in range(MOST_FORMS):
            b = right.of_part[o, y]
            if a < 0 or b < 0 or abs(left.length[a] - right.length[b]) >= MOST_APART:
                continue
            one, two = left.sounds[a], right.sounds[b]
            if _COUNTS[one & two] * 2 + 2 < max(_COUNTS[one], _COUNTS[two]):
                continue
            found = math.log(max(joint(left, right, a, b, how, room), 1e-280))
            found -= left.marginal[a, right.kind[b]] + right.marginal[b, left.kind[a]]
            best = max(best, found - left.cost[a] - right.cost[b])
    return float(best)


@compiled
def learn(
    left: Forms, right: Forms, how: Chances, rows: Array, a: int, q: int, others: Array, b: int,
    r: int, known: Kept, cell: Array, room: Array,
) -> None:  # fmt: skip
    """Sums what `look` found lacking, and keeps it."""
    places, bits, width = len(known.tag) // 2, known.bits, len(right.of_part)
    for i in range(q):
        for j in range(r):
            if cell[i, j] != cell[i, j]:
                p, o = rows[a, i], others[b, j]
                cell[i, j] = summed(left, right, p, o, how, room)
                code = p * width + o
                at = 2 * (code & (places - 1))
                known.tag[at] = (code >> bits) + 1
                known.ratio[at + 1] = cell[i, j]
