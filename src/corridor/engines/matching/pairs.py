"""How likely two rows are one person: features of a pair, a learned model, reasons.

A plain sum of evidence over-rewards siblings, who share father, grandfather and family; the model
looks at the worst part, the first part and what conflicts as well.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from corridor.engines.matching.alignment import NO_MATCH, Aligned, align, inversions
from corridor.engines.matching.arrays import Arrays
from corridor.engines.matching.evidence import SEX_CODES, UNKNOWN_AGE, Person, extra_odds
from corridor.engines.matching.search import Asked, adjust, padded
from corridor.engines.names.parts import MAX_PARTS, Part

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FEATURES: Final = (
    "bias", "evidence", "evidence_low", "worst_fit", "worst_fit_low", "mean_fit", "first_fit",
    "first_fit_low", "first_not_found", "first_elsewhere", "conflicts", "conflict_twice",
    "left_over", "order", "one_part", "two_parts", "rarity", "age_gap", "age_gap_far",
    "age_unknown", "sex_differs", "sex_unknown",
)  # fmt: skip
Whole = npt.NDArray[np.integer[Any]]
UNFIT: Final = -10.0
MOST_DENSE: Final = 40_000_000  # cells of a dense table of part pairs (float32)
CHUNK: Final = 100_000


class Table:
    """Log ratios and fits of every left part with every right part, for looking up in bulk."""

    def __init__(self, asked: Sequence[Asked], rights: int) -> None:
        self.rights = max(1, rights)
        left = np.repeat(np.arange(len(asked)), [len(a.ids) for a in asked])
        right = np.concatenate([a.ids for a in asked] or [np.zeros(0, np.int32)]).astype(np.int64)
        ratio = np.concatenate([a.ratio for a in asked] or [np.zeros(0)])
        code = left * self.rights + right
        order = np.argsort(code)
        self._code, self._ratio = code[order], ratio[order].astype(np.float32)
        self._dense: npt.NDArray[np.float32] | None = None
        if len(asked) * self.rights <= MOST_DENSE:
            # One cell at least: names without any part are looked up too, and masked after.
            self._dense = np.full(max(1, len(asked) * self.rights), NO_MATCH, dtype=np.float32)
            self._dense[self._code] = self._ratio

    def __call__(self, left: Whole, right: Whole) -> npt.NDArray[np.float32]:
        """Log ratios (n, q, r) of left parts (n, q) and right parts (n, r); -1 is no part."""
        code = left[:, :, None] * self.rights + right[:, None, :]
        none = (left < 0)[:, :, None] | (right < 0)[:, None, :]
        code[none] = 0
        found: npt.NDArray[np.float32]
        if self._dense is not None:
            found = self._dense[code]
        elif len(self._code):
            at = np.minimum(np.searchsorted(self._code, code), len(self._code) - 1)
            found = np.where(self._code[at] == code, self._ratio[at], np.float32(NO_MATCH))
        else:
            found = np.full(code.shape, NO_MATCH, dtype=np.float32)
        found[none] = NO_MATCH
        return found


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by feature; trained by `corridor.engines.matching.train`."""

    weights: Floats

    def odds(self, features: Floats) -> Floats:
        """Log odds (n,) that a pair is one person, of pairs that are half and half."""
        return features @ self.weights


@cache
def model() -> Model:
    """The shipped model."""
    text = (resources.files("corridor.engines.matching") / "pair-model.json").read_text("utf-8")
    weights = json.loads(text)["weights"]
    return Model(np.array([float(weights[name]) for name in FEATURES]))


class Comparison:
    """People of a left list against the people of an index, pair by pair."""

    def __init__(self, left: Sequence[Person], right: Arrays) -> None:
        self.left, self.right = left, right
        numbers: dict[str, int] = {}
        self.parts: list[Part] = []
        rows, people = [], []
        for i, person in enumerate(left):
            for reading in person.readings():
                for part in reading:
                    if part.key not in numbers:
                        numbers[part.key] = len(self.parts)
                        self.parts.append(part)
                rows.append(padded([numbers[p.key] for p in reading]))
                people.append(i)
        self.rows = np.array(rows, dtype=np.int64).reshape(-1, MAX_PARTS)
        self.people = np.array(people, dtype=np.int64)
        self.first_row = np.searchsorted(self.people, np.arange(len(left)))
        self.asked = [adjust(right, part) for part in self.parts]
        self.table = Table(self.asked, len(right.vocabulary.parts))
        self.best = np.array([a.ratio[0] if len(a.ids) else 0.0 for a in self.asked] or [0.0])
        self.age = np.array([UNKNOWN_AGE if p.age is None else p.age for p in left] or [0])
        self.sex = np.array([SEX_CODES.get(p.sex, 0) for p in left] or [0])

    def features(self, left: Ints, right: Ints) -> tuple[Floats, Aligned]:
        """Features (n, len(FEATURES)) of pairs (left row, right row), and how parts were paired."""
        lefts, rights = self.rows[left], self.right.row_parts(right.astype(np.int32))
        lefts = lefts[:, : max(1, int((lefts >= 0).sum(1).max(initial=1)))]
        rights = rights[:, : max(1, int((rights >= 0).sum(1).max(initial=1)))].astype(np.int64)
        found = align(self.table(lefts, rights))
        by_name = _name_features(found, lefts, rights, self.best)
        person = self.people[left]
        ages, sexes = self.right.ages_sexes(right.astype(np.int32))
        by_facts = _fact_features(self.age[person], self.sex[person], ages, sexes)
        return np.column_stack([np.ones(len(left)), by_name, by_facts]), found

    def odds(self, left: Ints, right: Ints) -> Floats:
        """Log odds (n,) that left and right rows are one person, optional columns included."""
        out = np.zeros(len(left))
        for start in range(0, len(left), CHUNK):
            part = slice(start, start + CHUNK)
            out[part] = model().odds(self.features(left[part], right[part])[0])
        if any(p.extra for p in self.left):
            for k, (i, j) in enumerate(zip(self.people[left], right.tolist(), strict=True)):
                extra = extra_odds(self.left[i].extra, self.right.who[j].extra)
                out[k] += sum(odds for odds, _ in extra)
        return out

    def reasons(self, left: int, right: int) -> str:
        """Why a pair scored as it did, part by part, in words."""
        _, found = self.features(np.array([left]), np.array([right]))
        recorded = self.right.row_parts(np.array([right], dtype=np.int32))[0]
        person, other = self.left[int(self.people[left])], self.right.who[right]
        out, used = [], set()
        for i, number in enumerate(self.rows[left][self.rows[left] >= 0].tolist()):
            part, column = self.parts[number], int(found.to[0, i])
            if column < 0:
                out.append(f"{part.written} only left")
                continue
            used.add(column)
            match = self.right.part(int(recorded[column]))
            word = "is" if match.text == part.text else "may be"
            place = "" if column == i else ", other place"
            out.append(f"{part.written} {word} {match.written} ({found.value[0, i]:+.1f}{place})")
        for column, number in enumerate(recorded[recorded >= 0].tolist()):
            if column not in used:
                out.append(f"{self.right.part(number).written} only right")
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


