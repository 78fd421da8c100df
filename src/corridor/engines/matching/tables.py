"""The index as tables of a database: SQLite, SQLCipher or PostgreSQL, with the answers of `arrays`.

Two tables carry the search: parts with their neighbours, and postings. A posting holds age and sex
beside the row, so that rows of other ages are never read. Plain Python and SQL: a site needs no
numpy. Changes belong to the caller's transaction; what it added is found by the next search, also
of another process.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any, Final, Protocol

from corridor.engines.matching.evidence import OLDEST, Ages, Person, age_of, fact_of
from corridor.engines.matching.reading import Best, Fact
from corridor.engines.matching.scoring import FAR
from corridor.engines.matching.search import Enquiry, Recorded
from corridor.engines.matching.vocabulary import Neighbours, PlainWalks, Vocabulary
from corridor.engines.names.parts import MAX_PARTS, Part

TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS name_part (
        number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, part TEXT NOT NULL,
        bearers INTEGER NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS name_near (
        asked TEXT PRIMARY KEY, least DOUBLE PRECISION NOT NULL, seen INTEGER NOT NULL,
        near TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS name_posting (
        part INTEGER NOT NULL, fact INTEGER NOT NULL, place INTEGER NOT NULL,
        PRIMARY KEY (part, fact, place))""",
    """CREATE TABLE IF NOT EXISTS name_row (
        place INTEGER PRIMARY KEY, pid TEXT NOT NULL, fact INTEGER NOT NULL, parts TEXT NOT NULL,
        person TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS name_row_pid ON name_row (pid)",
    "CREATE TABLE IF NOT EXISTS name_age (age INTEGER PRIMARY KEY, people INTEGER NOT NULL)",
    """CREATE TABLE IF NOT EXISTS name_size (
        one INTEGER PRIMARY KEY, rows INTEGER NOT NULL, carried INTEGER NOT NULL,
        next INTEGER NOT NULL, removals INTEGER NOT NULL)""",
    "INSERT INTO name_size VALUES (1, 0, 0, 0, 0) ON CONFLICT DO NOTHING",
)
BATCH: Final = 2_000
FEW_FACTS: Final = 24
MOST_ASKED: Final = 50_000  # spellings whose neighbours are kept


class Cursor(Protocol):
    """What is used of a DB-API cursor."""

    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> Any: ...
    def executemany(self, statement: str, values: Iterable[Sequence[Any]], /) -> Any: ...
    def fetchall(self) -> list[Any]: ...


class Connection(Protocol):
    """What is used of a DB-API connection."""

    def cursor(self) -> Any: ...


class Tables:
    """A register in a database, a `search.Store`. Each reading of a person is one row."""

    def __init__(self, connection: Connection, *, mark: str = "?") -> None:
        """mark: how the driver marks a value in a statement, "?" or "%s"."""
        self.connection = connection
        self._cursor: Cursor = connection.cursor()
        self._mark = mark
        for statement in TABLES:
            # SQLite keeps a table in the order of its key if told so; PostgreSQL needs no telling.
            key_order = " WITHOUT ROWID" if mark == "?" and "name_posting (" in statement else ""
            self._cursor.execute(statement + key_order)
        self._removals = -1
        self._know_nothing()

    def _know_nothing(self) -> None:
        self._vocabulary = Vocabulary(PlainWalks())
        self._last = ""

    def _all(self, statement: str, *values: Any) -> list[Any]:
        self._cursor.execute(statement.replace("?", self._mark), values)
        return self._cursor.fetchall()

    def _many(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        self._cursor.executemany(statement.replace("?", self._mark), values)

    def _refresh(self) -> Vocabulary:
        """The vocabulary with every part of the table, whoever added it."""
        known = len(self._vocabulary.parts)
        removals = self._all("SELECT removals FROM name_size")[0][0]
        last = self._all("SELECT key FROM name_part WHERE number = ?", known - 1)
        if removals != self._removals or (known and [(self._last,)] != [tuple(k) for k in last]):
            self._know_nothing()
            self._removals, known = removals, 0
        new = self._all(
            "SELECT number, key, part FROM name_part WHERE number >= ? ORDER BY number", known
        )
        for number, key, text in new:
            self._vocabulary.add(_part(number, text))
            self._last = key
        return self._vocabulary

    def add(self, person: Person) -> None:
        """Adds a person; the next search finds them."""
        self.fill([person])

    def fill(self, people: Iterable[Person]) -> None:
        """Adds many people."""
        iterator = iter(people)
        while some := list(islice(iterator, BATCH)):
            self._add(some)

    def _add(self, people: Sequence[Person]) -> None:
        vocabulary = self._refresh()
        readings = [(person, found) for person in people for found in person.readings()]
        new: dict[str, Part] = {}
        for part in (p for _, found in readings for p in found):
            if part.key not in vocabulary.number:
                new.setdefault(part.key, part)
        first = len(vocabulary.parts)
        self._many(
            "INSERT INTO name_part VALUES (?, ?, ?, 0)",
            [(first + k, key, _text(part)) for k, (key, part) in enumerate(new.items())],
        )
        number = self._refresh().number
        row = self._all("SELECT next FROM name_size")[0][0]
        rows = [
            (row + k, person, fact_of(person), [number[p.key] for p in found[:MAX_PARTS]])
            for k, (person, found) in enumerate(readings)
        ]
        self._many(
            "INSERT INTO name_row VALUES (?, ?, ?, ?, ?)",
            [(r, p.pid, f, ",".join(map(str, ns)), json.dumps(asdict(p))) for r, p, f, ns in rows],
        )
        posted = [(n, f, r) for r, _, f, ns in rows for n in sorted(set(ns))]
        self._many("INSERT INTO name_posting VALUES (?, ?, ?)", posted)
        self._count([n for n, _, _ in posted], len(rows), people, 1)

    def _count(self, numbers: Sequence[int], rows: int, people: Sequence[Person], by: int) -> None:
        """Counts postings, rows and ages in (by: 1) or out (-1)."""
        bear: dict[int, int] = {}
        for number in numbers:
            bear[number] = bear.get(number, 0) + by
        self._many(
            "UPDATE name_part SET bearers = bearers + ? WHERE number = ?",
            [(count, number) for number, count in sorted(bear.items())],
        )
        ages = sorted(age_of(fact_of(p)) for p in people if p.age is not None)
        self._many(
            "INSERT INTO name_age VALUES (?, ?) ON CONFLICT (age) DO UPDATE "
            "SET people = name_age.people + excluded.people",
            [(age, by) for age in ages],
        )
        self._all_none(
            "UPDATE name_size SET rows = rows + ?, carried = carried + ?, next = next + ?",
            by * rows, by * len(numbers), max(0, by * rows),
        )  # fmt: skip

    def _all_none(self, statement: str, *values: Any) -> None:
        self._cursor.execute(statement.replace("?", self._mark), values)

    def remove(self, pid: str) -> None:
        """Takes a person out, and every part that nobody else bears: nothing of the name is left.

        Spellings that were asked for, and their neighbours, are forgotten too.
        """
        rows = self._all("SELECT place, fact, parts, person FROM name_row WHERE pid = ?", pid)
        posted = [(n, fact, row) for row, fact, parts, _ in rows for n in set(_numbers(parts))]
        self._many("DELETE FROM name_posting WHERE part = ? AND fact = ? AND place = ?", posted)
        self._all_none("DELETE FROM name_row WHERE pid = ?", pid)
        people = [Person(**json.loads(person)) for *_, person in rows[:1]]
        self._count([n for n, _, _ in posted], len(rows), people, -1)
        self._many(
            "UPDATE name_part SET key = ?, part = '' WHERE number = ? AND bearers = 0",
            [(f"#{n}", n) for n in sorted({n for n, _, _ in posted})],
        )
        self._all_none("DELETE FROM name_near")
        self._all_none("UPDATE name_size SET removals = removals + 1")

    def neighbours(self, part: Part, least: float) -> Neighbours:
        """See `Vocabulary.neighbours`; kept in the table for the next time."""
        vocabulary = self._refresh()
        if not vocabulary.keeps(part):
            for kept, seen, near in self._all(
                "SELECT least, seen, near FROM name_near WHERE asked = ?", part.key
            ):
                ids, ratio = json.loads(near)
                vocabulary.keep(part, Neighbours(ids, ratio, kept, seen))
        before = vocabulary.keeps(part)
        found = vocabulary.neighbours(part, least)
        if found is not before:
            if not before and self._all("SELECT count(*) FROM name_near")[0][0] >= MOST_ASKED:
                self._all_none("DELETE FROM name_near")
            self._all_none(
                "INSERT INTO name_near VALUES (?, ?, ?, ?) ON CONFLICT (asked) DO UPDATE "
                "SET least = excluded.least, seen = excluded.seen, near = excluded.near",
                part.key, found.least, found.seen, json.dumps([found.ids, found.ratio]),
            )  # fmt: skip
        return found

    def part(self, number: int) -> Part:
        """The part of a number."""
        return self._vocabulary.parts[number]

    def bearers(self, parts: Sequence[int]) -> list[int]:
        """How many rows carry each part."""
        if not parts:
            return []
        asked = ",".join(map(str, parts))
        found = dict(self._all(f"SELECT number, bearers FROM name_part WHERE number IN ({asked})"))
        return [found[number] for number in parts]

    def size(self) -> tuple[int, int]:
        """Rows, and distinct parts summed over rows."""
        rows, carried = self._all("SELECT rows, carried FROM name_size")[0]
        return rows, carried

    def ages(self) -> Ages:
        """Odds of age gaps among the people of this register."""
        histogram = [0.0] * (OLDEST + 1)
        for age, people in self._all("SELECT age, people FROM name_age"):
            histogram[age] = float(people)
        return Ages(histogram)

    def best(self, enquiry: Enquiry, most: int, away: float = FAR) -> list[tuple[float, int]]:
        """Scores in nats and rows, best first, ties by row."""
        return Best(enquiry, most, away, self._rows).found()

    def _rows(
        self, parts: Sequence[int], facts: Sequence[Fact] | None, also: Sequence[int] | None
    ) -> Iterator[tuple[int, Fact, str]]:
        """Rows with any of the parts, of the facts (None: any), that carry one of `also` too."""
        where = f"part IN ({','.join(map(str, parts))})"
        among = ""
        if facts is not None:
            # Few facts are looked up one by one; many are read along with the part (the sign keeps
            # the planner from looking up each of them).
            sign = "" if len(facts) <= FEW_FACTS else "+"
            among = f" AND {sign}fact IN ({','.join(map(str, facts))})"
        if also is not None:
            # The sign keeps the planner from looking up each place that has the other part.
            second = f"part IN ({','.join(map(str, also))}){among}"
            among += f" AND +place IN (SELECT place FROM name_posting WHERE {second})"
        where += among
        return iter(
            self._all(
                "SELECT place, fact, parts FROM name_row WHERE place IN "
                f"(SELECT place FROM name_posting WHERE {where})"
            )
        )

    def recorded(self, rows: Sequence[int]) -> list[Recorded]:
        """Rows with their people."""
        if not rows:
            return []
        asked = ",".join(map(str, rows))
        found = {
            row: Recorded(_numbers(parts), Person(**json.loads(person)))
            for row, parts, person in self._all(
                f"SELECT place, parts, person FROM name_row WHERE place IN ({asked})"
            )
        }
        return [found[row] for row in rows]


def _numbers(text: str) -> list[int]:
    return [int(n) for n in text.split(",")] if text else []


def _text(part: Part) -> str:
    return json.dumps([part.text, part.script, part.role, part.forms, part.written])


def _part(number: int, text: str) -> Part:
    if not text:  # nobody bears it any more
        return Part(f"#{number}", "latn", "name", (), "")
    name, script, role, forms, written = json.loads(text)
    return Part(name, script, role, tuple((form, cost) for form, cost in forms), written)
