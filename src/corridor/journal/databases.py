"""Opening and closing the database of a node under an alias, while the program runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connections

ENGINE = "corridor.journal.sqlcipher"


def settings_of(path: Path, key: bytes | None) -> dict[str, Any]:
    """Django's settings of the database file at `path`; `key` is None for a plain file."""
    return {
        "ENGINE": ENGINE,
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"key": key, "transaction_mode": "IMMEDIATE", "timeout": 20},
    }


def open_database(alias: str, path: Path, key: bytes | None) -> None:
    """Makes the file known under `alias`; connections are opened when first used."""
    close_database(alias)
    connections.settings[alias] = connections.configure_settings(
        {"default": {}, alias: settings_of(path, key)}
    )[alias]


def close_database(alias: str) -> None:
    """Closes the calling thread's connection and forgets the alias."""
    if alias in connections.settings:
        connections[alias].close()
        del connections[alias]
        if alias != "default":
            del connections.settings[alias]
