"""The index in memory: postings and rows as arrays that grow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from corridor.engines.matching.evidence import OLDEST, Ages, Person, age_of, fact_odds, fact_of
from corridor.engines.matching.kernels import FastWalks, clear, rank, spread
from corridor.engines.matching.padding import padded
from corridor.engines.matching.scoring import FAR
from corridor.engines.matching.search import Enquiry, Recorded
from corridor.engines.matching.vocabulary import Neighbours, Vocabulary
from corridor.engines.names.fold import Script
from corridor.engines.names.parts import MAX_PARTS, Part

Ints = npt.NDArray[np.int32]
NOBODY: Final = np.zeros(0, dtype=np.int32)
FRESH: Final = 2_000  # rows that may wait for their postings, and one in FRESH_SHARE of the rest
FRESH_SHARE: Final = 50


class Arrays:
    """A register in memory, a `search.Store`. Each reading of a person is one row."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self.vocabulary = Vocabulary(FastWalks())
        self.who: list[Person] = []  # per row
        self._people = 0
        self._person = np.zeros(1024, dtype=np.int32)
        self._rows = np.full((1024, MAX_PARTS), -1, dtype=np.int32)
        self._fact = np.zeros(1024, dtype=np.int16)
        self._bearers = np.zeros(1024, dtype=np.int32)
        self._base: tuple[npt.NDArray[np.int64], Ints] = (np.zeros(1, np.int64), NOBODY)
        self._settled = 0
        self._carried = 0
        self._histogram = [0.0] * (OLDEST + 1)
        self._ages: Ages | None = None
        self._value = np.zeros((MAX_PARTS, 1024))
        self._seen = np.zeros(1024, dtype=np.uint8)
        self._touched = np.zeros(1024, dtype=np.int32)
        for person in people:
            self._add(person)
        self._settle()

    def add(self, person: Person) -> None:
        """Adds a person; the next search finds them."""
        self._add(person)
        if len(self.who) - self._settled > FRESH + self._settled // FRESH_SHARE:
            self._settle()

    def _add(self, person: Person) -> None:
        fact = fact_of(person)
        for found in person.readings():
            row = len(self.who)
            if row == len(self._fact):
                self._grow()
            numbers = [self.vocabulary.add(part) for part in found]
            while len(self._bearers) <= len(self.vocabulary.parts):
                self._bearers = np.concatenate([self._bearers, np.zeros_like(self._bearers)])
            once = set(numbers)
            for number in once:
                self._bearers[number] += 1
            self._rows[row] = padded(numbers)
            self._fact[row] = fact
            self._person[row] = self._people
            self._carried += len(once)
            self.who.append(person)
        self._people += 1
        if person.age is not None:
            self._histogram[age_of(fact)] += 1
            self._ages = None

    def _grow(self) -> None:
        """Doubles the room for rows."""
        self._rows = np.concatenate([self._rows, np.full_like(self._rows, -1)])
        self._fact = np.concatenate([self._fact, np.zeros_like(self._fact)])
        self._person = np.concatenate([self._person, np.zeros_like(self._person)])
        self._seen = np.zeros(2 * len(self._seen), dtype=np.uint8)
        self._touched = np.zeros(2 * len(self._touched), dtype=np.int32)

    def _settle(self) -> None:
        """Packs all postings into one array, part by part."""
        rows = self._rows[: len(self.who)]
        row, column = np.nonzero(rows >= 0)
        code = np.unique(rows[row, column].astype(np.int64) * max(1, len(self.who)) + row)
        part, row = np.divmod(code, max(1, len(self.who)))
        starts = np.searchsorted(part, np.arange(len(self.vocabulary.parts) + 1))
        self._base = (starts, row.astype(np.int32))
        self._settled = len(self.who)

    def neighbours(self, part: Part, least: float) -> Neighbours:
        """See `Vocabulary.neighbours`."""
        return self.vocabulary.neighbours(part, least)

    def part(self, number: int) -> Part:
        """The part of a number."""
        return self.vocabulary.parts[number]

    def bearers(self, parts: Sequence[int]) -> list[tuple[int, Script]]:
        """How many rows carry each part, and its script."""
        found: list[int] = self._bearers[np.asarray(parts, dtype=np.int64)].tolist()
        known = self.vocabulary.parts
        return [(count, known[part].script) for count, part in zip(found, parts, strict=True)]

    def size(self) -> tuple[int, int]:
        """Rows, and distinct parts summed over rows."""
        return len(self.who), self._carried

    def best(self, enquiry: Enquiry, most: int, away: float = FAR) -> list[tuple[float, int]]:
        """Scores in nats and rows, best first, ties by row."""
        asked = enquiry.asked
        ids = np.array([n for one in asked for n in one.ids], dtype=np.int32)
        ratio = np.array([r for one in asked for r in one.ratio])
        ends = np.cumsum([0, *(len(one.ids) for one in asked)], dtype=np.int32)
        order = np.argsort([sum(one.bearers) for one in asked], kind="stable").astype(np.int32)
        if self._value.shape[1] < len(self.vocabulary.parts):
            size = 2 * len(self.vocabulary.parts)
            self._value = np.zeros((MAX_PARTS, size))
        top, who = np.zeros(most), np.zeros(most, dtype=np.int32)
        spread(ids, ratio, ends, self._value)
        count = rank(
            ids, ratio, ends, order, np.array(enquiry.lost), self._value, *self._base, self._rows,
            self._fact, np.array(fact_odds(enquiry.by_age, enquiry.by_sex)),
            self._settled, len(self.who), away, self._seen, self._touched, top, who,
        )  # fmt: skip
        clear(ids, ends, self._value)
        return list(zip(top[:count].tolist(), who[:count].tolist(), strict=True))

    def ages(self) -> Ages:
        """Odds of age gaps among the people of this register."""
        if self._ages is None:
            self._ages = Ages(self._histogram)
        return self._ages

    def person_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The place of each row's person among the people as they came."""
        return self._person[rows].astype(np.int64)

    def recorded(self, rows: Sequence[int]) -> list[Recorded]:
        """Rows with their people."""
        return [
            Recorded([n for n in self._rows[row].tolist() if n >= 0], self.who[row]) for row in rows
        ]
