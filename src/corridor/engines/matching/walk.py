"""A tree of the forms of one script, and the walk over it with the spelling channel.

Forms that begin alike share their first steps, and a beginning that hardly spells the asked name is
left with all that follow it: a new spelling meets a register of thirty thousand parts in well under
a millisecond when compiled (`kernels`), in a few without. Plain Python over flat sequences, so that
both run the same lines.

Before a beginning is spelled, its promise pays for each asked letter that nothing which follows can
spell, and for each letter that all which follows has and nobody asked for. The walk is one long
function: a call each step would cost more.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import MutableSequence, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from corridor.engines.matching.spelling import Spelling, groups, spelling
from corridor.engines.names.fold import Script
from corridor.engines.names.parts import MAX_LETTERS

PAD: Final = 4  # empty columns on both sides of a row of the walk
TRIM: Final = 1e-4  # places of a row with less of its best are left
EAGER: Final = 0.7  # how much of the typical gain of the letters to come a beginning is credited
MOST_FOUND: Final = 4096
DEPTHS: Final = MAX_LETTERS + 2
NODE: Final = 5  # numbers of a node
ALL: Final = (1 << 62) - 1  # every letter
LACK: Final = math.exp(-4.0)  # what a letter with no like of it in what follows leaves of a promise
ROOM: Final = DEPTHS * (MAX_LETTERS + 1 + 2 * PAD)  # numbers that the rows of a walk take


@dataclass(slots=True)
class Tree:
    """Forms of parts of one script, each a path of letters, packed in alphabetical order.

    nodes: NODE numbers a node, children right after their parent: depth, group of its letter, group
    of its letter with its parent's, form that ends there (-1: none), next node that is not below.
    letters: two numbers a node, as bits (`Spelling.bits`): the letters that any form and that every
    form has from here on. Form k belongs to the parts number[start[k] : start[k + 1]], each at a
    cost in nats.
    """

    nodes: array[int]
    letters: array[int]
    start: array[int]
    number: array[int]
    cost: array[float]
    packed: Any = None  # the same as the compiled walk needs it
    lists: tuple[list[int], list[int]] | None = None  # and as the plain one does


#: Form, number of its part, cost in nats of taking the part so.
Entry = tuple[str, int, float]


def planted(script: Script, entries: Sequence[Entry]) -> Tree:
    """The tree of forms, sorted."""
    nodes, letters, start = array("i"), array("q"), array("i")
    coder = groups(script)
    bits = coder.bits
    open_nodes: list[int] = []

    def close(kept: int) -> None:
        """Leaves the nodes below a depth: their letters are those of their parents too."""
        while len(open_nodes) > kept:
            at = open_nodes.pop()
            letter = bits[nodes[NODE * at + 1]]
            nodes[NODE * at + 4] = len(letters) // 2
            letters[2 * at] |= letter
            letters[2 * at + 1] |= letter
            if open_nodes:
                letters[2 * open_nodes[-1]] |= letters[2 * at]
                letters[2 * open_nodes[-1] + 1] &= letters[2 * at + 1]

    last = ""
    for at, (form, _, _) in enumerate(entries):
        if form == last:
            continue
        shared = _shared(last, form)
        close(shared)
        one, two = coder.code(form)
        for depth in range(shared, len(form)):
            open_nodes.append(len(letters) // 2)
            nodes.extend((depth + 1, one[depth], two[depth], -1, 0))
            letters.extend((0, ALL))
        nodes[NODE * open_nodes[-1] + 3] = len(start)
        letters[2 * open_nodes[-1] + 1] = 0
        start.append(at)
        last = form
    close(0)
    start.append(len(entries))
    number = array("i", [number for _, number, _ in entries])
    return Tree(nodes, letters, start, number, array("d", [cost for *_, cost in entries]))


def _shared(one: str, two: str) -> int:
    """How many first letters two forms share."""
    count = 0
    for a, b in zip(one, two, strict=False):
        if a != b:
            break
        count += 1
    return count


@dataclass(slots=True)
class Question:
    """An asked form as the walk needs it.

    columns: groups of nothing, of each of the `size` letters, of each pair of letters that ends
    there. potential: for each number of letters written so far, exp(nats the rest typically adds)
    over P(those letters). apart: log P(form) as the channel spells any name, silent steps counted.
    wants: for each letter the tree's letters of which one must spell it, as bits, 0 if it may be
    left out. helps: the tree's letters that the letters from each place on account for.
    """

    how: Spelling
    size: int
    columns: list[int]
    potential: list[float]
    apart: float
    wants: list[int]
    helps: list[int]
    packed: Any = None
    steps: list[float] | None = None  # see `chances`, once they were needed

    def chances(self) -> list[float]:
        """Flat (left group, 2 size + 1): the chance that a left group writes each column."""
        how = self.how
        out = [0.0] * (len(how.left) * len(self.columns))
        for group in how.used:
            row, at = group * how.width, group * len(self.columns)
            out[at : at + len(self.columns)] = [how.chance[row + b] for b in self.columns]
        return out


@lru_cache(maxsize=64)  # each holds some 100 kB
def question(form: str, script: Script, left: Script) -> Question:
    """Prepares an asked form in `script` for walks over trees of the `left` script."""
    how = spelling(left, script)
    one, two = groups(script).code(form)
    mass = [1.0]
    for j, number in enumerate(one):
        total = mass[-1] * how.right[number]
        if j:
            total += mass[-2] * how.right[two[j]]
        mass.append(max(total, 1e-280))
    rest = 0.0
    potential = [0.0] * len(mass)
    for j in range(len(one), -1, -1):
        potential[j] = math.exp(rest) / mass[j]
        if j:
            rest += EAGER * max(how.gain[one[j - 1]], 0.0)
    apart = math.log(mass[-1] * how.again[1] * how.again[0])
    wants = [how.wants[number] for number in one]
    helps = [how.silent]
    for number in reversed(one):
        helps.append(helps[-1] | how.helps[number])
    return Question(how, len(one), [0, *one, *two], potential, apart, wants, helps[::-1])


def promised(
    depth: int, may: int, must: int, m: int, top: Sequence[float], low: Sequence[int],
    high: Sequence[int], wants: Sequence[int], helps: Sequence[int],
) -> float:  # fmt: skip
    """What a beginning promises before it is spelled, of m asked letters; see `walk`.

    may, must: the letters, as bits, that any form and that every form has from its last one on.
    """
    promise, start = top[depth - 1], low[depth - 1]
    if depth > 1:  # compared by hand: in plain Python a call costs more
        if top[depth - 2] > promise:
            promise = top[depth - 2]
        if low[depth - 2] < start:
            start = low[depth - 2]
    spare = must & ~helps[start]
    while spare:
        spare &= spare - 1
        promise *= LACK
    for j in range(high[depth - 1], m):
        if wants[j] and not wants[j] & may:
            promise *= LACK
    return promise


def stands(
    depth: int, path: Sequence[int], m: int, top: Sequence[float], low: Sequence[int],
    high: Sequence[int], wants: Sequence[int], helps: Sequence[int], least: float,
) -> bool:  # fmt: skip
    """Whether the form on this path promises enough by itself, whatever stands around it.

    So all trees find the same.
    """
    mask = 0
    for d in range(depth, 0, -1):
        mask |= path[d]
        if promised(d, mask, mask, m, top, low, high, wants, helps) < least:
            return False
    return True


def walk(
    nodes: Sequence[int], letters: Sequence[int], m: int, steps: Sequence[float],
    left: Sequence[float], bits: Sequence[int], potential: Sequence[float], wants: Sequence[int],
    helps: Sequence[int], least: float, bar: float, row: MutableSequence[float],
    mass: MutableSequence[float], top: MutableSequence[float], low: MutableSequence[int],
    high: MutableSequence[int], path: MutableSequence[int], found: MutableSequence[int],
    value: MutableSequence[float],
) -> int:  # fmt: skip
    """Finds the forms that spell the asked name of m letters; returns how many.

    least: ratio (not its log) that a beginning must promise. bar: what a form must be worth. bits:
    of the left groups. found, value (MOST_FOUND,): form numbers, P(both) / P(form). row (ROOM,):
    P(beginning, first j letters asked) by depth. path (DEPTHS,): bits of the letters on the way.
    """
    wide, stride = 2 * m + 1, m + 1 + 2 * PAD
    for k in range(stride):
        row[k] = 1.0 if k == PAD else 0.0
    for j in range(1, m + 1):
        row[PAD + j] = row[PAD + j - 1] * steps[j]
    low[0], high[0], mass[0], top[0] = 0, m, 1.0, max(least, potential[0])
    count = node = 0
    while 2 * node < len(letters) and count < MOST_FOUND:
        at = NODE * node
        depth, one, two = nodes[at], nodes[at + 1], nodes[at + 2]
        may, must = letters[2 * node], letters[2 * node + 1]
        if promised(depth, may, must, m, top, low, high, wants, helps) < least:
            node = nodes[at + 4]
            continue
        weight, pair = mass[depth - 1] * left[one], left[two] > 0.0
        if pair:
            weight += mass[depth - 2] * left[two]
        mass[depth] = weight
        here = depth * stride + PAD
        before, twice = here - stride, here - 2 * stride
        a1, a2, best, last = one * wide, two * wide, 0.0, 0.0
        start, end = low[depth - 1], high[depth - 1] + 2
        if end > m:
            end = m
        for j in range(start, end + 1):
            last = last * steps[j] + row[before + j] * steps[a1]
            if j > 0:
                last += row[before + j - 1] * steps[a1 + j]
                last += row[before + j - 2] * steps[a1 + m + j]
                if pair:
                    last += row[twice + j - 1] * steps[a2 + j]
                    last += row[twice + j - 2] * steps[a2 + m + j]
            row[here + j] = last
            if last * potential[j] > best:
                best = last * potential[j]
        trim = best * TRIM
        while start < end and row[here + start] * potential[start] < trim:
            start += 1
        while end > start and row[here + end] * potential[end] < trim:
            end -= 1
        low[depth], high[depth] = start, end
        for k in range(1, PAD + 1):
            row[here + end + k] = row[here + start - k] = 0.0
        top[depth] = best / weight if weight > 0.0 else 0.0
        path[depth] = bits[one]
        ends = nodes[at + 3] >= 0 and end == m and row[here + m] > bar * weight
        if ends and stands(depth, path, m, top, low, high, wants, helps, least):
            found[count] = nodes[at + 3]
            value[count] = row[here + m] / weight
            count += 1
        # A step may write two letters: a child may mend what this letter alone does not promise.
        node = node + 1 if top[depth] >= least or top[depth - 1] >= least else nodes[at + 4]
    return count
