"""The table of distinct parts, and for a part the parts it may be (its neighbours).

Grows one part at a time. The neighbours of an asked part are kept; when parts were added since,
only the new ones are looked at.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from corridor.engines.matching.spelling import SCRIPTS, grid
from corridor.engines.names.channel import channel
from corridor.engines.names.fold import Script
from corridor.engines.names.parts import MAX_LETTERS, Part
from corridor.engines.names.sound import keys, skeleton

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

MOST_NEIGHBOURS: Final = 512
WORST: Final = 1.0  # log ratio below which two spellings are no neighbours
WITHIN: Final = 14.0  # nats behind the best neighbour
INITIAL: Final = 1.6  # log ratio of an initial that fits
MOST_KEPT: Final = 50_000


@dataclass(slots=True)
class _Forms:
    """Letters of all forms of one script, numbered for one asking script; grows by doubling."""

    one: Ints = field(default_factory=lambda: np.zeros((64, MAX_LETTERS), np.int32))
    two: Ints = field(default_factory=lambda: np.zeros((64, MAX_LETTERS), np.int32))
    length: Ints = field(default_factory=lambda: np.zeros(64, np.int32))
    marginal: Floats = field(default_factory=lambda: np.zeros(64))
    part: Ints = field(default_factory=lambda: np.zeros(64, np.int32))
    cost: Floats = field(default_factory=lambda: np.zeros(64))
    size: int = 0

    def room(self, size: int) -> None:
        while len(self.length) < size:
            for name in ("one", "two", "length", "marginal", "part", "cost"):
                old = getattr(self, name)
                setattr(self, name, np.concatenate([old, np.zeros_like(old)]))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Parts a spelling may stand for: numbers, log ratios to an unrelated name, nats."""

    ids: Ints
    ratio: Floats
    seen: int  # how many parts the vocabulary had


def log_marginal(form: str, script: Script, other: Script) -> float:
    """log P(form) as the channel to `other` spells any name, in nats."""
    return math.log(max(channel(script, other).marginal(form, of_left=True), 1e-280))


class Vocabulary:
    """Distinct parts with numbers 0, 1, ... in the order they came."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.number: dict[str, int] = {}
        self._forms: dict[tuple[Script, Script], _Forms] = {}
        self._spelled: dict[Script, list[tuple[str, int, float]]] = {s: [] for s in SCRIPTS}
        self._keys: dict[tuple[Script, str], list[int]] = defaultdict(list)
        self._first: dict[str, list[int]] = defaultdict(list)
        self._kept: dict[str, Neighbours] = {}

    def add(self, part: Part) -> int:
        """Returns the number of a part, new or known."""
        number = self.number.get(part.key)
        if number is not None:
            return number
        number = self.number[part.key] = len(self.parts)
        self.parts.append(part)
        self._first[_initial_sound(part.text)].append(number)
        spelled = self._spelled[part.script]
        if part.role != "initial":
            for form, cost in part.forms:
                for key in keys(form):
                    self._keys[part.script, key].append(len(spelled))
                spelled.append((form, number, cost))
        return number

    def _table(self, script: Script, asking: Script) -> _Forms:
        """The forms of a script as the channel to the asking script numbers them, up to date."""
        table = self._forms.setdefault((script, asking), _Forms())
        spelled = self._spelled[script]
        if table.size < len(spelled):
            table.room(len(spelled))
            coder = grid(script, asking)
            for at in range(table.size, len(spelled)):
                form, number, cost = spelled[at]
                table.one[at], table.two[at] = coder.encode(form)
                table.length[at] = len(form)
                table.marginal[at] = log_marginal(form, script, asking)
                table.part[at] = number
                table.cost[at] = cost
            table.size = len(spelled)
        return table

    def neighbours(self, part: Part) -> Neighbours:
        """The parts that `part` may be, with log ratios over an unrelated name."""
        kept = self._kept.get(part.key)
        if kept is not None and kept.seen == len(self.parts):
            return kept
        seen = kept.seen if kept else 0
        found = self._initials(part, seen) if part.role == "initial" else self._alike(part, seen)
        ids = np.fromiter(found.keys(), np.int32, len(found))
        ratio = np.fromiter(found.values(), np.float64, len(found))
        if kept is not None:
            ids, ratio = np.concatenate([kept.ids, ids]), np.concatenate([kept.ratio, ratio])
        best = np.argsort(-ratio, kind="stable")[:MOST_NEIGHBOURS]
        best = best[ratio[best] > (ratio[best[0]] - WITHIN if len(best) else 0.0)]
        result = Neighbours(ids[best], ratio[best], len(self.parts))
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[part.key] = result
        return result

    def _alike(self, part: Part, seen: int) -> dict[int, float]:
        found: dict[int, float] = {}
        for form, cost in part.forms:
            for script in SCRIPTS:
                table = self._table(script, part.script)
                near = {f for key in keys(form) for f in self._keys.get((script, key), ())}
                rows = np.array(sorted(near), dtype=np.int64)
                rows = rows[table.part[rows] >= seen]
                if not len(rows):
                    continue
                joint = grid(script, part.script).log_joint(
                    table.one[rows], table.two[rows], table.length[rows], form
                )
                ratio = joint - table.marginal[rows] - table.cost[rows]
                ratio -= log_marginal(form, part.script, script) + cost
                good = ratio > WORST
                for number, value in zip(
                    table.part[rows][good].tolist(), ratio[good].tolist(), strict=True
                ):
                    if value > found.get(number, -99.0):
                        found[number] = value
        for number in self._first.get(_initial_sound(part.text), ()):
            if number >= seen and self.parts[number].role == "initial":
                found[number] = INITIAL
        return found

    def _initials(self, part: Part, seen: int) -> dict[int, float]:
        same = self._first.get(_initial_sound(part.text), ())
        return dict.fromkeys((n for n in same if n >= seen), INITIAL)


def _initial_sound(text: str) -> str:
    """The class of a first sound: its consonant, or "" for every vowel and weak letter."""
    return skeleton(text[:1])


def distinct(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Parts without repeats of one key, in order."""
    return tuple({part.key: part for part in parts}.values())
