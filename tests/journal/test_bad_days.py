"""Power cuts, kills, a full disk, a flipped byte: what was acknowledged is there, whole."""

from __future__ import annotations

import os
import random
import resource
import select
import signal
import time
from pathlib import Path

import pytest
from django.db import DatabaseError, connections

from corridor.journal import schema
from corridor.journal.append import Draft, append
from corridor.journal.databases import close_database
from corridor.journal.keys.signing import Signer
from corridor.journal.node import Node
from corridor.journal.store import known_ids
from corridor.journal.verify import verify
from corridor.people.entries import PersonCorrected, PersonRegistered
from corridor.stops.waiting.entries import WaitingJoined
from tests.nodes import Clock, new_node

pytestmark = pytest.mark.usefixtures("unblocked")
ROOT = Signer.from_seed(b"r" * 32)
KEY = b"k" * 32


def site_at(path: Path, alias: str, *, fresh: bool, key: bytes | None = None) -> Node:
    return new_node(
        alias, path, ROOT, "north", seed=b"n" * 32, key=key, clock=Clock(), random=os.urandom,
        fresh=fresh,
    )  # fmt: skip


def people(number: int, size: int = 3) -> list[Draft]:
    return [
        Draft(PersonRegistered(name=f"name {number}.{k}"), f"p{number}.{k}") for k in range(size)
    ]


def test_two_hundred_power_cuts_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "site.db"
    node = site_at(path, "cut", fresh=True)
    wal = Path(f"{path}-wal")
    source = random.Random(5)
    acknowledged: list[str] = []
    cuts = 0
    for number in range(40):
        before = wal.stat().st_size if wal.exists() else 0
        held = set(acknowledged)
        new = append(node, "clerk", people(number))
        acknowledged += new
        main, log = path.read_bytes(), wal.read_bytes()
        for _ in range(5):
            cuts += 1
            at = source.randrange(before, len(log) + 1) if len(log) > before else len(log)
            torn = tmp_path / f"torn{cuts}.db"
            torn.write_bytes(main)
            Path(f"{torn}-wal").write_bytes(log[:at])
            found = site_at(torn, "torn", fresh=False)
            there = known_ids(found, acknowledged)
            assert held <= there
            assert there - held in (set(), set(new))
            if cuts % 20 == 0:
                live = schema.state_hash(found)
                schema.rebuild(found)
                assert schema.state_hash(found) == live
            close_database("torn")
    assert cuts == 200
    close_database("cut")


def _kills(tmp_path: Path, times: int) -> None:
    path = tmp_path / "site.db"
    site_at(path, "kill", fresh=True)
    close_database("kill")
    source = random.Random(7)
    acknowledged: list[str] = []
    for _ in range(times):
        read, write = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            _append_for_ever(path, write)
        os.close(write)
        select.select([read], [], [], 60)
        time.sleep(source.uniform(0.005, 0.1))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(read) as told:
            acknowledged += [line.strip() for line in told if line.endswith("\n")]
    node = site_at(path, "kill", fresh=False)
    assert len(acknowledged) > times
    assert set(acknowledged) == known_ids(node, acknowledged)
    assert verify(node).faults == []
    close_database("kill")


def _append_for_ever(path: Path, write: int) -> None:
    """In the child: appends, and tells each entry only after it was acknowledged."""
    connections["default"].connection = None
    node = site_at(path, "child", fresh=False)
    number = os.getpid() * 100_000
    while True:
        number += 1
        for entry in append(node, "clerk", people(number)):
            os.write(write, f"{entry}\n".encode())


def test_killed_while_appending(tmp_path: Path) -> None:
    _kills(tmp_path, 10)


@pytest.mark.heavy
def test_killed_fifty_times_while_appending(tmp_path: Path) -> None:
    _kills(tmp_path, 50)


