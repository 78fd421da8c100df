"""The index as tables of a database: SQLite, SQLCipher or PostgreSQL, with the answers of `arrays`.

A search writes nothing, and all it knows is in the tables: what was added, by whichever process,
is found by the next one. Changes belong to the caller's transaction. Plain Python and SQL: a site
needs no numpy. Where the extra `lab` is installed, the inner loops run in machine code.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from importlib import import_module
from itertools import islice
from typing import Final

from corridor.engines.matching.chunks import Chunks
from corridor.engines.matching.database import Connection, Database, numbers
from corridor.engines.matching.evidence import OLDEST, Ages, Person, age_of, fact_of
from corridor.engines.matching.forest import Forest
from corridor.engines.matching.postings import posting
from corridor.engines.matching.reading import Best, Loops, PlainLoops
from corridor.engines.matching.scoring import FAR
from corridor.engines.matching.search import Enquiry, Recorded
from corridor.engines.matching.spelling import SCRIPTS
from corridor.engines.matching.vocabulary import (
    INITIAL,
    MOST_NEIGHBOURS,
    Neighbours,
    PlainWalks,
    Walks,
    alike,
    completed,
    entries_of,
    initial_sound,
    likeliest,
)
from corridor.engines.names.fold import Script
from corridor.engines.names.parts import MAX_PARTS, Part

BATCH: Final = 50_000  # people whose postings are added together
MOST_NEAR: Final = 2_000  # asked parts whose near spellings are remembered
COLUMNS: Final = tuple(one.name for one in fields(Person))
_json: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def machine() -> tuple[Walks, Loops]:
    """The inner loops: in machine code if the extra `lab` is installed, else in plain Python."""
    try:
        kernels = import_module("corridor.engines.matching.kernels")
    except ModuleNotFoundError:
        return PlainWalks(), PlainLoops()
    return kernels.FastWalks(), kernels.FastLoops()


class Tables:
    """A register in a database, a `search.Store`. Each reading of a person is one row."""

    def __init__(self, connection: Connection, *, mark: str = "?", plain: bool = False) -> None:
        """mark: how the driver marks a value in a statement, "?" or "%s".

        plain: does without machine code, whatever is installed.
        """
        self.connection = connection
        self._database = Database(connection, mark)
        self._chunks = Chunks(self._database)
        self._forest = Forest(self._database)
        self._walks: Walks
        self._loops: Loops
        self._walks, self._loops = (PlainWalks(), PlainLoops()) if plain else machine()

    def add(self, person: Person) -> None:
        """Adds a person; the next search finds them."""
        self.fill([person])

    def fill(self, people: Iterable[Person]) -> None:
        """Adds many people."""
        iterator = iter(people)
        while some := list(islice(iterator, BATCH)):
            self._add(some)

    def _add(self, people: Sequence[Person]) -> None:
        readings = [(person, found[:MAX_PARTS]) for person in people for found in person.readings()]
        parts: dict[str, Part] = {}
        for part in (p for _, found in readings for p in found):
            parts.setdefault(part.key, part)  # shown as whoever came first wrote it
        number = self._numbered(parts)
        [(first,)] = self._database.all("SELECT next FROM name_size")
        rows = [
            (row, person.pid, fact_of(person), [number[p.key] for p in found], _told(person))
            for row, (person, found) in enumerate(readings, first)
        ]
        self._database.many(
            "INSERT INTO name_row VALUES (?, ?, ?, ?, ?)",
            ((row, pid, fact, numbers(held), told) for row, pid, fact, held, told in rows),
        )
        self._chunks.add(_postings((row, fact, held) for row, _, fact, held, _ in rows))
        self._count([held for *_, held, _ in rows], people, 1)

    def _numbered(self, parts: dict[str, Part]) -> dict[str, int]:
        """The numbers of parts by key, new ones given theirs."""
        known: dict[str, int] = dict(
            self._database.among("SELECT key, number FROM name_part WHERE key IN ({})", parts)
        )
        [(first,)] = self._database.all("SELECT coalesce(max(number), -1) + 1 FROM name_part")
        new = [part for key, part in parts.items() if key not in known]
        self._database.many(
            "INSERT INTO name_part VALUES (?, ?, ?, ?, ?, ?, 0)",
            [
                (number, part.key, _text(part), part.script, initial_sound(part.text),
                 int(part.role == "initial"))
                for number, part in enumerate(new, first)
            ],
        )  # fmt: skip
        for script in SCRIPTS:
            entries = [
                entry
                for number, part in enumerate(new, first) if part.script == script
                for entry in entries_of(part, number)
            ]  # fmt: skip
            if entries:
                self._forest.plant(script, entries)
        return known | {part.key: number for number, part in enumerate(new, first)}

    def _count(self, rows: Sequence[Sequence[int]], people: Sequence[Person], by: int) -> None:
        """Counts rows with their parts, and ages, in (by: 1) or out (-1)."""
        bear: dict[int, int] = defaultdict(int)
        for parts in rows:
            for part in set(parts):
                bear[part] += by
        self._database.many(
            "UPDATE name_part SET bearers = bearers + ? WHERE number = ?",
            [(count, part) for part, count in sorted(bear.items())],
        )
        ages: dict[int, int] = defaultdict(int)
        for person in people:
            if person.age is not None:
                ages[age_of(fact_of(person))] += by
        self._database.many(
            "INSERT INTO name_age VALUES (?, ?) ON CONFLICT (age) DO UPDATE "
            "SET people = name_age.people + excluded.people",
            sorted(ages.items()),
        )
        self._database.run(
            "UPDATE name_size SET rows = rows + ?, carried = carried + ?, next = next + ?",
            by * len(rows), sum(bear.values()), max(0, by * len(rows)),
        )  # fmt: skip

    def remove(self, pid: str) -> None:
        """Takes a person out, and every part that nobody else bears: nothing of the name is left.

        Does nothing if there is nobody of that pid.
        """
        found = self._database.all(
            "SELECT place, fact, parts, person FROM name_row WHERE pid = ?", pid
        )
        rows = [(row, fact, _numbers(parts)) for row, fact, parts, _ in found]
        self._chunks.remove(_postings(rows))
        self._database.run("DELETE FROM name_row WHERE pid = ?", pid)
        self._count([parts for *_, parts in rows], [_person(told) for *_, told in found[:1]], -1)
        borne = sorted({part for *_, parts in rows for part in parts})
        if not borne:
            return
        left = self._database.all(
            "SELECT number, script FROM name_part"
            f" WHERE bearers = 0 AND number IN ({numbers(borne)})"
        )
        self._database.many(
            "UPDATE name_part SET key = ?, part = '', sound = '#', initial = 0 WHERE number = ?",
            [(f"#{number}", number) for number, _ in left],
        )
        for script in {script for _, script in left}:
            self._forest.uproot(script, {number for number, _ in left})

    def neighbours(self, part: Part, least: float) -> Neighbours:
        """The parts that `part` may be, with log ratios over an unrelated name above `least`."""
        sound = initial_sound(part.text)
        if part.role == "initial":
            alone = self._database.all(
                f"SELECT number FROM name_part WHERE sound = ? ORDER BY number"
                f" LIMIT {MOST_NEIGHBOURS}",
                sound,
            )
            return likeliest({number: INITIAL for (number,) in alone}, least, 0)
        same = self._database.all("SELECT number FROM name_part WHERE key = ?", part.key)
        fit = self._database.all(
            "SELECT number FROM name_part WHERE sound = ? AND initial = 1", sound
        )
        trees = self._forest.trees()
        near = self._forest.near
        asked = part.key, part.forms, least
        if asked not in near:
            if len(near) >= MOST_NEAR:
                near.clear()
            near[asked] = alike(part, least, trees, self._walks)
        very = same[0][0] if same else -1
        return likeliest(completed(near[asked], very, [n for (n,) in fit]), least, 0)

    def part(self, number: int) -> Part:
        """The part of a number."""
        [(text,)] = self._database.all("SELECT part FROM name_part WHERE number = ?", number)
        name, script, role, forms, written = json.loads(text)
        return Part(name, script, role, tuple((form, cost) for form, cost in forms), written)

    def bearers(self, parts: Sequence[int]) -> list[tuple[int, Script]]:
        """How many rows carry each part, and its script."""
        if not parts:
            return []
        found = {
            number: (bearers, script)
            for number, bearers, script in self._database.all(
                f"SELECT number, bearers, script FROM name_part WHERE number IN ({numbers(parts)})"
            )
        }
        return [found[number] for number in parts]

    def size(self) -> tuple[int, int]:
        """Rows, and distinct parts summed over rows."""
        rows, carried = self._database.all("SELECT rows, carried FROM name_size")[0]
        return rows, carried

    def ages(self) -> Ages:
        """Odds of age gaps among the people of this register."""
        histogram = [0.0] * (OLDEST + 1)
        for age, people in self._database.all("SELECT age, people FROM name_age"):
            histogram[age] = float(people)
        return Ages(histogram)

    def best(self, enquiry: Enquiry, most: int, away: float = FAR) -> list[tuple[float, int]]:
        """Scores in nats and rows, best first, ties by row."""
        [(size,)] = self._database.all("SELECT next FROM name_size")
        return Best(enquiry, most, away, self._chunks.read, size, self._loops).found()

    def recorded(self, rows: Sequence[int]) -> list[Recorded]:
        """Rows with their people."""
        if not rows:
            return []
        found = {
            row: Recorded(_numbers(parts), _person(told))
            for row, parts, told in self._database.all(
                f"SELECT place, parts, person FROM name_row WHERE place IN ({numbers(rows)})"
            )
        }
        return [found[row] for row in rows]


def _postings(rows: Iterable[tuple[int, int, Sequence[int]]]) -> dict[int, list[int]]:
    """The postings of rows (row, age and sex, parts) by part."""
    out: dict[int, list[int]] = defaultdict(list)
    for row, fact, parts in rows:
        for place, part in enumerate(parts):
            out[part].append(posting(fact, row, place, len(parts)))
    return out


def _numbers(text: str) -> list[int]:
    return [int(n) for n in text.split(",")] if text else []


def _told(person: Person) -> str:
    return _json([getattr(person, name) for name in COLUMNS])


def _person(told: str) -> Person:
    return Person(*json.loads(told))


def _text(part: Part) -> str:
    return _json([part.text, part.script, part.role, part.forms, part.written])
