"""Tables about lists: how those that come in are read, and which ones went out."""

from __future__ import annotations

from django.db import models

from corridor.journal.tables.shapes import FactTable, RecordTable


class ListMapping(RecordTable):
    """How the columns of a list are read, as a person corrected it.

    `headers` is JSON: the names of columns of each sheet it reads. `content` is the mapping itself.
    """

    name = models.TextField(null=True)
    source = models.TextField(null=True)
    headers = models.TextField(null=True)
    content = models.TextField(null=True)
    gone = models.TextField(null=True)


class ListAskedFor(FactTable):
    """Somebody wants to take a list out."""

    what = models.TextField()
    form = models.TextField()
    part = models.TextField(null=True)
    purpose = models.TextField(null=True)
    to_key = models.TextField(null=True)
    to_name = models.TextField(null=True)


class ListDecided(FactTable):
    """What a second person said of it."""

    decision = models.TextField()


class ListTakenOut(FactTable):
    """A list went out."""

    what = models.TextField()
    form = models.TextField()
    rows = models.BigIntegerField()
    file_hash = models.TextField()
    second = models.TextField()
