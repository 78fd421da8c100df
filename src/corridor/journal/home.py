"""The folder of a site: its database, its sealed secrets, its writer slots. Nothing lies elsewhere.

site.db      the database, encrypted unless made without encryption; or a server holds it
secrets      key slots, each opened by a passphrase (or `secrets.plain` without encryption)
request      only while the site waits for its certificate
slots/       one lock for each process that writes
turn         a lock: whose turn it is to write
"""

from __future__ import annotations

import datetime
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec
from django.core.management import call_command

from corridor.journal import enrol, rules, schema, store, trust
from corridor.journal.databases import open_database
from corridor.journal.keys import slots
from corridor.journal.keys.certificates import POWERS, Certificate, issue, read
from corridor.journal.keys.sealing import recipient_of
from corridor.journal.keys.signing import Signer
from corridor.journal.node import Node
from corridor.journal.refused import HomeRefused
from corridor.journal.server import check_server

__all__ = ["Home", "HomeRefused", "Opened", "first_certificate", "note_certificate"]


@dataclass(frozen=True)
class Opened:
    """The secrets of a site, in memory only."""

    secrets: slots.Secrets

    @property
    def database_key(self) -> bytes | None:
        """The key of the database, or None for a plain file."""
        return bytes.fromhex(self.secrets.database_key) or None

    @property
    def server(self) -> str:
        """The address of the database server that holds this site, or ""."""
        return self.secrets.database_url

    @property
    def seed(self) -> bytes:
        """The node's seed."""
        return bytes.fromhex(self.secrets.node_seed)


