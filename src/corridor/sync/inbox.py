"""What came over the line and is on this disk, but not taken in yet.

A bundle that was found whole is kept as it came, which is as durable as an entry and takes a
fraction of the time; so the line is needed for a few seconds only. Whoever meets, opens the site or
serves it takes in what lies here. Until then nothing of it is held: it counts for nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec
from django.db import DatabaseError, connections
from django.utils.connection import ConnectionDoesNotExist

from corridor.journal import arrive
from corridor.journal.arrive import Taken
from corridor.journal.node import Node
from corridor.sync import bundle

#: With so many bundles or bytes here, who brings more waits until they are taken in.
MOST, MOST_BYTES = 8, 64 * 2**20
#: Seconds in which no bundle came, after which those that did are taken in.
QUIET = 0.3
#: Seconds after which it is tried again where the database refused.
AGAIN = 30.0

#: What became of a bundle, by the key of the node that sent it.
Tell = Callable[[str, Taken], None]


def keep(node: Node, opened: bundle.Opened) -> None:
    """Keeps a bundle that was found whole; it is on the disk when this returns."""
    raw = msgspec.msgpack.encode(opened.chunks)
    with node.transaction(), node.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_inbox (sender, raw) VALUES (%s, %s)", [opened.sender.node, raw]
        )


def is_full(node: Node) -> bool:
    """Whether so much is kept here that it has to be taken in first."""
    with node.cursor() as cursor:
        cursor.execute("SELECT COUNT(*), COALESCE(SUM(LENGTH(raw)), 0) FROM journal_inbox")
        bundles, size = cursor.fetchone()
    return bool(bundles >= MOST or size >= MOST_BYTES)


def take_in(node: Node, tell: Tell = lambda sender, taken: None) -> None:
    """Takes in all that is kept."""
    while take_in_one(node, tell):
        pass


def take_in_one(node: Node, tell: Tell) -> bool:
    """Takes in the oldest bundle, all or nothing; a bad one is dropped and reported.

    Tells whether there was one.
    """
    if (oldest := _oldest(node)) is None:
        return False
    n, sender = oldest
    taken = arrive.take_all(node, _parts(node, n))
    if refusals(taken):
        with node.transaction():
            _drop(node, n)
    tell(sender, taken)
    return True


def refusals(taken: Taken) -> list[str]:
    """Why a bundle was refused; what waited since before it and was dropped is no reason."""
    return [
        about
        for what, about in taken.alarms
        if what == "tamper" and not about.startswith("waited: ")
    ]


def _oldest(node: Node) -> tuple[int, str] | None:
    with node.cursor() as cursor:
        cursor.execute("SELECT n, sender FROM journal_inbox ORDER BY n LIMIT 1")
        row = cursor.fetchone()
    return None if row is None else (row[0], row[1])


def _parts(node: Node, n: int) -> Iterator[arrive.Computed]:
    """The parts of a kept bundle, which is gone once the last was taken in: in one transaction.

    It is read in that transaction, so of two that would take it in only one finds it.
    """
    with node.cursor() as cursor:
        cursor.execute("SELECT raw FROM journal_inbox WHERE n = %s", [n])
        row = cursor.fetchone()
    if row is not None:
        yield from bundle.parts(node, msgspec.msgpack.decode(row[0], type=list[bytes]))
        _drop(node, n)


def _drop(node: Node, n: int) -> None:
    with node.cursor() as cursor:
        cursor.execute("DELETE FROM journal_inbox WHERE n = %s", [n])


# -- at the door -----------------------------------------------------------------------


@dataclass
class _Soon:
    """What a process that others meet will take in by itself, and what it has to tell them."""

    lock: threading.Lock
    node: Node | None = None
    #: When, by the monotonic clock; None: nothing is left to do.
    due: float | None = None
    running: bool = False
    #: Key of a node to why something that it brought was refused.
    refused: dict[str, list[str]] = field(default_factory=dict)


_soon = _Soon(threading.Lock())


def take_in_soon(node: Node) -> None:
    """Takes in what is kept once no more comes, unless somebody does so before."""
    with _soon.lock:
        _soon.node, _soon.due = node, time.monotonic() + QUIET
        if _soon.running:
            return
        _soon.running = True
    threading.Thread(target=_wait_and_take_in, daemon=True).start()


def take_in_now(node: Node, asker: str) -> list[str]:
    """Takes in what is kept; returns what was refused of what `asker` brought since it asked."""
    with _soon.lock:
        _soon.due = None
    take_in(node, note_refused)
    with _soon.lock:
        return _soon.refused.pop(asker, [])


def note_refused(sender: str, taken: Taken) -> None:
    """For whom it is to be told when they ask next."""
    if refused := refusals(taken):
        with _soon.lock:
            _soon.refused.setdefault(sender, []).extend(refused)


def _wait_and_take_in() -> None:
    while (left := _left()) is not None:
        if left > 0:
            time.sleep(left)
            continue
        with _soon.lock:
            node, _soon.due = _soon.node, None
        if node is None:
            continue
        with suppress(ConnectionDoesNotExist):  # the site was closed: whoever opens it next does it
            try:
                take_in(node, note_refused)
            except DatabaseError:  # a full disk
                with _soon.lock:
                    _soon.due = time.monotonic() + AGAIN
            connections[node.alias].close()


def _left() -> float | None:
    """Seconds to wait; None: the thread ends."""
    with _soon.lock:
        if _soon.due is None:
            _soon.running = False
            return None
        return _soon.due - time.monotonic()
