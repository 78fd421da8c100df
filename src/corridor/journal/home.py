"""The folder of a site: its database, its sealed secrets, its writer slots. Nothing lies elsewhere.

site.db      the database, encrypted unless the site was made without encryption
secrets      key slots, each opened by a passphrase (or `secrets.plain` without encryption)
slots/       one lock for each process that writes
"""

from __future__ import annotations

import datetime
import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec
from django.core.management import call_command

from corridor.journal import rules, schema, store
from corridor.journal.databases import open_database
from corridor.journal.keys import slots
from corridor.journal.keys.certificates import POWERS, Certificate, issue, read
from corridor.journal.keys.sealing import recipient_of
from corridor.journal.keys.signing import Signer
from corridor.journal.node import Node

#: How long the certificate of a node made by `init` is valid.
VALID_YEARS = 2


class HomeRefused(Exception):
    """The folder cannot be used as it is; the sentence says why and what to do."""


@dataclass(frozen=True)
class Opened:
    """The secrets of a site, in memory only."""

    secrets: slots.Secrets

    @property
    def database_key(self) -> bytes | None:
        """The key of the database, or None for a plain file."""
        return bytes.fromhex(self.secrets.database_key) or None

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
    def is_plain(self) -> bool:
        """Whether the site was made without encryption."""
        return (self.path / "secrets.plain").exists()

    def make(
        self, alias: str, operation: str, site: str, passphrase: str | None, *, root: bytes = b""
    ) -> Node:
        """A new operation and its first node; `passphrase` None makes a site without encryption."""
        if self.is_made:
            raise HomeRefused(f"There is a site in {self.path} already; nothing was changed.")
        if self.database.exists():
            raise HomeRefused(
                f"In {self.path} lies a site that was not made to its end; nothing was changed."
                " Move the folder away, then make the site again."
            )
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)
        secrets = slots.Secrets(
            database_key="" if passphrase is None else os.urandom(32).hex(),
            node_seed=os.urandom(32).hex(),
            root_seed=(root or os.urandom(32)).hex(),
        )
        opened = Opened(secrets)
        open_database(alias, self.database, opened.database_key)
        call_command("migrate", database=alias, verbosity=0, run_syncdb=False)
        node = self._certified(alias, opened, site)
        schema.prepare(node)
        with node.transaction():
            store.set_note(node, "operation", node.operation)
            store.set_note(node, "certificate", node.certificate_text)
            store.set_note(node, "certificate_signature", node.certificate_signature)
            rules.publish(node, "", "operation", {"name": operation})
        self._write_secrets(secrets, passphrase)
        return node

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
        open_database(alias, self.database, opened.database_key)
        node = self._node(alias, opened)
        call_command("migrate", database=alias, verbosity=0, run_syncdb=False)
        schema.prepare(node)
        return node

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

    def _certified(self, alias: str, opened: Opened, site: str) -> Node:
        root = Signer.from_seed(bytes.fromhex(opened.secrets.root_seed))
        signer = Signer.from_seed(opened.seed)
        today = datetime.datetime.now(datetime.UTC).date()
        certificate = Certificate(
            root.public,
            signer.public,
            site,
            POWERS,
            (),
            today.isoformat(),
            today.replace(year=today.year + VALID_YEARS, day=min(today.day, 28)).isoformat(),
            recipient_of(opened.seed),
        )
        text, signature = issue(root, certificate)
        return self._assembled(alias, opened, certificate, text, signature)

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
        )

    def _write_secrets(self, secrets: slots.Secrets, passphrase: str | None) -> None:
        """Last of all, so that a half-made site is never taken for a finished one."""
        plain = passphrase is None
        raw = (
            msgspec.json.encode(secrets)
            if passphrase is None
            else slots.seal(secrets, passphrase, os.urandom)
        )
        path = self.path / ("secrets.plain" if plain else "secrets")
        part = path.with_suffix(".part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
