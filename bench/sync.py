"""Sync beside its limits: bytes on the wire, entries a second with folding, the no-op, the audit.

    python -m bench.sync [PEOPLE]

PEOPLE (20,000 unless said otherwise) invented persons are registered as an import does, on an
encrypted file. A second node then takes them in, bundle by bundle as a meeting asks for them.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path

import django
import msgspec

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
django.setup()

from tests.nodes import lone_node, new_node  # noqa: E402

from corridor.exercise.operation import new_household  # noqa: E402
from corridor.exercise.population import households  # noqa: E402
from corridor.journal import schema, tips  # noqa: E402
from corridor.journal.append import append  # noqa: E402
from corridor.journal.exchange import lacking, summarise  # noqa: E402
from corridor.journal.keys.signing import Signer  # noqa: E402
from corridor.journal.node import Node  # noqa: E402
from corridor.journal.verify import Verified, _check_chains  # noqa: E402
from corridor.people.acts import Registering  # noqa: E402
from corridor.sync import bundle, inbox, letters, talk, wire  # noqa: E402
from corridor.sync.views import MOST_CHUNKS  # noqa: E402

BATCH = 100


def main() -> None:
    """Runs all and prints a table."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        giver, _clock = lone_node(Path(folder), "giver", key=b"k" * 32)
        taker = beside(giver, Path(folder))
        entries = fill(giver, people)
        packed = list(bundles(giver, taker))
        size = sum(map(len, packed))
        print(f"{entries:,} entries of {people:,} people in {len(packed)} bundles.\n")
        print("| what | measured | of processor time | limit |\n|---|---|---|---|")
        print(f"| bytes on the wire | {size / entries:.1f} an entry, {size / people:.1f}"
              " a registration | | 90 a registration |")  # fmt: skip
        with timed("taken in with folding", entries, "10,000 entries/s"):
            for raw in packed:
                assert not bundle.take(taker, raw).alarms
        assert tips.tips_hash(giver) == tips.tips_hash(taker)
        assert schema.state_hash(giver) == schema.state_hash(taker)
        no_op(giver, taker)
        with timed("audit: chains, hashes, signatures", entries, "66,667 entries/s"):
            found = Verified()
            _check_chains(taker, found)
            assert found.entries == entries
            assert not found.faults
        with timed("rebuild", entries, "22,222 entries/s"):
            schema.rebuild(taker)


def fill(node: Node, people: int) -> int:
    """Registrations as an import makes them."""
    made = households(1, people, date(2026, 11, 24))
    actor = node.new_id()
    while some := list(islice(made, BATCH)):
        registering = Registering(node)
        for one in some:
            registering.add(new_household(one))
        append(node, actor, registering.drafts, command=str(uuid.uuid4()))
    return tips.entries(node)


def beside(giver: Node, folder: Path) -> Node:
    """A second node of the same operation."""
    root = Signer.from_seed(random.Random(1).randbytes(32))
    assert root.public == giver.operation
    return new_node(
        "taker", folder / "taker.db", root, "taker", seed=b"s" * 32, key=b"t" * 32,
        clock=giver.clock, random=os.urandom,
    )  # fmt: skip


def bundles(giver: Node, taker: Node) -> Iterator[bytes]:
    """What goes over a quick wire: bundles of one, two and then always four chunks."""
    chunks, size = wire.chunks(lacking(giver, summarise(taker))), 1
    while some := list(islice(chunks, size)):
        yield bundle.sealed_chunks(giver, [taker.certificate], some)
        size = min(2 * size, MOST_CHUNKS)


def no_op(giver: Node, taker: Node) -> None:
    """One question and one answer between equals, as both ends compute them."""
    times = []
    for _ in range(50):
        started = time.perf_counter()
        asked = letters.write(taker, msgspec.msgpack.encode(talk.question(taker)))
        heard = letters.open_letter(giver, asked)
        question = msgspec.msgpack.decode(heard.payload, type=talk.Question)
        refused = inbox.take_in_now(giver, heard.sender.node)
        answer = talk.answer(giver, question, refused)
        assert answer.holds is None
        times.append((time.perf_counter() - started) * 1000)
    print(f"| no-op, both ends, one request | p50 {sorted(times)[25]:.2f} ms | | 10 ms |")


@contextmanager
def timed(name: str, entries: int, limit: str) -> Iterator[None]:
    """Prints the time and the rate, by the clock and by what the processor was busy."""
    started, busy = time.perf_counter(), time.process_time()
    yield
    spent, busy = time.perf_counter() - started, time.process_time() - busy
    print(f"| {name} | {entries / spent:,.0f} entries/s ({spent:.1f} s)"
          f" | {entries / busy:,.0f} entries/s | {limit} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
