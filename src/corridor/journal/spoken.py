"""Of whom an entry speaks: its subject, those it names, and those it was later found to be about.

A row of a list that could not be registered speaks of somebody whom nobody knows yet. The entry
that settles it tells who that was, and from then on the row is erased with that person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from corridor.journal import store
from corridor.journal.format import Head
from corridor.journal.kinds import Kind, all_kinds
from corridor.journal.node import Node
from corridor.journal.tables.models import Mention

_MENTION = Mention._meta.db_table


def identifying() -> list[tuple[str, str, str]]:
    """Each kind that tells of whom other entries speak: their kind, its table and the column."""
    return _identifying(len(all_kinds()))


@cache
def _identifying(_kinds: int) -> list[tuple[str, str, str]]:
    """Made anew whenever a kind was declared."""
    return [
        (kind.identifies[0], kind.table._meta.db_table, kind.identifies[1])
        for kind in all_kinds()
        if kind.identifies
    ]


def is_telling(kind: Kind | None) -> bool:
    """Whether entries of this kind tell of whom others speak."""
    return kind is not None and bool(kind.identifies)


def persons(node: Node, heads: Mapping[str, Head]) -> dict[str, set[str]]:
    """Entry id to everybody of whom the entry speaks."""
    found = {entry: {head.subject, *head.about} for entry, head in heads.items()}
    for name, table, column in identifying():
        those = [entry for entry, head in heads.items() if head.kind == name]
        for some in store.chunks(those):
            with node.cursor() as cursor:
                cursor.execute(
                    f"SELECT t.{column}, m.person FROM {table} t"
                    f" JOIN {_MENTION} m ON m.entry = t.entry"
                    f" WHERE t.{column} IN ({store.marks(len(some))})",
                    some,
                )
                for entry, person in cursor.fetchall():
                    found[entry].add(person)
    return found


def bodies_about(node: Node, those: Iterable[str]) -> set[str]:
    """The entries that speak of one of these persons and have their body here."""
    found: set[str] = set()
    for some in store.chunks(set(those)):
        marks = store.marks(len(some))
        for sql in _selects(marks):
            with node.cursor() as cursor:
                cursor.execute(sql, some)
                found |= {row[0] for row in cursor.fetchall()}
    return found


def _selects(marks: str) -> list[str]:
    here = "JOIN journal_body b ON b.n = e.n"
    return [
        f"SELECT e.id FROM journal_entry e {here} WHERE e.subject IN ({marks})",
        f"SELECT e.id FROM {_MENTION} m JOIN journal_entry e ON e.id = m.entry {here}"
        f" WHERE m.person IN ({marks})",
        *(
            f"SELECT e.id FROM {_MENTION} m JOIN {table} t ON t.entry = m.entry"
            # The kind is asked for, so that nobody can have other entries erased.
            f" JOIN journal_entry e ON e.id = t.{column} AND e.kind = '{name}' {here}"
            f" WHERE m.person IN ({marks})"
            for name, table, column in identifying()
        ),
    ]
