"""The database backend of a site whose journal lies on a server.

Always: a commit waits for the server's disk, and rows that are written in bulk go as one COPY.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from django.db.backends.postgresql import base as postgresql

#: A statement that does nothing but write rows, which COPY does faster.
_ROWS = re.compile(
    r"INSERT INTO (?P<table>\S+) (?P<columns>\([^()]+\))\s+"
    r"VALUES (?P<row>\((?:%s[, ]*)+\))(?P<rest>\s+ON CONFLICT .*)?\s*",
    re.DOTALL,
)
#: Fewer rows than this are not worth a COPY.
FEW = 4
#: How many rows one statement writes where COPY cannot say what to do with those that exist.
AT_ONCE = 500

SETTINGS = "SET synchronous_commit = on; SET jit = off"


class Cursor(psycopg.ClientCursor[Any]):
    """Writes many rows as the server likes it best."""

    def executemany(
        self, query: Any, params_seq: Iterable[Any], *, returning: bool = False
    ) -> None:
        rows = list(params_seq)
        plain = isinstance(query, str) and not returning and len(rows) >= FEW
        found = _ROWS.fullmatch(query) if plain else None
        if found is None:
            super().executemany(query, rows, returning=returning)
        elif found["rest"]:
            self._few_statements(query, found, rows)
        else:
            with self.copy(f"COPY {found['table']} {found['columns']} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

    def _few_statements(self, query: str, found: re.Match[str], rows: list[Sequence[Any]]) -> None:
        before, after = query[: found.start("row")], query[found.end("row") :]
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            values = ", ".join([found["row"]] * len(some))
            self.execute(f"{before}{values}{after}", [cell for row in some for cell in row])


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """Django's backend, with the settings that the journal needs."""

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "cursor_factory": Cursor}

    def init_connection_state(self) -> None:
        super().init_connection_state()
        with self.cursor() as cursor:
            cursor.execute(SETTINGS)
