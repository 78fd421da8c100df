"""Nodes for tests: each on its own database file, with a clock and randomness under control."""

from __future__ import annotations

import datetime
import hashlib
import os
import random as randomness
from collections.abc import Callable
from itertools import count
from pathlib import Path

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import call_command
from sqlcipher3 import dbapi2

from corridor.journal import schema
from corridor.journal.databases import close_database, open_database
from corridor.journal.keys import slots
from corridor.journal.keys.certificates import Certificate, issue
from corridor.journal.keys.sealing import recipient_of
from corridor.journal.keys.signing import Signer
from corridor.journal.node import Node
from tests import postgres

NOW = 1_790_000_000_000

#: Where this is the folder of a server's socket, nodes are made there and not in files.
SERVER = os.environ.get("CORRIDOR_TEST_SERVER", "")
MOST_DATABASES = 60

#: Whether encrypted: a file with empty tables, and its key.
_template: dict[bool, tuple[bytes, bytes | None]] = {}
_made: list[str] = []
_numbers = count()


class Clock:
    """A clock that the test turns."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def new_node(
    alias: str,
    path: Path,
    root: Signer,
    name: str,
    *,
    powers: tuple[str, ...] = ("site",),
    scopes: tuple[str, ...] = (),
    seed: bytes,
    key: bytes | None = None,
    clock: Callable[[], int],
    random: Callable[[int], bytes],
    fresh: bool = True,
    url: str = "",
) -> Node:
    """A node with a certificate of this root on the database file at `path`.

    Where `url` is given it is the address of a database that was prepared on a server.
    """
    signer = Signer.from_seed(seed)
    certificate = Certificate(
        root.public, signer.public, name, powers, scopes, "2026-01-01", "2028-01-01",
        recipient_of(seed),
    )  # fmt: skip
    text, signature = issue(root, certificate)
    node = Node(alias, root.public, certificate, text, signature, signer, clock, random)
    if SERVER or url:
        open_database(alias, url or _on_server(path, fresh=fresh), None)
        return node
    if fresh and (key is not None) in _template:
        _copy(path, key)
    open_database(alias, path, key)
    if fresh and (key is not None) not in _template:
        call_command("migrate", database=alias, verbosity=0, run_syncdb=False)
        schema.prepare(node)
        node.scrub()
        _template[key is not None] = path.read_bytes(), key
    return node


def _copy(path: Path, key: bytes | None) -> None:
    """Prepared empty tables at `path`, every page of them encrypted anew with the key."""
    raw, before = _template[key is not None]
    path.write_bytes(raw)
    if key is not None and before is not None and key != before:
        connection = dbapi2.connect(path)
        connection.execute(f"PRAGMA key = \"x'{before.hex()}'\"")
        connection.execute(f"PRAGMA rekey = \"x'{key.hex()}'\"")
        connection.close()


def prepared(databases: postgres.Databases) -> str:
    """A database with empty tables to make others from; made once in each process."""
    name = f"prepared{os.getpid()}"
    if not _made:
        open_database("prepared", databases.make(name), None)
        call_command("migrate", database="prepared", verbosity=0, run_syncdb=False)
        schema.prepare(Node("prepared", "", *_nobody(), lambda: NOW, os.urandom))
        close_database("prepared")
        _made.append(name)
    return name


def _nobody() -> tuple[Certificate, str, str, Signer]:
    signer = Signer.from_seed(bytes(32))
    return Certificate("", signer.public, "", (), (), "", "", ""), "", "", signer


def _on_server(path: Path, *, fresh: bool) -> str:
    """The address of the database that stands for a file."""
    databases = postgres.Databases(Path(SERVER))
    name = "n" + hashlib.sha256(str(path).encode()).hexdigest()[:20]
    if fresh:
        databases.make(name, prepared(databases))
        path.touch()
        _made.append(name)
        if len(_made) > MOST_DATABASES:
            databases.drop(_made.pop(1))
    return databases.url(name)


def lone_node(
    folder: Path,
    alias: str = "lone",
    *,
    seed: int = 1,
    key: bytes | None = None,
    fresh: bool = True,
) -> tuple[Node, Clock]:
    """One node with every power and a clock to turn."""
    source = randomness.Random(seed)
    clock = Clock()
    node = new_node(
        alias,
        folder / f"{alias}.db",
        Signer.from_seed(source.randbytes(32)),
        alias,
        powers=("site", "coordinator", "protection", "authority"),
        seed=source.randbytes(32),
        key=key,
        clock=clock,
        random=source.randbytes if fresh else os.urandom,
        fresh=fresh,
    )
    return node, clock


def quick_passwords() -> None:
    """Argon2id with the least of work: here it guards nothing."""
    slots.MEMORY_KIB, slots.PASSES, slots.LANES = 8, 1, 1
    Argon2PasswordHasher.memory_cost = 8
    Argon2PasswordHasher.time_cost = Argon2PasswordHasher.parallelism = 1


def as_of() -> datetime.date:
    """The day on which tests take place."""
    return datetime.datetime.fromtimestamp(NOW / 1000, datetime.UTC).date()


class World:
    """Some nodes of one operation in one folder."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.folder, self.random = folder, randomness.Random(seed)
        self.root = Signer.from_seed(self.random.randbytes(32))
        self.clock = Clock()
        self.nodes: list[Node] = []

    def node(self, *powers: str) -> Node:
        """One more node."""
        number = next(_numbers)
        node = new_node(
            f"world{number}", self.folder / f"{number}.db", self.root, f"n{number}",
            powers=powers or ("site", "authority"), seed=self.random.randbytes(32),
            clock=self.clock, random=self.random.randbytes,
        )  # fmt: skip
        self.nodes.append(node)
        return node

    def close(self) -> None:
        """Forgets the databases."""
        for node in self.nodes:
            close_database(node.alias)
