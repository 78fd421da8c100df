"""The table of distinct parts, and for a part the parts it may be (its neighbours).

Grows one part at a time. Plain Python; `kernels.Walker` walks the same trees in machine code. The
neighbours of an asked part are kept; when parts were added since, only the new ones are looked at.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from corridor.engines.matching.spelling import SCRIPTS
from corridor.engines.matching.walk import (
    DEPTHS,
    MOST_FOUND,
    ROOM,
    Entry,
    Question,
    Tree,
    planted,
    question,
    walk,
)
from corridor.engines.names.fold import Script
from corridor.engines.names.parts import Part
from corridor.engines.names.sound import skeleton

MOST_NEIGHBOURS: Final = 512
WORST: Final = 1.0  # log ratio below which two spellings are no neighbours
INITIAL: Final = 1.6  # log ratio of an initial that fits
ALIKE: Final = 8.0  # log ratio of two equal spellings whose letters the channel never saw
MOST_KEPT: Final = 50_000
FEW_NEW: Final = 400  # parts that came since, looked at alone
GROWTH: Final = 4  # new forms join a tree of up to so many times their number


#: Forms with their costs: one key may be read as several, and another time as one.
Forms = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Parts a spelling may stand for: numbers, log ratios to an unrelated name in nats.

    least: all parts with a ratio above it are there. seen: how many parts the vocabulary had.
    """

    ids: list[int]
    ratio: list[float]
    least: float
    seen: int


class Walks(Protocol):
    """Walks a tree with the spelling channel."""

    def __call__(self, tree: Tree, asked: Question, least: float) -> list[tuple[int, float]]:
        """Numbers of parts with log ratios above `least` nats, costs counted; a part may recur."""


class PlainWalks:
    """The walk in plain Python."""

    def __init__(self) -> None:
        self._row, self._mass, self._top = ([0.0] * size for size in (ROOM, DEPTHS, DEPTHS))
        self._low, self._high, self._path = ([0] * DEPTHS for _ in range(3))
        self._found = [0] * MOST_FOUND
        self._value = [0.0] * MOST_FOUND

    def __call__(self, tree: Tree, asked: Question, least: float) -> list[tuple[int, float]]:
        """See `Walks`."""
        if tree.lists is None:  # they are read quicker than arrays
            tree.lists = tree.nodes.tolist(), tree.letters.tolist()
        if asked.steps is None:
            asked.steps = asked.chances()
        nodes, letters = tree.lists
        how = asked.how
        count = walk(
            nodes, letters, asked.size, asked.steps, how.left, how.bits, asked.potential,
            asked.wants, asked.helps, math.exp(least), math.exp(least + asked.apart), self._row,
            self._mass, self._top, self._low, self._high, self._path, self._found, self._value,
        )  # fmt: skip
        out = []
        for form, value in zip(self._found[:count], self._value[:count], strict=True):
            ratio = math.log(value) - asked.apart
            for at in range(tree.start[form], tree.start[form + 1]):
                if ratio - tree.cost[at] > least:
                    out.append((tree.number[at], ratio - tree.cost[at]))
        return out


class Vocabulary:
    """Distinct parts with numbers 0, 1, ... in the order they came."""

    def __init__(self, walks: Walks) -> None:
        self.parts: list[Part] = []
        self.number: dict[str, int] = {}
        self._walks = walks
        self._new: dict[Script, list[Entry]] = {s: [] for s in SCRIPTS}
        self._trees: dict[Script, list[tuple[list[Entry], Tree]]] = {s: [] for s in SCRIPTS}
        self._first: dict[str, list[int]] = defaultdict(list)
        self._initials: dict[str, list[int]] = defaultdict(list)
        self._kept: dict[tuple[str, Forms], Neighbours] = {}

    def add(self, part: Part) -> int:
        """Returns the number of a part, new or known."""
        number = self.number.get(part.key)
        if number is not None:
            return number
        number = self.number[part.key] = len(self.parts)
        self.parts.append(part)
        self._first[initial_sound(part.text)].append(number)
        if part.role == "initial":
            self._initials[initial_sound(part.text)].append(number)
        self._new[part.script] += entries_of(part, number)
        return number

    def _grown(self, script: Script) -> list[Tree]:
        """The trees of a script, new forms planted."""
        trees = self._trees[script]
        if self._new[script]:
            entries = self._new[script]
            self._new[script] = []
            while trees and GROWTH * len(entries) >= len(trees[-1][0]):
                entries += trees.pop()[0]
            entries.sort()
            trees.append((entries, planted(script, entries)))
        return [tree for _, tree in trees]

    def neighbours(self, part: Part, least: float = WORST) -> Neighbours:
        """The parts that `part` may be, with log ratios over an unrelated name above `least`."""
        kept = self._kept.get((part.key, part.forms))
        if kept is not None and kept.least <= least:
            if kept.seen == len(self.parts):
                return kept
            if len(self.parts) - kept.seen > FEW_NEW:
                kept = None
        else:
            kept = None
        seen = kept.seen if kept else 0
        least = kept.least if kept else least
        if part.role == "initial":
            same = self._first.get(initial_sound(part.text), ())
            found = dict.fromkeys((n for n in same if n >= seen), INITIAL)
        else:
            found = self._alike(part, least, seen)
        if kept is not None:
            found.update(zip(kept.ids, kept.ratio, strict=True))
        result = likeliest(found, least, len(self.parts))
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[part.key, part.forms] = result
        return result

    def _alike(self, part: Part, least: float, seen: int) -> dict[int, float]:
        trees = {s: self._since(s, seen) if seen else self._grown(s) for s in SCRIPTS}
        same = self.number.get(part.key, -1)
        fit = self._initials.get(initial_sound(part.text), ())
        found = alike(part, least, trees, self._walks)
        return completed(found, same if same >= seen else -1, [n for n in fit if n >= seen])

    def _since(self, script: Script, seen: int) -> list[Tree]:
        new = [
            entry
            for number in range(seen, len(self.parts))
            for entry in entries_of(self.parts[number], number)
            if self.parts[number].script == script
        ]
        return [planted(script, sorted(new))] if new else []


def entries_of(part: Part, number: int) -> list[Entry]:
    """What a tree holds of a part; nothing of an initial, which is compared by its sound."""
    if part.role == "initial":
        return []
    return [(form, number, cost) for form, cost in part.forms]


def alike(
    part: Part, least: float, trees: Mapping[Script, Sequence[Tree]], walks: Walks
) -> dict[int, float]:
    """Log ratios above `least` by number of part, of all trees."""
    found: dict[int, float] = {}
    for script in SCRIPTS:
        for tree in trees[script]:
            for form, price in part.forms:
                asked = question(form, part.script, script)
                for number, ratio in walks(tree, asked, least + price):
                    if ratio - price > found.get(number, -99.0):
                        found[number] = ratio - price
    return found


def completed(found: Mapping[int, float], same: int, fit: Iterable[int]) -> dict[int, float]:
    """What the trees do not hold: `same`, the very part (-1: none), and initials that fit."""
    out = dict(found)
    if same >= 0:
        out.setdefault(same, ALIKE)
    out.update(dict.fromkeys(fit, INITIAL))
    return out


def likeliest(found: Mapping[int, float], least: float, seen: int) -> Neighbours:
    """The best of what was found, likeliest first."""
    order = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST_NEIGHBOURS]
    return Neighbours([n for n, _ in order], [v for _, v in order], least, seen)


def initial_sound(text: str) -> str:
    """The class of a first sound: its consonant, or "" for every vowel and weak letter."""
    return skeleton(text[:1])
