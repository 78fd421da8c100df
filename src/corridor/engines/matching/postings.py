"""Postings as whole numbers that sort by age and sex, then by row, and the loops over them.

A number says all that scoring needs: whose row, which of how many parts, what age and sex. So names
are scored from postings alone, and rows are read for the answers only. Plain Python over flat
sequences; `kernels` compiles the same lines.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableSequence, Sequence
from typing import Final

from corridor.engines.matching.scoring import FIRST_TO_FIRST, HAIR
from corridor.engines.names.parts import MAX_PARTS

FACT: Final = 40  # bits to the right of age and sex
ROW: Final = 8  # bits to the right of the row
ROWS: Final = (1 << FACT - ROW) - 1
PLACE: Final = 4  # bits to the right of the place in the name; then the number of parts
PLACES: Final = (1 << PLACE) - 1
NEVER: Final = 1e9  # a bar that no row takes


def posting(fact: int, row: int, place: int, count: int) -> int:
    """The posting of the part at a place (from 0) in a row of so many parts."""
    return fact << FACT | row << ROW | place << PLACE | count


def spans(facts: Iterable[int]) -> list[tuple[int, int]]:
    """The postings of facts as ranges, first to before the last."""
    out: list[tuple[int, int]] = []
    for fact in sorted(facts):
        if out and out[-1][1] == fact << FACT:
            out[-1] = out[-1][0], fact + 1 << FACT
        else:
            out.append((fact << FACT, fact + 1 << FACT))
    return out


def gather(
    entries: Sequence[int], ends: Sequence[int], ratio: Sequence[float], i: int, lost: float,
    low: Sequence[int], high: Sequence[int], odds: Sequence[float], unmet: float, bar: float,
    first: int, count: int, links: int, slot: MutableSequence[int], code: MutableSequence[int],
    bound: MutableSequence[float], last: MutableSequence[int], head: MutableSequence[int],
    link: MutableSequence[int], cell: MutableSequence[int], worth: MutableSequence[float],
) -> tuple[int, int]:  # fmt: skip
    """Notes which rows carry neighbours of asked part i; returns how many rows and notes there are.

    entries: postings, those of neighbour k, sorted, from ends[k] to ends[k + 1]. ratio: of the
    neighbours, highest first. low, high: ranges of postings that are looked at. A row that was not
    met is taken up if `unmet` (nats of all but age, sex and this part) lets it reach the bar; rows
    that were taken up before row `first` are done. slot: by row of the register, 1 + its number
    here. Of each row: its code, the most that its parts may gain over none (bound), the asked part
    that gained last, and its latest note (head): link to the one before, cell and log ratio.
    """
    for k in range(len(ratio)):
        for span in range(len(low)):
            at, end = ends[k], ends[k + 1]
            while at < end:
                middle = (at + end) // 2
                if entries[middle] < low[span]:
                    at = middle + 1
                else:
                    end = middle
            end = ends[k + 1]
            while at < end and entries[at] < high[span]:
                what = entries[at]
                at += 1
                row = what >> ROW & ROWS
                here = slot[row] - 1
                if here < 0:
                    if unmet + ratio[k] + odds[what >> FACT] < bar:
                        continue
                    here = count
                    count += 1
                    slot[row] = count
                    code[here], bound[here], last[here], head[here] = what, 0.0, -1, -1
                elif here < first:
                    continue
                if last[here] != i:
                    last[here] = i
                    bound[here] += ratio[k] - lost
                link[links], head[here] = head[here], links
                cell[links], worth[links] = i * MAX_PARTS + (what >> PLACE & PLACES), ratio[k]
                links += 1
    return count, links


def living(
    first: int, count: int, code: Sequence[int], bound: Sequence[float], odds: Sequence[float],
    least: float, wanted: MutableSequence[int],
) -> int:  # fmt: skip
    """How many rows may still reach `least` (nats of odds and bound); marks their facts."""
    alive = 0
    for here in range(first, count):
        fact = code[here] >> FACT
        if bound[here] + odds[fact] >= least:
            alive += 1
            wanted[fact] = 1
    return alive


def filled(
    here: int, code: Sequence[int], head: Sequence[int], link: Sequence[int], cell: Sequence[int],
    worth: Sequence[float], out: MutableSequence[float],
) -> int:  # fmt: skip
    """Fills the cells of a row's alignment (`scoring.placed`); returns how many parts it has."""
    for k in range(len(out)):
        out[k] = 0.0
    note = head[here]
    while note >= 0:
        out[cell[note]] = worth[note]
        note = link[note]
    return code[here] & PLACES


def nothing(lost: Sequence[float]) -> float:
    """The most nats of a row that has none of the asked parts, age and sex apart."""
    total = FIRST_TO_FIRST + HAIR
    for one in lost:
        total += one
    return total
