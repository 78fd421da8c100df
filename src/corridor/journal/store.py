"""Reading and writing the permanent tables, in bulk and without interpretation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any

import msgspec

from corridor.journal.format import (
    Body,
    Envelope,
    Head,
    decode_body,
    decode_head,
    digest,
    may_hold_nul,
    scope_number,
)
from corridor.journal.node import Node

#: No id, kind or command is longer, in characters.
LONGEST_NAME = 400
#: How many values one statement may carry: well under SQLite's limit.
CHUNK = 500

COLUMNS = (
    "e.n, e.id, c.key, e.seq, e.prev, e.hlc, e.flags, e.head_hash, e.body_hash, e.head,"
    " e.signature, b.raw, c.node, c.powers"
)
#: That entry `e` comes right after entry `t`. A condition on `prev` alone has no index: of what was
#: written it would be the only one of random order that nothing else needs.
FOLLOWS = "e.chain_id = t.chain_id AND e.seq = t.seq + 1 AND e.prev = t.id"
_FROM = (
    "journal_entry e JOIN journal_chain c ON c.n = e.chain_id LEFT JOIN journal_body b ON b.n = e.n"
)


class Held(msgspec.Struct, eq=False, gc=False):
    """An entry as it lies here, with what its chain says of its writer."""

    id: str
    envelope: Envelope
    head: Head | None
    raw_head: bytes | None
    raw_body: bytes | None
    signature: bytes | None
    node: str
    powers: tuple[str, ...]

    @property
    def body(self) -> Body | None:
        """The personal part, if it is here and can be read."""
        if self.raw_body is None:
            return None
        try:
            return decode_body(self.raw_body)
        except msgspec.MsgspecError:
            return None

    @property
    def is_stub(self) -> bool:
        """Written with a body that is not here."""
        return bool(self.envelope.body_hash) and self.raw_body is None


def safe_head(raw: bytes | None) -> Head | None:
    """The head in `raw`, or None where there is none that can be read."""
    if raw is None:
        return None
    try:
        head = decode_head(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    # The common case is told from the bytes at once.
    if len(raw) <= LONGEST_NAME and not may_hold_nul(raw) and -(2**31) <= head.item < 2**31:
        return head
    return head if is_storable(head) else None


def is_storable(head: Head) -> bool:
    """Whether every database can hold and index what a head names; no honest node writes others."""
    named = (head.kind, head.subject, head.command, *head.about, *(one for one, _ in head.over))
    return (
        max(map(len, named)) <= LONGEST_NAME
        and "\0" not in "".join(named)
        and -(2**31) <= head.item < 2**31
    )


def _held(row: Sequence[Any], *, hashed: bool = True) -> Held:
    (
        _n,
        entry,
        chain,
        seq,
        prev,
        hlc,
        flags,
        head_hash,
        body_hash,
        head,
        sig,
        raw,
        node,
        powers,
    ) = row
    raw_head = None if head is None else bytes(head)
    shown = head_hash or ""
    if raw_head is not None and hashed:
        shown = digest(raw_head)
    envelope = Envelope(chain, seq, prev, hlc, flags, shown, body_hash)
    return Held(
        entry, envelope, safe_head(raw_head), raw_head,
        None if raw is None else bytes(raw), None if sig is None else bytes(sig),
        node, _powers(powers),
    )  # fmt: skip


@lru_cache(100)
def _powers(listed: str) -> tuple[str, ...]:
    return tuple(listed.split(",")) if listed else ()


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """The values in sorted lists of at most `CHUNK`."""
    ordered = sorted(values)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def marks(count: int) -> str:
    """`count` placeholders for an IN list."""
    return ",".join(["%s"] * count)


def select(
    node: Node, where: str, parameters: Sequence[Any] = (), order: str = "e.n", hashed: bool = True
) -> Iterator[Held]:
    """Entries that satisfy an SQL condition on `e` (entry), `c` (chain), `b` (body); streamed.

    Where they are not to be `hashed`, the hashes of heads that are here stay empty.
    """
    read = partial(_held, hashed=hashed)
    for rows in _rows(node, COLUMNS, where, parameters, order):
        yield from map(read, rows)


def chain_as_it_lies(node: Node, chain_n: int) -> Iterator[tuple[Held, Sequence[Any]]]:
    """A chain's entries in order, each with what the columns beside its head say of that head."""
    columns = f"e.kind, e.subject, e.command, e.item, {COLUMNS}"
    for rows in _rows(node, columns, "e.chain_id = %s", [chain_n], "e.seq, e.n"):
        for row in rows:
            yield _held(row[4:]), row[:4]


