"""Records: which values of a subject stand, which of them is shown, and where they conflict.

A value stands unless a standing change of the same subject names it in its `over`. A change
whose personal part is not here replaces what it replaced but has no personal value to show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from corridor.journal import store
from corridor.journal.clock import milliseconds
from corridor.journal.derive import columns_of, quoted
from corridor.journal.format import as_json
from corridor.journal.judge import Judged, read
from corridor.journal.kinds import Kind, all_kinds
from corridor.journal.node import Node
from corridor.journal.tables.models import Conflict
from corridor.journal.tables.shapes import RecordTable

#: Field number to the changes whose value stands, the shown one first.
Standing = dict[int, list[Judged]]


def kinds_changing(record: type[RecordTable]) -> list[Kind]:
    """The kinds of change that write one record table."""
    return [kind for kind in all_kinds() if not kind.is_fact and kind.table is record]


def fields_of(record: type[RecordTable]) -> dict[str, int]:
    """Name and number of each field of a record. Raises `TypeError` where kinds disagree."""
    numbers: dict[str, int] = {}
    for kind in kinds_changing(record):
        for name, mark in kind.fields.items():
            if numbers.setdefault(name, mark.number) != mark.number:
                raise TypeError(f"{kind.name}.{name} has another number in another kind.")
    return numbers


def standing_values(changes: Iterable[Judged]) -> Standing:
    """What stands among the standing changes of one subject."""
    offered: dict[int, list[Judged]] = {}
    replaced: set[tuple[str, int]] = set()
    for one in changes:
        replaced.update(one.head.over)
        assert one.kind is not None
        for name, mark in one.kind.fields.items():
            if name in one.values:
                offered.setdefault(mark.number, []).append(one)
    found: Standing = {}
    for number, those in offered.items():
        left = [
            one
            for one in those
            if (one.held.id, number) not in replaced and (one.held.id, 0) not in replaced
        ]
        if left:
            found[number] = sorted(left, key=_newest, reverse=True)
    return found


def standing(node: Node, record: type[RecordTable], subject: str) -> Standing:
    """Field number to the standing changes of one subject: what a form names to replace them."""
    for _subject, changes in _changes(node, record, [subject]):
        return standing_values(changes)
    return {}


def over(
    node: Node, record: type[RecordTable], subject: str, names: Iterable[str]
) -> tuple[tuple[str, int], ...]:
    """All standing values of the named fields, in the form that a draft's `over` takes."""
    numbers = fields_of(record)
    now = standing(node, record, subject)
    return tuple(
        sorted((one.held.id, numbers[n]) for n in names for one in now.get(numbers[n], ()))
    )


def resolve(node: Node, record: type[RecordTable], subjects: Iterable[str] | None) -> None:
    """Writes the rows and conflicts of these subjects anew; None stands for all (empty tables)."""
    fields = fields_of(record)
    table = record._meta.db_table
    columns = columns_of(record)
    wanted = [None] if subjects is None else list(store.chunks(set(subjects)))
    for some in wanted:
        if some is not None:
            _forget(node, record, some)
        rows: list[list[Any]] = []
        conflicts: list[tuple[str, str, str, str]] = []
        for subject, changes in _changes(node, record, some):
            row, differing = _row(subject, changes, fields)
            rows.append([row.get(column) for column in columns])
            conflicts += [(subject, table, name, values) for name, values in differing]
            if len(rows) >= 2000:
                _write(node, table, columns, rows, conflicts)
                rows, conflicts = [], []
        _write(node, table, columns, rows, conflicts)


def _newest(one: Judged) -> tuple[int, str]:
    return one.held.envelope.hlc, one.held.id


def _changes(
    node: Node, record: type[RecordTable], subjects: list[str] | None
) -> Iterator[tuple[str, list[Judged]]]:
    """Each subject with its standing changes; subjects without any are left out."""
    names = [kind.name for kind in kinds_changing(record)]
    where = f"e.kind IN ({store.marks(len(names))})"
    parameters: list[Any] = list(names)
    if subjects is not None:
        # The concatenation keeps SQLite from preferring the wide index on kinds.
        where = f"e.subject IN ({store.marks(len(subjects))})"
        where += f" AND e.kind || '' IN ({store.marks(len(names))})"
        parameters = [*subjects, *names]
    where += " AND e.id NOT IN (SELECT entry FROM journal_tables_verdict)"
    held = store.select(node, where, parameters, order="e.subject, e.n")
    for subject, entries in groupby(held, key=lambda one: one.head.subject if one.head else ""):
        judged = [one for one in map(read, entries) if one is not None and one.stands]
        if judged:
            yield subject, judged


def _row(
    subject: str, changes: list[Judged], fields: dict[str, int]
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    now = standing_values(changes)
    first = min(changes, key=_newest)
    last = max(changes, key=_newest)
    row: dict[str, Any] = {
        "id": subject,
        "created_ms": happened_ms(first),
        "created_by": first.head.actor,
        "created_hlc": first.held.envelope.hlc,
        "updated_hlc": last.held.envelope.hlc,
    }
    conflicts = []
    for name, number in fields.items():
        values = [as_cell(one.values[name]) for one in now.get(number, ())]
        row[name] = values[0] if values else None
        if len(set(values)) > 1:
            conflicts.append((name, as_json(sorted(set(values), key=lambda v: (str(type(v)), v)))))
    return row, conflicts


def happened_ms(one: Judged) -> int:
    """The claimed time of an entry, or its clock's where nothing else is claimed."""
    at = one.head.at
    return milliseconds(one.held.envelope.hlc) if at is None else at


def as_cell(value: Any) -> Any:
    """How a value lies in a table: lists as JSON text."""
    return as_json(value) if isinstance(value, list) else value


def _forget(node: Node, record: type[RecordTable], subjects: list[str]) -> None:
    table, marks = record._meta.db_table, store.marks(len(subjects))
    with node.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id IN ({marks})", subjects)
        cursor.execute(
            f"DELETE FROM {Conflict._meta.db_table} WHERE record = %s AND id IN ({marks})",
            [table, *subjects],
        )


def _write(
    node: Node,
    table: str,
    columns: list[str],
    rows: list[list[Any]],
    conflicts: list[tuple[str, str, str, str]],
) -> None:
    with node.cursor() as cursor:
        if rows:
            cursor.executemany(
                f"INSERT INTO {table} ({quoted(columns)}) VALUES ({store.marks(len(columns))})",
                rows,
            )
        if conflicts:
            cursor.executemany(
                f'INSERT INTO {Conflict._meta.db_table} (id, record, field, "values")'
                " VALUES (%s, %s, %s, %s)",
                conflicts,
            )
