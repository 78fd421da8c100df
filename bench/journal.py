"""Append, bulk append and rebuild, beside a raw SQL insert of the same rows.

    python -m bench.journal [PEOPLE]

Prints p50 and p99 of single appends (one entry each, durable on return), then of PEOPLE (100,000
unless said otherwise; 491,000 make about a million entries, in five minutes) on an encrypted file:
the rate of bulk appends as an import makes them, the rebuild and the audit. Appends and rebuild
stand beside plain inserts into one table of the same library with the same settings.
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
from corridor.journal import schema, tips  # noqa: E402
from corridor.journal.append import Draft, append  # noqa: E402
from corridor.journal.node import Node  # noqa: E402
from corridor.journal.verify import Verified, _check_chains  # noqa: E402
from corridor.people.acts import Registering  # noqa: E402
from corridor.stops.waiting.entries import WaitingJoined  # noqa: E402

SINGLE = 2000
BATCH = 100
ROWS = 2000


def main() -> None:
    """Runs all and prints two tables."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        print("| durable when it returns | p50 ms | p99 ms |\n|---|---|---|")
        for name, key in (("plain", None), ("encrypted", b"k" * 32)):
            node, _clock = lone_node(Path(folder), name, key=key)
            node.clock = lambda: time.time_ns() // 1_000_000
            singles(node, name)
        print()
        bulk(node, people)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nPeak memory of the process: {peak} MB.")


def singles(node: Node, name: str) -> None:
    """One entry at a time, beside one durable insert at a time."""

    def one(number: int) -> None:
        append(node, "actor", [Draft(WaitingJoined(place="p"), f"person-{number}")])

    _raw_table(node)

    def raw(number: int) -> None:
        with node.transaction(), node.cursor() as cursor:
            cursor.execute("INSERT INTO raw_row (a, b) VALUES (%s, %s)", [str(number), "x" * 500])

    for what, act in (("append of one entry", one), ("raw insert of one row", raw)):
        times = sorted(_times(act))
        p50, p99 = statistics.median(times), times[int(len(times) * 0.99)]
        print(f"| {what}, {name} | {p50:.2f} | {p99:.2f} |")


def bulk(node: Node, people: int) -> None:
    """Registrations as an import makes them, then the audit and a rebuild of everything."""
    before = tips.entries(node)
    spent, busy = 0.0, 0.0
    made = households(1, people, date(2026, 11, 24))
    while some := list(islice(made, BATCH)):
        registering = Registering(node)
        for one in some:
            registering.add(new_household(one))
        started, worked = time.perf_counter(), time.process_time()
        append(node, "actor", registering.drafts)
        spent += time.perf_counter() - started
        busy += time.process_time() - worked
    entries = tips.entries(node)
    print(f"| {people:,} people in {entries:,} entries, encrypted | s | entries/s"
          " | s of processor time | entries/s of it | limit |")  # fmt: skip
    print("|---|---|---|---|---|---|")
    _row("bulk append", entries - before, spent, busy)
    with _timed("raw insert of the same rows", entries), node.transaction():
        _copy_raw(node)
    with _timed("rebuild", entries, "45 s for 1,000,000"):
        schema.rebuild(node)
    with _timed("raw insert of the folded rows", entries), node.transaction():
        _copy_folded(node)
    found = Verified()
    with _timed("audit: chains, hashes, signatures", entries, "15 s for 1,000,000"):
        _check_chains(node, found)
    assert found.entries == entries
    assert not found.faults


def _raw_table(node: Node) -> None:
    with node.cursor() as cursor:
        cursor.execute("CREATE TABLE raw_row (n INTEGER PRIMARY KEY, a TEXT, b BLOB)")


def _copy_raw(node: Node) -> None:
    """Reads every entry and body and inserts it as one plain row."""
    with node.connection.chunked_cursor() as reading, node.cursor() as cursor:
        reading.execute(
            "SELECT e.id, e.head, b.raw FROM journal_entry e LEFT JOIN journal_body b ON b.n = e.n"
        )
        while rows := reading.fetchmany(ROWS):
            cursor.executemany(
                "INSERT INTO raw_row (a, b) VALUES (%s, %s)",
                [(entry, bytes(head or b"") + bytes(body or b"")) for entry, head, body in rows],
            )


def _copy_folded(node: Node) -> None:
    """Reads every folded row and inserts it into a bare copy of its table."""
    for table in schema.folded_tables():
        name = table._meta.db_table
        with node.connection.chunked_cursor() as reading, node.cursor() as cursor:
            cursor.execute(f"CREATE TABLE raw_{name} AS SELECT * FROM {name} WHERE 0")
            reading.execute(f"SELECT * FROM {name}")
            while rows := reading.fetchmany(ROWS):
                marks = ",".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO raw_{name} VALUES ({marks})", rows)


def _times(act: Callable[[int], None]) -> Iterator[float]:
    for number in range(SINGLE):
        started = time.perf_counter()
        act(number)
        yield (time.perf_counter() - started) * 1000


def _row(name: str, entries: int, spent: float, busy: float, limit: str = "") -> None:
    print(f"| {name} | {spent:.1f} | {entries / spent:,.0f} | {busy:.1f}"
          f" | {entries / busy:,.0f} | {limit} |", flush=True)  # fmt: skip


@contextmanager
def _timed(name: str, entries: int, limit: str = "") -> Iterator[None]:
    started, worked = time.perf_counter(), time.process_time()
    yield
    _row(name, entries, time.perf_counter() - started, time.process_time() - worked, limit)


if __name__ == "__main__":
    main()
