"""Opening and closing the database of a node under an alias, while the program runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db import connections

from corridor.journal.refused import HomeRefused

ENGINE = "corridor.journal.sqlcipher"
SERVER = "corridor.journal.postgresql"


def settings_of(where: Path | str, key: bytes | None) -> dict[str, Any]:
    """Django's settings of a database file, or of the server at a `postgresql://` address.

    `key` is None for a plain file and for a server.
    """
    if isinstance(where, str):
        return _server(where)
    return {
        "ENGINE": ENGINE,
        "NAME": str(where),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"key": key, "transaction_mode": "IMMEDIATE", "timeout": 20},
    }


def _server(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise HomeRefused(
            "The database's address must look like postgresql://USER:PASSWORD@HOST:PORT/NAME."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": SERVER,
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "OPTIONS": options,
    }


def open_database(alias: str, where: Path | str, key: bytes | None) -> None:
    """Makes the database known under `alias`; connections are opened when first used."""
    close_database(alias)
    connections.settings[alias] = connections.configure_settings(
        {"default": {}, alias: settings_of(where, key)}
    )[alias]


def close_database(alias: str) -> None:
    """Closes the calling thread's connection and forgets the alias."""
    if alias in connections.settings:
        connections[alias].close()
        del connections[alias]
        if alias != "default":
            del connections.settings[alias]
