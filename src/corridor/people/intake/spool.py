"""The rows of a file on their way into households: an index on disk, so that memory stays flat.

It lies in the work folder the caller names, encrypted under a key that only this process holds: if
the process dies, what is left can be read by nobody. The file is removed on `close`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlcipher3 import dbapi2 as sqlcipher

from corridor.people.intake.cells import Cell, packed, unpacked

_BATCH = 2000
_SCHEMA = """
CREATE TABLE household(
    ordinal INTEGER PRIMARY KEY, key TEXT UNIQUE, sheet TEXT, row INTEGER, body BLOB);
CREATE TABLE line(
    id INTEGER PRIMARY KEY, household INTEGER, role TEXT, sheet TEXT, row INTEGER, mark BLOB,
    who BLOB, body BLOB);
CREATE TABLE twice(id INTEGER PRIMARY KEY, sheet TEXT, row INTEGER);
CREATE TABLE again(id INTEGER PRIMARY KEY, nth INTEGER, sheet TEXT, row INTEGER);
CREATE TABLE piece(id INTEGER PRIMARY KEY, text TEXT);
CREATE TABLE own(key BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE named(key BLOB, person TEXT);
CREATE TABLE fresh(person TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_FINISH = """
CREATE INDEX line_household ON line(household, id);
CREATE INDEX line_mark ON line(mark, id) WHERE mark IS NOT NULL;
INSERT INTO twice
SELECT id, first_sheet, first_row FROM (
    SELECT id, row_number() OVER marks AS n, first_value(sheet) OVER marks AS first_sheet,
        first_value(row) OVER marks AS first_row
    FROM line INDEXED BY line_mark WHERE mark IS NOT NULL
    WINDOW marks AS (PARTITION BY mark ORDER BY id)
) WHERE n > 1;
CREATE INDEX line_who ON line(who, id) WHERE who IS NOT NULL;
INSERT INTO again
SELECT id, n, first_sheet, first_row FROM (
    SELECT id, row_number() OVER same AS n, first_value(sheet) OVER same AS first_sheet,
        first_value(row) OVER same AS first_row
    FROM line INDEXED BY line_who WHERE who IS NOT NULL
    WINDOW same AS (PARTITION BY who ORDER BY id)
) WHERE n > 1;
"""
_READ = """
SELECT h.ordinal, h.key, l.role, l.sheet, l.row, l.body, t.sheet, t.row, a.nth, a.sheet, a.row
FROM household h CROSS JOIN line l ON l.household = h.ordinal
LEFT JOIN twice t ON t.id = l.id LEFT JOIN again a ON a.id = l.id
WHERE h.ordinal % ? = 0 ORDER BY h.ordinal, l.id
"""
_SHARED = """
SELECT DISTINCT n.key, n.person, f.person IS NOT NULL FROM named n
LEFT JOIN fresh f ON f.person = n.person
WHERE n.key IN (
    SELECT g.key FROM named g LEFT JOIN fresh h ON h.person = g.person
    GROUP BY g.key HAVING count(DISTINCT g.person) > 1 AND count(h.person) > 0)
ORDER BY n.key, 3 DESC, n.person
"""
_pack = msgspec.msgpack.Encoder()
_unpack = msgspec.msgpack.Decoder()


class Line(NamedTuple):
    """One row of the source.

    `first` is sheet and row where the same row was met before; `nth` counts rows of people who
    cannot be told apart by number or name, the first of whom stands at `other`.
    """

    role: str
    sheet: str
    row: int
    cells: dict[str, Cell]
    first: tuple[str, int] | None = None
    nth: int = 1
    other: tuple[str, int] = ("", 0)


class Spool:
    """Rows in, households out. `folder` must exist."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"intake-{secrets.token_hex(8)}.spool"
        self._db = sqlcipher.connect(str(self.path), isolation_level=None)
        self._db.execute(f"PRAGMA key = \"x'{secrets.token_hex(32)}'\"")
        for pragma in (
            "journal_mode=OFF",
            "synchronous=OFF",
            "cache_size=-16000",
            "temp_store=FILE",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")
        self._waiting: list[tuple[object, ...]] = []
        self._last: tuple[str, int] = ("", 0)
        self._households = 0

    def household(self, key: str) -> int:
        """The ordinal of the household with this id, from 1; empty: a household of its own."""
        if key and self._last[0] == key:
            return self._last[1]
        if key:
            found = self._db.execute("SELECT ordinal FROM household WHERE key=?", (key,)).fetchone()
            if found:
                self._last = (key, found[0])
                return self._last[1]
        self._households += 1
        self._db.execute(
            "INSERT INTO household(ordinal, key) VALUES(?, ?)", (self._households, key or None)
        )
        self._last = (key, self._households)
        return self._households

    def add(self, household: int, line: Line, mark: bytes | None, who: bytes | None = None) -> None:
        """Keeps a row. Rows with the same `mark` say the same, rows with the same `who` speak of
        people who cannot be told apart; None is never compared."""
        body = _pack.encode({label: packed(cell) for label, cell in line.cells.items()})
        self._waiting.append((household, line.role, line.sheet, line.row, mark, who, body))
        if len(self._waiting) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        self._db.executemany(
            "INSERT INTO line(household, role, sheet, row, mark, who, body) VALUES(?,?,?,?,?,?,?)",
            self._waiting,
        )
        self._waiting.clear()

    def finish(self) -> None:
        """No more rows. Finds the records that stand twice."""
        self._flush()
        self._db.execute("COMMIT")
        self._db.executescript(_FINISH)
        self._db.execute("BEGIN")

    @property
    def households(self) -> int:
        return self._households

    def read(self, step: int = 1) -> Iterator[tuple[int, str, list[Line]]]:
        """Ordinal, id and rows of every household (or each `step`th), in the order of the file."""
        rows: list[Line] = []
        now: tuple[int, str] | None = None
        for row in self._db.execute(_READ, (step,)):
            ordinal, key, role, sheet, number, body, first_sheet, first_row, *again = row
            if now and now[0] != ordinal:
                yield *now, rows
                rows = []
            now = (ordinal, key or "")
            cells = {label: unpacked(value) for label, value in _unpack.decode(body).items()}
            first = None if first_sheet is None else (first_sheet, first_row)
            nth, *other = again
            line = Line(
                role, sheet, number, cells, first, nth or 1, (other[0] or "", other[1] or 0)
            )
            rows.append(line)
        if now:
            yield *now, rows

    def keep_pieces(self, pieces: Iterable[str]) -> int:
        """Keeps texts under their place from 0; says how many there are."""
        self._db.execute("DELETE FROM piece")
        self._db.executemany("INSERT INTO piece VALUES(?,?)", enumerate(pieces))
        found = self._db.execute("SELECT count(*) FROM piece").fetchone()
        return int(found[0])

    def piece(self, at: int) -> str:
        """The text kept under a place. Raises `IndexError`."""
        found = self._db.execute("SELECT text FROM piece WHERE id=?", (at,)).fetchone()
        if found is None:
            raise IndexError(at)
        return str(found[0])

    def whos(self) -> Iterator[tuple[bytes, int]]:
        """What tells those apart who have no number, and which of those alike each is."""
        rows = self._db.execute(
            "SELECT l.who, a.nth FROM line l LEFT JOIN again a ON a.id = l.id"
            " WHERE l.who IS NOT NULL"
        )
        for who, nth in rows:
            yield bytes(who), nth or 1

    def keep_keys(self, keys: Iterable[bytes]) -> None:
        """Keeps keys, to be asked for by `has_key`."""
        self._db.executemany("INSERT OR IGNORE INTO own VALUES(?)", ((one,) for one in keys))

    def has_key(self, key: bytes) -> bool:
        """Whether the key was kept."""
        return self._db.execute("SELECT 1 FROM own WHERE key=?", (key,)).fetchone() is not None

    def keep_names(self, names: Iterable[tuple[bytes, str]], fresh: Iterable[str]) -> None:
        """Keeps hashes of names with their persons, and who of these is new."""
        self._db.executemany("INSERT INTO named VALUES(?,?)", names)
        self._db.executemany("INSERT OR IGNORE INTO fresh VALUES(?)", ((one,) for one in fresh))
        self._db.execute("CREATE INDEX named_key ON named(key, person)")

    def shared_names(self, most: int) -> Iterator[list[tuple[str, bool]]]:
        """Those who share a name with somebody new: each with whether they are new, at most so
        many of one name, the new ones first."""
        rows = self._db.execute(_SHARED)
        for _key, group in groupby(rows, key=lambda row: bytes(row[0])):
            yield [(person, bool(is_new)) for _k, person, is_new in islice(group, most)]

    def close(self) -> None:
        """Closes and removes the file; a second call does nothing."""
        self._db.close()
        self.path.unlink(missing_ok=True)