def _rows(
    node: Node, columns: str, where: str, parameters: Sequence[Any], order: str
) -> Iterator[list[Any]]:
    with node.connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {_FROM} WHERE {where} ORDER BY {order}", parameters)
        while rows := cursor.fetchmany(2000):
            yield rows


def by_ids(node: Node, ids: Iterable[str]) -> list[Held]:
    """The entries of these ids that are held."""
    found: list[Held] = []
    for some in chunks(set(ids)):
        found += select(node, f"e.id IN ({marks(len(some))})", some)
    return found


def missing_among(node: Node, ids: Iterable[str]) -> list[Held]:
    """Those of these entries that are held without their head or body."""
    found: list[Held] = []
    for some in chunks(set(ids)):
        where = f"e.id IN ({marks(len(some))}) AND e.n IN (SELECT n FROM journal_missing)"
        found += select(node, where, some)
    return found


def among(node: Node, table: str, column: str, values: Iterable[str]) -> set[str]:
    """Which of these values stand in a column of a table."""
    wanted, found = set(values), set[str]()
    with node.cursor() as cursor:
        if len(wanted) > CHUNK:  # many are asked of tables that most often are empty
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")
            if cursor.fetchone() is None:
                return found
        for some in chunks(wanted):
            cursor.execute(
                f"SELECT {column} FROM {table} WHERE {column} IN ({marks(len(some))})", some
            )
            found.update(row[0] for row in cursor.fetchall())
    return found


def known_ids(node: Node, ids: Iterable[str]) -> set[str]:
    """Which of these ids are held."""
    return among(node, "journal_entry", "id", ids)


def known_seqs(node: Node, ids: Iterable[str]) -> dict[str, int]:
    """Which of these ids are held, with their numbers in their chains."""
    found: dict[str, int] = {}
    with node.cursor() as cursor:
        for some in chunks(set(ids)):
            cursor.execute(
                f"SELECT id, seq FROM journal_entry WHERE id IN ({marks(len(some))})", some
            )
            found.update(dict(cursor.fetchall()))
    return found


def signatures(node: Node, ids: Iterable[str]) -> dict[str, bytes | None]:
    """Which of these ids are held, with their signatures."""
    found: dict[str, bytes | None] = {}
    with node.cursor() as cursor:
        for some in chunks(set(ids)):
            cursor.execute(
                f"SELECT id, signature FROM journal_entry WHERE id IN ({marks(len(some))})", some
            )
            for entry, signature in cursor.fetchall():
                found[entry] = None if signature is None else bytes(signature)
    return found


def insert(node: Node, held: Sequence[Held], chain_n: dict[str, int]) -> None:
    """Writes entries and bodies; `chain_n` gives the local number of each chain."""
    with node.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(n), 0) FROM journal_entry")
        start = cursor.fetchone()[0] + 1
        entries, bodies, missing = [], [], []
        for n, one in enumerate(held, start):
            e, head = one.envelope, one.head
            entries.append((
                n, one.id, chain_n[e.chain], e.seq, e.prev, e.hlc, e.flags,
                e.head_hash if one.raw_head is None else None, e.body_hash,
                one.raw_head, one.signature,
                head.kind if head else "", head.subject if head else "",
                head.command if head else "", head.item if head else 0,
            ))  # fmt: skip
            if one.raw_body is not None:
                bodies.append((n, one.raw_body))
            if one.raw_head is None or one.is_stub:
                missing.append((n, scope_number(e.flags)))
        cursor.executemany(
            "INSERT INTO journal_entry (n, id, chain_id, seq, prev, hlc, flags, head_hash,"
            " body_hash, head, signature, kind, subject, command, item)"
            " VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s)",
            entries,
        )
        if bodies:
            cursor.executemany("INSERT INTO journal_body (n, raw) VALUES (%s, %s)", bodies)
        if missing:
            cursor.executemany("INSERT INTO journal_missing (n, scope) VALUES (%s, %s)", missing)


