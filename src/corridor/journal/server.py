"""What a database server must be for a site to lie on it, and how erased words leave its files."""

from __future__ import annotations

from django.db import DatabaseError, connections

from corridor.journal.refused import HomeRefused

OLDEST = 150000
#: Whoever reads a table for longer than this makes the scrubbing wait for the next occasion.
PATIENCE = "3s"


def check_server(alias: str) -> None:
    """Raises `HomeRefused` unless the server can be reached, is safe, and sorts text by bytes."""
    connection = connections[alias]
    if connection.vendor != "postgresql":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT datcollate, pg_encoding_to_char(encoding), current_setting('fsync'),"
                " current_setting('full_page_writes'), current_setting('server_version_num')::int,"
                " to_regclass('journal_entry') IS NOT NULL"
                " FROM pg_database WHERE datname = current_database()"
            )
            collation, encoding, fsync, pages, version, taken = cursor.fetchone()
    except DatabaseError as error:
        raise HomeRefused(f"The database server does not answer: {error}".strip()) from error
    if version < OLDEST:
        raise HomeRefused("The database server is too old: PostgreSQL 15 or newer is needed.")
    if "off" in (fsync, pages):
        raise HomeRefused(
            "The database server does not wait for its disk (fsync or full_page_writes is off): a"
            " power cut would lose what was recorded. Set both on; nothing was made."
        )
    if encoding != "UTF8" or collation not in ("C", "POSIX", "C.UTF-8", "C.utf8"):
        raise HomeRefused(
            f"The database sorts text by the rules of {collation}; every site must sort alike. Make"
            " it with: createdb --template template0 --encoding UTF8 --locale C NAME"
        )
    if taken:
        raise HomeRefused("There is a site in this database already; nothing was changed.")


def scrub_tables(alias: str) -> bool:
    """Writes every table anew that has any pages; tells whether all could be.

    A server keeps the bytes of removed rows, and of rows that were never committed, in its files
    until the table is written anew. Its statistics do not tell which tables have such rows: they
    are lost when it crashes, and do not come along when a database is copied.
    """
    if connections[alias].in_atomic_block:
        return False
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = current_schema()::regnamespace AND pg_relation_size(oid) > 0"
            )
            tables = [row[0] for row in cursor.fetchall()]
            cursor.execute(f"SET lock_timeout = '{PATIENCE}'")
            try:
                for table in tables:
                    cursor.execute(f'VACUUM (FULL) "{table}"')
            finally:
                cursor.execute("RESET lock_timeout")
    except DatabaseError:
        return False
    return True
