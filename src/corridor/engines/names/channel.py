"""The spelling channel: how likely one name is written so and so, in two scripts or in one.

A name is spelled in steps; each step writes a group of 0-2 letters on one side and of 0-2 on the
other (`شر` - `shr`). A table holds the joint probability of each pair of groups, learned from pairs
of names (see `train`). The channel sums over every way to cut both names into groups.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from corridor.engines.names.fold import Script

# Share of steps that are a slip of the pen: a letter lost, added or put for another, two swapped.
SLIP: Final = 0.02
MOVES: Final = ((0, 1), (1, 0), (1, 1), (1, 2), (2, 1), (2, 2))
PAIRS: Final = (
    ("arab", "latn"), ("arab", "cyrl"), ("cyrl", "latn"),
    ("arab", "arab"), ("latn", "latn"), ("cyrl", "cyrl"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Channel:
    """Joint probabilities of letter groups of two scripts.

    rules: (left group, right group) -> probability of the step; they sum to 1 with the slips.
    left, right: probabilities of the groups of one side, steps that write nothing there taken out.
    """

    rules: dict[tuple[str, str], float]
    left: dict[str, float]
    right: dict[str, float]

    def joint(self, left: str, right: str) -> float:
        """P(left, right), summed over all cuts into groups; above 0 for letters of the scripts."""
        rules = self.rules
        width = len(right)
        rows: list[list[float]] = []
        for i in range(len(left) + 1):
            row = [0.0] * (width + 1)
            rows.append(row)
            one, two = left[i - 1 : i] if i else "", left[i - 2 : i] if i > 1 else ""
            for j in range(width + 1):
                total = 1.0 if i == j == 0 else 0.0
                if j:
                    total += row[j - 1] * rules.get(("", right[j - 1]), 0.0)
                if i:
                    before = rows[i - 1]
                    total += before[j] * rules.get((one, ""), 0.0)
                    if j:
                        total += before[j - 1] * rules.get((one, right[j - 1]), 0.0)
                    if j > 1:
                        total += before[j - 2] * rules.get((one, right[j - 2 : j]), 0.0)
                if i > 1 and j:
                    before = rows[i - 2]
                    total += before[j - 1] * rules.get((two, right[j - 1]), 0.0)
                    if j > 1:
                        total += before[j - 2] * rules.get((two, right[j - 2 : j]), 0.0)
                row[j] = total
        return rows[-1][-1]

    def marginal(self, text: str, *, of_left: bool) -> float:
        """P(text) on one side, whatever stands on the other."""
        groups = self.left if of_left else self.right
        before, here = 0.0, 1.0
        for i in range(1, len(text) + 1):
            total = here * groups.get(text[i - 1], 0.0)
            if i > 1:
                total += before * groups.get(text[i - 2 : i], 0.0)
            before, here = here, total
        return here * groups[""]


def _letters(rules: dict[tuple[str, str], float], side: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for pair, probability in rules.items():
        for letter in pair[side]:
            found[letter] = found.get(letter, 0.0) + probability
    total = sum(found.values())
    return {letter: share / total for letter, share in found.items()}


def _side(rules: dict[tuple[str, str], float], side: int) -> dict[str, float]:
    found: dict[str, float] = {"": 0.0}
    for pair, probability in rules.items():
        found[pair[side]] = found.get(pair[side], 0.0) + probability
    again = 1.0 / (1.0 - found[""])  # any number of steps that write nothing on this side
    return {g: again if g == "" else p * again for g, p in found.items()}


def make_channel(learned: dict[tuple[str, str], float], *, slip: float = SLIP) -> Channel:
    """Returns a channel of learned rules (any positive weights) mixed with slips of the pen."""
    total = sum(learned.values())
    rules = {pair: (1.0 - slip) * weight / total for pair, weight in learned.items()}
    left, right = _letters(learned, 0), _letters(learned, 1)
    same = bool(left.keys() & right.keys())
    share = slip / (4.0 if same else 3.0)
    for a, p in left.items():
        rules[a, ""] = rules.get((a, ""), 0.0) + share * p
        for b, r in right.items():
            rules[a, b] = rules.get((a, b), 0.0) + share * p * r
            if same and a != b and b in left:
                rules[a + b, b + a] = rules.get((a + b, b + a), 0.0) + share * p * left[b]
    for b, r in right.items():
        rules["", b] = rules.get(("", b), 0.0) + share * r
    return Channel(rules, _side(rules, 0), _side(rules, 1))


def read_table(text: str) -> dict[tuple[str, str], float]:
    """Reads a table: `#` comments, then left group, right group, natural log of probability."""
    rules: dict[tuple[str, str], float] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            left, right, log = line.split("\t")
            rules[left, right] = math.exp(float(log))
    return rules


def _turned(rules: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    return {(b, a): p for (a, b), p in rules.items()}


@cache
def channel(left: Script, right: Script) -> Channel:
    """The learned channel between two scripts, in the asked direction."""
    name, turn = f"{left}-{right}", False
    if (left, right) not in PAIRS:
        name, turn = f"{right}-{left}", True
    folder = resources.files("corridor.engines.names") / "tables"
    rules = read_table((folder / f"{name}.tsv").read_text(encoding="utf-8"))
    return make_channel(_turned(rules) if turn else rules)


@lru_cache(maxsize=65536)
def log_ratio(left: str, left_script: Script, right: str, right_script: Script) -> float:
    """log P(both spell one name) - log P(they spell two unrelated names), in nats."""
    found = channel(left_script, right_script)
    together = found.joint(left, right)
    apart = found.marginal(left, of_left=True) * found.marginal(right, of_left=False)
    if together <= 0.0 or apart <= 0.0:
        return -20.0
    return math.log(together) - math.log(apart)
