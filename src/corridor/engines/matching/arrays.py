"""The index in memory: postings and rows as arrays that grow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from corridor.engines.matching.evidence import OLDEST, SEX_CODES, UNKNOWN_AGE, Ages, Person
from corridor.engines.matching.padding import padded
from corridor.engines.matching.vocabulary import Neighbours, Vocabulary
from corridor.engines.names.parts import MAX_PARTS, Part

Ints = npt.NDArray[np.int32]
NOBODY: Final = np.zeros(0, dtype=np.int32)


class Arrays:
    """A register in memory, a `search.Store`. Each reading of a person is one row."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self.vocabulary = Vocabulary()
        self.who: list[Person] = []  # per row
        self._people = 0
        self._person = np.zeros(1024, dtype=np.int32)
        self._rows = np.full((1024, MAX_PARTS), -1, dtype=np.int32)
        self._age = np.full(1024, UNKNOWN_AGE, dtype=np.int32)
        self._sex = np.zeros(1024, dtype=np.int32)
        self._bearers = np.zeros(1024, dtype=np.int32)
        self._base: tuple[Ints, Ints] = (np.zeros(1, np.int32), NOBODY)
        self._tail: dict[int, list[int]] = defaultdict(list)
        self._in_base = 0
        self._carried = 0
        self._histogram = np.zeros(OLDEST + 1)
        self._ages: Ages | None = None
        for person in people:
            self._add(person)
        self._settle()

    def add(self, person: Person) -> None:
        """Adds a person; the next search finds them."""
        rows = range(len(self.who), len(self.who) + self._add(person))
        for row in rows:
            for number in set(self._rows[row][self._rows[row] >= 0].tolist()):
                self._tail[number].append(row)
        if len(self.who) - self._in_base > 20_000 + self._in_base // 4:
            self._settle()

    def _add(self, person: Person) -> int:
        readings = person.readings()
        age = UNKNOWN_AGE if person.age is None else min(max(person.age, 0), OLDEST)
        for found in readings:
            row = len(self.who)
            if row == len(self._age):
                self._rows = np.concatenate([self._rows, np.full_like(self._rows, -1)])
                self._age = np.concatenate([self._age, np.full_like(self._age, UNKNOWN_AGE)])
                self._sex = np.concatenate([self._sex, np.zeros_like(self._sex)])
                self._person = np.concatenate([self._person, np.zeros_like(self._person)])
            numbers = [self.vocabulary.add(part) for part in found]
            while len(self._bearers) <= len(self.vocabulary.parts):
                self._bearers = np.concatenate([self._bearers, np.zeros_like(self._bearers)])
            for number in set(numbers):
                self._bearers[number] += 1
            self._rows[row] = padded(numbers)
            self._age[row] = age
            self._sex[row] = SEX_CODES.get(person.sex, 0)
            self._person[row] = self._people
            self._carried += len(set(numbers))
            self.who.append(person)
        self._people += 1
        if age >= 0:
            self._histogram[age] += 1
            self._ages = None
        return len(readings)

    def _settle(self) -> None:
        """Packs all postings into one array, part by part."""
        rows = self._rows[: len(self.who)]
        size = len(self.vocabulary.parts)
        row, column = np.nonzero(rows >= 0)
        part = rows[row, column]
        code = np.unique(part.astype(np.int64) * max(1, len(self.who)) + row)
        part, row = np.divmod(code, max(1, len(self.who)))
        starts = np.searchsorted(part, np.arange(size + 1))
        self._base = (starts.astype(np.int32), row.astype(np.int32))
        self._tail.clear()
        self._in_base = len(self.who)

    def neighbours(self, part: Part) -> Neighbours:
        """See `Vocabulary.neighbours`."""
        return self.vocabulary.neighbours(part)

    def part(self, number: int) -> Part:
        """The part of a number."""
        return self.vocabulary.parts[number]

    def bearers(self, parts: Ints) -> Ints:
        """How many rows carry each part."""
        return self._bearers[parts]

    def size(self) -> tuple[int, int]:
        """Rows, and distinct parts summed over rows."""
        return len(self.who), self._carried

    def postings(self, part: int) -> Ints:
        """The rows that carry a part, ascending, each once."""
        starts, rows = self._base
        packed = rows[starts[part] : starts[part + 1]] if part + 1 < len(starts) else NOBODY
        tail = self._tail.get(part)
        return np.concatenate([packed, np.array(tail, dtype=np.int32)]) if tail else packed

    def row_parts(self, rows: Ints) -> Ints:
        """(n, MAX_PARTS) parts of rows, -1 where there is none."""
        return self._rows[rows]

    def ages_sexes(self, rows: Ints) -> tuple[Ints, Ints]:
        """Ages in years (UNKNOWN_AGE) and sex codes of rows."""
        return self._age[rows], self._sex[rows]

    def ages(self) -> Ages:
        """Odds of age gaps among the people of this register."""
        if self._ages is None:
            self._ages = Ages(self._histogram)
        return self._ages

    def person_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The place of each row's person among the people as they came."""
        return self._person[rows].astype(np.int64)

    def people(self, rows: Sequence[int]) -> list[Person]:
        """The people of rows."""
        return [self.who[row] for row in rows]
