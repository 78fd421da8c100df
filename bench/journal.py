"""Append, bulk append and rebuild, beside a raw SQL insert of the same rows.

    python -m bench.journal [PEOPLE]

Prints p50 and p99 of single appends (one entry each, durable on return), the rate of bulk appends
as an import makes them, and the time of a rebuild of PEOPLE (100,000 unless said otherwise), each
beside plain inserts into one table of the same library with the same settings.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
django.setup()

from tests.nodes import lone_node  # noqa: E402

from corridor.exercise.operation import new_household  # noqa: E402
from corridor.exercise.population import households  # noqa: E402
from corridor.journal import schema  # noqa: E402
from corridor.journal.append import Draft, append  # noqa: E402
from corridor.journal.node import Node  # noqa: E402
from corridor.people.acts import Registering  # noqa: E402
from corridor.stops.waiting.entries import WaitingJoined  # noqa: E402

SINGLE = 2000
BATCH = 100


def main() -> None:
    """Runs all and prints a table."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        for name, key in (("plain", None), ("encrypted", b"k" * 32)):
            node, _clock = lone_node(Path(folder), name, key=key)
            node.clock = lambda: time.time_ns() // 1_000_000
            print(f"\n{name}")
            singles(node)
            if key is None:
                bulk(node, people)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\npeak memory of the process: {peak} MB")


def singles(node: Node) -> None:
    """One entry at a time, beside one durable insert at a time."""

    def one(number: int) -> None:
        append(node, "actor", [Draft(WaitingJoined(place="p"), f"person-{number}")])

    _raw_table(node)

    def raw(number: int) -> None:
        with node.transaction(), node.cursor() as cursor:
            cursor.execute("INSERT INTO raw_row (a, b) VALUES (%s, %s)", [str(number), "x" * 500])

    for name, act in (("append of one entry", one), ("raw insert of one row", raw)):
        times = sorted(_times(act))
        p50, p99 = statistics.median(times), times[int(len(times) * 0.99)]
        print(f"{name:36} p50 {p50:7.2f} ms   p99 {p99:7.2f} ms")


def bulk(node: Node, people: int) -> None:
    """Registrations as an import makes them, then a rebuild of everything."""
    made = households(1, people, date(2026, 11, 24))
    entries = 0
    spent = 0.0
    while some := list(islice(made, BATCH)):
        registering = Registering(node)
        for one in some:
            registering.add(new_household(one))
        started = time.perf_counter()
        append(node, "actor", registering.drafts)
        spent += time.perf_counter() - started
        entries += len(registering.drafts)
    print(f"{'bulk append':36} {people:,} people, {entries:,} entries: {spent:6.1f} s,"
          f" {entries / spent:9,.0f} entries/s")  # fmt: skip
    with _timed("raw insert of the same rows") as say, node.transaction():
        say(f"{_copy_raw(node):,} rows")
    with _timed("rebuild"):
        schema.rebuild(node)
    with _timed("raw insert of the folded rows") as say, node.transaction():
        say(f"{_copy_folded(node):,} rows")


def _raw_table(node: Node) -> None:
    with node.cursor() as cursor:
        cursor.execute("CREATE TABLE raw_row (n INTEGER PRIMARY KEY, a TEXT, b BLOB)")


def _copy_raw(node: Node) -> int:
    """Reads every entry and body and inserts it as one plain row."""
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.head, b.raw FROM journal_entry e LEFT JOIN journal_body b ON b.n = e.n"
        )
        rows = [(entry, bytes(head or b"") + bytes(body or b"")) for entry, head, body in cursor]
        cursor.executemany("INSERT INTO raw_row (a, b) VALUES (%s, %s)", rows)
    return len(rows)


def _copy_folded(node: Node) -> int:
    """Reads every folded row and inserts it into a bare copy of its table."""
    count = 0
    with node.cursor() as cursor:
        for table in schema.folded_tables():
            name = table._meta.db_table
            cursor.execute(f"SELECT * FROM {name}")
            rows = cursor.fetchall()
            cursor.execute(f"CREATE TABLE raw_{name} AS SELECT * FROM {name} WHERE 0")
            if rows:
                marks = ",".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO raw_{name} VALUES ({marks})", rows)
            count += len(rows)
    return count


def _times(act: Callable[[int], None]) -> Iterator[float]:
    for number in range(SINGLE):
        started = time.perf_counter()
        act(number)
        yield (time.perf_counter() - started) * 1000


@contextmanager
def _timed(name: str) -> Iterator[Callable[[str], None]]:
    said: list[str] = []
    started = time.perf_counter()
    yield said.append
    print(f"{name:36} {time.perf_counter() - started:6.1f} s  {' '.join(said)}")


if __name__ == "__main__":
    main()
