"""Checking everything: chains, signatures, hashes, and that the tables equal their refold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import DatabaseError

from corridor.journal import schema, store
from corridor.journal.derive import columns_of
from corridor.journal.format import as_json, digest, signed_bytes
from corridor.journal.keys.certificates import Untrusted, read
from corridor.journal.keys.signing import is_signed
from corridor.journal.node import Node
from corridor.journal.store import Held
from corridor.journal.tables.shapes import FoldedTable

#: No more faults than this are told one by one.
MOST = 200


@dataclass
class Verified:
    """Counts, and every fault as a sentence that names the entry, the row or the page."""

    entries: int = 0
    bodies: int = 0
    chains: int = 0
    faults: list[str] = field(default_factory=list)
    readable: list[str] = field(default_factory=list)

    def fault(self, sentence: str) -> None:
        """Notes one."""
        if len(self.faults) < MOST:
            self.faults.append(sentence)


class _Undo(Exception):
    """Ends the trial refold, so that nothing of it remains."""


def verify(node: Node) -> Verified:
    """Reads all that this node holds and checks it; changes nothing."""
    found = Verified()
    for check in (_check_file, _check_chains, _check_tables):
        try:
            with _forgiving(node):
                check(node, found)
        except DatabaseError as error:
            found.fault(f"The database could not be read to its end: {error}.")
            node.connection.close()
    if found.faults:
        found.readable = _readable(node)
    return found


@contextmanager
def _forgiving(node: Node) -> Iterator[None]:
    """Text that is damaged is read with replacement signs instead of ending the check."""
    node.connection.ensure_connection()
    raw = node.connection.connection
    if node.connection.vendor != "sqlite":
        yield
        return
    before = raw.text_factory
    raw.text_factory = lambda read: read.decode("utf-8", "replace")
    try:
        yield
    finally:
        raw.text_factory = before


def _check_file(node: Node, found: Verified) -> None:
    if node.connection.vendor != "sqlite":
        return
    damaged = node.connection.damaged_pages()  # type: ignore[attr-defined]
    for line in damaged:
        found.fault(f"The database file is damaged: {line}.")
    if damaged:
        # After a damaged page the connection reads nothing any more.
        node.connection.close()
        return
    with node.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        for (line,) in cursor.fetchall():
            if line != "ok":
                found.fault(f"The database file is damaged: {line}.")


def _readable(node: Node) -> list[str]:
    """For each table of the journal, how many rows can still be read, from either end."""
    told = []
    for table in ("journal_chain", "journal_entry", "journal_body"):
        read = {n for order in ("ASC", "DESC") for n in _numbers(node, table, order)}
        told.append(f"{table}: {len(read)} rows can be read.")
    return told


def _numbers(node: Node, table: str, order: str) -> list[int]:
    read: list[int] = []
    try:
        with _forgiving(node), node.connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} ORDER BY n {order}")
            while row := cursor.fetchone():
                read.append(row[0])
    except DatabaseError:
        node.connection.close()
    return read


def _check_chains(node: Node, found: Verified) -> None:
    with node.cursor() as cursor:
        cursor.execute("SELECT n, key, node, slot FROM journal_chain ORDER BY n")
        chains = cursor.fetchall()
        cursor.execute("SELECT COUNT(*) FROM journal_entry")
        held = cursor.fetchone()[0]
    found.chains = len(chains)
    for number, key, of, slot in chains:
        _check_chain(node, found, number, key, of, slot)
    if found.entries != held:
        found.fault(f"{held - found.entries} entries belong to no chain that is known here.")


def _check_chain(
    node: Node, found: Verified, number: int, key: str, of: str, slot: int | None
) -> None:
    seqs: dict[str, int] = {"": 0}
    unsigned: dict[str, int] = {}
    for held, shown in store.chain_as_it_lies(node, number):
        found.entries += 1
        found.bodies += held.raw_body is not None
        faults = list(_faults_of(held, shown))
        for fault in faults:
            found.fault(f"Entry {held.id}, number {held.envelope.seq} of its chain: {fault}")
        prev = held.envelope.prev
        if seqs.get(prev) != held.envelope.seq - 1:
            found.fault(f"Entry {held.id}: what it follows is not held.")
        seqs[held.id] = held.envelope.seq
        unsigned.pop(prev, None)
        if held.signature is None:
            unsigned[held.id] = held.envelope.seq
        elif not faults and not is_signed(key, signed_bytes(held.id), held.signature):
            found.fault(f"Entry {held.id}: its signature is not by its session.")
        if key == of and held.head is not None and held.head.kind == "node.certified":
            _check_certificate(node, found, held)
    for entry in unsigned:
        found.fault(f"Entry {entry}: no signature covers it.")
    if slot is not None and not _has_voucher(node, key, of):
        found.fault(f"Chain {key[:16]}: its node's voucher is not held.")


def _faults_of(held: Held, shown: Sequence[object]) -> Iterator[str]:
    try:
        same = held.envelope.entry_id() == held.id
    except ValueError:
        same = False
    if not same:
        yield "its bytes are not those that were signed."
    if held.raw_body is not None and digest(held.raw_body) != held.envelope.body_hash:
        yield "its personal part is not the one that was written."
    if held.raw_head is None:
        return
    if held.head is None:
        yield "its head cannot be read."
        return
    head = held.head
    if tuple(shown) != (head.kind, head.subject, head.command, head.item):
        yield "the columns beside its head do not repeat it."


def _check_certificate(node: Node, found: Verified, held: Held) -> None:
    assert held.head is not None
    codes = held.head.codes
    try:
        read(node.operation, str(codes.get("certificate")), str(codes.get("signature")))
    except Untrusted as error:
        found.fault(f"Entry {held.id}: {error}")


def _has_voucher(node: Node, key: str, of: str) -> bool:
    vouchers = store.select(node, "e.kind = 'session.opened' AND c.key = %s", [of])
    return any(held.head is not None and held.head.codes.get("chain") == key for held in vouchers)


def _check_tables(node: Node, found: Verified) -> None:
    if not schema.is_current(node):
        found.fault("The tables were folded by another version: run `corridor rebuild`.")
        return
    before = dict(schema.digests(node, audit=True))
    after, rows = _refolded(node, before)
    for table in schema.folded_tables():
        name = table._meta.db_table
        if before[name] == after[name]:
            continue
        live = _rows(node, table)
        for key in sorted({*live, *rows[name]}):
            if live.get(key) != rows[name].get(key):
                found.fault(f"Table {name}, row {key}: it differs from what the journal says.")


def _refolded(
    node: Node, before: dict[str, str]
) -> tuple[dict[str, str], dict[str, dict[str, list[str]]]]:
    """The digests of a refold that is undone, and the rows of the tables that differ."""
    after: dict[str, str] = {}
    rows: dict[str, dict[str, list[str]]] = {}
    try:
        with node.transaction():
            schema.refold(node)
            after = dict(schema.digests(node, audit=True))
            for table in schema.folded_tables():
                name = table._meta.db_table
                if after[name] != before[name]:
                    rows[name] = _rows(node, table)
            raise _Undo
    except _Undo:
        return after, rows


def _rows(node: Node, table: type[FoldedTable]) -> dict[str, list[str]]:
    names = columns_of(table)
    first = names.index(table.key_column())
    found: dict[str, list[str]] = {}
    quoted = ", ".join(f'"{name}"' for name in names)
    with node.cursor() as cursor:
        cursor.execute(f"SELECT {quoted} FROM {table._meta.db_table}")
        for row in cursor.fetchall():
            found.setdefault(str(row[first]), []).append(as_json(list(row)))
    return {key: sorted(those) for key, those in found.items()}
