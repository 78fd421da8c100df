"""Static files carry a stamp of their content, so that a browser keeps them and asks once."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


@cache
def stamp(name: str) -> str:
    """The first letters of a file's hash; nothing for a file that is not there."""
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10] if found else ""


class StampedStorage(StaticFilesStorage):
    """Addresses of static files with the stamp behind them."""

    def url(self, name: str | None) -> str:
        """`/static/desk/corridor.css?9f86d08188`."""
        plain = str(super().url(name))
        found = stamp(name) if name else ""
        return f"{plain}?{found}" if found else plain
