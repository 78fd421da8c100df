"""Derived tables: declared SQL steps, run for the keys that a change touched.

A step owns one table, whose key column groups its rows. It says which tables it reads and how a
changed row of each leads to keys (`touched_by`), and one SELECT that gives the rows of the keys in
`{touched}`. Append, import and rebuild run the same statements, on SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from django.db import models
from django.db.backends.utils import CursorWrapper

from corridor.journal.kinds import Kind
from corridor.journal.node import Node
from corridor.journal.tables.shapes import FoldedTable


@dataclass(frozen=True)
class Step:
    """`touched_by` maps each source table to an SQL expression on its row, or to a whole SELECT.

    Either gives keys of this step's table. A SELECT contains `{changed}`, which stands for the
    changed keys of the source.
    """

    table: type[FoldedTable]
    touched_by: Mapping[type[FoldedTable], str]
    sql: str

    @property
    def name(self) -> str:
        """The name of the table it owns."""
        return self.table._meta.db_table

    @property
    def key(self) -> str:
        """The column that groups its rows."""
        return self.table.key_column()


@dataclass(frozen=True)
class Shared:
    """A table that facts of many kinds write, beside the tables of their own.

    `is_of` tells which kinds do; `row` gives its row from the columns of such a fact.
    """

    table: type[FoldedTable]
    is_of: Callable[[Kind], bool]
    row: Callable[[Kind, Mapping[str, Any]], tuple[Any, ...]]


_STEPS: dict[str, Step] = {}
_SHARED: dict[str, Shared] = {}


def step(
    table: type[FoldedTable], *, touched_by: Mapping[type[FoldedTable], str], sql: str
) -> None:
    """Declares the step that owns `table`; its SELECT gives the columns in the model's order."""
    _own(table)
    _STEPS[table._meta.db_table] = Step(table, touched_by, sql)


def movements_in(table: type[FoldedTable]) -> None:
    """Declares `table` as that of all facts that move people, whichever stop declares them.

    Its columns: entry, person (the key), state, stage, place, journey, happened_ms, hlc, actor,
    node.
    """
    _own(table)
    _SHARED[table._meta.db_table] = Shared(table, lambda kind: kind.movement is not None, _movement)


def journey_ends_in(table: type[FoldedTable]) -> None:
    """Declares `table` as that of all facts that end a journey.

    Its columns: entry, journey (the key), happened_ms, hlc.
    """
    _own(table)
    _SHARED[table._meta.db_table] = Shared(table, lambda kind: kind.ends_journey, _journey_end)


def shared_tables() -> list[Shared]:
    """Every table that facts of many kinds write."""
    return list(_SHARED.values())


def _own(table: type[FoldedTable]) -> None:
    if table._meta.db_table in {*_STEPS, *_SHARED}:
        raise TypeError(f"Two steps own the table {table._meta.db_table}.")
    ordered_steps.cache_clear()
    _notes.cache_clear()


@cache
def ordered_steps() -> list[Step]:
    """All steps, each after those whose tables it reads."""
    graph = {
        name: {
            source._meta.db_table for source in one.touched_by if source._meta.db_table in _STEPS
        }
        for name, one in sorted(_STEPS.items())
    }
    return [_STEPS[name] for name in TopologicalSorter(graph).static_order()]


@cache
def columns_of(table: type[models.Model]) -> tuple[str, ...]:
    """The names of the columns of a table, in the order of its model."""
    return tuple(column.column for column in table._meta.local_concrete_fields if column.column)


def quoted(names: Iterable[str]) -> str:
    """Names of columns for a statement; some are words of SQL."""
    return ", ".join(f'"{name}"' for name in names)


def _movement(kind: Kind, fact: Mapping[str, Any]) -> tuple[Any, ...]:
    m = kind.movement
    assert m is not None
    return (
        fact["entry"], fact["subject"], m.state, m.stage,
        fact[m.place] if m.place else "", fact[m.journey] if m.journey else "",
        fact["happened_ms"], fact["hlc"], fact["actor"], fact["node"],
    )  # fmt: skip


def _journey_end(_kind: Kind, fact: Mapping[str, Any]) -> tuple[Any, ...]:
    return fact["entry"], fact["subject"], fact["happened_ms"], fact["hlc"]


