"""How likely two rows are one person: features of a pair, a learned model, reasons.

A plain sum of evidence over-rewards siblings, who share father, grandfather and family; the model
looks at the worst part, the given name and what conflicts as well. One set of weights for two rows
in Arabic letters, one for two in another script, one for rows in two scripts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import log
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from corridor.engines.matching.cells import chances, forms, kept
from corridor.engines.matching.evidence import SEX_CODES, UNKNOWN_AGE, Person, extra_odds
from corridor.engines.matching.features import FEATURES
from corridor.engines.matching.judging import Given, judge_rows
from corridor.engines.matching.padding import padded
from corridor.engines.names.parts import MAX_PARTS, Part
from corridor.engines.names.sound import skeleton

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Whole = npt.NDArray[np.integer[Any]]

KINDS: Final = ("same", "arabic", "across")
CHUNK: Final = 20_000
SMOOTH: Final = 1.0  # rows added to how often a sound occurs


@dataclass(frozen=True, slots=True)
class Model:
    """Weights (kind of scripts, feature); trained by `corridor.engines.matching.train`."""

    weights: Floats


@cache
def model() -> Model:
    """The shipped model."""
    text = (resources.files("corridor.engines.matching") / "pair-model.json").read_text("utf-8")
    weights = json.loads(text)["weights"]
    return Model(np.array([[float(weights[kind][name]) for name in FEATURES] for kind in KINDS]))


class Side:
    """The people of one list as numbered parts; each reading of a person is one row."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.list = people
        self.parts: list[Part] = []
        numbers: dict[str, int] = {}
        rows: list[list[int]] = []
        of: list[int] = []
        for i, person in enumerate(people):
            for reading in person.readings():
                for part in reading:
                    if part.key not in numbers:
                        numbers[part.key] = len(self.parts)
                        self.parts.append(part)
                rows.append(padded([numbers[p.key] for p in reading]))
                of.append(i)
        self.rows = np.array(rows, dtype=np.int32).reshape(-1, MAX_PARTS)
        self.people = np.array(of, dtype=np.int64)
        self.first_row = np.searchsorted(self.people, np.arange(len(people) + 1))
        age = np.array([UNKNOWN_AGE if p.age is None else p.age for p in people], dtype=int)
        sex = np.array([SEX_CODES.get(p.sex, 0) for p in people], dtype=int)
        self.age, self.sex = age[self.people], sex[self.people]
        self.more = any(p.extra for p in people)
        self.forms = forms(self.parts)
        arabic = np.array([p.script == "arab" for p in self.parts] or [False])
        named = self.rows[:, 0] >= 0
        self.arabic = arabic[np.maximum(self.rows[:, 0], 0)] & named


