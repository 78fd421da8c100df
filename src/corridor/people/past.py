"""Where everybody was at a time of the past, by the same declared steps as where they are now.

The entries of that time are put into temporary tables, and the steps of whereabouts run on those.
So nothing is kept beside the journal, and what is told of Tuesday is what the fold would have told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from corridor.journal import store
from corridor.journal.clock import COUNTER_BITS
from corridor.journal.derive import columns_of, ordered_steps, quoted, shared_tables
from corridor.journal.fold import continuations, shared_row
from corridor.journal.judge import Judged, read
from corridor.journal.node import Node
from corridor.journal.tables.models import Continuation, EntryWithdrawn, NodeRevoked, Verdict
from corridor.journal.tables.shapes import FoldedTable
from corridor.people import models
from corridor.people.queries import account_of
from corridor.people.rows import rows_of

#: Steps that are run again, in this order, on what was known at the time.
_DERIVED = (models.StandingEnd, models.Whereabouts, models.Cluster)

#: Tables of entries, cut off at the time.
_MOVES, _ENDS, _LINKS = models.Movement, models.JourneyEnd, models.RecordsLinked


@dataclass(frozen=True)
class Moment:
    """A time, and what counts as of it.

    `known`: what was written down by then, whatever came in later. Otherwise what had happened by
    then by the claimed times, as it is known today.
    """

    at_ms: int
    known: bool = True


def counted_at(node: Node, moment: Moment) -> Counter[tuple[str, str, str]]:
    """Human beings by state, place and journey at that time, records linked then counted once.

    Withdrawals and revocations that came later are left out of what was known. A repetition of a
    command that counted only until its first writing arrived is not told.
    """
    with _tables(node, moment) as names, node.cursor() as cursor:
        w, c = names[models.Whereabouts._meta.db_table], names[models.Cluster._meta.db_table]
        cursor.execute(
            f"SELECT state, place, journey, COUNT(*) FROM {w}"
            f" WHERE person NOT IN (SELECT person FROM {c}) GROUP BY state, place, journey"
        )
        found = Counter({tuple(cell): count for *cell, count in cursor.fetchall()})
        columns = columns_of(models.Whereabouts)
        cursor.execute(
            f"SELECT c.root, {', '.join(f'w.{one}' for one in columns)}"
            f" FROM {c} c JOIN {w} w ON w.person = c.person"
        )
        linked: dict[str, list[models.Whereabouts]] = {}
        for root, *row in cursor.fetchall():
            stood = models.Whereabouts.from_db(node.alias, columns, row)
            linked.setdefault(root, []).append(stood)
    told = [account_of(root, rows) for root, rows in linked.items()]
    found.update((one.state, one.place, one.journey) for one in told)
    return found


@contextmanager
def _tables(node: Node, moment: Moment) -> Iterator[dict[str, str]]:
    """Temporary tables as of the moment; real name to temporary name."""
    sources = (models.Person, _MOVES, _ENDS, _LINKS, Continuation)
    names = {one._meta.db_table: f"then_{one._meta.db_table}" for one in (*sources, *_DERIVED)}
    _drop(node, names.values())
    for source in sources:
        _copy(node, source, names[source._meta.db_table], _condition(source, moment))
    if moment.known:
        _put_back(node, moment, names)
    for table in (_MOVES, Continuation):
        name = names[table._meta.db_table]
        key = quoted(column.column or "" for column in table._meta.pk_fields)
        _do(node, f"CREATE INDEX {name}_key ON {name} ({key})")
    steps = {one.table: one for one in ordered_steps()}
    for derived in _DERIVED:
        _derive(node, steps[derived].sql, derived, names)
    yield names
    _drop(node, names.values())


def _condition(source: type[FoldedTable], moment: Moment) -> str:
    """Which rows of a table counted at the moment."""
    before = (moment.at_ms + 1) << COUNTER_BITS
    if source is Continuation:
        return "1 = 1"  # it is joined to movements, which are cut off
    if source is models.Person:
        column = "created_hlc" if moment.known else "created_ms"
        return f"{column} < {before if moment.known else moment.at_ms + 1}"
    if source is _LINKS and not moment.known:
        return "1 = 1"
    if moment.known:
        return f"hlc < {before}"
    return f"happened_ms <= {moment.at_ms}"


def _copy(node: Node, source: type[FoldedTable], name: str, where: str) -> None:
    columns = quoted(_kept(source))
    _do(
        node,
        f"CREATE TEMPORARY TABLE {name} AS SELECT {columns} FROM {source._meta.db_table}"
        f" WHERE {where}",
    )


def _kept(source: type[FoldedTable]) -> list[str]:
    """The columns that the steps read: nothing personal is copied."""
    if source is models.Person:
        return ["id", "created_ms", "created_by"]
    return list(columns_of(source))


def _derive(node: Node, sql: str, table: type[FoldedTable], names: dict[str, str]) -> None:
    """Runs a declared step for everybody on the temporary tables."""
    moves, links = names[_MOVES._meta.db_table], names[_LINKS._meta.db_table]
    ends, people = names[models.StandingEnd._meta.db_table], names[models.Person._meta.db_table]
    everybody = {
        models.StandingEnd: f"(SELECT person AS key FROM {moves})",
        models.Whereabouts: f"(SELECT person AS key FROM {ends} UNION SELECT id FROM {people})",
        models.Cluster: f"(SELECT subject AS key FROM {links} UNION SELECT other FROM {links})",
    }[table]
    for real, then in names.items():
        sql = re.sub(rf"\b{real}\b", then, sql)
    name = names[table._meta.db_table]
    _copy(node, table, name, "1 = 0")
    columns = quoted(columns_of(table))
    _do(node, f"INSERT INTO {name} ({columns}) {sql.format(touched=everybody)}")
    _do(node, f"CREATE INDEX {name}_person ON {name} (person)")


def _put_back(node: Node, moment: Moment, names: dict[str, str]) -> None:
    """What was withdrawn or put into quarantine later counted at the time."""
    before = (moment.at_ms + 1) << COUNTER_BITS
    withdrawn = EntryWithdrawn.objects.using(node.alias)
    ids = set(withdrawn.filter(hlc__gte=before).values_list("withdrawn", flat=True))
    ids -= set(withdrawn.filter(hlc__lt=before).values_list("withdrawn", flat=True))
    revoked = NodeRevoked.objects.using(node.alias)
    nodes = set(revoked.values_list("subject", flat=True))
    nodes -= set(revoked.filter(hlc__lt=before).values_list("subject", flat=True))
    verdicts = Verdict.objects.using(node.alias)
    quarantined = set()
    if nodes:
        use = verdicts.filter(verdict="quarantined")
        quarantined = set(use.values_list("entry", flat=True))
    gone = {one.entry for one in rows_of(verdicts.filter(verdict="withdrawn"), "entry", ids)}
    for held in store.by_ids(node, gone | quarantined):
        one = read(held)
        counted = held.id in gone or held.node in nodes
        if one is not None and one.kind is not None and counted and held.envelope.hlc < before:
            _put_back_one(node, one, names)


def _put_back_one(node: Node, one: Judged, names: dict[str, str]) -> None:
    assert one.kind is not None
    held, head = one.held, one.head
    for shared in shared_tables():
        name = names.get(shared.table._meta.db_table)
        if name and shared.is_of(one.kind):
            _insert(node, name, shared.table, shared_row(shared, one))
    if one.kind.movement is not None:
        for row in continuations(one):
            _insert(node, names[Continuation._meta.db_table], Continuation, row)
    if one.kind.table is _LINKS:
        values = {"entry": held.id, "subject": head.subject, "other": one.values.get("other", "")}
        _insert_named(node, names[_LINKS._meta.db_table], values)


def _insert(node: Node, name: str, table: type[FoldedTable], row: Sequence[Any]) -> None:
    _insert_named(node, name, dict(zip(columns_of(table), row, strict=True)))


def _insert_named(node: Node, name: str, values: dict[str, Any]) -> None:
    with node.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {name} ({quoted(values)}) VALUES ({store.marks(len(values))})",
            list(values.values()),
        )


def _drop(node: Node, names: Iterable[str]) -> None:
    for name in names:
        _do(node, f"DROP TABLE IF EXISTS {name}")


def _do(node: Node, sql: str) -> None:
    with node.cursor() as cursor:
        cursor.execute(sql)