def insert_rows(
    node: Node, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Writes rows of a folded table."""
    if rows:
        names = ", ".join(f'"{name}"' for name in columns)
        with node.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks(len(columns))})", rows
            )


def add_bodies(node: Node, bodies: dict[str, bytes]) -> None:
    """Fills stubs: entry id to the bytes of its body."""
    with node.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO journal_body (n, raw) SELECT n, %s FROM journal_entry WHERE id = %s"
            " ON CONFLICT (n) DO NOTHING",
            [(raw, entry) for entry, raw in sorted(bodies.items())],
        )
    _no_longer_missing(node, bodies)


def add_heads(node: Node, heads: dict[str, bytes]) -> None:
    """Fills bare envelopes: entry id to the bytes of its head."""
    rows = []
    for entry, raw in sorted(heads.items()):
        head = safe_head(raw)
        columns = (head.kind, head.subject, head.command, head.item) if head else ("", "", "", 0)
        rows.append((raw, *columns, entry))
    with node.cursor() as cursor:
        cursor.executemany(
            "UPDATE journal_entry SET head = %s, head_hash = NULL, kind = %s, subject = %s,"
            " command = %s, item = %s WHERE id = %s AND head IS NULL",
            rows,
        )
    _no_longer_missing(node, heads)


def _no_longer_missing(node: Node, ids: Iterable[str]) -> None:
    with node.cursor() as cursor:
        for some in chunks(set(ids)):
            cursor.execute(
                "DELETE FROM journal_missing WHERE n IN (SELECT e.n FROM journal_entry e"
                " LEFT JOIN journal_body b ON b.n = e.n"
                f" WHERE e.id IN ({marks(len(some))}) AND e.head IS NOT NULL"
                " AND (e.body_hash = '' OR b.n IS NOT NULL))",
                some,
            )


def drop_bodies(node: Node, ids: Iterable[str]) -> None:
    """Detaches bodies: the entries stay, as stubs."""
    with node.cursor() as cursor:
        for some in chunks(set(ids)):
            cursor.execute(
                "INSERT INTO journal_missing (n, scope) SELECT n, flags >> 8 FROM journal_entry"
                f" WHERE id IN ({marks(len(some))}) ON CONFLICT DO NOTHING",
                some,
            )
            cursor.execute(
                "DELETE FROM journal_body WHERE n IN"
                f" (SELECT n FROM journal_entry WHERE id IN ({marks(len(some))}))",
                some,
            )


def chain_numbers(node: Node, keys: Iterable[str]) -> dict[str, int]:
    """The local numbers of the chains with these keys, where they are known."""
    found: dict[str, int] = {}
    with node.cursor() as cursor:
        for some in chunks(set(keys)):
            cursor.execute(
                f"SELECT key, n FROM journal_chain WHERE key IN ({marks(len(some))})",
                some,
            )
            found.update(dict(cursor.fetchall()))
    return found


def add_chain(
    node: Node,
    key: str,
    of: str,
    name: str,
    powers: Sequence[str],
    slot: int | None = None,
    tip: str = "",
) -> int:
    """Makes a chain known; returns its local number. Nodes' own chains have no slot."""
    with node.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_chain (key, node, name, powers, slot, tip)"
            " VALUES (%s,%s,%s,%s,%s,%s) RETURNING n",
            [key, of, name, ",".join(powers), slot, tip],
        )
        return int(cursor.fetchone()[0])


def note(node: Node, key: str) -> str | None:
    """A small local fact."""
    with node.cursor() as cursor:
        cursor.execute("SELECT value FROM journal_note WHERE key = %s", [key])
        row = cursor.fetchone()
    return None if row is None else str(row[0])


def set_note(node: Node, key: str, value: str) -> None:
    """Writes a small local fact."""
    with node.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_note (key, value) VALUES (%s, %s)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, value],
        )


