"""Derived tables: declared SQL steps, run for the keys that a change touched.

A step owns one table. It says which column groups its rows (`key`), which tables it reads and
how a changed row of each leads to keys (`touched_by`), and one SELECT that gives the rows of the
keys in `{touched}`. Append, import and rebuild run the same statements, on SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from django.db import models

from corridor.journal.kinds import Kind, all_kinds
from corridor.journal.node import Node
from corridor.journal.tables.shapes import FoldedTable


@dataclass(frozen=True)
class Step:
    """`touched_by` maps each source table to an SQL expression on its row, or to a whole SELECT.

    A SELECT contains `{changed}`, which stands for the changed keys of the source.
    """

    table: type[FoldedTable]
    key: str
    touched_by: Mapping[type[FoldedTable], str]
    sql: str

    @property
    def name(self) -> str:
        """The name of the table it owns."""
        return self.table._meta.db_table


_STEPS: dict[str, Step] = {}
_UNIONS: dict[str, tuple[type[FoldedTable], Callable[[Kind], str]]] = {}


def step(
    table: type[FoldedTable], *, key: str, touched_by: Mapping[type[FoldedTable], str], sql: str
) -> None:
    """Declares the step that owns `table`; its SELECT gives the columns in the model's order."""
    _own(table)
    _STEPS[table._meta.db_table] = Step(table, key, touched_by, sql)


def step_of_movements(table: type[FoldedTable]) -> None:
    """Declares `table` as the union of all facts that move people, whichever stop declares them.

    Its columns: entry (the key), person, state, stage, place, journey, happened_ms, hlc, actor,
    node.
    """
    _own(table)
    _UNIONS[table._meta.db_table] = table, _movement


def step_of_journeys(table: type[FoldedTable]) -> None:
    """Declares `table` as the union of all facts that end a journey.

    Its columns: entry (the key), journey, happened_ms, hlc.
    """
    _own(table)
    _UNIONS[table._meta.db_table] = table, _journey_end


def _own(table: type[FoldedTable]) -> None:
    if table._meta.db_table in {*_STEPS, *_UNIONS}:
        raise TypeError(f"Two steps own the table {table._meta.db_table}.")


def ordered_steps() -> list[Step]:
    """All steps, each after those whose tables it reads."""
    for name, (table, select) in _UNIONS.items():
        of = {kind.table: select(kind) for kind in all_kinds() if select(kind)}
        sql = " UNION ALL ".join(
            f"{one} FROM {source._meta.db_table} WHERE entry IN {{touched}}"
            for source, one in of.items()
        )
        _STEPS[name] = Step(table, "entry", dict.fromkeys(of, "entry"), sql)
    graph = {
        name: {
            source._meta.db_table for source in one.touched_by if source._meta.db_table in _STEPS
        }
        for name, one in sorted(_STEPS.items())
    }
    return [_STEPS[name] for name in TopologicalSorter(graph).static_order()]


def columns_of(table: type[models.Model]) -> list[str]:
    """The names of the columns of a table, in the order of its model."""
    return [column.column for column in table._meta.local_concrete_fields if column.column]


def quoted(names: Iterable[str]) -> str:
    """Names of columns for a statement; some are words of SQL."""
    return ", ".join(f'"{name}"' for name in names)


def _movement(kind: Kind) -> str:
    """The columns of a movement, or "" for a kind that moves nobody."""
    m = kind.movement
    if m is None:
        return ""
    place, journey = m.place or "''", m.journey or "''"
    return (
        f"SELECT entry, subject, '{m.state}', {m.stage}, {place}, {journey},"
        " happened_ms, hlc, actor, node"
    )


def _journey_end(kind: Kind) -> str:
    return "SELECT entry, subject, happened_ms, hlc" if kind.ends_journey else ""


class Derivation:
    """One run of the steps: told what will change, it recomputes what depends on it."""

    def __init__(self, node: Node, *, everything: bool = False) -> None:
        self._node = node
        self._everything = everything
        self._steps = ordered_steps()
        self._changed: set[type[FoldedTable]] = set()
        for table in ("fold_changed", "fold_pending"):
            self._do(
                f"CREATE TEMPORARY TABLE IF NOT EXISTS {table}"
                " (name TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (name, key))"
            )
            self._do(f"DELETE FROM {table}")

    def will_change(
        self, table: type[FoldedTable], keys: Iterable[str], *, fresh: bool = False
    ) -> None:
        """Notes rows that are about to be written, and what depends on them as they are now.

        `fresh` says that none of them existed before.
        """
        self._changed.add(table)
        if self._everything:
            return
        name = table._meta.db_table
        with self._node.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO fold_changed (name, key) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [(name, key) for key in keys],
            )
        if not fresh:
            self._collect(table, self._noted(table))

    def run(self) -> None:
        """After the change: recomputes every derived row that depends on what changed."""
        declared = {source: None for one in self._steps for source in one.touched_by}
        for table in declared:
            if table in self._changed or self._everything:
                self._collect(table, self._noted(table))
        for one in self._steps:
            self._recompute(one)

    def _recompute(self, one: Step) -> None:
        touched = f"(SELECT key FROM fold_pending WHERE name = '{one.name}')"
        with self._node.cursor() as cursor:
            cursor.execute("SELECT 1 FROM fold_pending WHERE name = %s LIMIT 1", [one.name])
            if cursor.fetchone() is None:
                return
        self._collect(one.table, touched, one.key)
        self._do(f"DELETE FROM {one.name} WHERE {one.key} IN {touched}")
        names = quoted(columns_of(one.table))
        self._do(f"INSERT INTO {one.name} ({names}) {one.sql.format(touched=touched)}")
        self._collect(one.table, touched, one.key)

    def _noted(self, table: type[FoldedTable]) -> str:
        name = table._meta.db_table
        if self._everything:
            return f"(SELECT {table.key_column()} FROM {name})"
        return f"(SELECT key FROM fold_changed WHERE name = '{name}')"

    def _collect(self, table: type[FoldedTable], changed: str, column: str = "") -> None:
        """Finds which keys of which steps the changed rows of a table lead to."""
        for later in self._steps:
            lead = later.touched_by.get(table)
            if lead is None:
                continue
            if not lead.lstrip().upper().startswith("SELECT"):
                column = column or table.key_column()
                name = table._meta.db_table
                lead = f"SELECT {lead} FROM {name} WHERE {column} IN {{changed}}"
            self._do(
                f"WITH found (key) AS ({lead.format(changed=changed)})"
                f" INSERT INTO fold_pending (name, key) SELECT '{later.name}', key FROM found"
                " WHERE key IS NOT NULL ON CONFLICT DO NOTHING"
            )

    def _do(self, sql: str) -> None:
        with self._node.cursor() as cursor:
            cursor.execute(sql)
