"""Records: which values of a subject stand, which of them is shown, and where they conflict.

A value stands unless a standing change of the same subject names it in its `over`. A change
whose personal part is not here replaces what it replaced but has no personal value to show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import Any, get_args, get_origin, get_type_hints

from corridor.journal import store
from corridor.journal.clock import milliseconds
from corridor.journal.derive import columns_of
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
    return _numbers(record, len(all_kinds()))


@cache
def _numbers(record: type[RecordTable], _kinds: int) -> dict[str, int]:
    """Made anew whenever a kind was declared."""
    numbers: dict[str, int] = {}
    for kind in kinds_changing(record):
        for name, mark in kind.fields.items():
            if numbers.setdefault(name, mark.number) != mark.number:
                raise TypeError(f"{kind.name}.{name} has another number in another kind.")
    return numbers


@cache
def _lists(record: type[RecordTable], _kinds: int) -> frozenset[str]:
    """The fields of a record whose values may be lists."""
    return frozenset(
        name
        for kind in kinds_changing(record)
        for name, hint in get_type_hints(kind.struct).items()
        if any(get_origin(one) is list for one in (hint, *get_args(hint)))
    )


def standing_values(changes: list[Judged]) -> Standing:
    """What stands among the standing changes of one subject."""
    if len(changes) == 1 and not changes[0].head.over:
        return _offered(changes)
    replaced = {named for one in changes for named in one.head.over}
    found: Standing = {}
    for number, those in _offered(changes).items():
        left = [
            one
            for one in those
            if (one.held.id, number) not in replaced and (one.held.id, 0) not in replaced
        ]
        if left:
            found[number] = sorted(left, key=_newest, reverse=True)
    return found


def _offered(changes: list[Judged]) -> Standing:
    """Field number to the changes that give it a value."""
    offered: Standing = {}
    for one in changes:
        assert one.kind is not None
        fields = one.kind.fields
        for name in one.values:
            offered.setdefault(fields[name].number, []).append(one)
    return offered


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


def known(node: Node, record: type[RecordTable], subjects: Iterable[str]) -> set[str]:
    """Which of these subjects have a row: some change of theirs stood before."""
    return store.among(node, record._meta.db_table, "id", subjects)


def write_first(
    node: Node, record: type[RecordTable], changes: Iterable[Judged], known: set[str]
) -> None:
    """Writes the rows of subjects without one: these are all the changes that stand of them."""
    of: dict[str, list[Judged]] = {}
    for one in changes:
        if one.stands and one.head.subject not in known:
            of.setdefault(one.head.subject, []).append(one)
    _write(node, record, of.items())


def resolve(node: Node, record: type[RecordTable], subjects: Iterable[str]) -> None:
    """Writes the rows and conflicts of these subjects anew."""
    for some in store.chunks(set(subjects)):
        _forget(node, record, some)
        _write(node, record, _changes(node, record, some))


def _newest(one: Judged) -> tuple[int, str]:
    return one.held.envelope.hlc, one.held.id


def _changes(
    node: Node, record: type[RecordTable], subjects: list[str]
) -> Iterator[tuple[str, list[Judged]]]:
    """Each subject with its standing changes; subjects without any are left out."""
    names = [kind.name for kind in kinds_changing(record)]
    held = store.select(
        node,
        f"e.subject IN ({store.marks(len(subjects))})"
        # The concatenation keeps SQLite from preferring the wide index on kinds.
        f" AND e.kind || '' IN ({store.marks(len(names))})"
        " AND e.id NOT IN (SELECT entry FROM journal_tables_verdict)",
        [*subjects, *names],
        order="e.subject, e.n",
    )
    for subject, entries in groupby(held, key=lambda one: one.head.subject if one.head else ""):
        judged = [one for one in map(read, entries) if one is not None and one.stands]
        if judged:
            yield subject, judged


#: What every record has; the columns of its fields follow.
_COMMON = ("id", "created_ms", "created_by", "created_hlc", "updated_hlc")
#: The cells of the common columns, and the values by field; what is empty is left out.
_Row = tuple[tuple[Any, ...], Mapping[str, Any]]


def _row(
    subject: str, changes: list[Judged], fields: dict[int, str]
) -> tuple[_Row, list[tuple[str, str]]]:
    """The row, and each field in conflict with its sorted values."""
    if len(changes) == 1 and not changes[0].head.over:
        only = changes[0]
        hlc = only.held.envelope.hlc
        return ((subject, happened_ms(only), only.head.actor, hlc, hlc), only.values), []
    first = min(changes, key=_newest)
    last = max(changes, key=_newest)
    common = (
        subject, happened_ms(first), first.head.actor, first.held.envelope.hlc,
        last.held.envelope.hlc,
    )  # fmt: skip
    shown: dict[str, Any] = {}
    conflicts = []
    for number, those in standing_values(changes).items():
        name = fields[number]
        shown[name] = those[0].values[name]
        if len(those) > 1:
            values = {as_cell(one.values[name]) for one in those}
            if len(values) > 1:
                told = sorted(values, key=lambda value: (str(type(value)), value))
                conflicts.append((name, as_json(told)))
    return (common, shown), conflicts


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


def _write(node: Node, record: type[RecordTable], of: Iterable[tuple[str, list[Judged]]]) -> None:
    """Inserts the rows of subjects, and what is in conflict, from their standing changes."""
    table = record._meta.db_table
    fields = {number: name for name, number in fields_of(record).items()}
    found: list[_Row] = []
    conflicts: list[tuple[str, str, str, str]] = []
    for subject, changes in of:
        row, differing = _row(subject, changes, fields)
        found.append(row)
        conflicts += [(subject, table, name, values) for name, values in differing]
    said = set().union(*(values for _, values in found))
    own = [column for column in columns_of(record) if column in said]
    rows = [[*common, *map(values.get, own)] for common, values in found]
    for at, column in enumerate(own, len(_COMMON)):
        if column in _lists(record, len(all_kinds())):
            for cells in rows:
                cells[at] = as_cell(cells[at])
    store.insert_rows(node, table, (*_COMMON, *own), rows)
    store.insert_rows(node, Conflict._meta.db_table, ("id", "record", "field", "values"), conflicts)