def raise_alarm(node: Node, what: str, about: str) -> None:
    """Remembers something a person must look at, once."""
    with node.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_alarm (what, about, first_ms) VALUES (%s, %s, %s)"
            " ON CONFLICT (what, about) DO NOTHING",
            [what, about, node.clock()],
        )


def tip_of(node: Node, chain_n: int) -> tuple[int, str]:
    """Number and id of the last entry of a chain; (0, "") for an empty one.

    Where a chain is forked, the branch that came last.
    """
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT seq, id FROM journal_entry WHERE chain_id = %s"
            " ORDER BY seq DESC, n DESC LIMIT 1",
            [chain_n],
        )
        row = cursor.fetchone()
    return (0, "") if row is None else (row[0], row[1])


def last_tip_of_slot(node: Node, key: str, slot: int) -> str:
    """The tip of the newest session of a writer slot of the node `key`, or ""."""
    with node.cursor() as cursor:
        cursor.execute(
            "SELECT n FROM journal_chain WHERE node = %s AND slot = %s ORDER BY n DESC LIMIT 1",
            [key, slot],
        )
        row = cursor.fetchone()
    return "" if row is None else tip_of(node, row[0])[1]


def waiting(node: Node) -> list[tuple[str, bytes]]:
    """Id and bytes of each entry that came before what it follows."""
    with node.cursor() as cursor:
        cursor.execute("SELECT id, raw FROM journal_waiting ORDER BY chain, seq, id")
        return [(row[0], bytes(row[1])) for row in cursor.fetchall()]


def set_waiting(node: Node, rows: Sequence[tuple[str, str, int, bytes]]) -> None:
    """Replaces what waits: id, chain, number in the chain, bytes."""
    with node.cursor() as cursor:
        cursor.execute("DELETE FROM journal_waiting")
        if rows:
            cursor.executemany(
                "INSERT INTO journal_waiting (id, chain, seq, raw) VALUES (%s, %s, %s, %s)",
                sorted(rows),
            )


def replace_waiting(node: Node, entry: str, raw: bytes) -> None:
    """Other bytes for one entry that waits."""
    with node.cursor() as cursor:
        cursor.execute("UPDATE journal_waiting SET raw = %s WHERE id = %s", [raw, entry])


def seqs_in_chain(node: Node, chain_n: int, ids: Iterable[str]) -> dict[str, int]:
    """Which of these ids are held in this chain, with their numbers."""
    found: dict[str, int] = {}
    with node.cursor() as cursor:
        for some in chunks(one for one in set(ids) if one):
            cursor.execute(
                "SELECT id, seq FROM journal_entry"
                f" WHERE chain_id = %s AND id IN ({marks(len(some))})",
                [chain_n, *some],
            )
            found.update(dict(cursor.fetchall()))
    return found


def chain_writer(node: Node, chain_n: int) -> tuple[str, tuple[str, ...]]:
    """Key of the node that writes a chain, and the powers it had when the chain began."""
    with node.cursor() as cursor:
        cursor.execute("SELECT node, powers FROM journal_chain WHERE n = %s", [chain_n])
        of, powers = cursor.fetchone()
    return of, _powers(powers)


def certificate_in_force(node: Node, key: str) -> tuple[str, tuple[str, ...]]:
    """Name and powers of a node by its newest certificate."""
    with node.cursor() as cursor:
        cursor.execute("SELECT name, powers FROM journal_chain WHERE key = %s", [key])
        name, powers = cursor.fetchone()
    return name, _powers(powers)


def renew(node: Node, key: str, name: str, powers: Sequence[str]) -> None:
    """A node's newest certificate is noted on its own chain."""
    with node.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_chain SET name = %s, powers = %s WHERE key = %s",
            [name, ",".join(powers), key],
        )


def name_of_node(node: Node, key: str) -> str:
    """A node's name by its certificate, or the beginning of its key."""
    with node.cursor() as cursor:
        cursor.execute("SELECT name FROM journal_chain WHERE key = %s", [key])
        row = cursor.fetchone()
    return key[:8] if row is None else str(row[0])
