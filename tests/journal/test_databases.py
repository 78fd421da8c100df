"""Rows that are written many at a time are all written, once, in whatever number they come."""

from __future__ import annotations

import pytest

from corridor.journal.node import Node
from corridor.journal.sqlcipher.base import FEW, MOST_VALUES
from tests.nodes import Clock

HALF = MOST_VALUES // 2
COUNTS = (0, 1, FEW, FEW + 1, HALF - 1, HALF, HALF + 1, 2 * HALF, 2 * HALF + FEW)


@pytest.mark.parametrize("count", COUNTS)
def test_as_many_rows_are_written_as_were_given(site: tuple[Node, Clock], count: int) -> None:
    node, _clock = site
    rows = [(number, f"%s ? {number}") for number in range(count)]
    with node.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE written (n INTEGER PRIMARY KEY, word TEXT)")
        cursor.executemany("INSERT INTO written (n, word) VALUES (%s, %s)", iter(rows))
        again = [(number, "other") for number in range(-1, count)]
        cursor.executemany(
            "INSERT INTO written (n, word) VALUES (%s, %s) ON CONFLICT DO NOTHING", again
        )
        cursor.execute("SELECT n, word FROM written ORDER BY n")
        assert cursor.fetchall() == [(-1, "other"), *rows]
        cursor.execute("DROP TABLE written")
