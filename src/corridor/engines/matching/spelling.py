"""The spelling channel by numbers: letter groups counted once per script, chances as flat lists.

Plain Python, so that a site without numpy spells alike; `kernels` copies the same lists to arrays.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Final

from corridor.engines.names.channel import PAIRS, channel
from corridor.engines.names.fold import Script
from corridor.engines.names.sound import sounds, weak

MOST_BITS: Final = 62  # letters of a script that are told apart as bits
SILENT: Final = 0.05  # a letter that writes nothing so often may be left out
LIFT: Final = 1.0  # and so much more often than by chance
ALIKE: Final = 0.003  # letters that spell one another so often are alike
SCRIPTS: Final[tuple[Script, ...]] = ("arab", "latn", "cyrl")


class Groups:
    """The letters and pairs of letters of one script, numbered for all channels alike.

    0 writes nothing; `never` is a letter or pair that no channel writes.
    """

    def __init__(self, script: Script) -> None:
        found: set[str] = set()
        for left, right in PAIRS:
            rules = channel(left, right).rules
            if left == script:
                found.update(a for a, _ in rules)
            if right == script:
                found.update(b for _, b in rules)
        self.number = {g: i for i, g in enumerate(sorted(found, key=lambda g: (len(g), g)))}
        self.never = len(self.number)
        letters = [g for g in self.number if len(g) == 1]
        bit = {letter: 1 << k % MOST_BITS for k, letter in enumerate(letters)}
        #: By group: its letters as bits.
        self.bits = [sum({bit[c] for c in g if c in bit}) for g in self.number] + [0]

    def code(self, form: str) -> tuple[list[int], list[int]]:
        """Numbers of the letters, and of the pairs that end at each letter (the first: never)."""
        find, never = self.number.get, self.never
        one = [find(c, never) for c in form]
        two = [never, *(find(form[i - 1 : i + 1], never) for i in range(1, len(form)))]
        return one, two


@cache
def groups(script: Script) -> Groups:
    """The groups of a script; made once."""
    return Groups(script)


class Spelling:
    """How names of a left script are spelled in a right one, by group numbers.

    chance: flat (left group, right group) with `width` columns. left, right: P(group) of one side.
    bits: letters of the left groups.
    used: left groups that any rule writes. again: 1 / P(no more steps that write nothing on a
    side), one factor per name. gain: nats that a right letter typically adds to the log ratio when
    its left side follows.
    """

    def __init__(self, left: Script, right: Script) -> None:
        found = channel(left, right)
        a, b = groups(left), groups(right)
        self.width = b.never + 1
        self.chance = [0.0] * ((a.never + 1) * self.width)
        for (one, two), probability in found.rules.items():
            self.chance[a.number[one] * self.width + b.number[two]] = probability
        self.left = [0.0] * (a.never + 1)
        self.right = [0.0] * (b.never + 1)
        for side, numbers, out in (
            (found.left, a.number, self.left),
            (found.right, b.number, self.right),
        ):
            for group, probability in side.items():
                out[numbers[group]] = probability
        self.bits = a.bits
        self.used = sorted({a.number[one] for one, _ in found.rules})
        self.again = found.left[""], found.right[""]
        self.gain = self._gains(found.rules, b)
        self.wants, self.helps, self.silent = _likes(found.rules, a, b)

    def _gains(self, rules: dict[tuple[str, str], float], right: Groups) -> list[float]:
        sums = [0.0] * (right.never + 1)
        weights = [1e-9] * (right.never + 1)
        left_groups = groups_of(rules)
        for (a, b), probability in rules.items():
            if a and b:
                apart = left_groups[0][a] * left_groups[1][b]
                gain = math.log(probability / apart) / len(b)
                for letter in b:
                    sums[right.number[letter]] += probability * gain
                    weights[right.number[letter]] += probability
        return [s / w for s, w in zip(sums, weights, strict=True)]


def _likes(
    rules: dict[tuple[str, str], float], left: Groups, right: Groups
) -> tuple[list[int], list[int], int]:
    """Which left letters are like which right ones, as bits of the left ones.

    By right group (single letters only): the consonants of which one must be there, 0 for a weak
    letter; all letters it accounts for. Then the weak letters of the left side.
    """
    together: dict[tuple[str, str], float] = {}
    of_left: dict[str, float] = {}
    of_right: dict[str, float] = {}
    for (a, b), probability in rules.items():
        for c in a:
            of_left[c] = of_left.get(c, 0.0) + probability
        for d in b:
            of_right[d] = of_right.get(d, 0.0) + probability
            for c in a:
                together[c, d] = together.get((c, d), 0.0) + probability
    wants = [0] * (right.never + 1)
    for (c, d), probability in together.items():
        often = max(LIFT * of_left[c] * of_right[d], ALIKE * min(of_left[c], of_right[d]))
        if weak(c) or weak(d):
            continue
        if probability > often or set(sounds(c)) & set(sounds(d)):
            wants[right.number[d]] |= left.bits[left.number[c]]
    helps = list(wants)
    for (a, b), probability in rules.items():
        for d in b:
            if probability > ALIKE * of_right[d]:
                helps[right.number[d]] |= left.bits[left.number[a]]
    silent = sum(left.bits[left.number[c]] for c in of_left if weak(c))
    return wants, helps, silent


def groups_of(rules: dict[tuple[str, str], float]) -> tuple[dict[str, float], dict[str, float]]:
    """Marginal probabilities of the groups of both sides."""
    left: dict[str, float] = {}
    right: dict[str, float] = {}
    for (a, b), probability in rules.items():
        left[a] = left.get(a, 0.0) + probability
        right[b] = right.get(b, 0.0) + probability
    return left, right


@cache
def spelling(left: Script, right: Script) -> Spelling:
    """The channel of two scripts by numbers; made once."""
    return Spelling(left, right)
