"""The folded tables themselves: made, fingerprinted, thrown away and folded again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connections, models

from corridor.journal import store
from corridor.journal.alarms import look_everywhere_for_forks
from corridor.journal.derive import columns_of, ordered_steps, quoted
from corridor.journal.fold import fold_everything
from corridor.journal.format import as_json
from corridor.journal.kinds import all_kinds
from corridor.journal.node import MUST_SCRUB, Node
from corridor.journal.tables.shapes import FoldedTable

FINGERPRINT = "fingerprint"
#: How much of a file a rebuild keeps in memory at most; a million entries touch about so much.
ROOM_KIB = 384 * 1024


@cache
def folded_tables() -> list[type[FoldedTable]]:
    """Every folded table of the house, by name."""
    found = [one for one in apps.get_models() if issubclass(one, FoldedTable)]
    return sorted(found, key=lambda one: one._meta.db_table)


def fingerprint() -> str:
    """Changes whenever kinds, tables or steps change what is folded."""
    return _fingerprint(len(all_kinds()), len(ordered_steps()))


@cache
def _fingerprint(_kinds: int, _steps: int) -> str:
    """Made anew whenever a kind or a step was declared."""
    kinds = [
        [k.name, k.version, k.scope, k.power, k.erases, k.ends_journey, k.final, list(k.identifies),
         k.table._meta.db_table,
         [[n, m.number, m.personal] for n, m in k.fields.items()],
         None if k.movement is None else [k.movement.state, k.movement.stage,
                                          k.movement.place, k.movement.journey]]
        for k in all_kinds()
    ]  # fmt: skip
    tables = [
        [
            one._meta.db_table,
            [[c.column or "", type(c).__name__, _is_indexed(c)] for c in one._meta.local_fields],
            [c.column or "" for c in one._meta.pk_fields],
            [[*index.fields, str(index.condition)] for index in one._meta.indexes],
            one.in_order_of_key,
        ]
        for one in folded_tables()
    ]
    steps = [[one.name, one.key, one.sql] for one in ordered_steps()]
    return hashlib.sha256(as_json([kinds, tables, steps]).encode()).hexdigest()[:16]


def _is_indexed(column: models.Field[Any, Any]) -> bool:
    return bool(getattr(column, "db_index", False))


def is_current(node: Node) -> bool:
    """Whether the tables here are those that this version folds."""
    return store.note(node, FINGERPRINT) == fingerprint()


def rebuild(node: Node) -> None:
    """Throws the tables away and folds them again, all in one transaction."""
    if not is_current(node):
        make_tables(node)
    with _roomy(node), node.transaction():
        refold(node)
        look_everywhere_for_forks(node)
        store.set_note(node, FINGERPRINT, fingerprint())


@contextmanager
def _roomy(node: Node) -> Iterator[None]:
    """More of an SQLite file in memory meanwhile: a page put out early is encrypted many times."""
    if node.connection.vendor != "sqlite":
        yield
        return
    with node.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        before = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{ROOM_KIB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")
            cursor.execute("PRAGMA shrink_memory")


def refold(node: Node) -> None:
    """Empties the tables and folds everything that is held."""
    with node.cursor() as cursor:
        for one in folded_tables():
            cursor.execute(f"DELETE FROM {one._meta.db_table}")
    fold_everything(node)


def prepare(node: Node) -> None:
    """Before first use: makes and folds the tables if this version folds them otherwise.

    What was erased before a crash is scrubbed after the next transaction.
    """
    node.must_scrub = store.note(node, MUST_SCRUB) is not None
    if not is_current(node):
        rebuild(node)


def make_tables(node: Node) -> None:
    """Drops and makes all folded tables, empty; also those of an older version."""
    connection = connections[node.alias]
    store.set_note(node, FINGERPRINT, "")
    existing = set(connection.introspection.table_names())
    known = (store.note(node, "folded") or "").split()
    with node.cursor() as cursor:
        for name in known:
            if name in existing:
                cursor.execute(f'DROP TABLE "{name}"')
    names = [one._meta.db_table for one in folded_tables()]
    store.set_note(node, "folded", " ".join(names))
    with connection.schema_editor() as editor:
        usual = editor.sql_create_table
        for one in folded_tables():
            if one._meta.db_table in existing and one._meta.db_table not in known:
                editor.delete_model(one)
            in_order = one.in_order_of_key and connection.vendor == "sqlite"
            editor.sql_create_table = f"{usual} WITHOUT ROWID" if in_order else usual
            editor.create_model(one)


def digests(node: Node, *, audit: bool = False) -> Iterator[tuple[str, str]]:
    """Name and SHA-256 of each folded table's rows, sorted by all columns; audit on request."""
    for one in folded_tables():
        if not audit and one._meta.db_table in _audit_tables():
            continue
        yield one._meta.db_table, _digest(node, one)


def state_hash(node: Node) -> str:
    """SHA-256 over all folded tables but those of the audit."""
    total = hashlib.sha256()
    for name, digest in digests(node):
        total.update(f"{name} {digest}\n".encode())
    return total.hexdigest()


def _audit_tables() -> set[str]:
    return {kind.table._meta.db_table for kind in all_kinds() if kind.scope == "audit"}


def _digest(node: Node, table: type[FoldedTable]) -> str:
    first = f'"{table.key_column()}"'
    total = hashlib.sha256()
    group: list[str] = []
    last = None
    with node.connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT {first}, {quoted(columns_of(table))} FROM {table._meta.db_table} ORDER BY 1"
        )
        while rows := cursor.fetchmany(2000):
            for row in rows:
                if row[0] != last:
                    total.update("".join(sorted(group)).encode())
                    group, last = [], row[0]
                group.append(as_json([_plain(cell) for cell in row[1:]]) + "\n")
    total.update("".join(sorted(group)).encode())
    return total.hexdigest()


def _plain(cell: object) -> object:
    return int(cell) if isinstance(cell, bool) else cell