def _name_features(found: Aligned, left: Whole, right: Whole, best: Floats) -> Floats:
    lefts, rights = (left >= 0).sum(axis=1), (right >= 0).sum(axis=1)
    matched = found.matched
    count = matched.sum(axis=1)
    # How far a part is from the best spelling the register has for it; 0 is perfect.
    fit = np.where(matched, np.maximum(found.value - best[left], UNFIT), 0.0)
    worst = fit.min(axis=1)
    evidence = found.value.sum(axis=1)
    to_first = found.to[:, 0]
    first = np.where(to_first >= 0, fit[:, 0], 0.0)
    conflicts = np.minimum(lefts - count, rights - count)
    nothing = count == 0
    return np.column_stack([
        np.minimum(evidence, 40.0) / 10.0,
        np.minimum(evidence, 12.0) / 10.0,
        worst,
        np.maximum(worst, -3.0),
        fit.sum(axis=1) / np.maximum(count, 1),
        first,
        np.maximum(first, -3.0),
        (to_first < 0) | nothing,
        to_first > 0,
        conflicts,
        conflicts > 1,
        np.abs(lefts - rights),
        inversions(found.to),
        count <= 1,
        count == 2,
        np.where(matched, best[left], 0.0).sum(axis=1) / np.maximum(count, 1) / 10.0,
    ]).astype(np.float64)  # fmt: skip


def _fact_features(age: Any, sex: Any, ages: Any, sexes: Any) -> Floats:
    unknown = (age < 0) | (ages < 0)
    gap = np.where(unknown, 0, np.abs(age - ages))
    silent = (sex == 0) | (sexes == 0)
    return np.column_stack([
        np.minimum(gap, 4), np.minimum(np.maximum(gap - 3, 0), 12), unknown,
        (sex != sexes) & ~silent, silent,
    ]).astype(np.float64)  # fmt: skip


def chance(odds: Floats) -> Floats:
    """Probabilities of log odds."""
    return 1.0 / (1.0 + np.exp(-np.clip(odds, -40, 40)))


def score_rows(left: Sequence[Person], right: Sequence[Person]) -> list[tuple[float, str]]:
    """Chance (0..1) and reasons for each pair left[i], right[i]; the rows give the frequencies.

    A row whose name names nobody scores by what it has, which is never enough for a match.
    """
    index = Arrays([*right, *left])
    compare = Comparison(left, index)
    rows_of: list[list[int]] = []
    at = 0
    for person in right:
        rows_of.append(list(range(at, at + len(person.readings()))))
        at += len(rows_of[-1])
    lefts, rights, pair = [], [], []
    for i, rows in enumerate(rows_of):
        stop = compare.first_row[i + 1] if i + 1 < len(left) else len(compare.people)
        for a in range(int(compare.first_row[i]), int(stop)):
            for b in rows:
                lefts.append(a)
                rights.append(b)
                pair.append(i)
    odds = compare.odds(np.array(lefts, dtype=np.int64), np.array(rights, dtype=np.int64))
    best: dict[int, int] = {}
    for k, i in enumerate(pair):
        if i not in best or odds[k] > odds[best[i]]:
            best[i] = k
    named = [bool(compare.rows[lefts[k], 0] >= 0) for k in best.values()]
    scores = chance(odds[list(best.values())])
    return [
        (float(s) if known and index.row_parts(np.array([rights[k]], np.int32))[0, 0] >= 0 else 0.0,
         compare.reasons(lefts[k], rights[k]) if known else "no name to compare")
        for s, k, known in zip(scores, best.values(), named, strict=True)
    ]  # fmt: skip
