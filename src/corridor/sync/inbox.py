"""What came over the line and is on this disk, but not taken in yet.

A bundle that was found whole is kept as it came, which is as durable as an entry and takes a
fraction of the time; so the line is needed for a few seconds only. Whoever meets, opens the site or
serves it takes in what lies here. Until then nothing of it is held: it counts for nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
from django.db import DatabaseError, connections

from corridor.journal import arrive
from corridor.journal.arrive import Taken
from corridor.journal.node import Node
from corridor.sync import bundle

#: With so many bundles here, who brings another one waits until they are taken in.
MOST = 8
#: Seconds in which no bundle came, after which those that did are taken in.
QUIET = 0.3

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
        cursor.execute("SELECT COUNT(*) FROM journal_inbox")
        return int(cursor.fetchone()[0]) >= MOST


def take_in(node: Node, tell: Tell = lambda sender, taken: None) -> None:
    """Takes in all that is kept, each bundle all or nothing; a bad one is dropped and reported."""
    while (oldest := _oldest(node)) is not None:
        n, sender = oldest
        taken = arrive.take_all(node, _parts(node, n))
        if refusals(taken):
            with node.transaction():
                _drop(node, n)
        tell(sender, taken)


def refusals(taken: Taken) -> list[tuple[str, str]]:
    """Why a bundle was refused; what waited since before it and was dropped is no reason."""
    return [
        (what, about)
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
    #: When, by the monotonic clock; None: nothing is left to do.
    due: float | None
    running: bool
    refused: dict[str, list[tuple[str, str]]]


_soon = _Soon(threading.Lock(), None, False, {})


def take_in_soon(node: Node) -> None:
    """Takes in what is kept once no more comes, unless somebody does so before."""
    with _soon.lock:
        _soon.due = time.monotonic() + QUIET
        if _soon.running:
            return
        _soon.running = True
    threading.Thread(target=_wait_and_take_in, args=(node,), daemon=True).start()


def take_in_now(node: Node, asker: str) -> list[tuple[str, str]]:
    """Takes in what is kept; returns what was refused of what `asker` brought since it asked."""
    with _soon.lock:
        _soon.due = None
    take_in(node, _note_refused)
    with _soon.lock:
        return _soon.refused.pop(asker, [])


def _note_refused(sender: str, taken: Taken) -> None:
    if refused := refusals(taken):
        with _soon.lock:
            _soon.refused.setdefault(sender, []).extend(refused)


def _wait_and_take_in(node: Node) -> None:
    while True:
        with _soon.lock:
            left = None if _soon.due is None else _soon.due - time.monotonic()
            if left is None:
                _soon.running = False
                return
            if left <= 0:
                _soon.due = None
        if left > 0:
            time.sleep(left)
            continue
        if node.alias in connections.settings:
            try:
                take_in(node, _note_refused)
            except DatabaseError:
                pass  # a full disk: it stays kept, and the next who meets or opens tries again
            finally:
                connections[node.alias].close()