class Home:
    """One site's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._locks: list[IO[str]] = []

    @property
    def database(self) -> Path:
        """The database file."""
        return self.path / "site.db"

    @property
    def is_made(self) -> bool:
        """Whether `init` was finished here."""
        return (self.path / "secrets").exists() or self.is_plain

    @property
    def is_waiting(self) -> bool:
        """Whether this site asked for a certificate and has none yet."""
        return (self.path / "request").exists()

    @property
    def is_plain(self) -> bool:
        """Whether the site was made without encryption."""
        return (self.path / "secrets.plain").exists()

    def make(
        self, alias: str, operation: str, site: str, passphrase: str | None, *, server: str = ""
    ) -> Node:
        """A new operation and its first node; `passphrase` None makes a site without encryption."""
        self._check_free()
        root = Signer.from_seed(os.urandom(32))
        opened = self._fresh(passphrase, server, root.seed.hex())
        self._make_database(alias, opened)
        certificate = first_certificate(root, opened.seed, site)
        node = self._assembled(alias, opened, certificate, *issue(root, certificate))
        schema.prepare(node)
        with node.transaction():
            note_certificate(node)
            rules.publish(node, "", "operation", {"name": operation})
        self.write_secrets(opened.secrets, passphrase)
        return node

    def ask(self, alias: str, site: str, passphrase: str | None, *, server: str = "") -> str:
        """A node that will join an operation: makes its keys, returns its request."""
        self._check_free()
        opened = self._fresh(passphrase, server, "")
        self._make_database(alias, opened)
        request = enrol.request(Signer.from_seed(opened.seed), site)
        self.write_secrets(opened.secrets, passphrase)
        write_private(self.path / "request", request.encode())
        return request

    def request(self) -> str:
        """What this site asked with, as long as it waits."""
        return (self.path / "request").read_text()

    def join(self, alias: str, opened: Opened, token: str) -> Node:
        """The certificate has come: the site belongs to the operation. Raises `HomeRefused`."""
        try:
            certificate, text, signature = enrol.read_certificate(token)
        except enrol.BadToken as error:
            raise HomeRefused(str(error)) from error
        if certificate.node != Signer.from_seed(opened.seed).public:
            raise HomeRefused("This certificate was given to another site. Nothing was changed.")
        open_database(alias, self.where(opened), opened.database_key)
        node = self._assembled(alias, opened, certificate, text, signature)
        schema.prepare(node)
        with node.transaction():
            note_certificate(node)
            trust.mark_joining(node)
        (self.path / "request").unlink()
        return node

    def begin_again(self, alias: str, opened: Opened, text: str, signature: str) -> Node:
        """An empty database for a site that is restored, before its secrets are kept."""
        self._check_free()
        operation = msgspec.json.decode(text.encode(), type=Certificate).operation
        self._make_database(alias, opened)
        node = self._assembled(alias, opened, read(operation, text, signature), text, signature)
        schema.prepare(node)
        with node.transaction():
            note_certificate(node)
        return node

    def keep_secrets(self, raw: bytes, *, plain: bool) -> None:
        """The secrets of a restored site as they were, which makes it a whole one."""
        write_private(self.path / ("secrets.plain" if plain else "secrets"), raw)

    def where(self, opened: Opened) -> Path | str:
        """The database: a file of this folder, or a server."""
        return opened.server or self.database

    def _check_free(self) -> None:
        if self.is_made:
            raise HomeRefused(f"There is a site in {self.path} already; nothing was changed.")
        if self.database.exists():
            raise HomeRefused(
                f"In {self.path} lies a site that was not made to its end; nothing was changed."
                " Move the folder away, then make the site again."
            )

    def _fresh(self, passphrase: str | None, server: str, root_seed: str) -> Opened:
        encrypted = passphrase is not None and not server
        return Opened(
            slots.Secrets(
                database_key=os.urandom(32).hex() if encrypted else "",
                node_seed=os.urandom(32).hex(),
                root_seed=root_seed,
                database_url=server,
            )
        )

    def _make_database(self, alias: str, opened: Opened) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)
        open_database(alias, self.where(opened), opened.database_key)
        check_server(alias)
        call_command("migrate", database=alias, verbosity=0, run_syncdb=False)

    def unseal(self, passphrase: str | None) -> Opened:
        """The site's secrets. Raises `slots.WrongPassphrase` or `HomeRefused`."""
        if not self.is_made:
            raise HomeRefused(f"There is no site in {self.path}. Run `corridor init` first.")
        if self.is_plain:
            raw = (self.path / "secrets.plain").read_bytes()
            return Opened(msgspec.json.decode(raw, type=slots.Secrets))
        if passphrase is None:
            raise HomeRefused("This site is locked: a passphrase is needed.")
        return Opened(slots.unseal(self.path / "secrets", passphrase))

    def open(self, alias: str, opened: Opened) -> Node:
        """The site's node; its tables are folded anew if this version folds them otherwise."""
        if self.is_waiting:
            raise HomeRefused(
                "This site waits for its certificate. Bring it with `corridor node enrol FILE`, or"
                " on the page that `corridor serve` shows."
            )
        open_database(alias, self.where(opened), opened.database_key)
        call_command("migrate", database=alias, verbosity=0, run_syncdb=False)
        node = self._node(alias, opened)
        schema.prepare(node)
        return node

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time: several workers open the site at once, and tables change once."""
        folder = self.path / "slots"
        folder.mkdir(exist_ok=True)
        with (folder / "opening").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def take_slot(self) -> int:
        """The lowest writer slot that no living process of this site has."""
        folder = self.path / "slots"
        folder.mkdir(exist_ok=True)
        slot = 0
        while True:
            lock = (folder / str(slot)).open("a")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.close()
                slot += 1
                continue
            self._locks.append(lock)
            return slot

    def _node(self, alias: str, opened: Opened) -> Node:
        signer = Signer.from_seed(opened.seed)
        probe = self._assembled(
            alias, opened, Certificate("", signer.public, "", (), (), "", ""), "", ""
        )
        operation = store.note(probe, "operation") or ""
        text = store.note(probe, "certificate") or ""
        signature = store.note(probe, "certificate_signature") or ""
        certificate = read(operation, text, signature)
        return self._assembled(alias, opened, certificate, text, signature)

    def _assembled(
        self, alias: str, opened: Opened, certificate: Certificate, text: str, signature: str
    ) -> Node:
        return Node(
            alias=alias,
            operation=certificate.operation,
            certificate=certificate,
            certificate_text=text,
            certificate_signature=signature,
            signer=Signer.from_seed(opened.seed),
            clock=lambda: time.time_ns() // 1_000_000,
            random=os.urandom,
            take_slot=self.take_slot,
            folder=self.path,
        )

    def write_secrets(self, secrets: slots.Secrets, passphrase: str | None) -> None:
        """Last of all, so that a half-made site is never taken for a finished one."""
        if passphrase is None:
            write_private(self.path / "secrets.plain", msgspec.json.encode(secrets))
        else:
            write_private(self.path / "secrets", slots.seal(secrets, passphrase, os.urandom))

    def change_secrets(self, opened: Opened, passphrase: str | None, **values: str) -> Opened:
        """Seals the secrets again with other values, in the same slots."""
        secrets = msgspec.structs.replace(opened.secrets, **values)
        if self.is_plain:
            self.write_secrets(secrets, None)
        else:
            path = self.path / "secrets"
            write_private(path, slots.reseal(path, passphrase or "", secrets, os.urandom))
        return Opened(secrets)


def first_certificate(root: Signer, seed: bytes, site: str) -> Certificate:
    """The certificate of an operation's first node: every power, every scope."""
    today = datetime.datetime.now(datetime.UTC).date()
    return Certificate(
        root.public, Signer.from_seed(seed).public, site, POWERS, (), today.isoformat(),
        enrol.years_later(today, enrol.VALID_YEARS).isoformat(), recipient_of(seed),
    )  # fmt: skip


def note_certificate(node: Node) -> None:
    """Keeps the node's certificate beside the journal."""
    store.set_note(node, "operation", node.operation)
    store.set_note(node, "certificate", node.certificate_text)
    store.set_note(node, "certificate_signature", node.certificate_signature)


def write_private(path: Path, raw: bytes) -> None:
    """Writes a file for the owner only, whole or not at all."""
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
