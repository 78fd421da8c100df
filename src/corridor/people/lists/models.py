"""Tables about lists: how those that come in are read."""

from __future__ import annotations

from django.db import models

from corridor.journal.tables.shapes import RecordTable


class ListMapping(RecordTable):
    """How the columns of a list are read, as a person corrected it.

    `headers` is JSON: the names of columns of each sheet it reads. `content` is the mapping itself.
    """

    name = models.TextField(null=True)
    source = models.TextField(null=True)
    headers = models.TextField(null=True)
    content = models.TextField(null=True)
    gone = models.TextField(null=True)
