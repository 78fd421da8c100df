"""The waiting list's own tables."""

from __future__ import annotations

from django.db import models

from corridor.journal.tables.shapes import FactTable, RecordTable


class Place(RecordTable):
    """A place of the operation: a pick-up point, a reception site."""

    name = models.TextField(null=True)
    name_other = models.TextField(null=True)
    use = models.TextField(null=True)


class WaitingJoined(FactTable):
    place = models.TextField(db_index=True)


class UrgencyAssessed(FactTable):
    """How urgently a person needs to leave: A critical, B urgent, C vulnerable, D standard."""

    urgency = models.TextField(null=True)
    reasons = models.TextField(null=True)
    rule = models.TextField()
