"""Reading rows of folded tables by one column, without the price of composing a query each time.

A page asks some thirty small questions. Django composes each of them anew, which takes longer
than the answer; here the statement of a table and a column is written once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connections

from corridor.journal.derive import columns_of, quoted
from corridor.journal.store import chunks, marks
from corridor.journal.tables.shapes import FoldedTable

T = TypeVar("T", bound=FoldedTable)


def rows(alias: str, table: type[T], column: str, wanted: Iterable[str]) -> list[T]:
    """The rows whose column has one of these values, in the order of the values, however many.

    `alias` names the database of the node.
    """
    found: list[T] = []
    names = columns_of(table)
    with connections[alias].cursor() as cursor:
        for some in chunks(set(wanted)):
            cursor.execute(_statement(table, column, len(some)), some)
            found += [table.from_db(alias, names, row) for row in cursor.fetchall()]
    return found


def values(
    alias: str, table: type[FoldedTable], names: Sequence[str], column: str, wanted: Iterable[str]
) -> Iterator[tuple[Any, ...]]:
    """As `rows`, of some columns only and without making objects: for very many of them."""
    with connections[alias].cursor() as cursor:
        for some in chunks(set(wanted)):
            cursor.execute(
                f'SELECT {quoted(names)} FROM {table._meta.db_table} WHERE "{column}"'
                f' IN ({marks(len(some))}) ORDER BY "{column}"',
                some,
            )
            yield from cursor.fetchall()


def row(alias: str, table: type[T], column: str, value: str) -> T | None:
    """The row whose column, a unique one, has this value; or None."""
    return next(iter(rows(alias, table, column, [value])), None)


def has(alias: str, table: type[FoldedTable], column: str, value: str) -> bool:
    """Whether a row's column has this value."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            f'SELECT 1 FROM {table._meta.db_table} WHERE "{column}" = %s LIMIT 1', [value]
        )
        return cursor.fetchone() is not None


@cache
def _statement(table: type[FoldedTable], column: str, count: int) -> str:
    return (
        f'SELECT {quoted(columns_of(table))} FROM {table._meta.db_table} WHERE "{column}"'
        f' IN ({marks(count)}) ORDER BY "{column}"'
    )
