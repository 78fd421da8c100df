"""Log ratios of many part pairs at once: how likely two spellings are one name, part by part.

Cells (left form, right form) of one shape are summed together, step by step, as
`names.channel.Channel.joint` does for one. Cells that share hardly a consonant are not summed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from corridor.engines.matching.vocabulary import log_marginal
from corridor.engines.names.channel import channel
from corridor.engines.names.fold import Script
from corridor.engines.names.parts import Part
from corridor.engines.names.sound import sounds

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.integer[Any]]

UNLIKE: Final = -12.0  # log ratio of two parts that have nothing in common, and the least of all
MOST_FORMS: Final = 2  # forms of a part that are compared
INITIAL: Final = 1.0  # log ratio of an initial and a name that begins with its sound
NO_INITIAL: Final = -2.0
CHUNK: Final = 50_000
_CLASSES: Final = {c: 1 << i for i, c in enumerate("BFTSKJCLMNR")}


class Rules:
    """A channel as one matrix (left group, right group); group 0 writes nothing."""

    def __init__(self, left: Script, right: Script) -> None:
        rules = channel(left, right).rules
        self.left = {g: i for i, g in enumerate(sorted({"", *(a for a, _ in rules)}))}
        self.right = {g: i for i, g in enumerate(sorted({"", *(b for _, b in rules)}))}
        # One group more on each side: letters never seen, which no step writes.
        self.chance = np.zeros((len(self.left) + 1, len(self.right) + 1))
        for (a, b), probability in rules.items():
            self.chance[self.left[a], self.right[b]] = probability

    def joint(self, left: Sequence[str], right: Sequence[str]) -> Floats:
        """P(left, right) of cells whose forms have the same two lengths."""
        a1, a2 = _coded(left, self.left)
        b1, b2 = _coded(right, self.right)
        n, m = a1.shape[0], b1.shape[0]
        table: list[list[Any]] = []
        chance, width = self.chance.ravel(), self.chance.shape[1]
        for i in range(n + 1):
            row: list[Any] = []
            table.append(row)
            for j in range(m + 1):
                total = np.ones(len(left)) if i == j == 0 else np.zeros(len(left))
                if j:
                    total += row[j - 1] * chance[b1[j - 1]]
                if i:
                    one = a1[i - 1] * width
                    total += table[i - 1][j] * chance[one]
                    if j:
                        total += table[i - 1][j - 1] * chance[one + b1[j - 1]]
                    if j > 1:
                        total += table[i - 1][j - 2] * chance[one + b2[j - 2]]
                if i > 1 and j:
                    two = a2[i - 2] * width
                    total += table[i - 2][j - 1] * chance[two + b1[j - 1]]
                    if j > 1:
                        total += table[i - 2][j - 2] * chance[two + b2[j - 2]]
                row.append(total)
            if i > 1:
                table[i - 2] = []
        joint: Floats = table[n][m]
        return joint


@cache
def rules(left: Script, right: Script) -> Rules:
    """The matrix of two scripts; made once."""
    return Rules(left, right)


def _coded(forms: Sequence[str], groups: dict[str, int]) -> tuple[Whole, Whole]:
    never = len(groups)
    size = len(forms[0])
    one = np.array([[groups.get(c, never) for c in f] for f in forms], dtype=np.int64)
    two = np.array(
        [[groups.get(f[k : k + 2], never) for k in range(size - 1)] for f in forms], dtype=np.int64
    ).reshape(len(forms), size - 1)
    return np.ascontiguousarray(one.T), np.ascontiguousarray(two.T)


class Forms:
    """The forms of a list of parts, numbered, with all that a cell needs of them."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.initial = np.array([p.role == "initial" for p in parts], dtype=bool)
        self.first = [sounds(p.text[:1]) for p in parts]
        self.text: list[str] = []
        self.script: list[Script] = []
        cost, at = [], np.full((max(1, len(parts)), MOST_FORMS), -1, dtype=np.int64)
        for number, part in enumerate(parts):
            for k, (form, price) in enumerate(part.forms[:MOST_FORMS]):
                at[number, k] = len(self.text)
                self.text.append(form)
                self.script.append(part.script)
                cost.append(price)
        self.of_part = at
        self.cost = np.array(cost or [0.0])
        self.length = np.array([len(t) for t in self.text] or [0])
        self.mask = np.array([_mask(t) for t in self.text] or [0])
        self.kind = np.array([["arab", "latn", "cyrl"].index(s) for s in self.script] or [0])
        self.marginal = {
            other: np.array([log_marginal(t, s, other) for t, s in zip(self.text, self.script, strict=True)] or [0.0])  # noqa: E501
            for other in SCRIPTS
        }  # fmt: skip


SCRIPTS: Final[tuple[Script, ...]] = ("arab", "latn", "cyrl")


def _mask(form: str) -> int:
    return sum(_CLASSES[c] for c in set("".join(sounds(form))))


def ratios(left: Forms, right: Forms, lefts: Whole, rights: Whole) -> Floats:
    """Log ratios (n,) of cells (left part, right part), UNLIKE at least."""
    out = np.full(len(lefts), UNLIKE)
    for a in range(MOST_FORMS):
        for b in range(MOST_FORMS):
            fa, fb = left.of_part[lefts, a], right.of_part[rights, b]
            there = (fa >= 0) & (fb >= 0)
            shared = np.bitwise_count(left.mask[fa] & right.mask[fb])
            most = np.maximum(
                np.bitwise_count(left.mask[fa]), np.bitwise_count(right.mask[fb])
            ).astype(int)
            near = np.abs(left.length[fa] - right.length[fb]) < 7
            at = np.flatnonzero(there & near & (shared.astype(int) * 2 + 2 >= most))
            if len(at):
                found = _forms(left, right, fa[at], fb[at])
                out[at] = np.maximum(out[at], found - left.cost[fa[at]] - right.cost[fb[at]])
    for k in np.flatnonzero(left.initial[lefts] | right.initial[rights]).tolist():
        one, two = left.first[int(lefts[k])], right.first[int(rights[k])]
        out[k] = INITIAL if set(one) & set(two) or one == two else NO_INITIAL
    return out


def _forms(left: Forms, right: Forms, fa: Whole, fb: Whole) -> Floats:
    out = np.full(len(fa), UNLIKE)
    # Shape of a cell: both scripts and both lengths.
    shape = ((left.kind[fa] * 3 + right.kind[fb]) * 32 + left.length[fa]) * 32 + right.length[fb]
    order = np.argsort(shape, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(shape[order]) != 0, True])
    for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        for low in range(start, end, CHUNK):
            at = order[low : min(end, low + CHUNK)]
            a, b = fa[at], fb[at]
            one, two = left.script[int(a[0])], right.script[int(b[0])]
            joint = rules(one, two).joint(
                [left.text[k] for k in a.tolist()], [right.text[k] for k in b.tolist()]
            )
            apart = left.marginal[two][a] + right.marginal[one][b]
            out[at] = np.log(np.maximum(joint, 1e-280)) - apart
    return out.clip(UNLIKE)
