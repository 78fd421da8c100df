"""What the tables of names ask of a database: SQLite, SQLCipher or PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, Protocol

TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS name_part (
        number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, part TEXT NOT NULL,
        script TEXT NOT NULL, sound TEXT NOT NULL, initial INTEGER NOT NULL,
        bearers INTEGER NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS name_part_sound ON name_part (sound, initial, number)",
    """CREATE TABLE IF NOT EXISTS name_tree (
        script TEXT NOT NULL, turn INTEGER NOT NULL, size INTEGER NOT NULL, stamp TEXT NOT NULL,
        forms TEXT NOT NULL, nodes BLOB NOT NULL, letters BLOB NOT NULL, start BLOB NOT NULL,
        number BLOB NOT NULL, cost BLOB NOT NULL, PRIMARY KEY (script, turn))""",
    """CREATE TABLE IF NOT EXISTS name_posting (
        part INTEGER NOT NULL, low BIGINT NOT NULL, high BIGINT NOT NULL, entries BLOB NOT NULL,
        PRIMARY KEY (part, low, high))""",
    """CREATE TABLE IF NOT EXISTS name_row (
        place INTEGER PRIMARY KEY, pid TEXT NOT NULL, fact INTEGER NOT NULL, parts TEXT NOT NULL,
        person TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS name_row_pid ON name_row (pid)",
    "CREATE TABLE IF NOT EXISTS name_age (age INTEGER PRIMARY KEY, people INTEGER NOT NULL)",
    """CREATE TABLE IF NOT EXISTS name_size (
        one INTEGER PRIMARY KEY, rows INTEGER NOT NULL, carried INTEGER NOT NULL,
        next INTEGER NOT NULL)""",
)
MOST_VALUES: Final = 500  # values of one statement


class Cursor(Protocol):
    """What is used of a DB-API cursor."""

    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> Any: ...
    def executemany(self, statement: str, values: Iterable[Sequence[Any]], /) -> Any: ...
    def fetchall(self) -> list[Any]: ...


class Connection(Protocol):
    """What is used of a DB-API connection."""

    def cursor(self) -> Any: ...


class Database:
    """Statements on one connection, in its transaction."""

    def __init__(self, connection: Connection, mark: str) -> None:
        """mark: how the driver marks a value in a statement, "?" or "%s"."""
        self._cursor: Cursor = connection.cursor()
        self._mark = mark
        for statement in TABLES:
            self.run(statement if mark == "?" else statement.replace(" BLOB", " BYTEA"))
        if not self.all("SELECT one FROM name_size"):
            self.run("INSERT INTO name_size VALUES (1, 0, 0, 0) ON CONFLICT DO NOTHING")

    def run(self, statement: str, *values: Any) -> None:
        """Runs a statement that returns nothing."""
        self._cursor.execute(statement.replace("?", self._mark), values)

    def all(self, statement: str, *values: Any) -> list[Any]:
        """All rows of a question."""
        self.run(statement, *values)
        return self._cursor.fetchall()

    def many(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        """Runs a statement for each of many values."""
        self._cursor.executemany(statement.replace("?", self._mark), values)

    def among(self, statement: str, values: Iterable[Any]) -> Iterator[Any]:
        """Rows of a question that holds `{}` where the values stand, for any number of them."""
        for some in groups_of(values):
            marks = ",".join("?" * len(some))
            yield from self.all(statement.format(marks), *some)


def groups_of(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Values in groups that one statement may hold."""
    left = iter(values)
    while some := list(islice(left, MOST_VALUES)):
        yield some


def numbers(values: Sequence[int]) -> str:
    """Whole numbers as SQL writes them in a list."""
    return ",".join(map(str, values))
