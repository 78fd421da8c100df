"""The spelling channel over arrays: one form against many at once.

The same sums as `names.channel.Channel.joint`, row by row over all candidates together.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from corridor.engines.names.channel import Channel, channel
from corridor.engines.names.fold import Script
from corridor.engines.names.parts import MAX_LETTERS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

SCRIPTS: Final[tuple[Script, ...]] = ("arab", "latn", "cyrl")


class Grid:
    """A channel as dense matrices; left side many, right side one.

    Letters and pairs of letters of the left side have numbers; 0 is "never seen".
    """

    def __init__(self, left: Script, right: Script) -> None:
        found = channel(left, right)
        lefts = sorted({a for a, _ in found.rules if a})
        self.channel: Channel = found
        self.single = {g: i + 1 for i, g in enumerate([g for g in lefts if len(g) == 1])}
        self.double = {g: i + 1 for i, g in enumerate([g for g in lefts if len(g) == 2])}
        rights = sorted({b for _, b in found.rules})
        self.right = {g: i for i, g in enumerate(rights)}  # "" sorts first: 0
        self.one = np.zeros((len(rights) + 1, len(self.single) + 1))
        self.two = np.zeros((len(rights) + 1, len(self.double) + 1))
        self.insert = np.zeros(len(rights) + 1)
        for (a, b), probability in found.rules.items():
            at = self.right[b]
            if not a:
                self.insert[at] = probability
            elif len(a) == 1:
                self.one[at, self.single[a]] = probability
            else:
                self.two[at, self.double[a]] = probability
        self.never = len(rights)

    def encode(self, form: str) -> tuple[list[int], list[int]]:
        """Numbers of the letters and of the pairs of letters, padded to MAX_LETTERS."""
        one = [self.single.get(c, 0) for c in form]
        two = [0] + [self.double.get(form[i - 1 : i + 1], 0) for i in range(1, len(form))]
        pad = [0] * (MAX_LETTERS - len(form))
        return one + pad, two + pad

    def log_joint(self, one: Ints, two: Ints, length: Ints, right: str) -> Floats:
        """log P(left, right) of every left form; arrays (n, MAX_LETTERS) and (n,), in nats."""
        order = np.argsort(-length, kind="stable")
        one, two, length = one[order].T, two[order].T, length[order]
        width, count = len(right), len(length)
        singles = [self.right.get(c, self.never) for c in right]
        doubles = [self.right.get(right[i : i + 2], self.never) for i in range(width - 1)]
        by_one = self.one[[0, *singles, *doubles]]
        by_two = self.two[[*singles, *doubles]]
        insert = self.insert[singles]
        here = np.zeros((width + 1, count))
        here[0] = 1.0
        for j in range(width):
            here[j + 1] = here[j] * insert[j]
        before = here
        out = np.zeros(count)
        ends = np.searchsorted(-length, -np.arange(1, length[0] + 2), side="right")
        for i in range(int(length[0]) if count else 0):
            active = int(ends[i])
            here, before = here[:, :active], before[:, :active]
            step = by_one[:, one[i, :active]]
            row = here * step[0]
            row[1:] += here[:-1] * step[1 : width + 1]
            row[2:] += here[:-2] * step[width + 1 :]
            if i:
                step = by_two[:, two[i, :active]]
                row[1:] += before[:-1] * step[:width]
                row[2:] += before[:-2] * step[width:]
            for j in range(width):
                row[j + 1] += row[j] * insert[j]
            done = int(ends[i + 1])
            out[done:active] = row[width, done:active]
            before, here = here, row
        result = np.empty(count)
        result[order] = np.log(np.maximum(out, 1e-280))
        return result


@cache
def grid(left: Script, right: Script) -> Grid:
    """The grid of two scripts; made once."""
    return Grid(left, right)
