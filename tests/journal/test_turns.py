"""Many threads and processes of one site write: each in its turn, by one connection a process."""

from __future__ import annotations

import fcntl
import threading
import time
import uuid
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connections

from corridor.journal import checkpoints
from corridor.journal.append import Draft, append
from corridor.journal.databases import close_database
from corridor.journal.node import Node
from corridor.journal.store import known_ids
from corridor.journal.verify import verify
from corridor.people.entries import PersonRegistered
from tests.nodes import lone_node

pytestmark = pytest.mark.usefixtures("unblocked")


def one(number: int) -> list[Draft]:
    return [Draft(PersonRegistered(name=f"name {number}"), f"p{number}")]


def in_threads(node: Node, threads: int, each: int) -> list[str]:
    """Entries that so many threads recorded side by side."""
    found: list[str] = []

    def write(first: int) -> None:
        for number in range(each):
            found.extend(append(node, "clerk", one(first * 1000 + number)))
        connections[node.alias].close()

    those = [threading.Thread(target=write, args=(number,)) for number in range(threads)]
    for thread in those:
        thread.start()
    for thread in those:
        thread.join()
    return found


def test_threads_that_share_a_writer_record_everything_once(tmp_path: Path) -> None:
    node, _clock = lone_node(tmp_path, "turns", key=b"k" * 32)
    node.folder = tmp_path
    node.share_writer()
    own = connections["turns"]
    written = in_threads(node, 6, 8)
    assert len(set(written)) == 48 and known_ids(node, written) == set(written)
    assert connections["turns"] is own
    with pytest.raises(ValueError, match="NUL"):
        append(node, "clerk", [*one(7), Draft(PersonRegistered(name="a\0b"), "p8")])
    assert connections["turns"] is own and not own.in_atomic_block
    assert verify(node).faults == []
    close_database("turns")


def test_whoever_asks_later_waits_for_the_turn_of_another_process(tmp_path: Path) -> None:
    node, _clock = lone_node(tmp_path, "turns")
    node.folder = tmp_path
    append(node, "clerk", one(1))
    with (tmp_path / "turn").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        waiting = threading.Thread(target=in_threads, args=(node, 1, 1))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        fcntl.flock(other, fcntl.LOCK_UN)
        waiting.join(20)
        assert not waiting.is_alive()
    close_database("turns")


def test_the_log_is_carried_over_beside_the_writers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "EVERY", 0.02)
    node, _clock = lone_node(tmp_path, "turns")
    before = (tmp_path / "turns.db").read_bytes()
    append(node, "clerk", one(1))
    assert (tmp_path / "turns.db").read_bytes() == before
    checkpoints.keep_log_short(node)
    until = time.monotonic() + 20
    while (tmp_path / "turns.db").read_bytes() == before:
        assert time.monotonic() < until
        time.sleep(0.02)
    close_database("turns")


def test_ids_of_one_millisecond_follow_one_another(tmp_path: Path) -> None:
    """What is registered at once lies together, and nobody can tell the next id from the last."""
    node, clock = lone_node(tmp_path, "ids")
    made = [node.new_id() for _ in range(200)]
    assert made == sorted(set(made))
    assert {one[14] for one in made} == {"7"}
    noise = [uuid.UUID(one).int & ((1 << 62) - 1) for one in made]
    assert len({later - one for one, later in pairwise(noise)}) == len(made) - 1
    clock.now += 1
    assert node.new_id()[:13] > made[-1][:13]
