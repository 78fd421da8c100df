"""The convoy's own tables."""

from __future__ import annotations

from django.db import models

from corridor.journal.tables.shapes import FactTable, RecordTable


class Convoy(RecordTable):
    """One movement of vehicles from a pick-up point to a reception site."""

    name = models.TextField(null=True)
    origin = models.TextField(null=True)
    destination = models.TextField(null=True)
    departs_ms = models.BigIntegerField(null=True)


class Vehicle(RecordTable):
    """A vehicle of one convoy, with what it can carry."""

    convoy = models.TextField(null=True, db_index=True)
    label = models.TextField(null=True)
    seats = models.BigIntegerField(null=True)
    lying = models.BigIntegerField(null=True)
    wheelchairs = models.BigIntegerField(null=True)


class SeatTold(FactTable):
    """A person was given a place on a vehicle and told so."""

    convoy = models.TextField(db_index=True)
    vehicle = models.TextField(db_index=True)


class SeatReleased(FactTable):
    """A person's place was given back."""

    convoy = models.TextField(db_index=True)


class PersonBoarded(FactTable):
    convoy = models.TextField(db_index=True)
    vehicle = models.TextField()


class ConvoyDeparted(FactTable):
    head_count = models.BigIntegerField()


class PersonArrived(FactTable):
    convoy = models.TextField(db_index=True)
    site = models.TextField()


class ConvoyArrived(FactTable):
    site = models.TextField()
