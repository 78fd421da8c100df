"""Rows of many subjects, however many; and facts that no later fact continues."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar, cast

from django.db.models import Model, QuerySet

from corridor.journal.node import Node
from corridor.journal.store import chunks, marks
from corridor.journal.tables.models import Continuation
from corridor.journal.tables.reading import rows
from corridor.journal.tables.shapes import FactTable, FoldedTable
from corridor.people import models

M = TypeVar("M", bound=Model)
F = TypeVar("F", bound=FactTable)


def rows_of(use: QuerySet[M], column: str, values: Iterable[str]) -> list[M]:
    """Rows whose column has one of these values, in the order of the values, however many."""
    if issubclass(use.model, FoldedTable) and not _is_narrowed(use):
        return cast(list[M], rows(use.db, use.model, column, values))
    found: list[M] = []
    for some in chunks(set(values)):
        found += use.filter(**{f"{column}__in": some}).order_by(column)
    return found


def _is_narrowed(use: QuerySet[M]) -> bool:
    """Whether more was asked of these rows than that they are there."""
    query = use.query
    return bool(
        query.where.children or query.is_sliced or query.annotations or query.deferred_loading[0]
    )


def standing_facts(node: Node, table: type[F], subjects: Iterable[str]) -> list[F]:
    """Facts about these subjects that no other fact continues: which one holds needs no clock."""
    found = rows(node.alias, table, "subject", subjects)
    over = _continued(node, {row.entry for row in found})
    return sorted((row for row in found if row.entry not in over), key=lambda row: row.hlc)


def _continued(node: Node, entries: set[str]) -> set[str]:
    """Those of these facts, none of them a movement, that a later one continues."""
    found: set[str] = set()
    for some in chunks(entries):
        with node.cursor() as cursor:
            cursor.execute(
                f"SELECT continued FROM {Continuation._meta.db_table}"  # noqa: S608 (a table's name)
                f" WHERE moves = 0 AND continued IN ({marks(len(some))})",
                some,
            )
            found.update(entry for (entry,) in cursor.fetchall())
    return found


def records_of(node: Node, persons: Iterable[str]) -> dict[str, set[str]]:
    """Each person with all records of the same human being, their own among them."""
    wanted = set(persons)
    use = models.Cluster.objects.using(node.alias)
    root_of = {row.person: row.root for row in rows_of(use, "person", wanted)}
    together: dict[str, set[str]] = {}
    for row in rows_of(use, "root", root_of.values()):
        together.setdefault(row.root, set()).add(row.person)
    return {one: {one} | together.get(root_of.get(one, ""), set()) for one in wanted}
