"""A node: one journal on one database, with its keys, its clock and its source of randomness.

Every call of the journal takes one. There is no global node, no default database and no other
clock, so one process can run many nodes under a simulated clock.
"""

from __future__ import annotations

import fcntl
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from corridor.journal.keys.certificates import Certificate
from corridor.journal.keys.signing import Signer
from corridor.journal.server import scrub_tables

#: The note that erased words may still lie in the files.
MUST_SCRUB = "must_scrub"
#: Any number will do, so long as every process that writes to this database uses the same.
_APPEND_LOCK = 0x636F7272

#: The random bits of an id.
_NOISE = (1 << 74) - 1


@dataclass
class Session:
    """The chain that this process writes: its key lives in memory only."""

    signer: Signer
    chain_n: int
    slot: int
    tip: str = ""
    seq: int = 0
    hlc: int = 0


@dataclass
class Node:
    """`clock` gives milliseconds since 1970 (UTC), `random` that many random bytes.

    `take_slot` gives the writer slot of this process, which no other process of the node has
    while this one lives.
    """

    alias: str
    operation: str
    certificate: Certificate
    certificate_text: str
    certificate_signature: str
    signer: Signer
    clock: Callable[[], int]
    random: Callable[[int], bytes]
    take_slot: Callable[[], int] = lambda: 0
    session: Session | None = None
    #: The site's folder, where it has one.
    folder: Path | None = None
    #: The writer slot of this process, once it has taken one.
    slot: int | None = None
    #: Erased words may still lie in the log of the database until it is truncated.
    must_scrub: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _depth: int = 0
    _last_id: tuple[int, int] = (-1, 0)
    _queue: IO[str] | None = None
    _writer: BaseDatabaseWrapper | None = None

    @property
    def key(self) -> str:
        """The node's verifying key in hex: its lasting name in the journal."""
        return self.signer.public

    @property
    def connection(self) -> BaseDatabaseWrapper:
        """The calling thread's connection to this node's database."""
        return connections[self.alias]

    def own_slot(self) -> int:
        """The writer slot of this process; the same again when a session is opened anew."""
        if self.slot is None:
            self.slot = self.take_slot()
        return self.slot

    def cursor(self) -> CursorWrapper:
        """A cursor on the calling thread's connection."""
        return self.connection.cursor()

    def new_id(self) -> str:
        """A fresh UUIDv7 from this node's clock and randomness.

        Those made within one millisecond follow one another (RFC 9562, 6.2, method 2), by steps
        that nobody can guess: so what is made together lies together in the tables.
        """
        stamp = max(self.clock(), 0) & (1 << 48) - 1
        noise = int.from_bytes(self.random(10), "big") & _NOISE
        if stamp == self._last_id[0]:
            noise = self._last_id[1] + 1 + (noise >> 24) & _NOISE
        self._last_id = stamp, noise
        bits = stamp << 80 | 7 << 76 | (noise >> 62 & 0xFFF) << 64 | 2 << 62 | noise & (1 << 62) - 1
        return str(uuid.UUID(int=bits))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One serialised writing transaction: an act's check and its append share one.

        Entering it within itself joins the outer one. If it ends in an exception nothing of it
        remains, and the session forgets what it had appended.
        """
        with self._lock, self._turn(), self._by_writer():
            before = None if self.session is None else (self.session, vars(self.session).copy())
            self._depth += 1
            try:
                with transaction.atomic(using=self.alias, savepoint=False):
                    if self._depth == 1 and self.connection.vendor == "postgresql":
                        with self.cursor() as cursor:
                            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_APPEND_LOCK])
                    yield
            except BaseException:
                if before is None:
                    self.session = None
                else:
                    self.session = before[0]
                    vars(self.session).update(before[1])
                raise
            finally:
                self._depth -= 1
            if self.must_scrub and not self._depth and not self.connection.in_atomic_block:
                self.scrub()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The site's processes write in the order in which they asked.

        SQLite by itself lets each of them sleep for a while and try again, so that one may wait
        long beside others who come later. A transaction that began elsewhere holds the database
        already and takes no turn.
        """
        if self._depth or self.folder is None or self.connection.in_atomic_block:
            yield
            return
        if self._queue is None:
            self._queue = (self.folder / "turn").open("a")
        fcntl.flock(self._queue, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._queue, fcntl.LOCK_UN)

    @property
    def work(self) -> Path:
        """A folder of this site for what must lie on a disk for a moment.

        It lies beside the database where that is a file; the name of one on a server is no path.
        """
        beside = Path(str(self.connection.settings_dict["NAME"])).parent
        found = (self.folder or beside) / "work"
        found.mkdir(exist_ok=True)
        return found

    def share_writer(self) -> None:
        """From now on all threads of this process write by one connection.

        What a connection has read of the file it forgets when another one writes; so the one that
        writes has at hand what the next writer reads.
        """
        if self.connection.vendor == "postgresql":
            return
        self._writer = connections.create_connection(self.alias)
        self._writer.inc_thread_sharing()
        self._writer.ensure_connection()

    @contextmanager
    def _by_writer(self) -> Iterator[None]:
        if self._writer is None or self._depth or self.connection.in_atomic_block:
            yield
            return
        own = self.connection
        connections[self.alias] = self._writer
        try:
            yield
        finally:
            connections[self.alias] = own

    def scrub_after_this(self) -> None:
        """Something was erased: the files are scrubbed after this transaction.

        It is noted in the transaction, so whoever opens the site after a crash scrubs it.
        """
        self.must_scrub = True
        with self.cursor() as cursor:
            cursor.execute(
                "INSERT INTO journal_note (key, value) VALUES (%s, '') ON CONFLICT DO NOTHING",
                [MUST_SCRUB],
            )

    def scrub(self) -> bool:
        """Nothing that was erased stays in the files; tells whether that could be done now.

        The log is truncated; on a server the tables are written anew.
        """
        if self.connection.vendor == "postgresql":
            done = scrub_tables(self.alias)
        else:
            with self.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                done = not cursor.fetchone()[0]
        self.must_scrub = not done
        if done:
            with self.cursor() as cursor:
                cursor.execute("DELETE FROM journal_note WHERE key = %s", [MUST_SCRUB])
        return done