class Comparison:
    """People of a left list against people of a right list, pair by pair."""

    def __init__(self, left: Side, right: Side) -> None:
        self.left, self.right = left, right
        heard: Counter[str] = Counter()
        for side in (left, right):
            sounds = [skeleton(part.text) for part in side.parts]
            for number, times in zip(*np.unique(side.rows, return_counts=True), strict=True):
                if number >= 0:
                    heard[sounds[number]] += int(times)
        total = max(1, len(left.rows) + len(right.rows))
        rarity = [
            np.array([log(total / (heard[skeleton(p.text)] + SMOOTH)) for p in side.parts] or [0.0])
            for side in (left, right)
        ]
        self._given = Given(
            left.forms, right.forms, left.rows, right.rows, rarity[0].clip(0.3),
            rarity[1].clip(0.3), left.age, right.age, left.sex, right.sex,
        )  # fmt: skip
        self._known = kept(len(left.parts) * len(right.parts))

    def kinds(self, left: Ints, right: Ints) -> Ints:
        """Which weights judge pairs of rows: places in KINDS."""
        one, two = self.left.arabic[left], self.right.arabic[right]
        return np.where(one & two, 1, np.where(one ^ two, 2, 0))

    def features(self, left: Ints, right: Ints) -> tuple[Floats, Ints, Floats]:
        """Features (n, len(FEATURES)) of pairs (left row, right row), and how parts were paired.

        The second: (n, MAX_PARTS) right place of each left part, or -1; the third: their nats.
        """
        out = np.zeros((len(left), len(FEATURES)))
        to = np.full((len(left), MAX_PARTS), -1, dtype=np.int64)
        value = np.zeros((len(left), MAX_PARTS))
        self._judge(left, right, np.zeros(len(left)), out, to, value)
        return out, to, value

    def _judge(
        self, left: Ints, right: Ints, odds: Floats, out: Floats, to: Ints, value: Floats
    ) -> None:
        kinds, weights = self.kinds(left, right), model().weights
        judge_rows(
            self._given, chances(), self._known, left, right, kinds, weights, odds, out, to, value
        )

    def odds(self, left: Ints, right: Ints) -> Floats:
        """Log odds (n,) that left and right rows are one person, optional columns included."""
        out = np.zeros(len(left))
        none = np.zeros((0, 0))
        self._judge(left, right, out, none, np.zeros((0, 0), dtype=np.int64), none)
        if self.left.more and self.right.more:
            people = zip(self.left.people[left], self.right.people[right], strict=True)
            for k, (i, j) in enumerate(people):
                extra = extra_odds(self.left.list[i].extra, self.right.list[j].extra)
                out[k] += sum(odds for odds, _ in extra)
        return out

    def reasons(self, left: Ints, right: Ints) -> list[str]:
        """Why each pair scored as it did, part by part, in words."""
        out: list[str] = []
        for start in range(0, len(left), CHUNK):
            some, others = left[start : start + CHUNK], right[start : start + CHUNK]
            _, places, nats = self.features(some, others)
            out += [
                self._told(i, j, to, value)
                for i, j, to, value in zip(
                    some.tolist(), others.tolist(), places.tolist(), nats.tolist(),
                    strict=True,
                )
            ]  # fmt: skip
        return out

    def _told(self, left: int, right: int, to: list[int], value: list[float]) -> str:
        recorded = [n for n in self.right.rows[right].tolist() if n >= 0]
        asked = [n for n in self.left.rows[left].tolist() if n >= 0]
        out = []
        for i, number in enumerate(asked):
            part = self.left.parts[number]
            if to[i] < 0:
                out.append(f"{part.written} only left")
                continue
            match = self.right.parts[recorded[to[i]]]
            word = "is" if match.text == part.text else "may be"
            place = "" if to[i] == i else ", other place"
            out.append(f"{part.written} {word} {match.written} ({value[i]:+.1f}{place})")
        out += [
            f"{self.right.parts[number].written} only right"
            for column, number in enumerate(recorded)
            if column not in to
        ]
        person = self.left.list[int(self.left.people[left])]
        other = self.right.list[int(self.right.people[right])]
        out += fact_words(person, other)
        return "; ".join(out + [word for _, word in extra_odds(person.extra, other.extra)])


def fact_words(person: Person, other: Person) -> list[str]:
    """Age and sex of two rows in words."""
    out = []
    if person.age is not None and other.age is not None:
        gap = abs(person.age - other.age)
        out.append("same age" if not gap else f"age differs by {gap}")
    else:
        out.append("age unknown")
    if person.sex and other.sex:
        out.append("same sex" if person.sex == other.sex else "other sex")
    return out


def chance(odds: Floats) -> Floats:
    """Probabilities of log odds."""
    return 1.0 / (1.0 + np.exp(-np.clip(odds, -40, 40)))


def score_rows(left: Sequence[Person], right: Sequence[Person]) -> list[tuple[float, str]]:
    """Chance (0..1) and reasons for each pair left[i], right[i]; the rows give the frequencies.

    A pair of which one names nobody scores 0: nothing is known of it.
    """
    compare = Comparison(Side(left), Side(right))
    lefts, rights, pair = _readings(compare)
    odds = compare.odds(lefts, rights)
    order = np.lexsort((-odds, pair))
    best = order[np.r_[True, np.diff(pair[order]) > 0]] if len(order) else order
    named = (compare.left.rows[lefts[best], 0] >= 0) & (compare.right.rows[rights[best], 0] >= 0)
    scores = np.where(named, chance(odds[best]), 0.0).tolist()
    reasons = compare.reasons(lefts[best], rights[best])
    return [
        (score, why if known else "no name to compare")
        for score, why, known in zip(scores, reasons, named.tolist(), strict=True)
    ]


def _readings(compare: Comparison) -> tuple[Ints, Ints, Ints]:
    """Every reading of left[i] with every reading of right[i]: rows, rows, i."""
    lefts, rights, pair = [], [], []
    for i in range(len(compare.left.list)):
        for a in range(compare.left.first_row[i], compare.left.first_row[i + 1]):
            for b in range(compare.right.first_row[i], compare.right.first_row[i + 1]):
                lefts.append(a)
                rights.append(b)
                pair.append(i)
    return tuple(np.array(x, dtype=np.int64) for x in (lefts, rights, pair))  # type: ignore[return-value]
