"""Convoys: what was planned, judged, sent off, and what came of it."""

from __future__ import annotations

from django.db import models

from corridor.journal.tables.shapes import FactTable, RecordTable


class Convoy(RecordTable):
    """One movement of vehicles from a pick-up point to a reception site.

    `slot` names window and departure in the plan it came from; `lead` is an actor.
    """

    name = models.TextField(null=True)
    origin = models.TextField(null=True)
    destination = models.TextField(null=True)
    departs_ms = models.BigIntegerField(null=True)
    window = models.TextField(null=True, db_index=True)
    lead = models.TextField(null=True)


class PlanPublished(FactTable):
    """A plan that was announced: its hashes and parameters stay, the ids in it can be erased."""

    instance_hash = models.TextField()
    plan_hash = models.TextField()
    seed = models.BigIntegerField()
    stage = models.TextField()
    parameters = models.TextField()
    seated = models.BigIntegerField()
    left_behind = models.BigIntegerField()
    breaches = models.BigIntegerField()
    plan = models.TextField(null=True)
    report = models.TextField(null=True)


class DepartureJudged(FactTable):
    """The checklist of a departure, signed: go or no-go, with each answer."""

    decision = models.TextField()
    answers = models.TextField()
    remark = models.TextField(null=True)


class ConvoyHalted(FactTable):
    """Somebody of the team stopped everything."""

    reason = models.TextField()


class HaltLifted(FactTable):
    reason = models.TextField(null=True)


class ConvoyDeparted(FactTable):
    head_count = models.BigIntegerField()


class ConvoyTurnedBack(FactTable):
    reason = models.TextField()


class ConvoyArrived(FactTable):
    site = models.TextField()


class ManifestIssued(FactTable):
    """A numbered version of the manifest: which person stands on which line."""

    version = models.BigIntegerField()
    count = models.BigIntegerField()
    digest = models.TextField()
    lines = models.TextField(null=True)


class PaperEntered(FactTable):
    """A ticked sheet of paper was entered: who is ticked on it."""

    sheet = models.TextField()
    version = models.BigIntegerField()
    count = models.BigIntegerField()
    ticked = models.TextField(null=True)
    written_by = models.TextField(null=True)
