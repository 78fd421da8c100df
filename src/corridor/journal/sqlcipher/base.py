"""The database backend of a site. `OPTIONS`: `key` (32 bytes, or None for a plain file).

Always: write-ahead log with `synchronous=FULL` (what was acknowledged survives a power cut),
`secure_delete` (erased words leave the file), temporary data in memory only.
"""

from __future__ import annotations

import datetime
import decimal
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base as sqlite
from django.db.backends.sqlite3._functions import register as register_functions
from django.db.backends.utils import CursorWrapper
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from sqlcipher3 import dbapi2

for _type, _adapt in (
    (decimal.Decimal, str),
    (datetime.date, datetime.date.isoformat),
    (datetime.datetime, lambda moment: moment.isoformat(" ")),
):
    dbapi2.register_adapter(_type, _adapt)
# Of every value that is no number and no text the library asks whether it adapts itself, which
# takes longer than to write it. Most values of a wide row are nothing, and much else is bytes.
dbapi2.register_adapter(type(None), {}.get)
dbapi2.register_adapter(bytes, bytes)
for _name, _convert in (
    ("bool", b"1".__eq__),
    ("date", lambda raw: parse_date(raw.decode())),
    ("time", lambda raw: parse_time(raw.decode())),
    ("datetime", lambda raw: parse_datetime(raw.decode())),
    ("timestamp", lambda raw: parse_datetime(raw.decode())),
):
    dbapi2.register_converter(_name, _convert)

SETTINGS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA legacy_alter_table = OFF",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",
    # Whoever serves carries the log over beside the writers; this is for all others.
    "PRAGMA wal_autocheckpoint = 20000",
)

#: Statements that a connection keeps compiled: one act and its fold run some forty different ones.
STATEMENTS = 1000
#: More rows than this are written by statements of many rows each, of at most so many values: the
#: library takes longer to begin and end a statement than the database to write a row.
FEW, MOST_VALUES = 50, 4000
_ROW = re.compile(r"(?<=VALUES )\((?:%s[, ]*)+\)")


class Cursor(dbapi2.Cursor):  # type: ignore[misc]
    """Translates Django's placeholders (`%s`, `%(name)s`) to SQLite's."""

    def execute(self, query: str, params: Any = None) -> Any:
        if params is None:
            return super().execute(query)
        if isinstance(params, Mapping):
            return super().execute(query % {name: f":{name}" for name in params}, params)
        return super().execute(_translated(query), params)

    def executemany(self, query: str, param_list: Iterable[Sequence[Any]]) -> Any:
        rows = list(param_list)
        done = 0
        if len(rows) > FEW and _ROW.search(query):
            size = MOST_VALUES // len(rows[0])
            for done in range(size, len(rows) + 1, size):
                cells = [cell for row in rows[done - size : done] for cell in row]
                super().execute(_of_many(query, size), cells)
        return super().executemany(_translated(query), rows[done:])


@lru_cache(maxsize=1000)
def _of_many(query: str, rows: int) -> str:
    """The statement that writes so many rows at once."""
    return _translated(_ROW.sub(lambda row: ", ".join([row[0]] * rows), query))


@lru_cache(maxsize=1000)
def _translated(query: str) -> str:
    return sqlite.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


def _translate(text: str, letters: str, others: str) -> str:
    """PostgreSQL's function, for as many letters as others: each is replaced by its other."""
    found, other = _replacing(letters, others)
    return found.sub(other, text)


@lru_cache(maxsize=100)
def _replacing(letters: str, others: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    of = dict(zip(letters, others, strict=True))
    return re.compile(f"[{re.escape(letters)}]"), lambda match: of[match[0]]


def _opened(params: dict[str, Any]) -> Any:
    """A bare connection, which has read nothing yet."""
    params = dict(params)
    key: bytes | None = params.pop("key", None)
    connection = dbapi2.connect(**params)
    if key is not None:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level = NONE")
    return connection


class DatabaseWrapper(sqlite.DatabaseWrapper):
    """Django's SQLite backend on the SQLCipher library."""

    Database = dbapi2
    display_name = "SQLCipher"

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        params["detect_types"] = dbapi2.PARSE_DECLTYPES | dbapi2.PARSE_COLNAMES
        params["cached_statements"] = STATEMENTS
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = _opened(conn_params)
        register_functions(connection)
        connection.create_function("translate", 3, _translate, deterministic=True)
        # PostgreSQL's name for the order of bytes, so that statements may name it on both.
        connection.create_collation("C", lambda one, other: (one > other) - (one < other))
        for setting in SETTINGS:
            connection.execute(setting)
        return connection

    def damaged_pages(self) -> list[str]:
        """What of the file on disk is not as it was encrypted, whatever page it is."""
        connection = _opened(self.get_connection_params())
        try:
            return [line for (line,) in connection.execute("PRAGMA cipher_integrity_check")]
        finally:
            connection.close()

    def cursor(self) -> CursorWrapper:
        """As Django's; without what it does anew for each cursor of an open connection."""
        if self.connection is None or self.queries_logged:
            return super().cursor()
        self.validate_thread_sharing()
        return CursorWrapper(self.connection.cursor(factory=Cursor), self)

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)