def test_killed_while_rebuilding(tmp_path: Path) -> None:
    path = tmp_path / "site.db"
    node = site_at(path, "again", fresh=True)
    for number in range(60):
        append(node, "clerk", people(number, 10))
    expected = schema.state_hash(node)
    close_database("again")
    for pause in (0.01, 0.03, 0.06, 0.1):
        child = os.fork()
        if not child:
            schema.rebuild(site_at(path, "child", fresh=False))
            os._exit(0)
        time.sleep(pause)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = site_at(path, "again", fresh=False)
        schema.prepare(found)
        assert schema.state_hash(found) == expected
        close_database("again")


def test_a_full_disk_refuses_and_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "site.db"
    node = site_at(path, "full", fresh=True)
    kept = append(node, "clerk", people(1))
    close_database("full")
    child = os.fork()
    if not child:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        inside = site_at(path, "child", fresh=False)
        limit = path.stat().st_size + 40_000
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            for number in range(2, 500):
                append(inside, "clerk", people(number, 20))
        except DatabaseError:
            os._exit(7)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 7
    found = site_at(path, "full", fresh=False)
    assert known_ids(found, kept) == set(kept)
    assert verify(found).faults == []
    append(found, "clerk", people(1000))
    close_database("full")


def test_a_clock_set_back_records_on(tmp_path: Path) -> None:
    node = site_at(tmp_path / "site.db", "back", fresh=True)
    assert isinstance(node.clock, Clock)
    append(node, "clerk", people(1))
    node.clock.now -= 10 * 365 * 86_400_000
    append(node, "clerk", people(2))
    assert verify(node).faults == []
    close_database("back")


@pytest.mark.parametrize("where", ["head", "body", "table", "id", "signature"])
def test_a_flipped_byte_is_named(tmp_path: Path, where: str) -> None:
    path = tmp_path / "site.db"
    node = site_at(path, "flip", fresh=True)
    append(node, "clerk", people(1))
    seen = append(node, "clerk", [Draft(PersonRegistered(name="Zenobia-4711"), "person-0815")])
    append(node, "clerk", [Draft(WaitingJoined(place="place-2323"), "person-0815")])
    append(node, "clerk", [Draft(PersonCorrected(phone="1"), "person-0815")])
    node.scrub()
    with node.cursor() as cursor:
        cursor.execute("SELECT signature FROM journal_entry WHERE id = %s", [seen[0]])
        signature = bytes(cursor.fetchone()[0])
    close_database("flip")
    raw = path.read_bytes()
    marks = {
        "head": (b'"subject":"person-0815"', 12),
        "body": (b'"name":"Zenobia-4711"', 9),
        "table": (b"Zenobia-4711", 2),
        "id": (seen[0].encode(), 3),
        "signature": (signature, 3),
    }
    found, at = marks[where]
    places = [k for k in range(len(raw)) if raw.startswith(found, k)]
    if where == "table":
        places = [k for k in places if raw[k - 1 : k] != b'"']
    assert places
    for place in places:
        flipped = bytearray(raw)
        flipped[place + at] ^= 1
        path.write_bytes(bytes(flipped))
        Path(f"{path}-wal").unlink(missing_ok=True)
        damaged = site_at(path, "flip", fresh=False)
        faults = verify(damaged).faults
        close_database("flip")
        named = ("person-0815", seen[0]) if where != "id" else ("Entry ", "row ")
        assert any(name in fault for fault in faults for name in named), (place, faults)


def test_a_flipped_byte_of_an_encrypted_site_names_the_page(tmp_path: Path) -> None:
    path = tmp_path / "site.db"
    node = site_at(path, "sealed", fresh=True, key=KEY)
    for number in range(30):
        append(node, "clerk", people(number))
    assert verify(node).faults == []
    node.scrub()
    close_database("sealed")
    raw = bytearray(path.read_bytes())
    assert b"name 1" not in raw
    for page in range(1, len(raw) // 4096, 29):  # of the schema, of entries, of tables
        raw[page * 4096 + 100] ^= 1
        path.write_bytes(bytes(raw))
        found = verify(site_at(path, "sealed", fresh=False, key=KEY))
        assert any(f"page {page + 1}" in fault for fault in found.faults), (page, found.faults)
        assert any(line.startswith("journal_entry") for line in found.readable)
        close_database("sealed")
        raw[page * 4096 + 100] ^= 1