class Derivation:
    """One run of the steps: told what will change, it recomputes what depends on it.

    What nothing depends on costs nothing: only the steps that read a changed table are asked
    which of their keys it leads to, and only those with such keys are run.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._steps = ordered_steps()
        self._changed: set[type[FoldedTable]] = set()
        self._pending: set[str] = set()
        self._is_ready = False
        self._cursor: CursorWrapper | None = None

    def will_change(
        self, table: type[FoldedTable], keys: Collection[str], *, fresh: bool = False
    ) -> None:
        """Notes rows that are about to be written, and what depends on them as they are now.

        `fresh` says that none of them existed before.
        """
        name = f"+{table._meta.db_table}"
        if not keys or not _notes(table, name, before=False):
            return
        self._make_ready()
        self._changed.add(table)
        self._open().executemany(
            "INSERT INTO fold_key (name, key) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [(name, key) for key in keys],
        )
        if not fresh:
            self._collect(table, name, before=True)

    def run(self) -> None:
        """After the change: recomputes every derived row that depends on what changed."""
        for table in sorted(self._changed, key=lambda one: one._meta.db_table):
            self._collect(table, f"+{table._meta.db_table}")
        for one in self._steps:
            if one.name in self._pending:
                touched = _keys(one.name)
                self._collect(one.table, one.name, before=True)
                self._do(f"DELETE FROM {one.name} WHERE {one.key} IN {touched}")
                self._insert(one, one.sql.format(touched=touched))
                self._collect(one.table, one.name)

    def run_everything(self) -> None:
        """Fills the tables of all steps, which are empty."""
        for one in self._steps:
            self._is_ready = False
            self._make_ready()
            for table in one.touched_by:
                self._do(_note(one, _leading(one, table)))
            self._insert(one, one.sql.format(touched=_keys(one.name)))

    def _collect(self, table: type[FoldedTable], changed: str, *, before: bool = False) -> None:
        """Finds which keys of which steps the rows with these changed keys lead to."""
        for name, sql in _notes(table, changed, before):
            if self._do(sql):
                self._pending.add(name)

    def _insert(self, one: Step, select: str) -> None:
        self._do(f"INSERT INTO {one.name} ({quoted(columns_of(one.table))}) {select}")

    def _make_ready(self) -> None:
        """An empty temporary table for keys: changed ones under "+table", touched ones by step."""
        if self._is_ready:
            return
        self._is_ready = True
        in_order = " WITHOUT ROWID" if self._node.connection.vendor == "sqlite" else ""
        self._do(
            "CREATE TEMPORARY TABLE IF NOT EXISTS fold_key"
            f" (name TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (name, key)){in_order}"
        )
        self._do("DELETE FROM fold_key")

    def _do(self, sql: str) -> int:
        cursor = self._open()
        cursor.execute(sql)
        return int(cursor.rowcount)

    def _open(self) -> CursorWrapper:
        """The one cursor of all its statements: to open one takes as long as a short statement."""
        if self._cursor is None:
            self._cursor = self._node.cursor()
        return self._cursor


def _keys(name: str) -> str:
    return f"(SELECT key FROM fold_key WHERE name = '{name}')"


@cache
def _notes(table: type[FoldedTable], changed: str, before: bool) -> list[tuple[str, str]]:
    """Steps to whose keys the rows of a table lead, and the statement that notes those keys.

    `changed` is the name of the changed keys. Where they lead to their own key, it is the same
    `before` the change as after it, and no row is read.
    """
    found = []
    for later in ordered_steps():
        lead = later.touched_by.get(table)
        if lead is None or (before and lead == table.key_column()):
            continue
        own = lead == table.key_column()
        keys = _keys(changed)
        sql = f"SELECT key FROM {keys} AS k" if own else _leading(later, table, keys)
        found.append((later.name, _note(later, sql)))
    return found


def _leading(later: Step, table: type[FoldedTable], changed: str = "") -> str:
    """The SELECT of the keys to which rows of a table lead: those with changed keys, or all."""
    lead, name, key = later.touched_by[table], table._meta.db_table, table.key_column()
    if lead.lstrip().upper().startswith("SELECT"):
        return lead.format(changed=changed or f"(SELECT {key} FROM {name})")
    return f"SELECT {lead} FROM {name}" + (f" WHERE {key} IN {changed}" if changed else "")


def _note(later: Step, lead: str) -> str:
    return (
        f"INSERT INTO fold_key (name, key) WITH found (key) AS ({lead})"
        f" SELECT '{later.name}', key FROM found WHERE key IS NOT NULL ON CONFLICT DO NOTHING"
    )
